"""A file of an earlier version is brought up to date, and nothing that was in it is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from records_fakes import NOW, is_sound, rows

from assistant.records.counts import Counted
from assistant.records.errors import FileUnusableError
from assistant.records.filters import Filter, RatingFilter
from assistant.records.reading import Reader
from assistant.records.rows import Exchange, Rating
from assistant.records.source import FileSource
from assistant.records.store import FileStore

VERSION_1 = (Path(__file__).parent / "records_version_1.sql").read_text("utf-8")
KEPT = [
    Exchange(
        at=1_790_000_100,
        delete_at=1_792_592_100,
        channel="stream",
        question="Ik ben [naam], pijn op mijn borst",
        kind="urgent",
        urgency="112",
        flags=("hart",),
        passage_ids=(),
        answer="Bel nu 112",
    ),
    Exchange(
        at=1_790_000_000,
        delete_at=1_792_592_000,
        channel="page",
        question="wat helpt tegen “nekpijn”?",
        kind="answered",
        urgency=None,
        flags=(),
        passage_ids=("aa", "bb"),
        answer="Warmte helpt. [1]",
    ),
]
RATED = [
    Rating(1_790_000_300, False, "unclear", "answered", "huisarts", ("cc",)),
    Rating(1_790_000_000, True, "", "answered", None, ("aa", "bb")),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """As the first version left it: two conversations, after a third was deleted, and two ratings."""
    path = tmp_path / "records.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def test_who_writes_finds_all_that_was_kept_and_goes_on(path: Path) -> None:
    with closing(FileStore(path)) as store:
        assert [each for _, each in store.latest(9)] == KEPT
        store.add([Exchange(NOW, NOW, "page", "nieuw", "answered", None, (), (), "Ja.", "r1", "llm", 12.5)])
        assert [number for number, _ in store.latest(1)] == [4]
    assert is_sound(path)
    assert rows(path, "exchanges", "reply_id, engine, total_ms, helpful")[-1] == ("r1", "llm", 12.5, None)


def test_who_reads_first_finds_all_that_was_kept(path: Path) -> None:
    reader = Reader(FileSource(path))
    assert [each.number for each in reader.page(Filter())] == [2, 1]
    found = [reader.conversation(number) for number in (2, 1)]
    assert [each.exchange for each in found if each] == KEPT
    assert [each.rating for each in reader.ratings(RatingFilter())] == RATED
    assert reader.statistics(7).conversations == 2


def test_brought_up_to_date_it_is_what_a_new_file_is(path: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.sqlite3"
    for each in (path, fresh):
        with closing(FileStore(each)) as store:
            store.add([Counted("2026-11-25", "page", "answered", "", "extractive", "", 100)])

    def made(each: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(each)) as connection:
            return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))

    assert made(path) == made(fresh)
    assert len(made(path)) > 10


def test_a_step_that_cannot_be_made_leaves_the_file_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE losses (mine TEXT)")
    with pytest.raises(sqlite3.OperationalError):
        FileStore(path)
    with pytest.raises(FileUnusableError):
        Reader(FileSource(path)).count(Filter())
    assert rows(path, "exchanges", "question")[0] == (KEPT[1].question,)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT max(version) FROM schema_versions").fetchone() == (1,)
        assert "reply_id" not in {name for _, name, *_ in connection.execute("PRAGMA table_info(exchanges)")}
