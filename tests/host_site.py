"""Somebody else's website, with the chat on it."""

from collections.abc import Mapping
from html import escape
from itertools import count
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class HostSite:
    """Serves what tests put on it. Its policy lets nothing in but scripts and frames of the chat, and its own styles.

    ``url`` and ``chat`` are known once both are being served.
    """

    def __init__(self) -> None:
        self.url = ""
        self.chat = ""
        self.app = Starlette(routes=[Route("/{path:path}", self._serve)])
        self._files: dict[str, Response] = {}
        self._numbers = count(1)

    @property
    def policy(self) -> str:
        parts = urlsplit(self.chat)
        chat = f"{parts.scheme}://{parts.netloc}"
        return f"default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'"

    def page(
        self, body: str = "", head: str = "", script: str | None = None, allowed: str = "", **attributes: str
    ) -> str:
        """The address of a new page with the chat: ``position="left"`` becomes ``data-position="left"``.

        ``allowed`` is the page's Permissions-Policy.
        """
        script = self.script(**attributes) if script is None else script
        return self.put(
            f"<!doctype html><html lang='nl'><head><title>Praktijk</title>"
            f"<meta name='viewport' content='width=device-width, initial-scale=1'>{head}</head>"
            f"<body><main><h1>Praktijk</h1><p>Welkom. <a href='/verder'>Afspraak maken</a></p>{body}</main>"
            f"{script}</body></html>",
            "text/html",
            {"Permissions-Policy": allowed},
        )

    def script(self, src: str = "/widget.js", how: str = "async", **attributes: str) -> str:
        data = " ".join(f'data-{name}="{escape(value)}"' for name, value in attributes.items())
        return f'<script src="{self.chat}{src}" {how} {data}></script>'

    def style(self, rules: str) -> str:
        return f"<link rel='stylesheet' href='{self.put(rules, 'text/css')}'>"

    def put(self, content: str, media_type: str, headers: Mapping[str, str] | None = None) -> str:
        path = f"/{next(self._numbers)}"
        self._files[path] = Response(content, media_type=media_type, headers=headers)
        return self.url + path

    async def _serve(self, request: Request) -> Response:
        response = self._files.get(request.url.path) or Response(status_code=404)
        response.headers["Content-Security-Policy"] = self.policy
        return response
