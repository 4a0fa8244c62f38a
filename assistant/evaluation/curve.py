"""How well the confidence tells right answers from wrong ones: risk against coverage, and areas under curves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics import Outcome

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class RiskCoverage:
    """What each threshold would give, the highest first, if the confidence alone decided.

    With ``thresholds[i]`` so many questions would be ``answered[i]``, and ``wrong[i]`` of these wrongly; the last one
    answers all. Alarms and refusals by rule are left out of it.
    """

    thresholds: Numbers
    answered: Counts
    wrong: Counts

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "RiskCoverage":
        """Right is an answer with gold; to a question that no article answers none is."""
        confidences = np.array([each.confidence for each in outcomes], dtype=float)
        is_wrong = np.array([not each.composed_gold for each in outcomes], dtype=bool)
        order = np.argsort(-confidences, kind="stable")
        ordered = confidences[order]
        # Questions with the same confidence are answered together or not at all.
        is_last = np.r_[ordered[1:] != ordered[:-1], True][: len(ordered)]
        counts = np.arange(1, len(ordered) + 1)
        return cls(ordered[is_last], counts[is_last], np.cumsum(is_wrong[order])[is_last])

    @property
    def questions(self) -> int:
        return int(self.answered.max(initial=0))

    @property
    def coverage(self) -> Numbers:
        """The share of all questions that is answered, 0 to 1."""
        return self.answered / max(self.questions, 1)

    @property
    def risk(self) -> Numbers:
        """The share of the answers that is wrong, 0 to 1."""
        return self.wrong / self.answered

    @property
    def aurc(self) -> float:
        """The area under risk over coverage, 0 to 1: lower is better."""
        return float(np.sum(np.diff(self.coverage, prepend=0.0) * self.risk))

    @property
    def best_aurc(self) -> float:
        """That of a confidence that puts every right answer before every wrong one."""
        answered = np.arange(1, self.questions + 1)
        right = self.questions - int(self.wrong.max(initial=0))
        return float(np.mean(np.maximum(answered - right, 0) / answered)) if self.questions else 0.0

    @property
    def blind_aurc(self) -> float:
        """That of a confidence that tells nothing."""
        return float(self.risk[-1]) if self.questions else 0.0

    def at(self, coverage: float) -> int:
        """The place of the highest threshold that answers at least this share of the questions."""
        return min(int(np.searchsorted(self.coverage, coverage - 1e-9)), len(self.thresholds) - 1)


@dataclass(frozen=True, slots=True)
class WorkingPoint:
    """What was done, by all that decides: so many ``answered`` of ``questions``, and ``wrong`` of these wrongly."""

    questions: int
    answered: int
    wrong: int

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "WorkingPoint":
        answered = [each for each in outcomes if each.is_answered]
        return cls(len(outcomes), len(answered), sum(not each.is_right for each in answered))

    @property
    def coverage(self) -> float:
        return self.answered / self.questions if self.questions else 0.0

    @property
    def risk(self) -> float:
        return self.wrong / self.answered if self.answered else 0.0


@dataclass(frozen=True)
class Separation:
    """The ROC curve of the confidence: ``let_through`` of the unanswerable against ``answered`` of the answerable.

    ``area``: the chance that an answerable question has the higher confidence of two; 0.5 tells nothing.
    """

    let_through: Numbers
    answered: Numbers
    area: float

    @classmethod
    def of(cls, answerable: Sequence[Outcome], unanswerable: Sequence[Outcome]) -> "Separation | None":
        """None where either is empty."""
        # Takes seconds to import, and most of what this package does needs none of it.
        from sklearn.metrics import roc_auc_score, roc_curve

        if not answerable or not unanswerable:
            return None
        truth = [True] * len(answerable) + [False] * len(unanswerable)
        confidences = [each.confidence for each in (*answerable, *unanswerable)]
        let_through, answered, _ = roc_curve(truth, confidences)
        return cls(let_through, answered, float(roc_auc_score(truth, confidences)))
