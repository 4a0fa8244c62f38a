"""What goes wrong with a database is said in Dutch, without a password, with what to do; nothing half is ever read."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from fakes import FakeEmbedder
from postgres_fixtures import EMBEDDER, OWNER, Database, new_database, prepare, publish
from postgres_server import PASSWORD, PostgresServer, following, free_port, postgres_server

from ingest.errors import (
    IndexUnusableError,
    IngestBusyError,
    IngestError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnavailableError,
)
from ingest.postgres import PostgresStore
from ingest.postgres.connect import Database as Connections
from ingest.postgres.reader import Reader
from ingest.postgres.search import count_passages
from ingest.settings import without_password
from ingest.versions import KEPT_VERSIONS
from ingest.whole import IndexVersion

pytest_plugins = ("postgres_fixtures",)
pytestmark = pytest.mark.server


# --- the database cannot be reached ---


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url, port: url.replace(PASSWORD, "geraden"), "de naam of het wachtwoord klopt niet"),
        (lambda url, port: url.replace(OWNER, "niemand", 1), "de naam of het wachtwoord klopt niet"),
        (lambda url, port: url.rpartition("/")[0] + "/nergens", "die database is er niet"),
        (lambda url, port: url.replace(f":{port}/", f":{free_port()}/"), "luistert geen database"),
        (lambda url, port: url.replace("127.0.0.1", "nergens.invalid"), "naam van de server is onbekend"),
        (lambda url, port: url.replace(PASSWORD, "ge/heim@x"), "niet te lezen"),
        (lambda url, port: url + "?nonsens=1", "niet te lezen"),
    ],
    ids=["password", "user", "database", "port", "host", "unreadable", "option"],
)
def test_what_is_wrong_is_said_and_the_password_never(database: Database, change: object, reason: str) -> None:
    assert callable(change)
    url = change(database.url, database.server.port)
    with pytest.raises(StoreUnavailableError) as caught:
        PostgresStore(url).version_in_use()
    told = str(caught.value)
    assert reason in told
    assert "RUGPIJN_STORE" in told or "server" in told
    for secret in (PASSWORD, "geraden", "ge/heim", "heim@x"):
        assert secret not in told
    assert all(secret not in repr(caught.value.__cause__) for secret in (PASSWORD, "geraden"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:geheim@h/d",
        "postgresql://u:ge/he@im@h/d",
        "postgresql://h/d?password=geheim&user=u",
        "postgresql://u:geheim@h1,h2:5433/d",
    ],
)
def test_an_address_is_shown_without_its_password(address: str) -> None:
    shown = without_password(address)
    assert "geheim" not in shown
    assert "ge/he" not in shown
    assert "/d" in shown


def test_a_connection_that_died_costs_a_reader_nothing(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    publish(store, corpus)
    version = store.open(EMBEDDER)
    for _ in range(3):
        _hang_up(database)
        assert version.search_lexical("rug", 1)


def test_a_connection_that_dies_during_a_question_costs_a_reader_nothing(database: Database) -> None:
    connections = Connections(database.url)
    tries = []

    def work(connection: psycopg.Connection) -> int:
        tries.append(1)
        if len(tries) == 1:
            _hang_up(database)
        row = connection.execute("SELECT 7").fetchone()
        return row[0] if row else 0

    assert connections.read(work) == 7
    assert len(tries) == 2


def test_who_finds_all_connections_in_use_is_told_so(database: Database) -> None:
    connections = Connections(database.url, connections=1, wait_seconds=0.1)
    told = pytest.raises(StoreUnavailableError, match="alle verbindingen zijn bezig")
    with connections.reading(), told:
        connections.read(lambda connection: connection.execute("SELECT 1"))


def test_a_connection_left_in_a_transaction_is_not_lent_again(database: Database) -> None:
    connections = Connections(database.url, connections=1)
    with connections.writing() as connection:
        connection.execute("BEGIN")
    with connections.writing() as connection:
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


# --- the database does not do it ---


def test_who_may_not_switch_pgvector_on_is_told_who_can(postgres: PostgresServer) -> None:
    with (
        new_database(postgres, extension=False) as bare,
        pytest.raises(StoreRefusedError, match="CREATE EXTENSION vector"),
    ):
        PostgresStore(bare.url).ensure_schema()


def test_a_database_that_cannot_keep_every_letter_is_refused(postgres: PostgresServer) -> None:
    postgres.execute(f"CREATE DATABASE oud OWNER {OWNER} ENCODING 'LATIN1' TEMPLATE template0")
    try:
        with pytest.raises(StoreRefusedError, match="als LATIN1, niet als UTF-8"):
            PostgresStore(postgres.url("oud", OWNER)).ensure_schema()
    finally:
        postgres.execute("DROP DATABASE oud WITH (FORCE)")


def test_who_may_make_nothing_is_told_what_to_grant(database: Database) -> None:
    database.server.execute("CREATE ROLE gast LOGIN PASSWORD 'gast'")
    try:
        with pytest.raises(StoreRefusedError, match="GRANT CREATE ON DATABASE"):
            PostgresStore(database.server.url(database.name, "gast", "gast")).ensure_schema()
    finally:
        database.server.execute("DROP ROLE gast")


def test_tables_of_another_release_are_left_alone(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    publish(store, corpus)
    with database.connect() as connection:
        connection.execute("UPDATE rugpijn.about SET layout = 99")
    for use in (store.ensure_schema, lambda: store.open(EMBEDDER), lambda: publish(store, corpus)):
        with pytest.raises(StoreRefusedError, match="opbouw 99"):
            use()


def test_a_manifest_of_another_release_is_refused_as_from_files(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    publish(store, corpus)
    changed = {"opbouw 99": '{"schema_version": 99}', "ander programma": '{"schema_version": "zes"}'}
    for reason, manifest in changed.items():
        with database.connect() as connection:
            connection.execute("UPDATE rugpijn.versions SET manifest = %s", (manifest,))
        with pytest.raises(IndexUnusableError, match=reason):
            store.open(EMBEDDER)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (FakeEmbedder("ander", dimension=384), "gemaakt met het taalmodel 'fake', niet met 'ander'"),
        (FakeEmbedder(dimension=384, weights=1), "het taalmodel 'fake' is veranderd"),
    ],
    ids=["another model", "trained anew"],
)
def test_the_corpus_of_another_model_is_refused(
    store: PostgresStore, corpus: IndexVersion, model: FakeEmbedder, reason: str
) -> None:
    publish(store, corpus)
    with pytest.raises(IndexUnusableError, match=reason):
        store.open(model)


def test_an_empty_database_has_no_index_yet(store: PostgresStore) -> None:
    assert store.version_in_use() == ""
    with pytest.raises(IndexUnusableError, match="nog geen index"):
        store.open(EMBEDDER)


def test_several_processes_may_make_the_tables_at_once(database: Database) -> None:
    stores = [PostgresStore(database.url) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(PostgresStore.ensure_schema, stores))
    assert stores[0].version_in_use() == ""


# --- nothing half is ever read ---


def test_readers_go_on_with_the_old_version_until_the_new_one_is_whole(
    store: PostgresStore, corpus: IndexVersion
) -> None:
    before = publish(store, corpus).version
    reading = store.open(EMBEDDER)
    with store.draft() as draft:
        draft.bulk_load(list(corpus.entries())[:3])
        assert store.version_in_use() == before
        assert store.open(EMBEDDER).count() == corpus.count()
        draft.publish(corpus.manifest, corpus.articles.values(), (), corpus.questions)
        after = store.version_in_use()
    assert after != before
    assert store.open(EMBEDDER).count() == 3
    assert len(list(reading.entries())) == corpus.count()


def test_a_writer_that_dies_leaves_nothing_behind(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    before = publish(store, corpus).version
    with pytest.raises(StoreUnavailableError), store.draft() as draft:
        draft.bulk_load(corpus.entries())
        _hang_up(database)
        draft.publish(corpus.manifest, corpus.articles.values(), corpus.notes, corpus.questions)
    assert store.version_in_use() == before
    publish(store, corpus)
    assert _versions_with_tables(database) == 2


def test_what_is_not_published_is_gone(store: PostgresStore, database: Database, corpus: IndexVersion) -> None:
    with store.draft() as draft:
        draft.bulk_load(corpus.entries())
    assert _versions_with_tables(database) == 0
    assert store.version_in_use() == ""


def test_only_one_writes_at_a_time(store: PostgresStore, database: Database) -> None:
    with (
        store.draft(),
        pytest.raises(IngestBusyError, match="al een index gemaakt"),
        PostgresStore(database.url).draft(),
    ):
        pass
    with store.draft():
        pass


def test_old_versions_are_cleared_away_and_their_readers_told(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    publish(store, corpus)
    oldest = store.open(EMBEDDER)
    for _ in range(KEPT_VERSIONS):
        publish(store, corpus)
    assert _versions_with_tables(database) == KEPT_VERSIONS
    with pytest.raises(IndexUnusableError, match="opgeruimd"):
        oldest.search_lexical("rug", 1)


def test_a_version_in_use_by_a_reader_does_not_stop_the_next(
    store: PostgresStore, database: Database, corpus: IndexVersion
) -> None:
    oldest = publish(store, corpus).version
    for _ in range(KEPT_VERSIONS - 1):
        publish(store, corpus)
    with database.connect() as connection, connection.transaction():
        connection.execute(f'SELECT count(*) FROM rugpijn."passages_{oldest}"'.encode())
        newest = publish(store, corpus).version
        assert store.version_in_use() == newest
        assert _versions_with_tables(database) == KEPT_VERSIONS + 1
    publish(store, corpus)
    assert _versions_with_tables(database) == KEPT_VERSIONS


# --- more than one server ---


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Database, PostgresServer]]:
    """A database, and a standby of its server."""
    with postgres_server() as primary:
        prepare(primary)
        with new_database(primary) as database, following(primary) as standby:
            yield database, standby


def test_a_copy_reads_but_does_not_write(pair: tuple[Database, PostgresServer], corpus: IndexVersion) -> None:
    database, standby = pair
    version = publish(PostgresStore(database.url), corpus).version
    copy = PostgresStore(database.url.replace(str(database.server.port), str(standby.port)))
    _wait_for(copy, version)
    assert copy.open(EMBEDDER).search_lexical("rug", 1)
    assert not copy.health().is_writable
    assert copy.health().lag_seconds < 5
    for write in (copy.ensure_schema, lambda: publish(copy, corpus)):
        with pytest.raises(StoreReadOnlyError, match="alleen uit worden gelezen"):
            write()


def test_with_both_in_the_address_who_writes_finds_the_primary(
    pair: tuple[Database, PostgresServer], corpus: IndexVersion
) -> None:
    store = PostgresStore(_both(pair))
    version = publish(store, corpus).version
    _wait_for(store, version)
    assert not store.health().is_writable


def test_a_copy_that_is_behind_says_how_far(pair: tuple[Database, PostgresServer], corpus: IndexVersion) -> None:
    database, standby = pair
    copy = PostgresStore(database.url.replace(str(database.server.port), str(standby.port)))
    version = publish(PostgresStore(database.url), corpus).version
    _wait_for(copy, version)
    standby.execute("SELECT pg_wal_replay_pause()")
    try:
        newer = publish(PostgresStore(database.url), corpus).version
        assert copy.version_in_use() == version
        assert copy.health().lag_seconds > 0
        # A version that is known from elsewhere is read where it is there already.
        both = Connections(_both(pair))
        assert Reader(both, newer)(count_passages) == corpus.count()
        with pytest.raises(IndexUnusableError, match="opgeruimd"):
            Reader(both, "20000101T000000-000000")(count_passages)
    finally:
        standby.execute("SELECT pg_wal_replay_resume()")
    _wait_for(copy, newer)


def _both(pair: tuple[Database, PostgresServer]) -> str:
    """The address of both, the standby first."""
    database, standby = pair
    return database.url.replace("127.0.0.1:", f"127.0.0.1:{standby.port},127.0.0.1:")


def _wait_for(store: PostgresStore, version: str) -> None:
    for _ in range(200):
        try:
            if store.version_in_use() == version:
                return
        except IngestError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{version} never came")


def _hang_up(database: Database) -> None:
    """On everybody who is connected."""
    database.server.execute(
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database.name}'"
    )


def _versions_with_tables(database: Database) -> int:
    with database.connect() as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'passages\\_%'").fetchone()
    return row[0] if row else 0
