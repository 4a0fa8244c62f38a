"""What an assistant answers from: all of a small corpus, or of a large one the passages around each question."""

from collections import OrderedDict
from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import CorpusTooLargeError
from assistant.ingredients import Ingredient
from assistant.likeness import KnownQuestions, Likeness, Likenesses, metric_of
from assistant.query import words_of
from ingest.article import Article
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.lexical import LexicalIndex, Words
from ingest.manifest import Manifest
from ingest.review_notes import ReviewNote
from ingest.rows import sentence_to_embed
from ingest.sampled import EntryWords, SampledWords
from ingest.store import AskedQuestions, Entry, Version
from ingest.whole import Part, index_of, index_of_part

# About as many passages as the practice's corpus has, for which weights and thresholds were learned.
_CANDIDATES = 64
_NEAREST_QUESTIONS = 24
_MOST_ADVICE = 48
_MOST_REMEMBERED = 2_000
# Rarer words of a large corpus are names and slips: nobody's slip is to be mended into those.
_MOST_WORDS = 50_000
# Who must have all of a corpus in memory may have so much of it.
_MOST_WHOLE = 20_000


@dataclass(frozen=True)
class Around:
    """What one question is compared with: ``index``, and row for row with it what is known of its passages.

    ``words`` are those to match with. ``is_asked_about``: whether a passage answers any known question, all of them
    when none is known.
    """

    index: Index
    likenesses: Likenesses
    words: Words
    is_asked_about: NDArray[np.bool_]


class Surroundings(Protocol):
    def of(self, vector: Vectors, text: str) -> Around:
        """``vector`` (dimension,) is of the question, ``text`` are its words. Raises ``IngestError``."""


class Collection(Protocol):
    """A version of a corpus. Immutable, and safe to share between threads."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def articles(self) -> Mapping[str, Article]:
        """By slug; read when asked for, where they are many."""

    @property
    def notes(self) -> tuple[ReviewNote, ...]: ...

    @property
    def embedder(self) -> Embedder: ...

    @property
    def words(self) -> frozenset[str]:
        """Those of the articles, folded."""

    def surroundings(self, without: Names[Ingredient] = ()) -> Surroundings: ...

    def whole(self) -> Index:
        """All of it, in memory. Raises ``CorpusTooLargeError``."""


def collection_of(version: Version, embedder: Embedder, whole_passages: int) -> Collection:
    """Up to ``whole_passages`` all of it is read into memory. Raises ``IngestError``."""
    if version.count() <= whole_passages:
        return Whole(index_of(version, embedder))
    return Candidates(version, embedder)


class Whole:
    """Every passage is compared with every question."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.manifest = index.manifest
        self.articles = index.articles
        self.notes = index.notes
        self.embedder = index.embedder

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(passage.text_to_embed for passage in self._index.passages)

    def surroundings(self, without: Names[Ingredient] = ()) -> "Everything":
        return Everything(self._index, without)

    def whole(self) -> Index:
        return self._index


class Everything:
    """The surroundings of any question in a small corpus."""

    def __init__(self, index: Index, without: Names[Ingredient]) -> None:
        self._index = index
        self._likeness = Likeness(index, without)
        self._words = _words_alone(index) if Ingredient.QUESTIONS in without else index.lexical
        self._is_asked_about = _asked_about(index, is_any_answered=_is_any_answered(index))

    def of(self, vector: Vectors, text: str) -> Around:
        return Around(self._index, self._likeness.to(vector), self._words, self._is_asked_about)


class Candidates:
    """Only the passages that a search finds are compared with a question, and those that answer questions like it."""

    def __init__(self, version: Version, embedder: Embedder, most: int = _CANDIDATES) -> None:
        self._version = version
        self._most = most
        self.manifest = version.manifest
        self.articles = version.articles
        self.notes = version.notes
        self.embedder = embedder

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self._version.words(_MOST_WORDS))

    def surroundings(self, without: Names[Ingredient] = ()) -> "Nearest":
        return Nearest(self._version, self.embedder, self._most, without)

    def whole(self) -> Index:
        return self._whole

    @cached_property
    def _whole(self) -> Index:
        if self._version.count() > _MOST_WHOLE:
            raise CorpusTooLargeError(self._version.count(), _MOST_WHOLE)
        return index_of(self._version, self.embedder)


