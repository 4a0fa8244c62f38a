"""An embedder that needs no model, small corpora to ingest with it, and what must then be in the index."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from ingest.build import IngestReport, build_index
from ingest.embed import Vectors
from ingest.index import Index
from ingest.known_questions import FOLDER
from ingest.review_notes import NOTES_FILE
from ingest.settings import IngestSettings


class FakeEmbedder:
    """Bags of letter groups, hashed to ``dimension`` numbers: the same text always gives the same unit vector.

    ``embedded`` are the texts it was given to put in an index, ``asked`` those among them that ask. Another ``weights``
    is the same model, trained anew.
    """

    def __init__(
        self, name: str = "fake", *, weights: int = 0, dimension: int = 32, seconds_per_text: float = 0.0
    ) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []
        self.asked: list[str] = []
        self._weights = weights
        self._seconds_per_text = seconds_per_text

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            time.sleep(self._seconds_per_text)
            self.embedded.append(text)
            vectors[row] = self.query(text)
            progress(1)
        return vectors

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        self.asked += texts
        return FakeEmbedder.passages(self, texts, progress)

    def query(self, text: str) -> Vectors:
        padded = f"{self._weights}  {text.casefold()}  "
        groups = Counter(padded[start : start + 3] for start in range(len(padded) - 2))
        vector = np.zeros(self.dimension, dtype=np.float32)
        for group, count in groups.items():
            hashed = crc32(f"{self._weights}{group}".encode("utf-8", "surrogatepass"))
            vector[hashed % self.dimension] += count if hashed & 0x10000 else -count
        return vector / max(float(np.linalg.norm(vector)), 1e-9)


def ingest_settings(folder: Path, **changes: Any) -> IngestSettings:
    """``folder/corpus`` → ``folder/index`` with the fake model, whatever the environment says."""
    given = {"corpus_dir": folder / "corpus", "index_dir": folder / "index", "embedding_model": "fake"}
    return IngestSettings(_env_file=None, **(given | changes))


def write_article(folder: Path, name: str, title: str, *paragraphs: str) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    path = corpus / name
    path.write_text("\n\n".join((f"---\ntitle: {title}\n---", *paragraphs)) + "\n", "utf-8")
    return path


def write_notes(folder: Path, *notes: dict[str, Any]) -> Path:
    """The review notes beside the articles."""
    path = folder / "corpus" / NOTES_FILE
    path.write_text(_tables("note", notes), "utf-8")
    return path


def write_questions(folder: Path, name: str, *entries: dict[str, Any]) -> Path:
    """A file of known questions beside the articles."""
    questions = folder / "corpus" / FOLDER
    questions.mkdir(exist_ok=True)
    path = questions / name
    path.write_text(_tables("question", entries), "utf-8")
    return path


def _tables(name: str, entries: Sequence[dict[str, Any]]) -> str:
    tables = (
        "\n".join((f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in each.items()))) for each in entries
    )
    return "\n\n".join(tables) + "\n"


def _toml(value: Any) -> str:
    """A text or a list of texts, for which TOML and JSON agree but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def ingest(
    folder: Path, embedder: FakeEmbedder | None = None, *, rebuild: bool = False, **changes: Any
) -> IngestReport:
    settings = ingest_settings(folder, **changes)
    return build_index(settings, lambda: embedder or FakeEmbedder(settings.embedding_model), rebuild=rebuild)


def content(index: Index) -> dict[str, Any]:
    """All of an index that does not depend on when it was made."""
    about_files = {"version", "created", "files"}
    return {
        "manifest": index.manifest.model_dump(exclude=about_files),
        "articles": index.articles,
        "passages": index.passages,
        "notes": index.notes,
        "questions": index.questions,
        "question_vectors": index.question_store.vectors.tolist(),
        "passage_vectors": index.passage_store.vectors.tolist(),
        "sentence_vectors": index.sentence_store.vectors.tolist(),
        "words": [index.lexical.stems.relevance(passage.text).tolist() for passage in index.passages],
    }
