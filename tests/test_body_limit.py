import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
import uvicorn
from serve_child import SLOW, SlowTalker
from starlette.types import ASGIApp
from web_fakes import reception

from assistant import texts
from assistant.web.metrics import Metrics
from assistant.web.observe import Observed
from assistant.web.site import build_site

SECONDS = 0.4
BODY = json.dumps({"question": f"Wat helpt? ({SLOW})"}).encode()
HEAD = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
ANNOUNCED = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY)
JSON = {"Content-Type": "application/json"}
IN_CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

pytestmark = pytest.mark.server


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """The port of a real server in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of a site that takes longer to answer than it gives a body to come in."""
    talking = reception(SlowTalker(usual_seconds=0.0), max_request_bytes=1_000, request_seconds=SECONDS)
    with served(build_site(talking)) as port:
        yield port


@contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as visitor:
        yield visitor


def read_all(visitor: socket.socket) -> bytes:
    """Until the server hangs up, also if that crosses something on its way to it."""
    read = b""
    with suppress(ConnectionResetError):
        while piece := visitor.recv(65_536):
            read += piece
    return read


def dribble(visitor: socket.socket, stop: threading.Event, piece: bytes) -> None:
    try:
        while not stop.wait(0.05):
            visitor.sendall(piece)
    except OSError:
        pass  # hung up on


@pytest.mark.parametrize(
    ("head", "piece"), [(ANNOUNCED, b" "), (IN_CHUNKS, b"1\r\n \r\n"), (ANNOUNCED, b""), (IN_CHUNKS, b"")]
)
def test_a_body_that_dribbles_in_is_refused_in_time_and_hung_up_on(port: int, head: bytes, piece: bytes) -> None:
    stop = threading.Event()
    with connection(port) as visitor:
        dribbling = threading.Thread(target=dribble, args=(visitor, stop, piece))
        start = time.monotonic()
        visitor.sendall(head)
        dribbling.start()
        try:
            answer = read_all(visitor)
        finally:
            stop.set()
            dribbling.join()
    assert SECONDS <= time.monotonic() - start < SECONDS + 5
    status, _, rest = answer.partition(b"\r\n")
    assert status.split()[1] == b"408"
    assert b"application/problem+json" in rest
    problem = json.loads(rest.partition(b"\r\n\r\n")[2])
    assert problem["detail"] == texts.BODY_TOO_SLOW
    assert problem["disclaimer"] == texts.DISCLAIMER


def test_a_body_in_pieces_that_is_complete_in_time_is_answered(port: int) -> None:
    with connection(port) as visitor:
        visitor.sendall(ANNOUNCED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        for at in range(len(BODY)):
            visitor.sendall(BODY[at : at + 1])
        assert read_all(visitor).startswith(b"HTTP/1.1 200")


def test_the_time_for_a_body_is_not_the_time_for_an_answer(port: int) -> None:
    with httpx.stream("POST", f"http://127.0.0.1:{port}/api/ask/stream", content=BODY, headers=JSON) as response:
        assert response.status_code == 200
        assert "event: done" in response.read().decode()


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_refused(port: int, announced: bool) -> None:
    body = BODY + b" " * 1_000
    response = httpx.post(f"http://127.0.0.1:{port}/api/ask", content=body if announced else iter([body]), headers=JSON)
    assert response.status_code == 413
    assert response.json()["detail"] == texts.REQUEST_TOO_LARGE


@pytest.mark.parametrize("sent", [ANNOUNCED, ANNOUNCED + BODY[:10], IN_CHUNKS, IN_CHUNKS + b"1\r\n{\r\n"])
def test_who_leaves_halfway_is_no_error_of_ours(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    with served(Observed(build_site(reception()), metrics)) as port:
        with connection(port) as visitor:
            visitor.sendall(sent)
        deadline = time.monotonic() + 5
        while b'{method="POST",status="408"} 1.0' not in metrics.exposition()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("kilobytes", [2, 200, 4_000])
def test_who_sends_too_much_reads_the_refusal_once_done_sending(port: int, kilobytes: int) -> None:
    """A connection that ends with something unread is reset, and the answer may be gone with it."""
    body = b"x" * kilobytes * 1_000
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
            connection.sendall(body)
            time.sleep(0.02)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 413")
        assert texts.REQUEST_TOO_LARGE in answer.decode()
