"""From an index in memory to the entries of a store, and back: a version read whole, or a few passages of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise

import numpy as np

from ingest.article import Article
from ingest.embed import Embedder, Vectors
from ingest.fusion import fuse
from ingest.index import Index, IndexVectors, Stored
from ingest.lexical import LexicalIndex, Words
from ingest.manifest import Manifest
from ingest.note_places import NotePlaces
from ingest.question_places import UNANSWERED, KnownQuestion
from ingest.review_notes import NoteKind, ReviewNote
from ingest.store import EVERYWHERE, Asked, AskedQuestions, Entry, Found, TermStatistics, Version, Where
from ingest.terms import Counts


@dataclass(frozen=True)
class Part:
    """What an index is made of when it is taken from a version: these entries, and the known questions they answer."""

    manifest: Manifest
    articles: Mapping[str, Article]
    notes: tuple[ReviewNote, ...]
    entries: Sequence[Entry]
    questions: AskedQuestions


def index_of(version: Version, embedder: Embedder) -> Index:
    """Everything of ``version``, in memory."""
    if isinstance(version, IndexVersion):
        return version.index
    entries = list(version.entries())
    part = Part(version.manifest, dict(version.articles.items()), version.notes, entries, version.questions)
    words = LexicalIndex.build(
        [entry.words for entry in entries], [words for entry in entries for words in entry.sentence_words]
    )
    return index_of_part(part, words, embedder)


def index_of_part(part: Part, words: Words, embedder: Embedder) -> Index:
    """An index of only these passages, in their order, and of these questions; ``words`` are row for row with them."""
    stored, vectors = stored_of(part, embedder.dimension)
    return Index(part.manifest, stored, vectors, words, embedder)


def stored_of(part: Part, dimension: int) -> tuple[Stored, IndexVectors]:
    """In the order of the entries."""
    passages = tuple(entry.passage for entry in part.entries)
    row_of = {entry.id: row for row, entry in enumerate(part.entries)}
    firsts = [*accumulate((len(passage.sentences) for passage in passages), initial=0)]
    known = (_placed(asked, row_of.get(asked.passage_id, UNANSWERED), firsts) for asked in part.questions.asked)
    vectors = IndexVectors(
        passages=_rows([entry.vector for entry in part.entries], dimension),
        sentences=_rows([*chain(*(entry.sentence_vectors for entry in part.entries))], dimension),
        questions=part.questions.vectors,
    )
    return Stored(part.articles, passages, tuple(known), part.notes), vectors


def entries_of(stored: Stored, vectors: IndexVectors) -> Iterator[Entry]:
    """In index order."""
    firsts = accumulate((len(passage.sentences) for passage in stored.passages), initial=0)
    rows = (vectors.sentences[first:last] for first, last in pairwise(firsts))
    return entries_with(stored, zip(vectors.passages, rows, strict=True))


def entries_with(stored: Stored, vectors: Iterable[tuple[Vectors, Vectors]]) -> Iterator[Entry]:
    """In index order; ``vectors`` has that of each passage and those of its sentences, which may come one by one."""
    advice = _passages_with_advice(stored)
    asked: dict[int, list[str]] = {}
    asked_of_sentence: dict[int, list[str]] = {}
    for question in stored.questions:
        asked.setdefault(question.passage, []).append(question.text)
        for sentence in question.sentences:
            asked_of_sentence.setdefault(sentence, []).append(question.text)
    first = 0
    for row, (passage, (vector, sentence_vectors)) in enumerate(zip(stored.passages, vectors, strict=True)):
        article = stored.articles[passage.slug]
        rows = range(first, first + len(passage.sentences))
        yield Entry(
            passage=passage,
            vector=vector,
            sentence_vectors=sentence_vectors,
            questions=tuple(asked.get(row, ())),
            sentence_questions=tuple(tuple(asked_of_sentence.get(each, ())) for each in rows) if row in asked else (),
            lead_in=passage.wording(article, passage.lead_in) if passage.lead_in else "",
            tag=article.tag,
            is_doctor_advice=row in advice,
        )
        first = rows.stop


def questions_of(stored: Stored, vectors: Vectors) -> AskedQuestions:
    """``vectors`` are row for row with ``stored.questions``."""
    firsts = [*accumulate((len(passage.sentences) for passage in stored.passages), initial=0)]
    asked = (
        Asked(
            question.text,
            stored.passages[question.passage].id,
            tuple(row - firsts[question.passage] for row in question.sentences),
        )
        if question.is_answered
        else Asked(question.text, "", ())
        for question in stored.questions
    )
    return AskedQuestions(tuple(asked), vectors)


class IndexVersion:
    """An index in memory as a ``Version``: everything is compared, nothing is approximate."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.manifest = index.manifest
        self.articles = index.articles
        self.notes = index.notes

    @cached_property
    def questions(self) -> AskedQuestions:
        return questions_of(self.index.stored, self.index.vectors.questions)

    @cached_property
    def doctor_advice(self) -> tuple[str, ...]:
        return tuple(entry.id for entry in self.entries() if entry.is_doctor_advice)

    def articles_of(self, slugs: Collection[str]) -> dict[str, Article]:
        return {slug: self.articles[slug] for slug in slugs if slug in self.articles}

    def count(self) -> int:
        return len(self.index.passages)

    def get(self, ids: Sequence[str]) -> list[Entry]:
        return [self._by_id[id_] for id_ in ids if id_ in self._by_id]

    def entries(self) -> Iterator[Entry]:
        yield from self._by_id.values()

    def words(self, most: int) -> list[str]:
        return self._counts.most_common_words(most)

    def search_dense(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return self._best(self.index.vectors.passages @ vector, k, where)

    def search_lexical(self, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return [
            found for found in self._best(self.index.lexical.stems.relevance(text), k, where) if found.similarity > 0
        ]

    def search_hybrid(self, vector: Vectors, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return fuse(self.search_dense(vector, k, where), self.search_lexical(text, k, where), k)

    def statistics(self, part: str, terms: Sequence[str]) -> TermStatistics:
        return self._counts.parts[part].of(terms)

    def close(self) -> None:
        pass

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in entries_of(self.index.stored, self.index.vectors)}

    @cached_property
    def _counts(self) -> Counts:
        counts = Counts()
        for entry in self.entries():
            counts.add(entry)
        return counts

    def _best(self, similarities: Vectors, k: int, where: Where) -> list[Found]:
        entries = list(self._by_id.values())
        allowed = [row for row, entry in enumerate(entries) if where.allows(entry.passage.slug, entry.tag)]
        best = sorted(allowed, key=lambda row: -similarities[row])[:k]
        return [Found(entries[row].id, float(similarities[row])) for row in best]


def _passages_with_advice(stored: Stored) -> set[int]:
    """The rows of the passages with a sentence that a reviewer noted to say when to see a doctor."""
    passage_of = [row for row, passage in enumerate(stored.passages) for _ in passage.sentences]
    places = NotePlaces.of(stored.notes, stored.passages, stored.articles)
    return {
        passage_of[sentence]
        for sentence, notes in places.sentences.items()
        if any(note.kind is NoteKind.SEE_DOCTOR for note in notes)
    }


def _placed(asked: Asked, passage: int, firsts: Sequence[int]) -> KnownQuestion:
    if passage == UNANSWERED:
        return KnownQuestion(asked.text, UNANSWERED, ())
    return KnownQuestion(asked.text, passage, tuple(firsts[passage] + position for position in asked.sentences))


def _rows(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, dimension), dtype=np.float32)
