"""An index: articles and passages to read, vectors and words to search in; how it is written and loaded.

A version folder has ``articles.jsonl``, ``passages.jsonl``, ``review_notes.jsonl``, ``questions.jsonl``,
``passages.faiss``, ``sentences.faiss``, ``questions.faiss``, ``bm25/`` and, written last, ``manifest.json``. Nothing
here is unpickled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.article import Article
from ingest.embed import Embedder, LangChainEmbeddings, Vectors
from ingest.errors import IndexUnusableError
from ingest.lexical import LexicalIndex, Words
from ingest.manifest import Manifest, ModelCard, check_model, read_manifest
from ingest.metric import Metric
from ingest.note_places import NotePlaces
from ingest.passage import Passage
from ingest.question_places import UNANSWERED, KnownQuestion, check_rows
from ingest.review_notes import ReviewNote
from ingest.rows import SentenceRow, sentence_rows
from ingest.vectors import FaissStore, read_vectors, write_vectors

ARTICLE = TypeAdapter(Article)
_PASSAGE = TypeAdapter(Passage)
NOTE = TypeAdapter(ReviewNote)
_QUESTION = TypeAdapter(KnownQuestion)


@dataclass(frozen=True)
class Stored:
    """What an index holds to read, without what is made to search in it."""

    articles: Mapping[str, Article]
    passages: tuple[Passage, ...]
    questions: tuple[KnownQuestion, ...]
    notes: tuple[ReviewNote, ...]


@dataclass(frozen=True)
class IndexVectors:
    """Each of shape (rows, dimension), row for row with the passages, sentences and questions of an index."""

    passages: Vectors
    sentences: Vectors
    questions: Vectors


class Index:
    """A corpus in memory, or a part of one: articles and passages to read, stores to search in. Immutable."""

    def __init__(
        self, manifest: Manifest, stored: Stored, vectors: IndexVectors, lexical: Words, embedder: Embedder
    ) -> None:
        self.manifest = manifest
        self.stored = stored
        self.articles = stored.articles
        self.passages = stored.passages
        self.questions = stored.questions
        self.notes = stored.notes
        self.note_places = NotePlaces.of(self.notes, self.passages, self.articles)
        self.vectors = vectors
        self.lexical = lexical
        self.embedder = embedder

    @cached_property
    def passage_store(self) -> FaissStore:
        return self._store(self.vectors.passages, self._passage_documents())

    @cached_property
    def sentence_store(self) -> FaissStore:
        return self._store(self.vectors.sentences, self._sentence_documents())

    @cached_property
    def question_store(self) -> FaissStore:
        return self._store(self.vectors.questions, self._question_documents())

    @cached_property
    def sentence_rows(self) -> tuple[SentenceRow, ...]:
        return sentence_rows(self.passages)

    @cached_property
    def passage_of_sentence(self) -> NDArray[np.int64]:
        """The row of the passage that each sentence stands in, shape (sentences,)."""
        return np.array([row.passage for row in self.sentence_rows], dtype=np.int64)

    @cached_property
    def passage_of_question(self) -> NDArray[np.int64]:
        """The row of the passage that answers each known question, or ``UNANSWERED``, shape (questions,)."""
        return np.array([question.passage for question in self.questions], dtype=np.int64)

    @cached_property
    def metric(self) -> Metric:
        """What the known questions teach of likeness."""
        answered = self.passage_of_question != UNANSWERED
        if not answered.any():
            return Metric.plain(self.embedder.dimension)
        return Metric.learn(self.vectors.questions[answered], self.passage_of_question[answered])

    @cached_property
    def ends_in_question_mark(self) -> Vectors:
        """1 for each sentence that asks rather than tells, else 0, shape (sentences,)."""
        return np.array([self.wording(row).endswith("?") for row in self.sentence_rows], dtype=np.float32)

    def wording(self, row: SentenceRow) -> str:
        return self.passages[row.passage].wording(self.articles[self.passages[row.passage].slug], row.sentence)

    def notes_of_sentence(self, row: int) -> tuple[ReviewNote, ...]:
        """What a reviewer noted about the sentence in this row."""
        return self.note_places.sentences.get(row, ())

    def notes_of_lead_in(self, passage: int) -> tuple[ReviewNote, ...]:
        """What a reviewer noted about the line or heading that introduces the list in this passage's row."""
        return self.note_places.lead_ins.get(passage, ())

    def _store(self, vectors: Vectors, documents: Sequence[Document]) -> FaissStore:
        return FaissStore.of(vectors, documents, LangChainEmbeddings(self.embedder))

    def _passage_documents(self) -> list[Document]:
        return [
            Document(
                id=passage.id,
                page_content=passage.text,
                metadata={
                    "slug": passage.slug,
                    "title": passage.title,
                    "section": " › ".join(passage.heading_path),
                    "start": passage.start,
                    "end": passage.end,
                },
            )
            for passage in self.passages
        ]

    def _sentence_documents(self) -> list[Document]:
        return [
            Document(id=f"{self.passages[row.passage].id}:{row.sentence.start}", page_content=self.wording(row))
            for row in self.sentence_rows
        ]

    def _question_documents(self) -> list[Document]:
        """With the id of the passage that answers it; questions that none answers have no such metadata."""
        return [
            Document(
                page_content=question.text,
                metadata={"passage": self.passages[question.passage].id} if question.is_answered else {},
            )
            for question in self.questions
        ]


