"""What the assistant says: sentences with their citations, and always the disclaimer."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant import texts


class AnswerKind(StrEnum):
    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    OUT_OF_SCOPE = "out_of_scope"
    URGENT = "urgent"


class Engine(StrEnum):
    EXTRACTIVE = "extractive"
    LLM = "llm"


class Shape(StrEnum):
    """How a sentence stands in the reply."""

    TEXT = "text"
    LEAD_IN = "lead_in"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote: ``quote == Article.text[start:end]``.

    ``article`` is the title, ``section`` the heading path joined by " › " (empty in an article's opening), ``url``
    opens the quote, highlighted, on the article's page.
    """

    number: int
    passage_id: str
    article: str
    section: str
    quote: str
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer and the numbers of the citations it rests on.

    ``opens_paragraph``: it begins a new paragraph, for the text before it comes from elsewhere. A text sentence that
    does not, after a list item, goes on in that item.
    """

    text: str
    citations: tuple[int, ...]
    shape: Shape = Shape.TEXT
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds per step of one reply."""

    triage: float = 0.0
    retrieve: float = 0.0
    compose: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. ``notice`` is what is said instead of an answer.

    The disclaimer is no field: nobody can leave it out.
    """

    kind: AnswerKind
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str = ""
    engine: Engine = Engine.EXTRACTIVE
    timings: Timings = field(default_factory=Timings)

    @property
    def disclaimer(self) -> str:
        return texts.DISCLAIMER

    @property
    def text(self) -> str:
        """The whole reply as shown, disclaimer last."""
        return "\n\n".join(part for part in (self.notice, self.body, self.disclaimer) if part)

    @property
    def body(self) -> str:
        """The answer proper with its numbers: sentences in a line, list items each on their own."""
        body = ""
        previous: Sentence | None = None
        for sentence in self.sentences:
            body += _separator(previous, sentence) + _with_numbers(sentence)
            previous = sentence
        return body

    @property
    def words(self) -> int:
        return sum(len(sentence.text.split()) for sentence in self.sentences)


def _separator(previous: Sentence | None, sentence: Sentence) -> str:
    if previous is None:
        return ""
    if sentence.shape is Shape.ITEM and not sentence.opens_paragraph:
        return "\n"
    if sentence.opens_paragraph:
        return "\n\n"
    return " "


def _with_numbers(sentence: Sentence) -> str:
    bullet = "• " if sentence.shape is Shape.ITEM else ""
    return bullet + sentence.text + "".join(f" [{number}]" for number in sentence.citations)
