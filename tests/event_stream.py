"""Reading /api/ask/stream: whole, or as a visitor who leaves in the middle of it."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message

STREAM = "/api/ask/stream"


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]


def events_of(body: str) -> list[Event]:
    """All events of a stream that came to its end."""
    blocks = body.split("\n\n")
    assert blocks.pop() == "", "cut off"
    return [_event(block) for block in blocks]


def _event(block: str) -> Event:
    first, second = block.split("\n")
    assert first.startswith("event: ") and second.startswith("data: ")
    return Event(first.removeprefix("event: "), json.loads(second.removeprefix("data: ")))


@dataclass
class Leaver:
    """Reads the stream of ``app`` up to ``events`` events and is gone; or, if it ``stalls``, stops reading before that.

    Who leaves after no events is gone before the first one is there.
    """

    app: ASGIApp
    events: int
    stalls: bool = False
    got: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._is_gone = asyncio.Event()

    async def ask(self, question: str = "Wat helpt?") -> None:
        """Until the app is done with the request."""
        if not self.events:
            self._is_gone.set()
        self._asked = [{"type": "http.request", "body": json.dumps({"question": question}).encode()}]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "POST",
            "scheme": "http",
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
            "client": ("192.0.2.1", 5000),
            "server": ("testserver", 80),
        }
        await asyncio.wait_for(self.app(scope, self._receive, self._send), timeout=10)

    async def _receive(self) -> Message:
        if self._asked:
            return self._asked.pop()
        await self._is_gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.got.append(message)
        if sum(bool(each.get("body")) for each in self.got) < self.events:
            return
        if self.stalls and not self._is_gone.is_set():
            asyncio.get_running_loop().call_later(0.2, self._is_gone.set)
            await asyncio.Event().wait()
        self._is_gone.set()
