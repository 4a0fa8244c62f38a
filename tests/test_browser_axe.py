"""axe-core finds nothing against WCAG 2.2 A and AA on any page a visitor sees, whatever its width and colours."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_page import ask as ask_page
from chat_page import box, wait_until_answered
from host_site import HostSite
from playwright.sync_api import Browser, BrowserContext, Page
from web_fakes import CITATION
from widget_page import Panel, ask, open_panel, panel_tab, send

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
WIDTHS = (320, 360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Every kind of reply; the last two are a question that is refused and one that goes wrong.
QUESTIONS = ("paracetamol", "al zes weken", "spoed", "levensgevaar", "crisis", "voetbal", "x" * 1_001, "boem")


# Gradio fades from one colour to the other.
SETTLED = "() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))"


@pytest.fixture
def context(browser: Browser, host: HostSite, site_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def violations(page: Page, part: Panel | None = None) -> list[str]:
    """In ``part`` of the page, by default all of it but its frames; at every width, in either scheme."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            results = Axe().run(part or page, options=RULES).response["violations"]
            found += [
                f"{rule['id']} at {width}, {scheme}: {node['html']} {node['failureSummary']}"
                for rule in results
                for node in rule["nodes"]
            ]
    return found


def ask_everything(panel: Panel) -> None:
    for question in QUESTIONS:
        ask(panel, question)
    panel.locator("summary").first.click()
    panel.locator(".rating button").last.click()


def test_the_panel_before_the_first_question(context: BrowserContext, site_url: str) -> None:
    assert violations(panel_tab(context, site_url)) == []


def test_the_panel_with_every_kind_of_reply(context: BrowserContext, site_url: str) -> None:
    page = panel_tab(context, site_url)
    ask_everything(page)
    assert violations(page) == []


def test_the_panel_while_a_reply_comes_in(context: BrowserContext, site_url: str) -> None:
    page = panel_tab(context, site_url)
    send(page, "traag")
    page.locator("#stop").wait_for()
    assert violations(page) == []


def test_a_website_with_the_button(context: BrowserContext, host: HostSite) -> None:
    page = context.new_page()
    page.goto(host.page(greeting="Vraag het ons"))
    page.locator("rugpijn-chat button").wait_for()
    assert violations(page) == []


def test_a_website_with_the_chat_open(context: BrowserContext, host: HostSite) -> None:
    page = context.new_page()
    page.goto(host.page(greeting="Vraag het ons"))
    panel = open_panel(page)
    assert violations(page) + violations(page, panel) == []
    ask(panel, "spoed")
    ask(panel, "paracetamol").locator("summary").first.click()
    assert violations(page) + violations(page, panel) == []


def test_the_full_page(context: BrowserContext, chat_url: str) -> None:
    page = context.new_page()
    page.goto(chat_url)
    box(page).wait_for()
    found = violations(page)
    for question in ("al zes weken", "spoed", "voetbal", "boem"):
        ask_page(page, question)
        wait_until_answered(page)
    assert found + violations(page) == []


def test_an_article_with_a_marked_quote(context: BrowserContext, site_url: str) -> None:
    page = context.new_page()
    page.goto(f"{site_url}{CITATION.url}")
    page.locator("mark").first.wait_for()
    assert violations(page) == []


def test_the_page_that_shows_how_to_put_it_on_a_website(context: BrowserContext, site_url: str) -> None:
    page = context.new_page()
    page.goto(f"{site_url}/widget-demo")
    page.locator("rugpijn-chat button").wait_for()
    assert violations(page) == []
