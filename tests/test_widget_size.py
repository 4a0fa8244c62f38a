"""A website is not to become slow by us: the script, and what opening the chat costs."""

import gzip

import pytest
from playwright.sync_api import BrowserContext, CDPSession

from assistant.web.widget.loader import loader

pytest_plugins = ("browser_fixtures",)

LOADER_BYTES = 4_000
PANEL_BYTES = 40_000
PANEL_REQUESTS = 5


def test_the_script_is_small() -> None:
    assert len(gzip.compress(loader().content, 9)) <= LOADER_BYTES


@pytest.mark.browser
def test_the_panel_is_small_and_in_few_requests(desktop: BrowserContext, site_url: str) -> None:
    """Counted as the browser does: what came over the line, headers included, when it is opened for the first time."""
    page = desktop.new_page()
    page.goto(f"{site_url}/widget/panel")
    session = desktop.new_cdp_session(page)
    sizes = received(session)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert 0 < len(sizes) <= PANEL_REQUESTS
    assert 1_000 < sum(sizes.values()) <= PANEL_BYTES


def received(session: CDPSession) -> dict[str, float]:
    """By request, filled as they end."""
    sizes: dict[str, float] = {}
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return sizes
