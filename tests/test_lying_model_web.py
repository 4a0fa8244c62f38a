"""Nothing that a lying model says is ever sent to a client or shown on a page, from one server for all."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from browser_fixtures import browser, serving  # noqa: F401 - a fixture
from chat_page import answers, box, button, wait_until_answered
from chat_page import ask as begin_asking
from event_stream import STREAM, events_of
from lying_model_fixtures import Liar
from playwright.sync_api import Browser, Page, expect
from scripted_steps import Scenario, scenarios
from test_hostile_browser import Watch, assert_is_text_only, watched
from widget_page import ask as ask_panel
from widget_page import disclaimer

from assistant import texts
from assistant.web.metrics import Metrics
from assistant.web.server import create_app, front
from assistant.web.shutdown import Closing

pytestmark = [pytest.mark.model, pytest.mark.server]
pytest_plugins = ("lying_model_fixtures",)

_MOST_SECONDS = 60
# What a page could take for more than text, and what would be a lie of the practice's own.
_HOSTILE = ("<script", "<img", "<form", "<passage", "![", "javascript:", "disclaimer", "instructies")
# These, and every third of the rest, which leaves out no kind: what is alike stands together.
_SENT = [
    scenario
    for place, scenario in enumerate(scenarios())
    if place % 3 == 0 or any(mark in "".join(scenario.forbidden) for mark in _HOSTILE)
]
# What the answers have said up to now, in every state in which a visitor can have read them.
_RECORD = """(label) => {
  window.states = new Set();
  const look = () => document.querySelectorAll(`[role=group][aria-label="${label}"]`)
    .forEach((each) => { window.states.add(each.textContent); window.states.add(each.innerHTML); });
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def url(liar: Liar) -> Iterator[str]:
    metrics = Metrics()
    app = front(create_app(liar.assistant, liar.settings, metrics), liar.settings, metrics, Closing())
    with serving(app) as url:
        yield url


@pytest.fixture(scope="module")
def panel(browser: Browser, url: str) -> Iterator[tuple[Page, Watch]]:  # noqa: F811 - the fixture
    with watched(browser, url) as (page, watch):
        page.goto(f"{url}/widget/panel")
        box(page).wait_for()
        page.evaluate(_RECORD, texts.ANSWER_LABEL)
        yield page, watch


@pytest.fixture(scope="module")
def chat_page(browser: Browser, url: str) -> Iterator[tuple[Page, Watch]]:  # noqa: F811 - the fixture
    with watched(browser, url) as (page, watch):
        page.goto(url)
        box(page).wait_for()
        page.evaluate(_RECORD, texts.ANSWER_LABEL)
        yield page, watch


chosen_ones = pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name) for each in _SENT])


@chosen_ones
def test_nothing_of_a_lie_is_sent(liar: Liar, url: str, scenario: Scenario) -> None:
    liar.takes_up(scenario)
    body = {"question": scenario.question, "history": [dict(turn) for turn in scenario.history]}
    response = httpx.post(f"{url}{STREAM}", json=body, timeout=_MOST_SECONDS)
    assert response.status_code == 200
    triage, *sentences, done = events_of(response.text)
    assert (triage.name, done.name) == ("triage", "done")
    assert {event.name for event in sentences} <= {"sentence"}
    sent = "\n".join(strings(event.data) for event in (triage, *sentences, done))
    assert [words for words in scenario.forbidden if words in sent] == []
    assert done.data["kind"] == "answered"
    assert scenario.engine in ("either", done.data["engine"])
    assert done.data["disclaimer"] == texts.DISCLAIMER and done.data["text"].endswith(texts.DISCLAIMER)


def test_enough_of_every_kind_is_sent_and_shown() -> None:
    assert len(_SENT) >= 60
    assert {scenario.engine for scenario in _SENT} == {"llm", "extractive", "either"}
    assert all(any(mark in "".join(each.forbidden) for each in _SENT) for mark in _HOSTILE)


@pytest.mark.browser
@chosen_ones
def test_nothing_of_a_lie_is_shown_in_the_panel(
    liar: Liar, panel: tuple[Page, Watch], url: str, scenario: Scenario
) -> None:
    page, watch = panel
    begin_anew(page)
    liar.takes_up(scenario)
    ask_panel(page, scenario.question)
    assert_shows_an_answer_without(page, scenario.forbidden)
    assert_is_text_only(page, "#log", url)
    expect(disclaimer(page)).to_be_visible()
    assert watch.saw_nothing(page)


@pytest.mark.browser
@chosen_ones
def test_nothing_of_a_lie_is_shown_on_the_chat_page(
    liar: Liar, chat_page: tuple[Page, Watch], url: str, scenario: Scenario
) -> None:
    page, watch = chat_page
    begin_anew(page)
    liar.takes_up(scenario)
    begin_asking(page, scenario.question)
    wait_until_answered(page)
    assert_shows_an_answer_without(page, scenario.forbidden)
    assert_is_text_only(page, "#log [data-testid=bot] .md", url)
    expect(answers(page).last.get_by_text(texts.DISCLAIMER)).to_be_visible()
    assert watch.saw_nothing(page)


def begin_anew(page: Page) -> None:
    """A conversation of its own, with nothing of it seen yet."""
    if answers(page).count():
        button(page, texts.NEW_CONVERSATION).click()
        expect(answers(page)).to_have_count(0)
    page.evaluate("window.states.clear()")


def assert_shows_an_answer_without(page: Page, forbidden: Sequence[str]) -> None:
    """Neither now nor at any moment since it was asked for."""
    states = "\n".join((*page.evaluate("[...window.states]"), answers(page).last.inner_text()))
    assert "[1]" in answers(page).last.inner_text() or answers(page).last.get_by_role("link").count()
    assert [words for words in forbidden if words in states] == []


def strings(data: Any) -> str:
    """All text in an event but the question, which is the visitor's own."""
    if isinstance(data, dict):
        return "\n".join(strings(value) for key, value in data.items() if key != "stand_alone_question")
    if isinstance(data, list):
        return "\n".join(map(strings, data))
    return data if isinstance(data, str) else ""
