"""Vraag: the reply as a visitor gets it, why it is that, and two clicks to keep it as a test; never a traceback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest
from staff_fixtures import fake_desk

from assistant.answer import AnswerKind, Engine, Urgency
from assistant.explain import explain
from assistant.reply import Role, Turn
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.shown import escape
from assistant.staff.tabs.question import Asked, QuestionTab, Updates
from assistant.web.chat.render import render_answer

pytest_plugins = ("staff_fixtures",)

QUESTION = "Hoe lang duurt een frozen shoulder?"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, fake_index: Path) -> Desk:
    return fake_desk(tmp_path_factory.mktemp("question"), fake_index)


@pytest.fixture
def desk(practice: Desk, tmp_path: Path) -> Desk:
    """With test questions of its own; the assistant is everybody's."""
    files = {"test_questions_file": tmp_path / "test_questions.toml", "staff_dir": tmp_path / "staff"}
    return Desk(practice.settings.model_copy(update=files), practice._live, practice.embedder)


@pytest.fixture
def tab(desk: Desk) -> Iterator[QuestionTab]:
    with gr.Blocks():
        yield QuestionTab(desk)


def asked(tab: QuestionTab, question: str = QUESTION, earlier: str = "") -> Updates:
    """What the tab shows in the end."""
    shown: Updates = {}
    for updates in tab.on_ask(question, earlier):
        shown |= updates
    return shown


def keep(tab: QuestionTab, shown: Updates) -> str:
    """As proposed."""
    return tab.on_keep(shown[tab.asked], shown[tab.kind], shown[tab.article]["value"])


def test_the_reply_is_drawn_as_the_chat_page_draws_it(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab)
    assert shown[tab.reply] == render_answer(desk.assistant.reply(QUESTION))
    assert shown[tab.result]["visible"]
    assert texts.WHY_PASSAGES in shown[tab.why]
    assert shown[tab.said] == escape(texts.ASKED)


def test_while_it_works_the_tab_says_so_and_shows_no_old_answer(tab: QuestionTab) -> None:
    first = next(tab.on_ask(QUESTION, ""))
    assert first[tab.said] == escape(texts.ASKING)
    assert not first[tab.result]["visible"]


def test_earlier_messages_count_line_by_line(tab: QuestionTab) -> None:
    shown = asked(tab, "en hoe lang duurt dat?", "\n wat is een frozen shoulder \n\n")
    assert escape("en hoe lang duurt dat? (wat is een frozen shoulder)") in shown[tab.why]
    assert shown[tab.asked].history == (Turn(Role.USER, "wat is een frozen shoulder"),)


def test_an_alarm_in_an_earlier_message_stands(tab: QuestionTab) -> None:
    shown = asked(tab, "wat nu?", "ik heb rugpijn en koorts")
    assert 'class="alarm alarm-spoed"' in shown[tab.reply]


@pytest.mark.parametrize("question", ["", "   ", "\u200b", "x" * 5_000, "half \ud83d"])
def test_what_is_no_question_is_told_in_a_sentence(tab: QuestionTab, question: str) -> None:
    shown = asked(tab, question)
    assert shown[tab.said].endswith("\\.")
    assert not shown[tab.result]["visible"]


def test_too_many_earlier_messages_are_counted(tab: QuestionTab) -> None:
    assert "101" in asked(tab, QUESTION, "pijn\n" * 101)[tab.said]


def test_an_assistant_that_fails_leaves_no_traceback(tab: QuestionTab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "_desk", None)
    assert asked(tab)[tab.said] == escape(texts.SOMETHING_WRONG)


def test_without_a_model_nothing_stands_beside_the_reply(tab: QuestionTab) -> None:
    shown = asked(tab)
    assert not shown[tab.beside]["visible"]
    assert texts.REPLY_TITLE in shown[tab.reply_title]


def test_with_a_model_both_answers_stand_side_by_side(tab: QuestionTab, desk: Desk) -> None:
    explained = explain(desk.assistant, QUESTION)
    phrased = replace(explained, answer=replace(explained.answer, engine=Engine.LLM), quoted=explained.answer)
    shown = tab._show(phrased)
    assert shown[tab.beside]["visible"]
    assert shown[tab.quoted] == render_answer(explained.answer)
    assert escape(texts.REPLY_BY_MODEL_TITLE) in shown[tab.reply_title]


# Keeping it


def test_what_is_proposed_is_that_it_stays_as_it_is(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab)
    answer = desk.assistant.reply(QUESTION)
    cited = next(passage for passage in desk.assistant.index.passages if passage.id == answer.citations[0].passage_id)
    assert shown[tab.kind] == AnswerKind.ANSWERED.value
    assert shown[tab.article]["value"] == cited.slug
    assert (cited.title, cited.slug) in shown[tab.article]["choices"]


def test_confirming_it_keeps_question_earlier_messages_and_expectation(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab, QUESTION, "hallo")
    assert keep(tab, shown) == escape(texts.KEPT)
    (check,) = desk.checks.all()
    assert (check.question, check.earlier, check.kind) == (QUESTION, ("hallo",), AnswerKind.ANSWERED)
    assert check.article == shown[tab.article]["value"]


def test_what_is_kept_is_what_was_asked_whatever_is_typed_since(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab)
    list(tab.on_ask("", ""))
    keep(tab, shown)
    assert [check.question for check in desk.checks.all()] == [QUESTION]


def test_of_an_alarm_the_level_is_kept(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab, "ik heb rugpijn en koorts")
    assert "spoed" in shown[tab.level]
    keep(tab, shown)
    (check,) = desk.checks.all()
    assert (check.kind, check.urgency, check.article) == (AnswerKind.URGENT, Urgency.SPOED, "")


def test_another_expectation_than_was_proposed_can_be_kept(tab: QuestionTab, desk: Desk) -> None:
    shown = asked(tab)
    assert not tab.on_kind("not_found")["visible"]
    assert tab.on_keep(shown[tab.asked], "not_found", shown[tab.article]["value"]) == escape(texts.KEPT)
    (check,) = desk.checks.all()
    assert (check.kind, check.article) == (AnswerKind.NOT_FOUND, "")


def test_a_refusal_under_an_alarm_is_kept_without_its_level(tab: QuestionTab, desk: Desk) -> None:
    shown = tab._propose(Asked(QUESTION, (), Urgency.HUISARTS), desk.assistant.reply("hallo"), desk.assistant.index)
    assert shown[tab.level] == ""
    assert keep(tab, shown) == escape(texts.KEPT)


@pytest.mark.parametrize(("kind", "article"), [("answered", None), ("answered", ""), ("zomaar", "x"), (None, None)])
def test_what_cannot_be_kept_is_told_in_a_sentence(
    tab: QuestionTab, desk: Desk, kind: str | None, article: str | None
) -> None:
    said = tab.on_keep(asked(tab)[tab.asked], kind, article)
    assert said.endswith("\\.")
    assert said != escape(texts.KEPT)
    assert desk.checks.all() == ()


def test_kept_twice_is_told(tab: QuestionTab) -> None:
    shown = asked(tab)
    keep(tab, shown)
    assert keep(tab, shown) == escape(texts.CHECK_KNOWN.format(question=QUESTION))


def test_before_anything_was_asked_there_is_nothing_to_keep(tab: QuestionTab, desk: Desk) -> None:
    assert tab.on_keep(None, "answered", "x") == ""
    assert desk.checks.all() == ()
