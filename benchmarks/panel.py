"""How long a visitor waits for the panel and for its first words, in a real Chromium; the chat page beside it."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from statistics import median
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from assistant import texts
from benchmarks.host_page import HostPage
from benchmarks.load_figures import percentile

_CHROMIUM = os.environ.get("RUGPIJN_CHROMIUM", "/usr/bin/chromium")
_CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_QUESTIONS_PER_OPENING = 3
_PATIENCE_SECONDS = 30
# For the rest of an answer to come in, and for the page to come to rest.
_PAUSE_MS = 1_500

# In every document, before its own scripts: when was something clicked, when could the visitor type, and how long after
# Enter stood the first words of an answer there. Moments are of one clock for all documents.
_WATCH = """
((answerSelector, searching) => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = (window.seen = { clicked: null, ready: null, typable: null, focused: null, words: null });
  addEventListener("click", () => (seen.clicked = now()), true);
  addEventListener("message", ({ data }) => {
    if (data?.rugpijn === "ready") seen.ready = now();
  });
  addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea")) seen.focused ??= now();
  }, true);
  const look = () => {
    const box = document.querySelector("textarea#box, #box textarea");
    if (box && !box.disabled && !box.readOnly && box.checkVisibility()) seen.typable = now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const answers = () => [...document.querySelectorAll(answerSelector)];
  addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !target.matches("textarea")) return;
    const [entered, before] = [now(), answers().length];
    seen.words = null;
    const watching = new MutationObserver(() => {
      const said = answers().slice(before).pop()?.textContent.trim();
      if (!said || said.includes(searching)) return;
      watching.disconnect();
      seen.words = now() - entered;
    });
    watching.observe(document, { subtree: true, childList: true, characterData: true });
  }, true);
})
"""
_PANEL_ANSWER = ".answer .md"
_PAGE_ANSWER = "[data-testid=bot]"


@dataclass(frozen=True)
class Waits:
    """Milliseconds: from the click until the visitor can type, and from Enter until the first words are there."""

    opening: tuple[float, ...]
    words: tuple[float, ...]

    def row(self, name: str) -> str:
        opened = f"{median(self.opening):.0f} ({min(self.opening):.0f}–{max(self.opening):.0f})"
        return f"| {name} | {opened} | {median(self.words):.0f} | {percentile(self.words, 95):.0f} |"


def measure(host: HostPage, openings: int, questions: Sequence[str]) -> tuple[Waits, Waits]:
    """The panel's waits, and the chat page's; each opening in a browser profile of its own, with nothing cached."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_CHROMIUM_ARGS)
        panel = [_panel(browser, host, each) for each in _shares(questions, openings)]
        page = [_chat_page(browser, host, each) for each in _shares(questions, openings)]
        browser.close()
    return _together(panel), _together(page)


def _together(waits: Sequence[Waits]) -> Waits:
    return Waits(
        tuple(moment for each in waits for moment in each.opening),
        tuple(moment for each in waits for moment in each.words),
    )


def _shares(questions: Sequence[str], openings: int) -> Iterator[list[str]]:
    left = iter(questions)
    return (list(islice(left, _QUESTIONS_PER_OPENING)) for _ in range(openings))


def _panel(browser: Browser, host: HostPage, questions: Sequence[str]) -> Waits:
    with _visitor(browser, _PANEL_ANSWER) as context:
        page = context.new_page()
        page.goto(host.origin)
        page.wait_for_timeout(_PAUSE_MS)
        page.locator("rugpijn-chat button").click()
        ready, clicked = _wait_for(page, page.main_frame, "ready"), _seen(page.main_frame, "clicked")
        frame = next(frame for frame in page.frames if frame.url.endswith("/widget/panel"))
        usable = max(ready, _wait_for(page, frame, "focused"), _wait_for(page, frame, "typable"))
        return Waits((usable - clicked,), tuple(_asked(page, frame, "#box", each) for each in questions))


def _chat_page(browser: Browser, host: HostPage, questions: Sequence[str]) -> Waits:
    with _visitor(browser, _PAGE_ANSWER) as context:
        page = context.new_page()
        page.goto(host.origin)
        page.wait_for_timeout(_PAUSE_MS)
        with context.expect_page() as opened:
            page.get_by_role("link").click()
        chat = opened.value
        usable = _wait_for(chat, chat.main_frame, "typable")
        opening = usable - _seen(page.main_frame, "clicked")
        chat.wait_for_timeout(_PAUSE_MS)
        return Waits((opening,), tuple(_asked(chat, chat.main_frame, "#box textarea", each) for each in questions))


@contextmanager
def _visitor(browser: Browser, answer_selector: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.add_init_script(f"{_WATCH}({json.dumps(answer_selector)}, {json.dumps(texts.SEARCHING)})")
    yield context
    context.close()


def _asked(page: Page, frame: Frame, box: str, question: str) -> float:
    frame.locator(box).fill(question)
    frame.locator(box).press("Enter")
    milliseconds = _wait_for(page, frame, "words")
    page.wait_for_timeout(_PAUSE_MS)
    return milliseconds


def _wait_for(page: Page, frame: Frame, moment: str) -> float:
    deadline = monotonic() + _PATIENCE_SECONDS
    while (found := _seen(frame, moment)) is None:
        if monotonic() > deadline:
            raise TimeoutError(f"{moment}: nothing within {_PATIENCE_SECONDS} s on {page.url}")
        page.wait_for_timeout(20)
    return float(found)


def _seen(frame: Frame, moment: str) -> Any:
    return frame.evaluate("moment => window.seen[moment]", moment)
