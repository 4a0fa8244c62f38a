"""Everything of the web app but the chat page: API, articles, documentation and what goes with every answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from assistant import texts
from assistant.settings import Settings
from assistant.web.api import REPLY_ID, api_router
from assistant.web.assets import FOLDER as ASSETS_FOLDER
from assistant.web.assets import serve_asset
from assistant.web.body_limit import BodyLimit
from assistant.web.framing import OneLength
from assistant.web.handlers import LastResort, install
from assistant.web.headers import DOCS_POLICY, SecurityHeaders
from assistant.web.pages import page
from assistant.web.reception import Reception
from assistant.web.source import source_page
from assistant.web.widget.routes import add_widget


def build_site(reception: Reception) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        reception.close()

    app = FastAPI(
        title=texts.API_TITLE,
        description=f"{texts.API_DESCRIPTION}\n\n{texts.NOT_A_DEVICE}\n\n{texts.DISCLAIMER}",
        version=version("rugpijn-assistent"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=_middleware(reception.settings),
    )
    install(app)
    app.include_router(api_router(reception))
    app.add_route("/bron/{slug}", source_page(reception.assistant))
    _add_docs(app)
    add_widget(app, reception)
    app.add_route(f"{ASSETS_FOLDER}{{name}}", serve_asset)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """Outermost first."""
    return [
        Middleware(SecurityHeaders),
        Middleware(LastResort),
        # No other site may read our answers but those named. Without this Gradio would let in whoever asks.
        Middleware(
            CORSMiddleware,
            allow_origins=settings.api_origins,
            allow_methods=("POST",),
            allow_headers=("Content-Type",),
            expose_headers=(REPLY_ID,) if settings.api_origins else (),
        ),
        Middleware(GZipMiddleware, minimum_size=1_000),
        Middleware(OneLength),
        Middleware(BodyLimit, limit=settings.max_request_bytes, seconds=settings.request_seconds),
    ]


def _add_docs(app: FastAPI) -> None:
    """Swagger UI from the package fastapi-offline: FastAPI's own page loads it from another site."""

    async def docs(request: Request) -> Response:
        return page(request, "docs.html", policy=DOCS_POLICY)

    app.add_route("/docs", docs)
    app.mount("/docs/static", StaticFiles(packages=[("fastapi_offline", "static")]))
