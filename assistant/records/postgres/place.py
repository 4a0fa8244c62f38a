"""PostgreSQL as the place where records are kept."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from assistant.records.archive import Archive
from assistant.records.errors import NoRecordsError
from assistant.records.postgres.archive import PostgresArchive
from assistant.records.postgres.connection import SCHEMA, Psycopg, connect, connect_to_read, reading, usable
from assistant.records.postgres.migrations import NEWEST, version_of
from assistant.records.postgres.store import PostgresStore
from assistant.records.source import PATIENCE_SECONDS, Source
from assistant.records.statistics import State
from assistant.records.store import Store
from assistant.records.tables import Connection
from ingest.settings import without_password

_SIZE = """SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
    WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r'"""


class PostgresPlace:
    """A ``Place``; ``address`` is as for ``psycopg.connect``, with one host or several."""

    def __init__(self, address: str) -> None:
        self._address = address

    def refuse_newer(self) -> None:
        try:
            with closing(connect_to_read(self._address)) as connection:
                version_of(connection, self._address)
        except psycopg.Error:
            return

    def archive(self, days: int) -> Archive:
        return PostgresArchive(self._address, days)

    def source(self) -> Source:
        return PostgresSource(self._address)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        with usable(self._address), closing(connect(self._address)) as connection:
            if not version_of(connection, self._address):
                raise NoRecordsError(f"{SCHEMA} in {without_password(self._address)}")
            yield PostgresStore(connection, self._address)

    def delete_all(self) -> int:
        with usable(self._address), closing(connect(self._address)) as connection:
            return PostgresStore(connection, self._address).forget_all()


class PostgresSource:
    """A ``Source``: of the server that is written to; of another one while that is lost."""

    def __init__(self, address: str) -> None:
        self._address = address

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        with usable(self._address), closing(connect_to_read(self._address)) as connection:
            if not self._is_made(connection):
                yield None
                return
            with reading(connection) as rows:
                yield rows

    @contextmanager
    def writing(self) -> Iterator[Store | None]:
        with usable(self._address), closing(connect(self._address)) as connection:
            if not version_of(connection, self._address):
                yield None
                return
            connection.execute(f"SET lock_timeout = '{PATIENCE_SECONDS:.0f}s'")
            yield PostgresStore(connection, self._address)

    def state(self) -> State:
        with usable(self._address), closing(connect_to_read(self._address)) as connection:
            row = connection.execute(_SIZE, (SCHEMA,)).fetchone()
            return State(without_password(self._address), int(row[0]) if row else 0, None)

    def _is_made(self, connection: Psycopg) -> bool:
        """Tables of an earlier version are brought up to date first."""
        found = version_of(connection, self._address)
        if found not in {0, NEWEST}:
            with closing(connect(self._address)) as writing:
                PostgresStore(writing, self._address)
        return found > 0
