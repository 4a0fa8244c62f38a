"""A request must leave no doubt about where it ends: a proxy in front may see another end than we do."""

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import texts
from assistant.web.problems import ProblemResponse, not_understood

_LENGTHS = {b"content-length", b"transfer-encoding"}
_HANG_UP = {"Connection": "close"}


class OneLength:
    """Answers 400 and hangs up when a body is announced both by its length and in chunks.

    The server would go by the chunks and read on, where RFC 9112 (6.1) has it close the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and {name for name, _ in scope["headers"]} >= _LENGTHS:
            refusal = ProblemResponse(400, not_understood(texts.TWO_LENGTHS), scope["path"], _HANG_UP)
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)
