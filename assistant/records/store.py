"""The SQLite file: what is put in it, and what is really gone when it is deleted.

SQLite's ``secure_delete`` wipes a row where it stands, but not what was left of it in a page when rows were moved to
another; so after every deletion the file is written anew, and the log of changes beside it is emptied.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from assistant.records.counts import Counted
from assistant.records.damage import inode_of
from assistant.records.errors import BackupExistsError, NotScrubbedError
from assistant.records.migrations import migrate
from assistant.records.rows import EXCHANGE_COLUMNS, RATING_COLUMNS, Exchange, Rating

Connect = Callable[[Path, float], sqlite3.Connection]

_PRAGMAS = (
    *("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", "trusted_schema = OFF"),
    "foreign_keys = ON",  # a vector goes with its exchange
)
# In the file's ``user_version``, set together with a deletion: who is killed then leaves the rest of it to the next.
_CLEAN, _SCRUB_DUE = 0, 1
_ADD_RATING = f"INSERT INTO feedback ({RATING_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"
_ADD_EXCHANGE = f"INSERT INTO exchanges ({EXCHANGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_MARK_HELPFUL = "UPDATE exchanges SET helpful = ? WHERE reply_id = ?"
_UNMARK_HELPFUL = """UPDATE exchanges SET helpful = NULL
    WHERE reply_id = (SELECT reply_id FROM feedback WHERE id = ?)"""
_COUNT = """INSERT INTO replies VALUES (?,?,?,?,?,?,?,1)
    ON CONFLICT DO UPDATE SET count = count + 1"""
_LOSE = "INSERT INTO losses VALUES (?,?) ON CONFLICT DO UPDATE SET count = count + excluded.count"

Row = Rating | Exchange | Counted


@dataclass(frozen=True, slots=True)
class Kept:
    """How many there are."""

    exchanges: int
    ratings: int


def connect(path: Path, patience_seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience_seconds, isolation_level=None)


class Store:
    """One connection, for one thread. Everything raises ``sqlite3.Error``, and opening it ``OSError`` as well."""

    def __init__(self, path: Path, patience_seconds: float = 5.0, connect: Connect = connect) -> None:
        """Makes the file if need be. Raises ``NewerRecordsError`` too. Waits so long for another who is writing."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives the files beside it the same mode
        self._inode = inode_of(path)
        self._connection = connect(path, patience_seconds)
        try:
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            migrate(self._connection, path)
        except BaseException:
            self.close()
            raise

    @property
    def is_current(self) -> bool:
        """Whether the file is still the one that was opened: it may have been replaced by a backup, or set aside."""
        return inode_of(self.path) == self._inode

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        """All of them or none; an exchange before what is said of it. ``losses``: how much was not kept, by day."""
        ratings = [row for row in rows if isinstance(row, Rating)]
        with self._transaction():
            run = self._connection.executemany
            run(_ADD_EXCHANGE, [row.values for row in rows if isinstance(row, Exchange)])
            run(_ADD_RATING, [row.values for row in ratings])
            run(_MARK_HELPFUL, [(int(row.helpful), row.reply_id) for row in ratings if row.reply_id])
            run(_COUNT, [astuple(row) for row in rows if isinstance(row, Counted)])
            run(_LOSE, list((losses or {}).items()))

    def count(self) -> Kept:
        (exchanges,) = self._connection.execute("SELECT count(*) FROM exchanges").fetchone()
        (ratings,) = self._connection.execute("SELECT count(*) FROM feedback").fetchone()
        return Kept(exchanges, ratings)

    def latest(self, most: int) -> list[tuple[int, Exchange]]:
        """The last exchanges with their numbers, newest first."""
        found = self._connection.execute(
            f"SELECT id, {EXCHANGE_COLUMNS} FROM exchanges ORDER BY id DESC LIMIT ?", (most,)
        )
        return [(number, Exchange.of(*values)) for number, *values in found]

    def forget(self, number: int) -> int:
        """Delete that exchange, and what was written about it; say whether there was one: 1 or 0."""
        return self._forget("id = ?", (number,))

    def forget_rating(self, number: int) -> int:
        """Delete what a visitor thought of an answer; say whether there was such a thing: 1 or 0."""
        with self._deleting():
            self._connection.execute(_UNMARK_HELPFUL, (number,))
            return self._connection.execute("DELETE FROM feedback WHERE id = ?", (number,)).rowcount

    def forget_old(self, now: int, since: int) -> int:
        """Delete the exchanges and the comments whose day has come, and those of before ``since``.

        Says how many exchanges there were.
        """
        return self._forget("delete_at <= ? OR at < ?", (now, since), "delete_at <= ? OR at < ?", (now, since))

    def forget_all(self) -> int:
        """Delete every exchange and every comment; of feedback stays what has no words of a visitor."""
        return self._forget("true", (), "true", ())

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Of the questions of these exchanges; of one that was deleted meanwhile nothing is kept."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors SELECT id, ?, ? FROM exchanges WHERE id = ?",
                [(model, vector, number) for number, vector in vectors.items()],
            )

    def scrub(self) -> None:
        """Write the file anew if anything was deleted since it last was; some seconds for a million rows.

        Raises ``NotScrubbedError`` when another program goes on reading what was there before.
        """
        if not self._is_scrub_due():
            return
        try:
            self._connection.execute("VACUUM")
        finally:  # without room to write it anew, most is gone all the same
            (is_busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise NotScrubbedError(self.path)
        self._connection.execute(f"PRAGMA user_version = {_CLEAN}")

    def backup(self, path: Path) -> None:
        """A copy as of one moment, while others go on writing. Raises ``BackupExistsError`` and ``OSError``."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            raise BackupExistsError(path) from None
        try:
            self._connection.execute("VACUUM INTO ?", (str(path),))
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def _forget(
        self, which: str, values: tuple[int, ...], comments: str = "false", comment_values: tuple[int, ...] = ()
    ) -> int:
        """``which`` is a condition of ours on exchanges, ``comments`` one on feedback that has words."""
        of_these = f"reply_id IN (SELECT reply_id FROM exchanges WHERE {which})"
        with self._deleting():
            for condition, given in ((of_these, values), (comments, comment_values)):
                self._connection.execute(
                    f"UPDATE feedback SET comment = '' WHERE comment <> '' AND ({condition})", given
                )
            return self._connection.execute(f"DELETE FROM exchanges WHERE {which}", values).rowcount

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        """What is deleted in it is really gone afterwards, if anything was."""
        with self._transaction():
            before = self._connection.total_changes
            yield
            if self._connection.total_changes > before:
                self._connection.execute(f"PRAGMA user_version = {_SCRUB_DUE}")
        self.scrub()

    def _is_scrub_due(self) -> bool:
        (mark,) = self._connection.execute("PRAGMA user_version").fetchone()
        return bool(mark == _SCRUB_DUE)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
