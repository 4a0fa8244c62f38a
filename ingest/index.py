"""An index: articles and passages to read, vectors and words to search in; how it is written and loaded.

A version folder has ``articles.jsonl``, ``passages.jsonl``, ``review_notes.jsonl``, ``questions.jsonl``,
``passages.faiss``, ``sentences.faiss``, ``questions.faiss``, ``bm25/`` and, written last, ``manifest.json``. Nothing
here is unpickled.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.article import Article
from ingest.chunk import ChunkSettings
from ingest.embed import Embedder, LangChainEmbeddings, Vectors
from ingest.errors import INGEST_COMMAND, IndexUnusableError
from ingest.lexical import LexicalIndex
from ingest.manifest import SCHEMA_VERSION, Counts, Manifest, ModelCard, checksums, corpus_hash, read_manifest
from ingest.metric import Metric
from ingest.note_places import NotePlaces
from ingest.passage import Passage
from ingest.question_places import UNANSWERED, KnownQuestion, check_rows
from ingest.review_notes import NotesFile, ReviewNote
from ingest.rows import SentenceRow, sentence_rows
from ingest.vectors import FaissStore, write_vectors
from ingest.versions import MANIFEST, new_version

_ARTICLE = TypeAdapter(Article)
_PASSAGE = TypeAdapter(Passage)
_NOTE = TypeAdapter(ReviewNote)
_QUESTION = TypeAdapter(KnownQuestion)


@dataclass(frozen=True)
class Content:
    """What goes into an index; the vectors are row for row with the texts of passages, sentences and questions."""

    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    sentence_vectors: Vectors
    questions: tuple[KnownQuestion, ...]
    question_vectors: Vectors
    lexical: LexicalIndex
    model: ModelCard
    chunk: ChunkSettings
    max_article_bytes: int
    sources: dict[str, str]
    question_sources: dict[str, str]
    notes: NotesFile
    questions_left_out: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    merged: int = 0


@dataclass(frozen=True)
class Stored:
    """What an index holds to read, without what is made to search in it."""

    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    questions: tuple[KnownQuestion, ...]
    notes: tuple[ReviewNote, ...]


class Index:
    """A loaded index: articles and passages to read, stores to search in. Immutable."""

    def __init__(self, manifest: Manifest, stored: Stored, folder: Path, embedder: Embedder) -> None:
        self.manifest = manifest
        self.articles = stored.articles
        self.passages = stored.passages
        self.questions = stored.questions
        self.notes = stored.notes
        self.note_places = NotePlaces.of(self.notes, self.passages, self.articles)
        self.embedder = embedder
        embeddings = LangChainEmbeddings(embedder)
        self.passage_store = FaissStore.load(folder / "passages.faiss", self._passage_documents(), embeddings)
        self.sentence_store = FaissStore.load(folder / "sentences.faiss", self._sentence_documents(), embeddings)
        self.question_store = FaissStore.load(folder / "questions.faiss", self._question_documents(), embeddings)
        self.lexical = LexicalIndex.load(folder / "bm25")

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
        return Metric.learn(self.question_store.vectors[answered], self.passage_of_question[answered])

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
    _check_model(index_dir, manifest.model, ModelCard.of(embedder))
    with _sound(index_dir):
        stored = Stored(
            articles=_read_articles(folder),
            passages=tuple(_read_lines(folder / "passages.jsonl", _PASSAGE)),
            questions=tuple(_read_lines(folder / "questions.jsonl", _QUESTION)),
            notes=tuple(_read_lines(folder / "review_notes.jsonl", _NOTE)),
        )
        check_rows(stored.questions, stored.passages)
        return Index(manifest, stored, folder, embedder)


def load_articles(index_dir: Path) -> dict[str, Article]:
    """The articles in the index by slug, whatever model made it. Raises ``IndexUnusableError``."""
    _, folder = read_manifest(index_dir)
    with _sound(index_dir):
        return _read_articles(folder)


def save_index(index_dir: Path, content: Content) -> Manifest:
    """Write a new version and put it in use; the caller holds ``writing``. Raises ``IndexNotSavedError``."""
    with new_version(index_dir) as folder:
        _write_content(folder, content)
        manifest = _manifest(folder, content)
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2), "utf-8")
    return manifest


def _check_model(index_dir: Path, made_by: ModelCard, model: ModelCard) -> None:
    if made_by.is_same_model(model):
        return
    if made_by.name != model.name:
        raise IndexUnusableError(
            index_dir, f"hij is gemaakt met het taalmodel '{made_by.name}', niet met '{model.name}'."
        )
    # Ingest goes by the model's name, so that it need not load the model to see that there is nothing to do.
    reason = f"het taalmodel '{model.name}' is veranderd sinds hij is gemaakt."
    raise IndexUnusableError(index_dir, reason, f"{INGEST_COMMAND} --rebuild")


@contextmanager
def _sound(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnusableError(index_dir, f"de inhoud past niet bij elkaar ({error}).") from error


def _write_content(folder: Path, content: Content) -> None:
    _write_lines(folder / "articles.jsonl", (_ARTICLE.dump_json(article) for article in content.articles.values()))
    _write_lines(folder / "passages.jsonl", (_PASSAGE.dump_json(passage) for passage in content.passages))
    _write_lines(folder / "review_notes.jsonl", (_NOTE.dump_json(note) for note in content.notes.notes))
    _write_lines(folder / "questions.jsonl", (_QUESTION.dump_json(question) for question in content.questions))
    write_vectors(folder / "passages.faiss", content.passage_vectors)
    write_vectors(folder / "sentences.faiss", content.sentence_vectors)
    write_vectors(folder / "questions.faiss", content.question_vectors)
    content.lexical.save(folder / "bm25")


def _manifest(folder: Path, content: Content) -> Manifest:
    return Manifest(
        schema_version=SCHEMA_VERSION,
        version=folder.name,
        created=datetime.now(UTC),
        model=content.model,
        chunk=content.chunk,
        max_article_bytes=content.max_article_bytes,
        corpus_hash=corpus_hash(content.sources),
        sources=content.sources,
        notes_hash=content.notes.file.digest,
        question_sources=content.question_sources,
        questions_left_out=content.questions_left_out,
        articles={article.slug: article.source for article in content.articles.values()},
        refused=content.refused,
        counts=Counts(
            articles=len(content.articles),
            passages=len(content.passages),
            sentences=len(content.sentence_vectors),
            questions=len(content.questions),
            merged=content.merged,
            notes=len(content.notes.notes),
        ),
        files=checksums(folder),
    )


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def _read_articles(folder: Path) -> dict[str, Article]:
    return {article.slug: article for article in _read_lines(folder / "articles.jsonl", _ARTICLE)}


def _read_lines(path: Path, adapter: TypeAdapter[Any]) -> Iterator[Any]:
    with path.open("rb") as lines:
        yield from (adapter.validate_json(line) for line in lines)
