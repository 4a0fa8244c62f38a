"""The console around its tabs, as staff meets it: logging in (by keyboard too), the tabs, Stand, a login that ends."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browser_fixtures import DESKTOP
from playwright.sync_api import Browser, BrowserContext, Page, expect
from records_fakes import ANSWER, put_away
from staff_fixtures import console_of, fake_desk
from staff_login_fakes import HASH, PASSWORD
from test_browser_staff_question import violations

from assistant.staff import login, texts
from assistant.staff.desk import Desk
from assistant.web.pause import PauseSwitch

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "staff_fixtures")

TABS = [
    texts.TAB_QUESTION,
    texts.TAB_ARTICLES,
    texts.TAB_CHECKS,
    texts.TAB_CONVERSATIONS,
    texts.TAB_GAPS,
    texts.TAB_STATUS,
]


STICKING_OUT = """(width) => [...document.querySelectorAll("*")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > width + 0.5)
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def locked(fake_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("locked")
    desk = fake_desk(folder, fake_index, staff_password_hash=HASH)
    put_away(desk.settings.records_file, lambda kept: kept.keep("page", "Wat helpt?", ANSWER, "a", 30.0))
    return desk


@pytest.fixture(scope="module")
def url(locked: Desk) -> Iterator[str]:
    """Where one address may log in as often as these tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(login, "ATTEMPTS", 1_000)
        with console_of(locked) as url:
            yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Of someone whose browser is not in Dutch."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce", locale="en-US")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    return page


def log_in(page: Page, password: str = PASSWORD) -> None:
    """With the keyboard alone: the field has the focus."""
    expect(page.get_by_label(texts.PASSWORD_LABEL)).to_be_focused()
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def opened(page: Page) -> Page:
    log_in(page)
    page.get_by_role("tab", name=texts.TAB_QUESTION, exact=True).wait_for()
    return page


def open_status(page: Page) -> None:
    page.get_by_role("tab", name=texts.TAB_STATUS, exact=True).click()
    expect(page.get_by_text(texts.STATUS_RUNNING)).to_be_visible()


def test_the_login_page_has_no_faults_before_and_after_a_slip(page: Page) -> None:
    assert violations(page) == []
    log_in(page, "verkeerd wachtwoord")
    expect(page.get_by_role("alert")).to_have_text(texts.LOGIN_WRONG)
    assert violations(page) == []


def test_the_login_works_without_scripts(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.get_by_label(texts.PASSWORD_LABEL).fill(PASSWORD)
    page.get_by_role("button", name=texts.LOG_IN).click()
    assert page.url == f"{url}/"
    context.close()


def test_all_tabs_are_there_in_order_and_in_dutch(page: Page) -> None:
    opened(page)
    assert page.get_by_role("tab").all_inner_texts() == TABS
    assert page.locator("html").get_attribute("lang") == "nl"
    assert page.title() == texts.CONSOLE_TITLE
    expect(page.get_by_role("heading", level=1)).to_have_text(texts.CONSOLE_TITLE)


def test_the_tabs_go_by_keyboard(page: Page) -> None:
    opened(page)
    page.get_by_role("tab", name=texts.TAB_QUESTION, exact=True).focus()
    for _ in TABS[1:]:
        page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name=texts.TAB_STATUS, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(texts.STATUS_RUNNING)).to_be_visible()


@pytest.mark.parametrize("width", [768, 1280])
def test_nothing_of_stand_sticks_out(page: Page, width: int) -> None:
    opened(page)
    page.set_viewport_size({"width": width, "height": 900})
    open_status(page)
    page.get_by_text(texts.STATUS_BY_DAY, exact=True).click()
    expect(page.get_by_role("cell", name=f"{date.today():%d-%m-%Y}")).to_be_visible()
    assert page.evaluate(STICKING_OUT, width) == []


def test_stand_has_no_faults(page: Page) -> None:
    opened(page)
    open_status(page)
    page.get_by_text(texts.STATUS_BY_DAY, exact=True).click()
    page.locator(".columns").wait_for()
    assert violations(page) == []


def test_the_chat_is_paused_and_let_go_with_what_visitors_read(page: Page, locked: Desk) -> None:
    opened(page)
    open_status(page)
    page.get_by_label(texts.PAUSE_NOTICE_LABEL).fill("Wij zijn <b>even</b> weg.")
    page.get_by_role("button", name=texts.PAUSE).click()
    expect(page.get_by_text("Bezoekers lezen: Wij zijn <b>even</b> weg.")).to_be_visible()
    assert PauseSwitch(locked.settings.pause_file).notice == "Wij zijn <b>even</b> weg."
    page.get_by_role("button", name=texts.RESUME).click()
    expect(page.get_by_text(texts.STATUS_RUNNING)).to_be_visible()


def test_who_logs_out_is_out_also_with_the_page_before(page: Page, url: str) -> None:
    opened(page)
    page.get_by_role("button", name=texts.LOG_OUT).click()
    expect(page.get_by_label(texts.PASSWORD_LABEL)).to_be_visible()
    page.goto(url)
    expect(page.get_by_label(texts.PASSWORD_LABEL)).to_be_visible()


def test_when_the_login_ends_what_was_typed_stays_and_goes_on_after_logging_in(
    page: Page, context: BrowserContext
) -> None:
    opened(page)
    open_status(page)
    page.get_by_label(texts.PAUSE_NOTICE_LABEL).fill("half getypt")
    context.clear_cookies()
    page.get_by_text("7 dagen", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(texts.LOGGED_OUT_MEANWHILE)
    assert page.get_by_label(texts.PAUSE_NOTICE_LABEL).input_value() == "half getypt"
    with context.expect_page() as fresh:
        page.get_by_role("link", name=texts.LOG_IN_ELSEWHERE).click()
    fresh.value.get_by_label(texts.PASSWORD_LABEL).wait_for()
    log_in(fresh.value)
    fresh.value.get_by_role("tab", name=texts.TAB_QUESTION, exact=True).wait_for()
    page.get_by_text("90 dagen", exact=True).click()
    expect(page.get_by_text("In de laatste 90 dagen")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.get_by_label(texts.PAUSE_NOTICE_LABEL).input_value() == "half getypt"


def test_the_console_asks_nobody_else_for_anything(context: BrowserContext, url: str) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(url)
    opened(page)
    open_status(page)
    assert [address for address in asked if not address.startswith((url, "data:"))] == []


def test_no_policy_is_broken_and_no_script_fails(context: BrowserContext, url: str) -> None:
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    page = context.new_page()
    page.goto(url)
    opened(page)
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
    expect(page.get_by_text(texts.STATUS_RUNNING)).to_be_visible()
    assert said == []
