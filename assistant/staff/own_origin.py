"""Only pages of the console itself may send it anything: another site's page in the same browser may not."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.staff import texts
from assistant.web.hosts import host_name
from assistant.web.problems import ProblemResponse

_SAFE = frozenset({"GET", "HEAD"})
_PORTS = {"http": 80, "https": 443}
# No other site may show the answers either, nor keep a hold on the window.
_HEADERS = {"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}


class OwnOrigin:
    """Answers 403 to whatever a page of another origin sends or reads, and to what changes something and does not say
    which page it is from; every browser of today does.

    ``names`` are those of the console behind a proxy that changes the Host header.
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = ()) -> None:
        self.app = app
        self.names = {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._is_own(scope):
            await self.app(scope, receive, _kept_to_ourselves(send))
        else:
            await ProblemResponse(403, texts.OTHER_ORIGIN, scope["path"])(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        given = headers.getlist("origin")
        if not given:
            return scope["method"] in _SAFE
        if len(given) > 1 or headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        return self._is_ours(given[0], scope["scheme"], headers.get("host", ""))

    def _is_ours(self, origin: str, scheme: str, host: str) -> bool:
        """By name and port. A proxy that speaks https to the browser may speak http to us."""
        try:
            parts = urlsplit(origin)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            return False
        name = host_name(parts.netloc)
        if name is None or parts.scheme not in (scheme, "https") or parts.path or parts.query or parts.fragment:
            return False
        return name in self.names or (name == host_name(host) and port == _port_of(host, parts.scheme))


def _port_of(host: str, scheme: str) -> int:
    _, colon, port = host.rpartition(":")
    return int(port) if colon and port.isascii() and port.isdigit() else _PORTS[scheme]


def _kept_to_ourselves(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers
