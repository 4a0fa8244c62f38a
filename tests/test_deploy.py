"""The examples in deploy/: behind each proxy, with the file as it is shipped, a real server process is asked things.

Needs Debian's nginx-light and caddy, and Linux, where every address in 127.0.0.0/8 is a visitor of its own.
"""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from proxies import DEPLOY, NAME, PROXIES, Proxy, program, running_proxy, shipped
from serve_child import SECONDS_PER_PART, SLOW
from server_process import ServerProcess, fake_server, free_port

from assistant import texts
from assistant.settings import Settings
from assistant.web.assets import ASSETS, FOR_GOOD
from ingest.settings import PROJECT

SECRET = "geheim-over-mijn-rug"
PER_MINUTE = 3
proxied = pytest.mark.server
both = pytest.mark.parametrize("name", PROXIES)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("app")
    limits = {"metrics_token": SECRET, "rate_limit": True, "questions_per_minute": PER_MINUTE, "request_seconds": 1.0}
    with fake_server(folder, public_hosts=[NAME], records_file=str(folder / "records.sqlite3"), **limits) as server:
        yield server


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, app: ServerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with running_proxy(request.param, tmp_path_factory.mktemp(request.param), app.port) as proxy:
        yield proxy


def ask(visitor: httpx.Client, **headers: str) -> int:
    return visitor.post("/api/ask", json={"question": "Wat helpt?"}, headers=headers).status_code


@proxied
def test_a_stream_arrives_event_by_event(proxy: Proxy) -> None:
    moments = []
    question = {"question": f"Wat helpt? ({SLOW})"}
    with proxy.client(21) as visitor, visitor.stream("POST", "/api/ask/stream", json=question) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                moments.append(time.monotonic())
    gaps = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert sum(gaps) > 4 * SECONDS_PER_PART
    assert sum(gap > SECONDS_PER_PART / 4 for gap in gaps) >= 4  # on a busy machine some come together


def metric(app: ServerProcess, name: str) -> float:
    text = httpx.get(f"{app.url}/metrics", headers={"Authorization": f"Bearer {SECRET}"}).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if re.match(rf"{name}[ {{]", line))


@proxied
def test_an_answer_whose_visitor_left_is_not_finished(proxy: Proxy, app: ServerProcess) -> None:
    before = metric(app, "rugpijn_replies_total")
    question = {"question": f"Wat helpt? ({SLOW})"}
    with proxy.client(23) as visitor, visitor.stream("POST", "/api/ask/stream", json=question) as response:
        lines = response.iter_lines()  # kept: letting go of it closes the response
        next(lines)
        assert metric(app, "rugpijn_open_replies") == 1
    while metric(app, "rugpijn_open_replies"):
        time.sleep(0.05)
    assert metric(app, "rugpijn_replies_total") == before


@proxied
def test_the_chat_page_hears_that_it_was_heard_before_its_answer_is_there(proxy: Proxy) -> None:
    with proxy.client(22) as visitor:
        config = visitor.get("/config").json()
        event = next(each for each in config["dependencies"] if each["api_name"] == "on_ask")
        joining = {"data": [f"Wat helpt? ({SLOW})", None], "fn_index": event["id"], "session_hash": "eenbezoek"}
        visitor.post("/gradio_api/queue/join", json=joining).raise_for_status()
        came: dict[str, float] = {}
        with visitor.stream("GET", "/gradio_api/queue/data", params={"session_hash": "eenbezoek"}) as response:
            for line in response.iter_lines():
                if line.startswith("data: "):
                    came.setdefault(json.loads(line.removeprefix("data: "))["msg"], time.monotonic())
    assert came["process_completed"] - came["process_generating"] > 4 * SECONDS_PER_PART


