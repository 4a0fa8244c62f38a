"""The tables, version by version. A step that was released is never changed: what changes is a step of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant import texts
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
    (
        "ALTER TABLE exchanges ADD COLUMN reply_id TEXT",
        "ALTER TABLE exchanges ADD COLUMN engine TEXT",
        "ALTER TABLE exchanges ADD COLUMN total_ms REAL",
        # What was last said of it, 1 or 0: the feedback itself may come in many rows, or in none.
        "ALTER TABLE exchanges ADD COLUMN helpful INTEGER",
        "ALTER TABLE feedback ADD COLUMN reply_id TEXT",
        "ALTER TABLE feedback ADD COLUMN comment TEXT NOT NULL DEFAULT ''",
        # Of the comment; the rest of the row has no words of a visitor.
        "ALTER TABLE feedback ADD COLUMN delete_at INTEGER",
        # Days are text, "2026-11-25"; "" is none, for NULLs would each be another row.
        """CREATE TABLE replies (
            day TEXT NOT NULL,
            channel TEXT NOT NULL,
            kind TEXT NOT NULL,
            urgency TEXT NOT NULL,
            engine TEXT NOT NULL,
            outcome TEXT NOT NULL,
            within_ms INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (day, channel, kind, urgency, engine, outcome, within_ms)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE losses (day TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        # Of questions, for grouping them: numbers from which a question could be guessed, so they go with it.
        """CREATE TABLE vectors (
            exchange_id INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,
            model TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (exchange_id, model)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX exchanges_reply_id ON exchanges (reply_id)",
        # All that a list shows and can be filtered by: 150 bytes of a row, where the row itself is a thousand.
        "CREATE INDEX exchanges_listed ON exchanges (id, at, kind, urgency, helpful, question)",
        "CREATE INDEX feedback_reply_id ON feedback (reply_id)",
        "CREATE INDEX feedback_delete_at ON feedback (delete_at) WHERE comment <> ''",
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


def is_older(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether steps are still to be made. Raises ``NewerRecordsError`` and ``sqlite3.Error``."""
    has_versions = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_versions'").fetchone()
    found = version_of(connection) if has_versions else 0
    _check(path, found)
    return found < len(_STEPS)


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
        where = texts.RECORDS_FILE.format(path=path)
        raise NewerRecordsError(where, found, len(_STEPS), texts.RECORDS_OTHER_FILE)


def version_of(connection: sqlite3.Connection) -> int:
    """0 for a file in which nothing was made yet."""
    (version,) = connection.execute("SELECT coalesce(max(version), 0) FROM schema_versions").fetchone()
    return int(version)
