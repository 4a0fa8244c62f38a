"""What a visitor of the chat page thinks of a reply: asked in steps, sent once, and never of an alarm."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import pytest
from chat_fakes import LIST_ANSWER, ChatFake
from hypothesis import given
from hypothesis import strategies as st
from reception_fakes import FakeRecords
from web_fakes import settings

from assistant.answer import AnswerKind
from assistant.web.chat.dialogue import Conversation, Dialogue
from assistant.web.chat.opinion import Opinions, Rateable, Step
from assistant.web.chat.page import ChatPage, Updates
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Feedback, Reason, Reception

PASSAGES = tuple(dict.fromkeys(citation.passage_id for citation in LIST_ANSWER.citations))


@dataclass
class Visitor:
    """Asks in one conversation, and presses the buttons below the answer."""

    takes_comments: bool = True
    rate: int | None = None
    records: FakeRecords = field(init=False)

    def __post_init__(self) -> None:
        self.records = FakeRecords(self.takes_comments)
        limits = QuestionLimits(address=self.rate)
        reception = Reception(ChatFake(usual_seconds=0), settings(), limits, records=self.records)
        with gr.Blocks():
            self.page = ChatPage(Dialogue(reception), ())
        self.conversation: Conversation = self.page.dialogue.new_conversation()
        self.shown: Updates = {}

    def asks(self, question: str = "Wat zijn oorzaken?") -> None:
        async def last() -> Updates:
            return [shown async for shown in self.page.on_ask(question, self.conversation, gr.Request())][-1]

        self.shown = asyncio.run(last())

    def presses(self, button: str, *typed: str) -> None:
        react: Any = self.page.on_reason(Reason.WRONG) if button == "wrong" else getattr(self.page, f"on_{button}")
        request = () if button == "no" else (gr.Request(),)
        self.shown = asyncio.run(react(*typed, self.conversation, *request))

    @property
    def rated(self) -> list[Feedback]:
        return self.records.rated

    @property
    def sees(self) -> list[str]:
        rating = self.page.rating
        groups = {"asking": rating.asking, "why": rating.why, "telling": rating.telling, "thanks": rating.thanks}
        seen = [name for name, group in groups.items() if self.shown[group]["visible"]]
        assert self.shown[rating.bar]["visible"] is bool(seen)
        return seen


def thought(helpful: bool, reply_id: str, reason: Reason = Reason.NONE, comment: str = "") -> Feedback:
    return Feedback(helpful, reason, AnswerKind.ANSWERED, None, PASSAGES, reply_id, comment)


def test_an_answer_that_helped_is_told_with_the_name_of_its_reply() -> None:
    visitor = Visitor()
    visitor.asks()
    assert visitor.sees == ["asking"]
    visitor.presses("yes")
    assert visitor.sees == ["thanks"]
    assert visitor.rated == [thought(True, visitor.records.reply_ids[0])]


def test_one_that_did_not_is_told_with_the_reason_and_what_was_written() -> None:
    visitor = Visitor()
    visitor.asks()
    visitor.presses("no")
    assert (visitor.sees, visitor.rated) == (["why"], [])
    visitor.presses("wrong")
    assert (visitor.sees, visitor.rated) == (["telling"], [])
    visitor.presses("comment", "  Het ging over <b>links</b>. ")
    assert visitor.sees == ["thanks"]
    said = thought(False, visitor.records.reply_ids[0], Reason.WRONG, "Het ging over <b>links</b>.")
    assert visitor.rated == [said]


def test_who_has_nothing_to_add_skips_that() -> None:
    visitor = Visitor()
    visitor.asks()
    for button in ("no", "wrong", "skip"):
        visitor.presses(button)
    assert [(each.reason, each.comment) for each in visitor.rated] == [(Reason.WRONG, "")]


def test_where_comments_cannot_be_kept_nobody_is_asked_for_one() -> None:
    visitor = Visitor(takes_comments=False)
    visitor.asks()
    visitor.presses("no")
    visitor.presses("wrong")
    assert visitor.sees == ["thanks"]
    assert [each.reason for each in visitor.rated] == [Reason.WRONG]


@pytest.mark.parametrize("question", ["spoed", "levensgevaar", "crisis", "al zes weken", "boem", ""])
def test_of_an_alarm_or_an_error_nobody_is_asked_what_they_think(question: str) -> None:
    visitor = Visitor()
    visitor.asks(question)
    assert visitor.sees == []
    visitor.presses("yes")
    assert visitor.rated == []


def test_who_says_no_and_asks_on_is_counted_with_the_reason_but_not_with_what_was_not_sent() -> None:
    visitor = Visitor()
    visitor.asks()
    visitor.presses("no")
    visitor.presses("wrong")
    visitor.asks("onbekend")
    assert visitor.sees == ["asking"]
    assert visitor.rated == [thought(False, visitor.records.reply_ids[0], Reason.WRONG)]
    visitor.presses("restart")
    assert len(visitor.rated) == 1


def test_who_says_no_and_begins_anew_is_counted() -> None:
    visitor = Visitor()
    visitor.asks()
    visitor.presses("no")
    visitor.presses("restart")
    assert visitor.sees == []
    assert [each.helpful for each in visitor.rated] == [False]


@pytest.mark.parametrize("typed", ["é" * 10_000, "\ud800 half"])
def test_whatever_a_browser_sends_as_a_comment_can_be_kept(typed: str) -> None:
    visitor = Visitor()
    visitor.asks()
    visitor.presses("no")
    visitor.presses("wrong")
    visitor.presses("comment", typed)
    (kept,) = visitor.rated
    assert 0 < len(kept.comment) <= 500
    assert kept.comment.encode()


def test_one_who_is_over_the_limit_reads_thanks_all_the_same() -> None:
    visitor = Visitor(rate=1)
    visitor.asks()
    visitor.presses("yes")
    assert visitor.sees == ["thanks"]
    assert visitor.rated == []


STEPS: dict[str, Callable[[Opinions, Rateable], None]] = {
    "yes": lambda opinions, reply: opinions.helped(reply, ""),
    "no": lambda opinions, reply: opinions.did_not_help(reply),
    "why": lambda opinions, reply: opinions.because(reply, Reason.WRONG, ""),
    "words": lambda opinions, reply: opinions.write(reply, "tekst", ""),
    "settle": lambda opinions, reply: opinions.settle(reply, ""),
}


@given(st.lists(st.sampled_from(list(STEPS)), max_size=12), st.booleans())
def test_in_whatever_order_the_steps_come_an_opinion_is_sent_at_most_once(steps: list[str], takes: bool) -> None:
    records = FakeRecords(takes)
    opinions = Opinions(Reception(ChatFake(), settings(), QuestionLimits(), records=records))
    reply = Rateable("r1", LIST_ANSWER)
    for step in steps:
        STEPS[step](opinions, reply)
    assert len(records.rated) == (reply.step is Step.NOTHING)
    assert all(takes and not each.helpful for each in records.rated if each.comment)
