"""The nearest vectors among many, read from disk."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from ingest import nearest as subject
from ingest.embed import Vectors
from ingest.nearest import Nearest, write_nearest

ROWS, DIMENSION = 4_000, 24


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    drawn = np.random.default_rng(8).normal(size=(ROWS, DIMENSION)).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module", params=[ROWS, ROWS - 1], ids=["exact", "graph"])
def kept(request: pytest.FixtureRequest, vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Nearest:
    path = tmp_path_factory.mktemp("nearest") / "v.faiss"
    write_nearest(path, vectors, exact=request.param)
    return Nearest(path, ROWS)


def test_nearly_all_of_the_ten_nearest_are_found_with_their_cosines(kept: Nearest, vectors: Vectors) -> None:
    found_of_all = 0
    for asked in vectors[::100]:
        cosines = vectors @ asked
        exact = set(np.argsort(-cosines)[:10].tolist())
        found = kept.search(asked, 10)
        assert [similarity for _, similarity in found] == pytest.approx([cosines[row] for row, _ in found], abs=2e-3)
        assert [similarity for _, similarity in found] == sorted((each for _, each in found), reverse=True)
        found_of_all += len(exact & {row for row, _ in found})
    assert found_of_all >= 0.97 * 10 * len(vectors[::100])


@pytest.mark.parametrize("few", [10, 100_000], ids=["in-the-graph", "one-by-one"])
def test_only_the_rows_asked_for_are_found(
    kept: Nearest, vectors: Vectors, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "_FEW", few)
    among = np.arange(5, ROWS, 3)
    found = kept.search(vectors[7], 5, among)
    assert len(found) == 5 and {row for row, _ in found} <= set(among.tolist())
    best = among[np.argmax(vectors[among] @ vectors[7])]
    assert found[0][0] == best
    assert kept.search(vectors[7], 5, among[:2]) and len(kept.search(vectors[7], 5, among[:2])) == 2
    assert kept.search(vectors[7], 5, among[:0]) == []


def test_vectors_can_be_read_back(kept: Nearest, vectors: Vectors) -> None:
    rows = np.array([3, 3_999, 0])
    np.testing.assert_allclose(kept.vectors(rows), vectors[rows], atol=1e-3)
    assert kept.vectors(rows[:0]).shape == (0, DIMENSION) and len(kept) == ROWS


@pytest.mark.parametrize(("k", "found"), [(0, 0), (1, 1), (ROWS + 9, ROWS)])
def test_at_most_k_are_found(vectors: Vectors, tmp_path: Path, k: int, found: int) -> None:
    write_nearest(tmp_path / "v.faiss", vectors)
    assert len(Nearest(tmp_path / "v.faiss", ROWS).search(vectors[0], k)) == found


def test_nothing_can_be_kept_and_searched(tmp_path: Path) -> None:
    write_nearest(tmp_path / "v.faiss", np.zeros((0, DIMENSION), dtype=np.float32))
    assert Nearest(tmp_path / "v.faiss", 0).search(np.ones(DIMENSION, dtype=np.float32), 3) == []


def test_a_graph_takes_half_the_room_of_the_vectors_and_its_edges(vectors: Vectors, tmp_path: Path) -> None:
    wide = np.repeat(vectors, 16, axis=1) / 4
    write_nearest(tmp_path / "v.faiss", wide, exact=0)
    assert (tmp_path / "v.faiss").stat().st_size < 0.9 * wide.nbytes
    assert Nearest(tmp_path / "v.faiss", ROWS).search(wide[5], 1)[0][0] == 5


@pytest.mark.parametrize("content", [b"", b"{}", b"IxFI" * 20])
def test_a_file_that_is_no_faiss_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v.faiss").write_bytes(content)
    with pytest.raises(ValueError, match="geen FAISS-bestand"):
        Nearest(tmp_path / "v.faiss", 1)


def test_a_file_with_another_number_of_rows_or_another_measure_is_refused(vectors: Vectors, tmp_path: Path) -> None:
    write_nearest(tmp_path / "v.faiss", vectors[:5])
    with pytest.raises(ValueError, match="5 vectoren voor 6 teksten"):
        Nearest(tmp_path / "v.faiss", 6)
    faiss.write_index(faiss.IndexFlatL2(DIMENSION), str(tmp_path / "v.faiss"))
    with pytest.raises(ValueError):
        Nearest(tmp_path / "v.faiss", 0)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Nearest(tmp_path / "weg.faiss", 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed(vectors: Vectors) -> None:
    with pytest.raises(OSError, match="No space left"):
        write_nearest(Path("/dev/full"), vectors)
