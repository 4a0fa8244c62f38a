"""The file as the running chat uses it: opened when needed, replaced when damaged, rid of what was kept long enough."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from assistant.records.damage import inode_of, is_damage, remove_set_aside, set_aside
from assistant.records.store import Connect, Row, Store, connect

_SECONDS_PER_DAY = 86_400
# When no conversations are kept: how long a damaged file stays aside, and what visitors wrote with their feedback.
DAYS_OF_COMMENTS = 30
# Another process that writes a million rows anew takes a quarter of a minute.
_PATIENCE_SECONDS = 30.0

_T = TypeVar("_T")


class Archive:
    """For one thread. What it cannot do it raises: ``sqlite3.Error``, ``OSError`` or ``RecordsError``.

    ``days``: how long conversations are kept; with 0 no more are, and those that were go on their day.
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
        self._store: Store | None = None
        self._inode = 0

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        self._do(lambda store: store.add(rows, losses))

    def delete_at(self, at: int) -> int:
        """When what visitors wrote in that second goes again."""
        return at + (self.days or DAYS_OF_COMMENTS) * _SECONDS_PER_DAY

    def clean(self) -> None:
        """Delete what is older than ``days``, and what was kept for fewer days than these when it was."""
        now = int(self.now())
        since = now - self.days * _SECONDS_PER_DAY if self.days else 0
        self._do(lambda store: store.forget_old(now, since))
        remove_set_aside(self.path, now - (self.days or DAYS_OF_COMMENTS) * _SECONDS_PER_DAY)

    def forget_all(self) -> int:
        """Delete all words of visitors, the damaged files too, and say how many conversations there were."""
        deleted = self._do(lambda store: store.forget_all())
        remove_set_aside(self.path, math.inf)
        return deleted

    def close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def _do(self, work: Callable[[Store], _T]) -> _T:
        """A damaged file costs what was in it, not what is to be put in it."""
        try:
            return work(self._opened())
        except Exception as error:
            self.close()
            if not is_damage(error):
                raise
        set_aside(self.path, self._inode, self.now())
        return work(self._opened())

    def _opened(self) -> Store:
        """It may have been replaced since: by a backup, or by another process that found it damaged."""
        if self._store and not self._store.is_current:
            self.close()
        if self._store is None:
            self._inode = inode_of(self.path)
            self._store = Store(self.path, self._patience_seconds, self._connect)
            self._inode = inode_of(self.path)
        return self._store
