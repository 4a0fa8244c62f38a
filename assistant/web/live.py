"""A new index is taken into use while the process runs, between one question and the next."""

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from assistant import texts
from assistant.answer import Part
from assistant.errors import AssistantError
from assistant.reply import Turn
from assistant.web.logs import where
from assistant.web.metrics import Metrics
from assistant.web.replies import Answering, Library
from ingest.errors import IndexUnusableError, IngestError
from ingest.versions import version_in_use

_log = logging.getLogger(__name__)

AnsweringT = TypeVar("AnsweringT", bound=Answering)


class LiveAssistant(Generic[AnsweringT]):
    """Hands each call to an assistant over the index in use. A reply that has begun ends with the one it began with.

    ``build`` makes an assistant over the index that is in use when it is called (seconds), and may raise.
    """

    def __init__(self, index_dir: Path, build: Callable[[], AnsweringT], metrics: Metrics) -> None:
        """Raises what ``build`` raises."""
        self._index_dir = index_dir
        self._build = build
        self._metrics = metrics
        self._looking = Lock()
        # Looked at first: what is put in use while the assistant is being made, is noticed by the next look.
        self._seen = self._version()
        self._current = build()

    @property
    def current(self) -> AnsweringT:
        return self._current

    @property
    def index(self) -> Library:
        return self._current.index

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterable[Part]:
        return self._current.stream(question, history)

    def examples(self, count: int) -> tuple[str, ...]:
        return self._current.examples(count)

    def watch(self, seconds: float, until: Event) -> None:
        """Look every so many ``seconds``, from a thread of its own."""

        def keep_looking() -> None:
            while not until.wait(seconds):
                self.look()

        Thread(target=keep_looking, name="index", daemon=True).start()

    def look(self) -> None:
        """If another index is in use than last time, take it into use; when that cannot be, keep the old one.

        One that failed is not tried again. Never raises. Whoever looks meanwhile waits, and then sees what is in use.
        """
        with self._looking:
            version = self._version()
            if version == self._seen:
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

    def _version(self) -> tuple[str, ...]:
        """Costs reading a line. What is wrong with the pointer is a version, too: it is told once."""
        try:
            folder, checksum = version_in_use(self._index_dir)
        except IndexUnusableError as error:
            return (error.reason,)
        return folder.name, checksum


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, IngestError | AssistantError) else where(error)
