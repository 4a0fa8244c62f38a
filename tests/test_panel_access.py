"""The panel for every eye, ear and hand: what WCAG 2.2 AA asks and axe cannot see."""

from typing import Literal

import pytest
from browser_fixtures import SLOWLY
from chat_fakes import CRISIS, SOON
from chat_page import CONTRAST, answers, box, button, english_on
from playwright.sync_api import BrowserContext, Page, expect
from widget_page import (
    FIRST_SENTENCE,
    QUESTION,
    ask,
    disclaimer,
    finished,
    focused,
    heard,
    listen,
    panel_tab,
    send,
    sideways,
)

from assistant import texts

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

EVERYTHING = ("paracetamol", "levensgevaar", "spoed", "crisis", "al zes weken", "voetbal", "boem")
WORD = "rugpijn" * 30


def test_an_answer_is_announced_once_and_never_sentence_by_sentence(panel: Page) -> None:
    listen(panel)
    ask(panel, SLOWLY)
    assert heard(panel) == [texts.ANSWER_READY]
    assert panel.locator("[aria-live], [role=status], [role=log], output").count() == 1


def test_an_alarm_is_said_at_once_and_once(panel: Page) -> None:
    listen(panel)
    send(panel, f"al zes weken {SLOWLY}")
    expect(answers(panel)).to_contain_text(FIRST_SENTENCE)
    (alarm,) = heard(panel)
    assert SOON.title in alarm and SOON.paragraphs[0] in alarm
    finished(panel)
    assert heard(panel) == [alarm, texts.ALARM_READY]
    ask(panel)
    assert heard(panel) == [alarm, texts.ALARM_READY, texts.ANSWER_READY]
    panel.reload()
    expect(panel.locator(".alarm")).to_contain_text(SOON.title)
    expect(panel.get_by_role("alert")).to_have_count(0)


def test_who_says_what_can_be_heard(panel: Page) -> None:
    ask(panel)
    tree = panel.locator("main").aria_snapshot()
    assert f'- group "{texts.QUESTION_LABEL}": {QUESTION}' in tree
    assert f'- group "{texts.ANSWER_LABEL}":' in tree


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_text_has_contrast(panel: Page, scheme: Literal["light", "dark"], forced: Literal["none", "active"]) -> None:
    panel.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")
    faint = panel.evaluate(CONTRAST)
    for question in EVERYTHING:
        ask(panel, question)
    panel.locator("summary").first.click()
    button(panel, texts.NO).first.click()
    faint += panel.evaluate(CONTRAST)
    # Where colours are forced, buttons have an edge instead of a colour: what is told of them has more than two parts.
    assert [each for each in faint if forced == "none" or len(each) == 2] == []


def test_it_is_dutch_throughout(panel: Page) -> None:
    for question in EVERYTHING:
        ask(panel, question)
    button(panel, texts.NO).first.click()
    assert english_on(panel) == []
    assert panel.evaluate("document.documentElement.lang") == "nl"


@pytest.mark.parametrize(("width", "height"), [(320, 740), (360, 740), (1280, 740), (320, 256)])
def test_the_disclaimer_and_the_box_stay_in_view_and_nothing_scrolls_sideways(
    panel: Page, width: int, height: int
) -> None:
    panel.set_viewport_size({"width": width, "height": height})
    for question in ("", "paracetamol", f"spoed {WORD}", "voetbal"):
        if question:
            ask(panel, question)
            expect(answers(panel).last.locator(".closing")).to_have_text(texts.DISCLAIMER)
        box(panel).fill(f"{WORD}\n" * 9)
        for part in (disclaimer(panel), button(panel, texts.SEND)):
            expect(part).to_be_in_viewport(ratio=1)
        expect(box(panel)).to_be_in_viewport()
        assert not sideways(panel)
        assert panel.evaluate("document.documentElement.scrollHeight") <= height


def test_everything_to_tap_is_large_enough(panel: Page) -> None:
    ask(panel, "paracetamol")
    panel.locator("summary").first.click()
    ask(panel, "crisis")
    ask(panel, "voetbal")
    button(panel, texts.NO).first.click()
    small = """(least) => [...document.querySelectorAll("button, a, summary, textarea")]
      .filter((each) => each.checkVisibility())
      .map((each) => [each.innerText, each.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < least).map(([text]) => text)"""
    assert panel.evaluate(small, 24) == []
    calls = answers(panel).nth(1).get_by_role("link")
    expect(calls).to_have_count(len(CRISIS.calls))
    for call in calls.all():
        at = call.bounding_box()
        assert at is not None and min(at["width"], at["height"]) >= 44


def test_whatever_has_focus_shows_it(panel: Page) -> None:
    ask(panel, "crisis")
    ask(panel, "voetbal")
    ask(panel)
    panel.locator("h1").focus()
    seen = 0
    while panel.keyboard.press("Tab") or focused(panel).count():
        seen += 1
        expect(focused(panel)).to_have_css("outline-style", "solid")
        expect(focused(panel)).to_be_in_viewport()
    assert seen > 20


def test_more_than_one_line_can_be_typed(panel: Page) -> None:
    box(panel).focus()
    panel.keyboard.type("eerste")
    panel.keyboard.press("Shift+Enter")
    panel.keyboard.type("tweede")
    panel.keyboard.press("Enter")
    finished(panel)
    assert panel.locator(".asked").inner_text() == "eerste\ntweede"


def test_focus_is_not_lost_with_what_disappears(panel: Page) -> None:
    send(panel, "traag")
    button(panel, texts.STOP).focus()
    finished(panel)
    expect(box(panel)).to_be_focused()
    button(panel, texts.TRY_AGAIN).focus()
    panel.keyboard.press("Enter")
    expect(box(panel)).to_be_focused()


def test_a_phone_s_keyboard_gives_way_to_an_alarm_but_to_no_other_reply(
    touch_phone: BrowserContext, site_url: str
) -> None:
    panel = panel_tab(touch_phone, site_url)
    ask(panel)
    expect(box(panel)).to_be_focused()
    send(panel, f"al zes weken {SLOWLY}")
    expect(panel.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(box(panel)).not_to_be_focused()
    finished(panel)
    expect(panel.get_by_role("alert")).to_be_in_viewport(ratio=1)
