"""Texts that wait for a vector, and the vectors that were made, for any number of workers on any machine.

A worker takes a batch in a transaction that lasts until its vectors are in. When it dies, its batch is free again at
once, for the server rolls back. A row of ``texts_to_embed`` goes in the transaction in which one of ``text_vectors``
comes, so that every wanted text stands in exactly one of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg

from ingest.embed import Vectors
from ingest.manifest import ModelCard
from ingest.postgres.pool import Connection
from ingest.texts import Text

_STORED = np.dtype("<f4")
# Any number that nobody else takes a lock on.
_SCHEMA_LOCK = 8_210_511

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS rugpijn;
CREATE TABLE IF NOT EXISTS rugpijn.models (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    dimension integer NOT NULL,
    fingerprint double precision[] NOT NULL
);
CREATE TABLE IF NOT EXISTS rugpijn.texts_to_embed (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model integer NOT NULL REFERENCES rugpijn.models,
    hash bytea NOT NULL,
    wording text NOT NULL,
    is_question boolean NOT NULL,
    UNIQUE (model, hash)
);
CREATE TABLE IF NOT EXISTS rugpijn.text_vectors (
    model integer NOT NULL REFERENCES rugpijn.models,
    hash bytea NOT NULL,
    vector bytea NOT NULL,
    PRIMARY KEY (model, hash)
);
"""

_TAKE = """
DELETE FROM rugpijn.texts_to_embed
WHERE number = ANY (ARRAY(
    SELECT number FROM rugpijn.texts_to_embed WHERE model = %(model)s
    ORDER BY number LIMIT %(size)s FOR UPDATE SKIP LOCKED
))
RETURNING number, hash, wording, is_question
"""

# One row for each wording, in the order in which they were given.
_WANTED = """
CREATE TEMPORARY TABLE given (number bigint GENERATED ALWAYS AS IDENTITY, hash bytea, wording text, is_question bool);
"""
_DISTINCT = """
CREATE TEMPORARY TABLE wanted AS SELECT DISTINCT ON (hash) * FROM given ORDER BY hash, number;
DROP TABLE given;
CREATE UNIQUE INDEX ON wanted (hash);
ANALYZE wanted;
"""
_UNWANTED = """
DELETE FROM rugpijn.texts_to_embed WHERE number IN (
    SELECT number FROM rugpijn.texts_to_embed queued
    WHERE model <> %(model)s OR NOT EXISTS (SELECT FROM wanted WHERE wanted.hash = queued.hash)
    FOR UPDATE SKIP LOCKED
)
"""
_MISSING = """
INSERT INTO rugpijn.texts_to_embed (model, hash, wording, is_question)
SELECT %(model)s, hash, wording, is_question FROM wanted
WHERE NOT EXISTS (SELECT FROM rugpijn.text_vectors made WHERE made.model = %(model)s AND made.hash = wanted.hash)
ORDER BY number
ON CONFLICT DO NOTHING
"""
_MADE = """
SELECT count(*) FROM wanted JOIN rugpijn.text_vectors made ON made.model = %(model)s AND made.hash = wanted.hash
"""
_FORGET_WANTED = """
DELETE FROM rugpijn.text_vectors made USING wanted WHERE made.model = %(model)s AND made.hash = wanted.hash
"""
_FORGET_OTHERS = """
DELETE FROM rugpijn.text_vectors made
WHERE model <> %(model)s OR NOT EXISTS (SELECT FROM wanted WHERE wanted.hash = made.hash)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of the different texts that are wanted: how many have a vector, and how many have none yet."""

    made: int
    missing: int


def prepare(connection: Connection) -> None:
    """Make the tables that are not there yet; several processes may do so at once.

    Where they are there, no right to make tables is needed.
    """
    there = connection.execute("SELECT to_regclass('rugpijn.text_vectors') IS NOT NULL").fetchone()
    if there and there[0]:
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        connection.execute(_SCHEMA)


