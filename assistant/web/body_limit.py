"""Request bodies are bounded, in size and in time, whether their size is announced or not."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.web.problems import ProblemResponse, RefusedError

# Nobody waits for the rest of a body that was refused.
_HANG_UP = {"Connection": "close"}
# But what is on its way already is let in: a connection that ends with it unread takes the answer with it.
_SECONDS_TO_LET_IN = 2.0


class BodyLimit:
    """Answers 413 to an announced size over ``limit``; a body that grows over it, is not complete within ``seconds``
    or never will be, raises while it is being read: 413 or 408.

    Starlette's own limiter answers in English and plain text, and the server waits for ever.
    """

    def __init__(self, app: ASGIApp, limit: int, seconds: float) -> None:
        self.app = app
        self.limit = limit
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _announced(scope) > self.limit:
            refusal = ProblemResponse(413, texts.REQUEST_TOO_LARGE, scope["path"], _HANG_UP)
            await refusal(scope, receive, _hanging_up_late(receive, send))
        else:
            await self.app(scope, self._counting(receive, has_body=_has_body(scope)), send)

    def _counting(self, receive: Receive, *, has_body: bool) -> Receive:
        received = 0
        is_whole = False
        deadline = 0.0

        async def count() -> Message:
            nonlocal received, is_whole, deadline
            # From when it is asked for: a busy app is not the sender's slowness.
            deadline = deadline or asyncio.get_running_loop().time() + self.seconds
            try:
                async with asyncio.timeout_at(None if is_whole else deadline):
                    message = await receive()
            except TimeoutError:
                raise RefusedError(408, texts.BODY_TOO_SLOW, _HANG_UP) from None
            if has_body and not is_whole and message["type"] == "http.disconnect":
                raise RefusedError(408, texts.BODY_TOO_SLOW, _HANG_UP)  # for the log: nobody is there to read it
            received += len(message.get("body", b""))
            if received > self.limit:
                # No hanging up: with the rest still under way, the sender would lose the answer with the connection.
                raise RefusedError(413, texts.REQUEST_TOO_LARGE)
            is_whole = not message.get("more_body")  # who still receives then, waits for the visitor to leave
            return message

        return count


def _hanging_up_late(receive: Receive, send: Send) -> Send:
    """Says everything at once, and then waits for the sender to be done."""

    async def say(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({**message, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_LET_IN):
                while (await receive()).get("more_body"):
                    pass
        await send({"type": "http.response.body"})

    return say


def _has_body(scope: Scope) -> bool:
    return _announced(scope) > 0 or "transfer-encoding" in Headers(scope=scope)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
