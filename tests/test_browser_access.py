"""Dutch, readable, reachable by keyboard and on a small phone: what WCAG 2.2 AA asks and axe cannot see."""

import re
from typing import Literal

import pytest
from chat_fakes import LIST_ANSWER
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
    wait_until_answered,
)
from playwright.sync_api import BrowserContext, Page, expect

from assistant import texts

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)


def test_what_this_is_stands_there_before_the_first_question(chat: Page) -> None:
    for told in (
        texts.PAGE_TITLE,
        texts.PAGE_INTRO,
        texts.AI_NOTICE,
        texts.PRIVACY_NOTICE,
        texts.CHAT_IS_NOT_KEPT,
        texts.NOT_A_DEVICE,
    ):
        expect(chat.get_by_text(told)).to_be_in_viewport()


def test_the_disclaimer_and_the_box_stay_in_view_whatever_the_length(chat: Page) -> None:
    for question in (QUESTION, "spoed", QUESTION):
        ask(chat, question)
        wait_until_answered(chat)
    for position in ("0", "document.body.scrollHeight"):
        chat.evaluate(f"scrollTo(0, {position})")
        expect(chat.locator("#disclaimer")).to_be_in_viewport(ratio=1)
        expect(box(chat)).to_be_in_viewport(ratio=1)
    expect(chat.locator("#disclaimer")).to_have_text(texts.DISCLAIMER)


def test_the_chat_can_be_walked_with_the_keyboard_alone(chat: Page) -> None:
    focused = chat.locator(":focus")
    chat.keyboard.press("Tab")
    expect(focused).to_have_class(re.compile("chip"))
    for _ in range(4):
        chat.keyboard.press("Tab")
    expect(focused).to_have_attribute("placeholder", texts.QUESTION_PLACEHOLDER)
    chat.keyboard.type("eerste regel")
    chat.keyboard.press("Shift+Enter")
    chat.keyboard.type("tweede regel")
    assert box(chat).input_value() == "eerste regel\ntweede regel"
    chat.keyboard.press("Enter")
    expect(answers(chat)).to_have_count(1)
    wait_until_answered(chat)
    expect(questions(chat)).to_have_text(re.compile(r"eerste regel\s*tweede regel"))
    expect(box(chat)).to_have_value("")
    expect(box(chat)).to_be_focused()
    chat.keyboard.type(QUESTION)
    chat.keyboard.press("Tab")
    expect(focused).to_have_text(texts.SEND)
    chat.keyboard.press("Enter")
    expect(answers(chat)).to_have_count(2)
    expect(box(chat)).to_be_focused()
    wait_until_answered(chat)
    expect(box(chat)).to_be_focused()


def test_whatever_has_focus_shows_it(chat: Page) -> None:
    ask(chat, QUESTION)
    wait_until_answered(chat)
    chat.evaluate("document.activeElement.blur()")
    for _ in range(15):
        chat.keyboard.press("Tab")
        ring = chat.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
              return at === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none"; }"""
        )
        assert ring, chat.evaluate("document.activeElement.outerHTML")


def test_focus_is_not_lost_with_the_stop_button(chat: Page) -> None:
    ask(chat, QUESTION)
    chat.keyboard.press("Tab")
    expect(button(chat, texts.STOP)).to_be_focused()
    wait_until_answered(chat)
    expect(box(chat)).to_be_focused()


def test_the_page_speaks_dutch_to_everyone(chat: Page) -> None:
    assert english_on(chat) == []
    ask(chat, QUESTION)
    wait_until_answered(chat)
    assert english_on(chat) == []
    assert chat.evaluate("document.documentElement.lang") == "nl"


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_scrolls_sideways_and_the_box_is_at_hand(chat: Page, width: int) -> None:
    chat.set_viewport_size({"width": width, "height": 740})
    expect(box(chat)).to_be_in_viewport(ratio=1)
    ask(chat, f"{QUESTION} {'woord' * 40}")
    wait_until_answered(chat)
    assert chat.evaluate("document.documentElement.scrollWidth") <= width
    expect(box(chat)).to_be_in_viewport(ratio=1)


def test_a_long_answer_is_read_from_its_beginning(chat: Page) -> None:
    for _ in range(2):
        ask(chat, QUESTION)
        wait_until_answered(chat)
    chat.wait_for_timeout(300)
    expect(questions(chat).last).to_be_in_viewport(ratio=1)


def test_everything_to_tap_is_large_enough(chat: Page) -> None:
    ask(chat, QUESTION)
    wait_until_answered(chat)
    small = chat.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea")].filter((each) => each.checkVisibility())
          .map((each) => [each.innerText, each.getBoundingClientRect()])
          .filter(([text, rect]) => rect.height < 24 || rect.width < 24).map(([text]) => text)"""
    )
    # A link in a sentence may be as high as its line (WCAG 2.5.8); those are the titles of the sources.
    assert [text for text in small if text not in {cited.article for cited in LIST_ANSWER.citations}] == []


def test_a_screen_reader_hears_the_finished_answer_once(chat: Page) -> None:
    ask(chat, QUESTION)
    wait_until_answered(chat)
    expect(chat.locator("#announcer")).to_contain_text(LAST_SENTENCE)
    log = chat.get_by_role("log", name=texts.CONVERSATION_LABEL)
    expect(log).to_have_attribute("aria-live", "off")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(phone: BrowserContext, chat_url: str, scheme: Literal["light", "dark"]) -> None:
    page = phone.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(chat_url)
    box(page).wait_for()
    faint = page.evaluate(CONTRAST)
    ask(page, QUESTION)
    wait_until_answered(page)
    assert faint + page.evaluate(CONTRAST) == []
