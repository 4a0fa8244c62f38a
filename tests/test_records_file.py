"""The SQLite file in which it is kept: for its owner only, replaced or refused when it must be, and copied."""

import random
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from records_fakes import NOW, RATING, exchange, is_sound, raw

from assistant.records.errors import NewerRecordsError, NotScrubbedError
from assistant.records.migrations import refuse_newer
from assistant.records.store import FileStore
from assistant.records.tables import Kept

ROWS = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "records.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[FileStore]:
    with closing(FileStore(path, patience_seconds=0.1)) as store:
        yield store


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_versions VALUES (99, '2030-01-01')")


def test_only_its_owner_can_read_the_file_and_those_beside_it(store: FileStore, path: Path) -> None:
    store.add([exchange()])
    files = list(path.parent.iterdir())
    assert {each.name for each in files} == {"records.sqlite3", "records.sqlite3-wal", "records.sqlite3-shm"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


def test_who_reads_holds_up_nobody_who_writes(store: FileStore, path: Path) -> None:
    store.add([exchange("een")])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)
        store.add([exchange("twee")])
        assert reader.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)
    assert store.count().exchanges == 2


def test_a_file_of_a_newer_version_is_refused_with_what_to_do_and_is_left_as_it_is(path: Path) -> None:
    with closing(FileStore(path)) as store:
        store.add([exchange()])
    make_newer(path)
    before = path.read_bytes()
    with pytest.raises(NewerRecordsError, match=r"nieuwere versie .*99.*RUGPIJN_RECORDS_FILE"):
        FileStore(path)
    with pytest.raises(NewerRecordsError):
        refuse_newer(path)
    assert path.read_bytes() == before


def test_a_newer_file_is_recognised_while_another_process_has_it_open(store: FileStore, path: Path) -> None:
    make_newer(path)
    with pytest.raises(NewerRecordsError):
        refuse_newer(path)


@pytest.mark.parametrize("content", [None, b"", b"dit is geen database" * 300])
def test_looking_for_a_newer_version_makes_and_changes_nothing(path: Path, content: bytes | None) -> None:
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    refuse_newer(path)
    assert [each.read_bytes() for each in path.parent.iterdir()] == ([] if content is None else [content])


def from_the_oldest(store: FileStore, alive: list[int], chance: random.Random) -> None:
    """As days go by: a stretch at a time."""
    for _ in range(10):
        cut = alive[chance.randint(1, 20)]
        store.forget_old(now=0, since=NOW + cut)
        del alive[: alive.index(cut)]


def here_and_there(store: FileStore, alive: list[int], chance: random.Random) -> None:
    for number in chance.sample(alive, ROWS // 2):
        store.forget(number + 1)
        alive.remove(number)


# With these seeds SQLite moves rows from page to page such that ``secure_delete`` alone leaves up to three to be read.
@pytest.mark.parametrize("seed", [14, 48])
@pytest.mark.parametrize("delete", [from_the_oldest, here_and_there])
def test_not_a_word_of_what_was_deleted_is_left_in_any_file(
    store: FileStore, path: Path, delete: Callable[[FileStore, list[int], random.Random], None], seed: int
) -> None:
    chance = random.Random(seed)
    store.add([exchange(f"vraag{n:05d}x{'z' * chance.randint(5, 900)}", NOW + n) for n in range(ROWS)])
    alive = list(range(ROWS))
    delete(store, alive, chance)
    left = raw(path)
    assert [n for n in range(ROWS) if f"vraag{n:05d}x".encode() in left] == alive
    assert len(alive) < ROWS


def test_who_holds_on_to_the_file_is_told_of_and_the_traces_go_when_he_lets_go(store: FileStore, path: Path) -> None:
    store.add([exchange("geheim")])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM exchanges").fetchall()
        with pytest.raises(NotScrubbedError):
            store.forget_all()
        assert store.count().exchanges == 0
        assert b"geheim" in raw(path)
    with closing(FileStore(path)) as next_one:
        assert next_one.forget_all() == 0
        assert b"geheim" not in raw(path)


def without_room_for_a_copy(path: Path, patience_seconds: float) -> sqlite3.Connection:
    """A file that cannot be written anew, neither in its place nor elsewhere: SQLite attaches the copy first."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK
    )
    return connection


def test_without_room_to_write_the_file_anew_what_was_deleted_is_wiped_where_it_stood_and_the_rest_later(
    path: Path,
) -> None:
    with closing(FileStore(path, connect=without_room_for_a_copy)) as store:
        store.add([exchange("geheim " + "z" * 300) for _ in range(200)])
        with pytest.raises(sqlite3.Error):
            store.forget_all()
    assert b"geheim" not in raw(path)
    size = path.stat().st_size
    with closing(FileStore(path)) as store:
        assert store.forget_all() == 0
    assert path.stat().st_size < size


def test_a_backup_is_a_whole_file_of_its_own_that_can_be_put_back(store: FileStore, path: Path, tmp_path: Path) -> None:
    store.add([RATING, exchange("een")])
    copy = tmp_path / "kopie.sqlite3"
    store.backup(copy)
    store.add([exchange("twee")])
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["kopie.sqlite3"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert is_sound(copy)
    with closing(FileStore(copy)) as restored:
        assert restored.count() == Kept(exchanges=1, ratings=1)
        restored.add([exchange("drie")])


def test_a_backup_that_fails_leaves_no_half_file(path: Path, tmp_path: Path) -> None:
    with closing(FileStore(path, connect=without_room_for_a_copy)) as store, pytest.raises(sqlite3.Error):
        store.backup(tmp_path / "kopie")
    assert not (tmp_path / "kopie").exists()
