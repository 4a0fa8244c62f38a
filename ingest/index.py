"""The index on disk: a folder per version, a manifest with checksums, and a pointer that is swapped in.

::

    index_dir/
      current                 the name of the version in use, replaced in one step
      lock                    held by the one process that writes
      20261122T220501-1a2b/   manifest.json  articles.jsonl  passages.jsonl  passages.faiss  sentences.faiss  bm25/

A version is written whole and flushed before ``current`` names it, so a crash at any moment leaves the old one in use.
Nothing here is unpickled.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.documents import Document
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ingest.article import Article
from ingest.chunk import ChunkSettings
from ingest.embed import Embedder, LangChainEmbeddings, Vectors
from ingest.errors import IndexUnusableError, IngestBusyError
from ingest.lexical import LexicalIndex
from ingest.passage import Passage
from ingest.sentences import Sentence
from ingest.vectors import FaissStore, write_vectors

SCHEMA_VERSION = 1
KEPT_VERSIONS = 3

_POINTER = "current"
_MANIFEST = "manifest.json"
_FINGERPRINT_TEXT = "Wat helpt tegen pijn in de rug?"
_SAME_MODEL = 0.999

_ARTICLE = TypeAdapter(Article)
_PASSAGE = TypeAdapter(Passage)


class ModelCard(BaseModel):
    """Which model embedded the index. ``fingerprint`` is its vector of a fixed question: weights, not just a name."""

    model_config = ConfigDict(frozen=True)

    name: str
    dimension: int
    fingerprint: tuple[float, ...]

    @classmethod
    def of(cls, embedder: Embedder) -> "ModelCard":
        vector = embedder.query(_FINGERPRINT_TEXT)
        return cls(name=embedder.name, dimension=embedder.dimension, fingerprint=tuple(np.round(vector, 5).tolist()))

    def is_same_model(self, other: "ModelCard") -> bool:
        if (self.name, self.dimension) != (other.name, other.dimension):
            return False
        return bool(np.dot(self.fingerprint, other.fingerprint) >= _SAME_MODEL)


class Counts(BaseModel):
    articles: int
    passages: int
    sentences: int
    merged: int

    @property
    def texts(self) -> int:
        return self.passages + self.sentences


class Manifest(BaseModel):
    """What an index was made of and by.

    ``sources`` and ``files`` map file names to SHA-256, ``articles`` maps slugs to source files; ``refused`` are the
    complaints about sources that could not be read.
    """

    schema_version: int
    version: str
    created: datetime
    model: ModelCard
    chunk: ChunkSettings
    corpus_hash: str
    sources: dict[str, str]
    articles: dict[str, str]
    refused: tuple[str, ...]
    counts: Counts
    files: dict[str, str]


@dataclass(frozen=True)
class Content:
    """What goes into an index; ``passage_vectors`` and ``sentence_vectors`` are row for row with their texts."""

    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    sentence_vectors: Vectors
    lexical: LexicalIndex
    model: ModelCard
    chunk: ChunkSettings
    sources: dict[str, str]
    refused: tuple[str, ...] = ()
    merged: int = 0


@dataclass(frozen=True)
class SentenceRow:
    """One quotable sentence and the passage (its row) that it stands in."""

    passage: int
    sentence: Sentence


class Index:
    """A loaded index: articles and passages to read, stores to search in. Immutable."""

    def __init__(
        self,
        manifest: Manifest,
        articles: dict[str, Article],
        passages: Sequence[Passage],
        folder: Path,
        embedder: Embedder,
    ) -> None:
        self.manifest = manifest
        self.articles = articles
        self.passages = tuple(passages)
        self.embedder = embedder
        embeddings = LangChainEmbeddings(embedder)
        self.passage_store = FaissStore.load(folder / "passages.faiss", self._passage_documents(), embeddings)
        self.sentence_store = FaissStore.load(folder / "sentences.faiss", self._sentence_documents(), embeddings)
        self.lexical = LexicalIndex.load(folder / "bm25")

    @cached_property
    def sentence_rows(self) -> tuple[SentenceRow, ...]:
        return sentence_rows(self.passages)

    @cached_property
    def passage_of_sentence(self) -> NDArray[np.int64]:
        """The row of the passage that each sentence stands in, shape (sentences,)."""
        return np.array([row.passage for row in self.sentence_rows], dtype=np.int64)

    @cached_property
    def ends_in_question_mark(self) -> Vectors:
        """1 for each sentence that asks rather than tells, else 0, shape (sentences,)."""
        return np.array([self.wording(row).endswith("?") for row in self.sentence_rows], dtype=np.float32)

    def wording(self, row: SentenceRow) -> str:
        return self.passages[row.passage].wording(self.articles[self.passages[row.passage].slug], row.sentence)

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


def sentence_rows(passages: Sequence[Passage]) -> tuple[SentenceRow, ...]:
    """All quotable sentences in index order: the rows of ``sentences.faiss``."""
    return tuple(SentenceRow(row, sentence) for row, passage in enumerate(passages) for sentence in passage.sentences)


def sentence_to_embed(row: SentenceRow, passages: Sequence[Passage], articles: dict[str, Article]) -> str:
    """The sentence itself; a list item with the lead-in that says what it is an item of."""
    passage = passages[row.passage]
    article = articles[passage.slug]
    sentence = passage.wording(article, row.sentence)
    return f"{passage.wording(article, passage.lead_in)}\n{sentence}" if passage.lead_in else sentence


def read_manifest(index_dir: Path) -> tuple[Manifest, Path]:
    """The manifest in use and its folder, every file checked against its checksum; needs no model and no faiss.

    Raises ``IndexUnusableError`` when the index is missing, damaged, truncated or of another schema.
    """
    try:
        version = (index_dir / _POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexUnusableError(index_dir, "er is nog geen index gemaakt.") from None
    except (OSError, UnicodeDecodeError):
        raise IndexUnusableError(index_dir, f"het bestand '{_POINTER}' is onleesbaar.") from None
    folder = index_dir / version
    if not version or folder.parent != index_dir or not folder.is_dir():
        raise IndexUnusableError(index_dir, f"het bestand '{_POINTER}' wijst naar een versie die er niet is.")
    manifest = _parse_manifest(index_dir, folder)
    for name, expected in manifest.files.items():
        try:
            found = _sha256(folder / name)
        except OSError:
            raise IndexUnusableError(index_dir, f"het bestand '{name}' ontbreekt of is onleesbaar.") from None
        if found != expected:
            raise IndexUnusableError(index_dir, f"het bestand '{name}' is beschadigd of veranderd.")
    return manifest, folder


def load_index(index_dir: Path, embedder: Embedder) -> Index:
    """The index in use. Raises ``IndexUnusableError``, also when another model than ``embedder`` made it."""
    manifest, folder = read_manifest(index_dir)
    if not manifest.model.is_same_model(ModelCard.of(embedder)):
        raise IndexUnusableError(
            index_dir,
            f"hij is gemaakt met het taalmodel '{manifest.model.name}'; dat is niet (meer) gelijk aan '{embedder.name}'.",
        )
    try:
        articles = {article.slug: article for article in _read_lines(folder / "articles.jsonl", _ARTICLE)}
        return Index(manifest, articles, list(_read_lines(folder / "passages.jsonl", _PASSAGE)), folder, embedder)
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnusableError(index_dir, f"de inhoud past niet bij elkaar ({error}).") from error


def save_index(index_dir: Path, content: Content) -> Manifest:
    """Write a new version and put it in use; the caller holds ``writing``."""
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{token_hex(2)}"
    folder = index_dir / version
    folder.mkdir(parents=True)
    _write_content(folder, content)
    manifest = _manifest(folder, version, content)
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=2), "utf-8")
    _flush(folder)
    _point_to(index_dir, version)
    _remove_old_versions(index_dir, version)
    return manifest


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Only one process at a time may write; raises ``IngestBusyError`` for the second."""
    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / "lock", timeout=0):
            yield
    except Timeout:
        raise IngestBusyError(index_dir) from None


