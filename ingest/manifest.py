"""What an index was made of and by, and whether its files are still what was written.

``current`` has the checksum of the manifest, and the manifest that of every file: one changed byte anywhere is noticed.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.chunk import ChunkSettings
from ingest.embed import Embedder
from ingest.errors import INGEST_COMMAND, IndexUnusableError
from ingest.files import checksum
from ingest.versions import MANIFEST, version_in_use

# Raised whenever the same corpus gives another index: other files, or other reading, chunking or merging.
SCHEMA_VERSION = 3

_FINGERPRINT_TEXT = "Wat helpt tegen pijn in de rug?"
_SAME_MODEL = 0.999


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
    questions: int
    merged: int
    notes: int

    @property
    def texts(self) -> int:
        return self.passages + self.sentences + self.questions


class Manifest(BaseModel):
    """What an index was made of and by.

    ``sources``, ``question_sources`` and ``files`` map file names to SHA-256, ``articles`` maps slugs to source files;
    ``refused`` are the complaints about sources that could not be read, larger than ``max_article_bytes`` for example.
    ``notes_hash`` is the SHA-256 of the review notes, "" without them. ``questions_left_out`` says which questions are
    not used, and why.
    """

    schema_version: int
    version: str
    created: datetime
    model: ModelCard
    chunk: ChunkSettings
    max_article_bytes: int
    corpus_hash: str
    sources: dict[str, str]
    notes_hash: str
    question_sources: dict[str, str]
    questions_left_out: tuple[str, ...]
    articles: dict[str, str]
    refused: tuple[str, ...]
    counts: Counts
    files: dict[str, str]


class _Schema(BaseModel):
    schema_version: int


def read_manifest(index_dir: Path) -> tuple[Manifest, Path]:
    """The manifest in use and its folder, every file checked against its checksum; needs no model and no faiss.

    Raises ``IndexUnusableError`` when the index is missing, damaged, truncated or of another schema.
    """
    folder, expected = version_in_use(index_dir)
    manifest = _parse(index_dir, _manifest_bytes(index_dir, folder, expected))
    for name, written in manifest.files.items():
        try:
            found = checksum(folder / name)
        except OSError:
            raise IndexUnusableError(index_dir, f"het bestand '{name}' ontbreekt of is onleesbaar.") from None
        if found != written:
            raise IndexUnusableError(index_dir, f"het bestand '{name}' is beschadigd of veranderd.")
    return manifest, folder


def check_model(place: Path | str, made_by: ModelCard, model: ModelCard) -> None:
    """Raises ``IndexUnusableError`` when another model than ``model`` made the index in ``place``."""
    if made_by.is_same_model(model):
        return
    if made_by.name != model.name:
        raise IndexUnusableError(place, f"hij is gemaakt met het taalmodel '{made_by.name}', niet met '{model.name}'.")
    # Ingest goes by the model's name, so that it need not load the model to see that there is nothing to do.
    reason = f"het taalmodel '{model.name}' is veranderd sinds hij is gemaakt."
    raise IndexUnusableError(place, reason, f"{INGEST_COMMAND} --rebuild")


def check_schema(place: Path | str, schema: int) -> None:
    """Raises ``IndexUnusableError`` when another release of this program made the index in ``place``."""
    if schema != SCHEMA_VERSION:
        raise IndexUnusableError(place, f"hij heeft opbouw {schema}, dit programma verwacht {SCHEMA_VERSION}.")


def checksums(folder: Path) -> dict[str, str]:
    """``Manifest.files`` of what stands in ``folder``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): checksum(path) for path in paths}


def corpus_hash(sources: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()


def _manifest_bytes(index_dir: Path, folder: Path, expected: str) -> bytes:
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError:
        raise IndexUnusableError(index_dir, f"het bestand '{MANIFEST}' ontbreekt of is onleesbaar.") from None
    if hashlib.sha256(raw).hexdigest() != expected:
        raise IndexUnusableError(index_dir, f"het bestand '{MANIFEST}' is beschadigd of veranderd.")
    return raw


def _parse(index_dir: Path, raw: bytes) -> Manifest:
    try:
        check_schema(index_dir, _Schema.model_validate_json(raw).schema_version)
        return Manifest.model_validate_json(raw)
    except ValidationError:
        raise IndexUnusableError(index_dir, f"het bestand '{MANIFEST}' is van een ander programma.") from None
