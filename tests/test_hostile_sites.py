"""What another site can do with ours in the browser of somebody who visits it: nothing but include the loader."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser_fixtures import serving
from hostile_fixtures import Target
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "hostile_fixtures")

PROBES = """async (chat) => {
  const outcome = (promise) => promise.then((response) => response.type, () => "refused");
  const json = { "Content-Type": "application/json" };
  const plain = { "Content-Type": "text/plain" };
  const question = JSON.stringify({ question: "van een andere site" });
  const entry = JSON.stringify({ data: ["van een andere site", null], fn_index: 0, session_hash: "elders" });
  const post = (path, body, headers, more = {}) =>
    outcome(fetch(chat + path, { method: "POST", body, headers, ...more }));
  navigator.sendBeacon(`${chat}/api/ask`, new Blob([question], { type: "text/plain" }));
  const readable = [
    await outcome(fetch(`${chat}/`)),
    await outcome(fetch(`${chat}/config`)),
    await post("/api/ask", question, json),
    await post("/api/ask/stream", question, json),
    await post("/api/ask", question, json, { credentials: "include" }),
    await post("/gradio_api/queue/join", entry, json),
    await new Promise((done) => {
      const source = new EventSource(`${chat}/gradio_api/queue/data?session_hash=elders`);
      source.onerror = () => (source.close(), done("refused"));
      source.onmessage = () => (source.close(), done("heard"));
    }),
  ];
  const blind = [
    await post("/api/ask", question, plain, { mode: "no-cors" }),
    await post("/gradio_api/queue/join", entry, plain, { mode: "no-cors" }),
  ];
  return { readable, blind };
}"""


@pytest.fixture(scope="module")
def evil_url(target: Target) -> Iterator[str]:
    """Another site, that shows all of ours in frames."""
    paths = ("/", "/widget/panel", "/widget-demo", "/bron/nek-en-rug", "/docs", "/health")

    async def page(_: Any) -> HTMLResponse:
        return HTMLResponse("".join(f'<iframe src="{target.url}{path}"></iframe>' for path in paths))

    with serving(Starlette(routes=[Route("/", page)])) as url:
        yield url.replace("127.0.0.1", "localhost")


def test_another_site_can_show_nothing_of_ours_in_a_frame(browser: Browser, target: Target, evil_url: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(evil_url)

    def refused() -> int:
        return sum("frame-ancestors" in complaint for complaint in complaints)

    # A refused frame need not be refused yet when the page around it has loaded.
    waits = 0
    while refused() < 6 and waits < 150:
        page.wait_for_timeout(100)
        waits += 1
    frames = page.frames[1:]
    assert len(frames) == refused() == 6
    # A build of Chromium shows its own page in a refused frame, or none at all.
    assert {frame.url for frame in frames} <= {"chrome-error://chromewebdata/", ""}
    page.close()


def test_another_site_can_read_nothing_and_ask_nothing(browser: Browser, target: Target, evil_url: str) -> None:
    asked = list(target.assistant.asked)
    page = browser.new_page()
    page.goto(evil_url)
    outcomes = page.evaluate(PROBES, target.url)
    page.wait_for_timeout(300)
    page.close()
    assert set(outcomes["readable"]) == {"refused"}
    assert set(outcomes["blind"]) == {"opaque"}
    assert target.assistant.asked == asked
    assert target.is_well()
