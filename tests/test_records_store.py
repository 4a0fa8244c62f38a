"""What is kept, in a file or in PostgreSQL: whole, and without a trace of what was deleted."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from records_fakes import DAY, NOW, RATING, exchange
from records_places import KeptIn

from assistant.records.errors import BackupExistsError
from assistant.records.rows import Exchange, Rating
from assistant.records.store import Store
from assistant.records.tables import Kept

pytest_plugins = ("postgres_fixtures", "records_fixtures")


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
    with pytest.raises(Exception, match="gisteren|INTEGER"):
        store.add([exchange(), replace(exchange(), at="gisteren")])
    assert store.count() == Kept(0, 0)
    store.add([exchange()])
    assert store.count() == Kept(1, 0)


def test_several_that_open_a_new_file_at_once_make_its_tables_once(kept: KeptIn) -> None:
    def add_one(number: int) -> None:
        with closing(kept.store()) as store:
            store.add([exchange(str(number))])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(16)))
    assert len(kept.rows("exchanges")) == 16


# What is deleted is gone


def test_deleting_one_leaves_all_others_and_its_number_is_not_given_again(store: Store) -> None:
    store.add([exchange("een"), exchange("twee"), exchange("drie")])
    assert store.forget(3) == 1
    assert store.forget(3) == 0
    store.add([exchange("vier")])
    assert [(number, each.question) for number, each in store.latest(9)] == [(4, "vier"), (2, "twee"), (1, "een")]


def with_words(reply_id: str | None, comment: str) -> Rating:
    return replace(RATING, reply_id=reply_id, comment=comment, delete_at=NOW + DAY)


def comments(kept: KeptIn) -> list[object]:
    return [comment for (comment,) in kept.rows("feedback", "comment")]


def test_with_a_conversation_go_the_words_of_the_feedback_on_it_and_no_others(store: Store, kept: KeptIn) -> None:
    store.add([replace(exchange(), reply_id="r1"), replace(exchange(), reply_id="r2"), exchange()])
    store.add([with_words("r1", "geheim een"), with_words("r2", "twee"), with_words(None, "drie"), RATING])
    assert store.forget(1) == 1
    assert comments(kept) == ["", "twee", "drie", ""]
    assert store.forget(3) == 1
    assert comments(kept) == ["", "twee", "drie", ""]
    assert b"geheim" not in kept.raw()


def test_when_all_is_deleted_every_word_goes_also_without_conversations(store: Store, kept: KeptIn) -> None:
    store.add([with_words("weg", "geheim een"), with_words(None, "geheim twee")])
    assert store.forget_all() == 0
    assert comments(kept) == ["", ""]
    assert b"geheim" not in kept.raw()


def test_feedback_can_be_deleted_by_itself_and_leaves_no_trace(store: Store, kept: KeptIn) -> None:
    store.add([replace(exchange(), reply_id="r1"), with_words("r1", "geheim"), with_words("r2", "blijft")])
    assert store.forget_rating(1) == 1
    assert store.forget_rating(1) == 0
    assert comments(kept) == ["blijft"]
    assert kept.rows("exchanges", "helpful") == [(None,)]
    assert b"geheim" not in kept.raw()


def test_of_old_conversations_and_old_comments_the_words_go(store: Store, kept: KeptIn) -> None:
    old = NOW - 9 * DAY
    store.add([replace(exchange("oud", old), reply_id="r1"), with_words("r1", "geheim bij oud")])
    store.add([replace(with_words(None, "geheim"), at=old), with_words(None, "nieuw")])
    assert store.forget_old(NOW - 5, since=NOW - 8 * DAY) == 1
    assert comments(kept) == ["", "", "nieuw"]
    assert store.forget_old(NOW + DAY, since=0) == 0
    assert comments(kept) == ["", "", ""]
    assert b"geheim" not in kept.raw() and b"nieuw" not in kept.raw()


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


def test_of_what_is_deleted_here_and_there_nothing_is_left_and_of_the_rest_all(store: Store, kept: KeptIn) -> None:
    store.add([exchange(f"vraag{n:03d}x{'z' * (n * 7 % 900)}", NOW + n) for n in range(100)])
    gone = {3, 4, 5, 50, 99}
    for number in gone - {50}:
        store.forget(number + 1)
    store.add([exchange("nieuw", NOW + 200)])
    store.forget(50 + 1)
    left = kept.raw()
    assert {n for n in range(100) if f"vraag{n:03d}x".encode() not in left} == gone
    assert store.count().exchanges == 96


def test_not_a_word_is_left_when_all_is_deleted(store: Store, kept: KeptIn) -> None:
    store.add([exchange(f"geheim {n}") for n in range(500)])
    assert b"geheim" in kept.raw()
    store.forget_all()
    assert b"geheim" not in kept.raw()


# A copy


def test_a_backup_never_overwrites_a_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "kopie").write_text("van mij")
    with pytest.raises(BackupExistsError, match="bestaat al"):
        store.backup(tmp_path / "kopie")
    assert (tmp_path / "kopie").read_text() == "van mij"
