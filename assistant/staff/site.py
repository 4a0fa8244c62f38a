"""The console's web app: its own pages, and Gradio's page behind the login."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from assistant import texts as visitor_texts
from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.gradio_door import ConsoleJoin, opened
from assistant.staff.login import LoginDoor
from assistant.staff.own_origin import OwnOrigin
from assistant.staff.page import build_console
from assistant.staff.pages import CONSOLE_ASSETS, console_page
from assistant.web.api import HEALTH
from assistant.web.assets import FOLDER as ASSETS_FOLDER
from assistant.web.assets import serving
from assistant.web.body_limit import BodyLimit
from assistant.web.chat.guard import guard_chat
from assistant.web.chat.html import DutchPage
from assistant.web.chat.queue import QueueDoor, remember_at_most
from assistant.web.chat.theme import THEME
from assistant.web.framing import OneLength
from assistant.web.handlers import LastResort, install
from assistant.web.headers import SecurityHeaders
from assistant.web.source import source_page

# What stands around a file in the form that brings it.
_FORM_BYTES = 100_000
_UPLOAD_SECONDS = 120.0
_MOST_SESSIONS = 100


def build_site(desk: Desk, temp: Path) -> FastAPI:
    """``temp`` is ``GRADIO_TEMP_DIR``. Raises ``PasswordError`` when it starts, for a hash that is none."""
    app = FastAPI(
        title=texts.CONSOLE_TITLE, openapi_url=None, docs_url=None, redoc_url=None, middleware=_middleware(desk)
    )
    install(app)
    app.add_api_route("/health", _health, methods=["GET", "HEAD"])
    app.add_api_route("/ready", _health, methods=["GET", "HEAD"])
    app.add_route("/bron/{slug}", _source(desk))
    app.add_route(f"{ASSETS_FOLDER}{{name}}", serving(CONSOLE_ASSETS))
    _mount(app, desk)
    guard_chat(app, opened(temp))
    return app


def _source(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The pages that a reply cites, from the index in use now."""

    async def show(request: Request) -> Response:
        return await source_page(desk.assistant)(request)

    return show


async def _health() -> dict[str, str]:
    return HEALTH


def _middleware(desk: Desk) -> list[Middleware]:
    """Outermost first."""
    settings = desk.settings
    limit = settings.max_article_bytes + _FORM_BYTES
    login = [Middleware(LoginDoor, settings=settings)] if _has_password(desk) else []
    return [
        Middleware(SecurityHeaders),
        Middleware(LastResort),
        Middleware(GZipMiddleware, minimum_size=1_000),
        Middleware(OneLength),
        Middleware(OwnOrigin, names=settings.staff_hosts),
        *login,
        Middleware(BodyLimit, limit=limit, seconds=_UPLOAD_SECONDS),
    ]


def _has_password(desk: Desk) -> bool:
    return bool(desk.settings.staff_password_hash.get_secret_value())


def _mount(app: FastAPI, desk: Desk) -> None:
    """Last: it answers every path that is still free."""
    blocks = build_console(desk)
    blocks.state_session_capacity = _MOST_SESSIONS
    remember_at_most(blocks._queue, _MOST_SESSIONS)
    dress = partial(console_page, has_login=_has_password(desk))
    door = Middleware(QueueDoor, events=frozenset(blocks.fns), body=ConsoleJoin)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        app_kwargs={"middleware": [Middleware(DutchPage, dress=dress), door]},
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size=desk.settings.max_article_bytes,
        i18n=gr.I18n(nl=_gradio_words()),
        theme=THEME,
    )


def _gradio_words() -> dict[str, str]:
    """Gradio's own strings that its Dutch lacks and the console can show."""
    return {
        "blocks.lost_connection": texts.CONNECTION_LOST,
        "status.queue_position": visitor_texts.QUEUE_POSITION,
        "common.loading": visitor_texts.LOADING,
    }
