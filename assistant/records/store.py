"""The SQLite file: what is put in it, and what is really gone when it is deleted.

SQLite's ``secure_delete`` wipes a row where it stands, but not what was left of it in a page when rows were moved to
another; so after every deletion the file is written anew, and the log of changes beside it is emptied.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.records.damage import inode_of
from assistant.records.errors import BackupExistsError, NotScrubbedError
from assistant.records.migrations import migrate

Connect = Callable[[Path, float], sqlite3.Connection]

# In the file's ``user_version``, set together with a deletion: who is killed then leaves the rest of it to the next.
_CLEAN, _SCRUB_DUE = 0, 1
_RATING_COLUMNS = "at, helpful, reason, kind, urgency, passage_ids"
_EXCHANGE_COLUMNS = "at, delete_at, channel, question, kind, urgency, flags, passage_ids, answer"


@dataclass(frozen=True, slots=True)
class Rating:
    """What a visitor thought of an answer; ``at`` is in seconds since 1970."""

    at: int
    helpful: bool
    reason: str
    kind: str
    urgency: str | None
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, made anonymous, and its answer. When, and when it is to go again: in seconds since 1970."""

    at: int
    delete_at: int
    channel: str
    question: str
    kind: str
    urgency: str | None
    flags: tuple[str, ...]
    passage_ids: tuple[str, ...]
    answer: str


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
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", "trusted_schema = OFF"):
                self._connection.execute(f"PRAGMA {pragma}")
            migrate(self._connection, path)
        except BaseException:
            self.close()
            raise

    @property
    def is_current(self) -> bool:
        """Whether the file is still the one that was opened: it may have been replaced by a backup, or set aside."""
        return inode_of(self.path) == self._inode

    def add(self, rows: Sequence[Rating | Exchange]) -> None:
        """All of them or none."""
        ratings = [_rating_values(row) for row in rows if isinstance(row, Rating)]
        exchanges = [_exchange_values(row) for row in rows if isinstance(row, Exchange)]
        with self._transaction():
            self._connection.executemany(f"INSERT INTO feedback ({_RATING_COLUMNS}) VALUES (?,?,?,?,?,?)", ratings)
            self._connection.executemany(
                f"INSERT INTO exchanges ({_EXCHANGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", exchanges
            )

    def count(self) -> Kept:
        (exchanges,) = self._connection.execute("SELECT count(*) FROM exchanges").fetchone()
        (ratings,) = self._connection.execute("SELECT count(*) FROM feedback").fetchone()
        return Kept(exchanges, ratings)

    def latest(self, most: int) -> list[tuple[int, Exchange]]:
        """The last exchanges with their numbers, newest first."""
        found = self._connection.execute(
            f"SELECT id, {_EXCHANGE_COLUMNS} FROM exchanges ORDER BY id DESC LIMIT ?", (most,)
        )
        return [(number, _exchange(*values)) for number, *values in found]

    def forget(self, number: int) -> int:
        """How many exchanges were deleted: one, or none when there is none of that number."""
        return self._forget("id = ?", number)

    def forget_old(self, now: int, since: int) -> int:
        """Delete the exchanges whose day has come, and those of before ``since``; say how many there were."""
        return self._forget("delete_at <= ? OR at < ?", now, since)

    def forget_all(self) -> int:
        """Delete every exchange; feedback stays, for it has no words of a visitor."""
        return self._forget("true")

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

    def _forget(self, which: str, *values: int) -> int:
        """``which`` is an SQL condition of ours."""
        with self._transaction():
            deleted = self._connection.execute(f"DELETE FROM exchanges WHERE {which}", values).rowcount
            if deleted:
                self._connection.execute(f"PRAGMA user_version = {_SCRUB_DUE}")
        self.scrub()
        return deleted

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


def _rating_values(row: Rating) -> tuple[object, ...]:
    return row.at, int(row.helpful), row.reason, row.kind, row.urgency, json.dumps(row.passage_ids)


def _exchange_values(row: Exchange) -> tuple[object, ...]:
    flags, passage_ids = json.dumps(row.flags), json.dumps(row.passage_ids)
    return row.at, row.delete_at, row.channel, row.question, row.kind, row.urgency, flags, passage_ids, row.answer


def _exchange(*values: Any) -> Exchange:
    """From the columns, in their order."""
    at, delete_at, channel, question, kind, urgency, flags, passage_ids, answer = values
    return Exchange(at, delete_at, channel, question, kind, urgency, _listed(flags), _listed(passage_ids), answer)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))
