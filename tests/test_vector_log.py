"""Vectors on their way to an index outlive a crash, and nothing but what was written whole is believed."""

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st

from ingest.embed import Vectors
from ingest.manifest import ModelCard
from ingest.texts import Text, batched
from ingest.vector_log import VectorLog

EMBEDDER = FakeEmbedder(dimension=8)
CARD = ModelCard.of(EMBEDDER)
RECORD_BYTES = 32 + 8 * 4 + 4


def written(path: Path, most: int, card: ModelCard = CARD) -> tuple[list[bytes], Vectors]:
    """A log of so many texts that was closed."""
    texts = [Text(f"Zin {number}.") for number in range(most)]
    hashes, vectors = [text.hash for text in texts], EMBEDDER.passages([text.wording for text in texts])
    log = VectorLog(path, card)
    log.append(hashes, list(vectors))
    log.close()
    return hashes, vectors


def test_what_was_written_is_there_the_next_time_in_any_order(tmp_path: Path) -> None:
    hashes, vectors = written(tmp_path / "log", 5)
    log = VectorLog(tmp_path / "log", CARD)
    assert np.array_equal(log.vectors(hashes[::-1]), vectors[::-1])
    log.append([Text("Nog een.").hash], [EMBEDDER.query("Nog een.")])
    assert np.array_equal(log.vectors([Text("Nog een.").hash, hashes[0]])[1], vectors[0])


def test_a_text_that_was_written_twice_is_read_as_it_was_written_last(tmp_path: Path) -> None:
    hashes, vectors = written(tmp_path / "log", 3)
    log = VectorLog(tmp_path / "log", CARD)
    log.append([hashes[0]], [vectors[2]])
    log.close()
    again = VectorLog(tmp_path / "log", CARD)
    assert np.array_equal(again.vectors(hashes), vectors[[2, 1, 2]])


def test_what_another_model_wrote_is_thrown_away(tmp_path: Path) -> None:
    hashes, _ = written(tmp_path / "log", 3)
    log = VectorLog(tmp_path / "log", ModelCard.of(FakeEmbedder(dimension=8, weights=1)))
    assert not any(each in log for each in hashes)
    with pytest.raises(KeyError):
        log.vectors(hashes)


def test_a_file_of_something_else_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff" * 500)
    hashes, vectors = written(tmp_path / "log", 2)
    assert np.array_equal(VectorLog(tmp_path / "log", CARD).vectors(hashes), vectors)


@given(cut=st.integers(0, 6 * RECORD_BYTES))
def test_wherever_a_crash_cut_it_off_the_whole_records_are_kept(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "log"
    hashes, vectors = written(path, 6)
    header = path.stat().st_size - 6 * RECORD_BYTES
    with path.open("r+b") as file:
        file.truncate(header + cut)
    log = VectorLog(path, CARD)
    whole = cut // RECORD_BYTES
    assert [each in log for each in hashes] == [True] * whole + [False] * (6 - whole)
    log.append(hashes[whole:], list(vectors[whole:]))
    assert np.array_equal(log.vectors(hashes), vectors)


@given(at=st.integers(0, 6 * RECORD_BYTES - 1))
def test_a_record_that_was_damaged_is_not_believed_nor_what_follows(
    tmp_path_factory: pytest.TempPathFactory, at: int
) -> None:
    """A power cut may leave anything in what was not on the disk yet."""
    path = tmp_path_factory.mktemp("damaged") / "log"
    hashes, vectors = written(path, 6)
    raw = bytearray(path.read_bytes())
    raw[len(raw) - 6 * RECORD_BYTES + at] ^= 1
    path.write_bytes(raw)
    log = VectorLog(path, CARD)
    sound = at // RECORD_BYTES
    assert [each in log for each in hashes] == [True] * sound + [False] * (6 - sound)
    assert np.array_equal(log.vectors(hashes[:sound]), vectors[:sound])


def test_batches_hold_everything_once() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batched([], 2)) == []
