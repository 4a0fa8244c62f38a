"""The bodies of the HTTP API, as OpenAPI describes them. An answer only grows, for tools outside depend on it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from assistant import texts
from assistant.answer import Answer, AnswerKind, Engine, Said, Shape, Triaged, Urgency
from assistant.reply import Role, Turn
from assistant.web.reception import Feedback, Reason

_MOST_CITATIONS = 50
MOST_COMMENT_CHARS = 500


def _encodable(text: str) -> str:
    """JSON can say half a surrogate pair, which nothing after this can store or embed."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError("string_unicode", "half a surrogate pair")
    return text


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class PastTurn(_Body):
    role: Literal["user", "assistant"]
    content: Annotated[str, AfterValidator(_encodable)]


class AskRequest(_Body):
    """Of ``history`` only the visitor's own messages are used; what it says the assistant said is not believed.

    ``visitor`` is a random name by which a page can be told from others at the same address, for the limits alone.
    """

    question: str = Field(examples=[texts.API_EXAMPLE], json_schema_extra={"minLength": 1})
    history: list[PastTurn] = []
    visitor: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = ""

    @property
    def turns(self) -> list[Turn]:
        return [Turn(Role(turn.role), turn.content) for turn in self.history]


class CallBody(BaseModel):
    """``url`` is for a link that calls the number: ``tel:…``."""

    label: str
    number: str
    url: str


class AlarmBody(BaseModel):
    """To be shown above everything else, and read out at once."""

    title: str
    paragraphs: list[str]
    calls: list[CallBody]


class SentenceBody(BaseModel):
    """``attribution`` comes before the text, and says whose claim it is; mostly empty.

    ``shape`` is how it stands: in running text, leading in a list, or an item of one. Text that does not open a
    paragraph goes on in the paragraph or item before it.
    """

    text: str
    citations: list[int]
    attribution: str
    shape: Shape
    opens_paragraph: bool


class RemarkBody(BaseModel):
    """What a reviewer noted about the quotes with these numbers, or about the whole answer where there are none."""

    text: str
    source: str
    citations: list[int]


class CitationBody(BaseModel):
    """``quote`` is what the article says from character ``start`` up to ``end``; ``url`` shows it there, marked."""

    number: int
    passage_id: str
    article: str
    section: str
    quote: str
    start: int
    end: int
    url: str


class LanguageNoteBody(BaseModel):
    """A line in the visitor's own language, with its code (ISO 639-1), to be shown above the answer."""

    language: str
    text: str


class TimingsBody(BaseModel):
    triage: float
    retrieve: float
    compose: float
    total: float


class AskResponse(BaseModel):
    """``text`` is the whole reply as shown, alarm and disclaimer included; ``sentences`` the answer proper, ``notice``
    what is said instead of one.

    ``urgency`` is how soon help is needed: "huisarts" within days, "spoed" today, "112" at once, "crisis" through a
    helpline; ``flags`` are the ids of the alarm signals. ``suggestions`` are questions that do get an answer.
    ``stand_alone_question`` is what was searched with, earlier messages included where the question leans on them.
    """

    kind: AnswerKind
    text: str
    notice: str
    sentences: list[SentenceBody]
    citations: list[CitationBody]
    urgency: Urgency | None
    flags: list[str]
    alarm: AlarmBody | None
    remarks: list[RemarkBody]
    suggestions: list[str]
    safety_net: str
    language_note: LanguageNoteBody | None
    stand_alone_question: str
    disclaimer: str
    engine: Engine
    timings_ms: TimingsBody = Field(validation_alias="timings")

    @classmethod
    def of(cls, answer: Answer) -> "AskResponse":
        return cls.model_validate(answer, from_attributes=True)


class TriageEvent(BaseModel):
    """The first event of a stream. From "spoed" up nothing follows but the disclaimer."""

    urgency: Urgency | None
    flags: list[str]
    alarm: AlarmBody | None

    @classmethod
    def of(cls, part: Triaged) -> "TriageEvent":
        found = part.alarm
        alarm = AlarmBody.model_validate(found, from_attributes=True) if found else None
        return cls(urgency=found.urgency if found else None, flags=list(found.flags) if found else [], alarm=alarm)


class SentenceEvent(BaseModel):
    """A sentence, and those of its citations that no sentence before it had."""

    sentence: SentenceBody
    citations: list[CitationBody]

    @classmethod
    def of(cls, part: Said) -> "SentenceEvent":
        return cls.model_validate(part, from_attributes=True)


class FeedbackRequest(_Body):
    """What a visitor thought of a reply. Nothing of what was asked or answered goes with it but which passages.

    ``reply_id`` is what the header ``Reply-Id`` of the reply said; ``comment`` is in the visitor's own words.
    """

    helpful: bool
    reason: Annotated[Reason, Field(strict=False)] = Reason.NONE
    kind: Annotated[AnswerKind, Field(strict=False)]
    urgency: Annotated[Urgency | None, Field(strict=False)] = None
    passage_ids: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")]], Field(max_length=_MOST_CITATIONS)
    ] = []
    reply_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = ""
    comment: Annotated[str, AfterValidator(_encodable), Field(max_length=MOST_COMMENT_CHARS)] = ""

    @property
    def feedback(self) -> Feedback:
        said = (self.helpful, self.reason, self.kind, self.urgency, tuple(self.passage_ids))
        return Feedback(*said, self.reply_id, self.comment.strip())
