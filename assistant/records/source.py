"""Where staff's questions about what is kept are answered from: a file here, a database in ``records.postgres``."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from assistant.records.migrations import is_older
from assistant.records.operate import usable
from assistant.records.statistics import State, state_of_file
from assistant.records.store import FileStore, Store
from assistant.records.tables import Connection

# Who waits for this is a person before a screen.
PATIENCE_SECONDS = 2.0


class Source(Protocol):
    """Safe to use from several threads. What goes wrong in its blocks becomes a ``RecordsError``."""

    def reading(self) -> AbstractContextManager[Connection | None]:
        """All that is read in it is of one moment; None where nothing was kept yet."""

    def writing(self) -> AbstractContextManager[Store | None]: ...

    def state(self) -> State: ...


class FileSource:
    """A ``Source``; a file of an earlier version is brought up to date first."""

    def __init__(self, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self._patience_seconds = patience_seconds

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """One connection for each question: what stays open would keep deleted words in the file."""
        with usable(self.path):
            if not self.path.exists():
                yield None
                return
            with closing(self._connect()) as connection:
                if is_older(connection, self.path):
                    FileStore(self.path, self._patience_seconds).close()
                connection.execute("BEGIN")
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Store | None]:
        with usable(self.path):
            if not self.path.exists():
                yield None
                return
            with closing(FileStore(self.path, self._patience_seconds)) as store:
                yield store

    def state(self) -> State:
        with usable(self.path):
            return state_of_file(self.path)

    def _connect(self) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=self._patience_seconds, isolation_level=None)
