"""Put messages to triage and compare the alarm it raises with the one that is due."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Generic, TypeVar

import numpy as np

from assistant.evaluation.messages import AlarmMessage, Conversation, LookAlike
from assistant.evaluation.questions import Half
from assistant.evaluation.variants import Variant
from assistant.triage.judge import Triage
from assistant.triage.rulebook import Level

Judge = Callable[[Sequence[str]], Triage]
"""All messages of a visitor, the last one last → what they raise."""

E = TypeVar("E", AlarmMessage, LookAlike)


@dataclass(frozen=True, slots=True)
class Judged(Generic[E]):
    """An example and what was raised; ``got`` and what is expected are ``Level.DOUBT`` for the safety-net line."""

    example: E
    found: Triage
    milliseconds: float

    @property
    def expected(self) -> Level | None:
        return self.example.expected

    @property
    def got(self) -> Level | None:
        return reached(self.found)

    @property
    def is_at_least(self) -> bool:
        return _rank(self.got) >= _rank(self.expected)

    @property
    def is_exact(self) -> bool:
        return self.got is self.expected

    @property
    def is_alarm(self) -> bool:
        return self.found.level is not None

    @property
    def is_acute(self) -> bool:
        """An alarm after which no answer may follow."""
        return is_acute(self.found.level)

    @property
    def is_right(self) -> bool:
        """An alarm at least as high as due; where none is due, no alarm, and the safety-net line where that is due."""
        if isinstance(self.example, AlarmMessage):
            return self.is_at_least
        return not self.is_alarm and self.is_at_least


class TurnFault(StrEnum):
    """What can go wrong in the course of a conversation."""

    MISSED = "missed"
    LOST = "lost"
    REPEATED = "repeated"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """What is raised once turn ``place`` of the conversation was said; ``fault`` is ``None`` when that is as due."""

    conversation: Conversation
    place: int
    found: Triage
    milliseconds: float
    fault: TurnFault | None

    @property
    def expected(self) -> Level | None:
        return self.conversation.turns[self.place].level

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(turn.text for turn in self.conversation.turns[: self.place + 1])


@dataclass(frozen=True, slots=True)
class JudgedVariant:
    variant: Variant
    found: Triage

    @property
    def keeps_level(self) -> bool:
        return _rank(reached(self.found)) >= self.variant.original.level.rank


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one triage."""

    count: int
    median: float
    p95: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> "Timing":
        values = list(milliseconds)
        if not values:
            return cls(0, 0.0, 0.0)
        return cls(len(values), float(np.median(values)), float(np.percentile(values, 95)))


@dataclass(frozen=True, slots=True)
class Measurement:
    """All of one half. ``rules_only``: without the second look, which needs the embedding model.

    ``variants`` are of alarms that are raised as they were written; the others have no level to keep.
    """

    half: Half
    rules_only: bool = False
    alarms: tuple[Judged[AlarmMessage], ...] = ()
    look_alikes: tuple[Judged[LookAlike], ...] = ()
    turns: tuple[JudgedTurn, ...] = ()
    variants: tuple[JudgedVariant, ...] = ()

    @property
    def examples(self) -> list[Judged[AlarmMessage] | Judged[LookAlike]]:
        return [*self.alarms, *self.look_alikes]

    @property
    def single_messages(self) -> Timing:
        return Timing.of(each.milliseconds for each in self.examples if len(each.example.messages) == 1)

    @property
    def whole_conversations(self) -> Timing:
        """A triage reads everything that was said before once more."""
        longer = [each.milliseconds for each in self.examples if len(each.example.messages) > 1]
        return Timing.of([*longer, *(turn.milliseconds for turn in self.turns if turn.place)])


def judge_examples(examples: Iterable[E], judge: Judge) -> Iterator[Judged[E]]:
    for example in examples:
        found, milliseconds = _timed(judge, example.messages)
        yield Judged(example, found, milliseconds)


def judge_conversation(conversation: Conversation, judge: Judge) -> list[JudgedTurn]:
    texts = [turn.text for turn in conversation.turns]
    found = [_timed(judge, texts[: place + 1]) for place in range(len(texts))]
    dues = [turn.level for turn in conversation.turns]
    raised = [each.level for each, _ in found]
    return [
        JudgedTurn(conversation, place, *found[place], fault=turn_fault(dues[: place + 1], raised[: place + 1]))
        for place in range(len(texts))
    ]


def turn_fault(dues: Sequence[Level | None], raised: Sequence[Level | None]) -> TurnFault | None:
    """What went wrong at the last turn; both are alarms after each turn, the last one last."""
    due, got = dues[-1], raised[-1]
    if got is due:
        return None
    if _rank(got) < _rank(due):
        was_open = len(dues) > 1 and min(_rank(dues[-2]), _rank(raised[-2])) >= _rank(due)
        return TurnFault.LOST if was_open else TurnFault.MISSED
    was_due = any(_rank(earlier) >= _rank(got) for earlier in dues[:-1])
    return TurnFault.REPEATED if was_due else TurnFault.FALSE


def judge_variants(variants: Iterable[Variant], judge: Judge) -> Iterator[JudgedVariant]:
    return (JudgedVariant(variant, judge(variant.messages)) for variant in variants)


def reached(found: Triage) -> Level | None:
    """The alarm, or ``Level.DOUBT`` when there is only the safety-net line."""
    return found.level or (Level.DOUBT if found.needs_safety_net else None)


def is_acute(level: Level | None) -> bool:
    return level is not None and level.forbids_advice


def _rank(level: Level | None) -> int:
    return level.rank if level else -1


def _timed(judge: Judge, messages: Sequence[str]) -> tuple[Triage, float]:
    start = perf_counter()
    found = judge(messages)
    return found, (perf_counter() - start) * 1000
