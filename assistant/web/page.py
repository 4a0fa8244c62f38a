"""The HTML of the chat page: Dutch from its first byte, and with our own style and script instead of Gradio's signature.

Gradio adds ``css=``, ``js=`` and ``head=`` from its own script, after it has chosen a language and drawn the page. Ours have
to be there before that, so they are put into the HTML as it passes.
"""

import html
import json
import re
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import texts

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/static/chat"

_SOCIAL_TAGS = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')


class DutchPage:
    """ASGI middleware around Gradio: rewrites the page, lets everything else pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, _PageRewriter(send))
        else:
            await self.app(scope, receive, send)


class _PageRewriter:
    """Holds an HTML response back until it is complete; other responses stream on untouched."""

    def __init__(self, send: Send) -> None:
        self.send = send
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
        # An answer to HEAD has a length and no body; it stays as it is.
        body = dutch_page(self.body.decode()).encode() if self.body else b""
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        if body:
            headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])


def dutch_page(page: str) -> str:
    page = re.sub(r'(<html\s+lang=)"en"', r'\1"nl"', page, count=1)
    page = _SOCIAL_TAGS.sub("", page)
    page = page.replace("</head>", _head() + "</head>", 1)
    return page.replace("</body>", f"<noscript><p>{html.escape(texts.NO_SCRIPT)}</p></noscript></body>", 1)


def _head() -> str:
    # Relative to Gradio's <base>, so that it also works behind a prefix.
    words = html.escape(json.dumps(_script_words(), ensure_ascii=False))
    return (
        f"<title>{html.escape(texts.PAGE_TITLE)}</title>\n"
        '<meta name="color-scheme" content="light dark">\n'
        f'<link rel="stylesheet" href=".{STATIC_PATH}/chat.css">\n'
        f'<script src=".{STATIC_PATH}/chat.js" data-words="{words}"></script>\n'
    )


def _script_words() -> dict[str, str]:
    return {
        "conversation": texts.CONVERSATION_LABEL,
        "question": texts.QUESTION_LABEL,
        "answer": texts.ANSWER_LABEL,
        "title": texts.PAGE_TITLE,
    }
