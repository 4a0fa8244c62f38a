import asyncio
import json
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from serve_child import SLOW
from server_process import fake_server
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from assistant import texts
from assistant.web.shutdown import HEARTBEAT, Closing, LetFinish

# What is asked for is 1.5 s on a machine that has nothing else to do.
PROMPTLY = 4.0
QUESTION = {"question": f"Wat helpt? ({SLOW})"}
HEARTBEAT_PATH = f"{HEARTBEAT}een-bezoek"


def scope_of(path: str) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "server": ("here", 80)}


class Visitor:
    """Stays until told otherwise, and remembers what came."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self._is_gone = asyncio.Event()

    async def receive(self) -> Message:
        await self._is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    def leave(self) -> None:
        self._is_gone.set()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.got)


class House:
    """Open pages listen for ever, "/answer" takes until ``answered``."""

    def __init__(self) -> None:
        self.closing = Closing()
        self.answered = asyncio.Event()
        self.left: list[str] = []
        self.app = LetFinish(self._app, self.closing)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(HEARTBEAT):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ALIVE", "more_body": True})
            self.left.append((await receive())["type"])
        else:
            await self.answered.wait()
            await PlainTextResponse("answer")(scope, receive, send)

    def visit(self, path: str) -> tuple[Visitor, "asyncio.Task[None]"]:
        visitor = Visitor()
        return visitor, asyncio.create_task(self.app(scope_of(path), visitor.receive, visitor.send))


async def a_moment() -> None:
    await asyncio.sleep(0.02)


def test_an_open_page_is_let_go_at_once_when_nothing_is_being_answered() -> None:
    async def scene() -> None:
        house = House()
        visitor, listening = house.visit(HEARTBEAT_PATH)
        await a_moment()
        assert not listening.done()
        house.closing.begin()
        await asyncio.wait_for(listening, 1)
        assert house.left == ["http.disconnect"]
        assert visitor.got[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(scene())


def test_an_open_page_is_let_go_only_when_every_answer_is_finished() -> None:
    async def scene() -> None:
        house = House()
        _, listening = house.visit(HEARTBEAT_PATH)
        waiting, answering = house.visit("/answer")
        await a_moment()
        house.closing.begin()
        await a_moment()
        assert not listening.done()
        house.answered.set()
        await asyncio.wait_for(asyncio.gather(listening, answering), 1)
        assert waiting.body == b"answer"

    asyncio.run(scene())


def test_a_visitor_who_leaves_ends_the_stream_as_ever() -> None:
    async def scene() -> None:
        house = House()
        visitor, listening = house.visit(HEARTBEAT_PATH)
        await a_moment()
        visitor.leave()
        await asyncio.wait_for(listening, 1)
        assert house.left == ["http.disconnect"]

    asyncio.run(scene())


def test_a_process_on_its_way_out_is_not_ready() -> None:
    async def scene() -> None:
        house = House()
        house.closing.begin()
        visitor, answering = house.visit("/ready")
        await answering
        assert visitor.got[0]["status"] == 503
        headers = dict(visitor.got[0]["headers"])
        assert int(headers[b"retry-after"]) > 0 and b"content-security-policy" in headers
        assert json.loads(visitor.body)["detail"] == texts.STOPPING

    asyncio.run(scene())


def chunks(response: httpx.Response) -> Iterator[str]:
    """The lines of an event stream, each as it comes."""
    return (line for line in response.iter_lines() if line)


def read_answer(url: str) -> list[str]:
    """The names of all events of the reply to a slow question."""
    with httpx.stream("POST", f"{url}/api/ask/stream", json=QUESTION, timeout=30) as response:
        return [line.partition(": ")[2] for line in chunks(response) if line.startswith("event: ")]


@contextmanager
def open_page(url: str, session: str) -> Iterator[Iterator[bytes]]:
    """What an open chat page listens to; the first beat has been heard."""
    with httpx.stream("GET", f"{url}{HEARTBEAT}{session}", timeout=30) as response:
        beats = response.iter_raw()
        next(beats)
        yield beats


def ask_in_page(url: str, session: str) -> Iterator[dict[str, Any]]:
    """Ask as the chat page does; Gradio's messages."""
    config = httpx.get(f"{url}/config").json()
    ask = next(each for each in config["dependencies"] if each["api_name"] == "on_ask")
    joining = {"data": [QUESTION["question"], None], "fn_index": ask["id"], "session_hash": session}
    httpx.post(f"{url}/gradio_api/queue/join", json=joining).raise_for_status()
    with httpx.stream("GET", f"{url}/gradio_api/queue/data", params={"session_hash": session}, timeout=30) as response:
        yield from (json.loads(line.removeprefix("data: ")) for line in chunks(response))


