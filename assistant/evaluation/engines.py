"""A language model's answers beside those made of quotes: the same questions, put to both engines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from assistant.answer import Dropped, Phrasing
from assistant.evaluation.answers import AnswerMeasurement, measurement_of
from assistant.evaluation.metrics import Asked, Outcome, ask
from assistant.evaluation.questions import Half
from assistant.evaluation.rates import Rate, grouped
from assistant.evaluation.recheck import Recheck
from assistant.ingredients import Ingredient
from assistant.phrasing.phraser import Phraser
from assistant.reply import Assistant

WAITS = (50, 95)

Waits = dict[int, float]


@dataclass(frozen=True, slots=True)
class Engines:
    """Two assistants that differ in who puts the answer in words."""

    quoting: Assistant
    phrasing: Assistant
    recheck: Recheck

    @classmethod
    def of(cls, quoting: Assistant, phraser: Phraser, recheck: Recheck) -> Self:
        """Shares all that the two have in common."""
        parts = (quoting.guards, quoting.retriever, quoting.composer, quoting.max_question_chars)
        return cls(quoting, Assistant(*parts, phraser), recheck)

    def ask(self, question: Asked) -> tuple[Outcome, Outcome]:
        """Of quotes, and phrased. The second has the question embedded already, which is little beside a model."""
        quoted, phrased = (ask(assistant, question) for assistant in (self.quoting, self.phrasing))
        return self._rechecked(quoted), self._rechecked(phrased)

    def _rechecked(self, outcome: Outcome) -> Outcome:
        return replace(outcome, unsupported=self.recheck.unsupported(outcome.shown))


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """How one engine did. All but ``gold`` are of the questions that the language model was asked.

    ``words`` is a median; ``taken_back`` counts sentences that were shown and are not in the answer, ``unsupported``
    is of all that was shown. ``first`` and ``whole`` are seconds by percentile, empty when it was asked nothing.
    """

    gold: Rate
    gold_where_asked: Rate
    words: float
    sentences: int
    taken_back: int
    unsupported: Rate
    first: Waits
    whole: Waits

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], asked: frozenset[str]) -> Self:
        """``asked`` are the ids of what the language model was asked."""
        own = [each for each in outcomes if each.question.id in asked]
        shown = [sentence for each in own for sentence in each.shown]
        return cls(
            gold=Rate.of(each.has_gold for each in outcomes if each.gold),
            gold_where_asked=Rate.of(each.has_gold for each in own if each.gold),
            words=float(np.median([each.answer.words for each in own])) if own else 0.0,
            sentences=sum(sentence.stays for sentence in shown),
            taken_back=sum(not sentence.stays for sentence in shown),
            unsupported=Rate(sum(len(each.unsupported) for each in own), len(shown)),
            first=_waits(each.first_milliseconds for each in own),
            whole=_waits(each.milliseconds for each in own),
        )


@dataclass(frozen=True, slots=True)
class EngineComparison:
    """``outcomes``: how often a phrasing came to what end; ``dropped``: by fault, how many of the sentences that were
    dropped had a quote put in their place. Both most first."""

    quoted: EngineFigures
    phrased: EngineFigures
    asked: Rate
    outcomes: dict[str, Rate]
    dropped: dict[str, Rate]

    @classmethod
    def of(cls, measured: AnswerMeasurement) -> Self:
        asked = frozenset(identifier for identifier, _ in phrasings(measured))
        ends = grouped([phrasing for _, phrasing in phrasings(measured)], lambda each: each.outcome)
        faults = grouped([dropped for _, dropped in dropped_sentences(measured)], lambda each: each.fault)
        return cls(
            quoted=EngineFigures.of(measured.quoted, asked),
            phrased=EngineFigures.of(measured.outcomes, asked),
            asked=Rate(len(asked), len(measured.outcomes)),
            outcomes={name: Rate(len(ends[name]), len(asked)) for name in _most_first(ends)},
            dropped={name: Rate.of(each.is_quoted for each in faults[name]) for name in _most_first(faults)},
        )


def measure_engines(
    engines: Engines, half: Half, asked: Iterable[Asked], phrased_by: str, without: Iterable[Ingredient] = ()
) -> AnswerMeasurement:
    """The phrased answers, with those of quotes beside them. Takes as long as the model does."""
    pairs = [engines.ask(question) for question in asked]
    measured = measurement_of(engines.phrasing.index, half, [phrased for _, phrased in pairs], without)
    return replace(measured, phrased_by=phrased_by, quoted=tuple(quoted for quoted, _ in pairs))


def phrasings(measured: AnswerMeasurement) -> list[tuple[str, Phrasing]]:
    """By id of the question, where the language model was asked."""
    return [(each.question.id, each.answer.phrasing) for each in measured.outcomes if each.answer.phrasing is not None]


def dropped_sentences(measured: AnswerMeasurement) -> list[tuple[str, Dropped]]:
    """By id of the question."""
    return [(identifier, dropped) for identifier, phrasing in phrasings(measured) for dropped in phrasing.dropped]


def _most_first(groups: dict[str, list[Phrasing]] | dict[str, list[Dropped]]) -> list[str]:
    return sorted(groups, key=lambda name: -len(groups[name]))


def _waits(milliseconds: Iterable[float]) -> Waits:
    seconds = [each / 1000 for each in milliseconds]
    return {percent: float(np.percentile(seconds, percent)) for percent in WAITS} if seconds else {}
