import asyncio
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from web_fakes import reception

from assistant import texts
from assistant.web.hosts import PinnedHosts, host_name
from assistant.web.site import build_site

PUBLIC = "chat.praktijk.nl"
LOOPBACK = ("127.0.0.1", 7860)
ELSEWHERE = ("192.0.2.10", 7860)


async def tell_headers(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse([name.decode() for name, _ in scope["headers"]])(scope, receive, send)


def ask(
    *hosts: str | bytes,
    server: tuple[str, int | None] | None = ELSEWHERE,
    names: tuple[str, ...] = (PUBLIC, "127.0.0.1"),
    **headers: str,
) -> tuple[int, bytes]:
    """Status and body for a request with these Host headers."""
    given = [(b"host", host.encode("latin-1", "replace") if isinstance(host, str) else host) for host in hosts]
    given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/health",
        "query_string": b"",
        "server": server,
    }
    got: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        got.append(message)

    asyncio.run(PinnedHosts(tell_headers, names)({**scope, "headers": given}, receive, send))
    return got[0]["status"], b"".join(message.get("body", b"") for message in got)


def is_let_in(*hosts: str, **changes: object) -> bool:
    status, _ = ask(*hosts, **changes)  # type: ignore[arg-type]
    assert status in (200, 421)
    return status == 200


@pytest.mark.parametrize("host", [PUBLIC, "CHAT.Praktijk.nl", f"{PUBLIC}:443", f"{PUBLIC}:8443"])
def test_a_public_name_is_let_in_whatever_its_port_and_case(host: str) -> None:
    assert is_let_in(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"{PUBLIC}.evil.example",
        f"evil.{PUBLIC}",
        "praktijk.nl",
        f"{PUBLIC}.",
        "",
        " ",
        f" {PUBLIC}",
        f"{PUBLIC}:",
        f"{PUBLIC}:99999",
        f"{PUBLIC}:-1",
        f"{PUBLIC}:443:443",
        f"{PUBLIC}/x",
        f"{PUBLIC}?x",
        f"{PUBLIC}#x",
        f"visitor@{PUBLIC}",
        f"{PUBLIC},evil.example",
        f"{PUBLIC}\n",
        f"{PUBLIC}\x00",
        f"http://{PUBLIC}",
        "[::1",
        "[]",
        "[::1]]",
        "[chat.praktijk.nl]",
        "localhost",
        "127.0.0.2",
        "2130706433",
        "0177.0.0.1",
        "０.praktijk.nl",
        b"\xff\xfe",
    ],
)
def test_any_other_host_is_refused(host: str | bytes) -> None:
    status, body = ask(host)
    assert status == 421
    problem = json.loads(body)
    assert problem["detail"] == texts.WRONG_HOST
    assert problem["instance"] == "/health"
    assert problem["disclaimer"] == texts.DISCLAIMER


def test_no_host_and_two_hosts_are_refused() -> None:
    assert not is_let_in()
    assert not is_let_in(PUBLIC, PUBLIC)
    assert not is_let_in(PUBLIC, "evil.example")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "127.0.0.1:7860", "127.0.0.1", "[::1]:7860", "[0:0::1]"]
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_every_name_of_this_machine_is_let_in_on_a_connection_within_it(host: str, address: str) -> None:
    assert is_let_in(host, server=(address, 7860), names=())
    assert not is_let_in("evil.example", server=(address, 7860), names=())


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.10:7860", "192.0.2.10"),
        ("[2001:db8::10]", "2001:db8::10"),
        ("[2001:DB8:0::10]:80", "2001:db8::10"),
        ("192.0.2.10", "::ffff:192.0.2.10"),
        ("testserver", "testserver"),
    ],
)
def test_the_address_that_the_connection_came_in_on_is_let_in_and_no_other(host: str, address: str) -> None:
    assert is_let_in(host, server=(address, 7860), names=())
    assert not is_let_in(host, server=("192.0.2.11", 7860), names=())
    assert not is_let_in(host, server=LOOPBACK, names=())


@pytest.mark.parametrize("name", ["::1", "[::1]", "0.0.0.0", "chat.lan", "Chat.LAN:7860"])
def test_the_address_to_listen_on_is_let_in_however_it_is_written(name: str) -> None:
    bare = host_name(name) or name
    assert is_let_in(f"[{bare}]:7860" if ":" in bare else f"{bare}:7860", names=(name,))


def test_behind_a_unix_socket_or_an_unknown_one_only_names_count() -> None:
    for server in (("/run/chat.sock", None), None):
        assert is_let_in(PUBLIC, server=server)
        assert not is_let_in("localhost", server=server)


def test_a_browser_gets_a_dutch_page_with_the_headers_of_every_page() -> None:
    site = build_site(reception())
    with TestClient(PinnedHosts(site, ())) as client:
        response = client.get("/docs", headers={"Host": "evil.example", "Accept": "text/html"})
        assert client.get("/docs").status_code == 200
    assert response.status_code == 421
    assert '<html lang="nl">' in response.text and texts.WRONG_HOST in response.text
    assert "evil.example" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_what_a_proxy_said_goes_no_further() -> None:
    forwarded = {
        "x_forwarded_host": "evil.example",
        "x_gradio_server": "https://evil.example",
        "forwarded": "host=evil.example",
    }
    status, body = ask(PUBLIC, accept="text/plain", **forwarded)
    assert status == 200
    assert json.loads(body) == ["host", "accept"]


OURS = re.compile(r"(chat\.praktijk\.nl|127\.0\.0\.1|192\.0\.2\.10)(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
NEARLY = st.lists(st.sampled_from([PUBLIC, "127.0.0.1", ":", "80", "70000", ".", "[", "]", "::1", "@", "/", " ", "ſ"]))


@given(st.text(st.characters(max_codepoint=255)) | NEARLY.map("".join))
def test_no_host_raises_and_none_is_let_in_that_does_not_name_us(host: str) -> None:
    names_us = OURS.fullmatch(host) is not None and int(host.partition(":")[2] or 0) <= 65535
    assert is_let_in(host) == names_us


@given(st.sampled_from([PUBLIC, "127.0.0.1"]), st.integers(0, 65535))
def test_ports_and_capitals_never_matter(host: str, port: int) -> None:
    assert is_let_in(f"{host.upper()}:{port}")
