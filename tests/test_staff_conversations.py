"""Gesprekken: what was kept is found, read as text, and really gone when it is deleted."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_fakes import NOW, RATING, exchange
from staff_fixtures import fake_desk

from assistant.records.filters import Filter
from assistant.records.reading import Listed, Rated
from assistant.records.rows import Exchange, Rating
from assistant.records.store import FileStore
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.said import conversation_line, day_typed, rating_line
from assistant.staff.tabs.conversations import ConversationsTab

pytest_plugins = ("browser_fixtures", "staff_fixtures")

HOSTILE = '<img src=x onerror="alert(1)"> **vet** [klik](https://kwaad.example) | cel'
NO_FILTER = ("", "", "", "", "", "")


@pytest.fixture(scope="module")
def practice_desk(fake_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return fake_desk(tmp_path_factory.mktemp("practice"), fake_index)


@pytest.fixture
def desk_of(practice_desk: Desk, tmp_path: Path) -> Callable[..., Desk]:
    def made(*rows: Exchange | Rating, days: int = 30) -> Desk:
        own = {"records_file": tmp_path / "records.sqlite3", "keep_conversations_days": days}
        if rows:
            with closing(FileStore(own["records_file"])) as store:  # type: ignore[arg-type]
                store.add(rows)
        return Desk(practice_desk.settings.model_copy(update=own), practice_desk._live, practice_desk.embedder)

    return made


def laid_out(desk: Desk) -> ConversationsTab:
    with gr.Blocks(), gr.Tab():
        return ConversationsTab(desk)


def lines(tab: ConversationsTab, updates: dict[Any, Any]) -> list[str]:
    return [line for line, _ in updates[tab.choice]["choices"]]


def test_where_nothing_is_kept_the_tab_says_how_to_switch_it_on_and_shows_opinions(
    desk_of: Callable[..., Desk],
) -> None:
    tab = laid_out(desk_of(replace(RATING, helpful=False, comment="te lang"), days=0))
    shown = tab.on_open()
    assert "RUGPIJN\\_KEEP\\_CONVERSATIONS\\_DAYS" in shown[tab.kept_for]
    assert shown[tab.kept]["visible"] is False
    assert "te lang" in shown[tab.rating]["choices"][0][0]


def test_what_was_kept_before_it_was_switched_off_can_still_be_read_and_deleted(desk_of: Callable[..., Desk]) -> None:
    tab = laid_out(desk_of(exchange("nekpijn"), days=0))
    assert tab.on_open()[tab.kept]["visible"] is True


def test_the_newest_come_first_and_the_older_ones_after_them(desk_of: Callable[..., Desk]) -> None:
    tab = laid_out(desk_of(*(exchange(f"vraag {number}", at=NOW + number) for number in range(30))))
    first = tab.on_open()
    assert lines(tab, first)[0].startswith("vraag 29 (") and len(lines(tab, first)) == 25
    assert first[tab.older]["visible"] is True and first[tab.newest]["visible"] is False
    then = tab.on_older(*NO_FILTER, first[tab.before])
    assert [line.split(" (")[0] for line in lines(tab, then)] == [f"vraag {number}" for number in range(4, -1, -1)]
    assert then[tab.older]["visible"] is False and then[tab.newest]["visible"] is True


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (("nek", "", "", "", "", ""), ["nek"]),
        (("", "not_found", "", "", "", ""), ["rug"]),
        (("", "", "spoed", "", "", ""), ["been"]),
        (("", "", "", "no", "", ""), ["nek"]),
        (("", "", "", "", "16-01-2027", ""), ["been", "rug"]),
        (("", "", "", "", "", "15-1-2027"), ["nek"]),
        (("'; DROP TABLE exchanges; --", "", "", "", "", ""), []),
        (("%", "", "", "", "", ""), []),
        (("", "no kind", ["odd"], 7, None, None), ["been", "rug", "nek"]),
    ],
)
def test_a_filter_finds_what_it_asks_for(
    desk_of: Callable[..., Desk], filters: tuple[Any, ...], found: list[str]
) -> None:
    day = 86_400
    rows = (
        replace(exchange("nek"), reply_id="a"),
        replace(exchange("rug", at=NOW + 2 * day), kind="not_found"),
        replace(exchange("been", at=NOW + 2 * day), kind="urgent", urgency="spoed"),
        replace(RATING, helpful=False, reply_id="a"),
    )
    tab = laid_out(desk_of(*rows))
    shown = tab.on_search(*filters)
    assert [line.split(" (")[0] for line in lines(tab, shown)] == found


def test_what_is_no_day_is_said_and_the_list_stays(desk_of: Callable[..., Desk]) -> None:
    tab = laid_out(desk_of(exchange()))
    shown = tab.on_search("", "", "", "", "<b>gisteren", "")
    assert "\\<b\\>gisteren" in shown[tab.said] or "&lt;b&gt;gisteren" in shown[tab.said]
    assert tab.choice not in shown


def test_a_conversation_is_shown_as_text_with_what_was_thought_of_it(desk_of: Callable[..., Desk]) -> None:
    hostile = replace(exchange(HOSTILE), answer=HOSTILE, reply_id="a")
    tab = laid_out(desk_of(hostile, replace(RATING, helpful=False, reason="wrong", comment=HOSTILE, reply_id="a")))
    shown = tab.on_choose(1)
    assert shown[tab.chosen]["visible"] is True
    unescaped = shown[tab.conversation].replace("\\<", "").replace("\\]", "").replace("\\*", "")
    assert "<img" not in unescaped and "](https" not in unescaped and "**vet" not in unescaped
    assert shown[tab.conversation].count("kwaad") == 3, shown[tab.conversation]
    assert "niet goed" in shown[tab.conversation]


@pytest.mark.parametrize("number", [0, 99, None, "1", [1], True, -3])
def test_a_conversation_that_is_not_there_is_said_to_be_gone(desk_of: Callable[..., Desk], number: Any) -> None:
    tab = laid_out(desk_of(exchange()))
    shown = tab.on_choose(number)
    assert shown[tab.said] and shown[tab.chosen]["visible"] is False


def test_one_that_is_deleted_is_gone_from_the_file_and_so_is_what_was_written_about_it(
    desk_of: Callable[..., Desk],
) -> None:
    rows = (
        replace(exchange("geheimewoorden"), reply_id="a"),
        exchange("blijft"),
        replace(RATING, comment="geheimeroddel", reply_id="a"),
    )
    desk = desk_of(*rows)
    tab = laid_out(desk)
    shown = tab.on_delete(1, *NO_FILTER, False)
    assert [line.split(" (")[0] for line in lines(tab, shown)] == ["blijft"]
    kept = b"".join(path.read_bytes() for path in desk.settings.records_file.parent.glob("records.sqlite3*"))
    assert b"geheim" not in kept and b"blijft" in kept


def test_deleting_all_first_names_how_many_and_then_leaves_no_word(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(exchange("geheim een"), exchange("geheim twee"), replace(RATING, comment="geheim drie"))
    tab = laid_out(desk)
    assert "2 gesprekken" in tab.on_delete_all()[tab.warning]
    assert desk.records.count(Filter()) == 2
    shown = tab.on_confirm(False)
    assert lines(tab, shown) == [] and "2 gesprekken" in shown[tab.said]
    assert desk.records.count(Filter()) == 0
    assert b"geheim" not in b"".join(path.read_bytes() for path in desk.settings.records_file.parent.glob("records*"))


def test_feedback_can_be_narrowed_to_what_was_written_and_deleted_one_by_one(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(RATING, replace(RATING, helpful=False, comment="onduidelijk"))
    tab = laid_out(desk)
    assert len(tab.on_ratings(False)[tab.rating]["choices"]) == 2
    ((line, number),) = tab.on_ratings(True)[tab.rating]["choices"]
    assert "onduidelijk" in line
    assert "onduidelijk" in tab.on_choose_rating(number)[tab.comment]
    assert tab.on_delete_rating(number, True)[tab.rating]["choices"] == []
    assert len(tab.on_ratings(False)[tab.rating]["choices"]) == 1


def test_a_damaged_file_is_said_in_the_tab(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    desk.settings.records_file.write_bytes(b"no database at all, but long enough to be one" * 100)
    tab = laid_out(desk)
    shown = tab.on_open()
    assert shown[tab.said] and shown[tab.kept]["visible"] is False


@pytest.mark.parametrize("typed", ["25-11-2026", "2026-11-25", "25/11/2026", " 25-11-2026 "])
def test_a_day_may_be_typed_in_several_ways(typed: str) -> None:
    day = day_typed(typed)
    assert day is not None and day.isoformat() == "2026-11-25"


@given(st.text(max_size=300), st.sampled_from(["answered", "urgent", "x"]), st.sampled_from([None, "112", "y"]))
def test_a_line_of_a_list_is_one_line(typed: str, kind: str, urgency: str | None) -> None:
    for line in (
        conversation_line(Listed(1, NOW, kind, urgency, None, typed)),
        rating_line(Rated(1, replace(RATING, comment=typed, kind=kind))),
    ):
        assert len(line.splitlines()) == 1 and texts.CHECK_KINDS.get(kind, kind) in line
