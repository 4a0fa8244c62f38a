"""Request bodies are bounded, whether their size is announced or not."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.web.problems import ProblemResponse, RefusedError


class BodyLimit:
    """Answers 413 to an announced size over ``limit``; a body that grows over it raises while it is being read.

    Starlette's own limiter answers in English and plain text.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _announced(scope) > self.limit:
            await ProblemResponse(413, texts.REQUEST_TOO_LARGE, scope["path"])(scope, receive, send)
        else:
            await self.app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise RefusedError(413, texts.REQUEST_TOO_LARGE)
            return message

        return count


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
