"""Entries as rows of the database, in PostgreSQL's own binary format: three times as fast to load as text."""

import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from psycopg import sql
from pydantic import TypeAdapter

from ingest.embed import Vectors
from ingest.passage import Passage
from ingest.postgres.pool import Connection
from ingest.store import Entry

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
# What a tsvector holds: bytes of all its lexemes (a little less, to be sure), of one lexeme, and places of one lexeme.
_MOST_BYTES, _LONGEST, _MOST_PLACES = 900_000, 2_000, 255


@dataclass(frozen=True)
class Content:
    """What is read of an entry, but for its vectors."""

    passage: Passage
    questions: tuple[str, ...]
    sentence_questions: tuple[tuple[str, ...], ...]
    lead_in: str


_CONTENT = TypeAdapter(Content)


def passage_row(place: int, entry: Entry, *, exact: bool) -> bytes:
    """For ``passages``; ``exact`` keeps the vectors as float32, otherwise they are rounded to float16."""
    content = Content(entry.passage, entry.questions, entry.sentence_questions, entry.lead_in)
    return row(
        big(place),
        entry.id.encode(),
        entry.passage.slug.encode(),
        entry.tag.encode(),
        struct.pack("?", entry.is_doctor_advice),
        half_vector(entry.vector),
        _CONTENT.dump_json(content),
        _packed(entry, exact),
    )


def stems_row(place: int, entry: Entry, stems: Sequence[str]) -> bytes:
    """For ``stems``."""
    slug, tag = entry.passage.slug.encode(), entry.tag.encode()
    return row(big(place), slug, tag, struct.pack(">i", len(stems)), _tsvector(stems))


def entry_of(content: str, vectors: bytes, tag: str, is_doctor_advice: bool) -> Entry:
    read = _CONTENT.validate_json(content)
    rows = _unpacked(vectors, 1 + len(read.passage.sentences))
    return Entry(
        passage=read.passage,
        vector=rows[0],
        sentence_vectors=rows[1:],
        questions=read.questions,
        sentence_questions=read.sentence_questions,
        lead_in=read.lead_in,
        tag=tag,
        is_doctor_advice=is_doctor_advice,
    )


def copy_rows(connection: Connection, table: sql.Identifier, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """``rows`` as ``row`` makes them, with exactly these columns."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        for each in rows:
            copy.write(each)
        copy.write(_END)


def row(*fields: bytes) -> bytes:
    return struct.pack(">h", len(fields)) + b"".join(struct.pack(">i", len(field)) + field for field in fields)


def big(number: int) -> bytes:
    """A ``bigint``."""
    return struct.pack(">q", number)


def half_vector(vector: Vectors) -> bytes:
    """A ``halfvec``."""
    return struct.pack(">hh", len(vector), 0) + vector.astype(">f2").tobytes()


def vector_text(vector: Vectors) -> str:
    """A vector as a parameter, to be cast to ``halfvec``."""
    return "[" + ",".join(map(repr, vector.astype(np.float16).tolist())) + "]"


def _packed(entry: Entry, exact: bool) -> bytes:
    """The number of bytes of a float, then the vectors of the passage and its sentences, row after row."""
    vectors = np.concatenate((entry.vector.reshape(1, -1), entry.sentence_vectors.reshape(-1, len(entry.vector))))
    floats = vectors.astype("<f4" if exact else "<f2")
    return bytes([floats.itemsize]) + floats.tobytes()


def _unpacked(packed: bytes, rows: int) -> Vectors:
    """Shape (rows, dimension)."""
    floats = np.frombuffer(packed, dtype=f"<f{packed[0]}", offset=1)
    return floats.reshape(rows, -1).astype(np.float32)


def _tsvector(stems: Sequence[str]) -> bytes:
    """Each stem with as many places as it has in the text: that is how often it stands there, and all BM25 asks."""
    lexemes: list[bytes] = []
    size = 0
    for stem, times in Counter(stems).items():
        places = range(1, min(times, _MOST_PLACES) + 1)
        lexeme = stem.encode() + b"\0" + struct.pack(f">h{len(places)}H", len(places), *places)
        size += len(lexeme) + 4
        if len(stem) <= _LONGEST and size <= _MOST_BYTES:
            lexemes.append(lexeme)
    return struct.pack(">i", len(lexemes)) + b"".join(lexemes)
