"""``POST /api/ask``, ``/api/ask/stream`` and ``/api/feedback``; ``GET /health``, ``/ready`` and ``/metrics``."""

import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from assistant import texts
from assistant.web.bodies import AskRequest, AskResponse, FeedbackRequest
from assistant.web.events import EventStream, documented_events
from assistant.web.problems import RefusedError, documented, not_understood
from assistant.web.reception import Channel, Reception, Visit

ASK_PATH = "/api/ask"
STREAM_PATH = "/api/ask/stream"
FEEDBACK_PATH = "/api/feedback"
REPLY_ID = "Reply-Id"
HEALTH = {"status": "ok"}


class JsonRoute(APIRoute):
    """Refuses a body that is not JSON in UTF-8 before anyone tries to make sense of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            if request.method == "POST":
                await _require_json(request)
            return await handle(request)

        return handle_json


def api_router(reception: Reception) -> APIRouter:
    router = APIRouter(route_class=JsonRoute, tags=["API"])
    settings = reception.settings

    def check_length(body: AskRequest) -> None:
        if len(body.history) > settings.max_history_turns:
            raise RefusedError(422, texts.HISTORY_TOO_LONG)

    @router.post(ASK_PATH, summary=texts.API_ASK, responses=documented(400, 408, 413, 415, 422, 429, 500, 503))
    async def ask(body: AskRequest, request: Request, response: Response) -> AskResponse:
        check_length(body)
        visit = _visit(Channel.ASK, body, request)
        response.headers[REPLY_ID] = visit.reply_id
        return AskResponse.of(await reception.reply(visit, body.question, body.turns))

    @router.post(
        STREAM_PATH,
        summary=texts.API_STREAM,
        description=texts.API_STREAM_EVENTS,
        response_class=StreamingResponse,  # of no kind of its own, which would be documented beside that of the events
        responses=documented_events() | documented(400, 408, 413, 415, 422, 429, 500, 503),
    )
    async def stream(body: AskRequest, request: Request) -> Response:
        check_length(body)
        visit = _visit(Channel.STREAM, body, request)
        parts = reception.stream(visit, body.question, body.turns)
        first = await anext(parts)  # what is refused, is refused with a status
        events = EventStream(first, parts, request.url.path)
        events.headers[REPLY_ID] = visit.reply_id
        return events

    @router.post(
        FEEDBACK_PATH,
        summary=texts.API_FEEDBACK,
        status_code=204,
        responses=documented(400, 408, 413, 415, 422, 429, 500),
    )
    async def rate(body: FeedbackRequest, request: Request) -> None:
        reception.rate(Visit(Channel.STREAM, client_address(request)), body.feedback)

    @router.head("/health", include_in_schema=False)
    @router.get("/health", summary=texts.API_HEALTH)
    async def health() -> dict[str, str]:
        return HEALTH

    # Who has an assistant has an index, and loading that takes an embedding: before, the lobby answers. What was loaded
    # may still be out of reach, or behind.
    @router.head("/ready", include_in_schema=False)
    @router.get("/ready", summary=texts.API_READY, responses=documented(503))
    async def ready() -> dict[str, str]:
        return _unless(reception.readiness())

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        token = settings.metrics_token.get_secret_value()
        shown = request.headers.get("authorization", "").encode()
        if not token or not secrets.compare_digest(shown, f"Bearer {token}".encode()):
            raise RefusedError(404, texts.PAGE_NOT_FOUND)
        content, media_type = reception.metrics.exposition()
        return Response(content, headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    return router


def _unless(refusal: str) -> dict[str, str]:
    if refusal:
        raise RefusedError(503, refusal, {"Retry-After": "5"})
    return HEALTH


def _visit(channel: Channel, body: AskRequest, request: Request) -> Visit:
    return Visit(channel, client_address(request), body.visitor)


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
