"""Records in PostgreSQL: one for all processes, really gone when deleted, put away once whatever happens meanwhile."""

import logging
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from click.testing import Result
from deploy_settings import shipped_settings
from postgres_server import PASSWORD, postgres_server
from records_fakes import ANSWER, DAY, FEEDBACK, NOW, RATING, Losses, deidentifier, eventually, exchange, is_sound
from records_places import KeptInPostgres, put
from typer.testing import CliRunner
from web_fakes import settings

from assistant import texts
from assistant.cli import app
from assistant.records import open_records
from assistant.records.counts import Counted, day_of
from assistant.records.errors import DatabaseUnusableError, NewerRecordsError, NotScrubbedError
from assistant.records.filters import Filter
from assistant.records.postgres.archive import PostgresArchive
from assistant.records.postgres.connection import SCHEMA, connect
from assistant.records.postgres.store import PostgresStore
from assistant.records.store import FileStore
from assistant.records.tables import Kept
from assistant.records.writer import BackgroundRecords
from ingest.settings import without_password

if TYPE_CHECKING:
    from postgres_fixtures import Database

pytest_plugins = ("postgres_fixtures",)

COUNTED = Counted(day_of(NOW), "page", "answered", "", "extractive", "", 20)
NOBODY = "postgresql://rugpijn:geheim@127.0.0.1:1/rugpijn?connect_timeout=1"


@pytest.fixture
def kept(database: "Database") -> KeptInPostgres:
    return KeptInPostgres(database)


def archive(kept: KeptInPostgres, days: int = 30, now: float = NOW) -> PostgresArchive:
    return PostgresArchive(kept.database.url, days, patience_seconds=5, now=lambda: now)


def rugpijn(kept: KeptInPostgres, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["records", *arguments], env={"RUGPIJN_STORE": kept.database.url})


# Put away


def test_the_setting_of_the_store_says_where_it_is_kept(kept: KeptInPostgres) -> None:
    records = open_records(settings(store=kept.database.url), lost := Losses())
    records.keep("page", "wat helpt?", ANSWER)
    records.rate(FEEDBACK)
    records.close()
    assert lost.count == 0
    assert kept.rows("feedback", "helpful, reason") == [(0, "unclear")]
    assert kept.reader().statistics(1).replies == 1


def test_what_identifies_is_taken_out_before_it_leaves_the_process(kept: KeptInPostgres) -> None:
    records = BackgroundRecords(archive(kept), Losses(), deidentifier)
    records.keep("page", "geheim, wat helpt?", ANSWER)
    records.close()
    assert kept.rows("exchanges", "question, delete_at") == [("[weg], wat helpt?", NOW + 30 * DAY)]
    assert b"geheim" not in kept.raw()


@pytest.mark.parametrize("question", ["nul\0teken", "half \ud800 teken"])
def test_what_postgresql_cannot_hold_costs_a_sign_and_not_the_conversation(kept: KeptInPostgres, question: str) -> None:
    put(kept, exchange(question))
    ((found,),) = kept.rows("exchanges", "question")
    assert str(found) in {"nulteken", "half ? teken"}


def test_what_is_put_away_again_under_the_same_name_is_there_once(kept: KeptInPostgres) -> None:
    batch = uuid4()
    with closing(kept.store()) as store:
        for _ in range(3):
            store.add([exchange(), RATING, COUNTED], {"2026-11-25": 2}, batch)
        assert store.count() == Kept(exchanges=1, ratings=1)
    assert kept.reader().statistics(1).conversations == 1
    with kept.database.connect() as connection:
        assert connection.execute(f"SELECT count FROM {SCHEMA}.replies").fetchall() == [(1,)]
        assert connection.execute(f"SELECT count FROM {SCHEMA}.losses").fetchall() == [(2,)]


def test_processes_that_count_the_same_at_once_count_everything(kept: KeptInPostgres) -> None:
    others = [Counted(day_of(NOW), "page", "answered", "", "extractive", "", bound) for bound in (10, 15, 20, 30)]

    def count(order: int) -> None:
        with closing(kept.store()) as store:
            for _ in range(10):
                store.add(others if order % 2 else others[::-1])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with kept.database.connect() as connection:
        assert connection.execute(f"SELECT count FROM {SCHEMA}.replies").fetchall() == [(40,)] * 4


