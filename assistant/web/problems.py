"""Errors as a program and a visitor can both read them: problem JSON (RFC 9457), in Dutch, with the disclaimer."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant import texts

MEDIA_TYPE = "application/problem+json"
_TRY_AGAIN = {429, 503}


class Problem(BaseModel):
    """``detail`` is Dutch and can be shown to the visitor; ``instance`` is the path that was asked for."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    disclaimer: str = texts.DISCLAIMER

    @classmethod
    def of(cls, status: int, detail: str, path: str) -> "Problem":
        return cls(title=title_of(status), status=status, detail=detail, instance=quote(path, errors="replace"))


class RefusedError(HTTPException):
    """A request that is refused. Unlike Starlette's own errors, its ``detail`` is written for the visitor."""


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE

    def __init__(self, status: int, detail: str, path: str, headers: Mapping[str, str] | None = None) -> None:
        problem = Problem.of(status, detail, path)
        super().__init__(problem.model_dump(), status, {"Cache-Control": "no-store", **(headers or {})})


def title_of(status: int) -> str:
    return texts.PROBLEM_TITLES.get(status, texts.PROBLEM_TITLE)


def not_understood(problem: str) -> str:
    return texts.REQUEST_NOT_UNDERSTOOD.format(problem=problem)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says about these statuses."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    retry = {"Retry-After": {"description": texts.API_RETRY_AFTER, "schema": {"type": "integer"}, "required": True}}
    return {
        status: {
            "description": f"{title_of(status)}. {texts.API_REFUSED}",
            "content": content,
            **({"headers": retry} if status in _TRY_AGAIN else {}),
        }
        for status in statuses
    }
