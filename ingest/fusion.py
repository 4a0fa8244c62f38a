"""Two searches made one: standard scores of each over all that either found, added."""

from collections.abc import Sequence

import numpy as np

from ingest.store import Found

_SAME = 1e-6


def fuse(dense: Sequence[Found], lexical: Sequence[Found], k: int) -> list[Found]:
    """The best ``k`` of what either found, best first; what a search did not find counts as its least."""
    ids = list(dict.fromkeys(found.id for found in (*dense, *lexical)))
    total = np.zeros(len(ids))
    for side in (dense, lexical):
        if side:
            known = {found.id: found.similarity for found in side}
            total += _standard([known.get(id_, side[-1].similarity) for id_ in ids])
    order = np.argsort(-total, kind="stable")[:k]
    return [Found(ids[place], float(total[place])) for place in order]


def _standard(values: Sequence[float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    given = np.array(values)
    return np.zeros(len(given)) if np.ptp(given) < _SAME else (given - given.mean()) / given.std()