class Remembered:
    """The passages of a version that were last read, with their words: what is often asked, is not read each time.

    Safe to call from several threads. Some 15 kB each.
    """

    def __init__(self, version: Version, most: int = _MOST_REMEMBERED) -> None:
        self._version = version
        self._most = most
        self._known: OrderedDict[str, tuple[Entry, EntryWords]] = OrderedDict()
        self._lock = Lock()

    def get(self, ids: Sequence[str]) -> list[Entry]:
        """Those that are there, in the order asked for."""
        with self._lock:
            found = {id_: self._known[id_] for id_ in ids if id_ in self._known}
        read = self._version.get([id_ for id_ in ids if id_ not in found])
        found |= {entry.id: (entry, EntryWords(entry)) for entry in read}
        with self._lock:
            for id_, known in found.items():
                self._known[id_] = known
                self._known.move_to_end(id_)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return [found[id_][0] for id_ in ids if id_ in found]

    def words_of(self, entry: Entry) -> EntryWords:
        with self._lock:
            known = self._known.get(entry.id)
        return known[1] if known else EntryWords(entry)


class Nearest:
    """The surroundings of a question in a large corpus."""

    def __init__(self, version: Version, embedder: Embedder, most: int, without: Names[Ingredient]) -> None:
        self._version = version
        self._embedder = embedder
        self._most = most
        self._without = frozenset(without)
        self._questions = version.questions
        metric = metric_of(self._questions, embedder.dimension, without)
        self._known = KnownQuestions(self._questions, metric, without)
        self._rows_of = _rows_by_passage(self._questions)
        self._advice = {entry.id: entry.vector for entry in version.get(version.doctor_advice)}
        self._remembered = Remembered(version)

    def of(self, vector: Vectors, text: str) -> Around:
        known = self._known.to(vector)
        entries = self._entries(vector, text, known.nearest_passages(_NEAREST_QUESTIONS))
        rows = sorted(row for entry in entries for row in self._rows_of.get(entry.id, ()))
        asked = AskedQuestions(tuple(self._questions.asked[row] for row in rows), self._questions.vectors[rows])
        articles = self._version.articles_of({entry.passage.slug for entry in entries})
        words = SampledWords([self._remembered.words_of(entry) for entry in entries], self._version.statistics)
        part = Part(self._version.manifest, articles, self._version.notes, entries, asked)
        index = index_of_part(part, words, self._embedder)
        likenesses = Likeness(index, self._without, self._known.of_part(rows)).to(vector)
        return Around(
            index,
            replace(likenesses, answered=known.answered, unanswered=known.unanswered, near=known.near),
            self._words(entries) if Ingredient.QUESTIONS in self._without else words,
            _asked_about(index, is_any_answered=bool(self._rows_of)),
        )

    def _entries(self, vector: Vectors, text: str, answering: Sequence[str]) -> list[Entry]:
        """In reading order, as they stand in a whole index."""
        found = self._version.search_hybrid(vector, text, self._most)
        ids = dict.fromkeys([*self._nearest_advice(vector), *(each.id for each in found), *answering])
        return sorted(self._remembered.get(list(ids)), key=lambda entry: (entry.passage.slug, entry.passage.start))

    def _nearest_advice(self, vector: Vectors) -> list[str]:
        """The ids of what says when to see a doctor, whatever is asked."""
        ids = list(self._advice)
        return sorted(ids, key=lambda id_: -float(self._advice[id_] @ vector))[:_MOST_ADVICE]

    def _words(self, entries: Sequence[Entry]) -> SampledWords:
        bare = (replace(entry, questions=(), sentence_questions=()) for entry in entries)
        return SampledWords([EntryWords(entry) for entry in bare], self._version.statistics)


def _rows_by_passage(questions: AskedQuestions) -> dict[str, list[int]]:
    """Of the answered ones."""
    rows: dict[str, list[int]] = {}
    for row, asked in enumerate(questions.asked):
        if asked.passage_id:
            rows.setdefault(asked.passage_id, []).append(row)
    return rows


def _is_any_answered(index: Index) -> bool:
    return any(question.is_answered for question in index.questions)


def _asked_about(index: Index, *, is_any_answered: bool) -> NDArray[np.bool_]:
    passages = {question.passage for question in index.questions if question.is_answered}
    return np.array([not is_any_answered or row in passages for row in range(len(index.passages))], dtype=bool)


def _words_alone(index: Index) -> LexicalIndex:
    """The words of the articles without those of the known questions."""
    return LexicalIndex.build(
        [passage.text_to_embed for passage in index.passages],
        [sentence_to_embed(row, index.passages, index.articles) for row in index.sentence_rows],
    )
