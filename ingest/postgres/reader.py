"""Reading the tables of one version, as long as it is kept."""

from collections.abc import Callable
from typing import TypeVar

from psycopg import errors

from ingest.errors import IndexUnusableError, StoreReadOnlyError
from ingest.postgres.connect import Database
from ingest.postgres.pool import Connection
from ingest.postgres.schema import Tables

T = TypeVar("T")


class _NotHereError(Exception):
    """This server has no tables of that version."""


class Reader:
    """Puts questions to the tables of ``version``. Raises ``IndexUnusableError`` once it is cleared away."""

    def __init__(self, database: Database, version: str) -> None:
        self._database = database
        self._tables = Tables(version)

    def __call__(self, work: Callable[[Connection, Tables], T]) -> T:
        def asked(connection: Connection) -> T:
            try:
                return work(connection, self._tables)
            except errors.UndefinedTable:
                raise _NotHereError from None

        try:
            return self._database.read(asked)
        except _NotHereError:
            return self._of_primary(asked)

    def _of_primary(self, asked: Callable[[Connection], T]) -> T:
        """A copy may not have a new version yet; what the primary does not have is gone."""
        try:
            with self._database.writing() as connection:
                return asked(connection)
        except (_NotHereError, StoreReadOnlyError):
            reason = f"versie {self._tables.version} is intussen opgeruimd."
            raise IndexUnusableError(self._database.place, reason) from None
