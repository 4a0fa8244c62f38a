"""What the articles come to when some files change: without an index, and without a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.staff.library.corpus import Files
from ingest.article import Article
from ingest.chunk import ChunkSettings, chunk
from ingest.dedup import merge_duplicates
from ingest.errors import ArticleError
from ingest.index import Index
from ingest.passage import Passage
from ingest.read import read_article
from ingest.settings import IngestSettings
from ingest.wordings import lead_in, quotable, wordings


@dataclass(frozen=True)
class Outcome:
    """The articles by slug, as ingest would have them."""

    articles: Mapping[str, Article]
    chunk: ChunkSettings

    @cached_property
    def passages(self) -> list[Passage]:
        return merge_duplicates([each for article in self.articles.values() for each in chunk(article, self.chunk)])[0]

    @cached_property
    def named(self) -> Mapping[str, None]:
        """Every wording that a note can be about."""
        return wordings(self.passages, self.articles)

    @cached_property
    def answering(self) -> frozenset[str]:
        """Every wording that can answer a question."""
        found: set[str] = set()
        for passage in self.passages:
            article = self.articles[passage.slug]
            found |= {wording for wording, _ in quotable(passage, article)} | {lead_in(passage, article)}
        return frozenset(found - {""})

    def replaced(self, changes: Mapping[str, Article | None]) -> "Outcome":
        """With other articles by file name; None for one that goes."""
        kept = [article for article in self.articles.values() if article.source not in changes]
        fresh = [article for article in changes.values() if article]
        ordered = sorted([*kept, *fresh], key=lambda article: article.source)
        return Outcome({article.slug: article for article in ordered}, self.chunk)


def outcome_now(settings: IngestSettings, index: Index, files: Files) -> Outcome:
    """Of the files as they are: read anew where they are not what ``index`` was made of, refused ones as they were."""
    known = {article.source: article for article in index.articles.values()}
    articles: dict[str, Article] = {}
    for name in sorted(files):
        if "/" in name:
            continue
        article = known.get(name)
        if article is None or index.manifest.sources.get(name) != files[name]:
            article = _read(settings, name) or article
        if article:
            articles.setdefault(article.slug, article)
    return Outcome(articles, ChunkSettings(max_words=settings.max_passage_words))


def _read(settings: IngestSettings, name: str) -> Article | None:
    try:
        return read_article(settings.corpus_dir / name, max_bytes=settings.max_article_bytes)
    except ArticleError:
        return None
