"""What the assistant says: sentences with their citations, and always the disclaimer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from assistant import texts

_DIALLED = "+0123456789"


class AnswerKind(StrEnum):
    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    OUT_OF_SCOPE = "out_of_scope"
    URGENT = "urgent"


class Engine(StrEnum):
    EXTRACTIVE = "extractive"
    LLM = "llm"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a language model said and the visitor does not read. ``fault`` says why; ``missing`` are words that the
    passage does not have; ``is_quoted``: the passage's own words stand in its place."""

    text: str
    fault: str
    missing: tuple[str, ...] = ()
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How it went when a language model was asked to phrase the answer: for staff and for counting.

    ``outcome`` is "phrased", or why the answer is made of quotes after all.
    """

    outcome: str
    dropped: tuple[Dropped, ...] = ()


class Urgency(StrEnum):
    """How soon help is needed: within days, today, at once; a crisis has helplines of its own."""

    HUISARTS = "huisarts"
    SPOED = "spoed"
    CRISIS = "crisis"
    EMERGENCY = "112"

    @property
    def forbids_advice(self) -> bool:
        """From here on no passage, massage tip or medicine may follow."""
        return self is not Urgency.HUISARTS


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
    does not, after a list item, goes on in that item. ``attribution`` says whose claim it is and is shown before it:
    "De praktijk schrijft:".
    """

    text: str
    citations: tuple[int, ...]
    shape: Shape = Shape.TEXT
    opens_paragraph: bool = False
    attribution: str = ""

    @property
    def said(self) -> str:
        """The text, behind whose claim it is."""
        return f"{self.attribution} “{self.text}”" if self.attribution else self.text


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reviewer noted about sentences of the answer; ``source`` says what it rests on (may be empty)."""

    text: str
    source: str
    citations: tuple[int, ...]

    @property
    def said(self) -> str:
        """The text, with what it rests on."""
        return self.text + (texts.REMARK_SOURCE.format(source=self.source) if self.source else "")


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call with one tap."""

    label: str
    number: str

    @property
    def text(self) -> str:
        return self.label if self.number in self.label else f"{self.label} {self.number}"

    @property
    def url(self) -> str:
        dialled = self.number.replace("(0)", "") if self.number.startswith("+") else self.number
        return "tel:" + "".join(char for char in dialled if char in _DIALLED)


@dataclass(frozen=True, slots=True)
class Alarm:
    """The banner above a reply: fixed words written by people. ``flags`` are the ids of the rules that were met."""

    urgency: Urgency
    flags: tuple[str, ...]
    title: str
    paragraphs: tuple[str, ...]
    calls: tuple[Call, ...]

    @property
    def text(self) -> str:
        calls = "\n".join(call.text for call in self.calls)
        return "\n\n".join(part for part in (self.title, *self.paragraphs, calls) if part)


@dataclass(frozen=True, slots=True)
class LanguageNote:
    """A line in the visitor's own language; ``language`` is its code (ISO 639-1)."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds per step of one reply."""

    triage: float = 0.0
    retrieve: float = 0.0
    compose: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply.

    ``alarm`` stands above everything else, and alone from spoed up. ``notice`` is what is said instead of an answer,
    ``suggestions`` are questions that do get one.
    ``remarks`` go with what is quoted, ``safety_net`` is a line for who may need help after all, ``language_note`` one
    for who does not write Dutch. ``stand_alone_question`` is what was searched with, "" when nothing was.
    The disclaimer is no field: nobody can leave it out. ``ValueError`` for advice beside an urgent alarm.
    """

    kind: AnswerKind
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str = ""
    alarm: Alarm | None = None
    remarks: tuple[Remark, ...] = ()
    suggestions: tuple[str, ...] = ()
    safety_net: str = ""
    language_note: LanguageNote | None = None
    stand_alone_question: str = ""
    engine: Engine = Engine.EXTRACTIVE
    phrasing: Phrasing | None = None
    timings: Timings = field(default_factory=Timings)

    def __post_init__(self) -> None:
        said = (self.sentences, self.notice, self.remarks, self.suggestions, self.safety_net)
        if self.alarm is not None and self.alarm.urgency.forbids_advice and any(said):
            raise ValueError(f"nothing may follow an alarm at {self.alarm.urgency}")

    @property
    def disclaimer(self) -> str:
        return texts.DISCLAIMER

    @property
    def urgency(self) -> Urgency | None:
        return self.alarm.urgency if self.alarm else None

    @property
    def flags(self) -> tuple[str, ...]:
        return self.alarm.flags if self.alarm else ()

    @property
    def text(self) -> str:
        """The whole reply as shown: alarm first, disclaimer last."""
        alarm = self.alarm.text if self.alarm else ""
        language_note = self.language_note.text if self.language_note else ""
        parts = (
            alarm,
            language_note,
            self.notice,
            self.body,
            *self.remark_lines,
            self.suggestion_list,
            self.safety_net,
        )
        return "\n\n".join(part for part in (*parts, self.disclaimer) if part)

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
    def remark_lines(self) -> tuple[str, ...]:
        return tuple(_remark_line(remark) for remark in self.remarks)

    @property
    def words(self) -> int:
        return sum(len(sentence.text.split()) for sentence in self.sentences)

    @property
    def suggestion_list(self) -> str:
        """ "" when there are none."""
        return "\n• ".join((texts.SUGGESTIONS, *self.suggestions)) if self.suggestions else ""


@dataclass(frozen=True, slots=True)
class Triaged:
    """The first part of a reply: what was decided about alarms, before anything is looked up."""

    alarm: Alarm | None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that stands, with those of its citations that no sentence before it had."""

    sentence: Sentence
    citations: tuple[Citation, ...]


# A reply as it comes: ``Triaged`` first, then what is said, and last the whole ``Answer``.
Part = Triaged | Said | Answer


def parts_of(answer: Answer) -> Iterator[Said | Answer]:
    """An answer that is whole already, as the parts it would have come in."""
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        yield Said(sentence, tuple(by_number.pop(number) for number in sentence.citations if number in by_number))
    yield answer


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
    return bullet + sentence.said + _numbers(sentence.citations)


def _remark_line(remark: Remark) -> str:
    """ "Let op bij [1]: …"; without a number where it goes for the whole answer."""
    about = texts.REMARK_ABOUT.format(numbers=_numbers(remark.citations)) if remark.citations else texts.REMARK
    return f"{about} {remark.said}"


def _numbers(citations: tuple[int, ...]) -> str:
    return "".join(f" [{number}]" for number in citations)
