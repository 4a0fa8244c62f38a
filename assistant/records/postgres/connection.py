"""A connection that takes the statements that SQLite takes, in the schema of the records."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from assistant.records.errors import DatabaseUnusableError, reason_of
from ingest.settings import without_password

SCHEMA = "rugpijn_records"
# A host that does not answer is passed over, and a server that is gone without a word is noticed within ten seconds.
_WATCHFUL = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    "application_name": "rugpijn-records",
}
_INDEXED_BY = re.compile(r" INDEXED BY \w+")
_WORDS_ALIKE = re.compile(r"\bLIKE\b")

Psycopg = psycopg.Connection[tuple[Any, ...]]


class PostgresConnection:
    """A ``Connection`` of which every statement belongs to the transaction that its maker began.

    ``changes`` counts the rows that were changed. ``is_lazy``: rows come as they are read, and none is written.
    """

    def __init__(self, connection: Psycopg, *, is_lazy: bool = False) -> None:
        self.changes = 0
        self._connection = connection
        self._is_lazy = is_lazy
        self._names = count()

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[Any] | psycopg.ServerCursor[Any]:
        written = as_postgres_says(statement)
        if self._is_lazy:
            return self._connection.cursor(f"rows_{next(self._names)}").execute(written, _storable(values))
        cursor = self._connection.execute(written, _storable(values))
        self._count(cursor)
        return cursor

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(as_postgres_says(statement), [_storable(each) for each in values])
            self._count(cursor)

    def _count(self, cursor: psycopg.Cursor[Any]) -> None:
        if cursor.description is None:
            self.changes += max(0, cursor.rowcount)


@cache
def as_postgres_says(statement: str) -> bytes:
    """Of statements of ours: marks for values, letters in capitals or not, and no choice of an index."""
    alike = _WORDS_ALIKE.sub("ILIKE", _INDEXED_BY.sub("", statement))
    return alike.replace("?", "%s").encode()


def connect(address: str, target: str = "read-write") -> Psycopg:
    """``target`` as libpq's ``target_session_attrs``, whatever the address says. Raises ``psycopg.Error``."""
    given: dict[str, Any] = {**_WATCHFUL, **conninfo_to_dict(address), "target_session_attrs": target}
    return psycopg.connect(make_conninfo("", **given), autocommit=True)


def connect_to_read(address: str) -> Psycopg:
    """To the server that is written to, where what was deleted is gone at once; to any other when that one is lost."""
    try:
        return connect(address)
    except psycopg.OperationalError:
        return connect(address, "any")


@contextmanager
def transaction(connection: Psycopg) -> Iterator[PostgresConnection]:
    """All of it, or nothing. The schema is said in each: a pooler may give each another session."""
    with connection.transaction():
        connection.execute(f"SET LOCAL search_path = {SCHEMA}")
        yield PostgresConnection(connection)


@contextmanager
def reading(connection: Psycopg) -> Iterator[PostgresConnection]:
    """All that is read in it is of one moment."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(f"SET LOCAL search_path = {SCHEMA}")
        yield PostgresConnection(connection, is_lazy=True)


@contextmanager
def usable(address: str) -> Iterator[None]:
    """What goes wrong with the database becomes a ``DatabaseUnusableError``."""
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseUnusableError(without_password(address), reason_of(error)) from error


def _storable(values: Sequence[Any]) -> list[Any]:
    """PostgreSQL knows no NUL in a text, and nothing that is no character."""
    return [_clean(each) if isinstance(each, str) else each for each in values]


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
