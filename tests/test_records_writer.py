"""Keeping never costs an answer: it returns at once, whatever is wrong with the disk, and says what was lost."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from records_fakes import (
    ANSWER,
    DAY,
    FEEDBACK,
    NOW,
    SOON,
    Losses,
    asks,
    column_names,
    deidentifier,
    eventually,
    exchange,
    is_sound,
    masks_secrets,
    number_kept,
    put_away,
    questions,
    rates,
    raw,
    records,
    rows,
)
from web_fakes import FakeAssistant, settings

from assistant import texts
from assistant.records.anonymous import Deidentify
from assistant.records.archive import FileArchive
from assistant.records.damage import set_aside
from assistant.records.filters import RatingFilter
from assistant.records.reading import Reader
from assistant.records.source import FileSource
from assistant.records.store import FileStore
from assistant.records.writer import BackgroundRecords
from assistant.web.reception import Channel, Reception, Visit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "records.sqlite3"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Another test may have configured logging as the server does, which hides it from pytest."""
    monkeypatch.setattr(logging.getLogger("assistant"), "propagate", True)
    caplog.set_level(logging.DEBUG)
    return caplog


# What is kept


def test_a_question_is_kept_without_what_identifies_and_with_what_was_answered(path: Path) -> None:
    assert put_away(path, asks("geheim, wat helpt?"), now=lambda: NOW + 0.9) == 0
    ((number, at, delete_at, channel, question, kind, urgency, flags, cited, answer, *_),) = rows(path, "exchanges")
    assert (number, at, delete_at) == (1, NOW, NOW + 30 * DAY)
    assert (channel, question) == ("page", "[weg], wat helpt?")
    assert (kind, urgency, flags, cited) == ("answered", "huisarts", '["koorts", "val"]', '["aa", "bb"]')
    assert answer == ANSWER.text


def test_feedback_is_kept_without_a_word_of_what_was_asked(path: Path) -> None:
    put_away(path, rates, now=lambda: NOW)
    assert rows(path, "feedback") == [(1, NOW, 0, "unclear", "answered", "huisarts", '["aa", "bb"]', None, "", None)]


def test_there_is_no_place_for_who_asked(path: Path) -> None:
    put_away(path, rates, asks("wat helpt?"))
    columns = {name for table in ("feedback", "exchanges") for name in column_names(path, table)}
    assert columns == set(
        "id at delete_at helpful reason kind urgency passage_ids channel question flags answer reply_id engine total_ms"
        " comment".split()
    )


def test_the_address_and_the_name_of_a_visitor_are_in_no_file(path: Path) -> None:
    reception = Reception(FakeAssistant(), settings(), records=records(path))
    visit = Visit(Channel.PAGE, address="203.0.113.7", visitor="een-willekeurige-naam")
    asyncio.run(reception.reply(visit, "wat helpt?", ()))
    reception.rate(visit, FEEDBACK)
    reception.close()
    assert questions(path) == ["wat helpt?"]
    assert len(rows(path, "feedback")) == 1
    assert b"203.0.113" not in raw(path)
    assert b"willekeurige" not in raw(path)


def test_without_days_no_conversation_is_kept_but_feedback_is(path: Path) -> None:
    kept = BackgroundRecords(FileArchive(path, 0), Losses())
    kept.keep("page", "geheim", ANSWER)
    kept.rate(FEEDBACK)
    kept.close()
    assert questions(path) == []
    assert len(rows(path, "feedback")) == 1
    assert b"geheim" not in raw(path)


def said(comment: str) -> Callable[[BackgroundRecords], None]:
    return lambda kept: kept.rate(replace(FEEDBACK, reply_id="r1", comment=comment))


@pytest.mark.parametrize("days", [30, 0])
def test_a_comment_is_kept_without_what_identifies_and_for_a_time(path: Path, days: int) -> None:
    kept = BackgroundRecords(FileArchive(path, days, now=lambda: NOW), Losses(), deidentifier)
    assert kept.takes_comments
    said("geheim, ik bedoelde links")(kept)
    kept.close()
    assert rows(path, "feedback", "reply_id, comment, delete_at") == [
        ("r1", "[weg], ik bedoelde links", NOW + 30 * DAY)
    ]
    assert b"geheim" not in raw(path)


def test_where_names_cannot_be_taken_out_nothing_is_kept_of_a_comment(path: Path) -> None:
    kept = BackgroundRecords(FileArchive(path, 0), lost := Losses())
    assert not kept.takes_comments
    said("geheim")(kept)
    kept.close()
    assert rows(path, "feedback", "helpful, comment, delete_at") == [(0, "", None)]
    assert b"geheim" not in raw(path)
    assert lost.count == 0


