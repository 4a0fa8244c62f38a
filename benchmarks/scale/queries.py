"""What is asked of every corpus, and which passages an exact search finds for it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import psutil

from assistant.evaluation.questions import AnswerableQuestion, Half, all_questions
from benchmarks.scale.corpus import HELD_OUT, ScaleCorpus
from benchmarks.scale.results import Embedding
from benchmarks.watch import watching
from ingest.embed import Embedder, Vectors
from ingest.store import Entry

DEPTH = 10
_SEED = 88
_SAMPLE = 200
_BLOCK = 4_096


@dataclass(frozen=True)
class Queries:
    """Half about the practice's articles, half about the rest; ``vectors`` row for row."""

    texts: tuple[str, ...]
    vectors: Vectors

    @classmethod
    def of(cls, corpus: ScaleCorpus, embedder: Embedder) -> "Queries":
        asked = [each.question for each in all_questions(Half.REPORT) if isinstance(each, AnswerableQuestion)]
        texts = Random(_SEED).sample(asked, HELD_OUT) + corpus.held_out()
        return cls(tuple(texts), embedder.queries(texts))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "queries.json").write_text(json.dumps(self.texts, ensure_ascii=False), "utf-8")
        np.save(folder / "queries.npy", self.vectors)

    @classmethod
    def load(cls, folder: Path) -> "Queries":
        return cls(tuple(json.loads((folder / "queries.json").read_text("utf-8"))), np.load(folder / "queries.npy"))


@dataclass(frozen=True)
class Truth:
    """For each query the ids of the nearest passages, nearest first."""

    nearest: tuple[tuple[str, ...], ...]

    def recall(self, found: Sequence[Sequence[str]]) -> float:
        """The mean share, 0 to 1, of what is nearest that is among what was found."""
        shares = [len(set(near) & set(ids)) / len(near) for near, ids in zip(self.nearest, found, strict=True) if near]
        return float(np.mean(shares))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.nearest), "utf-8")

    @classmethod
    def load(cls, path: Path) -> "Truth":
        return cls(tuple(map(tuple, json.loads(path.read_text("utf-8")))))


def exact(entries: Iterable[Entry], queries: Vectors) -> Truth:
    """Every passage compared with every query, in 32 bits."""
    similarities = np.full((len(queries), 0), 0.0, dtype=np.float32)
    ids = np.full((len(queries), 0), "", dtype="U12")
    for block in _blocks(entries):
        found = queries @ np.stack([entry.vector for entry in block]).T
        named = np.broadcast_to(np.array([entry.id for entry in block], dtype="U12"), found.shape)
        similarities, ids = np.hstack([similarities, found]), np.hstack([ids, named])
        best = np.argsort(-similarities, axis=1, kind="stable")[:, :DEPTH]
        similarities = np.take_along_axis(similarities, best, axis=1)
        ids = np.take_along_axis(ids, best, axis=1)
    return Truth(tuple(tuple(map(str, row)) for row in ids))


def fidelity(corpus: ScaleCorpus, embedder: Embedder) -> Embedding:
    entries = corpus.recombined(_SAMPLE)
    with watching(psutil.Process()) as taken:
        embedded = embedder.passages([entry.passage.text_to_embed for entry in entries])
    made = np.stack([entry.vector for entry in entries])
    cosines = np.sum(made * embedded, axis=1)
    between = embedded @ embedded.T
    return Embedding(
        store="model",
        passages=len(entries),
        measured_on=date.today().isoformat(),
        other_cores=taken.other_cores,
        pages=corpus.source.pages,
        paragraphs=corpus.source.paragraphs,
        used=len(corpus.source.pieces),
        per_cpu_second=len(entries) / taken.own,
        cosine=float(cosines.mean()),
        cosine_p5=float(np.percentile(cosines, 5)),
        others=float(between[np.triu_indices(len(entries), k=1)].mean()),
    )


def _blocks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    left = iter(entries)
    while block := list(islice(left, _BLOCK)):
        yield block
