"""What of Gradio is open to the world: only what a page of ours asks for."""

import re
import secrets
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.headers import chat_policy


@dataclass(frozen=True, slots=True)
class Opened:
    """The paths that are open, and what the names of others must be like.

    ``with_query`` is where Gradio reads what stands behind "?". On its page that would be names of pages that are not
    there.
    """

    paths: frozenset[str]
    files: re.Pattern[str]
    with_query: frozenset[str]


# Not among them: uploads, files from disk, components' servers, monitoring, the API pages and direct calls.
CHAT = Opened(
    paths=frozenset(
        {
            "/",
            "/config",
            "/theme.css",
            "/gradio_api/info",
            "/gradio_api/app_id",
            "/gradio_api/startup-events",
            "/gradio_api/queue/join",
            "/gradio_api/queue/data",
            "/gradio_api/cancel",
            "/gradio_api/reset",
        }
    ),
    # Gradio trips over names that no file can have.
    files=re.compile(r"/(?:assets|static)/(?!.*\.\.)[\w-][\w./-]{0,199}|/gradio_api/heartbeat/\w{1,64}", re.ASCII),
    with_query=frozenset({"/gradio_api/queue/data"}),
)
# Their names carry a hash of what is in them.
_NEVER_CHANGE = "/assets/"

_SCRIPT_TAG = re.compile(rb"<script(?=[\s>])")


def guard_chat(app: FastAPI, opened: Opened = CHAT) -> None:
    """Put a guard before Gradio's page, which is mounted at "/" and so gets every path that nothing else took."""
    chats = [route for route in app.routes if isinstance(route, Mount) and not route.path]
    elsewhere = Router([route for route in app.routes if route not in chats])
    for chat in chats:
        chat.app = ChatGuard(chat.app, elsewhere, opened)


class ChatGuard:
    """Hands ``elsewhere`` what is none of the page's business, to be answered with 404 or 405."""

    def __init__(self, chat: ASGIApp, elsewhere: ASGIApp, opened: Opened = CHAT) -> None:
        self.chat = chat
        self.elsewhere = elsewhere
        self.opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if scope["type"] != "http" or not self._is_open(path):
            await self.elsewhere(scope, receive, send)
            return
        if path not in self.opened.with_query:
            scope = {**scope, "query_string": b""}
        if path == "/":
            await self.chat(_uncompressed(scope), receive, _PageWithNonce(send))
        else:
            await self.chat(scope, receive, _cached(send) if path.startswith(_NEVER_CHANGE) else send)

    def _is_open(self, path: str) -> bool:
        return path in self.opened.paths or self.opened.files.fullmatch(path) is not None


def _cached(send: Send) -> Send:
    async def send_cached(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:  # noqa: PLR2004
            MutableHeaders(scope=message)["Cache-Control"] = "public, max-age=31536000, immutable"
        await send(message)

    return send_cached


def _uncompressed(scope: Scope) -> Scope:
    """Compressed, the page's script tags could not be found."""
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
    return {**scope, "headers": kept}


class _PageWithNonce:
    """Holds a page until it is whole, and marks its scripts as ours: others' do not run."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        nonce = secrets.token_urlsafe(16)
        headers = MutableHeaders(scope=self._start)
        headers["Content-Security-Policy"] = chat_policy(nonce)
        if headers.get("content-type", "").startswith("text/html") and self._body:
            self._body = _SCRIPT_TAG.sub(f'<script nonce="{nonce}"'.encode(), self._body)
            headers["Content-Length"] = str(len(self._body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})