def test_a_comment_that_cannot_be_made_anonymous_is_lost_and_the_rating_is_not(path: Path) -> None:
    def broken(_: str) -> str:
        raise ValueError("geheim")

    kept = BackgroundRecords(FileArchive(path, 0), lost := Losses(), lambda: broken)
    said("geheim")(kept)
    kept.close()
    assert rows(path, "feedback", "helpful, comment") == [(0, "")]
    assert b"geheim" not in raw(path)
    assert lost.count == 1


def test_without_conversations_what_takes_out_names_is_loaded_with_the_first_comment(path: Path) -> None:
    made: list[str] = []

    def make() -> Deidentify:
        made.append("made")
        return masks_secrets

    kept = BackgroundRecords(FileArchive(path, 0), Losses(), make)
    asks("wat helpt?")(kept)
    rates(kept)
    assert eventually(lambda: Reader(FileSource(path)).count_ratings(RatingFilter()) == 1)
    assert made == []
    said("een")(kept)
    said("twee")(kept)
    kept.close()
    assert made == ["made"]
    assert rows(path, "feedback", "comment") == [("",), ("een",), ("twee",)]


def test_a_comment_goes_when_its_time_has_come_and_leaves_no_trace(path: Path) -> None:
    put_away(path, said("voorbij"), asks("voorbij"), now=lambda: NOW)
    put_away(path, said("nog niet"), now=lambda: NOW + DAY)
    put_away(path, now=lambda: NOW + 30 * DAY)
    assert rows(path, "feedback", "helpful, comment") == [(0, ""), (0, "nog niet")]
    assert b"voorbij" not in raw(path)


def test_an_exchange_is_kept_with_the_name_of_its_reply_and_what_was_said_of_it(path: Path) -> None:
    def ask(kept: BackgroundRecords) -> None:
        kept.keep("page", "wat helpt?", ANSWER, "r1", 812.5)

    put_away(path, ask, asks("zonder naam"), said("niet goed"), rates)
    assert rows(path, "exchanges", "reply_id, engine, total_ms, helpful") == [
        ("r1", "extractive", 812.5, 0),
        (None, "extractive", 0.0, None),
    ]


def test_everything_that_waits_is_put_away_in_order_when_it_closes(path: Path) -> None:
    assert put_away(path, *(asks(f"vraag {n}") for n in range(700))) == 0
    assert questions(path) == [f"vraag {n}" for n in range(700)]


def test_what_comes_after_closing_is_counted_as_lost(path: Path) -> None:
    lost = Losses()
    kept = records(path, lost)
    kept.close()
    kept.rate(FEEDBACK)
    assert lost.count == 1
    assert rows(path, "feedback") == []


# Nothing in clear


class Gate:
    """A deidentifier that is not ready before ``open`` is called."""

    def __init__(self) -> None:
        self._event = Event()
        self.open = self._event.set

    def __call__(self) -> Deidentify:
        assert self._event.wait(SOON)
        return masks_secrets


def test_until_names_can_be_taken_out_questions_wait_and_nothing_of_them_is_written(path: Path) -> None:
    gate, lost = Gate(), Losses()
    kept = BackgroundRecords(FileArchive(path, 30), lost, gate)
    kept.keep("page", "geheim", ANSWER)
    assert eventually(path.exists)
    assert b"geheim" not in raw(path)
    gate.open()
    kept.close()
    assert questions(path) == ["[weg]"]
    assert b"geheim" not in raw(path)
    assert lost.count == 0


def test_what_is_more_than_can_wait_is_lost_and_counted_at_once(path: Path, log: pytest.LogCaptureFixture) -> None:
    gate, lost = Gate(), Losses()
    kept = BackgroundRecords(FileArchive(path, 30), lost, gate, most_waiting=10)
    for number in range(25):
        kept.keep("page", f"vraag {number}", ANSWER)
    assert lost.count == 15
    gate.open()
    kept.close()
    assert questions(path) == [f"vraag {number}" for number in range(10)]
    assert [record.getMessage() for record in log.records] == [texts.RECORDS_LOST.format(why=texts.RECORDS_TOO_MANY)]


