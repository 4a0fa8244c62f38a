"""From a gap to an article to a lasting test: what nobody could answer is answered, and cannot silently be lost."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_fixtures import serving
from chat_page import box
from playwright.sync_api import BrowserContext, expect
from staff_fixtures import console_of, open_desk, practice
from widget_page import ask, panel_tab

from assistant.records.filters import Filter
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.web.server import create_app

pytestmark = [pytest.mark.browser, pytest.mark.model]
pytest_plugins = ("browser_fixtures", "staff_fixtures")

ASKED = ("Krijg je rugpijn van nierstenen?", "Hoe krijg je nierstenen in je rug?")
NOT_IN_IT = "Welke operatie krijg je bij nierstenen?"
TITLE = "Rugpijn bij nierstenen"
BODY = (
    "Nierstenen geven pijn in de zij en in de rug. De pijn van nierstenen komt in golven. U krijgt nierstenen niet in "
    "uw rug: ze ontstaan in de nieren."
)
_SLOWLY = 120_000


def test_a_gap_becomes_an_article_and_its_questions_tests_that_turn_red_when_the_article_goes(
    tmp_path: Path, real_settings: Settings, assistant: Assistant, desktop: BrowserContext
) -> None:
    settings = practice(tmp_path, real_settings.index_dir, keep_conversations_days=30, rate_limit=False)
    desk = open_desk(settings, assistant.index.embedder)
    ask_in_the_widget(desk, desktop, *ASKED, NOT_IN_IT)
    assert desk.records.count(Filter(kind="not_found")) == len((*ASKED, NOT_IN_IT))
    with console_of(desk) as url:
        page = desktop.new_page()
        page.set_default_timeout(_SLOWLY)
        page.goto(url)

        page.get_by_role("tab", name=texts.TAB_GAPS).click()
        page.get_by_text("3 vragen").first.wait_for()
        page.locator("#gaps-choice input").first.check()
        page.locator("#gap-start").click()

        page.locator("#article-title textarea, #article-title input").fill(TITLE)
        page.locator("#article-body textarea").fill(BODY)
        page.locator("#draft-look").click()
        page.locator("#article-publish").click()
        said = page.locator(".message:visible").first
        expect(said).to_contain_text(texts.LASTING_TITLE, timeout=_SLOWLY)
        assert {each.question for each in desk.checks.all()} == set(ASKED), said.inner_text()
        expect(said).to_contain_text(NOT_IN_IT)
        (answer,) = ask_in_the_widget(desk, desktop, ASKED[0])
        assert "[1]" in answer and TITLE in answer

        page.get_by_role("tab", name=texts.TAB_GAPS).click()
        expect(page.locator("#gaps-choice")).to_contain_text("nu 2 beantwoord", timeout=_SLOWLY)

        page.get_by_role("tab", name=texts.TAB_CHECKS).click()
        page.locator("#checks-run").click()
        page.get_by_text("Klaar. 2 van 2").first.wait_for()
        page.locator("#checks-accept").click()
        expect(page.locator("#checks-changes")).to_contain_text("Niets is anders", timeout=_SLOWLY)

        page.get_by_role("tab", name=texts.TAB_ARTICLES).click()
        page.locator("#article-choose input").click()
        page.get_by_role("option", name=TITLE).click()
        page.locator("#article-remove").click()
        expect(page.locator("#article-checks h4")).to_have_count(2, timeout=_SLOWLY)
        page.locator("#article-publish").click()
        page.locator("#article-new").wait_for()

        page.get_by_role("tab", name=texts.TAB_CHECKS).click()
        page.locator("#checks-run").click()
        for question in ASKED:
            page.get_by_text(f"✗ {texts.CHANGE_LOST}: {question}").wait_for()
        page.close()


def ask_in_the_widget(desk: Desk, desktop: BrowserContext, *questions: str) -> list[str]:
    """What the visitor reads then, each question in a conversation of its own."""
    read, before = [], desk.records.count(Filter())
    with serving(create_app(desk._live, desk.settings)) as url:
        for question in questions:
            panel = panel_tab(desktop, url)
            box(panel).wait_for()
            read.append(ask(panel, question).inner_text())
            panel.close()
        wait_until(lambda: desk.records.count(Filter()) == before + len(questions))
    return read


def wait_until(is_so: Callable[[], bool]) -> None:
    """What is kept is made anonymous first, by a package that takes a while to load."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("never")
