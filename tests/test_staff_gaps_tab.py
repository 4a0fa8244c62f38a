"""Hiaten as staff works with it: what there is at once, a group with its questions, and the way to an article."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from answer_fakes import texts_of_all_kinds
from checks_fakes import assistant, checks_in, citing
from hypothesis import given
from page_reader import PageReader
from playwright.sync_api import BrowserContext, Page, expect
from records_fakes import exchange
from staff_fixtures import fake_desk
from test_render import MARKDOWN
from test_staff_checks_tab import OUR_TAGS, read_back, squeezed, violations
from test_staff_gaps import open_question

from assistant.records.reading import Why
from assistant.records.store import FileStore
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.gaps import Gap, Group, View, make_lasting
from assistant.staff.gaps.shown import MOST_GROUPS, choices, group_shown, lasting_shown, left_over
from assistant.staff.tabs.gaps import GapsTab

pytest_plugins = ("browser_fixtures", "staff_fixtures")

HOSTILE = ("<img src=x onerror=alert(1)> kost het?", "<b>kost</b> **het** | _wat_?")


def put(desk: Desk, *questions: str, kind: str = "not_found") -> None:
    now = int(time.time())
    with closing(FileStore(desk.settings.records_file)) as store:
        store.add([replace(exchange(each, at=now, days=30), kind=kind) for each in questions])


@pytest.fixture
def keeping(tmp_path: Path, fake_index: Path) -> Desk:
    """A practice that keeps conversations."""
    return fake_desk(tmp_path, fake_index, keep_conversations_days=30)


@pytest.fixture
def tab(keeping: Desk) -> GapsTab:
    with gr.Blocks():
        return GapsTab(keeping)


def named(tab: GapsTab, updates: Any) -> dict[str, Any]:
    names = {id(part): name for name, part in vars(tab).items()}
    return {names[id(part)]: value for part, value in updates.items()}


def opened(tab: GapsTab) -> list[dict[str, Any]]:
    return [named(tab, each) for each in tab.on_open()]


# What is shown


@given(texts_of_all_kinds)
def test_whatever_a_visitor_typed_is_shown_as_text(text: str) -> None:
    group = Group((Gap(open_question(1, text)), Gap(open_question(2, f"{text}?"))))
    page = PageReader(MARKDOWN.render(group_shown(group, {})))
    assert set(page.tags) <= OUR_TAGS | {"h3"}
    assert page.fetched == []
    assert squeezed(text) in squeezed(page.seen)


def test_groups_that_do_not_fit_are_counted() -> None:
    groups = tuple(Group((Gap(open_question(number, "Wat?")),)) for number in range(MOST_GROUPS + 3))
    view = View(len(groups), len(groups), groups)
    assert len(choices(groups)) == MOST_GROUPS
    assert "3" in left_over(view)


def test_what_became_of_each_question_is_said(tmp_path: Path) -> None:
    by = assistant(Prijs=citing("tarieven"), Kosten=citing("nek"))
    said = lasting_shown(make_lasting(by, checks_in(tmp_path), ["Prijs?", "Kosten?"], "tarieven")).replace("\\", "")
    assert "1 vraag is nu een testvraag." in said
    assert "Kosten? (het artikel ‘tarieven’ wordt niet aangehaald; wel: nek)" in said
    assert lasting_shown(make_lasting(by, checks_in(tmp_path), [])) == read_back(texts.LASTING_NOTHING)


# What the tab does


def test_without_kept_conversations_the_tab_says_how_to_keep_them(desk: Desk) -> None:
    with gr.Blocks():
        tab = GapsTab(desk)
    last = opened(tab)[-1]
    assert "RUGPIJN_KEEP_CONVERSATIONS_DAYS" in last["said"].replace("\\", "")
    assert last["found"]["visible"] is False


def test_with_them_but_without_gaps_it_says_so(tab: GapsTab) -> None:
    assert opened(tab)[-1]["said"] == read_back(texts.GAPS_NONE)


def test_what_there_is_comes_before_it_is_finished(tab: GapsTab, keeping: Desk) -> None:
    put(keeping, *(f"Wat kost {number} uur?" for number in range(40)))
    updates = opened(tab)
    assert "Bezig met lezen: 0 van 40" in updates[1]["said"].replace("\\", "")
    assert "40 vragen" in updates[-1]["said"]
    assert updates[-1]["view"].is_finished


def test_a_damaged_file_is_said_in_the_tab(tab: GapsTab, keeping: Desk) -> None:
    keeping.settings.records_file.write_bytes(b"no database" * 1_000)
    said = opened(tab)[-1]["said"]
    assert keeping.settings.records_file.name in said.replace("\\", "")


def test_choosing_shows_the_group_and_keeping_makes_tests_of_what_is_answered(tab: GapsTab, keeping: Desk) -> None:
    put(keeping, "Wat helpt tegen rugpijn?")
    view = opened(tab)[-1]["view"]
    number = view.groups[0].number
    shown = named(tab, tab.on_choose(number, view))
    assert "Wat helpt tegen rugpijn" in shown["group"]
    assert shown["keep"]["visible"] is bool(view.groups[0].answered) is True
    assert "1 vraag is nu een testvraag" in tab.on_keep(number, view).replace("\\", "")
    assert [each.question for each in keeping.checks.all()] == ["Wat helpt tegen rugpijn?"]
    assert read_back(texts.GAP_CHOOSE_FIRST) == tab.on_keep(None, view) == tab.on_keep(number, None)


def test_a_group_that_is_gone_is_not_shown_any_more(tab: GapsTab) -> None:
    view = View(1, 1, (Group((Gap(open_question(1, "Prijs?", Why.NOT_FOUND)),)),))
    assert named(tab, tab.on_choose(9, view))["chosen"]["visible"] is False


def test_an_article_is_begun_with_the_questions_of_the_group(tab: GapsTab) -> None:
    begun: list[tuple[str, tuple[str, ...]]] = []

    def start(title: str, questions: tuple[str, ...]) -> dict[Any, Any]:
        begun.append((title, questions))
        return {tab.group: "open"}

    articles = SimpleNamespace(start=start, everything=[tab.group], after_publishing=lambda follow: None)
    tab._console = cast(Any, SimpleNamespace(articles=articles, tabs=tab.said, open=lambda tab_id: tab_id))
    view = View(2, 2, (Group((Gap(open_question(1, "Wat kost het?")), Gap(open_question(2, "Prijs?")))),))
    assert named(tab, tab.on_start(2, view)) == {"kept": "", "said": "artikelen", "group": "open"}
    assert begun == [("Wat kost het", ("Wat kost het?", "Prijs?"))]
    assert "kept" in named(tab, tab.on_start(None, view))


def test_after_publishing_the_questions_become_tests_or_are_named(tab: GapsTab, keeping: Desk) -> None:
    answer = keeping.assistant.reply("Wat helpt tegen rugpijn?")
    slug = next(each.slug for each in keeping.assistant.index.passages if each.id == answer.citations[0].passage_id)
    edition = SimpleNamespace(questions=("Wat helpt tegen rugpijn?", "Wat is de hoofdstad?"), slug=slug)
    said = tab.on_published(cast(Any, SimpleNamespace(edition=edition))).replace("\\", "")
    assert "1 vraag is nu een testvraag" in said and "Wat is de hoofdstad?" in said
    (kept,) = keeping.checks.all()
    assert (kept.article, kept.question) == (slug, "Wat helpt tegen rugpijn?")
    nothing = SimpleNamespace(edition=SimpleNamespace(questions=(), slug=slug))
    assert tab.on_published(cast(Any, nothing)) == ""


# In a browser


@pytest.fixture
def page(keeping: Desk, desktop: BrowserContext) -> Any:
    from staff_fixtures import console_of

    put(keeping, "Wat kost een massage?", "Wat kost een massage nu?", *HOSTILE)
    with console_of(keeping) as url:
        page = desktop.new_page()
        page.goto(url)
        yield page
        page.close()


@pytest.mark.browser
def test_the_tab_shows_groups_and_one_of_them_with_the_keyboard_alone(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.get_by_role("tab", name=texts.TAB_GAPS).focus()
    page.keyboard.press("Enter")
    page.get_by_text("4 vragen").first.wait_for()
    first = page.locator("#gaps-choice input").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#gap h3")).to_be_visible()
    expect(page.get_by_role("button", name=texts.GAP_START)).to_be_visible()
    for part in ("#gaps-choice", "#gap"):
        assert page.locator(part).locator("img, script, b, em, strong").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.locator("#gaps-choice").inner_text()
    assert not [url for url in requested if url.endswith("/x")]
    assert violations(page) == []
