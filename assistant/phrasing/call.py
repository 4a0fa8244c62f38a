"""One request to a language model, in a thread of its own: nobody waits for it longer than he wants to."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langsmith.run_helpers import tracing_context

from assistant.phrasing.failure import Failure, ModelFailedError, failed_by
from assistant.phrasing.model import LanguageModel
from assistant.phrasing.thoughts import Thoughts
from assistant.phrasing.wire import Wire

# With all that a server sends around each token, an answer takes a hundredth of this.
_MOST_BYTES = 8_000_000
_LOOK_SECONDS = 0.25

# Under which the provider's package tells why the model stopped, and what of that is no good end.
_REASONS = ("finish_reason", "done_reason", "stop_reason")
_FAILURES = {
    "length": Failure.TOO_LONG,
    "max_tokens": Failure.TOO_LONG,
    "content_filter": Failure.REFUSED_REQUEST,
    "safety": Failure.REFUSED_REQUEST,
}


class Call:
    """Asks at once. ``on_end`` is called when the request is really over; for one that hangs, that may be late."""

    def __init__(
        self, model: LanguageModel, messages: Sequence[BaseMessage], most_chars: int, on_end: Callable[[], None]
    ) -> None:
        self._model = model
        self._messages = list(messages)
        self._most_chars = most_chars
        self._on_end = on_end
        self._wire = Wire()
        self._heard: SimpleQueue[str | ModelFailedError | None] = SimpleQueue()
        self._has_told = False
        Thread(target=self._run, name="language-model", daemon=True).start()

    def next_before(self, deadline: float) -> str | None:
        """The next piece of text, not blank before the first word; None at a good end.

        ``deadline`` is a time of ``time.monotonic``. Raises ``TimeoutError`` when nothing comes before it, and
        ``ModelFailedError`` for all else.
        """
        while True:
            left = deadline - time.monotonic()
            try:
                heard = self._heard.get(timeout=min(max(left, 0.0), _LOOK_SECONDS))
            except Empty:
                if left <= 0:
                    raise TimeoutError from None
                if self._wire.bytes_received > _MOST_BYTES:
                    raise ModelFailedError(Failure.TOO_LONG) from None
                continue
            if isinstance(heard, ModelFailedError):
                raise heard
            return heard

    def hang_up(self) -> None:
        self._wire.cut()

    # From here on everything runs in the thread.

    def _run(self) -> None:
        try:
            self._listen()
            end = None
        except BaseException as error:  # whatever it is, it is raised where the answer is waited for
            end = failed_by(error)
        self._on_end()
        self._heard.put(end)

    def _listen(self) -> None:
        thoughts = Thoughts()
        chars, reason = 0, ""
        with (
            # Also where all else is traced: what a visitor asks goes to the model and nowhere else.
            tracing_context(enabled=False),
            self._wire.in_use(),
            closing(self._chunks()) as chunks,
        ):
            for chunk in chunks:
                chars += len(chunk.text)
                if chars > self._most_chars:
                    raise ModelFailedError(Failure.TOO_LONG)
                self._tell(thoughts.without(chunk.text))
                reason = _reason(chunk.response_metadata)
                if reason or self._wire.is_cut:
                    break
        self._tell(thoughts.rest())
        self._judge(reason)

    def _chunks(self) -> Generator[AIMessageChunk, None, None]:
        yield from self._model.chat_model.stream(self._messages)

    def _tell(self, said: str) -> None:
        said = said if self._has_told else said.lstrip()
        if said:
            self._has_told = True
            self._heard.put(said)

    def _judge(self, reason: str) -> None:
        if reason in _FAILURES:
            raise ModelFailedError(_FAILURES[reason])
        if not reason and self._model.tells_why_it_stops:
            raise ModelFailedError(Failure.BROKEN_OFF)
        if not self._has_told:
            raise ModelFailedError(Failure.EMPTY)


def _reason(metadata: Mapping[str, Any]) -> str:
    return next((str(metadata[key]).lower() for key in _REASONS if metadata.get(key)), "")
