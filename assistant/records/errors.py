"""What can be wrong with what is kept, said to who runs the chat."""

import sqlite3
from pathlib import Path

from assistant import texts
from assistant.errors import AssistantError


class RecordsError(AssistantError):
    """Base; ``str(error)`` is Dutch."""


class NewerRecordsError(RecordsError):
    """What is kept in ``where`` was made by a later version of this program; ``mend`` says what else can be done."""

    def __init__(self, where: str, found: int, known: int, mend: str) -> None:
        super().__init__(texts.RECORDS_NEWER.format(where=where, found=found, known=known, mend=mend))


class FileUnusableError(RecordsError):
    """The file cannot be read or written; ``reason`` is a word of SQLite's or the system's."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(texts.FILE_UNUSABLE.format(path=path, reason=reason))


class DatabaseUnusableError(RecordsError):
    """PostgreSQL cannot be reached, or cannot do it; ``where`` is without a password, ``reason`` a word of its own."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(texts.RECORDS_DATABASE_UNUSABLE.format(where=where, reason=reason))


class NoRecordsError(RecordsError):
    """Nothing was made yet."""

    def __init__(self, where: str) -> None:
        super().__init__(texts.RECORDS_NONE.format(where=where))


class NoSuchRecordError(RecordsError):
    def __init__(self, number: int) -> None:
        super().__init__(texts.RECORDS_NO_SUCH.format(number=number))


class NotScrubbedError(RecordsError):
    """What was deleted can still be read in the files, for another program holds on to them."""

    def __init__(self, where: str) -> None:
        super().__init__(texts.RECORDS_NOT_SCRUBBED.format(where=where))


class BackupExistsError(RecordsError):
    def __init__(self, path: Path) -> None:
        super().__init__(texts.BACKUP_EXISTS.format(path=path))


class PrivacyPackageError(RecordsError):
    """Conversations are to be kept, and what makes them anonymous is not installed."""

    def __init__(self) -> None:
        super().__init__(texts.PRIVACY_PACKAGE_MISSING)


def reason_of(error: Exception) -> str:
    """In our words, or a word of SQLite's or the system's: what else an error says may quote what somebody typed."""
    if isinstance(error, AssistantError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return str(getattr(error, "sqlite_errorname", type(error).__name__))
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
