"""One access record for each request, and its place in the metrics; not who asked, nor for what."""

import logging
from time import perf_counter
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.metrics import Metrics
from assistant.web.shutdown import HEARTBEAT

# A client can make up methods without end.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"
_MOST_PATH_CHARS = 200

_log = logging.getLogger("assistant.access")


class Observed:
    """Outermost, so that it sees what any other part answers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = perf_counter()
        status = 500  # what the server makes of an app that answers nothing

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            self._note(scope, status, perf_counter() - start)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        path = _shown(scope["path"])
        fields = {"method": method, "path": path, "status": status, "milliseconds": round(seconds * 1000, 1)}
        _log.info("request", extra=fields)
        if not scope["path"].startswith(HEARTBEAT):  # open as long as the page is, which would drown the rest
            self.metrics.served(method, status, seconds)


def _shown(path: str) -> str:
    """On one line and not without end. A heartbeat's path ends in what tells one visit from another."""
    if path.startswith(HEARTBEAT):
        return HEARTBEAT
    return quote(path[:_MOST_PATH_CHARS], errors="replace")
