"""The panel as a visitor uses it: asking, reading, checking a source, copying, saying whether it helped."""

import json
import re
from typing import Any

import pytest
from browser_fixtures import SLOWLY
from chat_fakes import CAUSES, CRISIS, EMERGENCY, LIST_ANSWER, NOTED, REFUSED, REMARKS, SAFETY_NET, SOON, TODAY, WARNED
from chat_page import answers, box, button, questions
from playwright.sync_api import BrowserContext, Locator, Page, expect
from web_fakes import ANSWER, ARTICLE, QUOTE
from widget_page import (
    FIRST_SENTENCE,
    LAST_SENTENCE,
    QUESTION,
    ask,
    finished,
    heard,
    listen,
    panel_tab,
    send,
    sources,
)

from assistant import texts
from assistant.answer import Alarm

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

ALARMS = {"levensgevaar": EMERGENCY, "spoed": TODAY, "crisis": CRISIS, "al zes weken": SOON}
HOSTILE = (
    "<img src=x onerror=document.title='gehackt'>",
    "[klik](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "\u202egetadputf \u2066evil\u2069 </script><form action=http://evil.example>",
)

# Every text the last reply has while it comes in.
RECORD = """() => {
  window.states = [];
  new MutationObserver(() => {
    const last = [...document.querySelectorAll(".answer .md")].pop()?.innerText;
    if (last && last !== window.states.at(-1)) window.states.push(last);
  }).observe(document.querySelector("#log"), { subtree: true, childList: true });
}"""


def banner(panel: Page) -> Locator:
    return answers(panel).last.get_by_role("alert")


def rate(panel: Page, verdict: str, reason: str = "") -> dict[str, object]:
    """What the server is told."""
    with panel.expect_response("**/api/feedback") as told:
        button(panel, verdict).last.click()
        if reason:
            button(panel, reason).last.click()
    assert told.value.status == 204
    return dict(told.value.request.post_data_json)


def history_sent(panel: Page, question: str) -> list[str]:
    """The earlier messages that go with a question."""
    with panel.expect_request("**/api/ask/stream") as asked:
        ask(panel, question)
    history = asked.value.post_data_json["history"]
    assert {turn["role"] for turn in history} <= {"user"}
    return [turn["content"] for turn in history]


def test_what_this_is_stands_there_before_the_first_question(panel: Page) -> None:
    privacy = f"{texts.PRIVACY_NOTICE} {texts.CHAT_IS_NOT_KEPT}"
    for told in (texts.PAGE_INTRO, texts.AI_NOTICE, privacy, texts.NOT_A_DEVICE):
        expect(panel.get_by_text(told)).to_be_in_viewport()
    ask(panel)
    expect(panel.get_by_text(texts.AI_NOTICE)).to_be_hidden()


def test_an_answer_grows_sentence_by_sentence_and_is_whole_with_its_sources(panel: Page) -> None:
    panel.evaluate(RECORD)
    answer = ask(panel, f"{QUESTION} {SLOWLY}")
    states = [state for state in panel.evaluate("window.states") if texts.SEARCHING not in state]
    assert len(states) > len(LIST_ANSWER.sentences)
    assert [len(state) for state in states] == sorted(len(state) for state in states)
    assert all(state.endswith(texts.DISCLAIMER) for state in states)
    expect(answer.locator("li > a")).to_have_text(["[2]"] * 4)
    expect(answer.locator("p").first).to_have_text(re.compile(re.escape(FIRST_SENTENCE)))
    assert answer.locator(".md > *").evaluate_all("(all) => all.map((each) => each.localName)") == [
        *("p", "ul", "p"),
        *("h3", "ul", "hr", "p"),
    ]


def test_an_answer_shows_its_remarks_its_attribution_and_who_may_need_help(panel: Page) -> None:
    answer = ask(panel, "paracetamol")
    expect(answer.locator("blockquote p")).to_have_text(
        [re.compile(re.escape(remark.text) + ".*" + re.escape(remark.source)) for remark in REMARKS]
    )
    expect(answer.locator("blockquote a")).to_have_text(["[3]", "[1]", "[2]"])
    expect(answer).to_contain_text(f"{texts.ATTRIBUTION} “{NOTED.sentences[-1].text}”")
    expect(answer.locator(".safety-net")).to_have_text(SAFETY_NET)


@pytest.mark.parametrize(("question", "alarm"), ALARMS.items())
def test_an_alarm_comes_first_with_its_numbers_and_is_in_view(panel: Page, question: str, alarm: Alarm) -> None:
    ask(panel)
    whole = ask(panel, question).locator(".md").inner_text().split()
    first = f"{texts.ALARM_SIGNS[alarm.urgency]} {alarm.text}".split()
    assert whole[: len(first)] == first
    links = banner(panel).get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()] == [call.url for call in alarm.calls]
    expect(banner(panel)).to_be_in_viewport(ratio=1)
    if alarm.urgency.forbids_advice:
        assert " ".join(whole).endswith(f"{' '.join(alarm.text.split())} {texts.DISCLAIMER}")
    else:
        expect(answers(panel).last).to_contain_text(WARNED.sentences[-1].text)


