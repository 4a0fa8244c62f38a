"""A thin LangChain ``VectorStore`` over FAISS: exact search on unit vectors. The only importer of faiss."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import faiss
import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from ingest.embed import Vectors


def write_vectors(path: Path, vectors: Vectors) -> None:
    """Write an exact inner-product index of ``vectors``, shape (rows, dimension). Raises ``OSError``."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    # faiss's own write_index does not notice that a disk is full.
    path.write_bytes(faiss.serialize_index(index).tobytes())


def read_vectors(path: Path, rows: int) -> Vectors:
    """What ``write_vectors`` wrote, shape (rows, dimension).

    Raises ``OSError``, or ``ValueError`` when the file is no such index or has another number of rows.
    """
    vectors: Vectors = _read_flat(path, rows).reconstruct_n(0, rows)
    return vectors


def _read_flat(path: Path, rows: int) -> faiss.IndexFlatIP:
    try:
        index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
    except (RuntimeError, MemoryError) as error:  # faiss believes the sizes it reads
        raise ValueError(f"{path.name} is geen FAISS-bestand") from error
    if not isinstance(index, faiss.IndexFlatIP):
        raise ValueError(f"{path.name} is een ander soort FAISS-bestand")
    if index.ntotal != rows:
        raise ValueError(f"{path.name}: {index.ntotal} vectoren voor {rows} teksten")
    return index


class FaissStore(VectorStore):
    """Documents and their vectors, row for row. ``similarity`` is the cosine: −1 to 1, higher is nearer."""

    def __init__(self, embedding: Embeddings) -> None:
        self._embedding = embedding
        self._documents: list[Document] = []
        self._faiss: faiss.Index | None = None

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def embeddings(self) -> Embeddings:
        return self._embedding

    @property
    def vectors(self) -> Vectors:
        """All vectors, shape (documents, dimension)."""
        if self._faiss is None:
            return np.zeros((0, 0), dtype=np.float32)
        vectors: Vectors = self._faiss.reconstruct_n(0, self._faiss.ntotal)
        return vectors

    def similarities(self, query: Vectors) -> Vectors:
        """The similarity of every document to ``query`` (dimension,), in row order."""
        found = np.zeros(len(self), dtype=np.float32)
        for row, similarity in self._nearest(query, len(self)):
            found[row] = similarity
        return found

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **_: Any,
    ) -> list[str]:
        """Returns the ids: those given, or fresh ones. A document with an id that is known replaces that document."""
        texts = list(texts)
        metadatas = metadatas or [{} for _ in texts]
        ids = [given or uuid4().hex for given in ids or [""] * len(texts)]
        documents = {
            id_: Document(page_content=text, metadata=metadata, id=id_)
            for text, metadata, id_ in zip(texts, metadatas, ids, strict=True)
        }
        if documents:
            wordings = [document.page_content for document in documents.values()]
            vectors = np.asarray(self._embedding.embed_documents(wordings), dtype=np.float32)
            self.delete(list(documents))
            if self._faiss is None:
                self._faiss = faiss.IndexFlatIP(vectors.shape[1])
            self._faiss.add(vectors)
            self._documents += documents.values()
        return ids

    def delete(self, ids: list[str] | None = None, **_: Any) -> bool | None:
        """Forget these documents, or all of them when ``ids`` is None; no vector of theirs stays."""
        unwanted = {document.id for document in self._documents} if ids is None else set(ids)
        gone = {row for row, document in enumerate(self._documents) if document.id in unwanted}
        if gone and self._faiss is not None:
            self._faiss.remove_ids(faiss.IDSelectorBatch(np.array(sorted(gone), dtype=np.int64)))
            self._documents = [document for row, document in enumerate(self._documents) if row not in gone]
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        return [document for document in self._documents if document.id in ids]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(self, query: str, k: int = 4, **_: Any) -> list[tuple[Document, float]]:
        """The ``k`` nearest documents with their similarity, nearest first."""
        vector = np.asarray(self._embedding.embed_query(query), dtype=np.float32)
        return [(self._documents[row], similarity) for row, similarity in self._nearest(vector, k)]

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **_: Any
    ) -> list[Document]:
        """``k`` of the ``fetch_k`` nearest documents that differ from each other."""
        vector = np.asarray(self._embedding.embed_query(query), dtype=np.float32)
        rows = [row for row, _ in self._nearest(vector, fetch_k)]
        chosen = maximal_marginal_relevance(vector, list(self.vectors[rows]), lambda_mult, k)
        return [self._documents[rows[position]] for position in chosen]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        """LangChain's relevance runs from 0 to 1: the similarity, or 0 for what points the other way."""
        return lambda similarity: min(max(similarity, 0.0), 1.0)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **_: Any,
    ) -> Self:
        store = cls(embedding)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    @classmethod
    def load(cls, path: Path, documents: Sequence[Document], embedding: Embeddings) -> Self:
        """Vectors that ``write_vectors`` wrote, with the documents they belong to, row for row.

        Raises ``OSError``, or ``ValueError`` when the file is no such index or does not fit the documents.
        """
        store = cls(embedding)
        store._faiss = _read_flat(path, len(documents))
        store._documents = list(documents)
        return store

    @classmethod
    def of(cls, vectors: Vectors, documents: Sequence[Document], embedding: Embeddings) -> Self:
        """``vectors`` (documents, dimension) are row for row with the documents."""
        store = cls(embedding)
        store._faiss = faiss.IndexFlatIP(vectors.shape[1])
        store._faiss.add(np.ascontiguousarray(vectors, dtype=np.float32))
        store._documents = list(documents)
        return store

    def _nearest(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        k = min(k, len(self))
        if k <= 0 or self._faiss is None:
            return []
        similarities, rows = self._faiss.search(query.reshape(1, -1), k)
        return [(int(row), float(similarity)) for row, similarity in zip(rows[0], similarities[0], strict=True)]