class Queue:
    """The texts of one model, over one connection, which must be in autocommit. Raises ``psycopg.Error``."""

    def __init__(self, connection: Connection, model: int) -> None:
        self.connection = connection
        self._model = {"model": model}

    @classmethod
    def of(cls, connection: Connection, card: ModelCard) -> "Queue":
        """The queue of this model; one that is trained anew has its own, under whatever name."""
        with connection.transaction():
            # Two that begin at once must not both add the model.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            rows = connection.execute(
                "SELECT id, fingerprint, dimension FROM rugpijn.models WHERE name = %s", (card.name,)
            )
            for model, fingerprint, dimension in rows:
                if card.is_same_model(ModelCard(name=card.name, dimension=dimension, fingerprint=tuple(fingerprint))):
                    return cls(connection, model)
            added = connection.execute(
                "INSERT INTO rugpijn.models (name, dimension, fingerprint) VALUES (%s, %s, %s) RETURNING id",
                (card.name, card.dimension, list(card.fingerprint)),
            ).fetchone()
            assert added is not None
            return cls(connection, added[0])

    # For whoever wants vectors.

    def ask(self, texts: Iterable[Text], *, anew: bool = False) -> Asked:
        """Queue those that have no vector yet, and take from the queue whatever else stands in it.

        ``anew`` forgets the vectors that they have. A batch that a worker has in hand is left to it.
        """
        with self.connection.transaction():
            self.connection.execute("SET LOCAL client_min_messages = warning")
            self.connection.execute("DROP TABLE IF EXISTS wanted")
            self.connection.execute(_WANTED)
            with self.connection.cursor().copy(
                "COPY given (hash, wording, is_question) FROM STDIN (FORMAT binary)"
            ) as copy:
                copy.set_types(("bytea", "text", "bool"))
                for text in texts:
                    copy.write_row((text.hash, text.wording, text.is_question))
            self.connection.execute(_DISTINCT)
        if anew:
            self.connection.execute(_FORGET_WANTED, self._model)
        self.connection.execute(_UNWANTED, self._model)
        self.connection.execute(_MISSING, self._model)
        made = self._count(_MADE)
        return Asked(made=made, missing=self._count("SELECT count(*) FROM wanted") - made)

    def waiting(self) -> int:
        """How many texts have none yet; those that a worker has in hand are among them."""
        return self._count("SELECT count(*) FROM rugpijn.texts_to_embed WHERE model = %(model)s")

    def other_models(self) -> list[str]:
        """The names of models that texts wait for, besides this one: the same name if it was trained anew."""
        rows = self.connection.execute(
            "SELECT name FROM rugpijn.models WHERE id <> %(model)s "
            "AND EXISTS (SELECT FROM rugpijn.texts_to_embed queued WHERE queued.model = models.id) ORDER BY name",
            self._model,
        )
        return [str(row[0]) for row in rows]

    def vectors(self, texts: Sequence[Text]) -> Vectors:
        """Shape (texts, dimension), row for row. Raises ``KeyError`` for a text that has none."""
        hashes = [text.hash for text in texts]
        rows = self.connection.cursor(binary=True).execute(
            "SELECT hash, vector FROM rugpijn.text_vectors WHERE model = %(model)s AND hash = ANY (%(hashes)s)",
            self._model | {"hashes": list(set(hashes))},
        )
        found = {row[0]: np.frombuffer(row[1], dtype=_STORED) for row in rows}
        return np.stack([found[each] for each in hashes]).astype(np.float32)

    def forget_others(self) -> int:
        """Throw away all vectors but those asked for; returns how many there were."""
        return self.connection.execute(_FORGET_OTHERS, self._model).rowcount

    # For whoever makes them.

    @contextmanager
    def batch(self, size: int) -> Iterator["Batch"]:
        """Up to ``size`` texts that nobody else has in hand; free again when the block ends without their vectors."""
        with self.connection.transaction() as transaction:
            rows = sorted(self.connection.execute(_TAKE, self._model | {"size": size}))
            taken = {bytes(row[1]): Text(row[2], is_question=row[3]) for row in rows}
            batch = Batch(self.connection, self._model["model"], self._without(taken))
            yield batch
            if batch.texts and not batch.is_kept:
                raise psycopg.Rollback(transaction)

    def _without(self, taken: dict[bytes, Text]) -> list[Text]:
        """Those that have no vector: one may have got it while it was queued again."""
        made = self.connection.execute(
            "SELECT hash FROM rugpijn.text_vectors WHERE model = %(model)s AND hash = ANY (%(hashes)s)",
            self._model | {"hashes": list(taken)},
        )
        known = {bytes(row[0]) for row in made}
        return [text for each, text in taken.items() if each not in known]

    def _count(self, query: str) -> int:
        row = self.connection.execute(query.encode(), self._model).fetchone()
        assert row is not None
        return int(row[0])


@dataclass(slots=True)
class Batch:
    """What a worker has in hand."""

    connection: Connection
    model: int
    texts: list[Text]
    is_kept: bool = False

    def keep(self, vectors: Sequence[Vectors]) -> None:
        """Those of ``texts``, one for each."""
        rows = [
            (self.model, text.hash, np.asarray(vector, dtype=_STORED).tobytes())
            for text, vector in zip(self.texts, vectors, strict=True)
        ]
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO rugpijn.text_vectors (model, hash, vector) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                rows,
            )
        self.is_kept = True
