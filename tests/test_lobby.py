import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from web_fakes import reception, words_of

from assistant import texts
from assistant.web.lobby import Lobby
from assistant.web.shutdown import Closing
from assistant.web.site import build_site

BROWSER = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Door:
    """Loading waits until someone opens."""

    app: ASGIApp = field(default_factory=lambda: build_site(reception()))
    error: Exception | None = None
    opened: threading.Event = field(default_factory=threading.Event)
    failures: list[Exception] = field(default_factory=list)

    def load(self) -> ASGIApp:
        self.opened.wait(10)
        if self.error:
            raise self.error
        return self.app


@contextmanager
def in_the_lobby(door: Door, hold_seconds: float = 10) -> Iterator[TestClient]:
    lobby = Lobby(door.load, door.failures.append, hold_seconds)
    with TestClient(lobby, raise_server_exceptions=False) as client:
        try:
            yield client
        finally:
            door.opened.set()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_process_is_healthy_but_not_ready_while_loading() -> None:
    with in_the_lobby(Door()) as client:
        assert client.get("/health").json() == {"status": "ok"}
        response = client.get("/ready")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["disclaimer"] == texts.DISCLAIMER


def test_it_becomes_the_app_when_that_is_loaded() -> None:
    door = Door()
    with in_the_lobby(door) as client:
        door.opened.set()
        wait_until(lambda: client.get("/ready").status_code == 200)
        assert client.get("/bron/nek-en-rug").status_code == 200
    assert door.failures == []


@pytest.mark.parametrize("path", ["/", "/bron/nek-en-rug", "/docs"])
def test_a_browser_gets_a_dutch_waiting_page_that_goes_on_by_itself(path: str) -> None:
    with in_the_lobby(Door()) as client:
        response = client.get(path, headers=BROWSER)
    page = words_of(response.text)
    assert response.status_code == 503
    assert '<html lang="nl">' in response.text
    assert texts.STARTING in page.text
    assert texts.DISCLAIMER in page.text
    assert '<noscript><meta http-equiv="refresh"' in response.text
    assert 'data-ready="/ready"' in response.text
    assert not any("src" in attributes for _, attributes in page.tags)
    assert "unsafe" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_question_asked_while_loading_is_answered_when_loaded(path: str) -> None:
    door = Door()
    with in_the_lobby(door) as client, ThreadPoolExecutor() as visitors:
        reply = visitors.submit(client.post, path, json={"question": "Wat helpt?"})
        time.sleep(0.1)
        assert not reply.done()
        door.opened.set()
        assert "Warmte helpt vaak." in reply.result(5).text


def test_a_question_that_is_held_is_let_go_when_the_process_stops() -> None:
    closing = Closing()

    async def scene() -> Response:
        lobby = Lobby(Door().load, print, closing=closing)
        transport = ASGITransport(lobby)
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            reply = asyncio.create_task(client.post("/api/ask", json={"question": "Wat helpt?"}))
            await asyncio.sleep(0.05)
            assert not reply.done()
            closing.begin()
            return await asyncio.wait_for(reply, 5)

    response = asyncio.run(scene())
    assert response.status_code == 503
    assert response.json()["detail"] == texts.NOT_READY


def test_a_question_is_not_held_for_ever() -> None:
    with in_the_lobby(Door(), hold_seconds=0.05) as client:
        response = client.post("/api/ask", json={"question": "Wat helpt?"})
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["detail"] == texts.NOT_READY
    assert response.json()["disclaimer"] == texts.DISCLAIMER


def test_when_loading_fails_it_is_reported_once_and_everyone_hears_so_in_dutch() -> None:
    door = Door(error=OSError("no such model"))
    with in_the_lobby(door) as client, ThreadPoolExecutor() as visitors:
        reply = visitors.submit(client.post, "/api/ask", json={"question": "Wat helpt?"})
        door.opened.set()
        held = reply.result(5)
        later = client.post("/api/ask", json={"question": "Wat helpt?"})
        ready = client.get("/ready")
        page = client.get("/", headers=BROWSER)
    assert door.failures == [door.error]
    for response in (held, later, ready):
        assert response.status_code == 503
        assert response.json()["detail"] == texts.START_FAILED
    assert page.status_code == 503
    assert texts.START_FAILED in page.text
    assert "no such model" not in page.text + held.text


def test_the_app_is_started_and_stopped_with_the_process() -> None:
    events: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while scope["type"] == "lifespan":
            event = (await receive())["type"]
            events.append(event)
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return

    door = Door(app)
    with in_the_lobby(door):
        door.opened.set()
        wait_until(lambda: events == ["lifespan.startup"])
    assert events == ["lifespan.startup", "lifespan.shutdown"]


@pytest.mark.parametrize("complains_first", [True, False])
def test_an_app_that_cannot_start_counts_as_failed_loading(complains_first: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if complains_first:
            await send({"type": "lifespan.startup.failed", "message": "no disk"})
        raise RuntimeError("no disk")

    door = Door(app)
    with in_the_lobby(door) as client:
        door.opened.set()
        wait_until(lambda: bool(door.failures))
        assert client.get("/ready").json()["detail"] == texts.START_FAILED
    assert str(door.failures[0]) == "no disk"


def test_a_websocket_is_told_to_come_back_later() -> None:
    with in_the_lobby(Door()) as client, pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/ws"):
        pass
    assert closed.value.code == 1013


def test_stopping_does_not_wait_for_the_loading() -> None:
    start = time.monotonic()
    with TestClient(Lobby(Door().load, print)):
        pass
    assert time.monotonic() - start < 5
