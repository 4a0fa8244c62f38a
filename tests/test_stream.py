"""A reply in parts: what comes when, what goes wrong before and after the first part, and who leaves in between."""

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from answer_fakes import answers
from chat_fakes import CRISIS, EMERGENCY, LIST_ANSWER, NOT_FOUND, NOTED, SOON, TODAY, WARNED, urgent
from event_stream import STREAM, Event, Leaver, events_of
from hypothesis import given
from metric_reader import measured
from starlette.testclient import TestClient
from web_fakes import ANSWER, FakeAssistant, settings, site_client

from assistant import texts
from assistant.answer import Alarm, Answer, AnswerKind, Part, Said, Sentence, Triaged, parts_of
from assistant.reply import Turn
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Reception
from assistant.web.site import build_site

QUESTION = {"question": "Wat helpt?"}


def events(answer: Answer) -> list[Event]:
    with site_client(FakeAssistant(answer)) as client:
        return events_of(client.post(STREAM, json=QUESTION).text)


def names(events: Sequence[Event]) -> list[str]:
    return [event.name for event in events]


def test_triage_comes_first_then_each_sentence_then_the_whole_answer() -> None:
    assert names(events(LIST_ANSWER)) == ["triage", *["sentence"] * len(LIST_ANSWER.sentences), "done"]
    assert names(events(NOT_FOUND)) == ["triage", "done"]


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def client(assistant: FakeAssistant) -> Iterator[TestClient]:
    with site_client(assistant) as client:
        yield client


@given(answers)
def test_done_is_exactly_what_ask_gives(client: TestClient, assistant: FakeAssistant, answer: Answer) -> None:
    assistant.answer = answer
    *_, done = events_of(client.post(STREAM, json=QUESTION).text)
    assert done == Event("done", client.post("/api/ask", json=QUESTION).json())


@given(answers)
def test_a_citation_comes_with_the_first_sentence_that_rests_on_it(
    client: TestClient, assistant: FakeAssistant, answer: Answer
) -> None:
    assistant.answer = answer
    said = [event.data for event in events_of(client.post(STREAM, json=QUESTION).text) if event.name == "sentence"]
    assert [each["sentence"] for each in said] == client.post("/api/ask", json=QUESTION).json()["sentences"]
    known: list[int] = []
    there_are = {citation.number for citation in answer.citations}
    for each in said:
        came = [citation["number"] for citation in each["citations"]]
        assert not set(came) & set(known)
        known += came
        assert set(each["sentence"]["citations"]) & there_are <= set(known)
        assert set(came) <= set(each["sentence"]["citations"])


@pytest.mark.parametrize("alarm", [TODAY, EMERGENCY, CRISIS])
def test_from_spoed_up_nothing_stands_between_the_alarm_and_the_end(alarm: Alarm) -> None:
    triage, done = events(urgent(alarm))
    assert (triage.name, done.name) == ("triage", "done")
    assert triage.data == {name: done.data[name] for name in ("urgency", "flags", "alarm")}
    assert triage.data["alarm"]["title"] == alarm.title
    assert done.data["sentences"] == []


def test_an_alarm_that_can_wait_comes_before_what_is_said() -> None:
    triage, *said, done = events(WARNED)
    assert triage.data["urgency"] == "huisarts"
    assert triage.data["alarm"]["title"] == SOON.title
    assert len(said) == len(WARNED.sentences)
    assert done.data["remarks"] and done.data["safety_net"]


def test_without_an_alarm_triage_says_so() -> None:
    assert events(NOTED)[0] == Event("triage", {"urgency": None, "flags": [], "alarm": None})


def test_what_ends_a_line_elsewhere_does_not_end_one_in_a_stream() -> None:
    text = "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\rh\ni\r\n\nevent: done\ndata: {}\n\n"
    answer = Answer(AnswerKind.ANSWERED, (Sentence(text, ()),), notice=text)
    with site_client(FakeAssistant(answer)) as client:
        body = client.post(STREAM, json=QUESTION).content
    assert body.isascii()
    assert [line[:6] for line in body.decode().splitlines()] == ["event:", "data: ", ""] * 3
    _, sentence, done = events_of(body.decode())
    assert sentence.data["sentence"]["text"] == done.data["notice"] == text


def test_a_stream_is_kept_by_nobody_held_up_by_nobody_and_never_compressed() -> None:
    with site_client(FakeAssistant(LIST_ANSWER)) as client:
        response = client.post(STREAM, json=QUESTION, headers={"Accept-Encoding": "gzip, br"})
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in response.headers
    assert len(response.content) > 1_000


# What goes wrong


def explode(question: str) -> None:
    raise RuntimeError(question)


def take_long(_: str) -> None:
    time.sleep(0.3)


