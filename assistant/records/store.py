"""Where it is kept, opened: what is put in it, and what is really gone when it is deleted.

A SQLite file here. SQLite's ``secure_delete`` wipes a row where it stands, but not what was left of it in a page when
rows were moved to another; so after every deletion the file is written anew, and the log beside it is emptied.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from assistant.records import tables
from assistant.records.damage import inode_of
from assistant.records.errors import BackupExistsError, NotScrubbedError
from assistant.records.migrations import migrate
from assistant.records.rows import Exchange
from assistant.records.tables import Kept, Row

Connect = Callable[[Path, float], sqlite3.Connection]

_PRAGMAS = (
    *("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", "trusted_schema = OFF"),
    "foreign_keys = ON",  # a vector goes with its exchange
)
# In the file's ``user_version``, set together with a deletion: who is killed then leaves the rest of it to the next.
_CLEAN, _SCRUB_DUE = 0, 1


class Store(Protocol):
    """One connection, for one thread. Raises what the database raises, and ``RecordsError``."""

    def add(self, rows: Sequence[Row], losses: Mapping[str, int] | None = None) -> None:
        """All of them or none; an exchange before what is said of it. ``losses``: how much was not kept, by day."""

    def count(self) -> Kept: ...

    def latest(self, most: int) -> list[tuple[int, Exchange]]:
        """The last exchanges with their numbers, newest first."""

    def forget(self, number: int) -> int:
        """Delete that exchange, and what was written about it; say whether there was one: 1 or 0."""

    def forget_rating(self, number: int) -> int:
        """Delete what a visitor thought of an answer; say whether there was such a thing: 1 or 0."""

    def forget_old(self, now: int, since: int) -> int:
        """Delete the exchanges and the comments whose day has come, and those of before ``since``.

        Says how many exchanges there were.
        """

    def forget_all(self) -> int:
        """Delete every exchange and every comment; of feedback stays what has no words of a visitor."""

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Of the questions of these exchanges; of one that was deleted meanwhile nothing is kept."""

    def backup(self, path: Path) -> None:
        """A copy as of one moment, while others go on writing. Raises ``BackupExistsError`` and ``OSError``."""

    def close(self) -> None: ...


def connect(path: Path, patience_seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience_seconds, isolation_level=None)


class FileStore:
    """A ``Store``. Everything raises ``sqlite3.Error``, and opening it ``OSError`` as well."""

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
        with self._transaction():
            tables.add(self._connection, rows, losses)

    def count(self) -> Kept:
        return tables.count(self._connection)

    def latest(self, most: int) -> list[tuple[int, Exchange]]:
        return tables.latest(self._connection, most)

    def forget(self, number: int) -> int:
        with self._deleting():
            return tables.forget(self._connection, number)

    def forget_rating(self, number: int) -> int:
        with self._deleting():
            return tables.forget_rating(self._connection, number)

    def forget_old(self, now: int, since: int) -> int:
        with self._deleting():
            return tables.forget_old(self._connection, now, since)

    def forget_all(self) -> int:
        with self._deleting():
            return tables.forget_all(self._connection)

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        with self._transaction():
            tables.put_vectors(self._connection, model, vectors)

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
            raise NotScrubbedError(str(self.path))
        self._connection.execute(f"PRAGMA user_version = {_CLEAN}")

    def backup(self, path: Path) -> None:
        with new_file(path):
            self._connection.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

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


@contextmanager
def new_file(path: Path) -> Iterator[None]:
    """An empty file for its owner only, to be filled; gone again when that fails.

    Raises ``BackupExistsError`` and ``OSError``.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise BackupExistsError(path) from None
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
