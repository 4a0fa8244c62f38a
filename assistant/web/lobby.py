"""Visitors are received from the first moment, while the heavy parts are still being loaded.

Importing torch, sentence-transformers and gradio takes 10 to 15 seconds. Imports nothing of that.
"""

import asyncio
import concurrent.futures
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from threading import Thread
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.web.assets import STATIC
from assistant.web.headers import SecurityHeaders, inline_policy
from assistant.web.pages import render, wants_page
from assistant.web.problems import ProblemResponse
from assistant.web.shutdown import READY, Closing

_QUESTIONS = frozenset({"/api/ask", "/api/ask/stream"})
_RETRY = {"Retry-After": "2"}

_T = TypeVar("_T")


class Lobby:
    """An ASGI app that becomes the app that ``load`` returns.

    Until then it answers itself, and holds a question for at most ``hold_seconds``, and not while ``closing``. When
    ``load`` fails, or the app's own start-up, ``on_failure`` hears why and every request is answered with 503.
    ``render`` makes the page for who waits.
    """

    def __init__(
        self,
        load: Callable[[], ASGIApp],
        on_failure: Callable[[Exception], None],
        hold_seconds: float = 60.0,
        closing: Closing | None = None,
        render: Callable[..., str] = render,
    ) -> None:
        self._load = load
        self._on_failure = on_failure
        self._hold_seconds = hold_seconds
        self._closing = closing or Closing()
        self._render = render
        self._app: ASGIApp | None = None
        self._lifespan: _Lifespan | None = None
        self._has_failed = False
        self._settled = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._app is None and scope["type"] == "http" and _is_question(scope):
            await self._hold(scope, receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013, "reason": texts.NOT_READY})
        else:
            await SecurityHeaders(self._answer(Request(scope)))(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        opening = asyncio.create_task(self._open(scope))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        opening.cancel()
        if self._lifespan is not None:
            await self._lifespan.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self, scope: Scope) -> None:
        try:
            app = await _in_daemon_thread(self._load)
            lifespan = _Lifespan(app, scope)
            await lifespan.start()
        except Exception as error:  # whatever the libraries raise, visitors must hear that it failed
            self._has_failed = True
            self._on_failure(error)
        else:
            self._app, self._lifespan = app, lifespan
        finally:
            self._settled.set()

    async def _hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The body is not touched: the app that answers reads it."""
        events = {asyncio.ensure_future(self._settled.wait()), asyncio.ensure_future(self._closing.wait())}
        try:
            await asyncio.wait(events, timeout=self._hold_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()
        app = self._app or SecurityHeaders(self._refusal(scope["path"]))
        await app(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.url.path
        if path == "/health":
            return JSONResponse({"status": "ok"})
        if path == READY or not wants_page(request):
            return self._refusal(path)
        return _waiting_page(request, self._render, has_failed=self._has_failed)

    def _refusal(self, path: str) -> Response:
        return ProblemResponse(503, texts.START_FAILED if self._has_failed else texts.NOT_READY, path, _RETRY)


class _Lifespan:
    """Starts and stops an ASGI app, as a server would."""

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._running = asyncio.ensure_future(app(scope, self._to_app.get, self._from_app.put))

    async def start(self) -> None:
        await self._tell("lifespan.startup")

    async def stop(self) -> None:
        await self._tell("lifespan.shutdown")

    async def _tell(self, event: str) -> None:
        """Raises what the app raises, or a ``RuntimeError`` with what it complains of."""
        self._to_app.put_nowait({"type": event})
        answering = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait({answering, self._running}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            answering.cancel()
            self._running.result()
        elif answering.result()["type"].endswith(".failed"):
            raise RuntimeError(answering.result().get("message", event))


def _is_question(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] in _QUESTIONS)


def _in_daemon_thread(work: Callable[[], _T]) -> "asyncio.Future[_T]":
    """Not in an executor: Python would wait for its threads, so that Ctrl+C while loading seems to do nothing."""
    outcome: concurrent.futures.Future[_T] = concurrent.futures.Future()
    outcome.set_running_or_notify_cancel()  # from here on nobody can cancel it, so its outcome can always be set

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:
            outcome.set_exception(error)

    Thread(target=run, name="loading", daemon=True).start()
    return asyncio.wrap_future(outcome)


def _waiting_page(request: Request, render: Callable[..., str], *, has_failed: bool) -> Response:
    """In one piece, for nothing else can be asked for yet."""
    style = (STATIC / "page.css").read_text("utf-8")
    script = (STATIC / "waiting.js").read_text("utf-8")
    root = request.scope.get("root_path", "")
    content = render("waiting.html", root=root, style=style, script=script, has_failed=has_failed)
    policy = inline_policy(_source_hash(style), _source_hash(script))
    return HTMLResponse(content, 503, {"Content-Security-Policy": policy, "Cache-Control": "no-store", **_RETRY})


def _source_hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"
