"""The tables, version by version. A step that was released is never changed: what changes is a step of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.records.errors import NewerRecordsError

_STEPS: tuple[tuple[str, ...], ...] = (
    (
        # Seconds since 1970, UTC, in ``at`` and ``delete_at``; lists are JSON.
        """CREATE TABLE feedback (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            helpful INTEGER NOT NULL,
            reason TEXT NOT NULL,
            kind TEXT NOT NULL,
            urgency TEXT,
            passage_ids TEXT NOT NULL
        ) STRICT""",
        # AUTOINCREMENT: the number of a deleted conversation is never that of another one.
        """CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            delete_at INTEGER NOT NULL,
            channel TEXT NOT NULL,
            question TEXT NOT NULL,
            kind TEXT NOT NULL,
            urgency TEXT,
            flags TEXT NOT NULL,
            passage_ids TEXT NOT NULL,
            answer TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX feedback_at ON feedback (at)",
        "CREATE INDEX exchanges_at ON exchanges (at)",
        "CREATE INDEX exchanges_delete_at ON exchanges (delete_at)",
    ),
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """All steps that are still to be made, or none. Raises ``NewerRecordsError`` and ``sqlite3.Error``."""
    connection.execute("BEGIN IMMEDIATE")  # another process may be about to do the same
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
        )
        found = version_of(connection)
        _check(path, found)
        for version, statements in enumerate(_STEPS[found:], found + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute("INSERT INTO schema_versions VALUES (?, datetime('now'))", (version,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def refuse_newer(path: Path) -> None:
    """Raises ``NewerRecordsError``; nothing else, whatever is wrong with the file."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            found = version_of(connection)
    except sqlite3.Error:
        return
    _check(path, found)


def _check(path: Path, found: int) -> None:
    if found > len(_STEPS):
        raise NewerRecordsError(path, found, len(_STEPS))


def version_of(connection: sqlite3.Connection) -> int:
    """0 for a file in which nothing was made yet."""
    (version,) = connection.execute("SELECT coalesce(max(version), 0) FROM schema_versions").fetchone()
    return int(version)