def test_a_number_unfolds_the_exact_quote_and_brings_it_into_view(panel: Page) -> None:
    ask(panel)
    expect(panel.locator(".quote").first).to_be_hidden()
    answers(panel).get_by_role("link", name="[2]").first.click()
    source = sources(panel).nth(1)
    expect(source.locator("summary")).to_be_focused()
    expect(source.locator("summary")).to_have_text(f"[2] {CAUSES} · {LIST_ANSWER.citations[1].section}")
    expect(source.locator(".quote")).to_have_text(LIST_ANSWER.citations[1].quote)
    expect(source.locator(".quote")).to_be_in_viewport(ratio=1)
    expect(panel.locator("details[open]")).to_have_count(1)


def test_a_source_opens_the_article_beside_the_chat_with_the_quote_marked(panel: Page) -> None:
    ask(panel, "warmte")
    sources(panel).locator("summary").click()
    expect(sources(panel).locator(".quote")).to_have_text(QUOTE)
    with panel.context.expect_page() as opened:
        sources(panel).get_by_role("link", name=texts.READ_IN_ARTICLE).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(ARTICLE.title)
    expect(opened.value.locator("mark")).to_have_text(QUOTE)
    assert opened.value.evaluate("window.opener") is None
    expect(answers(panel)).to_be_visible()


def test_helpful_or_not_arrives_with_the_reason_but_without_a_word_of_the_conversation(panel: Page) -> None:
    ask(panel, "warmte")
    passages = [citation.passage_id for citation in ANSWER.citations]
    told = {"kind": "answered", "urgency": None, "passage_ids": passages, "comment": ""}
    said = [rate(panel, texts.YES)]
    assert said[0] == told | {"helpful": True, "reason": "", "reply_id": said[0]["reply_id"]}
    expect(answers(panel).last.get_by_text(texts.THANKS)).to_be_focused()
    ask(panel, "warmte")
    reason, words = next(iter(texts.NOT_HELPFUL_REASONS.items()))
    said.append(rate(panel, texts.NO, words))
    assert said[1] == told | {"helpful": False, "reason": reason, "reply_id": said[1]["reply_id"]}
    assert len({each["reply_id"] for each in said} - {""}) == 2
    panel.reload()
    expect(panel.get_by_text(texts.HELPFUL)).to_have_count(0)


def test_who_says_no_and_goes_on_without_a_reason_is_heard_all_the_same(panel: Page) -> None:
    told: list[Any] = []
    panel.on("request", lambda request: told.append(request.post_data_json) if "feedback" in request.url else None)
    for _ in range(3):
        ask(panel, "warmte")
        button(panel, texts.NO).last.click()
    assert [(each["helpful"], each["reason"]) for each in told] == [(False, "")] * 2
    reason, words = next(iter(texts.NOT_HELPFUL_REASONS.items()))
    for _ in range(2):
        button(panel, words).first.click()
    panel.evaluate("() => { dispatchEvent(new Event('pagehide')); }")
    assert [each["reason"] for each in told] == ["", "", ""]


def test_an_alarm_does_not_ask_whether_it_helped(panel: Page) -> None:
    expect(ask(panel, "spoed").get_by_text(texts.HELPFUL)).to_have_count(0)


def test_a_new_conversation_starts_from_nothing(panel: Page) -> None:
    expect(button(panel, texts.NEW_CONVERSATION)).to_be_hidden()
    ask(panel)
    assert history_sent(panel, "en nu") == [QUESTION]
    before = panel.evaluate("sessionStorage.length")
    button(panel, texts.NEW_CONVERSATION).click()
    expect(questions(panel)).to_have_count(0)
    expect(panel.locator("#welcome")).to_be_visible()
    expect(box(panel)).to_be_focused()
    assert (before, panel.evaluate("sessionStorage.length")) == (1, 0)
    assert history_sent(panel, QUESTION) == []


def test_a_new_conversation_can_start_while_an_answer_comes_in(panel: Page) -> None:
    send(panel, SLOWLY)
    expect(answers(panel)).to_contain_text(FIRST_SENTENCE)
    listen(panel)
    button(panel, texts.NEW_CONVERSATION).click()
    answer = ask(panel, "voetbal")
    expect(answer).to_contain_text(REFUSED.notice)
    panel.wait_for_timeout(1_000)
    expect(answers(panel)).to_have_count(1)
    expect(answer).not_to_contain_text(FIRST_SENTENCE)
    assert heard(panel) == [texts.ANSWER_READY]
    expect(button(panel, texts.SEND)).to_be_visible()


