"""Word matching: Dutch stems and BM25. The only importer of bm25s and the stemmer."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import log
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_DUTCH
from numpy.typing import NDArray

_WORD = re.compile(r"[a-z0-9]+")
# Question words and polite filler carry no subject; the stop list was made for articles, not for chat.
_CHAT_WORDS = frozenset(
    "hoe wat waar waarom wanneer welk welke wie hallo hoi goedemorgen goedemiddag dag graag alsjeblieft alstublieft "
    "bedankt dank help vraag weten zeggen uitleggen vertellen eens eigenlijk even echt gewoon soms misschien ff effe "
    "mn me m'n jullie uw u ge gij".split()
)
_STOPWORDS = frozenset(STOPWORDS_DUTCH) | _CHAT_WORDS


def stems(text: str) -> list[str]:
    """Dutch stems of the content words of ``text``, in order, accents folded."""
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return [stem(word) for word in _WORD.findall(folded) if word not in _STOPWORDS]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    # PyStemmer's objects keep a buffer and are not safe to share between threads; making one is cheap.
    stemmed: str = Stemmer.Stemmer("dutch").stemWord(word)
    return stemmed


class LexicalIndex:
    """BM25 over the passages, and how rare each stem is among them."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25
        self._passages = int(bm25.scores["num_docs"])
        # One column per stem: its height is the number of passages that have the stem.
        self._passages_with = np.diff(bm25.scores["indptr"])

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        bm25 = bm25s.BM25()
        bm25.index([stems(text) for text in texts], show_progress=False)
        return cls(bm25)

    def bm25(self, question_stems: list[str]) -> NDArray[np.float32]:
        """BM25 of every passage for the question, shape (passages,); zeros when no stem is known."""
        known = [stem for stem in question_stems if stem in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._passages, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def rarity(self, stem: str) -> float:
        """Inverse document frequency, ≥ 0; a stem the corpus lacks is the rarest of all."""
        column = self._bm25.vocab_dict.get(stem)
        passages_with = 0 if column is None else int(self._passages_with[column])
        return log(1 + self._passages / (0.5 + passages_with))

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        return cls(bm25s.BM25.load(folder, show_progress=False))
