"""The entries of a large draft, on disk from the moment they come in."""

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from ingest.embed import Vectors
from ingest.files_store.lines import Lines, LinesWriter
from ingest.passage import Passage
from ingest.store import Entry

ENTRIES = "entries.jsonl"
SENTENCES = "sentences.f16"
STARTS = "sentences.starts.npy"
PASSAGES = "passages.f32"
_SINGLE, _HALF = np.dtype(np.float32), np.dtype(np.float16)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry without its vectors."""

    passage: Passage
    questions: tuple[str, ...]
    sentence_questions: tuple[tuple[str, ...], ...]
    lead_in: str
    tag: str
    is_doctor_advice: bool

    def with_vectors(self, vector: Vectors, sentence_vectors: Vectors) -> Entry:
        return Entry(
            self.passage,
            vector,
            sentence_vectors,
            self.questions,
            self.sentence_questions,
            self.lead_in,
            self.tag,
            self.is_doctor_advice,
        )


LINE = TypeAdapter(EntryLine)


def entry_line(lines: Lines | LinesWriter, row: int) -> EntryLine:
    """Raises ``ValueError`` for a damaged line."""
    return LINE.validate_json(lines[row])


class Spool:
    """Files in ``folder``: lines, passage vectors (float32) and sentence vectors (float16). Raises ``OSError``."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        folder.mkdir(exist_ok=True)
        self._lines = LinesWriter(folder / ENTRIES)
        self._vectors = (folder / PASSAGES).open("w+b")
        self._sentences = (folder / SENTENCES).open("w+b")
        self._starts = array("Q", [0])
        self._row_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entry(row) for row in self._row_of.values())

    def put(self, entry: Entry) -> None:
        """One with an id that is known takes the place of that one."""
        line = EntryLine(
            entry.passage,
            entry.questions,
            entry.sentence_questions,
            entry.lead_in,
            entry.tag,
            entry.is_doctor_advice,
        )
        self._row_of[entry.id] = len(self._lines)
        self._lines.append(LINE.dump_json(line))
        self._vectors.write(np.ascontiguousarray(entry.vector, dtype=_SINGLE).tobytes())
        self._sentences.write(np.ascontiguousarray(entry.sentence_vectors, dtype=_HALF).tobytes())
        self._starts.append(self._starts[-1] + len(entry.sentence_vectors))

    def get(self, id_: str) -> Entry | None:
        row = self._row_of.get(id_)
        return None if row is None else self._entry(row)

    def remove(self, id_: str) -> bool:
        return self._row_of.pop(id_, None) is not None

    def save(self) -> list[str]:
        """Everything to its files, without what was replaced or removed. Returns the ids, in row order."""
        if list(self._row_of.values()) != list(range(len(self._lines))):
            self._write_anew()
        self._lines.save()
        self._vectors.close()
        self._sentences.close()
        np.save(self._folder / STARTS, np.array(self._starts, dtype=np.uint64))
        return list(self._row_of)

    def _write_anew(self) -> None:
        fresh = Spool(self._folder / "anew", self._dimension)
        for entry in self:
            fresh.put(entry)
        for file in (fresh._vectors, fresh._sentences):
            file.flush()
        for name in (ENTRIES, PASSAGES, SENTENCES):
            (fresh._folder / name).replace(self._folder / name)
        fresh._folder.rmdir()
        fresh._lines.path = self._lines.path
        self._lines, self._vectors, self._sentences = fresh._lines, fresh._vectors, fresh._sentences
        self._starts, self._row_of = fresh._starts, fresh._row_of

    def _entry(self, row: int) -> Entry:
        self._vectors.flush()
        self._sentences.flush()
        start, end = self._starts[row], self._starts[row + 1]
        size = self._dimension
        vector = os.pread(self._vectors.fileno(), size * _SINGLE.itemsize, row * size * _SINGLE.itemsize)
        width = size * _HALF.itemsize
        sentences = os.pread(self._sentences.fileno(), (end - start) * width, start * width)
        return entry_line(self._lines, row).with_vectors(
            np.frombuffer(vector, dtype=_SINGLE),
            np.frombuffer(sentences, dtype=_HALF).reshape(-1, size).astype(_SINGLE),
        )
