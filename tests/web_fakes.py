"""An assistant that needs no model, and an article with everything in it that a page must be able to show."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from assistant import texts
from assistant.answer import Answer, AnswerKind, Citation, Part, Sentence, Timings, Triaged, parts_of
from assistant.links import citation_url
from assistant.question import clean_question
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Reception
from assistant.web.replies import Answering
from assistant.web.site import build_site
from ingest.article import Article
from ingest.markdown import parse_article

MARKDOWN = """---
title: "Nek & <rug>"
slug: nek-en-rug
tag: Rugpijn
url: https://praktijk.example/nek
published: 2026-03-01
reviewed: 2026-04-12
reviewer: onze fysiotherapeut
---

Warmte helpt vaak. Rust <b>helpt</b> minder & minder.

## Wat kunt u zelf doen?

Dit helpt:

- Blijf bewegen.
- Wissel af:
  - zitten;
  - staan.
- Slaap goed.

1. Ga liggen.
2. Sta op.

*Een plaatje van een rug*

### Tot slot

Bel ons gerust.
"""

ARTICLE: Article = parse_article(MARKDOWN, Path("nek.md"))
QUOTE = "Warmte helpt vaak."
CITATION = Citation(
    number=1,
    passage_id="abc123",
    article=ARTICLE.title,
    section="",
    quote=QUOTE,
    start=0,
    end=len(QUOTE),
    url=citation_url(ARTICLE.slug, 0, len(QUOTE), QUOTE),
)
ANSWER = Answer(
    AnswerKind.ANSWERED,
    sentences=(Sentence(QUOTE, (1,)),),
    citations=(CITATION,),
    timings=Timings(triage=0.5, retrieve=20.0, compose=1.5, total=22.0),
)


@dataclass
class FakeLibrary:
    articles: dict[str, Article] = field(default_factory=lambda: {ARTICLE.slug: ARTICLE})


@dataclass
class FakeAssistant:
    """Answers everything with ``answer``; ``before`` runs in the reply's thread and may sleep or raise."""

    answer: Answer = ANSWER
    before: Callable[[str], None] = lambda question: None
    collection: FakeLibrary = field(default_factory=FakeLibrary)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        cleaned = clean_question(question, 1_000)
        self.before(cleaned)
        self.asked.append((cleaned, tuple(history)))
        yield Triaged(self.answer.alarm)
        yield from parts_of(self.answer)

    def examples(self, count: int) -> tuple[str, ...]:
        return (texts.API_EXAMPLE,)[:count]


def reception(assistant: Answering | None = None, rate: int | None = None, **changes: Any) -> Reception:
    """``rate``: questions of one visitor in a minute."""
    return Reception(assistant or FakeAssistant(), settings(**changes), QuestionLimits(visitor=rate))


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


def site_client(assistant: FakeAssistant | None = None, rate: int | None = None, **changes: Any) -> TestClient:
    return TestClient(build_site(reception(assistant, rate, **changes)), raise_server_exceptions=False)


class _Words(HTMLParser):
    """Collects text and what is marked in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.marked: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "mark":
            self._inside = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.marked[-1] += data


def words_of(html: str) -> _Words:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return parser
