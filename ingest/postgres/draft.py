"""A version being written to the database, and how it is put in use."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from psycopg import errors
from pydantic import TypeAdapter

from ingest.article import Article
from ingest.errors import StoreRefusedError
from ingest.lexical import stems
from ingest.manifest import Manifest
from ingest.postgres.failures import in_dutch
from ingest.postgres.indexes import build_indexes
from ingest.postgres.pool import Connection
from ingest.postgres.rows import big, copy_rows, passage_row, row, stems_row
from ingest.postgres.schema import WORDS, Tables, create_tables
from ingest.postgres.search import count_passages, entries_after, entries_of_ids
from ingest.review_notes import ReviewNote
from ingest.store import AskedQuestions, Entry
from ingest.terms import Counts

_ARTICLE = TypeAdapter(Article)
_NOTES = TypeAdapter(tuple[ReviewNote, ...])
_BATCH = 500
_PASSAGES = ("place", "id", "slug", "tag", "is_doctor_advice", "vector", "content", "vectors")
_STEMS = ("place", "slug", "tag", "length", "stems")
_PUBLISHED = """
    UPDATE rugpijn.versions SET published = now(), manifest = %s, notes = %s, doctor_advice = %s, statistics = %s
    WHERE name = %s
"""
_IN_USE = (
    "INSERT INTO rugpijn.in_use (version) VALUES (%s) ON CONFLICT (is_it) DO UPDATE SET version = excluded.version"
)


class PostgresDraft:
    """A ``Draft`` on a connection of its own, which holds the lock on writing: without it nothing is published.

    ``exact`` passages keep their vectors as they are, the others at half the bits. From ``hnsw_from`` passages on,
    likeness is searched with an approximate index.
    """

    def __init__(self, connection: Connection, place: str, version: str, hnsw_from: int, exact: int) -> None:
        self._connection = connection
        self._place = place
        self._version = version
        self._tables = Tables(version)
        self._hnsw_from = hnsw_from
        self._exact = exact
        self._has_tables = False
        self._next = 0
        self._counts = Counts()
        self._is_counted = True

    def add(self, entries: Iterable[Entry]) -> None:
        fresh = {entry.id: entry for entry in entries}
        for entry in fresh.values():
            self._make_tables(len(entry.vector))
        with in_dutch(self._place), self._connection.transaction():
            self.delete(fresh)
            self.bulk_load(fresh.values())

    def bulk_load(self, entries: Iterable[Entry]) -> int:
        remaining = iter(entries)
        loaded = 0
        while some := list(islice(remaining, _BATCH)):
            self._make_tables(len(some[0].vector))
            self._load(some)
            loaded += len(some)
        return loaded

    def delete(self, ids: Iterable[str]) -> int:
        if not self._has_tables:
            return 0
        places = "DELETE FROM {passages} WHERE id = ANY(%s) RETURNING place"
        with in_dutch(self._place), self._connection.transaction():
            gone = self._connection.execute(self._tables.format(places), (list(ids),)).fetchall()
            statement = self._tables.format("DELETE FROM {stems} WHERE place = ANY(%s)")
            self._connection.execute(statement, ([place for (place,) in gone],))
        self._is_counted = self._is_counted and not gone
        return len(gone)

    def get(self, ids: Sequence[str]) -> list[Entry]:
        with in_dutch(self._place):
            return entries_of_ids(self._connection, self._tables, ids) if self._has_tables else []

    def count(self) -> int:
        with in_dutch(self._place):
            return count_passages(self._connection, self._tables) if self._has_tables else 0

    def publish(
        self,
        manifest: Manifest,
        articles: Iterable[Article],
        notes: Sequence[ReviewNote],
        questions: AskedQuestions,
    ) -> Manifest:
        self._make_tables(manifest.model.dimension)
        published = manifest.model_copy(update={"version": self._version, "files": {}})
        with in_dutch(self._place):
            self._copy_articles(articles)
            self._copy_questions(questions)
            self._copy_terms()
            build_indexes(self._connection, self._tables, self.count(), self._hnsw_from)
            advice = self._tables.format("SELECT id FROM {passages} WHERE is_doctor_advice ORDER BY place")
            ids = [id_ for (id_,) in self._connection.execute(advice).fetchall()]
            totals = {part: (counts.texts, counts.terms) for part, counts in self._counts.parts.items()}
            about = (
                published.model_dump_json(),
                _NOTES.dump_json(tuple(notes)).decode(),
                *map(json.dumps, (ids, totals)),
            )
            with self._connection.transaction():
                self._connection.execute(_PUBLISHED, (*about, self._version))
                self._connection.execute(_IN_USE, (self._version,))
        return published

    def _make_tables(self, dimension: int) -> None:
        if not self._has_tables:
            with in_dutch(self._place):
                create_tables(self._connection, self._tables, dimension)
            self._has_tables = True

    def _load(self, entries: Sequence[Entry]) -> None:
        placed = list(enumerate(entries, self._next))
        passages = (passage_row(place, entry, exact=place < self._exact) for place, entry in placed)
        found = (stems_row(place, entry, stems(entry.words)) for place, entry in placed)
        with in_dutch(self._place), self._connection.transaction():
            try:
                copy_rows(self._connection, self._tables.of("passages"), _PASSAGES, passages)
            except errors.UniqueViolation:
                mend = "Maak de index opnieuw met: rugpijn ingest --rebuild"
                raise StoreRefusedError(self._place, "een passage staat er twee keer in.", mend) from None
            copy_rows(self._connection, self._tables.of("stems"), _STEMS, found)
        self._next += len(placed)
        for entry in entries:
            self._counts.add(entry)

    def _copy_articles(self, articles: Iterable[Article]) -> None:
        rows = (row(big(n), each.slug.encode(), _ARTICLE.dump_json(each)) for n, each in enumerate(articles))
        copy_rows(self._connection, self._tables.of("articles"), ("place", "slug", "article"), rows)

    def _copy_questions(self, questions: AskedQuestions) -> None:
        rows = (
            row(
                big(number),
                json.dumps(asked.text).encode(),
                asked.passage_id.encode(),
                json.dumps(asked.sentences).encode(),
                vector.astype("<f4").tobytes(),
            )
            for number, (asked, vector) in enumerate(zip(questions.asked, questions.vectors, strict=True))
        )
        columns = ("place", "text", "passage_id", "sentences", "vector")
        copy_rows(self._connection, self._tables.of("questions"), columns, rows)

    def _copy_terms(self) -> None:
        if not self._is_counted:
            self._counts = Counts()
            for entry in self._entries():
                self._counts.add(entry)
        parts = {part: counts.in_texts for part, counts in self._counts.parts.items()} | {WORDS: self._counts.words}
        rows = (
            row(part.encode(), term.encode(), big(times))
            for part, terms in parts.items()
            for term, times in terms.items()
        )
        copy_rows(self._connection, self._tables.of("terms"), ("part", "term", "in_texts"), rows)

    def _entries(self) -> Iterator[Entry]:
        place = -1
        while True:
            some, place = entries_after(self._connection, self._tables, place, _BATCH)
            if not some:
                return
            yield from some
