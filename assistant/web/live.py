"""A new index is taken into use while the process runs, between one question and the next."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from assistant import texts
from assistant.answer import Part
from assistant.errors import AssistantError
from assistant.records.complaints import Complaints
from assistant.reply import Turn
from assistant.web.logs import where
from assistant.web.metrics import Metrics
from assistant.web.replies import Answering, Library
from ingest.errors import IngestError

_log = logging.getLogger(__name__)

AnsweringT = TypeVar("AnsweringT", bound=Answering)


class LiveAssistant(Generic[AnsweringT]):
    """Hands each call to an assistant over the index in use. A reply that has begun ends with the one it began with.

    ``version`` names the index that is in use, ``build`` makes an assistant over it (seconds); both may raise. Where
    servers answer that may be behind others, an older version than the one in use is not believed before
    ``doubt_seconds`` have passed; by then it is what is left after a server was lost.
    """

    def __init__(
        self,
        version: Callable[[], str],
        build: Callable[[], AnsweringT],
        metrics: Metrics,
        doubt_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises what ``version`` and ``build`` raise."""
        self._version = version
        self._build = build
        self._metrics = metrics
        self._doubt_seconds = doubt_seconds
        self._clock = clock
        self._complaints = Complaints(_log)
        self._doubted_since: float | None = None
        self._looking = Lock()
        # Looked at first: what is put in use while the assistant is being made, is noticed by the next look.
        self._seen = version()
        self._current = build()

    @property
    def current(self) -> AnsweringT:
        return self._current

    @property
    def collection(self) -> Library:
        return self._current.collection

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterable[Part]:
        return self._current.stream(question, history)

    def examples(self, count: int) -> tuple[str, ...]:
        return self._current.examples(count)

    def watch(self, seconds: float, until: Event, also: Callable[[], None] | None = None) -> None:
        """Look every so many ``seconds``, from a thread of its own; ``also`` looks before, and never raises."""

        def keep_looking() -> None:
            while not until.wait(seconds):
                if also:
                    also()
                self.look()

        Thread(target=keep_looking, name="index", daemon=True).start()

    def look(self) -> None:
        """If another index is in use than last time, take it into use; when that cannot be, keep the old one.

        One that failed is not tried again. Never raises. Whoever looks meanwhile waits, and then sees what is in use.
        """
        with self._looking:
            version = self._asked()
            if version is None or not self._is_to_be_taken(version):
                return
            self._seen = version
            try:
                self._current = self._build()
            except Exception as error:  # whatever is wrong with it, there is an assistant that works
                self._metrics.index_failures.inc()
                _log.error(texts.INDEX_NOT_TAKEN.format(reason=_reason(error)))
            else:
                self._metrics.index_swaps.inc()
                _log.info(texts.INDEX_TAKEN)

    def _asked(self) -> str | None:
        """None while nobody can tell: then the old one stays."""
        try:
            return self._version()
        except Exception as error:
            self._complaints.say(texts.INDEX_NOT_LOOKED_AT.format(reason=_reason(error)))
            return None

    def _is_to_be_taken(self, version: str) -> bool:
        if version == self._seen:
            self._doubted_since = None
            return False
        if version < self._seen and self._doubt_seconds:
            now = self._clock()
            self._doubted_since = now if self._doubted_since is None else self._doubted_since
            return now - self._doubted_since >= self._doubt_seconds
        return True


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, IngestError | AssistantError) else where(error)
