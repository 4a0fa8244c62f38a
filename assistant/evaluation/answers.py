"""One half of the development questions put to the assistant, and the groups in which the outcomes are counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from assistant.evaluation.gold import gold_passages, overlap
from assistant.evaluation.labels import FOLLOW_UPS, QUESTION_STYLES, UNANSWERABLE
from assistant.evaluation.metrics import DEPTHS, Asked, Outcome, ask
from assistant.evaluation.questions import (
    AnswerableQuestion,
    FollowUp,
    Half,
    UnanswerableQuestion,
    all_questions,
    follow_ups,
)
from assistant.evaluation.rates import Rate
from assistant.ingredients import Ingredient
from assistant.remarks import is_promotional
from assistant.reply import Assistant
from ingest.index import Index

T = TypeVar("T")

ALL = "alle"
ALL_CALM = "alle zonder alarm"
ALL_SAYABLE = "alle zonder promotie"
ALL_CALM_SAYABLE = "alle zonder alarm en promotie"
STEPS = ("total", "triage", "retrieve", "compose")

Groups = dict[str, list[Outcome]]


@dataclass(frozen=True)
class AnswerMeasurement:
    """``outcomes`` are of both kinds of questions and of follow-ups.

    ``promotional`` are the ids of questions whose every gold quote is promotional. ``without`` was left out;
    ``calibrated_anew``: weights and thresholds were learned for this measurement. ``phrased_by`` is the language model
    that phrased the answers, and ``quoted`` what the same questions got without it; empty when none did.
    """

    half: Half
    outcomes: tuple[Outcome, ...]
    promotional: frozenset[str] = frozenset()
    model: str = ""
    without: tuple[Ingredient, ...] = ()
    calibrated_anew: bool = False
    phrased_by: str = ""
    quoted: tuple[Outcome, ...] = ()

    @cached_property
    def answerable(self) -> list[Outcome]:
        return [each for each in self.outcomes if isinstance(each.question, AnswerableQuestion)]

    @cached_property
    def unanswerable(self) -> list[Outcome]:
        return [each for each in self.outcomes if isinstance(each.question, UnanswerableQuestion)]

    @cached_property
    def follow_ups(self) -> list[Outcome]:
        return [each for each in self.outcomes if isinstance(each.question, FollowUp)]

    @property
    def styles(self) -> Groups:
        """Answerable questions by the Dutch name of their style, none empty."""
        return _by_name(self.answerable, "style", QUESTION_STYLES)

    @property
    def totals(self) -> Groups:
        """All answerable questions, and with less and less of what is kept back on purpose."""
        calm = [each for each in self.answerable if each.answer.urgency is None]
        return {
            ALL: self.answerable,
            ALL_CALM: calm,
            ALL_SAYABLE: self._sayable(self.answerable),
            ALL_CALM_SAYABLE: self._sayable(calm),
        }

    @property
    def kinds(self) -> Groups:
        """Unanswerable questions by the Dutch name of their kind, none empty."""
        return _by_name(self.unanswerable, "kind", UNANSWERABLE)

    @property
    def follow_up_kinds(self) -> Groups:
        return _by_name(self.follow_ups, "kind", FOLLOW_UPS)

    @property
    def answers(self) -> list[Outcome]:
        return [each for each in self.outcomes if each.is_answered]

    @property
    def misses(self) -> list[Outcome]:
        return [each for each in self.outcomes if not each.is_right]

    def milliseconds(self, step: str) -> list[float]:
        """Of one of the ``STEPS``, for every reply."""
        if step == "total":
            return [each.milliseconds for each in self.outcomes]
        return [float(getattr(each.answer.timings, step)) for each in self.outcomes]

    def _sayable(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        return [each for each in outcomes if each.question.id not in self.promotional]


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a group of outcomes with gold."""

    hit_at: dict[int, Rate]
    answered: Rate
    gold: Rate
    composed_gold: Rate

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Shares":
        return cls(
            hit_at={depth: Rate.of(0 < each.rank <= depth for each in outcomes) for depth in DEPTHS},
            answered=Rate.of(each.is_answered for each in outcomes),
            gold=Rate.of(each.has_gold for each in outcomes),
            composed_gold=Rate.of(each.composed_gold for each in outcomes),
        )


def questions_of(half: Half, most: int | None = None) -> list[Asked]:
    """Everything that is asked of one half, or ``most`` of it (at least 1), spread evenly."""
    every: list[Asked] = [*all_questions(half), *follow_ups(half)]
    count = len(every) if most is None else min(most, len(every))
    return [every[place * len(every) // count] for place in range(count)]


def said(question: Asked) -> str:
    """All the visitor's messages in one line."""
    earlier = question.earlier if isinstance(question, FollowUp) else ()
    return " → ".join((*earlier, question.question))


def measure_answers(
    assistant: Assistant, half: Half, asked: Iterable[Asked], without: Iterable[Ingredient] = ()
) -> AnswerMeasurement:
    """Put ``asked`` to the assistant (a tenth of a second each)."""
    return measurement_of(assistant.index, half, [ask(assistant, question) for question in asked], without)


def measurement_of(
    index: Index, half: Half, outcomes: Sequence[Outcome], without: Iterable[Ingredient] = ()
) -> AnswerMeasurement:
    return AnswerMeasurement(
        half=half,
        outcomes=tuple(outcomes),
        promotional=frozenset(each.question.id for each in outcomes if is_only_promotion(index, each.gold)),
        model=index.manifest.model.name,
        without=tuple(sorted(without)),
    )


def is_only_promotion(index: Index, gold: Sequence[str]) -> bool:
    """Whether every quote, wherever it stands, has a promotional sentence in it. Not so without quotes."""
    places = [
        _praises(index, int(passage), quote)
        for quote in gold
        for passage in np.flatnonzero(gold_passages(index, (quote,)))
    ]
    return bool(places) and all(places)


def _praises(index: Index, passage: int, quote: str) -> bool:
    """Whether a sentence of this passage that has part in ``quote`` is promotional."""
    rows = np.flatnonzero(index.passage_of_sentence == passage)
    wordings = {int(row): index.wording(index.sentence_rows[row]) for row in rows}
    within = (row for row, wording in wordings.items() if overlap(wording, quote))
    return any(is_promotional(index.notes_of_sentence(row)) for row in within)


def _by_name(outcomes: Iterable[Outcome], attribute: str, names: Mapping[str, str]) -> Groups:
    groups: Groups = {name: [] for name in names.values()}
    for each in outcomes:
        groups[names[getattr(each.question, attribute)]].append(each)
    return {name: group for name, group in groups.items() if group}
