"""The one door for every question, whichever page or program brings it: limits, the reply, what is counted and kept."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from secrets import token_urlsafe
from time import perf_counter
from typing import Protocol

from assistant.answer import Answer, AnswerKind, Part, Urgency
from assistant.errors import QuestionError
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.web.limits import Limits, QuestionLimits
from assistant.web.metrics import Metrics
from assistant.web.pause import PauseSwitch
from assistant.web.readiness import always_ready
from assistant.web.replies import Answering, ReplyPool
from assistant.web.turned_away import TooBusyError, TurnedAwayError


class Channel(StrEnum):
    """Where a question came in."""

    PAGE = "page"
    STREAM = "stream"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks: the address, and a random name if the visitor's page gave one. Neither is kept.

    ``reply_id`` is a random name for the reply, by which feedback on it can be told from that on others.
    """

    channel: Channel
    address: str = ""
    visitor: str = ""
    reply_id: str = field(default_factory=lambda: token_urlsafe(12))


class Reason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    OTHER_QUESTION = "other_question"
    UNCLEAR = "unclear"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor thought of a reply: which kind it was and which passages it quoted, not what was asked.

    ``reply_id`` is "" where the page does not know it. ``comment`` is in the visitor's own words, as they were typed.
    """

    helpful: bool
    reason: Reason
    kind: AnswerKind
    urgency: Urgency | None
    passage_ids: tuple[str, ...]
    reply_id: str = ""
    comment: str = ""


class Records(Protocol):
    """What is kept, where it is kept at all. Never raises, and returns at once: nobody waits for a disk."""

    @property
    def takes_comments(self) -> bool:
        """Whether what a visitor writes with feedback can be kept; else nobody is asked for it."""

    def keep(
        self, channel: str, question: str, answer: Answer, reply_id: str = ..., milliseconds: float = ...
    ) -> None: ...

    def rate(self, feedback: Feedback) -> None: ...

    def close(self) -> None: ...


class NoRecords:
    """Keeps nothing."""

    takes_comments = False

    def keep(
        self, channel: str, question: str, answer: Answer, reply_id: str = "", milliseconds: float = 0.0
    ) -> None: ...

    def rate(self, feedback: Feedback) -> None: ...

    def close(self) -> None: ...


class Reception:
    """Lets in or turns away, has the reply made, and counts it."""

    def __init__(
        self,
        assistant: Answering,
        settings: Settings,
        limits: Limits | None = None,
        metrics: Metrics | None = None,
        records: Records | None = None,
        readiness: Callable[[], str] = always_ready,
    ) -> None:
        """``readiness`` says why this process had better not be asked, "" when it may."""
        self.assistant = assistant
        self.settings = settings
        self.limits = limits or QuestionLimits.of(settings)
        self.metrics = metrics or Metrics()
        self.records = records or NoRecords()
        self.readiness = readiness
        self.pause = PauseSwitch(settings.pause_file)
        self._replies = ReplyPool(assistant, settings.reply_threads, settings.whole_reply_seconds)
        self._open = 0

    async def reply(self, visit: Visit, question: str, history: Sequence[Turn]) -> Answer:
        """The whole reply; raises what ``stream`` raises."""
        async with aclosing(self.stream(visit, question, history)) as parts:
            return [part async for part in parts if isinstance(part, Answer)][-1]

    async def stream(self, visit: Visit, question: str, history: Sequence[Turn]) -> AsyncGenerator[Part]:
        """The parts of the reply as they come; close it to stop the work.

        Raises ``TurnedAwayError``, ``QuestionError``, and whatever the assistant raises.
        """
        start = perf_counter()
        first_seconds = 0.0
        with self._counting(visit.channel), self._place():
            self.pause.check()
            await self.limits.admit(visit.address, visit.visitor)
            async with aclosing(self._replies.stream(question, history)) as parts:
                async for part in parts:
                    first_seconds = first_seconds or perf_counter() - start
                    if isinstance(part, Answer):
                        seconds = perf_counter() - start
                        self.metrics.replied(visit.channel, part, first_seconds, seconds)
                        self.records.keep(visit.channel, question, part, visit.reply_id, seconds * 1000)
                    yield part

    def rate(self, visit: Visit, feedback: Feedback) -> None:
        """Raises ``TurnedAwayError``: feedback counts as a question of its sender."""
        with self._counting(visit.channel):
            self.limits.check_feedback(visit.address)
        self.metrics.rated(helpful=feedback.helpful, reason=feedback.reason)
        self.records.rate(feedback)

    def close(self) -> None:
        self._replies.close()
        self.limits.close()
        self.records.close()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Raises ``TooBusyError`` rather than let a queue grow that nobody will wait out."""
        if self._open >= self.settings.open_replies:
            raise TooBusyError
        self._open += 1
        self.metrics.open_replies.set(self._open)
        try:
            yield
        finally:
            self._open -= 1
            self.metrics.open_replies.set(self._open)

    @contextmanager
    def _counting(self, channel: Channel) -> Iterator[None]:
        try:
            yield
        except TurnedAwayError as error:
            self.metrics.turned_away(channel, error.reason)
            raise
        except QuestionError:
            self.metrics.turned_away(channel, "question")
            raise
        except Exception:
            self.metrics.turned_away(channel, "failed")
            raise
