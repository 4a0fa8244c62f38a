"""What is kept as the running chat uses it: opened when needed, replaced when damaged, rid of what was kept long."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from assistant.records.damage import inode_of, is_damage, remove_set_aside, set_aside
from assistant.records.store import Connect, FileStore, connect
from assistant.records.tables import Row

SECONDS_PER_DAY = 86_400
# When no conversations are kept: how long a damaged file stays aside, and what visitors wrote with their feedback.
DAYS_OF_COMMENTS = 30
# Another process that writes a million rows anew takes a quarter of a minute.
_PATIENCE_SECONDS = 30.0

_T = TypeVar("_T")


class Archive(Protocol):
    """For one thread. What it cannot do it raises: an error of the database, ``OSError`` or ``RecordsError``."""

    @property
    def days(self) -> int:
        """How long conversations are kept; with 0 no more are, and those that were go on their day."""

    def now(self) -> float:
        """Seconds since 1970."""

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        """All of them, once, or none; ``losses``: how much was not kept, by day."""

    def clean(self) -> None:
        """Delete what is older than ``days``, and what was kept for fewer days than these when it was."""

    def forget_all(self) -> int:
        """Delete all words of visitors, and say how many conversations there were."""

    def close(self) -> None: ...


def delete_at(at: int, days: int) -> int:
    """When what visitors wrote in that second goes again."""
    return at + (days or DAYS_OF_COMMENTS) * SECONDS_PER_DAY


def oldest(now: int, days: int) -> int:
    """The second from which conversations may still be kept."""
    return now - days * SECONDS_PER_DAY if days else 0


class FileArchive:
    """An ``Archive`` in a SQLite file, replaced when damaged.

    ``patience_seconds``: how long to wait for another process that is writing. ``now``: seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        days: int = 0,
        patience_seconds: float = _PATIENCE_SECONDS,
        connect: Connect = connect,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self.now = now
        self.days = days
        self._patience_seconds = patience_seconds
        self._connect = connect
        self._store: FileStore | None = None
        self._inode = 0

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        self._do(lambda store: store.add(rows, losses))

    def clean(self) -> None:
        now = int(self.now())
        self._do(lambda store: store.forget_old(now, oldest(now, self.days)))
        remove_set_aside(self.path, now - (self.days or DAYS_OF_COMMENTS) * SECONDS_PER_DAY)

    def forget_all(self) -> int:
        """The damaged files, too."""
        deleted = self._do(lambda store: store.forget_all())
        remove_set_aside(self.path, math.inf)
        return deleted

    def close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def _do(self, work: Callable[[FileStore], _T]) -> _T:
        """A damaged file costs what was in it, not what is to be put in it."""
        try:
            return work(self._opened())
        except Exception as error:
            self.close()
            if not is_damage(error):
                raise
        set_aside(self.path, self._inode, self.now())
        return work(self._opened())

    def _opened(self) -> FileStore:
        """It may have been replaced since: by a backup, or by another process that found it damaged."""
        if self._store and not self._store.is_current:
            self.close()
        if self._store is None:
            self._inode = inode_of(self.path)
            self._store = FileStore(self.path, self._patience_seconds, self._connect)
            self._inode = inode_of(self.path)
        return self._store
