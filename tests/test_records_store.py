"""The file of what is kept: whole, for its owner only, and without a trace of what was deleted."""

import random
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from records_fakes import DAY, NOW, RATING, exchange, is_sound, raw, rows

from assistant.records.errors import BackupExistsError, NewerRecordsError, NotScrubbedError
from assistant.records.migrations import refuse_newer
from assistant.records.rows import Exchange, Rating
from assistant.records.store import Kept, Store

ROWS = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "records.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path, patience_seconds=0.1)) as store:
        yield store


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_versions VALUES (99, '2030-01-01')")


# What is put in comes out


def test_an_exchange_comes_back_as_it_was_put_in_newest_first(store: Store) -> None:
    first = Exchange(
        NOW, NOW + 9, "stream", "mag ik “springen”?\n€", "urgent", "112", ("hart", "val"), ("a1", "b2"), "Bel 112."
    )
    store.add([first, exchange("tweede")])
    assert store.latest(10) == [(2, exchange("tweede")), (1, first)]
    assert store.latest(1) == [(2, exchange("tweede"))]


def test_rows_are_counted_by_what_they_are(store: Store) -> None:
    store.add([RATING, exchange(), exchange()])
    assert store.count() == Kept(exchanges=2, ratings=1)


def test_of_rows_that_are_added_together_all_are_kept_or_none(store: Store) -> None:
    with pytest.raises(sqlite3.Error):
        store.add([exchange(), replace(exchange(), at="gisteren")])
    assert store.count() == Kept(0, 0)
    store.add([exchange()])
    assert store.count() == Kept(1, 0)


def test_only_its_owner_can_read_the_file_and_those_beside_it(store: Store, path: Path) -> None:
    store.add([exchange()])
    files = list(path.parent.iterdir())
    assert {each.name for each in files} == {"records.sqlite3", "records.sqlite3-wal", "records.sqlite3-shm"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


def test_who_reads_holds_up_nobody_who_writes(store: Store, path: Path) -> None:
    store.add([exchange("een")])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)
        store.add([exchange("twee")])
        assert reader.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)
    assert store.count().exchanges == 2


# Versions


def test_a_file_of_a_newer_version_is_refused_with_what_to_do_and_is_left_as_it_is(path: Path) -> None:
    with closing(Store(path)) as store:
        store.add([exchange()])
    make_newer(path)
    before = path.read_bytes()
    with pytest.raises(NewerRecordsError, match=r"nieuwere versie .*99.*RUGPIJN_RECORDS_FILE"):
        Store(path)
    with pytest.raises(NewerRecordsError):
        refuse_newer(path)
    assert path.read_bytes() == before


def test_a_newer_file_is_recognised_while_another_process_has_it_open(store: Store, path: Path) -> None:
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


def test_several_that_open_a_new_file_at_once_make_its_tables_once(path: Path) -> None:
    def add_one(number: int) -> None:
        with closing(Store(path, patience_seconds=20)) as store:
            store.add([exchange(str(number))])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(16)))
    assert len(rows(path, "exchanges")) == 16


# What is deleted is gone


def test_deleting_one_leaves_all_others_and_its_number_is_not_given_again(store: Store) -> None:
    store.add([exchange("een"), exchange("twee"), exchange("drie")])
    assert store.forget(3) == 1
    assert store.forget(3) == 0
    store.add([exchange("vier")])
    assert [(number, each.question) for number, each in store.latest(9)] == [(4, "vier"), (2, "twee"), (1, "een")]


def with_words(reply_id: str | None, comment: str) -> Rating:
    return replace(RATING, reply_id=reply_id, comment=comment, delete_at=NOW + DAY)


def comments(path: Path) -> list[object]:
    return [comment for (comment,) in rows(path, "feedback", "comment")]


def test_with_a_conversation_go_the_words_of_the_feedback_on_it_and_no_others(store: Store, path: Path) -> None:
    store.add([replace(exchange(), reply_id="r1"), replace(exchange(), reply_id="r2"), exchange()])
    store.add([with_words("r1", "geheim een"), with_words("r2", "twee"), with_words(None, "drie"), RATING])
    assert store.forget(1) == 1
    assert comments(path) == ["", "twee", "drie", ""]
    assert store.forget(3) == 1
    assert comments(path) == ["", "twee", "drie", ""]
    assert b"geheim" not in raw(path)


def test_when_all_is_deleted_every_word_goes_also_without_conversations(store: Store, path: Path) -> None:
    store.add([with_words("weg", "geheim een"), with_words(None, "geheim twee")])
    assert store.forget_all() == 0
    assert comments(path) == ["", ""]
    assert b"geheim" not in raw(path)


def test_feedback_can_be_deleted_by_itself_and_leaves_no_trace(store: Store, path: Path) -> None:
    store.add([replace(exchange(), reply_id="r1"), with_words("r1", "geheim"), with_words("r2", "blijft")])
    assert store.forget_rating(1) == 1
    assert store.forget_rating(1) == 0
    assert comments(path) == ["blijft"]
    assert rows(path, "exchanges", "helpful") == [(None,)]
    assert b"geheim" not in raw(path)


