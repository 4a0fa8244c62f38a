"""The login: everything of the console is behind it, but the login page itself and what that shows."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.settings import Settings
from assistant.staff import texts
from assistant.staff.pages import form_page
from assistant.staff.passwords import Password
from assistant.staff.sessions import Sessions
from assistant.web.api import client_address
from assistant.web.assets import FOLDER as ASSETS_FOLDER
from assistant.web.limits import RateLimit
from assistant.web.pages import wants_page
from assistant.web.problems import ProblemResponse, RefusedError
from assistant.web.turned_away import TooManyQuestionsError

LOGIN = "/inloggen"
LOGOUT = "/uitloggen"
COOKIE = "rugpijn_beheer"

# Of one address; and of all together, against who has many addresses. Right ones count, too.
ATTEMPTS = 10
ATTEMPTS_OF_ALL = 100
WINDOW_SECONDS = 15 * 60

_OPEN = frozenset({LOGIN, "/health", "/ready"})
# argon2 takes 64 MB for each.
_AT_ONCE = 2
_MOST_BYTES = 10_000
_EVERYONE = "everyone"


class LoginDoor:
    """Lets who is logged in to ``app``; shows a browser the login page, and answers 401 to anything else."""

    def __init__(self, app: ASGIApp, settings: Settings, sessions: Sessions | None = None) -> None:
        """Raises ``PasswordError``."""
        self.app = app
        self.password = Password(settings.staff_password_hash.get_secret_value())
        if sessions is None:
            sessions = Sessions(settings.staff_idle_minutes * 60, settings.staff_session_hours * 3_600)
        self.sessions = sessions
        self.of_address = RateLimit(ATTEMPTS, WINDOW_SECONDS)
        self.of_all = RateLimit(ATTEMPTS_OF_ALL, WINDOW_SECONDS)
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(Request(scope, receive))
            await (answer or self.app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        """None for what the app is to answer."""
        path = request.url.path.removeprefix(request.scope.get("root_path", "")) or "/"
        match path, request.method:
            case "/inloggen", "POST":
                return await self._log_in(request)
            case "/inloggen", _:
                return _home(request) if self._is_in(request) else _login_page(request)
            case "/uitloggen", "POST":
                return self._log_out(request)
        if path in _OPEN or path.startswith(ASSETS_FOLDER) or self._is_in(request):
            return None
        if wants_page(request):
            return _redirect(request, LOGIN)
        return ProblemResponse(401, texts.LOGIN_NEEDED, path)

    def _is_in(self, request: Request) -> bool:
        return self.sessions.is_open(request.cookies.get(COOKIE, ""))

    async def _log_in(self, request: Request) -> Response:
        address = client_address(request)
        try:
            self.of_address.check_room(address)
            self.of_all.check(_EVERYONE)
            self.of_address.check(address)
            password = await _password_in(request)
        except TooManyQuestionsError as error:
            minutes = -(-error.seconds // 60)
            wait = {"Retry-After": str(error.seconds)}
            return _login_page(request, 429, texts.LOGIN_TOO_OFTEN.format(minutes=minutes), wait)
        except (ValueError, RefusedError):
            return _login_page(request, 400, texts.LOGIN_NOT_READ)
        async with self._places:
            is_right = await asyncio.to_thread(self.password.is_right, password)
        if not is_right:
            return _login_page(request, 401, texts.LOGIN_WRONG)
        self.sessions.end(request.cookies.get(COOKIE, ""))
        response = _home(request)
        response.set_cookie(COOKIE, self.sessions.begin(), **_cookie_of(request))
        return response

    def _log_out(self, request: Request) -> Response:
        self.sessions.end(request.cookies.get(COOKIE, ""))
        response = _redirect(request, LOGIN)
        response.set_cookie(COOKIE, "", max_age=0, **_cookie_of(request))
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


async def _password_in(request: Request) -> str:
    """From a form. Raises ``ValueError`` when it is none, ``RefusedError`` when it does not come."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _MOST_BYTES:
                raise ValueError("too large")
    except ClientDisconnect:
        raise ValueError("gone") from None
    fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=5, errors="strict")
    (password,) = fields.get("wachtwoord", [""])
    return password


def _login_page(
    request: Request, status: int = 200, problem: str = "", headers: dict[str, str] | None = None
) -> HTMLResponse:
    response = form_page(request, "login.html", status, problem=problem)
    response.headers.update(headers or {})
    return response


def _home(request: Request) -> Response:
    return _redirect(request, "/")


def _redirect(request: Request, path: str) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}{path}", 303, {"Cache-Control": "no-store"})


def _cookie_of(request: Request) -> dict[str, Any]:
    """Until the browser closes; the session itself ends earlier."""
    return {
        "path": request.scope.get("root_path", "") or "/",
        "httponly": True,
        "samesite": "strict",
        "secure": request.url.scheme == "https",
    }
