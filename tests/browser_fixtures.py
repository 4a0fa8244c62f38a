"""A real server and a real Chromium, for tests that look at the page as a visitor does."""

import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from chat_fakes import ChatFake
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from web_fakes import reception

from assistant.web.chat.guard import guard_chat
from assistant.web.chat.page import mount_chat
from assistant.web.site import build_site

CHROMIUM = os.environ.get("RUGPIJN_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
_START_SECONDS = 30


@pytest.fixture(scope="session")
def chat_url() -> Iterator[str]:
    """The whole web app as it is served, with an assistant that needs no model."""
    desk = reception(ChatFake(), reply_timeout_seconds=2.0)
    site = build_site(desk)
    mount_chat(site, desk)
    guard_chat(site)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(site, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        _wait_for(server)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def _wait_for(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the session: as long as Playwright lives, no other test can run an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone of someone whose browser is not in Dutch."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def chat(phone: BrowserContext, chat_url: str) -> Page:
    """The chat page, loaded."""
    page = phone.new_page()
    page.goto(chat_url)
    page.get_by_label("Uw vraag").wait_for()
    return page
