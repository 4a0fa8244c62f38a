"""Learn how much signals weigh, from questions whose answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.evaluation.errors import NothingToLearnError
from assistant.ranking import standard_scores
from ingest.embed import Vectors

_PENALTY = 0.01
_FOLDS = 10
_SEED = 0


@dataclass(frozen=True)
class Ranked:
    """What one question's candidates were ranked by, and which of them are right."""

    signals: dict[str, Vectors]
    is_gold: NDArray[np.bool_]


def learn_weights(examples: Sequence[Ranked], free: Sequence[str] = ()) -> dict[str, float]:
    """Weights that make the right candidates likely among all: conditional logit with a penalty on their squares.

    None is below 0 but those of ``free``. Raises ``NothingToLearnError`` when no example has a right candidate.
    """
    useful = [example for example in examples if example.is_gold.any()]
    if not useful:
        raise NothingToLearnError
    names = list(useful[0].signals)
    scored = [np.stack([standard_scores(example.signals[name]) for name in names]) for example in useful]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = _PENALTY * weights @ weights, 2 * _PENALTY * weights
        for scores, example in zip(scored, useful, strict=True):
            right = example.is_gold
            relevance = weights @ scores
            of_all, of_right = logsumexp(relevance), logsumexp(relevance[right])
            total += (of_all - of_right) / len(useful)
            pull = scores @ np.exp(relevance - of_all) - scores[:, right] @ np.exp(relevance[right] - of_right)
            slope = slope + pull / len(useful)
        return float(total), slope

    bounds = [(None if name in free else 0.0, None) for name in names]
    found = minimize(loss, np.full(len(names), 0.5), jac=True, bounds=bounds)
    return dict(zip(names, np.round(found.x, 3).tolist(), strict=True))


@dataclass(frozen=True)
class Fitted:
    """``confidences`` are each of a model that was not taught that question."""

    weights: tuple[float, ...]
    intercept: float
    confidences: NDArray[np.float64]


def learn_confidence(features: NDArray[np.float64], is_answerable: NDArray[np.bool_]) -> Fitted:
    """``features`` are of shape (questions, signals). How many questions each side has does not move the chance."""
    # The signals live on very different scales; regularisation must see them alike.
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    scaled = (features - centre) / spread
    model = LogisticRegression(class_weight="balanced")
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    unseen = cross_val_predict(model, scaled, is_answerable, cv=folds, method="predict_proba")[:, 1]
    model.fit(scaled, is_answerable)
    weights = np.round(model.coef_[0] / spread, 4)
    return Fitted(tuple(weights.tolist()), round(float(model.intercept_[0] - weights @ centre), 4), unseen)


def cut_that_refuses(share: float, confidences: NDArray[np.float64], is_refused: NDArray[np.bool_]) -> float:
    """The lowest threshold at which at least ``share`` of these questions get no answer.

    ``confidences`` of questions that no article answers; those that ``is_refused`` get none at any threshold.
    """
    asked = np.sort(confidences[~is_refused])
    may_pass = floor((1 - share) * len(confidences) + 1e-9)
    if may_pass >= len(asked):
        return 0.0
    # Just above the confidence that must not pass, to four decimals.
    return min((floor(float(asked[len(asked) - 1 - may_pass]) * 10_000) + 1) / 10_000, 1.0)
