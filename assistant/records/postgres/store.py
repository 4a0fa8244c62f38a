"""The tables in PostgreSQL: what is put in them, and what is really gone when it is deleted.

PostgreSQL leaves a deleted row where it stood until the room is needed, and ``VACUUM FULL`` copies rows that somebody
may still be reading. So after a deletion the rows that are left are written to new files, and the old files go.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import UUID

import psycopg

from assistant.records import tables
from assistant.records.errors import NotScrubbedError
from assistant.records.migrations import migrate as migrate_file
from assistant.records.postgres.connection import PostgresConnection, Psycopg, reading, transaction
from assistant.records.postgres.migrations import migrate
from assistant.records.rows import Exchange
from assistant.records.store import new_file
from assistant.records.tables import Kept, Row
from ingest.settings import without_password

# Locked in this order by all, so that no two wait for each other. ``vectors`` last: its rows belong to exchanges.
_WITH_WORDS = ("exchanges", "feedback", "vectors")
_COPIED = ("feedback", "exchanges", "vectors", "replies", "losses")
_DAYS_OF_BATCHES = 2
_AT_ONCE = 1_000


class PostgresStore:
    """A ``Store``. Everything raises ``psycopg.Error``.

    ``scrub_seconds``: how long to wait for whoever is reading the tables, before they are written anew.
    """

    def __init__(self, connection: Psycopg, address: str, scrub_seconds: float = 10.0) -> None:
        """Makes the tables if need be. Raises ``NewerRecordsError`` too."""
        self._connection = connection
        self._where = without_password(address)
        self._scrub_seconds = scrub_seconds
        migrate(connection, address)

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None, batch: UUID | None = None) -> None:
        """``batch`` names what is added together: of two with the same name, only the first is."""
        with transaction(self._connection) as connection:
            if batch is None or self._is_new(connection, batch):
                tables.add(connection, rows, losses)

    def count(self) -> Kept:
        with transaction(self._connection) as connection:
            return tables.count(connection)

    def latest(self, most: int) -> list[tuple[int, Exchange]]:
        with transaction(self._connection) as connection:
            return tables.latest(connection, most)

    def forget(self, number: int) -> int:
        with self._deleting() as connection:
            return tables.forget(connection, number)

    def forget_rating(self, number: int) -> int:
        with self._deleting() as connection:
            return tables.forget_rating(connection, number)

    def forget_old(self, now: int, since: int, seconds_between_scrubs: float = 0.0) -> int:
        """``seconds_between_scrubs``: where many processes do this every hour, the tables need not be written anew for
        each of them."""
        with self._deleting(seconds_between_scrubs) as connection:
            connection.execute("DELETE FROM batches WHERE at < now() - make_interval(days => ?)", (_DAYS_OF_BATCHES,))
            connection.changes = 0  # no words of anybody
            return tables.forget_old(connection, now, since)

    def forget_all(self) -> int:
        with self._deleting() as connection:
            return tables.forget_all(connection)

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        with transaction(self._connection) as connection:
            tables.put_vectors(connection, model, vectors)

    def scrub(self, seconds_between: float = 0.0) -> None:
        """Write the rows that are left to new files, if any was deleted since that was last done.

        Who writes waits meanwhile, some seconds for a million rows. Raises ``NotScrubbedError`` when somebody goes on
        reading what was there before.
        """
        try:
            with transaction(self._connection) as connection:
                connection.execute(f"SET LOCAL lock_timeout = '{self._scrub_seconds:.3f}s'")
                if not self._is_scrub_due(connection, seconds_between):
                    return
                connection.execute(f"LOCK TABLE {', '.join(_WITH_WORDS)} IN ACCESS EXCLUSIVE MODE")
                self._write_anew(connection)
        except psycopg.errors.LockNotAvailable:
            raise NotScrubbedError(self._where) from None
        self._flush()

    def backup(self, path: Path) -> None:
        """A SQLite file, as the chat without PostgreSQL has it."""
        with new_file(path), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            migrate_file(copy, path)
            with reading(self._connection) as connection:
                copy.execute("BEGIN")
                for table in _COPIED:
                    _copy(connection, copy, table)
                copy.execute("COMMIT")

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._connection.close()

    @contextmanager
    def _deleting(self, seconds_between_scrubs: float = 0.0) -> Iterator[PostgresConnection]:
        """What is deleted in it is really gone afterwards, if anything was."""
        with transaction(self._connection) as connection:
            connection.execute(f"LOCK TABLE {', '.join(_WITH_WORDS)} IN ROW EXCLUSIVE MODE")
            yield connection
            if connection.changes:
                connection.execute("UPDATE deletions SET deleted = deleted + 1")
        self.scrub(seconds_between_scrubs)

    @staticmethod
    def _is_new(connection: PostgresConnection, batch: UUID) -> bool:
        return connection.execute("INSERT INTO batches (id) VALUES (?) ON CONFLICT DO NOTHING", (batch,)).rowcount == 1

    @staticmethod
    def _is_scrub_due(connection: PostgresConnection, seconds_between: float) -> bool:
        """Of several who ask at once, the others wait here, and then see that it was done."""
        due = connection.execute(
            "SELECT 1 FROM deletions WHERE deleted > scrubbed"
            " AND scrubbed_at <= clock_timestamp() - make_interval(secs => ?) FOR UPDATE",
            (seconds_between,),
        )
        return due.fetchone() is not None

    @staticmethod
    def _write_anew(connection: PostgresConnection) -> None:
        for table in _WITH_WORDS:
            connection.execute(f"CREATE TEMPORARY TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table}")
        connection.execute(f"TRUNCATE {', '.join(_WITH_WORDS)}")
        for table in _WITH_WORDS:
            connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        connection.execute("UPDATE deletions SET scrubbed = deleted, scrubbed_at = clock_timestamp()")

    def _flush(self) -> None:
        """End what is written of the log of changes, so that PostgreSQL may let go of it; few may ask for that."""
        with suppress(psycopg.errors.InsufficientPrivilege):
            self._connection.execute("SELECT pg_switch_wal()")
            self._connection.execute("CHECKPOINT")


def _copy(connection: PostgresConnection, copy: sqlite3.Connection, table: str) -> None:
    columns = [name for _, name, *_ in copy.execute(f"PRAGMA table_info({table})")]
    marks = ",".join("?" * len(columns))
    found = connection.execute(f"SELECT {', '.join(columns)} FROM {table}")
    while rows := found.fetchmany(_AT_ONCE):
        copy.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