@pytest.mark.server
def test_with_open_pages_only_it_stops_promptly_and_well(tmp_path: Path) -> None:
    with fake_server(tmp_path) as server, open_page(server.url, "a") as first, open_page(server.url, "b") as second:
        start = time.monotonic()
        server.terminate()
        assert server.ends_within(30) == 0
        assert time.monotonic() - start < PROMPTLY
        assert list(first) == list(second) == []
        assert "Traceback" not in server.log and "error" not in server.log


@pytest.mark.server
def test_an_answer_through_the_api_is_finished_before_it_stops(tmp_path: Path) -> None:
    with fake_server(tmp_path) as server, ThreadPoolExecutor() as visitors:
        answer = visitors.submit(read_answer, server.url)
        time.sleep(0.6)
        server.terminate()
        events = answer.result(30)
        assert events[0] == "triage" and events[-1] == "done"
        assert server.ends_within(PROMPTLY) == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/health")


@pytest.mark.server
def test_an_answer_in_the_chat_page_is_finished_before_it_stops(tmp_path: Path) -> None:
    with fake_server(tmp_path) as server, open_page(server.url, "a"):
        messages = ask_in_page(server.url, "a")
        while next(messages)["msg"] != "process_generating":
            pass
        server.terminate()
        *_, completed, closed = messages
        assert completed["msg"] == "process_completed" and completed["success"]
        assert texts.DISCLAIMER.split()[0] in json.dumps(completed["output"])
        assert closed["msg"] == "close_stream"
        assert server.ends_within(PROMPTLY) == 0


@pytest.mark.server
def test_an_answer_that_never_comes_does_not_hold_it_for_ever(tmp_path: Path) -> None:
    with fake_server(tmp_path, reply_timeout_seconds=0.5) as server, ThreadPoolExecutor() as visitors:
        answer = visitors.submit(httpx.post, f"{server.url}/api/ask", json={"question": "traag"}, timeout=30)
        time.sleep(0.2)
        server.terminate()
        assert server.ends_within(10) == 0
        assert answer.result(5).status_code == 503


@pytest.mark.server
def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with fake_server(tmp_path) as server, ThreadPoolExecutor() as visitors:
        answer = visitors.submit(read_answer, server.url)
        time.sleep(0.5)
        server.terminate()
        time.sleep(0.3)
        server.terminate()
        assert server.ends_within(1) == -signal.SIGTERM
        with pytest.raises(httpx.TransportError):
            answer.result(5)


@pytest.mark.server
def test_a_killed_server_is_a_cut_stream_and_its_place_is_free_at_once(tmp_path: Path) -> None:
    with fake_server(tmp_path) as server, ThreadPoolExecutor() as visitors:
        answer = visitors.submit(read_answer, server.url)
        time.sleep(0.6)
        server.process.kill()
        with pytest.raises(httpx.RemoteProtocolError):
            answer.result(5)
        with fake_server(tmp_path, port=server.port) as again:
            assert read_answer(again.url)[-1] == "done"


HALF_A_HEAD = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"
HALF_A_BODY = HALF_A_HEAD + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"


@pytest.mark.server
@pytest.mark.parametrize(("half", "seconds"), [(HALF_A_HEAD, PROMPTLY), (HALF_A_BODY, 15)])
def test_who_sends_half_a_request_does_not_keep_it_from_stopping(tmp_path: Path, half: bytes, seconds: float) -> None:
    with (
        fake_server(tmp_path, reply_timeout_seconds=0.5, request_seconds=600) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as visitor,
    ):
        visitor.sendall(half)
        time.sleep(0.3)
        server.terminate()
        assert server.ends_within(seconds) == 0
