"""The whole app behind a real server, with an assistant that needs no model, to be attacked."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from browser_fixtures import BrowserFake, serving
from hostile_inputs import HttpRequest
from metric_reader import measured
from web_fakes import settings

from assistant.web.metrics import Metrics
from assistant.web.server import create_app, front
from assistant.web.shutdown import Closing

REQUEST_SECONDS = 1.0
_QUIET_SECONDS = 0.15  # who says nothing for so long has said all
_MOST_SECONDS = 10
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Headers and body, as a client sees them."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{head}\n\n{self.body.decode('utf-8', 'replace')}"

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Target:
    """The app that is attacked."""

    url: str
    assistant: BrowserFake
    metrics: Metrics

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def open_replies(self) -> float:
        return measured(self.metrics, "rugpijn_open_replies")

    def is_well(self) -> bool:
        """It answers a question, as for anyone."""
        reply = self.post("/api/ask", {"question": "Wat helpt?"})
        return reply.status == 200 and reply.json["kind"] == "answered"

    def post(self, path: str, body: Any) -> Reply:
        content = json.dumps(body).encode()
        return self.send(HttpRequest("POST", path, {"Content-Type": "application/json"}, content))

    def send(self, request: HttpRequest) -> Reply:
        """Just as it is given: nothing is made tidy on the way."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_MOST_SECONDS)
        try:
            connection.putrequest(
                request.method, request.path, skip_host="Host" in request.headers, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                connection.putheader(name, value.encode("latin-1"))
            self._put_body(connection, request)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, headers, _all_of(answer))
        finally:
            connection.close()

    def _put_body(self, connection: http.client.HTTPConnection, request: HttpRequest) -> None:
        """Goes on to the answer when the server will hear no more."""
        body = request.body or b""
        if request.is_chunked:
            connection.putheader("Transfer-Encoding", "chunked")
        elif request.body is not None:
            connection.putheader("Content-Length", str(len(body)))
        try:
            chunks = (
                [body[start : start + 50_000] for start in range(0, len(body), 50_000)] if request.is_chunked else body
            )
            connection.endheaders(chunks or None, encode_chunked=request.is_chunked)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def converse(self, pieces: list[bytes], responses: int, closes: bool) -> tuple[bytes, bool]:
        """What comes back on one connection, and whether the server hung up.

        Waits for so many ``responses``, and a moment longer for what should not come.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=_MOST_SECONDS) as connection:
            return _conversation(connection, pieces, responses, closes)


def _all_of(answer: http.client.HTTPResponse) -> bytes:
    """Also of an answer that was cut off."""
    try:
        return answer.read()
    except http.client.IncompleteRead as error:
        return error.partial


def _conversation(connection: socket.socket, pieces: list[bytes], responses: int, closes: bool) -> tuple[bytes, bool]:
    heard = b""
    try:
        for piece in pieces:
            connection.sendall(piece)
        deadline = time.monotonic() + _MOST_SECONDS
        while time.monotonic() < deadline:
            is_complete = len(statuses_in(heard)) >= responses and not closes
            connection.settimeout(_QUIET_SECONDS if is_complete else _MOST_SECONDS)
            received = connection.recv(65_536)
            if not received:
                return heard, True
            heard += received
    except TimeoutError:
        return heard, False
    except (BrokenPipeError, ConnectionResetError):
        return heard, True
    return heard, False


def statuses_in(heard: bytes) -> list[int]:
    return [int(status) for status in _STATUS.findall(heard)]


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    options = settings(
        rate_limit=False,
        request_seconds=REQUEST_SECONDS,
        reply_timeout_seconds=3.0,
        api_origins="https://praktijk.nl",
        metrics_token="woord",
        records_file=tmp_path_factory.mktemp("records") / "records.sqlite3",
    )
    assistant, metrics = BrowserFake(usual_seconds=0.0, slow_seconds=1.0), Metrics()
    app = front(create_app(assistant, options, metrics), options, metrics, Closing())
    with serving(app) as url:
        yield Target(url, assistant, metrics)
