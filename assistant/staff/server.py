"""The console's own process: it refuses to be open to others without a password, listens at once and then loads."""

import logging
import os
import shutil
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.staff import texts
from assistant.staff.pages import render
from assistant.staff.passwords import Password
from assistant.web.metrics import Metrics
from assistant.web.server import check_index, doubt_seconds, run
from assistant.web.shutdown import Closing

if TYPE_CHECKING:
    from fastapi import FastAPI

_TEMP = "tmp"

_log = logging.getLogger(__name__)


class PasswordNeededError(AssistantError):
    """Others could open the console, and there is no password."""

    def __init__(self, where: str) -> None:
        super().__init__(texts.PASSWORD_NEEDED.format(where=where))


class StaffFolderError(AssistantError):
    """There is no place for what staff brings."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(texts.STAFF_FOLDER_UNUSABLE.format(folder=folder, reason=reason))


def serve(settings: Settings) -> None:
    """Serve until stopped, and end the program.

    Raises ``AssistantError`` or ``IndexUnusableError`` before listening, and what makes loading fail after that.
    """
    refuse_if_open(settings)
    check_index(settings)
    run(_as_served(settings), partial(_load, settings), listening=texts.CONSOLE_LISTENING, render=render)


def refuse_if_open(settings: Settings) -> None:
    """Raises ``PasswordNeededError`` when others can come in without one, ``PasswordError`` for a bad hash."""
    if hashed := settings.staff_password_hash.get_secret_value():
        Password(hashed)
    elif not _is_this_machine(settings.staff_host):
        raise PasswordNeededError(settings.staff_host)
    elif settings.staff_hosts:
        raise PasswordNeededError(settings.staff_hosts[0])


def make_temp(settings: Settings) -> Path:
    """An empty folder of this process for what is uploaded; what an earlier one left is removed.

    Call before Gradio is imported, and with the port taken: so no other process has this folder. Raises
    ``StaffFolderError``.
    """
    temp = settings.staff_dir.resolve() / _TEMP / str(settings.staff_port)
    try:
        if temp.exists():
            shutil.rmtree(temp)
        temp.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise StaffFolderError(temp, error.strerror or type(error).__name__) from error
    os.environ["GRADIO_TEMP_DIR"] = str(temp)
    return temp


def _as_served(settings: Settings) -> Settings:
    """What the public server knows by other names."""
    return settings.model_copy(
        update={"host": settings.staff_host, "port": settings.staff_port, "public_hosts": settings.staff_hosts}
    )


def _load(settings: Settings, _: Settings, metrics: Metrics, closing: Closing) -> "FastAPI":
    """The slow part: model, index and page. Raises ``IngestError`` or ``AssistantError``."""
    temp = make_temp(settings)
    from assistant.parts import build_assistant
    from assistant.records import deidentifier
    from assistant.staff.desk import Desk
    from assistant.staff.site import build_site
    from assistant.web.live import LiveAssistant
    from ingest.embed import SentenceTransformerEmbedder
    from ingest.stores import open_store

    start = perf_counter()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    store = open_store(settings)
    build = partial(build_assistant, settings, lambda: embedder, hiding=lambda: deidentifier()(), store=store)
    live = LiveAssistant(store.version_in_use, build, metrics, doubt_seconds(settings))
    app = build_site(Desk(settings, live, embedder), temp)
    live.watch(settings.index_check_seconds, until=closing.begun)
    _log.info(texts.CONSOLE_LOADED.format(seconds=perf_counter() - start))
    return app


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
