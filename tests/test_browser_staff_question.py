"""Vraag in a real browser: by keyboard alone, at every width, with nothing of a visitor's words taken for markup."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from staff_fixtures import console_of, fake_desk
from test_browser_axe import RULES, SCHEMES, SETTLED

from assistant.staff import texts
from assistant.staff.desk import Desk

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "staff_fixtures")

QUESTION = "Hoe lang duurt een frozen shoulder?"
WIDTHS = (768, 1280)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, fake_index: object) -> Desk:
    return fake_desk(tmp_path_factory.mktemp("question"), fake_index)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def url(practice: Desk) -> Iterator[str]:
    with console_of(practice) as url:
        yield url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en-US")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(url)
    box(page).wait_for()
    yield page
    context.close()


def box(page: Page) -> Locator:
    return page.locator("#why-question textarea")


def ask(page: Page, question: str) -> None:
    box(page).fill(question)
    box(page).press("Enter")
    page.locator("#why-result").wait_for()
    page.get_by_text(texts.ASKED).wait_for()


def part(page: Page, elem_id: str) -> Locator:
    """The button that opens a part."""
    return page.locator(f"#{elem_id} > button")


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            results = Axe().run(page, options=RULES).response["violations"]
            found += [
                f"{rule['id']} at {width}, {scheme}: {node['html']}" for rule in results for node in rule["nodes"]
            ]
    return found


@pytest.mark.parametrize("question", [QUESTION, "ik heb rugpijn en koorts", "hoeveel ibuprofen mag ik"])
def test_axe_finds_nothing_with_everything_open(page: Page, question: str) -> None:
    ask(page, question)
    for each in ("why-earlier", "why-keep", "why"):
        part(page, each).click()
    page.locator("#why h3").first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_outside_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    ask(page, QUESTION)
    part(page, "why").click()
    page.locator("#why h3").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_with_the_keyboard_alone_a_question_is_asked_explained_and_kept(page: Page, practice: Desk) -> None:
    box(page).focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_text(texts.ASKED).wait_for()
    expect(box(page)).to_be_focused()
    tab_to(page, part(page, "why-keep"))
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name=texts.KEEP_CONFIRM)
    confirm.wait_for()
    tab_to(page, confirm)
    page.keyboard.press("Enter")
    page.get_by_text(texts.KEPT).wait_for()
    expect(confirm).to_be_focused()
    tab_to(page, part(page, "why"))
    expect(part(page, "why")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(part(page, "why")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("heading", name=texts.WHY_PASSAGES)).to_be_visible()
    assert [check.question for check in practice.checks.all()] == [QUESTION]


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("never reached with Tab")


def test_what_looks_like_markup_stands_there_as_typed(page: Page) -> None:
    typed = "nekpijn <img src=x onerror='window.hacked=1'> **vet** [klik](https://kwaad.example) | einde"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, typed)
    part(page, "why").click()
    page.get_by_role("heading", name=texts.WHY_TIMINGS).wait_for()
    assert page.locator("#why-result img").count() == 0
    assert page.locator("#why-result a[href*='kwaad']").count() == 0
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if url.endswith("/x") or "kwaad" in url]


def test_the_source_of_an_answer_opens(page: Page) -> None:
    ask(page, QUESTION)
    address = page.locator("#log .reply a").first.get_attribute("href")
    assert address is not None
    assert page.request.get(page.url.rstrip("/") + address).ok


def test_the_page_is_dutch_and_says_when_it_is_done(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "nl"
    ask(page, QUESTION)
    said = page.locator("[role=status]", has_text=texts.ASKED)
    assert said.count() >= 1


def test_what_cannot_be_asked_is_told_and_the_next_question_works(page: Page) -> None:
    box(page).fill(" ")
    box(page).press("Enter")
    page.locator(".message.block").first.get_by_text(".").wait_for()
    expect(page.locator("#why-result")).to_be_hidden()
    ask(page, QUESTION)
    expect(page.locator("#log .reply.block")).to_contain_text("[1]")
