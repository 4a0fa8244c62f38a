"""What visitors ask and think, put away by one thread of its own: who answers them never waits for a disk."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Protocol

from assistant import texts
from assistant.answer import Answer
from assistant.records.archive import Archive
from assistant.records.complaints import Complaints
from assistant.records.errors import reason_of
from assistant.records.store import Exchange, Rating

# What waits is lost in a crash and costs memory; this is what a busy site asks in a minute or so.
_MOST_WAITING = 1_000
_MOST_AT_ONCE = 200
_SECONDS_TO_FINISH = 2.0
_SECONDS_BETWEEN_CLEANINGS = 3_600.0
_SECONDS_BEFORE_CLEANING_AGAIN = 60.0

Row = Rating | Exchange
Deidentify = Callable[[str], str]

_log = logging.getLogger(__name__)


class Rated(Protocol):
    """Feedback, as the reception has it."""

    @property
    def helpful(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def urgency(self) -> str | None: ...
    @property
    def passage_ids(self) -> tuple[str, ...]: ...


class SqliteRecords:
    """Puts away in the background, and deletes what was kept for long enough. Never raises, never waits.

    ``deidentifier`` makes what makes a question anonymous, and may take seconds; without one only feedback is kept.
    ``on_lost`` is called for everything that could not be kept.
    """

    def __init__(
        self,
        archive: Archive,
        on_lost: Callable[[], None],
        deidentifier: Callable[[], Deidentify] | None = None,
        most_waiting: int = _MOST_WAITING,
        seconds_between_cleanings: float = _SECONDS_BETWEEN_CLEANINGS,
    ) -> None:
        self._archive = archive
        self._on_lost = on_lost
        self._deidentifier = deidentifier
        self._deidentify: Deidentify | None = None
        self._complaints = Complaints(_log)
        self._waiting: Queue[Row | None] = Queue(most_waiting)
        self._is_closing = Event()
        self._seconds_between_cleanings = seconds_between_cleanings
        self._clean_at = time.monotonic()
        self._thread = Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    def keep(self, channel: str, question: str, answer: Answer) -> None:
        """``question`` waits in memory as it was typed, and is made anonymous before it is written."""
        if self._deidentifier is None:
            return
        at = int(self._archive.now())
        cited = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
        said = (answer.kind, answer.urgency, answer.flags, cited, answer.text)
        self._put(Exchange(at, self._archive.delete_at(at), channel, question, *said))

    def rate(self, feedback: Rated) -> None:
        at = int(self._archive.now())
        said = (feedback.helpful, feedback.reason, feedback.kind, feedback.urgency, feedback.passage_ids)
        self._put(Rating(at, *said))

    def close(self) -> None:
        """What waits is still put away, if that takes no longer than a moment."""
        self._is_closing.set()
        with suppress(Full):  # then the thread has no need to be woken
            self._waiting.put_nowait(None)
        self._thread.join(_SECONDS_TO_FINISH)

    def _put(self, row: Row) -> None:
        try:
            if self._is_closing.is_set():
                raise Full
            self._waiting.put_nowait(row)
        except Full:
            self._lose(1, texts.RECORDS_TOO_MANY)

    def _lose(self, count: int, why: str) -> None:
        for _ in range(count):
            self._on_lost()
        self._complaints.say(texts.RECORDS_LOST.format(why=why))

    # From here on everything runs in the thread.

    def _run(self) -> None:
        self._clean()
        self._prepare()
        while not (self._is_closing.is_set() and self._waiting.empty()):
            self._write(self._next_rows())
            if time.monotonic() >= self._clean_at:
                self._clean()
        self._archive.close()

    def _prepare(self) -> None:
        try:
            self._deidentify = self._deidentifier() if self._deidentifier else None
        except Exception as error:
            self._complaints.say(texts.RECORDS_NOT_PREPARED.format(why=reason_of(error)))

    def _next_rows(self) -> list[Row]:
        """All that wait, or none when it is time to clean first."""
        rows: list[Row | None] = []
        with suppress(Empty):
            rows.append(self._waiting.get(timeout=max(0.0, self._clean_at - time.monotonic())))
            while len(rows) < _MOST_AT_ONCE:
                rows.append(self._waiting.get_nowait())
        return [row for row in rows if row is not None]

    def _write(self, rows: Sequence[Row]) -> None:
        anonymous = [row for row in map(self._anonymous, rows) if row]
        if not anonymous:
            return
        try:
            self._archive.add(anonymous)
        except Exception as error:
            self._lose(len(anonymous), reason_of(error))

    def _anonymous(self, row: Row) -> Row | None:
        """None when it cannot be done: then it is not kept."""
        if isinstance(row, Rating):
            return row
        if self._deidentify is None:
            self._lose(1, texts.RECORDS_NOT_ANONYMOUS)
            return None
        try:
            return replace(row, question=self._deidentify(row.question))
        except Exception:
            self._lose(1, texts.RECORDS_NOT_ANONYMOUS)
            return None

    def _clean(self) -> None:
        try:
            self._archive.clean()
            seconds = self._seconds_between_cleanings
        except Exception as error:
            seconds = min(_SECONDS_BEFORE_CLEANING_AGAIN, self._seconds_between_cleanings)
            self._complaints.say(texts.RECORDS_NOT_CLEANED.format(why=reason_of(error)))
        self._clean_at = time.monotonic() + seconds