def test_a_connection_that_breaks_costs_nothing(kept: KeptInPostgres) -> None:
    kept_by = archive(kept)
    kept_by.add([exchange("voor")])
    with kept.database.connect() as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    kept_by.add([exchange("na")])
    assert kept.rows("exchanges", "question") == [("voor",), ("na",)]


def test_without_a_database_it_is_lost_when_patience_ends_and_counted_when_it_is_back(kept: KeptInPostgres) -> None:
    records = BackgroundRecords(PostgresArchive(NOBODY, 30, patience_seconds=0.1), lost := Losses(), deidentifier)
    records.rate(FEEDBACK)
    assert eventually(lambda: lost.count == 1)
    records.close()


def test_what_is_wrong_is_said_without_the_password() -> None:
    with pytest.raises(DatabaseUnusableError) as unusable:
        PostgresArchive(NOBODY, patience_seconds=0).add([RATING])
    assert "127.0.0.1:1/rugpijn" in str(unusable.value)
    assert "geheim" not in str(unusable.value)


# Versions


def test_several_that_begin_at_once_make_the_tables_once(kept: KeptInPostgres) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: put(kept, exchange()), range(16)))
    assert len(kept.rows("exchanges", "id")) == 16


def test_what_a_newer_version_made_is_refused_with_what_to_do(kept: KeptInPostgres) -> None:
    put(kept, exchange())
    with kept.database.connect() as connection:
        connection.execute(f"INSERT INTO {SCHEMA}.schema_versions VALUES (99, now())")
    with pytest.raises(NewerRecordsError, match=r"nieuwere versie .*99.*RUGPIJN_STORE") as refused:
        open_records(settings(store=kept.database.url), Losses())
    assert PASSWORD not in str(refused.value)
    with pytest.raises(NewerRecordsError):
        kept.reader().count(Filter())


# What is deleted is gone


def test_who_is_reading_is_told_of_and_the_traces_go_when_he_is_done(kept: KeptInPostgres) -> None:
    put(kept, exchange("geheim"))
    with closing(kept.store()) as store, closing(connect(kept.database.url)) as reader:
        reader.execute("BEGIN")
        reader.execute(f"SELECT * FROM {SCHEMA}.exchanges").fetchall()
        with pytest.raises(NotScrubbedError):
            store.forget_all()
        assert store.count().exchanges == 0
        assert b"geheim" in kept.raw()
        reader.execute("ROLLBACK")
        store.scrub()
    assert b"geheim" not in kept.raw()


def test_what_is_written_meanwhile_waits_and_is_there_afterwards(kept: KeptInPostgres) -> None:
    put(kept, *(exchange(f"oud {n}") for n in range(50)))
    over = threading.Event()
    written = []

    def write() -> None:
        with closing(kept.store()) as store:
            while not over.is_set():
                store.add([exchange(f"nieuw {len(written)}")])
                written.append(1)

    with ThreadPoolExecutor(1) as pool, closing(kept.store()) as store:
        writing = pool.submit(write)
        for number in range(1, 11):
            assert store.forget(number) == 1
        over.set()
        writing.result(20)
    assert len(kept.rows("exchanges", "id")) == 40 + len(written)


def test_vectors_stay_with_the_conversations_that_stay(kept: KeptInPostgres) -> None:
    put(kept, exchange("een"), exchange("twee"))
    reader = kept.reader()
    reader.put_vectors("e5", {1: b"geheim", 2: b"blijft"})
    with closing(kept.store()) as store:
        store.forget(1)
    assert reader.vectors("e5", [1, 2]) == {2: b"blijft"}
    assert b"geheim" not in kept.raw() and b"blijft" in kept.raw()


def test_the_hourly_cleaning_of_many_processes_writes_the_tables_anew_once_an_hour(kept: KeptInPostgres) -> None:
    put(kept, exchange("geheim een", days=1), exchange("geheim twee", days=2))
    for day in (1, 2):
        with closing(archive(kept, now=NOW + day * DAY)) as another:
            another.clean()
        assert len(kept.rows("exchanges", "id")) == 2 - day
    assert b"geheim een" not in kept.raw() and b"geheim twee" in kept.raw()
    with closing(kept.store()) as store:
        store.scrub()
    assert b"geheim" not in kept.raw()


