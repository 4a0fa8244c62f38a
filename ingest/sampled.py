"""Word matching for a few texts of a corpus, as it is in the whole of it: BM25 with the statistics of all texts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.embed import Vectors
from ingest.lexical import GRAM, content_words, letter_groups, marked, stem, stems
from ingest.store import Entry, TermStatistics

# Those of bm25s, which the whole of a small corpus is matched with; "lucene" is its formula.
_K1 = 1.5
_B = 0.75

Statistics = Callable[[str, Sequence[str]], TermStatistics]
Numbers = NDArray[np.float64]


class Texts(Protocol):
    """Texts in a row, cut into terms; ``lengths`` (texts,) are numbers of terms."""

    @property
    def lengths(self) -> Numbers: ...

    def count(self, terms: Sequence[str]) -> Numbers:
        """How often each of them stands in each text, shape (terms, texts)."""


class SampledBm25:
    """BM25 of a question against ``texts``; ``statistics`` are those of the terms asked for."""

    def __init__(
        self,
        texts: Texts,
        terms_of: Callable[[str], list[str]],
        statistics: Callable[[Sequence[str]], TermStatistics],
    ) -> None:
        self._texts = texts
        self._terms_of = terms_of
        self._statistics = statistics

    def relevance(self, question: str) -> Vectors:
        """Shape (texts,), ≥ 0; zeros when the corpus knows no term of the question."""
        asked = Counter(self._terms_of(question))
        known = self._statistics(list(asked)) if asked else TermStatistics(0, 0)
        return _bm25(asked, known, self._texts.count, self._texts.lengths)


def bm25(
    asked: Mapping[str, int], known: TermStatistics, counts: Sequence[Mapping[str, int]], lengths: Numbers
) -> Vectors:
    """Of each text, shape (texts,): ``counts`` are of the terms asked for in it, ``lengths`` in terms."""
    return _bm25(asked, known, lambda terms: _looked_up(terms, counts), lengths)


def rarity(texts: int, in_texts: int) -> float:
    """What a term that stands in so many texts is worth (inverse document frequency)."""
    return log(1 + (texts - in_texts + 0.5) / (in_texts + 0.5))


class EntryWords:
    """The words of one passage and of its sentences, cut once however often they are matched with."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    @cached_property
    def stems(self) -> Counter[str]:
        return Counter(map(stem, self._words))

    @cached_property
    def groups(self) -> "Groups":
        return Groups.of(self._words)

    @cached_property
    def sentence_groups(self) -> "list[Groups]":
        return [Groups.of(content_words(words)) for words in self._entry.sentence_words]

    @cached_property
    def _words(self) -> list[str]:
        return content_words(self._entry.words)


@dataclass(frozen=True, slots=True)
class Groups:
    """Of letters, of one text: ``words`` as they stand, in which groups can be counted, and the ``number`` of all."""

    words: str
    number: int

    @classmethod
    def of(cls, words: Sequence[str]) -> "Groups":
        return cls(" ".join(map(marked, words)), _number_of_groups(words))


class SampledWords:
    """The words of a few passages, and of their sentences."""

    def __init__(self, entries: Sequence[EntryWords], statistics: Statistics) -> None:
        self._entries = entries
        self._statistics = statistics

    @cached_property
    def stems(self) -> SampledBm25:
        texts = _Stems([entry.stems for entry in self._entries])
        return SampledBm25(texts, stems, lambda terms: self._statistics("stems", terms))

    @cached_property
    def groups(self) -> SampledBm25:
        texts = _Groups([entry.groups for entry in self._entries])
        return SampledBm25(texts, letter_groups, lambda terms: self._statistics("groups", terms))

    @cached_property
    def sentence_groups(self) -> SampledBm25:
        texts = _Groups([groups for entry in self._entries for groups in entry.sentence_groups])
        return SampledBm25(texts, letter_groups, lambda terms: self._statistics("sentence_groups", terms))


class _Stems:
    def __init__(self, counts: Sequence[Counter[str]]) -> None:
        self._counts = counts
        self.lengths = np.array([each.total() for each in counts], dtype=np.float64)

    def count(self, terms: Sequence[str]) -> Numbers:
        return _looked_up(terms, self._counts)


class _Groups:
    """Every four letters in a row are a number of 32 bits, so that all texts are gone through at once."""

    def __init__(self, texts: Sequence[Groups]) -> None:
        self._texts = [each.words for each in texts]
        self.lengths = np.array([each.number for each in texts], dtype=np.float64)

    def count(self, terms: Sequence[str]) -> Numbers:
        whole = [place for place, term in enumerate(terms) if len(term) == GRAM]
        counted = np.zeros((len(terms), len(self._texts)))
        for place, term in enumerate(terms):
            if len(term) < GRAM:  # of a word of one letter: "_a_"
                counted[place] = [text.count(term) for text in self._texts]
        if whole and self._texts:
            asked = np.frombuffer("".join(terms[place] for place in whole).encode("ascii"), dtype="<u4")
            order = np.argsort(asked)
            numbers, of_text = self._every_four
            near = np.searchsorted(asked[order], numbers).clip(max=len(asked) - 1)
            is_asked = asked[order][near] == numbers
            pairs = order[near[is_asked]] * len(self._texts) + of_text[is_asked]
            counted[whole] = np.bincount(pairs, minlength=len(whole) * len(self._texts)).reshape(len(whole), -1)
        return counted

    @cached_property
    def _every_four(self) -> "tuple[NDArray[np.uint32], NDArray[np.int64]]":
        """The numbers, and of which text each is; those with a space in them are no group's."""
        apart = " " * (GRAM - 1)
        sizes = [len(text) + len(apart) for text in self._texts]
        return _numbers(apart.join(self._texts) + apart + apart), np.repeat(np.arange(len(sizes)), sizes)


def _numbers(text: str) -> "NDArray[np.uint32]":
    """Of every four letters in a row; shape (letters − 3,). ``text`` is ASCII."""
    letters = np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.uint32)
    return (letters[:-3] | letters[1:-2] << 8 | letters[2:-1] << 16 | letters[3:] << 24).astype(np.uint32)


def _looked_up(terms: Sequence[str], counts: Sequence[Mapping[str, int]]) -> Numbers:
    found = [[each.get(term, 0) for each in counts] for term in terms]
    return np.array(found, dtype=np.float64).reshape(len(terms), len(counts))


def _number_of_groups(words: Sequence[str]) -> int:
    """A word has one fewer than letters, between its marks, but a word of one letter has one."""
    lengths = list(map(len, words))
    return sum(lengths) + (3 - GRAM) * len(lengths) + lengths.count(1)


def _bm25(
    asked: Mapping[str, int], known: TermStatistics, count: Callable[[Sequence[str]], Numbers], lengths: Numbers
) -> Vectors:
    total = np.zeros(len(lengths))
    if known.terms:
        damping = _K1 * (1 - _B + _B * lengths / (known.terms / known.texts))
        counted = count(list(known.in_texts))
        for (term, in_texts), found in zip(known.in_texts.items(), counted, strict=True):
            total += asked[term] * rarity(known.texts, in_texts) * found / (damping + found)
    return total.astype(np.float32)
