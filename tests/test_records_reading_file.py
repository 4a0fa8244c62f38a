"""What staff reads of the file: without holding up who writes, without leaving it open, whatever is wrong with it."""

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from records_fakes import NOW, exchange, raw, rows

from assistant.records.errors import FileUnusableError, NewerRecordsError, RecordsError
from assistant.records.filters import Filter, RatingFilter
from assistant.records.reading import Reader
from assistant.records.rows import Exchange, Rating
from assistant.records.source import FileSource
from assistant.records.store import FileStore

TODAY = datetime.fromtimestamp(NOW).date()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite3"


@pytest.fixture
def reader(path: Path) -> Reader:
    return Reader(FileSource(path, patience_seconds=0.2))


def put(path: Path, *rows_: Exchange | Rating) -> None:
    with closing(FileStore(path)) as store:
        store.add(rows_)


def test_without_a_file_there_is_nothing_and_none_is_made(path: Path, reader: Reader) -> None:
    assert (reader.page(Filter()), reader.count(Filter()), reader.conversation(1)) == ([], 0, None)
    assert (reader.ratings(RatingFilter()), reader.unanswered(5), reader.badly_rated(5)) == ([], [], [])
    assert reader.vectors("e5", [1]) == {}
    reader.put_vectors("e5", {1: b"x"})
    assert reader.statistics(7).replies == 0
    assert not path.exists()


@pytest.mark.parametrize("content", [b"dit is geen database" * 300, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_said_in_dutch_and_stays_as_it_is(
    path: Path, reader: Reader, content: bytes
) -> None:
    path.write_bytes(content)
    for read in (lambda: reader.page(Filter()), lambda: reader.statistics(7), lambda: reader.unanswered(3)):
        with pytest.raises(FileUnusableError, match="kan niet worden gebruikt"):
            read()
    assert path.read_bytes() == content


def test_a_file_of_a_newer_version_is_refused(path: Path, reader: Reader) -> None:
    put(path, exchange())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_versions VALUES (99, '2030-01-01')")
    with pytest.raises(NewerRecordsError):
        reader.page(Filter())


def test_an_empty_file_has_nothing_in_it(path: Path, reader: Reader) -> None:
    path.touch()
    assert reader.page(Filter()) == []


def test_who_reads_needs_not_wait_for_who_writes_nor_the_other_way(path: Path, reader: Reader) -> None:
    put(path, exchange("een"))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert reader.count(Filter()) == 1
        with pytest.raises(RecordsError):
            reader.put_vectors("e5", {1: b"x"})
        writer.execute("ROLLBACK")
    put(path, exchange("twee"))
    assert reader.count(Filter()) == 2


def test_nothing_stays_open_that_would_keep_deleted_words_in_the_file(path: Path, reader: Reader) -> None:
    put(path, *(exchange(f"geheim {n}") for n in range(50)))
    reader.page(Filter())
    reader.unanswered(1)
    with closing(FileStore(path, patience_seconds=0.1)) as store:
        assert store.forget_all() == 50
    assert b"geheim" not in raw(path)


def test_several_threads_read_at_once(path: Path, reader: Reader) -> None:
    put(path, *(exchange(str(n)) for n in range(100)))
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(reader.count(Filter()))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counts == [100] * 8
    assert len(rows(path, "exchanges")) == 100


@pytest.mark.parametrize("wanted", [Filter(kind="urgent", words="pijn"), Filter(helpful=False), Filter(since=TODAY)])
def test_a_list_is_read_from_its_index_alone(path: Path, wanted: Filter) -> None:
    put(path, exchange())
    condition, values = wanted.sql
    query = (
        "SELECT id, at, kind, urgency, helpful, question FROM exchanges INDEXED BY exchanges_listed"
        f" WHERE {condition} ORDER BY id DESC"
    )
    with closing(sqlite3.connect(path)) as connection:
        plan = [told for *_, told in connection.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    assert plan == ["SCAN exchanges USING COVERING INDEX exchanges_listed"]
