"""Vectors in a file that is only appended to: what was written before a crash is there after it.

The first line says which model made them; then a record for each: the hash of the text, the vector, a checksum.
"""

from collections.abc import Iterator, Sequence
from io import BufferedRandom
from pathlib import Path
from zlib import crc32

import numpy as np

from ingest.embed import Vectors
from ingest.manifest import ModelCard

_HASH_BYTES = 32
_CHECKSUM_BYTES = 4
_LONGEST_HEADER = 100_000
_RECORDS_AT_ONCE = 4096


class VectorLog:
    """Of one model and one process. Everything raises ``OSError``.

    What another model wrote is thrown away, and so is a record that a crash left half written, with all behind it.
    """

    def __init__(self, path: Path, card: ModelCard) -> None:
        self._path = path
        self._record = np.dtype([("hash", "u1", _HASH_BYTES), ("vector", "<f4", card.dimension), ("checksum", "<u4")])
        self._header = card.model_dump_json().encode() + b"\n"
        self._rows: dict[bytes, int] = {}
        self._count = 0
        self._file: BufferedRandom = path.open("a+b")
        try:
            self._recover(card)
        except BaseException:
            self._file.close()
            raise

    def __contains__(self, text_hash: bytes) -> bool:
        return text_hash in self._rows

    def append(self, hashes: Sequence[bytes], vectors: Sequence[Vectors]) -> None:
        """One for each. They are with the operating system when this returns, whatever becomes of this process."""
        if not hashes:
            return
        records = np.zeros(len(hashes), dtype=self._record)
        records["hash"] = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, _HASH_BYTES)
        records["vector"] = np.stack(vectors)
        records["checksum"] = [_checksum(record) for record in records]
        self._file.write(records.tobytes())
        self._file.flush()
        for text_hash in hashes:
            self._note(text_hash)

    def vectors(self, hashes: Sequence[bytes]) -> Vectors:
        """Shape (hashes, dimension), row for row. Raises ``KeyError`` for what is not there."""
        rows = [self._rows[text_hash] for text_hash in hashes]
        stored = np.memmap(self._path, self._record, "r", len(self._header), (self._count,))
        return np.ascontiguousarray(stored["vector"][rows], dtype=np.float32)

    def close(self) -> None:
        self._file.close()

    def _note(self, text_hash: bytes) -> None:
        self._rows[text_hash] = self._count
        self._count += 1

    def _recover(self, card: ModelCard) -> None:
        self._file.seek(0)
        header = self._file.readline(_LONGEST_HEADER)
        if not _is_of(header, card):
            self._file.truncate(0)
            self._file.write(self._header)
            self._file.flush()
            return
        self._header = header
        for record in self._records():
            if _checksum(record) != record["checksum"]:
                break
            self._note(record["hash"].tobytes())
        self._file.truncate(len(header) + self._count * self._record.itemsize)

    def _records(self) -> Iterator[np.void]:
        while records := self._file.read(self._record.itemsize * _RECORDS_AT_ONCE):
            whole = len(records) // self._record.itemsize * self._record.itemsize
            yield from np.frombuffer(records[:whole], dtype=self._record)


def _checksum(record: np.void) -> int:
    return crc32(record.tobytes()[:-_CHECKSUM_BYTES])


def _is_of(header: bytes, card: ModelCard) -> bool:
    try:
        return ModelCard.model_validate_json(header).is_same_model(card)
    except ValueError:
        return False
