"""Saying whether an answer helped, on the page and in the panel: with keys alone, in own words or none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import BrowserFake, serving
from chat_page import answers, box, button
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from reception_fakes import FakeRecords
from test_browser_axe import RULES
from web_fakes import CITATION, settings

from assistant import texts
from assistant.answer import AnswerKind
from assistant.web.chat.guard import guard_chat
from assistant.web.chat.page import mount_chat
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Feedback, Reason, Reception
from assistant.web.site import build_site

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

HOSTILE = '<img src=x onerror="document.title=1"> “links”'
UNCLEAR = texts.NOT_HELPFUL_REASONS["unclear"]


@dataclass
class Site:
    url: str
    records: FakeRecords


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The whole web app, where comments are taken."""
    records = FakeRecords()
    desk = Reception(BrowserFake(usual_seconds=0.0), settings(), QuestionLimits(), records=records)
    app = build_site(desk)
    mount_chat(app, desk)
    guard_chat(app)
    with serving(app) as url:
        yield Site(url, records)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(params=["/", "/widget/panel"], ids=["page", "panel"])
def chat(request: pytest.FixtureRequest, context: BrowserContext, site: Site) -> Page:
    """With an answer on it."""
    site.records.rated.clear()
    page = context.new_page()
    page.goto(site.url + request.param)
    box(page).fill("helpt warmte?")
    box(page).press("Enter")
    expect(button(page, texts.NO)).to_be_visible()
    return page


def eventually(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come")


def thought(site: Site, helpful: bool, reason: Reason = Reason.NONE, comment: str = "") -> list[Feedback]:
    passages = (CITATION.passage_id,)
    return [Feedback(helpful, reason, AnswerKind.ANSWERED, None, passages, site.records.reply_ids[-1], comment)]


def comment_box(page: Page) -> Locator:
    return page.get_by_label(texts.COMMENT_LABEL)


def violations(page: Page) -> list[str]:
    return [rule["id"] for rule in Axe().run(page, options=RULES).response["violations"]]


def test_yes_is_told_at_once_and_thanked_for(chat: Page, site: Site) -> None:
    button(chat, texts.YES).press("Enter")
    expect(chat.get_by_text(texts.THANKS)).to_be_visible()
    eventually(chat, lambda: site.records.rated == thought(site, True))


def test_no_leads_with_keys_alone_to_a_reason_and_to_words_that_are_told_as_they_were_typed(
    chat: Page, site: Site
) -> None:
    button(chat, texts.NO).press("Enter")
    expect(button(chat, texts.NOT_HELPFUL_REASONS["wrong"])).to_be_focused()
    assert violations(chat) == []
    button(chat, UNCLEAR).press("Enter")
    expect(comment_box(chat)).to_be_focused()
    assert violations(chat) == []
    assert site.records.rated == []
    expect(chat.get_by_text("Namen en adressen halen wij eruit. Na 30 dagen")).to_be_visible()
    chat.keyboard.type(HOSTILE)
    button(chat, texts.COMMENT_SEND).press("Enter")
    expect(chat.get_by_text(texts.THANKS)).to_be_visible()
    eventually(chat, lambda: bool(site.records.rated))
    assert site.records.rated == thought(site, False, Reason.UNCLEAR, HOSTILE)
    assert violations(chat) == []


def test_nothing_needs_to_be_written(chat: Page, site: Site) -> None:
    button(chat, texts.NO).click()
    button(chat, UNCLEAR).click()
    comment_box(chat).fill("toch maar niet")
    button(chat, texts.COMMENT_SKIP).click()
    expect(chat.get_by_text(texts.THANKS)).to_be_visible()
    eventually(chat, lambda: site.records.rated == thought(site, False, Reason.UNCLEAR))


def test_who_asks_on_is_counted_without_what_was_not_sent(chat: Page, site: Site) -> None:
    expected = thought(site, False, Reason.UNCLEAR)
    button(chat, texts.NO).click()
    button(chat, UNCLEAR).click()
    comment_box(chat).fill("toch maar niet")
    box(chat).fill("onbekend")
    box(chat).press("Enter")
    expect(answers(chat)).to_have_count(2)
    eventually(chat, lambda: site.records.rated == expected)


def test_no_more_can_be_written_than_can_be_kept(chat: Page, site: Site) -> None:
    button(chat, texts.NO).click()
    button(chat, UNCLEAR).click()
    comment_box(chat).focus()
    chat.keyboard.insert_text("é" * 600)
    button(chat, texts.COMMENT_SEND).click()
    eventually(chat, lambda: bool(site.records.rated))
    assert site.records.rated == thought(site, False, Reason.UNCLEAR, "é" * 500)
