"""The real paragraphs with their vectors: what a corpus of any size is made of. Embedded once, and kept in a folder."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Self

import numpy as np

from benchmarks.scale.dutch_text import Page
from ingest.embed import Embedder, Vectors
from ingest.sentences import sentences_in

_SEED = 8
# As many texts as are lost when it is broken off.
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph where it stands, in sentences that can be quoted."""

    title: str
    headings: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    @property
    def text_to_embed(self) -> str:
        """As ``Passage.text_to_embed``."""
        return "\n".join(part for part in (self.title, " › ".join(self.headings), self.text) if part)


@dataclass(frozen=True)
class Source:
    """Pieces in random order, so that the first thousand are a sample of all.

    ``vectors`` has shape (pieces, dimension), ``sentence_vectors`` (sentences, dimension): those of a piece are the
    rows from ``first_sentence[piece]`` to ``first_sentence[piece + 1]``. ``pages`` and ``paragraphs`` are all there
    were to choose from.
    """

    pieces: tuple[Piece, ...]
    vectors: Vectors
    sentence_vectors: Vectors
    first_sentence: tuple[int, ...]
    pages: int
    paragraphs: int

    @classmethod
    def read(cls, pages: Sequence[Page], folder: Path, embedder: Callable[[], Embedder], most: int = 0) -> Self:
        """``most`` pieces, or all; what is not in ``folder`` yet is embedded (half an hour)."""
        every = pieces_of(pages)
        pieces = every[:most] if most else every
        kept = _Kept(folder, embedder)
        sentences = [sentence for piece in pieces for sentence in piece.sentences]
        return cls(
            pieces=tuple(pieces),
            vectors=kept.vectors("passages", [piece.text_to_embed for piece in pieces]),
            sentence_vectors=kept.vectors("sentences", sentences),
            first_sentence=(0, *accumulate(len(piece.sentences) for piece in pieces)),
            pages=len(pages),
            paragraphs=len(every),
        )


def pieces_of(pages: Sequence[Page]) -> list[Piece]:
    pieces = [
        Piece(page.title, paragraph.headings, tuple(_sentences(paragraph.text)))
        for page in pages
        for paragraph in page.paragraphs
    ]
    Random(_SEED).shuffle(pieces)
    return pieces


def _sentences(text: str) -> Iterator[str]:
    return (text[sentence.start : sentence.end] for sentence in sentences_in(text, 0, len(text)))


class _Kept:
    """Vectors in files of 16-bit floats; broken off, it goes on where it was."""

    def __init__(self, folder: Path, embedder: Callable[[], Embedder]) -> None:
        self._folder = folder
        self._make_embedder = embedder
        self._embedder: Embedder | None = None

    def vectors(self, name: str, texts: Sequence[str]) -> Vectors:
        """Row for row with ``texts``. The file holds those of the first texts ever asked for, in that order."""
        lines, rows = self._folder / f"{name}.txt", self._folder / f"{name}.f16"
        known = lines.read_text("ascii").split() if lines.exists() else []
        digests = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True)}
        for digest in known:
            missing.pop(digest, None)
        self._embed(lines, rows, missing)
        places = {digest: row for row, digest in enumerate(lines.read_text("ascii").split())}
        stored = np.fromfile(rows, dtype=np.float16).reshape(-1, self._dimension())
        found = stored[[places[digest] for digest in digests]].astype(np.float32)
        vectors: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return vectors

    def _embed(self, lines: Path, rows: Path, texts: dict[str, str]) -> None:
        left = list(texts.items())
        self._folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(left), _BATCH):
            batch = left[start : start + _BATCH]
            vectors = self._model().passages([text for _, text in batch])
            self._note_dimension(vectors.shape[1])
            with rows.open("ab") as of_rows, lines.open("a", encoding="ascii") as of_lines:
                # Rows first: a line without its row would shift all others.
                of_rows.truncate(_lines(lines) * vectors.shape[1] * 2)
                of_rows.seek(0, 2)
                of_rows.write(vectors.astype(np.float16).tobytes())
                of_rows.flush()
                of_lines.write("".join(f"{digest}\n" for digest, _ in batch))

    def _model(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._make_embedder()
        return self._embedder

    def _note_dimension(self, dimension: int) -> None:
        (self._folder / "model.json").write_text(json.dumps({"dimension": dimension}), "utf-8")

    def _dimension(self) -> int:
        return int(json.loads((self._folder / "model.json").read_text("utf-8"))["dimension"])


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