def test_a_message_from_which_names_cannot_be_taken_is_not_kept_and_costs_no_other(
    path: Path, log: pytest.LogCaptureFixture
) -> None:
    def fussy(message: str) -> str:
        if "geheim" in message:
            raise ValueError(f"kan dit niet lezen: {message}")
        return message

    lost = Losses()
    kept = BackgroundRecords(FileArchive(path, 30), lost, lambda: fussy)
    for question in ("een", "geheim", "twee", "geheim"):
        kept.keep("page", question, ANSWER)
    kept.close()
    assert questions(path) == ["een", "twee"]
    assert lost.count == 2
    assert b"geheim" not in raw(path)
    assert [record.getMessage() for record in log.records] == [
        texts.RECORDS_LOST.format(why=texts.RECORDS_NOT_ANONYMOUS)
    ]


def test_when_names_can_never_be_taken_out_feedback_is_still_kept(path: Path, log: pytest.LogCaptureFixture) -> None:
    def broken() -> Deidentify:
        raise OSError(28, "No space left on device")

    lost = Losses()
    kept = BackgroundRecords(FileArchive(path, 30), lost, broken)
    kept.keep("page", "geheim", ANSWER)
    kept.rate(FEEDBACK)
    kept.close()
    assert (questions(path), len(rows(path, "feedback")), lost.count) == ([], 1, 1)
    assert texts.RECORDS_NOT_PREPARED.format(why="No space left on device") in log.text


# What is wrong with the disk


def full(path: Path, patience_seconds: float) -> sqlite3.Connection:
    """A disk with room for what is in the file, and no more."""
    connection = sqlite3.connect(path, isolation_level=None)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    return connection


def read_only(path: Path, patience_seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)


@pytest.mark.parametrize(("connect", "why"), [(full, "SQLITE_FULL"), (read_only, "SQLITE_READONLY")])
def test_a_disk_that_takes_no_more_costs_a_line_in_the_log_and_a_count(
    path: Path, log: pytest.LogCaptureFixture, connect: Callable[[Path, float], sqlite3.Connection], why: str
) -> None:
    put_away(path, asks("eerder"))
    lost = put_away(path, *[asks("geheim " + "z" * 50_000)] * 40, connect=connect)
    assert lost == 40
    assert questions(path) == ["eerder"]
    assert is_sound(path)
    losses = [record for record in log.records if record.getMessage().startswith("Wat bezoekers")]
    assert [record.getMessage() for record in losses] == [texts.RECORDS_LOST.format(why=why)]
    assert "geheim" not in log.text


