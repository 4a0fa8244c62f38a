"""One visitor's conversation, kept on the server, and how a reply comes into it: bit by bit."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil
from secrets import token_urlsafe
from typing import Any

from assistant import texts
from assistant.answer import Answer
from assistant.errors import QuestionError
from assistant.reply import Role, Turn
from assistant.web.chat.opinion import Opinions, Rateable
from assistant.web.chat.render import render_answer, render_error, render_note, render_partial, render_question
from assistant.web.encodable import encodable
from assistant.web.handlers import log_without_words
from assistant.web.reception import Channel, Reception, Visit
from assistant.web.turned_away import TurnedAwayError

_FLUSH_SECONDS = 0.1
_MAX_FLUSHES = 9  # the longest answer is said in about a second


class Progress(StrEnum):
    RUNNING = "running"
    SAID = "said"
    STOPPED = "stopped"
    REFUSED = "refused"
    FAILED = "failed"


class StoppedError(Exception):
    """The visitor has heard enough."""


@dataclass(slots=True)
class Exchange:
    """A question and its reply: ``shown`` is Markdown, ``said`` the answer as far as the visitor has seen it.

    ``rateable`` is there once the reply is whole.
    """

    question: str
    shown: str = field(default_factory=lambda: render_note(texts.SEARCHING))
    said: Answer | None = None
    progress: Progress = Progress.RUNNING
    rateable: Rateable | None = None

    @property
    def is_running(self) -> bool:
        return self.progress is Progress.RUNNING

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Questions to choose from, once the reply is whole."""
        return self.said.suggestions if self.said and self.progress is Progress.SAID else ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was typed, also when it got no reply: it may tell of a symptom. Then what of a reply was seen."""
        asked = (Turn(Role.USER, encodable(self.question)),) if self.question.strip() else ()
        return (*asked, Turn(Role.ASSISTANT, self.said.text)) if self.said else asked

    def say(self, part: Answer) -> None:
        self.check()
        self.said, self.shown = part, render_partial(part)

    def finish(self, answer: Answer, reply_id: str = "") -> None:
        self.check()
        self.said, self.shown, self.progress = answer, render_answer(answer), Progress.SAID
        self.rateable = Rateable(reply_id, answer)

    def check(self) -> None:
        """Raises ``StoppedError`` when there is nothing more to say."""
        if not self.is_running:
            raise StoppedError

    def stop(self) -> None:
        """Keeps what was said; nothing if it is no longer running."""
        if self.is_running:
            self.progress = Progress.STOPPED
            self.shown = render_partial(self.said, texts.STOPPED) if self.said else render_note(texts.STOPPED)

    def fail(self, error: Exception) -> None:
        if not self.is_running:
            return
        is_refusal = isinstance(error, QuestionError | TurnedAwayError)
        self.progress = Progress.REFUSED if is_refusal else Progress.FAILED
        self.said, self.shown = None, render_error(_explain(error))


@dataclass(slots=True)
class Conversation:
    """The exchanges so far; no more of them are kept than can count as history for a next question.

    ``visitor`` is a random name for the limits, drawn with the first question: every page begins as a copy of one and
    the same empty conversation.
    """

    max_turns: int
    max_question_chars: int
    visitor: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    def open(self, question: str) -> Exchange:
        """Start an exchange; what is kept of its question is bounded, too."""
        self.visitor = self.visitor or token_urlsafe(12)
        exchange = Exchange(question[: self.max_question_chars + 1])
        asked = [earlier for earlier in self.exchanges if earlier.question.strip()]
        keep = self.max_turns // 2
        self.exchanges = [*asked[max(0, len(asked) - keep) :], exchange]
        return exchange

    @property
    def is_answering(self) -> bool:
        return any(exchange.is_running for exchange in self.exchanges)

    def stop(self) -> None:
        for exchange in self.exchanges:
            exchange.stop()

    def clear(self) -> None:
        self.stop()
        self.exchanges = []

    @property
    def last_reply(self) -> Rateable | None:
        """What the visitor may be asked about: the last reply, if it is whole."""
        return self.exchanges[-1].rateable if self.exchanges and not self.is_answering else None

    def history(self) -> tuple[Turn, ...]:
        """All before the last question: what was typed, and what was really answered, never what a browser says was."""
        return tuple(turn for exchange in self.exchanges[:-1] for turn in exchange.turns)

    def messages(self) -> list[dict[str, Any]]:
        """For ``gr.Chatbot``: escaped Markdown, and the suggestions as they are, for Gradio shows those as text."""
        messages: list[dict[str, Any]] = []
        for exchange in self.exchanges:
            if exchange.question.strip():
                question = render_question(exchange.question, self.max_question_chars)
                messages.append({"role": Role.USER.value, "content": question})
            messages.append({"role": Role.ASSISTANT.value, "content": exchange.shown, **_choice(exchange.suggestions)})
        return messages


class Dialogue:
    """Lets the assistant answer in a conversation. Whatever goes wrong is said in it; nothing is raised."""

    def __init__(self, reception: Reception) -> None:
        self.reception = reception
        self.opinions = Opinions(reception)

    def new_conversation(self) -> Conversation:
        settings = self.reception.settings
        return Conversation(settings.max_history_turns, settings.max_question_chars)

    async def ask(
        self, question: str, conversation: Conversation, address: str, root: str = ""
    ) -> AsyncIterator[Exchange]:
        """The exchange, each time there is more of it to see; its last state last, also when it was stopped.

        ``address`` is counted by the rate limit. ``root`` is the path a proxy gives the app, for the links to articles.
        """
        self.settle(conversation, address)
        exchange = conversation.open(question)
        history = conversation.history()
        try:
            yield exchange
            visit = Visit(Channel.PAGE, address, conversation.visitor)
            answer = _under(root, await self._answer(visit, question, history, exchange))
            for part in _parts(answer):
                exchange.say(part)
                yield exchange
                await asyncio.sleep(_FLUSH_SECONDS)
            exchange.finish(answer, visit.reply_id)
        except StoppedError:
            pass
        except Exception as error:  # whatever it is, it is said in the conversation
            exchange.fail(error)
        finally:
            exchange.stop()  # left by its reader
        yield exchange

    def settle(self, conversation: Conversation, address: str) -> None:
        """Send what the visitor thought of the last reply and did not say to the end."""
        if reply := conversation.last_reply:
            self.opinions.settle(reply, address)

    async def _answer(self, visit: Visit, question: str, history: Sequence[Turn], exchange: Exchange) -> Answer:
        """Raises ``StoppedError``, and whatever the reply raises."""
        reply = asyncio.ensure_future(self.reception.reply(visit, question, history))
        try:
            while not reply.done():
                exchange.check()
                await asyncio.wait({reply}, timeout=_FLUSH_SECONDS)
            return reply.result()
        finally:
            reply.cancel()


def _choice(suggestions: Sequence[str]) -> dict[str, Any]:
    """Gradio draws an empty row for an empty list."""
    options = [{"value": question, "label": question} for question in map(encodable, suggestions)]
    return {"options": options} if options else {}


def _under(root: str, answer: Answer) -> Answer:
    """With the addresses of this site below ``root``."""
    if not root:
        return answer
    citations = (replace(cited, url=root + cited.url) if cited.url[:1] == "/" else cited for cited in answer.citations)
    return replace(answer, citations=tuple(citations))


def _parts(answer: Answer) -> Iterator[Answer]:
    """The answer as it grows, short of the whole. None under an alarm, which would be read out again with each."""
    if answer.alarm:
        return
    step = max(1, ceil(len(answer.sentences) / _MAX_FLUSHES))
    for count in range(step, len(answer.sentences), step):
        yield _up_to(count, answer)


def _up_to(count: int, answer: Answer) -> Answer:
    """With so many sentences, and the remarks that go with those."""
    sentences = answer.sentences[:count]
    said = {number for sentence in sentences for number in sentence.citations}
    remarks = (remark for remark in answer.remarks if not remark.citations or said.intersection(remark.citations))
    return replace(answer, sentences=sentences, remarks=tuple(remarks))


def _explain(error: Exception) -> str:
    """What the visitor reads."""
    if isinstance(error, QuestionError | TurnedAwayError):
        return str(error)
    log_without_words(error)
    return texts.SOMETHING_WRONG
