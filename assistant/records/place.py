"""Where records are kept: a SQLite file, or PostgreSQL when that is the store."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from assistant.records.archive import Archive, FileArchive
from assistant.records.migrations import refuse_newer
from assistant.records.operate import delete_all, opened
from assistant.records.source import FileSource, Source
from assistant.records.store import Store
from assistant.settings import Settings
from ingest.stores import package_missing


class Place(Protocol):
    def refuse_newer(self) -> None:
        """Raises ``NewerRecordsError``; nothing else, whatever is wrong with it."""

    def archive(self, days: int) -> Archive:
        """Where the running chat puts it away."""

    def source(self) -> Source:
        """Where staff reads it."""

    def opened(self) -> AbstractContextManager[Store]:
        """What is kept there; all that its block raises is a ``RecordsError``."""

    def delete_all(self) -> int:
        """Delete every conversation, and say how many there were. Raises ``RecordsError``."""


class FilePlace:
    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse_newer(self) -> None:
        refuse_newer(self.path)

    def archive(self, days: int) -> Archive:
        return FileArchive(self.path, days)

    def source(self) -> Source:
        return FileSource(self.path)

    def opened(self) -> AbstractContextManager[Store]:
        return opened(self.path)

    def delete_all(self) -> int:
        return delete_all(self.path)


def place_of(settings: Settings) -> Place:
    """Raises ``StoreUnavailableError`` when what talks to PostgreSQL is not installed."""
    if not settings.store_address:
        return FilePlace(settings.records_file)
    try:
        from assistant.records.postgres.place import PostgresPlace
    except ModuleNotFoundError as error:
        raise package_missing(settings, error) from error
    return PostgresPlace(settings.store_address)
