"""The articles of a large version: a line each, read when it is asked for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingest.article import Article
from ingest.files_store.lines import Lines, LinesWriter
from ingest.index import ARTICLE

_ARTICLES = "articles.jsonl"
_SLUGS = "articles.json"


def write_articles(folder: Path, articles: Iterable[Article]) -> None:
    lines, slugs = LinesWriter(folder / _ARTICLES), []
    for article in articles:
        lines.append(ARTICLE.dump_json(article))
        slugs.append(article.slug)
    lines.save()
    (folder / _SLUGS).write_text(json.dumps(slugs), "utf-8")


class LinedArticles(Mapping[str, Article]):
    """By slug, in the order in which they were written. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._lines = Lines(folder / _ARTICLES)
        self._row_of = {slug: row for row, slug in enumerate(json.loads((folder / _SLUGS).read_bytes()))}

    def __getitem__(self, slug: str) -> Article:
        article: Article = ARTICLE.validate_json(self._lines[self._row_of[slug]])
        return article

    def __contains__(self, slug: object) -> bool:
        return slug in self._row_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._row_of)

    def __len__(self) -> int:
        return len(self._row_of)
