"""Real servers and a real Chromium, for tests that look at the pages as a visitor does."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from chat_fakes import ChatFake
from host_site import HostSite
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from starlette.types import ASGIApp
from web_fakes import ANSWER, reception
from widget_page import panel_tab

from assistant.answer import Part, Triaged, parts_of
from assistant.reply import Turn
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
PHONE = ViewportSize(width=360, height=740)
DESKTOP = ViewportSize(width=1280, height=800)
_START_SECONDS = 30

SLOWLY = "langzaam"


@dataclass
class BrowserFake(ChatFake):
    """As ``ChatFake``; says a sentence at a time at "langzaam", and what stands in an article at "warmte"."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        if "warmte" in question:
            yield from (Triaged(None), *parts_of(ANSWER))
            return
        for part in super().stream(question, history):
            yield part
            if SLOWLY in question:
                time.sleep(0.15)


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The address of ``app`` while it is being served; in the end it is gone at once, whatever it was answering."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=0))
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


@pytest.fixture(scope="session")
def host() -> Iterator[HostSite]:
    """Another site than 127.0.0.1 in the eyes of a browser; it may show the chat in a frame."""
    host = HostSite()
    with serving(host.app) as url:
        host.url = url.replace("127.0.0.1", "localhost")
        yield host


@pytest.fixture(scope="session")
def site_url(host: HostSite) -> Iterator[str]:
    """All of the web app but the full page, with an assistant that needs no model and no time; on ``host``, too."""
    fake = BrowserFake(usual_seconds=0.0, slow_seconds=3.0)
    with serving(build_site(reception(fake, reply_timeout_seconds=2.0, frame_ancestors=host.url))) as url:
        host.chat = url
        yield url


@pytest.fixture(scope="session")
def chat_url() -> Iterator[str]:
    """The whole web app as it is served, with an assistant that needs no model."""
    desk = reception(ChatFake(), reply_timeout_seconds=2.0)
    site = build_site(desk)
    mount_chat(site, desk)
    guard_chat(site)
    with serving(site) as url:
        yield url


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
    context = browser.new_context(viewport=PHONE, locale="en-US")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def touch_phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    """Of all tests in a module: leave it as it was. Without motion, so that everything is in its place at once."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def small_window(browser: Browser) -> Iterator[BrowserContext]:
    """Of all tests in a module: leave it as it was."""
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def panel(small_window: BrowserContext, site_url: str) -> Iterator[Page]:
    """The panel in a tab of its own."""
    panel = panel_tab(small_window, site_url)
    yield panel
    panel.close()


@pytest.fixture
def keeping_desktop(browser: Browser) -> Iterator[BrowserContext]:
    """With Chromium's own defaults: Playwright's deny all storage to frames of other sites."""
    keeping = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, "--disable-features=Translate"]
    )
    yield keeping.new_context(viewport=DESKTOP)
    keeping.close()


@pytest.fixture
def chat(phone: BrowserContext, chat_url: str) -> Page:
    """The chat page, loaded."""
    page = phone.new_page()
    page.goto(chat_url)
    page.get_by_label("Uw vraag").wait_for()
    return page
