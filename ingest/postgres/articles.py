"""The articles of a version, read when they are asked for."""

from collections.abc import Collection, ItemsView, Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from ingest.article import Article
from ingest.postgres.pool import Connection
from ingest.postgres.reader import Reader
from ingest.postgres.schema import Tables

_ARTICLE = TypeAdapter(Article)
# Up to this number they are read once and kept.
_KEPT = 2_000
_PAGE = 500


class StoredArticles(Mapping[str, Article]):
    """By slug, in the order of the corpus."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __getitem__(self, slug: str) -> Article:
        return self.some([slug])[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slugs)

    def __len__(self) -> int:
        return len(self._slugs)

    def items(self) -> ItemsView[str, Article]:
        """Read by the hundred: ``dict(articles.items())`` is a thousand times as fast as ``dict(articles)``."""
        return _Items(self)

    def some(self, slugs: Collection[str]) -> dict[str, Article]:
        """Those that are there, with one question to the database."""
        if self._all is not None:
            return {slug: self._all[slug] for slug in slugs if slug in self._all}
        statement = "SELECT slug, article::text FROM {articles} WHERE slug = ANY(%s)"
        return self._read(statement, (list(slugs),))

    def after(self, place: int, most: int) -> list[tuple[int, str, Article]]:
        """The next ones, with their places in the order of the corpus."""
        statement = "SELECT place, slug, article::text FROM {articles} WHERE place > %s ORDER BY place LIMIT %s"
        return [
            (at, slug, _ARTICLE.validate_json(article)) for at, slug, article in self._rows(statement, (place, most))
        ]

    @cached_property
    def _all(self) -> dict[str, Article] | None:
        if len(self) > _KEPT:
            return None
        return self._read("SELECT slug, article::text FROM {articles} ORDER BY place")

    @cached_property
    def _slugs(self) -> tuple[str, ...]:
        def asked(connection: Connection, tables: Tables) -> tuple[str, ...]:
            rows: list[Any] = connection.execute(tables.format("SELECT slug FROM {articles} ORDER BY place")).fetchall()
            return tuple(slug for (slug,) in rows)

        return self._reader(asked)

    def _read(self, statement: str, given: tuple[object, ...] = ()) -> dict[str, Article]:
        return {slug: _ARTICLE.validate_json(article) for slug, article in self._rows(statement, given)}

    def _rows(self, statement: str, given: tuple[object, ...]) -> list[Any]:
        def asked(connection: Connection, tables: Tables) -> list[Any]:
            return connection.execute(tables.format(statement), given, binary=True).fetchall()

        return self._reader(asked)


class _Items(ItemsView[str, Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[tuple[str, Article]]:
        place = -1
        while some := self._mapping.after(place, _PAGE):
            yield from ((slug, article) for _, slug, article in some)
            place = some[-1][0]
