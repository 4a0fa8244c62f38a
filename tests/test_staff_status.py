"""Stand: what staff reads of how the chat is doing, and the switch that pauses it."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from records_fakes import ANSWER, FEEDBACK, put_away, rates
from staff_fixtures import fake_desk

from assistant.answer import Answer, AnswerKind
from assistant.records.reading import Reader
from assistant.records.source import FileSource
from assistant.records.statistics import Statistics
from assistant.records.writer import BackgroundRecords
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.standing import days_shown, file_shown, replies_shown
from assistant.staff.tabs.status import StatusTab
from assistant.web.pause import PauseSwitch
from ingest.versions import version_in_use

pytest_plugins = ("browser_fixtures", "staff_fixtures")

HOSTILE = '<img src=x onerror="alert(1)">**vet** | cel'


@pytest.fixture(scope="module")
def practice_desk(fake_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return fake_desk(tmp_path_factory.mktemp("practice"), fake_index)


@pytest.fixture
def desk(practice_desk: Desk, tmp_path: Path) -> Desk:
    """The assistant of all tests here, with files of its own."""
    own = {"records_file": tmp_path / "records.sqlite3", "pause_file": tmp_path / "paused"}
    return Desk(practice_desk.settings.model_copy(update=own), practice_desk._live, practice_desk.embedder)


@pytest.fixture
def tab(desk: Desk) -> StatusTab:
    return laid_out(desk)


def laid_out(desk: Desk) -> StatusTab:
    with gr.Blocks(), gr.Tab():
        return StatusTab(desk)


def shown(tab: StatusTab, updates: dict[Any, Any], name: str) -> Any:
    return updates[getattr(tab, name)]


def ask(kept: BackgroundRecords) -> None:
    kept.keep("page", "Wat helpt?", ANSWER, "a", 30.0)
    kept.keep("page", "Wie wint?", Answer(AnswerKind.OUT_OF_SCOPE), "b", 900.0)


def statistics(path: Path, days: int = 7) -> Statistics:
    return Reader(FileSource(path)).statistics(days)


def test_replies_are_counted_by_kind_with_alarms_and_speed(desk: Desk) -> None:
    path = desk.settings.records_file
    put_away(path, ask, ask, rates)
    said = replies_shown(statistics(path))
    assert "gaf de chat 4 antwoorden" in said
    assert "| Antwoord uit de artikelen | 2 |" in said
    assert "| Daar gaat de chat niet over | 2 |" in said
    assert "50\u00a0%" in said
    assert "| Huisarts\\, binnen enkele dagen | 2 |" in said
    assert "binnen 0\\,03 seconden" in said
    assert "1\\,00 seconden" in said
    assert "Het hielp niet\\: 1 keer" in said


def test_every_day_with_replies_is_in_figures_beside_the_picture(desk: Desk) -> None:
    put_away(desk.settings.records_file, ask)
    said = days_shown(statistics(desk.settings.records_file))
    assert said.count('class="column"') == 7
    (row,) = (line for line in said.splitlines() if line.endswith("| 1\\,00 |"))
    assert row.replace("\\", "") == f"| {date.today():%d-%m-%Y} | 2 | 1 | 0 | 1 | 1 | 0,03 | 1,00 |"
    assert "aria-hidden" in said


def test_when_nobody_asked_anything_it_says_so(tab: StatusTab) -> None:
    updates = tab.on_open()
    assert shown(tab, updates, "replies").startswith("In de laatste 30 dagen is er niets gevraagd")


def test_what_could_not_be_kept_is_said_with_the_day(desk: Desk) -> None:
    put_away(desk.settings.records_file, ask)
    today = date.today()
    found = replace(statistics(desk.settings.records_file), losses={today - timedelta(days=1): 3, today: 1_200})
    said = file_shown(found, 0)
    assert "1\\.203 gegevens konden niet worden bewaard" in said
    assert texts.STATUS_FILE_SOUND not in said


def test_a_damaged_file_costs_its_own_part_of_the_page_alone(tab: StatusTab, desk: Desk) -> None:
    desk.settings.records_file.write_bytes(b"geen SQLite" * 1_000)
    updates = tab.on_open()
    assert shown(tab, updates, "replies") == ""
    assert "records" in shown(tab, updates, "file")
    assert texts.STATUS_PASSAGES in shown(tab, updates, "index")


def test_a_locked_file_is_read_all_the_same(tab: StatusTab, desk: Desk) -> None:
    put_away(desk.settings.records_file, ask)
    with closing(sqlite3.connect(desk.settings.records_file)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert "2 antwoorden" in shown(tab, tab.on_open(), "replies")


def test_the_index_in_use_is_named_with_its_counts(tab: StatusTab, desk: Desk) -> None:
    said = shown(tab, tab.on_open(), "index")
    counts = desk.assistant.index.manifest.counts
    assert f"| Artikelen | {counts.articles} |" in said
    assert texts.STATUS_INDEX_NOT_TAKEN not in said


def test_an_index_that_could_not_be_taken_is_told(tmp_path: Path, fake_index: Path) -> None:
    desk = fake_desk(tmp_path, fake_index)
    tab = laid_out(desk)
    folder, checksum = version_in_use(desk.settings.index_dir)
    other = folder.with_name("20990101T000000-000000")
    os.mkdir(other)
    (desk.settings.index_dir / "current").write_text(f"{other.name} {checksum}\n")
    desk.refresh()
    assert "nieuwere index" in shown(tab, tab.on_open(), "index")


@pytest.mark.parametrize("days", [None, "7", -1, 10**9, [], {"a": 1}, 7.5])
def test_any_period_a_browser_names_gives_a_page(tab: StatusTab, days: Any) -> None:
    assert shown(tab, tab.on_days(days), "replies")


def test_the_switch_pauses_the_chat_for_visitors_and_lets_it_go_on(tab: StatusTab, desk: Desk) -> None:
    switch = PauseSwitch(desk.settings.pause_file)
    updates = tab.on_pause("  Wij zijn\n  even weg. ")
    assert switch.notice == "Wij zijn even weg."
    assert "Wij zijn even weg" in shown(tab, updates, "state")
    assert shown(tab, updates, "resume")["visible"] is True
    assert shown(tab, updates, "pause")["visible"] is False
    updates = tab.on_resume()
    assert switch.notice == ""
    assert shown(tab, updates, "pause")["visible"] is True


def test_a_pause_from_the_command_line_is_seen_when_the_tab_opens(tab: StatusTab, desk: Desk) -> None:
    PauseSwitch(desk.settings.pause_file).pause(HOSTILE)
    state = shown(tab, tab.on_open(), "state")
    assert "\\<img" in state
    assert "\\*\\*vet" in state


@pytest.mark.parametrize("notice", [None, "", "   ", 7, ["a"], "x" * 100_000, "\ud83d"])
def test_any_notice_a_browser_sends_pauses_or_is_refused_in_dutch(tab: StatusTab, notice: Any) -> None:
    tab.on_pause(notice)
    assert 0 < len(tab._pause.notice) <= 500


def test_a_switch_that_cannot_be_turned_says_so_and_why(tab: StatusTab, desk: Desk) -> None:
    desk.settings.pause_file.mkdir()
    updates = tab.on_pause("weg")
    assert "kan niet worden veranderd" in shown(tab, updates, "said")


def test_feedback_counts_without_kept_conversations(desk: Desk) -> None:
    put_away(desk.settings.records_file, lambda kept: kept.rate(FEEDBACK))
    found = statistics(desk.settings.records_file)
    assert (found.helpful, found.not_helpful) == (0, 1)
