"""Stopping: nobody new is let in, every answer that is being made is finished, and pages that are only open let go."""

import asyncio
import faulthandler
import signal
import socket
import sys
from threading import Event, Timer
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.server import HANDLED_SIGNALS

from assistant import texts
from assistant.web.headers import SecurityHeaders
from assistant.web.problems import ProblemResponse

READY = "/ready"
# An open chat page listens here for ever.
HEARTBEAT = "/gradio_api/heartbeat/"

_RETRY = {"Retry-After": "10"}
# For what hangs so that even giving up on it does not work.
_SECONDS_TO_GIVE_UP = 10


class Closing:
    """Whether the process is on its way out. ``begun`` is for threads.

    ``announced`` comes before: it still answers whoever asks, but says on /ready that others had better be asked.
    """

    def __init__(self) -> None:
        self.announced = Event()
        self.begun = Event()
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """In the event loop."""
        self.announced.set()
        self.begun.set()
        self._begun.set()

    async def wait(self) -> None:
        await self._begun.wait()


class PoliteServer(uvicorn.Server):
    """The first signal lets answers finish, a second one ends the process as if nobody listened to signals.

    Uvicorn's own would raise the signal again when it is done; a process that did what it was asked exits with 0.
    ``drain_seconds``: how long it goes on taking requests, so that a proxy can find out on /ready and ask others.
    """

    def __init__(self, config: uvicorn.Config, closing: Closing, drain_seconds: float = 0.0) -> None:
        super().__init__(config)
        self.closing = closing
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.closing.announced.set()
        if self._drain_seconds:
            leaving = Timer(self._drain_seconds, self._leave)
            leaving.daemon = True
            leaving.start()
        else:
            self._leave()
        for each in HANDLED_SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        limit = self._drain_seconds + (self.config.timeout_graceful_shutdown or 0) + _SECONDS_TO_GIVE_UP
        faulthandler.dump_traceback_later(limit, exit=True, file=sys.__stderr__ or sys.stderr)

    def _leave(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing.begin()
        await super().shutdown(sockets)


class LetFinish:
    """Ends the streams of pages that are only open, once everything else is answered.

    Not before: a chat page's answer comes through another request, and Gradio drops it when the page seems to be gone.
    """

    def __init__(self, app: ASGIApp, closing: Closing) -> None:
        self.app = app
        self.closing = closing
        self._answering = 0
        self._is_quiet = asyncio.Event()
        self._is_quiet.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == READY and self.closing.announced.is_set():
            refusal = ProblemResponse(503, texts.STOPPING, scope["path"], _RETRY)
            await SecurityHeaders(refusal)(scope, receive, send)
        elif scope["path"].startswith(HEARTBEAT):
            await self._while_open(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._answering += 1
        self._is_quiet.clear()
        try:
            await self.app(scope, receive, send)
        finally:
            self._answering -= 1
            if not self._answering:
                self._is_quiet.set()

    async def _while_open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To the app, the process's end looks like a visitor who leaves; the visitor gets a proper end."""
        is_unfinished = False

        async def watch(message: Message) -> None:
            nonlocal is_unfinished
            is_unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        async def receive_until_closed() -> Message:
            receiving, leaving = asyncio.ensure_future(receive()), asyncio.ensure_future(self._may_go())
            try:
                await asyncio.wait({receiving, leaving}, return_when=asyncio.FIRST_COMPLETED)
                return receiving.result() if receiving.done() else {"type": "http.disconnect"}
            finally:
                receiving.cancel()
                leaving.cancel()

        await self.app(scope, receive_until_closed, watch)
        if is_unfinished:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _may_go(self) -> None:
        await self.closing.wait()
        await self._is_quiet.wait()
