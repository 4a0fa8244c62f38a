"""Only requests for a name of ours are answered: a foreign one would end up in links, and in the caches of others."""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import texts
from assistant.web.headers import SecurityHeaders
from assistant.web.pages import notice_page, wants_page
from assistant.web.problems import ProblemResponse

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_][a-z0-9._-]*)(?::([0-9]{1,5}))?", re.ASCII)
_LAST_PORT = 65535
# Gradio makes addresses of what these say, whoever says it.
_FOR_SERVERS_ALONE = (b"forwarded", b"x-forwarded-", b"x-gradio-server")
_LOCALHOST = "localhost"


class PinnedHosts:
    """Answers 421 unless the one Host header has a name in ``names``, or that of where the connection came in.

    Ports do not count. What a proxy says of the host and the visitor has been used by the server, if it trusts that
    proxy, and goes no further.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = {_canonical(name) or host_name(name) for name in names} - {None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._is_ours(scope):
            await self.app(_without(scope, *_FOR_SERVERS_ALONE), receive, send)
        else:
            bare = _without(scope, b"host")  # what reads a request's address would trip over it
            await SecurityHeaders(_refusal(Request(bare)))(bare, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        name = host_name(given[0].decode("latin-1")) if len(given) == 1 else None
        return name is not None and (name in self.names or _came_in_at(name, scope.get("server")))


def host_name(host: str) -> str | None:
    """The name or address in a Host header, in lower case and without its port; None for what is no host."""
    found = _HOST.fullmatch(host.lower())
    if found is None or int(found[2] or 0) > _LAST_PORT:
        return None
    return _canonical(found[1].strip("[]")) if found[1].startswith("[") else found[1]


def _came_in_at(name: str, server: tuple[str, int | None] | None) -> bool:
    if server is None:
        return False
    address = _canonical(server[0]) or server[0].lower()
    return name == address or (_is_loopback(address) and (name == _LOCALHOST or _is_loopback(name)))


def _canonical(address: str) -> str | None:
    """One spelling for each IP address; None for what is none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return str(ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else str(ip)


def _is_loopback(address: str) -> bool:
    return _canonical(address) is not None and ip_address(address).is_loopback


def _refusal(request: Request) -> Response:
    if wants_page(request):
        return notice_page(request, 421, texts.WRONG_HOST)
    return ProblemResponse(421, texts.WRONG_HOST, request.url.path)


def _without(scope: Scope, *prefixes: bytes) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if not name.startswith(prefixes)]}
