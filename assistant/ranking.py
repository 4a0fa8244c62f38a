"""How much each signal adds to the relevance of a passage or sentence, and of what a relevance is made.

Signals are brought to one scale per question (standard scores over all candidates) and added. The weights are learned
by ``rugpijn calibrate`` on the tuning half of the development questions; see docs/evaluation.md.
"""

from collections.abc import Collection, Mapping
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.ingredients import Ingredient
from ingest.embed import Vectors

_SAME = 1e-6


class Weights(BaseModel):
    """Signals by name, each with its weight."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def relevance(self, signals: Mapping[str, Vectors]) -> Vectors:
        """By row; ``signals`` has one vector for each weight, all of the same length."""
        weighed = (weight * standard_scores(signals[name]) for name, weight in self.model_dump().items() if weight)
        rows = len(next(iter(signals.values())))
        total: Vectors = sum(weighed, np.zeros(rows, dtype=np.float32))
        return total

    def without(self, ingredients: Collection[Ingredient]) -> Self:
        """With no weight for the signals that these ingredients make."""
        gone = {signal for ingredient in ingredients for signal in _SIGNALS.get(ingredient, ())}
        return self.model_copy(update=dict.fromkeys(gone & set(type(self).model_fields), 0.0))


class PassageWeights(Weights):
    """Likeness of the passage, its best sentence and the questions it answers; word stems and letter groups shared."""

    passage: float
    sentence: float
    questions: float
    stems: float
    letter_groups: float


class SentenceWeights(Weights):
    """Likeness of the sentence and of the questions it answers, letter groups shared; relevance of its passage.

    ``question_mark`` is for sentences that ask.
    """

    sentence: float
    questions: float
    letter_groups: float
    passage: float
    question_mark: float


_SIGNALS = {
    Ingredient.QUESTIONS: ("questions",),
    Ingredient.SENTENCES: ("sentence",),
    Ingredient.WORDS: ("stems", "letter_groups"),
}


def standard_scores(values: Vectors) -> Vectors:
    """Zero mean, unit deviation; all zeros when the values are equal."""
    if np.ptp(values) < _SAME:  # not the deviation: rounding gives large equal values one
        return np.zeros_like(values)
    scores: Vectors = (values - values.mean()) / values.std()
    return scores
