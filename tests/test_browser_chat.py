import json
import re

import pytest
from chat_fakes import CAUSES, LIST_ANSWER
from chat_page import (
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
from playwright.sync_api import BrowserContext, Page, Request, expect

from assistant import texts

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

HOSTILE = (
    "<img src=x onerror=document.title='gehackt'>",
    "![x](http://evil.example/x.png)",
    "[klik](javascript:alert(1))",
    "www.evil.example en http://evil.example en jan@evil.example",
    "<style>body{display:none}</style><form action=http://evil.example>",
)


def press_as_soon_as_it_speaks(page: Page, selector: str) -> None:
    """From inside the page: an answer is said in less time than a busy machine takes to click."""
    page.evaluate(
        """([selector, first]) => new MutationObserver((_, observer) => {
          const said = [...document.querySelectorAll("[data-testid=bot]")].pop()?.innerText ?? "";
          if (!said.includes(first) || !document.querySelector(selector)) return;
          observer.disconnect();
          document.querySelector(selector).click();
        }).observe(document.body, {subtree: true, childList: true, characterData: true})""",
        [selector, LIST_ANSWER.sentences[0].text],
    )


def test_an_answer_streams_in_with_sources_and_the_disclaimer(chat: Page) -> None:
    record_growth(chat)
    ask(chat, QUESTION)
    wait_until_answered(chat)
    expect(answers(chat)).to_contain_text(LAST_SENTENCE)
    states = [state for state in chat.evaluate("window.states") if texts.SEARCHING not in state]
    assert len(states) >= 3
    assert [len(state) for state in states] == sorted(len(state) for state in states)
    assert all(state.rstrip().endswith(texts.DISCLAIMER) for state in states)
    expect(answers(chat)).to_contain_text(texts.SOURCES)


def test_a_source_opens_beside_the_chat_at_the_quote(chat: Page, phone: BrowserContext) -> None:
    ask(chat, QUESTION)
    wait_until_answered(chat)
    link = answers(chat).get_by_role("link", name=CAUSES, exact=True)
    assert (link.get_attribute("href") or "").startswith("/bron/")
    assert "noopener" in (link.get_attribute("rel") or "")
    with phone.expect_page() as opened:
        link.click()
    expect(opened.value.locator("main")).to_be_visible()
    assert "/bron/" in opened.value.url
    assert chat.url.endswith("/")


def test_stop_keeps_what_was_said(chat: Page) -> None:
    expect(button(chat, texts.STOP)).to_be_hidden()
    press_as_soon_as_it_speaks(chat, "#stop")
    ask(chat, QUESTION)
    expect(answers(chat)).to_contain_text(texts.STOPPED)
    expect(answers(chat)).to_contain_text(LIST_ANSWER.sentences[0].text)
    expect(answers(chat)).to_contain_text(texts.DISCLAIMER)
    chat.wait_for_timeout(1_500)
    expect(answers(chat)).not_to_contain_text(LAST_SENTENCE)
    expect(button(chat, texts.STOP)).to_be_hidden()
    ask(chat, QUESTION)
    expect(answers(chat).last).to_contain_text(LAST_SENTENCE)


def test_stop_works_while_the_assistant_is_still_searching(chat: Page) -> None:
    ask(chat, "traag")
    expect(answers(chat)).to_contain_text(texts.SEARCHING)
    button(chat, texts.STOP).click()
    expect(answers(chat)).to_contain_text(texts.STOPPED)
    expect(box(chat)).to_be_focused()


def test_a_new_conversation_starts_from_nothing(chat: Page) -> None:
    expect(button(chat, texts.NEW_CONVERSATION)).to_be_hidden()
    ask(chat, QUESTION)
    expect(chat.locator(".chip")).to_have_count(0)
    wait_until_answered(chat)
    button(chat, texts.NEW_CONVERSATION).click()
    expect(questions(chat)).to_have_count(0)
    expect(chat.locator(".chip")).to_have_count(4)
    expect(box(chat)).to_be_focused()


def test_a_new_conversation_can_start_while_an_answer_comes_in(chat: Page) -> None:
    press_as_soon_as_it_speaks(chat, "#restart")
    ask(chat, QUESTION)
    expect(answers(chat)).to_have_count(0)
    chat.wait_for_timeout(1_500)
    expect(answers(chat)).to_have_count(0)
    expect(button(chat, texts.SEND)).to_be_visible()


def test_an_example_asks_its_question(chat: Page) -> None:
    example = chat.locator(".chip").nth(1)
    question = example.inner_text()
    example.click()
    expect(answers(chat)).to_have_count(1)
    wait_until_answered(chat)
    expect(questions(chat)).to_have_text(question)
    expect(chat.locator(".chip")).to_have_count(0)


def test_what_goes_wrong_is_said_in_the_conversation(chat: Page) -> None:
    for question, said in (("boem", texts.SOMETHING_WRONG), ("traag", texts.TOO_SLOW), (" ", texts.QUESTION_EMPTY)):
        ask(chat, question)
        expect(answers(chat).last).to_contain_text(said)
        expect(answers(chat).last).to_contain_text(texts.DISCLAIMER)
    too_long = "x" * 1_001
    box(chat).fill(too_long)
    box(chat).press("Enter")
    expect(answers(chat).last).to_contain_text(texts.QUESTION_TOO_LONG.format(limit=1_000))
    expect(box(chat)).to_have_value(too_long)


def test_a_broken_connection_is_told_in_dutch(chat: Page) -> None:
    gone = {"msg": "unexpected_error", "message": "Session not found.", "success": False, "session_not_found": True}
    stream = f"data: {json.dumps(gone)}\n\n"
    chat.route("**/queue/data*", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    box(chat).fill(QUESTION)
    box(chat).press("Enter")
    expect(chat.get_by_text(texts.CONNECTION_LOST)).to_be_visible()
    assert english_on(chat) == []


def test_a_crowd_is_told_in_dutch_and_the_question_stays_in_the_box(chat: Page) -> None:
    full = {"detail": "Queue is full. Max size is 200 and size is 200."}
    chat.route("**/queue/join*", lambda route: route.fulfill(status=503, json=full))
    box(chat).fill(QUESTION)
    box(chat).press("Enter")
    expect(chat.get_by_text(texts.TOO_BUSY)).to_be_visible()
    expect(box(chat)).to_have_value(QUESTION)
    assert english_on(chat) == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_it_was_typed(chat: Page, hostile: str) -> None:
    ask(chat, hostile)
    wait_until_answered(chat)
    expect(questions(chat)).to_have_text(hostile)
    assert questions(chat).locator("img, a, form, style, script, code, em").count() == 0
    expect(chat).to_have_title(texts.PAGE_TITLE)


def test_every_request_goes_to_our_own_site(phone: BrowserContext, chat_url: str) -> None:
    requests: list[Request] = []
    phone.on("request", lambda request: requests.append(request))
    page = phone.new_page()
    page.goto(chat_url)
    box(page).wait_for()
    for question in (QUESTION, *HOSTILE):
        ask(page, question)
        wait_until_answered(page)
    assert len(requests) > 10
    assert [request.url for request in requests if not request.url.startswith((chat_url, "data:"))] == []


def test_nothing_fails_to_load_and_nothing_complains(phone: BrowserContext, chat_url: str) -> None:
    complaints: list[str] = []
    page = phone.new_page()
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(chat_url)
    box(page).wait_for()
    ask(page, QUESTION)
    wait_until_answered(page)
    assert complaints == []


def test_the_browser_keeps_nothing(chat: Page, phone: BrowserContext) -> None:
    ask(chat, QUESTION)
    wait_until_answered(chat)
    kept = chat.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "oorzaken" not in kept
    assert phone.cookies() == []


def test_an_answer_can_be_copied_as_it_reads(phone: BrowserContext, chat: Page, chat_url: str) -> None:
    phone.grant_permissions(["clipboard-read", "clipboard-write"], origin=chat_url)
    ask(chat, QUESTION)
    wait_until_answered(chat)
    copy = button(chat, texts.COPY_ANSWER)
    expect(copy).to_have_count(1)
    copy.click()
    expect(button(chat, texts.COPIED)).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert LIST_ANSWER.sentences[0].text in copied
    assert texts.DISCLAIMER in copied
    assert not re.search(r"\\|\]\(|\*\*", copied)
