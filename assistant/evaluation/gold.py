"""Where in the index the gold quotes of a question stand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.index import Index


def holds(text: str, gold: Sequence[str]) -> bool:
    """White space does not count."""
    folded = _folded(text)
    return any(_folded(quote) in folded for quote in gold)


def overlap(one: str, other: str) -> bool:
    """Whether either stands in the other."""
    return holds(one, (other,)) or holds(other, (one,))


def gold_passages(index: Index, gold: Sequence[str]) -> NDArray[np.bool_]:
    """For each passage whether it has a gold quote."""
    return np.array([holds(passage.text, gold) for passage in index.passages], dtype=bool)


def gold_sentences(index: Index, gold: Sequence[str]) -> NDArray[np.bool_]:
    """For each sentence whether it has a gold quote; none for a quote of more than a sentence."""
    return np.array([holds(index.wording(row), gold) for row in index.sentence_rows], dtype=bool)


def _folded(text: str) -> str:
    return " ".join(text.split())
