"""PostgreSQL as the running chat uses it: what cannot be put away while it is lost waits until another takes over."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import uuid4

import psycopg

from assistant.records.archive import oldest
from assistant.records.errors import DatabaseUnusableError, reason_of
from assistant.records.postgres.connection import connect
from assistant.records.postgres.store import PostgresStore
from assistant.records.tables import Row
from ingest.settings import without_password

# Longer than a standby takes to be promoted by whoever watches over it.
_PATIENCE_SECONDS = 120.0
_SECONDS_BETWEEN_TRIES = 0.25
_SECONDS_BETWEEN_SCRUBS = 3_000.0
# Gone, going, not there yet, or not the one that is written to any more.
_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)

_T = TypeVar("_T")


class PostgresArchive:
    """An ``Archive``. ``patience_seconds``: how long to wait for a server that can be written to."""

    def __init__(
        self,
        address: str,
        days: int = 0,
        patience_seconds: float = _PATIENCE_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.days = days
        self.now = now
        self._address = address
        self._patience_seconds = patience_seconds
        self._store: PostgresStore | None = None

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        """Whoever is cut off does not know whether it was put away: with this name it is not done twice."""
        batch = uuid4()
        self._do(lambda store: store.add(rows, losses, batch))

    def clean(self) -> None:
        now = int(self.now())
        self._do(lambda store: store.forget_old(now, oldest(now, self.days), _SECONDS_BETWEEN_SCRUBS))

    def forget_all(self) -> int:
        return self._do(lambda store: store.forget_all())

    def close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def _do(self, work: Callable[[PostgresStore], _T]) -> _T:
        """Raises ``DatabaseUnusableError``, ``NewerRecordsError`` and ``NotScrubbedError``."""
        deadline = time.monotonic() + self._patience_seconds
        while True:
            try:
                return work(self._opened())
            except _PASSING as error:
                self.close()
                if time.monotonic() >= deadline:
                    raise self._unusable(error) from error
            except psycopg.Error as error:
                self.close()
                raise self._unusable(error) from error
            time.sleep(_SECONDS_BETWEEN_TRIES)

    def _opened(self) -> PostgresStore:
        if self._store is None:
            self._store = PostgresStore(connect(self._address), self._address)
        return self._store

    def _unusable(self, error: psycopg.Error) -> DatabaseUnusableError:
        return DatabaseUnusableError(without_password(self._address), reason_of(error))
