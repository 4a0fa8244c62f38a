"""Questions to start with, taken from the articles' own headings."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from ingest.article import Article, BlockKind

# A heading that reads as a visitor's question; "Plotselinge oorzaak?" does not.
_QUESTION = re.compile(r"(wat|welke|wanneer|waarom|waardoor|hoe|door wat|kan|mag|is|helpt)\b.*\?$", re.IGNORECASE)
_FEWEST_WORDS = 4


def questions_in_headings(articles: Iterable[Article]) -> list[str]:
    """Headings and titles that are questions: one of every article first, then the seconds."""
    turns = zip_longest(*(_questions(article) for article in articles))
    return list(dict.fromkeys(question for question in chain.from_iterable(turns) if question))


def _questions(article: Article) -> Iterator[str]:
    headings = (article.wording(block) for block in article.blocks if block.kind is BlockKind.HEADING)
    for heading in (*headings, article.title):
        if _QUESTION.match(heading) and len(heading.split()) >= _FEWEST_WORDS:
            yield heading