def test_of_old_conversations_and_old_comments_the_words_go(store: Store, path: Path) -> None:
    old = NOW - 9 * DAY
    store.add([replace(exchange("oud", old), reply_id="r1"), with_words("r1", "geheim bij oud")])
    store.add([replace(with_words(None, "geheim"), at=old), with_words(None, "nieuw")])
    assert store.forget_old(NOW - 5, since=NOW - 8 * DAY) == 1
    assert comments(path) == ["", "", "nieuw"]
    assert store.forget_old(NOW + DAY, since=0) == 0
    assert comments(path) == ["", "", ""]
    assert b"geheim" not in raw(path) and b"nieuw" not in raw(path)


def test_feedback_stays_when_all_conversations_are_deleted(store: Store) -> None:
    store.add([RATING, exchange(), exchange()])
    assert store.forget_all() == 2
    assert store.count() == Kept(exchanges=0, ratings=1)


def test_what_is_older_is_deleted_and_what_is_not_stays(store: Store) -> None:
    store.add([exchange("oud", NOW - DAY - 1), exchange("op de grens", NOW - DAY), exchange("nieuw", NOW)])
    assert store.forget_old(NOW, since=NOW - DAY) == 1
    assert [each.question for _, each in store.latest(9)] == ["nieuw", "op de grens"]


def test_what_was_promised_to_be_kept_shorter_goes_on_its_own_day(store: Store) -> None:
    store.add([exchange("een dag", NOW, days=1), exchange("een week", NOW, days=7)])
    assert store.forget_old(NOW + DAY - 1, since=0) == 0
    assert store.forget_old(NOW + DAY, since=0) == 1
    assert [each.question for _, each in store.latest(9)] == ["een week"]


def from_the_oldest(store: Store, alive: list[int], chance: random.Random) -> None:
    """As days go by: a stretch at a time."""
    for _ in range(10):
        cut = alive[chance.randint(1, 20)]
        store.forget_old(now=0, since=NOW + cut)
        del alive[: alive.index(cut)]


def here_and_there(store: Store, alive: list[int], chance: random.Random) -> None:
    for number in chance.sample(alive, ROWS // 2):
        store.forget(number + 1)
        alive.remove(number)


# With these seeds SQLite moves rows from page to page such that ``secure_delete`` alone leaves up to three to be read.
@pytest.mark.parametrize("seed", [14, 48])
@pytest.mark.parametrize("delete", [from_the_oldest, here_and_there])
def test_not_a_word_of_what_was_deleted_is_left_in_any_file(
    store: Store, path: Path, delete: Callable[[Store, list[int], random.Random], None], seed: int
) -> None:
    chance = random.Random(seed)
    store.add([exchange(f"vraag{n:05d}x{'z' * chance.randint(5, 900)}", NOW + n) for n in range(ROWS)])
    alive = list(range(ROWS))
    delete(store, alive, chance)
    left = raw(path)
    assert [n for n in range(ROWS) if f"vraag{n:05d}x".encode() in left] == alive
    assert len(alive) < ROWS


def test_not_a_word_is_left_when_all_is_deleted(store: Store, path: Path) -> None:
    store.add([exchange(f"geheim {n}") for n in range(500)])
    assert b"geheim" in raw(path)
    store.forget_all()
    assert b"geheim" not in raw(path)


def test_who_holds_on_to_the_file_is_told_of_and_the_traces_go_when_he_lets_go(store: Store, path: Path) -> None:
    store.add([exchange("geheim")])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM exchanges").fetchall()
        with pytest.raises(NotScrubbedError):
            store.forget_all()
        assert store.count().exchanges == 0
        assert b"geheim" in raw(path)
    with closing(Store(path)) as next_one:
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
    with closing(Store(path, connect=without_room_for_a_copy)) as store:
        store.add([exchange("geheim " + "z" * 300) for _ in range(200)])
        with pytest.raises(sqlite3.Error):
            store.forget_all()
    assert b"geheim" not in raw(path)
    size = path.stat().st_size
    with closing(Store(path)) as store:
        assert store.forget_all() == 0
    assert path.stat().st_size < size


# A copy


def test_a_backup_is_a_whole_file_of_its_own_that_can_be_put_back(store: Store, path: Path, tmp_path: Path) -> None:
    store.add([RATING, exchange("een")])
    copy = tmp_path / "kopie.sqlite3"
    store.backup(copy)
    store.add([exchange("twee")])
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["kopie.sqlite3"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert is_sound(copy)
    with closing(Store(copy)) as restored:
        assert restored.count() == Kept(exchanges=1, ratings=1)
        restored.add([exchange("drie")])


def test_a_backup_never_overwrites_a_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "kopie").write_text("van mij")
    with pytest.raises(BackupExistsError, match="bestaat al"):
        store.backup(tmp_path / "kopie")
    assert (tmp_path / "kopie").read_text() == "van mij"


def test_a_backup_that_fails_leaves_no_half_file(path: Path, tmp_path: Path) -> None:
    with closing(Store(path, connect=without_room_for_a_copy)) as store, pytest.raises(sqlite3.Error):
        store.backup(tmp_path / "kopie")
    assert not (tmp_path / "kopie").exists()
