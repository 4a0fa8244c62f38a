"""A published version in the database, open for reading."""

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from ingest.article import Article
from ingest.embed import Vectors
from ingest.fusion import fuse
from ingest.lexical import stems
from ingest.manifest import Manifest
from ingest.postgres.articles import StoredArticles
from ingest.postgres.by_words import sharing
from ingest.postgres.connect import Database
from ingest.postgres.pool import Connection
from ingest.postgres.reader import Reader
from ingest.postgres.schema import WORDS, Tables
from ingest.postgres.search import entries_after, entries_of_ids, nearest
from ingest.review_notes import ReviewNote
from ingest.store import EVERYWHERE, Asked, AskedQuestions, Entry, Found, TermStatistics, Where

_NOTES = TypeAdapter(tuple[ReviewNote, ...])
_BATCH = 500
# What is known of terms is kept up to this number, some 20 MB; a language has fewer that are asked for.
_MOST_KNOWN = 200_000


class PostgresVersion:
    """A ``Version``: each call is a question or two to the database, but for what is small and always needed."""

    def __init__(self, database: Database, manifest: Manifest, notes: str, advice: str, totals: str) -> None:
        self.manifest = manifest
        self.notes: tuple[ReviewNote, ...] = _NOTES.validate_json(notes)
        self.doctor_advice: tuple[str, ...] = tuple(json.loads(advice))
        self._totals: dict[str, tuple[int, int]] = json.loads(totals)
        self._read = Reader(database, manifest.version)
        self._known: dict[tuple[str, str], int] = {}
        self.articles = StoredArticles(self._read)

    @cached_property
    def questions(self) -> AskedQuestions:
        rows = self._read(_questions)
        asked = tuple(Asked(json.loads(text), id_, tuple(json.loads(places))) for text, id_, places, _ in rows)
        vectors = np.frombuffer(b"".join(vector for *_, vector in rows), dtype="<f4").astype(np.float32)
        return AskedQuestions(asked, vectors.reshape(len(rows), self.manifest.model.dimension))

    def articles_of(self, slugs: Collection[str]) -> dict[str, Article]:
        return self.articles.some(slugs)

    def count(self) -> int:
        return self._totals["stems"][0]

    def get(self, ids: Sequence[str]) -> list[Entry]:
        return self._read(lambda connection, tables: entries_of_ids(connection, tables, ids))

    def entries(self) -> Iterator[Entry]:
        place = -1
        while True:
            some, place = self._read(partial(entries_after, place=place, most=_BATCH))
            if not some:
                return
            yield from some

    def words(self, most: int) -> list[str]:
        return self._read(lambda connection, tables: _words(connection, tables, most))

    def search_dense(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return self._read(lambda connection, tables: nearest(connection, tables, vector, k, where))

    def search_lexical(self, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        asked = stems(text)
        known = self.statistics("stems", asked)
        return self._read(lambda connection, tables: sharing(connection, tables, asked, known, k, where))

    def search_hybrid(self, vector: Vectors, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return fuse(self.search_dense(vector, k, where), self.search_lexical(text, k, where), k)

    def statistics(self, part: str, terms: Sequence[str]) -> TermStatistics:
        unknown = {term for term in terms if (part, term) not in self._known}
        if unknown:
            found = self._read(lambda connection, tables: _in_texts(connection, tables, part, list(unknown)))
            if len(self._known) > _MOST_KNOWN:
                self._known = {}
            known = self._known | {(part, term): found.get(term, 0) for term in unknown}
            self._known = known
        texts, total = self._totals[part]
        return TermStatistics(
            texts, total, {term: self._known[part, term] for term in terms if self._known[part, term]}
        )

    def close(self) -> None:
        """The connections are the store's."""


def _questions(connection: Connection, tables: Tables) -> list[Any]:
    columns = "text::text, passage_id, sentences::text, vector"
    return connection.execute(
        tables.format(f"SELECT {columns} FROM {{questions}} ORDER BY place"), binary=True
    ).fetchall()


def _words(connection: Connection, tables: Tables, most: int) -> list[str]:
    statement = tables.format(
        'SELECT term FROM {terms} WHERE part = %s ORDER BY in_texts DESC, term COLLATE "C" LIMIT %s'
    )
    return [str(word) for (word,) in connection.execute(statement, (WORDS, most)).fetchall()]


def _in_texts(connection: Connection, tables: Tables, part: str, terms: Sequence[str]) -> dict[str, int]:
    statement = tables.format("SELECT term, in_texts FROM {terms} WHERE part = %s AND term = ANY(%s)")
    rows: list[Any] = connection.execute(statement, (part, terms), binary=True).fetchall()
    return dict(rows)