def corpus_hash(sources: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()


def _parse_manifest(index_dir: Path, folder: Path) -> Manifest:
    try:
        raw = json.loads((folder / _MANIFEST).read_bytes())
        schema = raw["schema_version"]
        if schema != SCHEMA_VERSION:
            raise IndexUnusableError(index_dir, f"hij heeft opbouw {schema}, dit programma verwacht {SCHEMA_VERSION}.")
        return Manifest.model_validate(raw)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        raise IndexUnusableError(index_dir, f"het bestand '{_MANIFEST}' ontbreekt of is beschadigd.") from None


def _write_content(folder: Path, content: Content) -> None:
    _write_lines(folder / "articles.jsonl", (_ARTICLE.dump_json(article) for article in content.articles.values()))
    _write_lines(folder / "passages.jsonl", (_PASSAGE.dump_json(passage) for passage in content.passages))
    for name, vectors in (("passages", content.passage_vectors), ("sentences", content.sentence_vectors)):
        write_vectors(folder / f"{name}.faiss", vectors)
    content.lexical.save(folder / "bm25")


def _manifest(folder: Path, version: str, content: Content) -> Manifest:
    return Manifest(
        schema_version=SCHEMA_VERSION,
        version=version,
        created=datetime.now(UTC),
        model=content.model,
        chunk=content.chunk,
        corpus_hash=corpus_hash(content.sources),
        sources=content.sources,
        articles={article.slug: article.source for article in content.articles.values()},
        refused=content.refused,
        counts=Counts(
            articles=len(content.articles),
            passages=len(content.passages),
            sentences=len(content.sentence_vectors),
            merged=content.merged,
        ),
        files={str(path.relative_to(folder)): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()},
    )


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def _read_lines(path: Path, adapter: TypeAdapter[Any]) -> Iterator[Any]:
    with path.open("rb") as lines:
        yield from (adapter.validate_json(line) for line in lines)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(folder: Path) -> None:
    """Force everything in ``folder`` to disk, so that a power cut after the swap cannot lose it."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _point_to(index_dir: Path, version: str) -> None:
    fresh = index_dir / f"{_POINTER}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(index_dir / _POINTER)


def _remove_old_versions(index_dir: Path, current: str) -> None:
    """Keep the last few, for readers that are just opening one; half-written ones of a crash go as well."""
    versions = sorted((path for path in index_dir.iterdir() if path.is_dir() and path.name != current), reverse=True)
    whole = [path for path in versions if (path / _MANIFEST).is_file()]
    for path in versions:
        if path not in whole[: KEPT_VERSIONS - 1]:
            shutil.rmtree(path, ignore_errors=True)
