"""The nearest passages among many: exact up to some tens of thousands, a graph (HNSW) above, read from disk."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from ingest.embed import Vectors

# Above it comparing with every vector takes longer than 5 ms: see docs/scaling.md.
EXACT = 20_000

_NEIGHBOURS = 32
_EF_CONSTRUCTION = 80
# Of the ten nearest of 100,000 passages 0.97 are found with a width of 256 and 0.99 with 1,024; of 1,000,000 0.93 with
# 1,024 and 0.96 with 2,048, at 5 µs of a core for each.
_EF_SEARCH = 1_024
_ROWS_PER_EF = 250
_CHUNK = 10_000
# So many rows are compared one by one when a search is for a part of the rows.
_FEW = 20_000

# Its type stubs lack what is used here.
_faiss: Any = faiss

Rows = NDArray[np.int64]


def write_nearest(path: Path, vectors: Vectors, exact: int = EXACT) -> None:
    """``vectors`` (rows, dimension) of length 1 may lie on disk; up to ``exact`` rows each is compared.

    A graph keeps them as 16-bit numbers. Raises ``OSError``.
    """
    rows, dimension = vectors.shape
    if rows <= exact:
        index = _faiss.IndexFlatIP(dimension)
    else:
        half = _faiss.ScalarQuantizer.QT_fp16
        index = _faiss.IndexHNSWSQ(dimension, half, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _EF_CONSTRUCTION
        index.train(np.ascontiguousarray(vectors[:1], dtype=np.float32))
    for start in range(0, rows, _CHUNK):
        index.add(np.ascontiguousarray(vectors[start : start + _CHUNK], dtype=np.float32))
    # faiss's own write_index does not notice that a disk is full.
    with path.open("wb") as file:
        _faiss.write_index(index, _faiss.PyCallbackIOWriter(file.write))


class Nearest:
    """What ``write_nearest`` wrote. Safe to call from several threads.

    Raises ``OSError``, or ``ValueError`` when the file is no such index or has another number of rows.
    """

    def __init__(self, path: Path, rows: int) -> None:
        with path.open("rb"):  # faiss says no more than that it failed
            pass
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except (RuntimeError, MemoryError) as error:
            raise ValueError(f"{path.name} is geen FAISS-bestand") from error
        if self._index.metric_type != faiss.METRIC_INNER_PRODUCT or self._index.ntotal != rows:
            raise ValueError(f"{path.name}: {self._index.ntotal} vectoren voor {rows} teksten")
        self._is_graph = not isinstance(self._index, faiss.IndexFlatIP)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, rows: Rows) -> Vectors:
        """Shape (rows, dimension)."""
        if not len(rows):
            return np.zeros((0, self._index.d), dtype=np.float32)
        found: Vectors = self._index.reconstruct_batch(rows)
        return found

    def search(self, vector: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
        """At most ``k`` rows with their cosines, nearest first; only those ``among``, when it is given."""
        if among is not None and len(among) <= _FEW:
            return _best(among, self.vectors(among) @ vector, k)
        k = min(k, len(self))
        if k <= 0:
            return []
        similarities, rows = self._index.search(vector.reshape(1, -1), k, params=self._parameters(k, among))
        pairs = zip(rows[0], similarities[0], strict=True)
        return [(int(row), float(similarity)) for row, similarity in pairs if row >= 0]

    def _parameters(self, k: int, among: Rows | None) -> Any:
        selector = None if among is None else _faiss.IDSelectorBatch(among)
        if self._is_graph:
            return _faiss.SearchParametersHNSW(sel=selector, efSearch=max(_EF_SEARCH, len(self) // _ROWS_PER_EF, 2 * k))
        return _faiss.SearchParameters(sel=selector)


def _best(rows: Rows, similarities: Vectors, k: int) -> list[tuple[int, float]]:
    order = np.argsort(-similarities, kind="stable")[:k]
    return [(int(rows[place]), float(similarities[place])) for place in order]
