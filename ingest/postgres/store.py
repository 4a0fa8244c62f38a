"""A corpus in PostgreSQL with pgvector."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import errors
from pydantic import BaseModel, ValidationError

from ingest.article import Article
from ingest.embed import Embedder
from ingest.errors import IndexUnusableError, IngestBusyError, IngestError
from ingest.manifest import Manifest, ModelCard, check_model, check_schema
from ingest.postgres.articles import StoredArticles
from ingest.postgres.connect import Database
from ingest.postgres.draft import PostgresDraft
from ingest.postgres.failures import in_dutch
from ingest.postgres.pool import Connection
from ingest.postgres.reader import Reader
from ingest.postgres.schema import WRITING, drop_version, ensure_schema, has_schema
from ingest.postgres.version import PostgresVersion
from ingest.store import Health
from ingest.versions import KEPT_VERSIONS

# Below this number every passage is compared with, which takes 15 ms and misses nothing.
HNSW_FROM = 20_000
# The first ones keep their vectors as they are, so that a small corpus gives the very answers it gives from files; in
# a large one half of the bits make no difference, and half of the space does.
EXACT = 20_000

_IN_USE = """
    SELECT manifest::text, notes::text, doctor_advice::text, statistics::text
    FROM rugpijn.in_use JOIN rugpijn.versions ON name = version
"""
# What is received but not replayed is late by the age of what was replayed last; with nothing left to replay a copy is
# up to date as far as it knows, unless nobody sends it anything.
_LAG = """
    SELECT NOT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_wal_receiver), CASE
        WHEN NOT pg_is_in_recovery() THEN 0
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
        ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END::float8
"""


class _Schema(BaseModel):
    schema_version: int


class PostgresStore:
    """A ``Store`` at ``address``; nothing is connected before it is asked for."""

    def __init__(self, address: str, *, connections: int = 8, hnsw_from: int = HNSW_FROM, exact: int = EXACT) -> None:
        self.database = Database(address, connections=connections)
        self._hnsw_from = hnsw_from
        self._exact = exact

    def ensure_schema(self) -> None:
        with self.database.writing() as connection:
            ensure_schema(connection, self.database.place)

    def version_in_use(self) -> str:
        return self.database.read(lambda connection: _version_in_use(connection))

    def manifest(self) -> Manifest:
        return self._manifest(self._row_in_use()[0])

    def articles(self) -> Mapping[str, Article]:
        return StoredArticles(Reader(self.database, self.manifest().version))

    def open(self, embedder: Embedder) -> PostgresVersion:
        manifest, *about = self._row_in_use()
        checked = self._manifest(manifest)
        check_model(self.database.place, checked.model, ModelCard.of(embedder))
        return PostgresVersion(self.database, checked, *about)

    @contextmanager
    def draft(self) -> Iterator[PostgresDraft]:
        with closing(self.database.dedicated()) as connection:
            with in_dutch(self.database.place):
                ensure_schema(connection, self.database.place)
                version = self._begin(connection)
            draft = PostgresDraft(connection, self.database.place, version, self._hnsw_from, self._exact)
            try:
                yield draft
            finally:
                # A connection that broke takes its lock with it: the next writer clears up.
                with suppress(IngestError, psycopg.Error):
                    _clear_up(connection)

    def health(self) -> Health:
        is_writable, is_fed, lag = self.database.read(lambda connection: _one_row(connection, _LAG))
        # A copy that nobody feeds is behind when there is a primary that it does not hear; with that lost, it is all
        # there is.
        is_behind = lag and (is_fed or self._has_primary())
        return Health(is_writable, lag_seconds=lag if is_behind else 0.0)

    def beside(self, name: str) -> bytes | None:
        return self.database.read(lambda connection: _beside(connection, name))

    def put_beside(self, name: str, content: bytes) -> str:
        with self.database.writing() as connection:
            ensure_schema(connection, self.database.place)
            connection.execute(
                "INSERT INTO rugpijn.beside VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET content = excluded.content",
                (name, content),
            )
        return f"{self.database.place} ({name})"

    def close(self) -> None:
        self.database.close()

    def _has_primary(self) -> bool:
        try:
            self.database.dedicated().close()
        except IngestError:
            return False
        return True

    def _begin(self, connection: Connection) -> str:
        if not _one_row(connection, "SELECT pg_try_advisory_lock(%s)", WRITING)[0]:
            raise IngestBusyError(self.database.place)
        _clear_up(connection)
        version = f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}"
        connection.execute("INSERT INTO rugpijn.versions (name) VALUES (%s)", (version,))
        return version

    def _row_in_use(self) -> Any:
        def asked(connection: Connection) -> Any:
            return connection.execute(_IN_USE).fetchone() if has_schema(connection, self.database.place) else None

        row = self.database.read(asked)
        if row is None:
            raise IndexUnusableError(self.database.place, "er is nog geen index gemaakt.")
        return row

    def _manifest(self, written: str) -> Manifest:
        try:
            check_schema(self.database.place, _Schema.model_validate_json(written).schema_version)
            return Manifest.model_validate_json(written)
        except ValidationError:
            raise IndexUnusableError(self.database.place, "het manifest is van een ander programma.") from None


def _version_in_use(connection: Connection) -> str:
    try:
        row: Any = connection.execute("SELECT version FROM rugpijn.in_use").fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return ""
    return str(row[0]) if row else ""


def _beside(connection: Connection, name: str) -> bytes | None:
    try:
        row: Any = connection.execute("SELECT content FROM rugpijn.beside WHERE name = %s", (name,)).fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return None
    return bytes(row[0]) if row else None


def _clear_up(connection: Connection) -> None:
    """What was never published, and all but the version in use and the few before it. The caller holds the lock."""
    old: list[Any] = connection.execute(
        "SELECT name FROM rugpijn.versions WHERE published IS NULL UNION ALL "
        "(SELECT name FROM rugpijn.versions WHERE published IS NOT NULL ORDER BY published DESC, name DESC OFFSET %s)",
        (KEPT_VERSIONS,),
    ).fetchall()
    for (version,) in old:
        # One that is being read all the time is left to the next ingest.
        with suppress(errors.LockNotAvailable):
            drop_version(connection, version)


def _one_row(connection: Connection, statement: str, *given: object) -> Any:
    return connection.execute(statement.encode(), given).fetchone()
