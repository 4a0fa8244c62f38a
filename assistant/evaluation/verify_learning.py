"""Learn how much each difference between a sentence and its passage weighs, on the tuning half of the claims."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.model_selection import GroupKFold

from assistant.evaluation.claims import Claim
from assistant.evaluation.errors import NothingToLearnError
from assistant.evaluation.learn import cut_that_refuses
from assistant.evaluation.verify import examples
from assistant.verify.signals import Signals
from assistant.verify.verifier import Comparer, Verification, fault_of_content
from ingest.index import Index

# Of the claims that are not supported so many are to be refused, each judged by what was learned from the others.
# Above the goal of 98 %, for what was not seen yet is refused less often than what was.
REFUSED = 0.985
_FEWEST = 50
_FOLDS = 10
_PENALTY = 0.001
_LIKENESSES = frozenset(("likeness", "passage_likeness", "in_order"))


def learn_verification(index: Index, claims: Sequence[Claim]) -> Verification:
    """For the model of ``index``, from the claims about its passages and from slips in those. Raises
    ``NothingToLearnError`` for too few."""
    told = list(examples(index, claims))
    if min(sum(each.supported is side for each in told) for side in (True, False)) < _FEWEST:
        raise NothingToLearnError
    comparer = Comparer(index)
    signals = [comparer.compare(each.sentence, each.rows).signals for each in told]
    is_supported = np.array([each.supported for each in told])
    is_refused = np.array([fault_of_content(each) is not None for each in signals])
    names = list(Signals.model_fields)
    features = np.array([[getattr(each, name) for name in names] for each in signals], dtype=float)
    groups = np.array([min(each.rows) for each in told])
    certainties = np.zeros(len(told))
    for taught, asked in GroupKFold(_FOLDS).split(features, groups=groups):
        weights, intercept = _fit(features[taught], is_supported[taught], is_refused[taught], names)
        certainties[asked] = np.where(is_refused[asked], 0.0, expit(features[asked] @ weights + intercept))
    is_claim = np.array([not each.is_slip for each in told])
    threshold = max(
        cut_that_refuses(REFUSED, certainties[~is_supported & of_kind], is_refused[~is_supported & of_kind])
        for of_kind in (is_claim, ~is_claim)
    )
    weights, intercept = _fit(features, is_supported, is_refused, names)
    return Verification(
        model=index.manifest.model,
        weights=dict(zip(names, np.round(weights, 4).tolist(), strict=True)),
        intercept=round(intercept, 4),
        threshold=threshold,
    )


def _fit(
    features: NDArray[np.float64], is_supported: NDArray[np.bool_], is_refused: NDArray[np.bool_], names: Sequence[str]
) -> tuple[NDArray[np.float64], float]:
    """Logistic regression in which no difference can speak for a sentence, and no likeness against it.

    What is refused anyhow is left out: it would only teach what is known already. Both sides count the same.
    """
    features, is_supported = features[~is_refused], is_supported[~is_refused]
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    scaled = (features - centre) / spread
    side = np.where(is_supported, 1.0, -1.0)
    share = np.where(is_supported, 0.5 / max(1, is_supported.sum()), 0.5 / max(1, (~is_supported).sum()))

    def loss(given: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, intercept = given[:-1], given[-1]
        margin = side * (scaled @ weights + intercept)
        pull = -share * side * expit(-margin)
        slope = np.append(scaled.T @ pull + 2 * _PENALTY * weights, pull.sum())
        return float((share * np.logaddexp(0, -margin)).sum() + _PENALTY * weights @ weights), slope

    bounds = [(0.0, None) if name in _LIKENESSES else (None, 0.0) for name in names]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=[*bounds, (None, None)])
    weights = found.x[:-1] / spread
    return weights, float(found.x[-1] - weights @ centre)
