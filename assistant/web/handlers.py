"""From exception to answer: what went wrong becomes a problem, or a page when a browser asks for one."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.errors import QuestionError
from assistant.web.logs import where
from assistant.web.pages import notice_page, wants_page
from assistant.web.problems import Problem, ProblemResponse, RefusedError, not_understood
from assistant.web.turned_away import TurnedAwayError

_log = logging.getLogger(__name__)

_DETAILS = {
    400: not_understood(texts.NOT_JSON),
    404: texts.PAGE_NOT_FOUND,
    405: texts.METHOD_NOT_ALLOWED,
}

_COMPLAINTS = {
    "missing": texts.FIELD_MISSING,
    "string_type": texts.FIELD_NOT_TEXT,
    "string_unicode": texts.FIELD_NOT_READABLE,
    "list_type": texts.FIELD_NOT_LIST,
    "literal_error": texts.FIELD_NOT_ROLE,
    "model_type": texts.FIELD_NOT_OBJECT,
    "model_attributes_type": texts.FIELD_NOT_OBJECT,
}


def install(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(QuestionError, _on_bad_question)
    app.add_exception_handler(TurnedAwayError, _on_turned_away)


def problem_of(error: Exception, path: str) -> Problem:
    """For where a status can no longer be sent. What nobody expected is logged, as by ``LastResort``."""
    if isinstance(error, TurnedAwayError):
        return Problem.of(error.status, str(error), path)
    if isinstance(error, QuestionError):
        return Problem.of(422, str(error), path)
    log_without_words(error)
    return Problem.of(500, texts.SOMETHING_WRONG, path)


class LastResort:
    """Whatever nobody expected: logged without a word of the visitor, answered in Dutch.

    Starlette's own last resort raises the error again after its answer, and the server then logs its message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            log_without_words(error)
            if scope["type"] == "http" and not started:
                await _answer(Request(scope), 500, texts.SOMETHING_WRONG)(scope, receive, send)


def log_without_words(error: BaseException) -> None:
    """Where and what kind, but not the message: it may quote the question."""
    _log.error("%s", where(error))


def _answer(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    if wants_page(request):
        return notice_page(request, status, detail, headers)
    return ProblemResponse(status, detail, request.url.path, headers)


async def _on_refusal(request: Request, error: Any) -> Response:
    ours = isinstance(error, RefusedError)
    detail = error.detail if ours else _DETAILS.get(error.status_code, texts.SOMETHING_WRONG)
    return _answer(request, error.status_code, detail, error.headers)


async def _on_invalid(request: Request, error: Any) -> Response:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _answer(request, 400, not_understood(texts.NOT_JSON))
    return _answer(request, 422, not_understood(_complaint(first["type"], first["loc"])))


def _complaint(kind: str, location: tuple[str | int, ...]) -> str:
    """Names the field, never what was in it."""
    field = ".".join(str(step) for step in location[1:])
    if not field:
        return texts.BODY_MISSING if kind == "missing" else texts.BODY_NOT_OBJECT
    return _COMPLAINTS.get(kind, texts.FIELD_WRONG).format(field=field)


async def _on_bad_question(request: Request, error: Exception) -> Response:
    return _answer(request, 422, str(error))


async def _on_turned_away(request: Request, error: Any) -> Response:
    return _answer(request, error.status, str(error), {"Retry-After": str(error.seconds)})
