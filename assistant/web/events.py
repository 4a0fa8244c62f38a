"""A reply as server-sent events, and what OpenAPI says of them."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel
from starlette.responses import StreamingResponse

from assistant.answer import Answer, Part, Said, Triaged
from assistant.web.bodies import AskResponse, SentenceEvent, TriageEvent
from assistant.web.handlers import problem_of
from assistant.web.problems import Problem

_MEDIA_TYPE = "text/event-stream"
# What the events hold, by name; in the order in which they come, "error" in the place of "done".
_BODIES: dict[str, type[BaseModel]] = {
    "triage": TriageEvent,
    "sentence": SentenceEvent,
    "done": AskResponse,
    "error": Problem,
}
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold the events together


class EventStream(StreamingResponse):
    """Not FastAPI's own, which sends its status before the first event is there."""

    media_type = _MEDIA_TYPE

    def __init__(self, first: Part, rest: AsyncGenerator[Part], path: str) -> None:
        super().__init__(_events(first, rest, path), headers=_HEADERS)


def documented_events() -> dict[int | str, dict[str, Any]]:
    """As FastAPI documents its own streams. The parts of the bodies are described with ``AskResponse``."""
    events = [_described(name, body) for name, body in _BODIES.items()]
    return {200: {"content": {_MEDIA_TYPE: {"itemSchema": {"oneOf": events}}}}}


def _described(name: str, body: type[BaseModel]) -> dict[str, Any]:
    schema = body.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    return {"type": "object", "required": ["event", "data"], "properties": {"event": {"const": name}, "data": data}}


async def _events(first: Part, rest: AsyncGenerator[Part], path: str) -> AsyncIterator[bytes]:
    """What goes wrong after the first event is an event as well: the status has been sent."""
    async with aclosing(rest):
        yield _event(first)
        try:
            async for part in rest:
                yield _event(part)
        except Exception as error:  # whatever it is, the page must hear that nothing more comes
            yield _named("error", problem_of(error, path))


def _event(part: Part) -> bytes:
    match part:
        case Triaged():
            return _named("triage", TriageEvent.of(part))
        case Said():
            return _named("sentence", SentenceEvent.of(part))
        case Answer():
            return _named("done", AskResponse.of(part))


def _named(name: str, data: BaseModel) -> bytes:
    """In ASCII, for what else may end a line differs from reader to reader; FastAPI's own breaks data at U+2028."""
    return f"event: {name}\ndata: {json.dumps(data.model_dump(mode='json'))}\n\n".encode("ascii")
