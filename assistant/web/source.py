"""``GET /bron/{slug}?c=<start>-<end>-<hash>``: an article, with what the chat quoted from it marked."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from assistant import texts
from assistant.links import ANCHOR, quote_hash
from assistant.web.article_view import Span, view
from assistant.web.pages import notice_page, page
from assistant.web.replies import Answering
from ingest.article import Article

_CITATION = re.compile(r"(\d{1,9})-(\d{1,9})-([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """What a link claims: this stretch of the article has this hash."""

    span: Span
    hash: str

    @classmethod
    def parse(cls, parameter: str) -> "CitedPlace | None":
        """None for anything that no link of ours says."""
        match = _CITATION.fullmatch(parameter)
        if match is None or int(match[1]) >= int(match[2]):
            return None
        return cls(Span(int(match[1]), int(match[2])), match[3])

    def stands_in(self, article: Article) -> bool:
        return quote_hash(article.text[self.span.start : self.span.end]) == self.hash


def source_page(assistant: Answering) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        article = assistant.collection.articles.get(request.path_params["slug"])
        if article is None:
            return notice_page(request, 404, texts.SOURCE_NOT_FOUND)
        return show_article(request, article, CitedPlace.parse(request.query_params.get("c", "")))

    return show


def show_article(request: Request, article: Article, place: CitedPlace | None) -> Response:
    holds = place is not None and place.stands_in(article)
    return page(
        request,
        "source.html",
        article=article,
        elements=view(article, place.span if place and holds else None),
        is_cited=holds,
        has_changed=place is not None and not holds,
        facts=list(_facts(article)),
        anchor=ANCHOR,
    )


def _facts(article: Article) -> Iterator[str]:
    if article.published:
        yield texts.SOURCE_PUBLISHED.format(date=_in_words(article.published))
    if article.reviewed and article.reviewer:
        yield texts.SOURCE_REVIEWED_BY.format(date=_in_words(article.reviewed), reviewer=article.reviewer)
    elif article.reviewed:
        yield texts.SOURCE_REVIEWED.format(date=_in_words(article.reviewed))


def _in_words(day: date) -> str:
    return texts.DATE.format(day=day.day, month=texts.MONTHS[day.month - 1], year=day.year)