def test_stop_keeps_what_was_said_and_the_question_can_be_asked_again(panel: Page) -> None:
    send(panel, SLOWLY)
    expect(answers(panel)).to_contain_text(FIRST_SENTENCE)
    button(panel, texts.STOP).click()
    for kept in (texts.STOPPED, FIRST_SENTENCE, texts.DISCLAIMER):
        expect(answers(panel)).to_contain_text(kept)
    expect(box(panel)).to_be_focused()
    expect(button(panel, texts.SEND)).to_be_visible()
    panel.reload()
    expect(answers(panel)).to_contain_text(texts.STOPPED)
    button(panel, texts.TRY_AGAIN).click()
    expect(finished(panel)).to_contain_text(LAST_SENTENCE)


def test_stop_works_before_there_is_anything_to_see(panel: Page) -> None:
    send(panel, "traag")
    button(panel, texts.STOP).click()
    expect(answers(panel)).to_contain_text(texts.STOPPED)
    expect(answers(panel)).not_to_contain_text(texts.LOST)


def test_however_fast_one_presses_a_question_is_asked_once(panel: Page) -> None:
    box(panel).fill(QUESTION)
    panel.evaluate(
        """() => {
          for (let times = 0; times < 3; times += 1) {
            document.querySelector("#ask").requestSubmit();
            document.querySelector("#box").value = "nog een";
          }
        }"""
    )
    finished(panel)
    expect(questions(panel)).to_have_text([QUESTION])
    expect(box(panel)).to_have_value("nog een")


def test_a_suggestion_asks_its_question(panel: Page) -> None:
    chips = ask(panel, "voetbal").get_by_role("group", name=texts.SUGGESTIONS).get_by_role("button")
    expect(chips).to_have_text(list(REFUSED.suggestions))
    chips.nth(1).click()
    expect(finished(panel)).to_contain_text(LAST_SENTENCE)
    expect(questions(panel).last).to_have_text(REFUSED.suggestions[1])
    expect(box(panel)).to_be_focused()


def test_an_example_asks_its_question(panel: Page) -> None:
    example = panel.get_by_role("group", name=texts.EXAMPLES_LABEL).get_by_role("button").first
    words = example.inner_text()
    example.click()
    finished(panel)
    expect(questions(panel)).to_have_text(words)
    expect(box(panel)).to_be_focused()


def test_a_long_answer_is_read_from_its_beginning_unless_the_visitor_scrolls(panel: Page) -> None:
    ask(panel, "paracetamol")
    ask(panel)
    expect(questions(panel).last).to_be_in_viewport(ratio=1)
    send(panel, SLOWLY)
    expect(answers(panel).last).to_contain_text(FIRST_SENTENCE)
    panel.locator("#scroll").dispatch_event("wheel")
    panel.locator("#scroll").evaluate("(each) => each.scrollTo(0, 0)")
    finished(panel)
    expect(questions(panel).first).to_be_in_viewport(ratio=1)
    panel.locator("#scroll").evaluate("(each) => each.scrollTo(0, 0)")
    ask(panel, "spoed")
    expect(banner(panel)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_it_was_typed(panel: Page, hostile: str) -> None:
    ask(panel, hostile)
    assert questions(panel).last.text_content() == hostile
    assert questions(panel).last.locator("*").count() == 0
    expect(panel).to_have_title(texts.PAGE_TITLE)
    panel.reload()
    assert questions(panel).last.text_content() == hostile


def test_what_was_kept_by_another_version_does_not_stop_the_panel(panel: Page) -> None:
    complaints: list[str] = []
    panel.on("pageerror", lambda error: complaints.append(str(error)))
    for kept in (
        "{",
        "null",
        json.dumps({"visitor": "x", "exchanges": [{"question": "q", "answer": {"sentences": [{}]}}]}),
        json.dumps({"visitor": "x", "exchanges": [{"question": "q", "answer": {"sentences": [], "alarm": {}}}]}),
        json.dumps({"visitor": "x", "exchanges": 7}),
    ):
        panel.evaluate("(kept) => sessionStorage.setItem('rugpijn-gesprek', kept)", kept)
        panel.reload()
        expect(panel.locator("#welcome")).to_be_visible()
        expect(ask(panel)).to_contain_text(LAST_SENTENCE)
        expect(questions(panel)).to_have_count(1)
    assert complaints == []


def test_nothing_is_kept_but_for_the_visit_and_nobody_else_is_asked(panel: Page, site_url: str) -> None:
    requests: list[str] = []
    panel.on("request", lambda request: requests.append(request.url))
    assert panel.evaluate("sessionStorage.length") == 0
    for question in (QUESTION, "paracetamol", "crisis"):
        ask(panel, question)
    assert panel.evaluate("localStorage.length") == 0
    assert panel.context.cookies() == []
    assert [url for url in requests if not url.startswith((site_url, "data:"))] == []


def test_the_full_page_is_one_click_away(phone: BrowserContext, chat_url: str) -> None:
    panel = panel_tab(phone, chat_url)
    with phone.expect_page() as opened:
        panel.get_by_role("link", name=texts.OPEN_FULL_PAGE).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(texts.PAGE_TITLE)
    assert opened.value.url == f"{chat_url}/"
