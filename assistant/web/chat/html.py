"""The HTML of the chat page: Dutch from its first byte, with our style and script instead of Gradio's signature.

Gradio adds ``css=``, ``js=`` and ``head=`` from its own script, after it has chosen a language. Ours have to be there
before that, so they are put into the HTML as it passes.
"""

import json
import re
from collections.abc import Callable
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts
from assistant.web.pages import render

_ENGLISH = re.compile(r'(<html\s+lang=)"en"')
# A preview of the page on social media would be Gradio's; the manifest is for an app nobody can install.
_NOT_OURS = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*|<link rel="manifest"[^>]*>\s*')


class DutchPage:
    """ASGI middleware around Gradio: rewrites the page with ``dress``, lets everything else pass."""

    def __init__(self, app: ASGIApp, dress: Callable[[str], str] | None = None) -> None:
        self.app = app
        self.dress = dress or dutch_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, _PageRewriter(send, self.dress))
        else:
            await self.app(scope, receive, send)


class _PageRewriter:
    """Holds an HTML response back until it is complete; other responses stream on untouched."""

    def __init__(self, send: Send, dress: Callable[[str], str]) -> None:
        self.send = send
        self.dress = dress
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        if self.body:  # there is none in the answer to HEAD
            self.body = self.dress(self.body.decode()).encode()
            MutableHeaders(scope=start)["content-length"] = str(len(self.body))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": self.body})


def _is_html(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith("text/html")


def dutch_page(page: str) -> str:
    """Gradio's page with our words, style and script; their addresses are relative, so a prefix does no harm."""
    return with_head(page, render("chat_head.html", words=json.dumps(_SCRIPT_WORDS, ensure_ascii=False)))


def with_head(page: str, head: str) -> str:
    """Gradio's page in Dutch, without its signature and with ``head``, which is HTML."""
    page = _NOT_OURS.sub("", _ENGLISH.sub(r'\1"nl"', page, count=1))
    page = page.replace("</head>", f"{head}</head>", 1)
    return page.replace("</body>", f"<noscript>{escape(texts.NO_SCRIPT)}</noscript></body>", 1)


_SCRIPT_WORDS = {
    "conversation": texts.CONVERSATION_LABEL,
    "question": texts.QUESTION_LABEL,
    "answer": texts.ANSWER_LABEL,
    "suggestions": texts.SUGGESTIONS,
    "helpful": texts.HELPFUL,
    "close": texts.CLOSE,
    "connectionLost": texts.CONNECTION_LOST,
    "tooBusy": texts.TOO_BUSY,
    "somethingWrong": texts.SOMETHING_WRONG,
}
