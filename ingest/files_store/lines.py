"""Lines of a file by number, and rows of numbers, read where they are needed; the rest stays on disk."""

import os
from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class LinesWriter:
    """Appends lines, and can read them back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w+b")
        self._offsets = array("Q", [0])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def append(self, line: bytes) -> None:
        self._file.write(line + b"\n")
        self._offsets.append(self._offsets[-1] + len(line) + 1)

    def __getitem__(self, row: int) -> bytes:
        self._file.flush()
        start, end = self._offsets[row], self._offsets[row + 1]
        return os.pread(self._file.fileno(), end - start, start)

    def save(self) -> None:
        """Everything to the file, and where its lines begin to a file beside it."""
        self._file.close()
        np.save(_offsets_of(self.path), np.array(self._offsets, dtype=np.uint64))


class Lines:
    """The lines that a ``LinesWriter`` wrote. Raises ``OSError``, or ``ValueError`` when the two files do not fit."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._offsets: NDArray[np.uint64] = mapped_array(_offsets_of(path))
        if int(self._offsets[-1]) != path.stat().st_size:
            raise ValueError(f"{path.name} past niet bij zijn regels")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        """Safe to call from several threads."""
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        return os.pread(self._file.fileno(), end - start, start)

    def close(self) -> None:
        self._file.close()


def mapped(path: Path, kind: DTypeLike, rows: int, width: int) -> NDArray[Any]:
    """The numbers in a file, shape (rows, width), read when they are looked at.

    Raises ``OSError``, or ``ValueError`` for a file of another size.
    """
    expected = rows * width * np.dtype(kind).itemsize
    if path.stat().st_size != expected:
        raise ValueError(f"{path.name} heeft een andere lengte dan {expected} bytes")
    if not expected:
        return np.zeros((rows, width), kind)
    return np.asarray(np.memmap(path, dtype=kind, mode="r", shape=(rows, width)))


def mapped_array(path: Path) -> NDArray[Any]:
    """What ``np.save`` wrote, read when it is looked at. Raises ``OSError`` or ``ValueError``."""
    # Not as a memmap: looking at one number of that takes 50 times as long.
    return np.asarray(np.load(path, mmap_mode="r"))


def _offsets_of(path: Path) -> Path:
    return path.with_suffix(".offsets.npy")
