"""What may go into Gradio's queue: words for one of the page's own events; and how much of it Gradio may remember.

Gradio takes whatever it is sent: for an object that looks like a file of its own it copies a file of this machine, or
fetches one from another.
"""

import json
from collections.abc import Container
from typing import Annotated, Any

from gradio.queueing import Queue
from gradio.utils import LRUCache
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.web.chat.streams import Streams
from assistant.web.problems import ProblemResponse, RefusedError

_JOIN = "/gradio_api/queue/join"
_DATA = "/gradio_api/queue/data"
_MOST_INPUTS = 2


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Chosen(_Body):
    """A suggestion that was tapped. Gradio asks for its place, which may be anything; nobody looks at it."""

    index: Annotated[None, BeforeValidator(lambda _: None)] = None
    value: str


class Join(_Body):
    """What the chat page sends."""

    data: Annotated[list[str | None], Field(max_length=_MOST_INPUTS)]
    fn_index: int
    session_hash: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,64}$")]
    event_data: _Chosen | None = None
    trigger_id: int | None = None


class _LastHeard(LRUCache[str, Any]):
    """Gradio's own drops whoever came first, even amid an answer to them; this drops who was silent longest."""

    def __getitem__(self, session: str) -> Any:
        value = super().__getitem__(session)
        self.move_to_end(session)
        return value


def remember_at_most(queue: Queue, sessions: int) -> None:
    """Let Gradio's queue forget who was silent longest: it keeps a name for each that ever asked, messages for 2,000,
    and how long the last 10,000 questions took. There is no setting for it but that of the last, read at import."""
    queue.pending_messages_per_session = _LastHeard(sessions)
    queue.pending_event_ids_session = _LastHeard(sessions)
    queue.ANALYTICS_MAX_EVENTS = sessions


class QueueDoor:
    """Gives Gradio a body with the fields of ``body`` alone, for one of ``events``; anything else is a 422."""

    def __init__(
        self, app: ASGIApp, events: Container[int], body: type[Join] = Join, streams: Streams | None = None
    ) -> None:
        self.app = app
        self.events = events
        self.body = body
        self.streams = streams or Streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith(_JOIN):
            await self._join(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].endswith(_DATA):
            with self.streams.streaming(Request(scope).query_params.get("session_hash", "")):
                await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            join = self._read(await Request(scope, receive).body())
        except RefusedError as error:  # a body that is too large or too slow, too: Gradio would make that a 500
            refusal = ProblemResponse(error.status_code, error.detail, scope["path"], error.headers)
            await refusal(scope, receive, send)
            return

        async def send_settled(message: Message) -> None:
            await self.streams.settled(join.session_hash)
            await send(message)

        await self.app(scope, _first(json.dumps(join.model_dump()).encode(), receive), send_settled)

    def _read(self, body: bytes) -> Join:
        """Raises ``RefusedError``. Not pydantic's own JSON, which knows no half surrogate pairs; a browser does."""
        try:
            join = self.body.model_validate(json.loads(body))
        except (ValueError, RecursionError):
            raise RefusedError(422, texts.SOMETHING_WRONG) from None
        if join.fn_index not in self.events:
            raise RefusedError(422, texts.SOMETHING_WRONG)
        return join


def _first(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def receive_body_first() -> Message:
        return messages.pop() if messages else await receive()

    return receive_body_first
