"""One process that serves everything: it listens at once, loads in the background, and then chats."""

import logging
from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from assistant import texts
from assistant.settings import Settings
from assistant.web.hosts import PinnedHosts
from assistant.web.lobby import Lobby
from assistant.web.logs import libraries_muted, log_config
from assistant.web.metrics import Metrics
from assistant.web.observe import Observed
from assistant.web.pages import render
from assistant.web.process import address_of, leave, listen, silence_libraries
from assistant.web.readiness import Readiness, always_ready
from assistant.web.shutdown import Closing, LetFinish, PoliteServer
from ingest.embed import BUNDLED
from ingest.errors import IndexUnusableError
from ingest.store import Store
from ingest.stores import open_store

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.web.reception import Records
    from assistant.web.replies import Answering

# Beyond the making of an answer: for the chat page to show it, and for a slow line.
_SECONDS_TO_SEND = 5

_log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until stopped, and end the program.

    Raises ``IndexUnusableError`` before listening, and what makes loading fail after that; ends the program when the
    port is taken.
    """
    check_index(settings)
    run(settings, load_app)


def run(
    settings: Settings,
    load: Callable[[Settings, Metrics, Closing], ASGIApp],
    listening: str = texts.LISTENING,
    render: Callable[..., str] = render,
) -> None:
    """Serve what ``load`` makes, in a thread, and end the program when told to. Raises what ``load`` raises.

    ``render`` makes the page that is shown meanwhile, ``listening`` says where it will be.
    """
    silence_libraries(offline=settings.embedding_model == BUNDLED)
    listener = listen(settings.host, settings.port)
    metrics, closing = Metrics(), Closing()
    failures: list[Exception] = []

    def give_up(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    lobby = Lobby(partial(load, settings, metrics, closing), give_up, closing=closing, render=render)
    config = _config(front(lobby, settings, metrics, closing), settings)
    server = PoliteServer(config, closing, settings.drain_seconds)
    _log.info(listening.format(url=address_of(listener)))
    with libraries_muted():
        server.run([listener])
    if failures:
        raise failures[0]
    leave()


def check_index(settings: Settings) -> None:
    """Without loading anything: is there a sound index, made with the configured model?"""
    with closing(open_store(settings)) as store:
        found, expected = store.manifest().model.name, settings.embedding_model
    if found != expected:
        reason = texts.INDEX_OF_OTHER_MODEL.format(found=found, expected=expected)
        raise IndexUnusableError(settings.store_place, reason)


def doubt_seconds(settings: Settings) -> float:
    """How long an older version is not believed: several servers may answer, one behind the other."""
    return settings.replica_lag_seconds if settings.store_address else 0.0


def load_app(settings: Settings, metrics: Metrics, closing: Closing) -> "FastAPI":
    """The slow part: model, index and chat page. Raises ``IngestError`` or ``AssistantError``."""
    from assistant.parts import build_assistant
    from assistant.records import deidentifier
    from ingest.embed import SentenceTransformerEmbedder

    start = perf_counter()
    store = open_store(settings)
    model = cache(partial(SentenceTransformerEmbedder, settings.embedding_model))
    build = partial(build_assistant, settings, model, hiding=lambda: deidentifier()(), store=store)
    app = live_app(settings, metrics, closing, store, build)
    _log.info(texts.LOADED.format(seconds=perf_counter() - start))
    return app


def live_app(
    settings: Settings, metrics: Metrics, closing: Closing, store: Store, build: Callable[[], "Answering"]
) -> "FastAPI":
    """Over what ``build`` makes of the version of ``store`` that is in use, now and whenever another one is."""
    from assistant.collection import Whole
    from assistant.web.live import LiveAssistant

    assistant = LiveAssistant(store.version_in_use, build, metrics, doubt_seconds(settings))
    readiness = Readiness(
        store, settings.replica_lag_seconds, lambda: not isinstance(assistant.current.collection, Whole), metrics
    )
    app = create_app(assistant, settings, metrics, readiness)
    # The first reply loads what the libraries put off; better now than while a visitor waits.
    list(assistant.stream(texts.API_EXAMPLE))
    assistant.watch(settings.index_check_seconds, until=closing.begun, also=readiness.look)
    return app


def create_app(
    assistant: "Answering",
    settings: Settings,
    metrics: Metrics | None = None,
    readiness: Callable[[], str] = always_ready,
) -> "FastAPI":
    """The whole web app; our own routes first, for the chat page answers to every path that is left."""
    from assistant.web.chat.guard import guard_chat
    from assistant.web.chat.page import mount_chat
    from assistant.web.reception import Reception
    from assistant.web.shared_limits import limits_of
    from assistant.web.site import build_site

    metrics = metrics or Metrics()
    limits, records = limits_of(settings, metrics), _records(settings, metrics)
    reception = Reception(assistant, settings, limits, metrics, records, readiness)
    app = build_site(reception)
    mount_chat(app, reception)
    guard_chat(app)
    return app


def front(app: ASGIApp, settings: Settings, metrics: Metrics, closing: Closing) -> ASGIApp:
    """What every request meets first, whoever answers it then."""
    names = (*settings.public_hosts, settings.host)
    return Observed(PinnedHosts(LetFinish(app, closing), names), metrics)


def _records(settings: Settings, metrics: Metrics) -> "Records":
    from assistant.records import open_records

    return open_records(settings, metrics.records_lost.inc)


def _config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=log_config(settings.log_format),
        access_log=False,  # ours says less
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=ceil(settings.whole_reply_seconds) + _SECONDS_TO_SEND,
    )
