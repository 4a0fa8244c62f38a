import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from server_process import fake_server
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from web_fakes import reception, settings

from assistant import texts
from assistant.web.chat.guard import guard_chat
from assistant.web.process import address_of, listen
from assistant.web.server import serve
from assistant.web.site import build_site
from ingest.errors import IndexUnusableError

PROJECT = Path(__file__).parent.parent
PAGE = "<html><head><script>window.config = {}</script><script src='x.js'></script></head></html>"


async def open_chat(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers to every path, as Gradio would like to."""
    is_page = scope["path"] == "/"
    response: Response = HTMLResponse(PAGE) if is_page else PlainTextResponse("Gradio was here")
    await response(scope, receive, send)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    site = build_site(reception())
    site.mount("/", open_chat)
    guard_chat(site)
    with TestClient(site, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/config", "/theme.css", "/assets/a.js", "/gradio_api/queue/data", "/gradio_api/heartbeat/x"]
)
def test_the_chat_page_gets_what_it_asks_for(client: TestClient, path: str) -> None:
    assert client.get(path).text == "Gradio was here"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/call/ask",
        "/gradio_api/run/predict",
        "/gradio_api/queue/join/",
        "/monitoring/summary",
        "/login",
        "/file=/etc/passwd",
        "//gradio_api/upload",
        "/config/",
        "/run/predict",
    ],
)
def test_nothing_else_of_gradio_can_be_reached(client: TestClient, path: str) -> None:
    for response in (client.get(f"http://testserver{path}"), client.post(f"http://testserver{path}")):
        assert response.status_code == 404
        assert response.json()["disclaimer"] == texts.DISCLAIMER


def test_our_own_paths_keep_their_answers_with_the_chat_in_place(client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": "Wat helpt?"}).status_code == 200
    assert client.get("/api/ask").status_code == 405
    assert client.post("/health").status_code == 405
    assert client.get("/bron/nek-en-rug").status_code == 200
    assert client.get("/bron/niets").status_code == 404
    assert client.get("/web/niets.css").status_code == 404
    assert client.get("/docs").status_code == 200


def test_the_scripts_of_the_chat_page_carry_a_nonce_that_is_new_each_time(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        response = client.get("/")
        policy = response.headers["content-security-policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        nonces.add(nonce)
        assert response.text == PAGE.replace("<script", f'<script nonce="{nonce}"')
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'nonce-" in policy
    assert len(nonces) == 2


def test_hashed_assets_are_kept_by_the_browser_and_the_rest_is_not(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/a.js").headers["cache-control"]
    assert client.get("/config").headers["cache-control"] == "no-cache"


def test_a_missing_index_is_an_error_before_anyone_can_connect(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(IndexUnusableError, match="rugpijn ingest"):
        # The port is taken as well: that it is the index that is complained of shows what comes first.
        serve(settings(index_dir=tmp_path, port=taken.getsockname()[1]))


def test_a_taken_port_ends_the_program_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = f"from assistant.web.process import listen; listen('127.0.0.1', {port})"
        ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert str(port) in ended.stderr and "--port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_that_is_not_ours_ends_the_program_readably() -> None:
    with pytest.raises(SystemExit, match="kan niet luisteren op 192.0.2.1, poort 0"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:"), ("localhost", "http://127.0.0.1:")])
def test_the_address_to_open_is_shown(host: str, shown: str) -> None:
    with listen(host, 0) as listener:
        assert address_of(listener).startswith(shown)


@pytest.mark.server
def test_limits_count_the_visitor_behind_a_trusted_proxy_and_nobody_elsewhere_can_pose_as_another(
    tmp_path: Path,
) -> None:
    def ask(local_address: str, forwarded: str) -> int:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=local_address)) as client:
            headers = {"X-Forwarded-For": forwarded}
            return client.post(f"{server.url}/api/ask", json={"question": "Wat helpt?"}, headers=headers).status_code

    limits = {"rate_limit": True, "questions_per_minute": 1, "questions_per_minute_per_address": 1}
    with fake_server(tmp_path, **limits) as server:
        by_proxy = [ask("127.0.0.1", f"192.0.2.{visitor}") for visitor in (1, 2, 1)]
        assert by_proxy == [200, 200, 429]
        # What a visitor tells a proxy comes before what the proxy adds.
        assert ask("127.0.0.1", "192.0.2.99, 192.0.2.2") == 429
        by_pretender = [ask("127.0.0.2", f"192.0.2.{visitor}") for visitor in (3, 4, 5)]
        assert by_pretender == [200, 429, 429]
        assert "192.0.2" not in server.log and "127.0.0.2" not in server.log


@pytest.mark.server
def test_a_started_server_pins_its_hosts_counts_its_requests_and_prints_nothing_of_what_is_typed(
    tmp_path: Path,
) -> None:
    token = {"Authorization": "Bearer geheim"}
    with fake_server(tmp_path, metrics_token="geheim", public_hosts=["chat.praktijk.nl"], log_format="json") as server:
        with httpx.Client(base_url=server.url) as client:
            assert client.get("/health", headers={"Host": "chat.praktijk.nl"}).status_code == 200
            assert client.get("/health", headers={"Host": "evil.example"}).status_code == 421
            spoofed = {"Host": "chat.praktijk.nl", "X-Forwarded-Host": "evil.example"}
            assert client.get("/config", headers=spoofed).json()["root"] == "http://chat.praktijk.nl"
            tell_gradio_too_little(client, "mijn geheime klacht")
            metrics = client.get("/metrics", headers=token).text
        assert 'rugpijn_request_seconds_count{method="GET",status="421"} 1.0' in metrics
        records = [json.loads(line) for line in server.log.splitlines()]
        assert {"/health", "/config", "/gradio_api/queue/join"} <= {record.get("path") for record in records}
        assert [record["event"] for record in records if record["level"] == "error"][0].startswith("ValueError")
        assert "geheime" not in server.log


def tell_gradio_too_little(client: httpx.Client, typed: str) -> None:
    """It then prints an exception that quotes what it got."""
    joining = {"data": [typed], "fn_index": 0, "session_hash": "a"}
    client.post("/gradio_api/queue/join", json=joining).raise_for_status()
    assert "process_completed" in client.get("/gradio_api/queue/data", params={"session_hash": "a"}).text