@proxied
def test_pages_find_themselves_at_the_name_and_scheme_of_the_visitor(proxy: Proxy) -> None:
    with proxy.client() as visitor:
        config = visitor.get("/config", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp"})
    assert httpx.URL(config.json()["root"]).copy_with(port=None) == httpx.URL(f"https://{NAME}")


@proxied
def test_headers_pass_through_and_stand_there_once(proxy: Proxy) -> None:
    with proxy.client() as visitor:
        headers = visitor.get("/bron/nek-en-rug").headers
    once = ("content-security-policy", "x-content-type-options", "referrer-policy", "strict-transport-security")
    assert [len(headers.get_list(name)) for name in once] == [1, 1, 1, 1]
    assert not re.search(r"\d", headers.get("server", ""))


@proxied
def test_what_never_changes_may_be_kept_and_is_compressed_once(proxy: Proxy) -> None:
    with proxy.client() as visitor:
        response = visitor.get(ASSETS["chat.css"].path, headers={"Accept-Encoding": "gzip"})
    assert response.headers.get_list("cache-control") == [FOR_GOOD]
    assert response.headers.get_list("content-encoding") == ["gzip"]
    assert response.content == ASSETS["chat.css"].content


@proxied
def test_questions_are_counted_by_the_visitors_address_whatever_a_visitor_says_it_is(proxy: Proxy) -> None:
    with proxy.client(31) as one, proxy.client(32) as other:
        assert [ask(one) for _ in range(PER_MINUTE + 1)] == [200] * PER_MINUTE + [429]
        spoofed = proxy.address(33)
        assert ask(one, **{"X-Forwarded-For": spoofed, "X-Real-IP": spoofed, "Forwarded": f"for={spoofed}"}) == 429
        assert ask(other) == 200


@proxied
@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", "127.0.0.1", "localhost"])
def test_by_another_name_there_is_no_answer(proxy: Proxy, host: str) -> None:
    with proxy.client() as visitor, pytest.raises(httpx.TransportError):
        visitor.get("/health", headers={"Host": host})
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{proxy.http_port}/health", headers={"Host": host})


@proxied
def test_without_tls_one_is_sent_to_the_same_page_with_it(proxy: Proxy) -> None:
    response = httpx.get(f"http://127.0.0.1:{proxy.http_port}/bron/x?c=1", headers={"Host": NAME})
    assert (response.status_code, response.headers["location"]) == (301, f"https://{NAME}/bron/x?c=1")


@proxied
def test_a_big_body_is_refused_announced_or_not_and_a_lawful_one_passes(proxy: Proxy) -> None:
    def send(size: int, is_announced: bool) -> int:
        body = (
            json.dumps({"question": "Wat helpt?", "history": [], "padding": ""})
            .replace('""', f'"{"x" * size}"')
            .encode()
        )
        content = body if is_announced else iter([body])
        return visitor.post("/api/ask", content=content, headers={"Content-Type": "application/json"}).status_code

    with proxy.client(41) as visitor:
        for size in (260_000, 400_000, 5_000_000):
            assert [send(size, is_announced=True), send(size, is_announced=False)] == [413, 413]
        assert [send(250_000, is_announced=True), send(250_000, is_announced=False)] == [200, 200]


def drip(proxy: Proxy, start: bytes, drops: bytes) -> tuple[bytes, float]:
    """Send ``start`` and then ``drops`` without end: what comes back, and after how many seconds.

    In one thread, for no two may use a TLS connection at the same time.
    """
    with socket.create_connection(("127.0.0.1", proxy.https_port), timeout=10) as raw:
        with proxy.tls().wrap_socket(raw, server_hostname=NAME) as connection:
            begun = time.monotonic()
            connection.settimeout(0.2)
            try:
                connection.sendall(start)
                while time.monotonic() - begun < 10:
                    with suppress(TimeoutError):
                        return connection.recv(65_536), time.monotonic() - begun
                    connection.sendall(drops)
            except OSError:
                pass
            return b"", time.monotonic() - begun


@proxied
def test_who_sends_headers_without_end_is_hung_up_on(proxy: Proxy) -> None:
    answer, seconds = drip(proxy, f"GET / HTTP/1.1\r\nHost: {NAME}\r\n".encode(), b"X-More: 1\r\n")
    assert b" 200 " not in answer and seconds < 8


@proxied
def test_who_sends_a_body_without_end_is_hung_up_on(proxy: Proxy) -> None:
    head = f"POST /api/ask HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    answer, seconds = drip(proxy, head.encode(), b" ")
    # On a busy machine the reset of the connection can overtake the answer.
    assert answer[:13] in {b"HTTP/1.1 408 ", b""} and seconds < 8


@proxied
@both
def test_while_the_app_is_away_that_is_said_in_the_words_of_the_chat(name: str, tmp_path: Path) -> None:
    with running_proxy(name, tmp_path, free_port()) as proxy, proxy.client() as visitor:
        response = visitor.get("/")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<p>{texts.NOT_READY}</p>" in response.text and '<html lang="nl">' in response.text


class _Late(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()


@proxied
@pytest.mark.parametrize("question", [None, {"question": "Wat helpt?"}])
def test_behind_caddy_a_request_waits_for_an_app_that_is_restarting(
    tmp_path: Path, question: dict[str, str] | None
) -> None:
    port = free_port()
    with running_proxy("caddy", tmp_path, port) as proxy, proxy.client() as visitor:
        time.sleep(2.5)  # until Caddy has found out; a question that comes before that fails
        begin = threading.Timer(1.0, lambda: HTTPServer(("127.0.0.1", port), _Late).serve_forever())
        begin.daemon = True
        begin.start()
        asked = visitor.post("/api/ask", json=question) if question else visitor.get("/")
        assert asked.status_code == 200


@proxied
@both
def test_nothing_of_a_visitor_is_written_down_not_even_when_the_app_is_away(
    name: str, app: ServerProcess, tmp_path: Path
) -> None:
    for place, port in {"there": app.port, "away": free_port()}.items():
        with running_proxy(name, tmp_path / place, port) as proxy, proxy.client(51) as visitor:
            visitor.get(f"/{SECRET}?c={SECRET}", headers={"Referer": f"https://{NAME}/{SECRET}", "User-Agent": SECRET})
            visitor.post(f"/api/ask?{SECRET}", json={"question": SECRET})
            visitor.post(f"/api/ask?{SECRET}", content=b"x" * 5_000_000)
        assert proxy.written and SECRET not in proxy.written and proxy.address(51) not in proxy.written


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The service as it would be installed, with a Python that is here."""
    unit = tmp_path / "rugpijn@7860.service"
    unit.write_text(shipped("rugpijn@.service", {"/opt/rugpijn/%i/.venv/bin/python": sys.executable}), "utf-8")
    return unit


def test_systemd_understands_the_service(unit: Path) -> None:
    checked = subprocess.run([program("systemd-analyze"), "verify", unit], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_service_exposes_little(unit: Path) -> None:
    """At most 1.5 on systemd's scale from 0 to 10; the exit code says so."""
    command = [program("systemd-analyze"), "security", "--offline=true", "--threshold=15", unit]
    subprocess.run(command, capture_output=True, check=True)


def test_the_settings_for_a_server_exist_and_what_the_app_writes_goes_where_the_service_may_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RUGPIJN_RECORDS_FILE", raising=False)  # the tests' own
    file = DEPLOY / "rugpijn.env"
    names = {line.split("=")[0] for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")}
    assert names <= {f"RUGPIJN_{name.upper()}" for name in Settings.model_fields}
    on_server = Settings(_env_file=file)
    written = {on_server.index_dir, on_server.records_file, on_server.pause_file, on_server.second_opinion_file}
    assert {path.parent for path in written} == {Path("/var/lib/rugpijn")}


def test_what_the_image_is_made_of_is_there() -> None:
    copied = re.findall(r"(?m)^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"))
    sources = [source for sources in copied for source in sources.split()]
    assert sources and all((PROJECT / source).exists() for source in sources)
