"""Gesprekken in a real browser: found, read as text and deleted, by keyboard alone, at every width."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from records_fakes import NOW, RATING, exchange
from staff_fixtures import console_of, fake_desk
from test_browser_staff_question import tab_to, violations

from assistant.records.store import FileStore
from assistant.staff import texts

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "staff_fixtures")

HOSTILE = "<img src=x onerror='window.hacked=1'> **vet** [klik](https://kwaad.example) | einde"


@pytest.fixture
def page(browser: Browser, tmp_path: Path, fake_index: Path) -> Iterator[Page]:
    desk = fake_desk(tmp_path, fake_index, keep_conversations_days=30)
    with closing(FileStore(desk.settings.records_file)) as store:
        store.add([exchange(f"nek {number}", at=NOW + number) for number in range(28)])
        store.add([replace(exchange(HOSTILE), answer=HOSTILE, reply_id="a")])
        store.add([replace(RATING, helpful=False, comment=HOSTILE, reply_id="a")])
    with console_of(desk) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(url)
        page.get_by_role("tab", name=texts.TAB_CONVERSATIONS).click()
        page.locator("#conversations-choice").wait_for()
        yield page
        context.close()


def test_axe_finds_nothing_and_nothing_stands_outside_the_window_with_everything_open(page: Page) -> None:
    page.locator("#conversations-choice input").first.check()
    page.get_by_role("heading", name=texts.SAID_QUESTION).wait_for()
    page.locator("#ratings-choice input").first.check()
    page.locator("#rating-delete").wait_for()
    page.locator("#conversations-delete").click()
    page.locator("#conversations-sure").wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 768, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 768


def test_what_a_visitor_typed_stands_there_as_typed_and_loads_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#conversations-choice input").first.check()
    page.get_by_role("heading", name=texts.SAID_QUESTION).wait_for()
    page.locator("#ratings-choice input").first.check()
    page.locator("#rating-delete").wait_for()
    said = page.locator("#conversation")
    expect(said).to_contain_text("<img src=x onerror='window.hacked=1'> **vet** [klik](https://kwaad.example)")
    assert page.locator("#conversation img, #conversation a[href*=kwaad], #conversation strong").count() == 0
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if url.endswith("/x") or "kwaad" in url]


def test_with_the_keyboard_alone_one_is_found_read_and_deleted(page: Page) -> None:
    page.locator("#conversations-words input, #conversations-words textarea").first.focus()
    page.keyboard.type("nek 23")
    page.keyboard.press("Enter")
    expect(page.locator("#conversations-choice input")).to_have_count(1)
    tab_to(page, page.locator("#conversations-choice input"))
    page.keyboard.press("Space")
    page.get_by_role("heading", name=texts.SAID_QUESTION).wait_for()
    tab_to(page, page.locator("#conversation-delete"))
    page.keyboard.press("Enter")
    page.get_by_text(texts.CONVERSATION_DELETED).wait_for()
    expect(page.locator("#conversations-choice input")).to_have_count(0)