def test_a_folder_that_cannot_be_made_costs_a_line_in_the_log_and_a_count(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bestand").write_text("geen map")
    assert put_away(tmp_path / "bestand" / "records.sqlite3", asks("een"), rates) == 2
    assert texts.RECORDS_LOST.format(why="File exists") in log.text


def test_a_locked_file_holds_up_nobody_and_what_waits_is_kept_when_it_is_free(path: Path) -> None:
    put_away(path, asks("eerder"))
    lost = Losses()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        kept = records(path, lost, patience_seconds=SOON)
        start = time.monotonic()
        for number in range(100):
            kept.keep("page", f"vraag {number}", ANSWER)
        assert time.monotonic() - start < 0.5
        other.execute("ROLLBACK")
    assert eventually(lambda: number_kept(path) == 101)
    kept.close()
    assert lost.count == 0


def test_a_file_that_stays_locked_costs_what_was_to_be_put_in_it(path: Path, log: pytest.LogCaptureFixture) -> None:
    put_away(path, asks("eerder"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert put_away(path, asks("een"), rates, patience_seconds=0.01) >= 1
    assert questions(path) == ["eerder"]
    assert texts.RECORDS_LOST.format(why="SQLITE_BUSY") in log.text


# A damaged file


def set_aside_of(path: Path) -> list[Path]:
    return sorted(path.parent.glob("records.sqlite3.damaged-*"))


def test_a_file_that_is_no_database_is_set_aside_and_a_new_one_begun(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"dit is geen database" * 500)
    assert put_away(path, asks("een"), rates, now=lambda: NOW) == 0
    assert questions(path) == ["een"]
    (aside,) = set_aside_of(path)
    assert aside.read_bytes() == b"dit is geen database" * 500


def test_a_file_with_damage_inside_is_set_aside_while_the_chat_runs(path: Path) -> None:
    kept = records(path)
    kept.keep("page", "eerder", ANSWER)
    assert eventually(lambda: number_kept(path) == 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:  # the pages of the tables, behind the list of what tables there are
        file.seek(4096)
        file.write(b"\xff" * 4096 * 5)
    kept.keep("page", "later", ANSWER)
    kept.close()
    assert questions(path) == ["later"]
    assert len(set_aside_of(path)) >= 1
    assert is_sound(path)


def test_what_was_set_aside_goes_when_conversations_of_that_day_go(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"geheim" * 1_000)
    put_away(path, rates, now=lambda: NOW, days=7)
    assert len(set_aside_of(path)) == 1
    put_away(path, rates, now=lambda: NOW + 7 * DAY - 1, days=7)
    assert len(set_aside_of(path)) == 1
    put_away(path, rates, now=lambda: NOW + 7 * DAY + 1, days=7)
    assert set_aside_of(path) == []
    assert b"geheim" not in raw(path)


def test_a_file_that_was_replaced_meanwhile_is_not_set_aside(path: Path) -> None:
    put_away(path, rates)
    assert set_aside(path, inode=path.stat().st_ino + 1, now=NOW) is None
    assert path.exists()


def test_a_backup_that_is_put_back_is_used_from_then_on(path: Path) -> None:
    kept = records(path)
    kept.keep("page", "eerste", ANSWER)
    assert eventually(lambda: number_kept(path) == 1)
    with closing(FileStore(path)) as store:
        store.backup(path.with_name("kopie"))
    kept.keep("page", "gaat verloren", ANSWER)
    assert eventually(lambda: number_kept(path) == 2)
    for each in path.parent.glob("records.sqlite3*"):
        each.unlink()
    path.with_name("kopie").rename(path)
    kept.keep("page", "later", ANSWER)
    kept.close()
    assert questions(path) == ["eerste", "later"]


# How it goes away


def fill(path: Path, **ages: int) -> None:
    with closing(FileStore(path)) as store:
        store.add([exchange(question, NOW - days * DAY) for question, days in ages.items()])


def test_at_the_start_what_is_older_than_the_days_goes_and_leaves_no_trace(path: Path) -> None:
    fill(path, geheim=8, gisteren=1)
    put_away(path, rates, days=7, now=lambda: NOW)
    assert questions(path) == ["gisteren"]
    assert b"geheim" not in raw(path)


def test_when_no_conversations_are_kept_any_more_those_that_were_go_on_the_day_that_was_promised(path: Path) -> None:
    put_away(path, asks("vraag"), days=7, now=lambda: NOW)
    BackgroundRecords(FileArchive(path, 0, now=lambda: NOW + 7 * DAY - 1), Losses()).close()
    assert questions(path) == ["vraag"]
    BackgroundRecords(FileArchive(path, 0, now=lambda: NOW + 7 * DAY), Losses()).close()
    assert questions(path) == []
    assert b"vraag" not in raw(path)


def test_to_keep_longer_does_not_lengthen_what_was_promised_before_and_to_keep_shorter_shortens_it(path: Path) -> None:
    put_away(path, asks("week"), days=7, now=lambda: NOW)
    put_away(path, asks("maand"), days=30, now=lambda: NOW)
    put_away(path, rates, days=365, now=lambda: NOW + 7 * DAY)
    assert questions(path) == ["maand"]
    put_away(path, rates, days=5, now=lambda: NOW + 7 * DAY)
    assert questions(path) == []


def test_while_the_chat_runs_what_becomes_too_old_goes_without_a_question_coming_in(path: Path) -> None:
    fill(path, geheim=6)
    passed = 0.0
    kept = BackgroundRecords(
        FileArchive(path, 7, now=lambda: NOW + passed), Losses(), deidentifier, seconds_between_cleanings=0.05
    )
    time.sleep(0.2)
    assert questions(path) == ["geheim"]
    passed = 2.0 * DAY
    assert eventually(lambda: questions(path) == [])
    assert eventually(lambda: b"geheim" not in raw(path))
    kept.close()


def test_deletion_that_did_not_work_is_told_of_and_tried_again(path: Path, log: pytest.LogCaptureFixture) -> None:
    fill(path, geheim=8)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        archive = FileArchive(path, 7, patience_seconds=0.01, now=lambda: NOW)
        kept = BackgroundRecords(archive, Losses(), deidentifier, seconds_between_cleanings=0.05)
        assert eventually(lambda: texts.RECORDS_NOT_CLEANED.format(why="SQLITE_BUSY") in log.text)
        other.execute("ROLLBACK")
    assert eventually(lambda: questions(path) == [])
    kept.close()
    assert b"geheim" not in raw(path)


def test_all_that_was_kept_can_be_deleted_while_the_chat_runs(path: Path) -> None:
    kept = records(path)
    for number in range(50):
        kept.keep("page", f"vraag {number}", ANSWER)
    assert eventually(lambda: number_kept(path) == 50)
    assert FileArchive(path).forget_all() == 50
    assert b"vraag" not in raw(path)
    kept.keep("page", "later", ANSWER)
    kept.close()
    assert questions(path) == ["later"]
