"""Texts → vectors, through sentence-transformers. The only importer of that library (and of the bundled model)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from ingest.errors import EmbeddingModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

BUNDLED = "bundled"
# Larger batches only pad short texts on a processor; a GPU would stand idle without.
_BATCH, _BATCH_ON_GPU = 8, 128
_REMEMBERED_QUERIES = 64
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class Embedder(Protocol):
    """Turns texts into unit vectors; the seam where another model, or a fake, plugs in."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def passages(self, texts: Sequence[str], progress: Progress = ...) -> Vectors:
        """Shape (len(texts), dimension), rows of length 1. ``progress`` hears how many texts were just done."""

    def queries(self, texts: Sequence[str], progress: Progress = ...) -> Vectors:
        """As ``passages``, for texts that ask: shape (len(texts), dimension)."""

    def query(self, text: str) -> Vectors:
        """Shape (dimension,), length 1."""


class SentenceTransformerEmbedder:
    """An ``Embedder`` over any sentence-transformers model: ``"bundled"``, a hub id or a local folder.

    Raises ``EmbeddingModelError`` when the model cannot be loaded. Calls may come from several threads. The bundled
    model reads their questions side by side, each on one core: see docs/decisions.md. Anything else is done one at a
    time: passages fill the cores by themselves, and the tokenisers of other models cannot be shared.
    """

    def __init__(self, name: str = BUNDLED) -> None:
        self.name = name
        self._lock = Lock()
        self._remembered = lru_cache(maxsize=_REMEMBERED_QUERIES)(self._encode_query)
        try:
            self._model = _load(name)
        except Exception as error:  # sentence-transformers, transformers and the hub client raise whatever they like
            raise EmbeddingModelError(
                name, f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
            ) from error
        self._turn = _one_core() if name == BUNDLED else lambda: self._lock

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def device(self) -> str:
        """Where it computes: "cpu", or "cuda" for example. The bundled model knows only the processor."""
        return "cpu" if self.name == BUNDLED else str(self._model.device.type)

    def passages(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return self._batches(texts, self._model.encode_document, progress)

    def queries(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return self._batches(texts, self._model.encode_query, progress)

    def _batches(self, texts: Sequence[str], encode: Callable[..., Any], progress: Progress) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        size = _BATCH if self.device == "cpu" else _BATCH_ON_GPU
        for start in range(0, len(texts), size):
            batch = list(texts[start : start + size])
            with self._lock:
                vectors[start : start + len(batch)] = encode(batch, batch_size=size, normalize_embeddings=True)
            progress(len(batch))
        return vectors

    def query(self, text: str) -> Vectors:
        """The last ones are remembered: triage, retrieval and suggestions look at the same question."""
        return self._remembered(text)

    def _encode_query(self, text: str) -> Vectors:
        with self._turn():
            vector = np.asarray(self._model.encode_query(text, normalize_embeddings=True), dtype=np.float32)
        vector.flags.writeable = False
        return vector


class LangChainEmbeddings(Embeddings):
    """An ``Embedder`` where LangChain expects ``Embeddings``."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embedder.passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embedder.query(text).tolist()
        return vector


def _one_core() -> Callable[[], AbstractContextManager[object]]:
    """A ``with`` in which the thread that entered computes by itself. To be made when the model is loaded."""
    from threadpoolctl import ThreadpoolController

    pools = ThreadpoolController()
    return lambda: pools.limit(limits=1, user_api="openmp")


def _load(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from threadpoolctl import threadpool_limits

    # numpy's own threads keep spinning after a product and take the cores from the model: 57 ms a question, not 17.
    threadpool_limits(1, user_api="blas")
    if name == BUNDLED:
        from ingest.bundled_model import bundled_model

        return bundled_model()
    model = SentenceTransformer(name)  # on a GPU, if it sees one
    if "e5" in name.lower() and not any(model.prompts.get(kind) for kind in _E5_PROMPTS):
        # E5 models are trained with these prefixes, but most of their configurations do not say so.
        model.prompts.update(_E5_PROMPTS)
    return model
