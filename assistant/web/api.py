"""``POST /api/ask``, ``GET /health`` and ``GET /ready``."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from assistant import texts
from assistant.answer import Answer, AnswerKind, Engine, Urgency
from assistant.reply import Role, Turn
from assistant.settings import Settings
from assistant.web.limits import RateLimit
from assistant.web.problems import RefusedError, documented, not_understood
from assistant.web.replies import ReplyPool

ASK_PATH = "/api/ask"
HEALTH = {"status": "ok"}


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
    question: str = Field(examples=[texts.API_EXAMPLE])
    history: list[PastTurn] = []

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
    """``attribution`` comes before the text, and says whose claim it is; mostly empty."""

    text: str
    citations: list[int]
    attribution: str


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
    """``text`` is the whole reply as shown, alarm and disclaimer included; ``sentences`` the answer proper.

    ``urgency`` is how soon help is needed: "huisarts" within days, "spoed" today, "112" at once, "crisis" through a
    helpline; ``flags`` are the ids of the alarm signals. ``suggestions`` are questions that do get an answer.
    ``stand_alone_question`` is what was searched with, earlier messages included where the question leans on them.
    """

    kind: AnswerKind
    text: str
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


class JsonRoute(APIRoute):
    """Refuses a body that is not JSON in UTF-8 before anyone tries to make sense of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            if request.method == "POST":
                await _require_json(request)
            return await handle(request)

        return handle_json


def api_router(replies: ReplyPool, rate_limit: RateLimit, settings: Settings) -> APIRouter:
    router = APIRouter(route_class=JsonRoute, tags=["API"])

    @router.post(ASK_PATH, summary=texts.API_ASK, responses=documented(400, 413, 415, 422, 429, 500, 503))
    async def ask(body: AskRequest, request: Request) -> AskResponse:
        rate_limit.check(client_address(request))
        if len(body.history) > settings.max_history_turns:
            raise RefusedError(422, texts.HISTORY_TOO_LONG)
        return AskResponse.of(await replies.reply(body.question, body.turns))

    @router.get("/health", summary=texts.API_HEALTH)
    @router.head("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return HEALTH

    # Who has an assistant has an index, and loading that takes an embedding: before, the lobby answers.
    @router.get("/ready", summary=texts.API_READY, responses=documented(503))
    @router.head("/ready", include_in_schema=False)
    async def ready() -> dict[str, str]:
        return HEALTH

    return router


def client_address(request: Request) -> str:
    """Empty behind a Unix socket: then everyone shares one limit."""
    return request.client.host if request.client else ""


async def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise RefusedError(415, not_understood(texts.CONTENT_TYPE_NOT_JSON))
    try:
        (await request.body()).decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(400, not_understood(texts.NOT_UTF8)) from None
