"""A measure of likeness learned from the known questions.

Questions with the same answer differ in how people talk; those differences should not count. Dividing them out is
within-class covariance normalisation (Hatch, Kajarekar and Stolcke, Interspeech 2006). docs/evaluation.md has the gain.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.embed import Vectors

# Between what the questions say of the directions (0) and all directions alike (1).
_SHRINKAGE = 0.5
# Fewer questions than this say nothing of the directions.
_FEWEST = 50
# Vectors of length 1 that differ less than this (mean variance of a direction) differ by rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Metric:
    """``centre`` (dimension,) is taken off a vector, ``transform`` (dimension, dimension) weighs its directions."""

    centre: Vectors
    transform: Vectors

    @classmethod
    def plain(cls, dimension: int) -> Self:
        """The cosine, as it is without known questions."""
        return cls(np.zeros(dimension, dtype=np.float32), np.eye(dimension, dtype=np.float32))

    @classmethod
    def learn(cls, vectors: Vectors, answers: NDArray[np.int64]) -> Self:
        """``vectors`` (questions, dimension) of length 1; ``answers`` are equal for questions with the same answer.

        The plain metric when there is nothing to learn: few questions, or none that share an answer.
        """
        dimension = vectors.shape[1]
        if len(vectors) < _FEWEST:
            return cls.plain(dimension)
        scatter = _scatter_within(vectors.astype(np.float64), answers)
        mean_variance = float(np.trace(scatter)) / dimension
        if mean_variance < _ROUNDING:
            return cls.plain(dimension)
        shrunk = (1 - _SHRINKAGE) * scatter + _SHRINKAGE * mean_variance * np.eye(dimension)
        transform = np.linalg.cholesky(np.linalg.inv(shrunk))
        return cls(vectors.mean(axis=0, dtype=np.float32), transform.astype(np.float32))

    def of(self, vectors: Vectors) -> Vectors:
        """Rows (or one vector) of length 1, so that their inner product is the likeness: −1 to 1.

        A vector at the centre points nowhere: zeros, like nothing.
        """
        moved = vectors if self._is_plain else (vectors - self.centre) @ self.transform
        lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
        unit: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit

    @cached_property
    def _is_plain(self) -> bool:
        return not self.centre.any() and np.array_equal(self.transform, np.eye(len(self.centre), dtype=np.float32))


def _scatter_within(vectors: NDArray[np.float64], answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """The covariance (dimension, dimension) of what is left of the vectors without the mean of their answer."""
    _, groups = np.unique(answers, return_inverse=True)
    means = np.zeros((groups.max() + 1, vectors.shape[1]))
    np.add.at(means, groups, vectors)
    means /= np.bincount(groups)[:, None]
    within = vectors - means[groups]
    covariance: NDArray[np.float64] = within.T @ within / len(vectors)
    return covariance
