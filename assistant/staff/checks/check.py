"""A test question: what is asked, and what must come of it whatever changes."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.answer import Answer, AnswerKind, Urgency
from assistant.question import legible
from assistant.staff import texts
from ingest.decode import NOT_TEXT
from ingest.index import Index
from ingest.wording import on_one_line, slug_of

MOST_CHARS = 2_000
ID_PATTERN = r"[a-z0-9][a-z0-9-]{0,79}"

_MOST_EARLIER = 20
_MOST_WORDS = 20
_MOST_CHARS_OF_ID = 48


def tidy(text: str) -> str:
    """As it is kept and compared: one line, nothing invisible, nothing that a file of text cannot hold."""
    return on_one_line(legible(NOT_TEXT.sub(" ", text)))


_Line = Annotated[str, AfterValidator(tidy), Field(min_length=1, max_length=MOST_CHARS)]
_Id = Annotated[str, Field(pattern=f"^({ID_PATTERN})?$")]
_Slug = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,199})?$")]


class Origin(StrEnum):
    """Where a test question came from."""

    HAND = "hand"
    CONSOLE = "console"
    GAP = "gap"
    CSV = "csv"


class Expectation(BaseModel):
    """What must come of a question.

    ``article`` is the slug of the article that an answer must cite, ``words`` must stand in its quotes. ``urgency`` is
    the least that the alarm must say; an urgent reply without it needs an alarm of any level.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: AnswerKind
    article: _Slug = ""
    words: Annotated[tuple[_Line, ...], Field(max_length=_MOST_WORDS)] = ()
    urgency: Urgency | None = None

    @classmethod
    def of(cls, answer: Answer, index: Index) -> "Expectation":
        """That it stays as it is: its kind, the article it cites first, the level of its alarm."""
        passages = {passage.id: passage.slug for passage in index.passages}
        cited = [passages[each.passage_id] for each in answer.citations if each.passage_id in passages]
        if answer.kind is not AnswerKind.ANSWERED:
            return cls(kind=answer.kind, urgency=answer.urgency)
        return cls(kind=answer.kind, article=cited[0] if cited else "", urgency=answer.urgency)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Keys that do not go together with the kind, each with what is wrong with it."""
        if self.kind is AnswerKind.ANSWERED and not self.article:
            yield "article", texts.CHECK_NEEDS_ARTICLE
        if self.kind is not AnswerKind.ANSWERED and self.article:
            yield "article", texts.CHECK_ARTICLE_NOT_HERE
        if self.kind is not AnswerKind.ANSWERED and self.words:
            yield "words", texts.CHECK_WORDS_NOT_HERE
        if self.kind not in (AnswerKind.ANSWERED, AnswerKind.URGENT) and self.urgency:
            yield "urgency", texts.CHECK_URGENCY_NOT_HERE


class Check(Expectation):
    """One entry of the file. ``earlier`` are the visitor's messages before this one; "" as ``id`` is none yet."""

    id: _Id = ""
    question: _Line
    earlier: Annotated[tuple[_Line, ...], Field(max_length=_MOST_EARLIER)] = ()
    added: date | None = None
    origin: Origin = Origin.HAND

    @property
    def expectation(self) -> Expectation:
        return Expectation(kind=self.kind, article=self.article, words=self.words, urgency=self.urgency)

    @property
    def asks(self) -> tuple[str, ...]:
        """All that the visitor says; two checks that ask the same are about the same."""
        return (*self.earlier, self.question)

    @property
    def said(self) -> str:
        """All that the visitor says, on one line."""
        return " → ".join(self.asks)


def with_ids(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Each with an id; those without get one made of their question that no other has."""
    taken = {check.id for check in checks if check.id}
    named: list[Check] = []
    for check in checks:
        given = check if check.id else check.model_copy(update={"id": free_id(check.question, taken)})
        taken.add(given.id)
        named.append(given)
    return tuple(named)


def free_id(question: str, taken: set[str]) -> str:
    """ "Helpt warmte?" → "helpt-warmte", or "helpt-warmte-2" when that is taken."""
    slug = slug_of(question)
    whole_words = slug if len(slug) <= _MOST_CHARS_OF_ID else slug[: _MOST_CHARS_OF_ID + 1].rpartition("-")[0]
    stem = whole_words or slug[:_MOST_CHARS_OF_ID] or "vraag"
    number = 1
    name = stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name
