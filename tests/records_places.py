"""Both places where records are kept, for tests that hold for either."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from records_fakes import raw, rows

from assistant.records.place import FilePlace, Place
from assistant.records.postgres.connection import SCHEMA, connect
from assistant.records.postgres.place import PostgresPlace
from assistant.records.postgres.store import PostgresStore
from assistant.records.reading import Reader
from assistant.records.source import FileSource
from assistant.records.store import FileStore, Store
from assistant.records.tables import Row

if TYPE_CHECKING:
    from postgres_fixtures import Database


class KeptIn(Protocol):
    """A place, and what can be read of it behind its back."""

    @property
    def place(self) -> Place: ...

    def store(self) -> Store: ...

    def reader(self) -> Reader: ...

    def rows(self, table: str, columns: str = ...) -> list[tuple[object, ...]]: ...

    def raw(self) -> bytes:
        """All bytes of all files in which a row may stand."""


@dataclass(frozen=True)
class KeptInFile:
    path: Path

    @property
    def place(self) -> Place:
        return FilePlace(self.path)

    def store(self) -> FileStore:
        return FileStore(self.path, patience_seconds=20)

    def reader(self) -> Reader:
        return Reader(FileSource(self.path))

    def rows(self, table: str, columns: str = "*") -> list[tuple[object, ...]]:
        return rows(self.path, table, columns)

    def raw(self) -> bytes:
        return raw(self.path)


@dataclass(frozen=True)
class KeptInPostgres:
    database: "Database"

    @property
    def place(self) -> Place:
        return PostgresPlace(self.database.url)

    def store(self) -> PostgresStore:
        return PostgresStore(connect(self.database.url), self.database.url, scrub_seconds=0.2)

    def reader(self) -> Reader:
        return Reader(self.place.source())

    def rows(self, table: str, columns: str = "*") -> list[tuple[object, ...]]:
        with self.database.connect() as connection:
            return connection.execute(f"SELECT {columns} FROM {SCHEMA}.{table} ORDER BY id".encode()).fetchall()

    def raw(self) -> bytes:
        """The files of the database, once all that is in memory is in them; the log of changes is not among them."""
        server = self.database.server
        server.execute("CHECKPOINT")
        ((number,),) = server.execute(f"SELECT oid FROM pg_database WHERE datname = '{self.database.name}'")
        folder = server.folder / "data" / "base" / str(number)
        return b"".join(each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file())


def put(kept: KeptIn, *new: Row) -> None:
    with closing(kept.store()) as store:
        store.add(new)
