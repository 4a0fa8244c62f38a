"""One process that serves everything: it listens at once, loads in the background, and then chats."""

import logging
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import uvicorn

from assistant import texts
from assistant.settings import Settings
from assistant.web.lobby import Lobby
from assistant.web.process import LOG_CONFIG, address_of, listen, silence_libraries
from ingest.embed import BUNDLED
from ingest.errors import IndexUnusableError
from ingest.manifest import read_manifest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.reply import Assistant

_SECONDS_TO_FINISH = 3

_log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until stopped.

    Raises ``IndexUnusableError`` before listening, and what makes loading fail after that; ends the program when the
    port is taken.
    """
    check_index(settings)
    silence_libraries(offline=settings.embedding_model == BUNDLED)
    listener = listen(settings.host, settings.port)
    failures: list[Exception] = []

    def give_up(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    server = uvicorn.Server(_config(Lobby(partial(load_app, settings), give_up)))
    _log.info(texts.LISTENING.format(url=address_of(listener)))
    try:
        server.run([listener])
    except KeyboardInterrupt:
        pass
    if failures:
        raise failures[0]


def check_index(settings: Settings) -> None:
    """Without loading anything: is there a sound index, made with the configured model?"""
    manifest, _ = read_manifest(settings.index_dir)
    found, expected = manifest.model.name, settings.embedding_model
    if found != expected:
        reason = texts.INDEX_OF_OTHER_MODEL.format(found=found, expected=expected)
        raise IndexUnusableError(settings.index_dir, reason)


def load_app(settings: Settings) -> "FastAPI":
    """The slow part: model, index and chat page. Raises ``IngestError``."""
    from assistant.parts import build_assistant

    start = perf_counter()
    assistant = build_assistant(settings)
    app = create_app(assistant, settings)
    # The first reply loads what the libraries put off; better now than while a visitor waits.
    assistant.reply(texts.API_EXAMPLE)
    _log.info(texts.LOADED.format(seconds=perf_counter() - start))
    return app


def create_app(assistant: "Assistant", settings: Settings) -> "FastAPI":
    """The whole web app; our own routes first, for the chat page answers to every path that is left."""
    from assistant.web.chat.guard import guard_chat
    from assistant.web.chat.page import mount_chat
    from assistant.web.reception import Reception
    from assistant.web.site import build_site

    reception = Reception(assistant, settings)
    app = build_site(reception)
    mount_chat(app, reception)
    guard_chat(app)
    return app


def _config(lobby: Lobby) -> uvicorn.Config:
    return uvicorn.Config(
        lobby,
        log_config=LOG_CONFIG,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
