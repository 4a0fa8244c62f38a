"""The statements that put in, find and delete what is kept, in SQL that SQLite and PostgreSQL share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Protocol

from assistant.records.counts import Counted
from assistant.records.rows import EXCHANGE_COLUMNS, RATING_COLUMNS, Exchange, Rating

_ADD_RATING = f"INSERT INTO feedback ({RATING_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"
_ADD_EXCHANGE = f"INSERT INTO exchanges ({EXCHANGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_MARK_HELPFUL = "UPDATE exchanges SET helpful = ? WHERE reply_id = ?"
_UNMARK_HELPFUL = """UPDATE exchanges SET helpful = NULL
    WHERE reply_id = (SELECT reply_id FROM feedback WHERE id = ?)"""
_COUNT = """INSERT INTO replies VALUES (?,?,?,?,?,?,?,1)
    ON CONFLICT (day, channel, kind, urgency, engine, outcome, within_ms) DO UPDATE SET count = replies.count + 1"""
_LOSE = "INSERT INTO losses VALUES (?,?) ON CONFLICT (day) DO UPDATE SET count = losses.count + excluded.count"
_PUT_VECTOR = """INSERT INTO vectors SELECT id, ?, ? FROM exchanges WHERE id = ?
    ON CONFLICT (exchange_id, model) DO UPDATE SET vector = excluded.vector"""

Row = Rating | Exchange | Counted


class Cursor(Protocol):
    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Values stand where a statement has "?"."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Cursor: ...

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """How many there are."""

    exchanges: int
    ratings: int


def add(connection: Connection, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
    """An exchange before what is said of it. ``losses``: how much was not kept, by day."""
    ratings = [row for row in rows if isinstance(row, Rating)]
    run = connection.executemany
    run(_ADD_EXCHANGE, [row.values for row in rows if isinstance(row, Exchange)])
    run(_ADD_RATING, [row.values for row in ratings])
    run(_MARK_HELPFUL, [(int(row.helpful), row.reply_id) for row in ratings if row.reply_id])
    # In one order everywhere, so that no two processes wait for each other's rows.
    run(_COUNT, sorted(astuple(row) for row in rows if isinstance(row, Counted)))
    run(_LOSE, sorted((losses or {}).items()))


def count(connection: Connection) -> Kept:
    (exchanges,) = connection.execute("SELECT count(*) FROM exchanges").fetchone()
    (ratings,) = connection.execute("SELECT count(*) FROM feedback").fetchone()
    return Kept(exchanges, ratings)


def latest(connection: Connection, most: int) -> list[tuple[int, Exchange]]:
    """The last exchanges with their numbers, newest first."""
    found = connection.execute(f"SELECT id, {EXCHANGE_COLUMNS} FROM exchanges ORDER BY id DESC LIMIT ?", (most,))
    return [(number, Exchange.of(*values)) for number, *values in found]


def forget(connection: Connection, number: int) -> int:
    """Delete that exchange, and what was written about it; says whether there was one: 1 or 0."""
    return _forget(connection, "id = ?", (number,))


def forget_rating(connection: Connection, number: int) -> int:
    """Delete what a visitor thought of an answer; says whether there was such a thing: 1 or 0."""
    connection.execute(_UNMARK_HELPFUL, (number,))
    return connection.execute("DELETE FROM feedback WHERE id = ?", (number,)).rowcount


def forget_old(connection: Connection, now: int, since: int) -> int:
    """Delete the exchanges and the comments whose day has come, and those of before ``since``.

    Says how many exchanges there were.
    """
    return _forget(connection, "delete_at <= ? OR at < ?", (now, since), "delete_at <= ? OR at < ?", (now, since))


def forget_all(connection: Connection) -> int:
    """Delete every exchange and every comment; of feedback stays what has no words of a visitor."""
    return _forget(connection, "true", (), "true", ())


def put_vectors(connection: Connection, model: str, vectors: Mapping[int, bytes]) -> None:
    """Of the questions of these exchanges; of one that was deleted meanwhile nothing is kept."""
    connection.executemany(_PUT_VECTOR, [(model, vector, number) for number, vector in vectors.items()])


def _forget(
    connection: Connection,
    which: str,
    values: tuple[int, ...],
    comments: str = "false",
    comment_values: tuple[int, ...] = (),
) -> int:
    """``which`` is a condition of ours on exchanges, ``comments`` one on feedback that has words."""
    of_these = f"reply_id IN (SELECT reply_id FROM exchanges WHERE {which})"
    for condition, given in ((of_these, values), (comments, comment_values)):
        connection.execute(f"UPDATE feedback SET comment = '' WHERE comment <> '' AND ({condition})", given)
    return connection.execute(f"DELETE FROM exchanges WHERE {which}", values).rowcount
