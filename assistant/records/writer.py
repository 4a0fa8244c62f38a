"""What visitors ask and think, put away by one thread of its own: who answers them never waits for a disk."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, Full, Queue
from threading import Event, Thread

from assistant import texts
from assistant.answer import Answer
from assistant.records.anonymous import Anonymiser, Deidentify
from assistant.records.archive import Archive, delete_at
from assistant.records.complaints import Complaints
from assistant.records.counts import day_of
from assistant.records.errors import reason_of
from assistant.records.losses import Losses
from assistant.records.rows import Rating
from assistant.records.said import Circumstances, Rated, Reply, rating_of, reply_of
from assistant.records.tables import Row

# What waits is lost in a crash and costs memory; this is what a busy site asks in a minute or so.
_MOST_WAITING = 1_000
_MOST_AT_ONCE = 200
_SECONDS_TO_FINISH = 2.0
_SECONDS_BETWEEN_CLEANINGS = 3_600.0
_SECONDS_BEFORE_CLEANING_AGAIN = 60.0

_log = logging.getLogger(__name__)


class BackgroundRecords:
    """Puts away in the background, and deletes what was kept for long enough. Never raises, never waits.

    ``deidentifier`` makes what makes words of visitors anonymous, and may take seconds; without one none are kept, and
    without days no conversations. ``on_lost`` is called for everything that could not be kept.
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
        self._anonymise = Anonymiser(deidentifier)
        self._keeps_conversations = bool(archive.days and deidentifier)
        self._complaints = Complaints(_log)
        self._losses = Losses()
        self._waiting: Queue[Reply | Rating | None] = Queue(most_waiting)
        self._is_closing = Event()
        self._seconds_between_cleanings = seconds_between_cleanings
        self._clean_at = time.monotonic()
        self._thread = Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    @property
    def takes_comments(self) -> bool:
        """Whether what a visitor writes with feedback can be made anonymous; else it is left out."""
        return self._anonymise.is_possible

    def keep(self, channel: str, question: str, answer: Answer, reply_id: str = "", milliseconds: float = 0.0) -> None:
        """``question`` waits in memory as it was typed, and is made anonymous before it is written."""
        at = self._archive.now()
        goes_at = delete_at(int(at), self._archive.days) if self._keeps_conversations else None
        self._put(reply_of(question, answer, Circumstances(at, channel, reply_id, milliseconds), goes_at))

    def rate(self, feedback: Rated) -> None:
        at = int(self._archive.now())
        comment = feedback.comment if self.takes_comments else ""
        self._put(rating_of(feedback, at, comment, delete_at(at, self._archive.days)))

    def close(self) -> None:
        """What waits is still put away, if that takes no longer than a moment."""
        self._is_closing.set()
        with suppress(Full):  # then the thread has no need to be woken
            self._waiting.put_nowait(None)
        self._thread.join(_SECONDS_TO_FINISH)
        if self._thread.is_alive():
            self._complaints.say(texts.RECORDS_LOST.format(why=texts.RECORDS_UNFINISHED))

    def _put(self, said: Reply | Rating) -> None:
        try:
            if self._is_closing.is_set():
                raise Full
            self._waiting.put_nowait(said)
        except Full:
            self._lose(1, texts.RECORDS_TOO_MANY)

    def _lose(self, count: int, why: str) -> None:
        for _ in range(count):
            self._on_lost()
        self._losses.add(day_of(self._archive.now()), count)
        self._complaints.say(texts.RECORDS_LOST.format(why=why))

    # From here on everything runs in the thread.

    def _run(self) -> None:
        self._clean()
        self._prepare()
        while not (self._is_closing.is_set() and self._waiting.empty()):
            self._write(self._next())
            if time.monotonic() >= self._clean_at:
                self._clean()
        self._write(())
        self._archive.close()

    def _prepare(self) -> None:
        """At once where conversations are kept; else with the first comment, for it takes memory too."""
        try:
            if self._keeps_conversations:
                self._anonymise.prepare()
        except Exception as error:
            self._complaints.say(texts.RECORDS_NOT_PREPARED.format(why=reason_of(error)))

    def _next(self) -> list[Reply | Rating]:
        """All that wait, or none when it is time to clean first."""
        waited: list[Reply | Rating | None] = []
        with suppress(Empty):
            waited.append(self._waiting.get(timeout=max(0.0, self._clean_at - time.monotonic())))
            while len(waited) < _MOST_AT_ONCE:
                waited.append(self._waiting.get_nowait())
        return [each for each in waited if each is not None]

    def _write(self, said: Sequence[Reply | Rating]) -> None:
        losses = self._losses.untold()
        rows = [row for each in said for row in self._rows(each)]
        if not rows and not losses:
            return
        try:
            self._archive.add(rows, losses)
        except Exception as error:
            if said:
                self._lose(len(said), reason_of(error))
        else:
            self._losses.told(losses)

    def _rows(self, said: Reply | Rating) -> list[Row]:
        """As they may be written: of what cannot be made anonymous only the part without words."""
        if isinstance(said, Rating):
            return [replace(said, comment=self._anonymous(said.comment) or "")]
        if said.exchange is None:
            return [said.counted]
        question = self._anonymous(said.exchange.question)
        return [said.counted] if question is None else [said.counted, replace(said.exchange, question=question)]

    def _anonymous(self, text: str) -> str | None:
        """None when it cannot be done; that is a loss."""
        anonymous = self._anonymise(text) if text else text
        if anonymous is None:
            self._lose(1, texts.RECORDS_NOT_ANONYMOUS)
        return anonymous

    def _clean(self) -> None:
        try:
            self._archive.clean()
            seconds = self._seconds_between_cleanings
        except Exception as error:
            seconds = min(_SECONDS_BEFORE_CLEANING_AGAIN, self._seconds_between_cleanings)
            self._complaints.say(texts.RECORDS_NOT_CLEANED.format(why=reason_of(error)))
        self._write(())  # what was lost while nothing else came to be written
        self._clean_at = time.monotonic() + seconds