@pytest.mark.parametrize(
    ("status", "body", "assistant", "changes"),
    [
        (422, {"question": " "}, FakeAssistant(), {}),
        (422, {"question": "x" * 1_001}, FakeAssistant(), {}),
        (422, {}, FakeAssistant(), {}),
        (422, {**QUESTION, "history": [{"role": "system", "content": "x"}]}, FakeAssistant(), {}),
        (
            422,
            {**QUESTION, "history": [{"role": "user", "content": "x"}] * 3},
            FakeAssistant(),
            {"max_history_turns": 2},
        ),
        (413, {"question": "x" * 2_000}, FakeAssistant(), {"max_request_bytes": 1_000}),
        (500, QUESTION, FakeAssistant(before=explode), {}),
        (503, QUESTION, FakeAssistant(), {"pause_file": __file__}),
        (503, QUESTION, FakeAssistant(before=take_long), {"reply_timeout_seconds": 0.05}),
    ],
)
def test_what_goes_wrong_before_the_first_event_is_a_status(
    status: int, body: dict[str, Any], assistant: FakeAssistant, changes: dict[str, Any]
) -> None:
    with site_client(assistant, **changes) as client:
        refused, asked = client.post(STREAM, json=body), client.post("/api/ask", json=body)
    assert refused.status_code == asked.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == asked.json()["detail"]
    assert (status == 503) == ("retry-after" in refused.headers)


def test_another_content_type_and_broken_json_are_a_status_too(client: TestClient) -> None:
    assert client.post(STREAM, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(STREAM, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.get(STREAM).status_code == 405


@dataclass
class Talker(FakeAssistant):
    """Says ``answer`` part by part and counts them; ``between`` runs before each part but the first."""

    answer: Answer = LIST_ANSWER
    between: Callable[[], object] = lambda: None
    said: int = 0
    is_closed: threading.Event = field(default_factory=threading.Event)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        self.before(question)
        try:
            yield Triaged(self.answer.alarm)
            for part in parts_of(self.answer):
                self.between()
                self.said += isinstance(part, Said)
                yield part
        finally:
            self.is_closed.set()


def test_what_goes_wrong_after_the_first_event_is_the_last_event(caplog: pytest.LogCaptureFixture) -> None:
    secret = "geheim"
    talker = Talker(between=lambda: explode(secret) if talker.said == 2 else None)
    with site_client(talker) as client, caplog.at_level(logging.DEBUG):
        response = client.post(STREAM, json=QUESTION)
    assert response.status_code == 200
    *before, error = events_of(response.text)
    assert names(before) == ["triage", "sentence", "sentence"]
    assert error.name == "error"
    assert (error.data["status"], error.data["detail"]) == (500, texts.SOMETHING_WRONG)
    assert error.data["disclaimer"] == texts.DISCLAIMER
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text + response.text


def test_a_reply_that_gets_stuck_halfway_ends_with_why() -> None:
    with site_client(Talker(between=lambda: time.sleep(0.2)), reply_timeout_seconds=0.5) as client:
        *before, error = events_of(client.post(STREAM, json=QUESTION).text)
    assert names(before)[:2] == ["triage", "sentence"]
    assert error == Event(
        "error",
        {
            "type": "about:blank",
            "title": texts.PROBLEM_TITLES[503],
            "status": 503,
            "detail": texts.TOO_SLOW,
            "instance": STREAM,
            "disclaimer": texts.DISCLAIMER,
        },
    )


# Who leaves


def left(events: int, talker: Talker, stalls: bool = False) -> tuple[Leaver, Reception]:
    desk = Reception(talker, settings(), QuestionLimits())

    async def leave() -> Leaver:
        leaver = Leaver(build_site(desk), events, stalls)
        await leaver.ask()
        gc.collect()
        await asyncio.sleep(0.1)
        return leaver

    return asyncio.run(leave()), desk


def open_replies(desk: Reception) -> float:
    return measured(desk.metrics, "rugpijn_open_replies")


@pytest.mark.parametrize("events", [0, 1, 2, 4])
def test_a_reader_who_leaves_stops_the_work(events: int) -> None:
    talker = Talker(between=lambda: time.sleep(0.1))
    leaver, desk = left(events, talker)
    assert talker.is_closed.wait(2)
    assert talker.said <= events + 1 < len(LIST_ANSWER.sentences)
    assert open_replies(desk) == 0


def test_a_reader_who_stops_reading_and_hangs_up_stops_the_work() -> None:
    talker = Talker(between=lambda: time.sleep(0.1))
    leaver, desk = left(2, talker, stalls=True)
    assert talker.is_closed.wait(2)
    assert talker.said < len(LIST_ANSWER.sentences)
    assert open_replies(desk) == 0


def test_a_reader_who_stays_gets_everything() -> None:
    talker = Talker(ANSWER)
    leaver, _ = left(99, talker)
    assert [message["type"] for message in leaver.got][-1] == "http.response.body"
    assert leaver.got[-1]["more_body"] is False
    assert talker.is_closed.is_set()


def test_a_reply_that_nobody_waits_for_any_more_is_never_begun() -> None:
    began: list[str] = []

    def begin(question: str) -> None:
        began.append(question)
        time.sleep(0.2)

    async def ask_at_once() -> None:
        desk = Reception(
            Talker(before=begin), settings(concurrent_replies=1, reply_timeout_seconds=0.1), QuestionLimits()
        )
        site = build_site(desk)
        await asyncio.gather(*(Leaver(site, 1).ask(f"vraag {number}") for number in range(4)))
        await asyncio.sleep(0.5)

    asyncio.run(ask_at_once())
    assert len(began) == 1
