"""One door for every channel: who is let in, and what is counted and kept."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest
from chat_fakes import LIST_ANSWER, TODAY, urgent
from metric_reader import measured
from reception_fakes import FakeRecords
from starlette.testclient import TestClient
from web_fakes import ANSWER, FakeAssistant, settings

from assistant import texts
from assistant.answer import Answer, AnswerKind, Part
from assistant.errors import EmptyQuestionError
from assistant.reply import Role, Turn
from assistant.web.chat.dialogue import Dialogue, Progress
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Channel, Feedback, Reason, Reception, Visit
from assistant.web.site import build_site
from assistant.web.turned_away import DayIsFullError, PausedError, TooBusyError, TooManyQuestionsError, TurnedAwayError

VISIT = Visit(Channel.ASK, "192.0.2.1", "een")
RATING = Feedback(True, Reason.NONE, AnswerKind.ANSWERED, None, ("ab",))


@dataclass
class Desk:
    """A reception, with what goes in and out of it at hand."""

    assistant: FakeAssistant = field(default_factory=FakeAssistant)
    limits: QuestionLimits = field(default_factory=QuestionLimits)
    changes: dict[str, Any] = field(default_factory=dict)
    records: FakeRecords = field(default_factory=FakeRecords)

    def __post_init__(self) -> None:
        self.reception = Reception(self.assistant, settings(**self.changes), self.limits, records=self.records)

    def ask(self, question: str = "Wat helpt?", visit: Visit = VISIT) -> Answer:
        return asyncio.run(self.reception.reply(visit, question, ()))

    def refuses(self, error: type[Exception], **asked: Any) -> bool:
        with pytest.raises(error):
            self.ask(**asked)
        return True

    def stream(self, question: str = "Wat helpt?") -> AsyncGenerator[Part]:
        return self.reception.stream(VISIT, question, ())

    def turned_away(self, reason: str) -> float:
        return measured(self.reception.metrics, "rugpijn_turned_away_total", channel="ask", reason=reason)

    @property
    def open_replies(self) -> float:
        return measured(self.reception.metrics, "rugpijn_open_replies")


# Limits


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (QuestionLimits(visitor=1), TooManyQuestionsError),
        (QuestionLimits(address=1), TooManyQuestionsError),
        (QuestionLimits(day=1), DayIsFullError),
    ],
)
def test_one_question_too_many_never_reaches_the_assistant(limits: QuestionLimits, error: type[Exception]) -> None:
    desk = Desk(limits=limits)
    desk.ask("eerste")
    assert desk.refuses(error, question="tweede")
    assert [question for question, _ in desk.assistant.asked] == ["eerste"]


def test_visitors_at_one_address_have_a_limit_each_and_one_together() -> None:
    desk = Desk(limits=QuestionLimits(visitor=1, address=2))
    for visitor in ("een", "twee"):
        desk.ask(visit=Visit(Channel.ASK, "192.0.2.1", visitor))
    assert desk.refuses(TooManyQuestionsError, visit=Visit(Channel.ASK, "192.0.2.1", "drie"))
    desk.ask(visit=Visit(Channel.ASK, "192.0.2.2", "een"))


def test_the_settings_can_switch_all_limits_off() -> None:
    for changes in ({"questions_per_minute": 1}, {"questions_per_minute_per_address": 1}, {"questions_per_day": 1}):
        limited, free = (Reception(FakeAssistant(), settings(rate_limit=is_on, **changes)) for is_on in (True, False))
        for _ in range(3):
            asyncio.run(free.reply(VISIT, "x", ()))
        asyncio.run(limited.reply(VISIT, "x", ()))
        with pytest.raises(TurnedAwayError):
            asyncio.run(limited.reply(VISIT, "x", ()))


Asking = Callable[[], str]


def channels(desk: Reception) -> dict[str, Asking]:
    """What each channel says to one more question, "" when it answers; all of one visitor at one address."""
    client = TestClient(build_site(desk), client=("192.0.2.1", 5000))
    dialogue = Dialogue(desk)
    conversation = dialogue.new_conversation()
    conversation.visitor = "een"

    def post(path: str) -> str:
        response = client.post(path, json={"question": "Wat helpt?", "visitor": "een"})
        return "" if response.status_code == 200 else str(response.json()["detail"])

    async def chat() -> str:
        *_, exchange = [state async for state in dialogue.ask("Wat helpt?", conversation, "192.0.2.1")]
        return exchange.shown.replace("\\", "") if exchange.progress is Progress.REFUSED else ""

    return {
        "ask": lambda: post("/api/ask"),
        "stream": lambda: post("/api/ask/stream"),
        "page": lambda: asyncio.run(chat()),
    }


@pytest.mark.parametrize("limit", ["visitor", "address", "day"])
@pytest.mark.parametrize("last", ["ask", "stream", "page"])
def test_all_channels_count_together_and_say_the_same(limit: str, last: str) -> None:
    asking = channels(Reception(FakeAssistant(), settings(), QuestionLimits(**{limit: 3})))
    assert [ask() for ask in asking.values()] == ["", "", ""]
    told = texts.DAY_IS_FULL if limit == "day" else texts.TOO_MANY_QUESTIONS.partition("{")[0]
    assert asking[last]().startswith(told)


# How many at once


def test_more_replies_than_there_is_room_for_are_turned_away_until_one_is_done() -> None:
    desk = Desk(changes={"open_replies": 1})

    async def crowd() -> None:
        async with aclosing(desk.stream()) as first:
            await anext(first)
            assert desk.open_replies == 1
            with pytest.raises(TooBusyError):
                await anext(desk.stream())
        assert desk.open_replies == 0
        async with aclosing(desk.stream()) as next_one:
            await anext(next_one)

    asyncio.run(crowd())
    assert desk.turned_away("too_busy") == 1


def explode(question: str) -> None:
    raise RuntimeError(question)


@pytest.mark.parametrize(
    ("reason", "question", "assistant", "changes"),
    [
        ("failed", "x", FakeAssistant(before=explode), {}),
        ("question", " ", FakeAssistant(), {}),
        ("too_slow", "x", FakeAssistant(before=lambda _: time.sleep(0.2)), {"reply_timeout_seconds": 0.05}),
        ("paused", "x", FakeAssistant(), {"pause_file": __file__}),
    ],
)
def test_whatever_ends_a_reply_gives_its_place_back_and_is_counted_once(
    reason: str, question: str, assistant: FakeAssistant, changes: dict[str, Any]
) -> None:
    desk = Desk(assistant, changes={"open_replies": 1, **changes})
    for count in (1, 2):
        with pytest.raises((RuntimeError, EmptyQuestionError, TurnedAwayError)) as raised:
            desk.ask(question)
        assert not isinstance(raised.value, TooBusyError)
        assert desk.open_replies == 0
        assert desk.turned_away(reason) == count
    assert desk.records.kept == []


def test_who_asks_while_the_chat_is_paused_has_used_up_nothing() -> None:
    desk = Desk(limits=QuestionLimits(visitor=1), changes={"pause_file": __file__})
    for _ in range(3):
        assert desk.refuses(PausedError)


# What is counted and kept


def test_a_reply_is_counted_by_channel_kind_and_urgency_and_timed() -> None:
    desk = Desk(FakeAssistant(urgent(TODAY), before=lambda _: time.sleep(0.03)))
    desk.ask()
    metrics = desk.reception.metrics
    labels = {"channel": "ask", "kind": "urgent", "urgency": "spoed"}
    assert measured(metrics, "rugpijn_replies_total", **labels) == 1
    for name in ("rugpijn_first_part_seconds", "rugpijn_reply_seconds"):
        assert measured(metrics, f"{name}_count", channel="ask") == 1
        assert 0.03 <= measured(metrics, f"{name}_sum", channel="ask") < 1


def test_whole_replies_are_kept_and_others_are_not() -> None:
    desk = Desk()

    async def leave_after_triage() -> None:
        async with aclosing(desk.stream("weg")) as parts:
            await anext(parts)

    asyncio.run(leave_after_triage())
    desk.ask("blijft", Visit(Channel.PAGE, "192.0.2.1", "een"))
    assert desk.records.kept == [("page", "blijft", ANSWER)]


def test_a_rating_is_counted_and_kept_unless_its_sender_says_too_much() -> None:
    desk = Desk(limits=QuestionLimits(address=1))
    desk.reception.rate(VISIT, RATING)
    with pytest.raises(TooManyQuestionsError):
        desk.reception.rate(VISIT, RATING)
    assert desk.records.rated == [RATING]
    assert measured(desk.reception.metrics, "rugpijn_feedback_total", helpful="yes", reason="") == 1


def test_closing_closes_what_is_kept_and_ends_no_reply_that_has_begun() -> None:
    desk = Desk(FakeAssistant(LIST_ANSWER, before=lambda _: time.sleep(0.1)))

    async def close_meanwhile() -> Answer:
        asking = asyncio.ensure_future(desk.reception.reply(VISIT, "x", ()))
        await asyncio.sleep(0.05)
        desk.reception.close()
        return await asking

    assert asyncio.run(close_meanwhile()) == LIST_ANSWER
    assert desk.records.is_closed


def test_a_channel_hands_on_the_turns_as_they_were_given() -> None:
    desk = Desk()
    turns = (Turn(Role.USER, "Hoi"), Turn(Role.ASSISTANT, "Dag"))
    asyncio.run(desk.reception.reply(VISIT, "En nu?", turns))
    assert desk.assistant.asked == [("En nu?", turns)]
