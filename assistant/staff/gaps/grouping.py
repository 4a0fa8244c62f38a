"""Questions → topics.

Average linkage in the index's own measure of likeness; the threshold was chosen on one half of the development
questions. On the other (270 questions, 137 answers), of the pairs put together 61 % are from the same section of an
article and 15 % have the very same answer, a quarter of all that do. Plain cosines, chosen alike: 40 % and 12 %,
a ninth.
"""

import numpy as np
from numpy.typing import NDArray

from ingest.embed import Vectors

# Mean likeness between the questions of two topics, from which they are one.
LIKE = 0.2


def topics(vectors: Vectors, like: float = LIKE) -> list[list[int]]:
    """Rows of ``vectors`` (n, dimension; length 1) by topic: the largest first, and in each the most typical first.

    Every row is in one topic; of topics of one size the one with the lowest row comes first.
    """
    if len(vectors) <= 1:
        return [[row] for row in range(len(vectors))]
    from sklearn.cluster import AgglomerativeClustering  # a second, which the start of the console need not wait for

    likeness = np.clip(vectors @ vectors.T, -1.0, 1.0)
    found = AgglomerativeClustering(
        n_clusters=None, distance_threshold=1 - like, metric="precomputed", linkage="average"
    ).fit_predict(1 - likeness)
    groups = [np.flatnonzero(found == number) for number in range(found.max() + 1)]
    return [_typical_first(likeness, rows) for rows in sorted(groups, key=lambda rows: (-len(rows), rows[0]))]


def _typical_first(likeness: Vectors, rows: NDArray[np.int64]) -> list[int]:
    within = likeness[np.ix_(rows, rows)].mean(axis=1)
    return [int(row) for row in rows[np.argsort(-within, kind="stable")]]
