"""The alarm: first to be seen and read out, one tap from a phone call, for every eye. And what can be asked instead."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from chat_fakes import CRISIS, EMERGENCY, REFUSED, REMARKS, SAFETY_NET, SOON, SUGGESTED, TODAY, WARNED
from chat_page import (
    CONTRAST,
    LAST_SENTENCE,
    QUESTION,
    answers,
    ask,
    box,
    button,
    english_on,
    questions,
    record_growth,
    wait_until_answered,
)
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assistant import texts
from assistant.answer import Alarm

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

ALARMS = {"levensgevaar": EMERGENCY, "spoed": TODAY, "crisis": CRISIS, "al zes weken": SOON}
NOTHING_MORE = {question: alarm for question, alarm in ALARMS.items() if alarm.urgency.forbids_advice}


def banner(page: Page) -> Locator:
    return answers(page).last.get_by_role("alert")


def calls(page: Page) -> Locator:
    return banner(page).get_by_role("link")


def suggestions(page: Page) -> Locator:
    return page.get_by_role("group", name=texts.SUGGESTIONS).get_by_role("button")


def record_alerts(page: Page) -> None:
    """Keep the text of every alert that is put into the page: that is when a screen reader says it."""
    page.evaluate(
        """() => {
          window.alerts = [];
          const alertsIn = (node) => node.nodeType !== 1 ? []
            : [node, ...node.querySelectorAll("*")].filter((each) => each.matches("[role=alert]"));
          new MutationObserver((changes) => {
            for (const change of changes) {
              for (const alert of [...change.addedNodes].flatMap(alertsIn)) window.alerts.push(alert.innerText);
            }
          }).observe(document.body, {subtree: true, childList: true});
        }"""
    )


def scroll_away_while_it_searches(page: Page) -> None:
    """With the wheel, to the top; from inside the page, for the reply comes soon."""
    page.evaluate(
        """(searching) => new MutationObserver((_, observer) => {
          if (![...document.querySelectorAll("[data-testid=bot]")].pop()?.innerText.includes(searching)) return;
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => {
            dispatchEvent(new WheelEvent("wheel"));
            scrollTo(0, 0);
            window.scrolledAway = true;
          }));
        }).observe(document.querySelector("#log"), {subtree: true, childList: true, characterData: true})""",
        texts.SEARCHING,
    )


@pytest.fixture
def touch_phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.mark.parametrize(("question", "alarm"), ALARMS.items())
def test_the_alarm_is_the_first_thing_in_the_reply_with_its_word_and_its_numbers(
    chat: Page, question: str, alarm: Alarm
) -> None:
    ask(chat, question)
    wait_until_answered(chat)
    shown = answers(chat).inner_text().split()
    first = f"{texts.ALARM_SIGNS[alarm.urgency]} {alarm.text}".split()
    assert shown[: len(first)] == first
    expect(banner(chat)).to_be_in_viewport(ratio=1)
    assert [link.get_attribute("href") for link in calls(chat).all()] == [call.url for call in alarm.calls]
    assert english_on(chat) == []


@pytest.mark.parametrize(("question", "alarm"), NOTHING_MORE.items())
def test_nothing_follows_but_the_disclaimer(chat: Page, question: str, alarm: Alarm) -> None:
    ask(chat, question)
    wait_until_answered(chat)
    whole, of_the_banner = answers(chat).inner_text(), banner(chat).inner_text()
    assert whole.removeprefix(of_the_banner).strip() == texts.DISCLAIMER
    expect(suggestions(chat)).to_have_count(0)


def test_a_screen_reader_is_told_the_alarm_once_and_does_not_have_to_hear_it_again(chat: Page) -> None:
    record_alerts(chat)
    ask(chat, "al zes weken")
    wait_until_answered(chat)
    (said,) = chat.evaluate("window.alerts")
    assert SOON.title in said and SOON.paragraphs[0] in said
    expect(chat.locator("#announcer")).to_contain_text(LAST_SENTENCE)
    expect(chat.locator("#announcer")).not_to_contain_text(SOON.title)
    ask(chat, QUESTION)
    wait_until_answered(chat)
    assert len(chat.evaluate("window.alerts")) == 1


def test_the_conversation_around_it_does_not_silence_the_alarm(chat: Page) -> None:
    ask(chat, "levensgevaar")
    wait_until_answered(chat)
    tree: dict[str, Any] = chat.context.new_cdp_session(chat).send("Accessibility.getFullAXTree")
    (alert,) = (node for node in tree["nodes"] if node.get("role", {}).get("value") == "alert")
    assert not alert["ignored"]
    assert {"name": "live", "value": {"type": "token", "value": "assertive"}} in alert["properties"]


def test_the_answer_below_a_calm_alarm_comes_with_it_and_not_bit_by_bit(chat: Page) -> None:
    record_growth(chat)
    ask(chat, "al zes weken")
    wait_until_answered(chat)
    expect(answers(chat)).to_contain_text(texts.SOURCES)
    states = [state for state in chat.evaluate("window.states") if texts.SEARCHING not in state]
    assert len(states) == 1


def test_an_alarm_is_brought_into_view_whatever_the_visitor_was_doing(chat: Page) -> None:
    for _ in range(2):
        ask(chat, QUESTION)
        wait_until_answered(chat)
    scroll_away_while_it_searches(chat)
    ask(chat, "levensgevaar")
    wait_until_answered(chat)
    assert chat.evaluate("window.scrolledAway")
    expect(banner(chat)).to_be_in_viewport(ratio=1)


def test_a_phone_s_keyboard_gives_way_to_an_alarm_but_to_no_other_reply(
    touch_phone: BrowserContext, chat_url: str
) -> None:
    page = touch_phone.new_page()
    page.goto(chat_url)
    ask(page, QUESTION)
    wait_until_answered(page)
    expect(box(page)).to_be_focused()
    ask(page, "levensgevaar")
    wait_until_answered(page)
    expect(box(page)).not_to_be_focused()
    expect(banner(page)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_number_is_large_enough_for_a_thumb_and_opens_no_new_tab(chat: Page, width: int) -> None:
    chat.set_viewport_size({"width": width, "height": 740})
    ask(chat, "crisis")
    wait_until_answered(chat)
    assert calls(chat).count() == 2
    for link in calls(chat).all():
        place = link.bounding_box()
        assert place is not None and place["height"] >= 44 and place["width"] >= 44
        assert link.get_attribute("target") is None
    assert chat.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_can_be_reached_with_the_keyboard_and_shows_it(chat: Page) -> None:
    ask(chat, "crisis")
    wait_until_answered(chat)
    for _ in range(6):
        chat.keyboard.press("Shift+Tab")
        if chat.evaluate("document.activeElement.matches('.call')"):
            break
    expect(calls(chat).last).to_be_focused()
    assert chat.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_alarm_and_remark_has_contrast(
    phone: BrowserContext, chat_url: str, scheme: Literal["light", "dark"]
) -> None:
    page = phone.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(chat_url)
    box(page).wait_for()
    for question in (*ALARMS, "voetbal"):
        ask(page, question)
        wait_until_answered(page)
    assert answers(page).get_by_role("alert").count() == len(ALARMS)
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("question", "alarm"), ALARMS.items())
def test_without_colours_an_alarm_still_has_its_word_a_frame_and_buttons(
    phone: BrowserContext, chat_url: str, question: str, alarm: Alarm
) -> None:
    page = phone.new_page()
    page.emulate_media(forced_colors="active")
    page.goto(chat_url)
    ask(page, question)
    wait_until_answered(page)
    expect(banner(page).get_by_text(texts.ALARM_SIGNS[alarm.urgency], exact=True)).to_be_visible()
    frames = "(all) => all.map((each) => getComputedStyle(each).borderTop.split(' rgb')[0])"
    assert banner(page).evaluate_all(frames) == ["3px solid"]
    assert calls(page).evaluate_all(frames) == ["2px solid"] * len(alarm.calls)


def test_a_suggestion_asks_its_question_and_the_others_are_gone(chat: Page) -> None:
    ask(chat, "voetbal")
    wait_until_answered(chat)
    expect(suggestions(chat)).to_have_text(list(SUGGESTED))
    expect(chat.locator("#announcer")).to_contain_text(SUGGESTED[1])
    suggestions(chat).nth(1).click()
    expect(answers(chat)).to_have_count(2)
    wait_until_answered(chat)
    expect(questions(chat).last).to_have_text(SUGGESTED[1])
    expect(answers(chat).last).to_contain_text(LAST_SENTENCE)
    expect(suggestions(chat)).to_have_count(0)


def test_a_suggestion_can_be_chosen_with_the_keyboard(chat: Page) -> None:
    ask(chat, "voetbal")
    wait_until_answered(chat)
    focused = chat.locator(":focus")
    for _ in (*SUGGESTED, texts.YES, texts.NO):  # what asks whether the reply helped stands below the suggestions
        chat.keyboard.press("Shift+Tab")
    expect(focused).to_have_text(SUGGESTED[0])
    chat.keyboard.press("Enter")
    expect(questions(chat).last).to_have_text(SUGGESTED[0])
    expect(box(chat)).to_be_focused()


def test_suggestions_stand_below_the_refusal_and_above_the_question_box(chat: Page) -> None:
    ask(chat, "voetbal")
    wait_until_answered(chat)
    expect(answers(chat)).to_contain_text(REFUSED.notice)
    expect(suggestions(chat).last).to_be_in_viewport(ratio=1)
    heights = [place["height"] for place in (each.bounding_box() for each in suggestions(chat).all()) if place]
    assert min(heights) >= 44


def test_a_new_conversation_leaves_no_alarm_and_no_suggestion_behind(chat: Page) -> None:
    for question in ("levensgevaar", "voetbal"):
        ask(chat, question)
        wait_until_answered(chat)
    button(chat, texts.NEW_CONVERSATION).click()
    expect(answers(chat)).to_have_count(0)
    expect(chat.get_by_role("alert")).to_have_count(0)
    expect(suggestions(chat)).to_have_count(0)


def test_remarks_and_the_safety_net_stand_under_the_answer(chat: Page) -> None:
    ask(chat, "al zes weken")
    wait_until_answered(chat)
    shown = answers(chat).inner_text()
    claim = f"{texts.ATTRIBUTION} “{WARNED.sentences[-1].text}”"
    places = [shown.index(part) for part in (claim, REMARKS[0].text, REMARKS[1].text, SAFETY_NET, texts.DISCLAIMER)]
    assert places == sorted(places)
    expect(answers(chat).locator("blockquote").get_by_role("link", name="[3]")).to_have_count(1)
