"""What the practice does with what is kept, on the command line, while the chat may be running."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.records.archive import FileArchive
from assistant.records.errors import FileUnusableError, NoRecordsError, reason_of
from assistant.records.store import FileStore, Store

_PATIENCE_SECONDS = 30.0


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """What is kept there; all it raises is a ``RecordsError``."""
    with usable(path):
        if not path.exists():
            raise NoRecordsError(str(path))
        with closing(FileStore(path, _PATIENCE_SECONDS)) as store:
            yield store


def delete_all(path: Path, patience_seconds: float = _PATIENCE_SECONDS) -> int:
    """Delete every conversation, in a damaged file too, and say how many there were. Raises ``RecordsError``."""
    with usable(path), closing(FileArchive(path, patience_seconds=patience_seconds)) as archive:
        return archive.forget_all()


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """What goes wrong with the file becomes a ``FileUnusableError``."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise FileUnusableError(path, reason_of(error)) from error