def load_index(index_dir: Path, embedder: Embedder) -> Index:
    """The index in use. Raises ``IndexUnusableError``, also when another model than ``embedder`` made it."""
    manifest, folder = read_manifest(index_dir)
    check_model(index_dir, manifest.model, ModelCard.of(embedder))
    with sound(index_dir):
        stored = Stored(
            articles=_read_articles(folder),
            passages=tuple(read_lines(folder / "passages.jsonl", _PASSAGE)),
            questions=tuple(read_lines(folder / "questions.jsonl", _QUESTION)),
            notes=tuple(read_lines(folder / "review_notes.jsonl", NOTE)),
        )
        check_rows(stored.questions, stored.passages)
        vectors = IndexVectors(
            passages=read_vectors(folder / "passages.faiss", len(stored.passages)),
            sentences=read_vectors(folder / "sentences.faiss", sum(len(each.sentences) for each in stored.passages)),
            questions=read_vectors(folder / "questions.faiss", len(stored.questions)),
        )
        return Index(manifest, stored, vectors, LexicalIndex.load(folder / "bm25"), embedder)


def load_articles(index_dir: Path) -> dict[str, Article]:
    """The articles in the index by slug, whatever model made it. Raises ``IndexUnusableError``."""
    _, folder = read_manifest(index_dir)
    with sound(index_dir):
        return _read_articles(folder)


@contextmanager
def sound(index_dir: Path) -> Iterator[None]:
    """Raises ``IndexUnusableError`` for files that do not fit each other."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnusableError(index_dir, f"de inhoud past niet bij elkaar ({error}).") from error


def write_index(folder: Path, stored: Stored, vectors: IndexVectors, lexical: LexicalIndex) -> None:
    """All but the manifest. Raises ``OSError``."""
    write_lines(folder / "articles.jsonl", (ARTICLE.dump_json(article) for article in stored.articles.values()))
    write_lines(folder / "passages.jsonl", (_PASSAGE.dump_json(passage) for passage in stored.passages))
    write_lines(folder / "review_notes.jsonl", (NOTE.dump_json(note) for note in stored.notes))
    write_lines(folder / "questions.jsonl", (_QUESTION.dump_json(question) for question in stored.questions))
    write_vectors(folder / "passages.faiss", vectors.passages)
    write_vectors(folder / "sentences.faiss", vectors.sentences)
    write_vectors(folder / "questions.faiss", vectors.questions)
    lexical.save(folder / "bm25")


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def _read_articles(folder: Path) -> dict[str, Article]:
    return {article.slug: article for article in read_lines(folder / "articles.jsonl", ARTICLE)}


def read_lines(path: Path, adapter: TypeAdapter[Any]) -> Iterator[Any]:
    with path.open("rb") as lines:
        yield from (adapter.validate_json(line) for line in lines)
