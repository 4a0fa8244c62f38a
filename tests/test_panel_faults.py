"""Whatever goes wrong: said in plain Dutch, the question kept, and one click to ask it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser_fixtures import SLOWLY, BrowserFake, serving
from chat_page import answers, box, button, questions
from playwright.sync_api import BrowserContext, Page, Route, expect
from starlette.types import ASGIApp
from web_fakes import reception
from widget_page import FIRST_SENTENCE, LAST_SENTENCE, QUESTION, ask, finished, heard, listen, panel_tab, send

from assistant import texts
from assistant.web.site import build_site

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

STREAM = "**/api/ask/stream"
TRIAGE = 'event: triage\ndata: {"urgency": null, "flags": [], "alarm": null}\n\n'
SENTENCE = (
    'event: sentence\ndata: {"sentence": {"text": "Half.", "citations": [], "attribution": "", "shape": "text", '
    '"opens_paragraph": true}, "citations": []}\n\n'
)
ERROR = 'event: error\ndata: {"detail": "Het antwoord duurt te lang."}\n\n'


def site(rate: int | None = None, **settings: Any) -> ASGIApp:
    return build_site(reception(BrowserFake(usual_seconds=0.0), rate, **settings))


@contextmanager
def answering(panel: Page, **response: Any) -> Iterator[None]:
    """With this response to every question."""
    panel.route(STREAM, lambda route: route.fulfill(**response))
    yield
    panel.unroute(STREAM)


def expect_told(panel: Page, told: str, question: str = QUESTION) -> None:
    """It stands below the question, with the disclaimer, and a screen reader says it."""
    expect(answers(panel).last).to_contain_text(told)
    expect(answers(panel).last).to_contain_text(texts.DISCLAIMER)
    expect(questions(panel).last).to_have_text(question)
    expect(questions(panel).last).to_be_in_viewport(ratio=1)
    expect(panel.get_by_role("status")).to_have_text(told)


def try_again(panel: Page) -> None:
    """One click, and the answer is there: once, below the question."""
    before = questions(panel).count()
    button(panel, texts.TRY_AGAIN).click()
    expect(finished(panel)).to_contain_text(LAST_SENTENCE)
    expect(button(panel, texts.TRY_AGAIN)).to_have_count(0)
    expect(questions(panel)).to_have_count(before)
    expect(box(panel)).to_be_focused()


def test_without_a_connection(panel: Page) -> None:
    panel.context.set_offline(True)
    for _ in range(2):
        ask(panel)
        expect_told(panel, texts.LOST)
    panel.context.set_offline(False)
    button(panel, texts.TRY_AGAIN).first.click()
    expect(answers(panel).first).to_contain_text(LAST_SENTENCE)
    finished(panel)
    try_again(panel)


def test_a_server_that_is_stopped_and_started_again(phone: BrowserContext) -> None:
    with serving(site()) as url:
        panel = panel_tab(phone, url)
        ask(panel)
    ask(panel, "en nu")
    expect_told(panel, texts.LOST, "en nu")
    with serving(site(), port=int(url.rpartition(":")[2])):
        try_again(panel)
    expect(answers(panel)).to_have_count(2)


def test_a_server_that_goes_in_the_middle_of_an_answer(phone: BrowserContext) -> None:
    with serving(site()) as url:
        panel = panel_tab(phone, url)
        send(panel, SLOWLY)
        expect(answers(panel)).to_contain_text(FIRST_SENTENCE)
    expect_told(panel, texts.LOST, SLOWLY)
    expect(answers(panel)).not_to_contain_text(FIRST_SENTENCE)
    with serving(site(), port=int(url.rpartition(":")[2])):
        try_again(panel)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (TRIAGE + SENTENCE, texts.LOST),
        (TRIAGE + SENTENCE + "event: done\ndata: {", texts.LOST),
        (TRIAGE + SENTENCE + ERROR, "Het antwoord duurt te lang."),
        ("<html>not for us</html>\n\n", texts.LOST),
        (TRIAGE + "event: sentence\ndata: {}\n\n", texts.SOMETHING_WRONG),
        ("", texts.LOST),
    ],
)
def test_a_stream_that_breaks_off_or_is_no_stream(panel: Page, body: str, told: str) -> None:
    with answering(panel, content_type="text/event-stream", body=body):
        ask(panel)
    expect_told(panel, told)
    expect(answers(panel)).not_to_contain_text("Half.")
    try_again(panel)


def test_an_alarm_stays_when_the_rest_of_the_reply_does_not_come(panel: Page) -> None:
    alarm = '{"title": "Bel nu 112", "paragraphs": ["Wacht niet."], "calls": []}'
    body = f'event: triage\ndata: {{"urgency": "112", "flags": [], "alarm": {alarm}}}\n\n'
    with answering(panel, content_type="text/event-stream", body=body):
        ask(panel)
    expect(panel.get_by_role("alert")).to_contain_text("Bel nu 112")
    expect_told(panel, texts.LOST)


def test_a_page_of_a_proxy_in_between(panel: Page) -> None:
    with answering(panel, status=502, content_type="text/html", body="<h1>Bad Gateway</h1>"):
        ask(panel)
    expect_told(panel, texts.SOMETHING_WRONG)
    try_again(panel)


def test_an_answer_that_takes_long_and_one_that_never_comes(phone: BrowserContext, site_url: str) -> None:
    panel = phone.new_page()
    panel.clock.install()
    panel.goto(f"{site_url}/widget/panel")
    waiting: list[Route] = []
    panel.route(STREAM, lambda route: waiting.append(route))
    send(panel, QUESTION)
    expect(answers(panel)).to_contain_text(texts.SEARCHING)
    panel.clock.fast_forward("00:06")
    expect(answers(panel)).to_contain_text(texts.STILL_SEARCHING)
    panel.clock.fast_forward("00:30")
    expect(answers(panel)).to_contain_text(texts.LOST)
    panel.unroute(STREAM)
    button(panel, texts.TRY_AGAIN).click()
    expect(answers(panel)).to_contain_text(LAST_SENTENCE)


def test_an_answer_that_the_server_gives_up(panel: Page) -> None:
    ask(panel, "traag")
    expect_told(panel, texts.TOO_SLOW, "traag")


def test_too_many_questions(phone: BrowserContext) -> None:
    with serving(site(rate=1)) as url:
        panel = panel_tab(phone, url)
        ask(panel)
        ask(panel, "en nu")
        expect(answers(panel).last).to_contain_text(texts.TOO_MANY_QUESTIONS.partition("{")[0])
        expect(questions(panel).last).to_have_text("en nu")
        expect(button(panel, texts.TRY_AGAIN)).to_be_visible()


def test_a_chat_that_is_paused(phone: BrowserContext, tmp_path: Path) -> None:
    pause = tmp_path / "paused"
    with serving(site(pause_file=pause)) as url:
        panel = panel_tab(phone, url)
        pause.write_text("Wij zijn met <b>vakantie</b>.")
        ask(panel)
        expect_told(panel, "Wij zijn met <b>vakantie</b>.")
        later = panel_tab(phone, url)
        expect(later.get_by_text("Wij zijn met <b>vakantie</b>.")).to_be_in_viewport()
        pause.unlink()
        try_again(panel)


@pytest.mark.parametrize("question", ["x" * 1_001, "\u200b\u200b"])
def test_a_question_that_cannot_be_answered_goes_back_into_the_box(panel: Page, question: str) -> None:
    ask(panel, question)
    expect(box(panel)).to_have_value(question)
    expect(box(panel)).to_be_focused()
    expect(button(panel, texts.TRY_AGAIN)).to_have_count(0)
    told = texts.QUESTION_TOO_LONG.format(limit=1_000) if len(question) > 1_000 else texts.QUESTION_EMPTY
    expect(answers(panel)).to_contain_text(told)
    expect(ask(panel)).to_contain_text(LAST_SENTENCE)


def test_half_a_letter_does_not_spoil_the_conversation(panel: Page) -> None:
    for question in ("rug \ud83d pijn", QUESTION):
        box(panel).evaluate("(each, question) => { each.value = question; each.form.requestSubmit(); }", question)
        finished(panel)
    expect(answers(panel)).to_contain_text([LAST_SENTENCE] * 2)


def test_a_question_without_an_answer_is_still_there_on_the_next_page(panel: Page) -> None:
    panel.context.set_offline(True)
    ask(panel, "spoed")
    panel.context.set_offline(False)
    panel.reload()
    listen(panel)
    expect(questions(panel)).to_have_text("spoed")
    expect(answers(panel)).to_contain_text(texts.LOST)
    button(panel, texts.TRY_AGAIN).click()
    finished(panel)
    assert heard(panel)[-1] == texts.ALARM_READY


def test_a_message_that_got_no_reply_counts_as_said(panel: Page) -> None:
    panel.context.set_offline(True)
    ask(panel, "pijn op de borst")
    panel.context.set_offline(False)
    with panel.expect_request(STREAM) as asked:
        ask(panel)
    assert asked.value.post_data_json["history"] == [{"role": "user", "content": "pijn op de borst"}]


def test_events_are_read_whole_however_they_arrive(panel: Page) -> None:
    read = """async (size) => {
      const blocks = [': alive', 'event: sentence\\ndata: {"text": "één 😀"}', 'event: done\\ndata: {"x": 1}'];
      const bytes = new TextEncoder().encode(blocks.map((block) => `${block}\\n\\n`).join(""));
      const stream = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
          controller.close();
        },
      });
      const events = [];
      for await (const event of eventsOf(stream)) events.push(event);
      return events;
    }"""
    for size in (1, 2, 3, 7, 1_000):
        assert panel.evaluate(read, size) == [
            {"name": "sentence", "data": {"text": "één 😀"}},
            {"name": "done", "data": {"x": 1}},
        ]
