"""A console behind its login, without Gradio: what is behind says that one is in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from web_fakes import settings

from assistant.staff.login import LoginDoor
from assistant.staff.own_origin import OwnOrigin
from assistant.staff.sessions import Sessions

PASSWORD = "vier woorden zijn génoeg"
# Weak, so that a test takes no time.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD.encode())
URL = "http://127.0.0.1:7861"
OWN = {"origin": URL}
BROWSER = {"accept": "text/html"}


class Clock:
    """In seconds; a test sets it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def _behind(request: Request) -> Response:
    return PlainTextResponse("binnen")


@contextmanager
def behind_login(clock: Clock | None = None, url: str = URL, **changes: Any) -> Iterator[TestClient]:
    """A browser that is not logged in yet; it follows no redirects."""
    given = settings(staff_password_hash=HASH, **changes)
    sessions = Sessions(given.staff_idle_minutes * 60, given.staff_session_hours * 3_600, clock or Clock())
    door = Middleware(LoginDoor, settings=given, sessions=sessions)
    routes = [Route(path, _behind, methods=["GET", "POST"]) for path in ("/{rest:path}", "/")]
    app = FastAPI(routes=routes, middleware=[Middleware(OwnOrigin, names=given.staff_hosts), door])
    with TestClient(app, url, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def log_in(client: TestClient, password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/inloggen", data={"wachtwoord": password}, headers=OWN | BROWSER | headers)
