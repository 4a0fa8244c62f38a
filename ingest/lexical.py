"""Word matching with BM25: Dutch stems for meaning, letter groups for typos and compounds.

The only importer of bm25s and of the stemmer.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_DUTCH
from numpy.typing import NDArray

from ingest.embed import Vectors

_WORD = re.compile(r"[a-z0-9]+")
# Letters that do not come apart into one of a–z and an accent.
_FOLDED = {"ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"}
GRAM = 4
# Question words and polite filler carry no subject; the stop list was made for articles, not for chat.
_CHAT_WORDS = frozenset(
    "hoe wat waar waarom wanneer welk welke wie hallo hoi goedemorgen goedemiddag dag graag alsjeblieft alstublieft "
    "bedankt dank help vraag weten zeggen uitleggen vertellen eens eigenlijk even echt gewoon soms misschien ff effe "
    "mn me m'n jullie uw u ge gij".split()
)
_STOPWORDS = frozenset(STOPWORDS_DUTCH) | _CHAT_WORDS


def content_words(text: str) -> list[str]:
    """The words that carry the subject, in order, lower case, accents folded."""
    folded = text.casefold()
    if not folded.isascii():
        for letter, plain in _FOLDED.items():
            folded = folded.replace(letter, plain)
        folded = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return [word for word in _WORD.findall(folded) if word not in _STOPWORDS]


def stems(text: str) -> list[str]:
    """The Dutch stems of the content words: "schouders" → "schouder"."""
    return [stem(word) for word in content_words(text)]


def letter_groups(text: str) -> list[str]:
    """Groups of four letters of each content word, edges marked: "nek" → "_nek", "nek_".

    "schoudrpijn" and "schouderpijn" share most of them, "hardloopschoenen" and "schoenen" some.
    """
    padded = map(marked, content_words(text))
    return [word[start : start + GRAM] for word in padded for start in range(max(1, len(word) - GRAM + 1))]


def marked(word: str) -> str:
    """With its edges marked."""
    return f"_{word}_"


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    # PyStemmer's objects keep a buffer and are not safe to share between threads; making one is cheap.
    stemmed: str = Stemmer.Stemmer("dutch").stemWord(word)
    return stemmed


class Bm25:
    """BM25 of a question against texts, both cut into terms by ``terms_of``."""

    def __init__(self, bm25: bm25s.BM25, terms_of: Callable[[str], list[str]]) -> None:
        self._bm25 = bm25
        self._terms_of = terms_of
        self._texts = int(bm25.scores["num_docs"])

    @classmethod
    def build(cls, texts: Sequence[str], terms_of: Callable[[str], list[str]]) -> "Bm25":
        bm25 = bm25s.BM25()
        terms = [terms_of(text) for text in texts]
        # bm25s cannot index texts that have no term at all; "" is a term that no question has.
        bm25.index(terms if any(terms) else [[""] for _ in texts], show_progress=False)
        return cls(bm25, terms_of)

    @classmethod
    def of_numbered(
        cls, texts: Sequence[NDArray[np.int32]], numbers: dict[str, int], terms_of: Callable[[str], list[str]]
    ) -> "Bm25":
        """``texts`` are cut into terms already, each by its number."""
        bm25 = bm25s.BM25()
        # bm25s cannot index texts that have no term at all; "" is a term that no question has.
        numbers = dict(numbers) or {"": 0}
        bm25.index(
            (texts if any(map(len, texts)) else [np.zeros(1, dtype=np.int32)] * len(texts), numbers),
            show_progress=False,
        )
        return cls(bm25, terms_of)

    def relevance(self, question: str) -> Vectors:
        """BM25 of every text, shape (texts,), ≥ 0; zeros when the texts know no term of the question."""
        known = [term for term in self._terms_of(question) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._texts, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, terms_of: Callable[[str], list[str]], *, in_memory: bool = True) -> "Bm25":
        """Not ``in_memory``: what a question needs is read when it is asked."""
        return cls(bm25s.BM25.load(folder, show_progress=False, mmap=not in_memory), terms_of)


class WordMatch(Protocol):
    """Of texts in a row."""

    def relevance(self, question: str) -> Vectors:
        """BM25 of every text, shape (texts,), ≥ 0; zeros when the texts know no term of the question."""


class Words(Protocol):
    """What is in an index word for word: passages by stems and by letter groups, sentences by letter groups."""

    @property
    def stems(self) -> WordMatch: ...

    @property
    def groups(self) -> WordMatch: ...

    @property
    def sentence_groups(self) -> WordMatch: ...


class LexicalIndex:
    """Passages by stems and by letter groups, sentences by letter groups."""

    _PARTS = {"stems": stems, "groups": letter_groups, "sentence_groups": letter_groups}

    def __init__(self, stems: Bm25, groups: Bm25, sentence_groups: Bm25) -> None:
        self.stems = stems
        self.groups = groups
        self.sentence_groups = sentence_groups

    @classmethod
    def build(cls, passages: Sequence[str], sentences: Sequence[str]) -> "LexicalIndex":
        """``passages`` and ``sentences`` with the questions they answer, in index order."""
        texts = {"stems": passages, "groups": passages, "sentence_groups": sentences}
        return cls(**{part: Bm25.build(texts[part], terms_of) for part, terms_of in cls._PARTS.items()})

    def save(self, folder: Path) -> None:
        for part in self._PARTS:
            bm25: Bm25 = getattr(self, part)
            bm25.save(folder / part)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        return cls(**{part: Bm25.load(folder / part, terms_of) for part, terms_of in cls._PARTS.items()})