def test_the_log_of_changes_forgets_when_the_server_lets_go_of_it() -> None:
    """With the settings that are shipped, and the rights for it."""
    with postgres_server(**(shipped_settings() | {"synchronous_standby_names": ""})) as server:
        address = server.url()
        with closing(PostgresStore(connect(address), address)) as store:
            store.add([exchange("geheim-in-het-logboek")])
            server.execute("CHECKPOINT")  # this one server is in no hurry to write
            log = server.folder / "data" / "pg_wal"
            assert any(b"geheim-in-het-logboek" in each.read_bytes() for each in log.glob("0*"))
            store.forget_all()
            assert not any(b"geheim-in-het-logboek" in each.read_bytes() for each in log.glob("0*"))


# The command line


def test_the_commands_work_on_the_database(kept: KeptInPostgres, tmp_path: Path) -> None:
    assert SCHEMA in rugpijn(kept, "show").output
    put(kept, RATING, exchange("eerste", NOW - DAY), exchange("tweede"))
    counted, newest, oldest = rugpijn(kept, "show").output.strip().splitlines()
    assert counted == texts.RECORDS_KEPT.format(exchanges=2, ratings=1)
    assert newest.endswith("tweede") and oldest.endswith("eerste")
    assert rugpijn(kept, "delete", "2").exit_code == 0
    assert rugpijn(kept, "delete", "2").output.strip() == texts.RECORDS_NO_SUCH.format(number=2)
    assert rugpijn(kept, "delete", "--all").output.strip() == texts.RECORDS_DELETED.format(count=1)
    assert kept.rows("exchanges") == []


def test_a_backup_is_a_file_that_the_chat_without_postgresql_can_go_on_with(
    kept: KeptInPostgres, tmp_path: Path
) -> None:
    put(kept, RATING, exchange("een"), exchange("twee"), COUNTED)
    kept.reader().put_vectors("e5", {1: b"vector"})
    copy = tmp_path / "kopie.sqlite3"
    assert rugpijn(kept, "backup", str(copy)).exit_code == 0
    assert is_sound(copy)
    with closing(FileStore(copy)) as restored:
        assert restored.latest(9) == [(2, exchange("twee")), (1, exchange("een"))]
        restored.add([exchange("drie")])
        assert restored.count() == Kept(exchanges=3, ratings=1)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT vector FROM vectors").fetchall() == [(b"vector",)]
        assert connection.execute("SELECT count FROM replies").fetchall() == [(1,)]


def test_a_database_that_is_not_there_is_one_clear_line() -> None:
    result = CliRunner().invoke(app, ["records", "show"], env={"RUGPIJN_STORE": NOBODY})
    assert result.exit_code == 1
    (line,) = result.output.strip().splitlines()
    assert line.startswith(texts.RECORDS_DATABASE_UNUSABLE.format(where=without_password(NOBODY), reason="")[:40])
    assert "geheim" not in line and "RUGPIJN_STORE" in line


def test_what_talks_to_postgresql_may_be_missing_and_that_is_told(
    kept: KeptInPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("assistant.records.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = rugpijn(kept, "show")
    assert result.exit_code == 1 and "rugpijn-assistent[postgres]" in result.output


def test_what_could_not_be_put_away_before_the_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("assistant").propagate = True
    records = BackgroundRecords(PostgresArchive(NOBODY, 30, patience_seconds=30), Losses(), deidentifier)
    records.rate(FEEDBACK)
    records.close()
    assert texts.RECORDS_UNFINISHED in caplog.text


def test_the_state_names_the_database_and_its_size(kept: KeptInPostgres) -> None:
    put(kept, exchange())
    state = kept.reader().statistics(1).state
    assert state.size_bytes > 0 and state.free_bytes is None
    assert PASSWORD not in state.where and kept.database.name in state.where


def test_no_statement_needs_more_rights_than_those_of_the_owner_of_the_database(kept: KeptInPostgres) -> None:
    put(kept, exchange())
    with kept.database.connect() as connection:
        is_administrator = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchall()
        assert is_administrator == [(False,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT pg_switch_wal()")
    with closing(kept.store()) as store:
        assert store.forget_all() == 1
