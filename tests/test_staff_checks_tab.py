"""Testvragen as staff works with it: red and green in words, each flip named, and what was typed shown as text."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest
from answer_fakes import HOSTILE, texts_of_all_kinds
from checks_fakes import NEK, NOTHING, NOW, check, run
from checks_fakes import given as reply
from hypothesis import given
from page_reader import PageReader
from playwright.sync_api import BrowserContext, Page, expect
from pydantic import ValidationError
from staff_fixtures import open_desk
from test_browser_axe import RULES, SETTLED
from test_render import MARKDOWN

from assistant.answer import AnswerKind
from assistant.staff import texts
from assistant.staff.checks import Changes, Checks, Origin
from assistant.staff.checks.check import tidy
from assistant.staff.checks.history import Summary
from assistant.staff.checks.shown import changes_shown, history_shown, listed
from assistant.staff.desk import Desk
from assistant.staff.tabs.checks import ChecksTab

pytest_plugins = ("browser_fixtures", "staff_fixtures")

OUR_TAGS = {"div", "span", "p", "br", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"}
LATER = NOW + timedelta(days=1)


def read(markdown: str) -> PageReader:
    return PageReader(MARKDOWN.render(markdown))


def squeezed(text: str) -> str:
    return "".join(text.split())


# What is shown


@given(texts_of_all_kinds)
def test_whatever_was_typed_is_shown_as_text(text: str) -> None:
    try:
        asked = check(text)
    except ValidationError:
        return
    before, now = run((asked, reply(text))), run((asked, reply(text, slug="rug")), at=LATER)
    for markdown in (listed([asked], now, {}), changes_shown(Changes.of(before, now))):
        page = read(markdown)
        assert set(page.tags) <= OUR_TAGS
        assert page.fetched == []
        assert squeezed(asked.question) in squeezed(page.seen)


def test_red_and_green_are_said_in_words_and_what_is_wrong_beside_it() -> None:
    good, bad, new = check("Goed?"), check("Fout?"), check("Nieuw?")
    made = run((good, reply()), (bad, reply(slug="rug")))
    seen = read(listed([good, bad, new], made, {"nek": "Alles over de nek"})).seen
    assert "✓ goed" in seen and "✗ fout" in seen and "nog niet gedaan" in seen
    assert "uit ‘Alles over de nek’" in seen
    assert "rug" in seen


def test_every_flip_is_named_with_both_answers() -> None:
    asked = check("Warmte?")
    before, now = run((asked, reply("Eerst dit."))), run((asked, reply("Nu dat.", slug="rug")), at=LATER)
    seen = read(changes_shown(Changes.of(before, now))).seen
    assert "rood geworden: Warmte?" in seen
    assert seen.index("Eerst dit.") < seen.index("Nu dat.")
    back = read(changes_shown(Changes.of(now, before))).seen
    assert "groen geworden: Warmte?" in back


def test_when_nothing_changed_that_is_said() -> None:
    same = run((check(), reply()))
    assert "Niets is anders" in read(changes_shown(Changes.of(same, same))).seen
    nothing = same.model_copy(update={"results": ()})
    assert "nog geen uitslag aanvaard" in read(changes_shown(Changes.of(nothing, same))).seen


def test_the_history_is_drawn_and_stands_in_figures_beside_it() -> None:
    summaries = [Summary(str(day), NOW + timedelta(days=day), 8 - day, day) for day in range(3)]
    page = read(history_shown(summaries))
    assert page.tags.count("span") == 3 * 3
    assert "62.50%" not in page.seen and "height: 25.00%" in history_shown(summaries)
    assert [cell for cell in ("8", "7", "6") if cell in page.seen] == ["8", "7", "6"]


# What the tab does


@pytest.fixture
def tab(desk: Desk) -> ChecksTab:
    with gr.Blocks():
        return ChecksTab(desk)


def shown(tab: ChecksTab, updates: Any) -> dict[str, Any]:
    """By the name that the tab has for it."""
    names = {id(part): name for name, part in vars(tab).items()}
    return {names[id(part)]: value for part, value in updates.items()}


def add(tab: ChecksTab, question: str, kind: AnswerKind = AnswerKind.NOT_FOUND, **given: Any) -> dict[str, Any]:
    fields = {"earlier": "", "article": None, "words": "", "level": ""} | given
    return shown(tab, tab.on_add(question, kind=kind, **fields))


def test_a_tab_without_questions_says_how_to_begin(tab: ChecksTab) -> None:
    assert shown(tab, tab.on_open())["list"] == read_back(texts.CHECKS_NONE)
    assert shown(tab, list(tab.on_run())[-1])["said"] == read_back(texts.CHECKS_NONE)


def read_back(text: str) -> str:
    from assistant.staff.shown import escape

    return escape(text)


def test_a_run_is_told_while_it_goes_kept_and_shown(tab: ChecksTab, desk: Desk) -> None:
    add(tab, "Wat kost een massage?")
    updates = [shown(tab, each) for each in tab.on_run()]
    assert "Bezig: 1 van 1" in updates[1]["said"].replace("\\", "")
    assert "Klaar" in updates[-1]["said"]
    assert updates[-1]["run"] == desk.checks.last()
    assert [each["start"]["interactive"] for each in updates if "start" in each] == [False, True]


def test_accepting_takes_the_run_that_is_shown(tab: ChecksTab, desk: Desk) -> None:
    assert "nog geen uitslag" in shown(tab, tab.on_accept(None))["said"]
    add(tab, "Wat kost een massage?")
    first = shown(tab, list(tab.on_run())[-1])["run"]
    list(tab.on_run())
    tab.on_accept(first)
    assert desk.checks.accepted() == first


def test_a_question_is_added_with_all_that_was_filled_in(tab: ChecksTab, desk: Desk) -> None:
    slug = next(iter(desk.assistant.index.articles))
    updates = add(
        tab,
        "En ’s nachts?",
        AnswerKind.ANSWERED,
        earlier="Nekpijn.\n\nAl weken.",
        article=slug,
        words="warmte",
        level="",
    )
    (added,) = desk.checks.all()
    assert (added.earlier, added.article, added.words) == (("Nekpijn.", "Al weken."), slug, ("warmte",))
    assert added.origin is Origin.HAND
    assert updates["question"] == ""


@pytest.mark.parametrize(
    ("question", "kind", "more", "what"),
    [
        ("", AnswerKind.NOT_FOUND, {}, "geen vraag"),
        ("Warmte?", AnswerKind.ANSWERED, {}, "artikel"),
        ("Warmte?", cast(AnswerKind, None), {}, "uitkomst"),
        ("x" * 3_000, AnswerKind.NOT_FOUND, {}, "langer"),
        ("Warmte?", AnswerKind.URGENT, {"level": "ooit"}, "alarm"),
        ("Warmte?", AnswerKind.ANSWERED, {"article": "../../etc"}, "artikel"),
    ],
)
def test_what_cannot_be_added_is_said_and_stays_in_the_boxes(
    tab: ChecksTab, desk: Desk, question: str, kind: AnswerKind, more: dict[str, str], what: str
) -> None:
    updates = add(tab, question, kind, **more)
    assert list(updates) == ["added"]
    assert what in updates["added"]
    assert desk.checks.all() == ()


def test_a_question_is_removed_and_named(tab: ChecksTab, desk: Desk) -> None:
    added = desk.checks.add("Warmte?", [], NEK)
    assert "Kies eerst" in shown(tab, tab.on_remove(None))["removed"]
    assert "Warmte" in shown(tab, tab.on_remove(added.id))["removed"]
    assert desk.checks.all() == ()
    assert "Er is geen testvraag" in shown(tab, tab.on_remove(added.id))["removed"]


def test_a_file_is_read_in_and_what_is_wrong_in_it_named(tab: ChecksTab, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("vraag;uitkomst\nPrijs?;niet gevonden\n<b>;zomaar\n", "utf-8")
    said = shown(tab, tab.on_import(str(path)))["imported"].replace("\\", "")
    assert "1 toegevoegd" in said and "Regel 3" in said
    assert [each.question for each in desk.checks.all()] == ["Prijs?"]
    path.write_bytes(b"PK\x03\x04")
    assert "Excel" in shown(tab, tab.on_import(str(path)))["imported"]


def test_a_broken_file_is_told_in_the_tab_with_its_line(tab: ChecksTab, desk: Desk) -> None:
    desk.checks.path.write_text('[[check]]\nquestion = "W?"\nkind = "soms"\n', "utf-8")
    for updates in (tab.on_open(), list(tab.on_run())[-1]):
        said = shown(tab, updates)["said"].replace("\\", "")
        assert "regel 3" in said and "soms" in said


# In a browser


@pytest.fixture
def page(desktop: BrowserContext, console_url: str) -> Any:
    page = desktop.new_page()
    page.goto(console_url)
    page.get_by_role("tab", name=texts.TAB_CHECKS).click()
    page.get_by_role("button", name=texts.CHECKS_RUN).wait_for()
    yield page
    page.close()


@pytest.fixture
def desk_with_questions(desk: Desk) -> Desk:
    """A right one, a wrong one, and one that somebody meant to run here."""
    desk.checks.add("Wat is de hoofdstad van Frankrijk?", [], NOTHING)
    desk.checks.add("Wat helpt tegen rugpijn?", [], NEK)
    for number, text in enumerate(HOSTILE):
        if tidy(text):
            desk.checks.add(f"{number} {text}", [], NOTHING)
    return desk


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=cast(Any, scheme))
            page.evaluate(SETTLED)
            found += [
                f"{rule['id']} at {width}, {scheme}: {node['html']}"
                for rule in Axe().run(page, options=RULES).response["violations"]
                for node in rule["nodes"]
            ]
    return found


@pytest.mark.browser
def test_running_accepting_and_seeing_what_changed(desk_with_questions: Desk, page: Page) -> None:
    checks = desk_with_questions.checks
    page.get_by_role("button", name=texts.CHECKS_RUN).click()
    page.get_by_text("Klaar.").first.wait_for()
    expect(page.locator("#checks-list tbody tr")).to_have_count(len(checks.all()))
    expect(page.locator("#checks-list")).to_contain_text("✗ fout")
    accepted = checks.last()
    assert accepted is not None
    flipped = accepted.results[1].model_copy(update={"faults": ()})
    checks.accept(accepted.model_copy(update={"results": (accepted.results[0], flipped, *accepted.results[2:])}))
    page.get_by_role("button", name=texts.CHECKS_RUN).click()
    expect(page.locator("#checks-changes h4")).to_contain_text("rood geworden: Wat helpt tegen rugpijn?")
    expect(page.locator("#checks-changes .side")).to_have_count(2)
    page.get_by_role("button", name=texts.CHECKS_ACCEPT).click()
    expect(page.locator("#checks-changes")).to_contain_text("Niets is anders")
    assert violations(page) == []


@pytest.mark.browser
def test_nothing_that_was_typed_becomes_a_mark_or_is_fetched(desk_with_questions: Desk, page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.get_by_role("button", name=texts.CHECKS_RUN).click()
    page.get_by_text("Klaar.").first.wait_for()
    table = page.locator("#checks-list")
    assert table.locator("img, script, a, b, em, strong, code, del").count() == 0
    seen = squeezed(table.inner_text())
    for check_ in desk_with_questions.checks.all():
        assert squeezed(check_.question) in seen
    page.get_by_role("button", name=texts.CHECK_REMOVE_TITLE).click()
    page.get_by_label(texts.CHECK_REMOVE_LABEL).click()
    options = page.get_by_role("option")
    expect(options).to_have_count(len(desk_with_questions.checks.all()))
    assert page.get_by_role("listbox").locator("img, script, b").count() == 0
    assert not [url for url in requested if "evil" in url]


@pytest.mark.browser
def test_a_question_can_be_added_with_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.get_by_role("button", name=texts.CHECK_ADD_TITLE).focus()
    page.keyboard.press("Enter")
    page.get_by_label(texts.CHECK_QUESTION_LABEL).focus()
    page.keyboard.type("Wat kost het?")
    for _ in ("earlier messages", "an answer", "nothing found"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label(texts.CHECK_ARTICLE_LABEL).wait_for(state="hidden")
    for _ in ("out of scope", "an alarm", "the button"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text(texts.CHECK_ADDED.format(question="Wat kost het?")).first.wait_for()
    assert [(each.question, each.kind) for each in desk.checks.all()] == [("Wat kost het?", AnswerKind.NOT_FOUND)]
    assert violations(page) == []


@pytest.mark.browser
def test_the_questions_can_be_taken_as_a_file_and_brought_back(desk: Desk, page: Page, tmp_path: Path) -> None:
    desk.checks.add("=HYPERLINK(1)", [], NOTHING)
    page.reload()
    page.get_by_role("tab", name=texts.TAB_CHECKS).click()
    page.get_by_text("=HYPERLINK").first.wait_for()
    page.get_by_role("button", name=texts.CSV_TITLE).click()
    with page.expect_download() as download:
        page.locator("#checks-export").click()
    taken = tmp_path / "taken.csv"
    download.value.save_as(taken)
    assert b'"\'=HYPERLINK(1)"' in taken.read_bytes()
    desk.checks.remove(desk.checks.all()[0].id)
    with page.expect_file_chooser() as chooser:
        page.locator("#checks-import").click()
    chooser.value.set_files(taken)
    page.get_by_text("1 toegevoegd").first.wait_for()
    assert [each.question for each in desk.checks.all()] == ["=HYPERLINK(1)"]


def test_two_consoles_over_the_same_files_see_the_same_questions(desk: Desk) -> None:
    other: Checks = open_desk(desk.settings, desk.embedder).checks
    desk.checks.add("Warmte?", [], NEK)
    assert [each.question for each in other.all()] == ["Warmte?"]
