"""The product as a visitor and an operator meet it: a real process, the real model and articles, a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from browser_fixtures import browser, phone  # noqa: F401 - fixtures
from playwright.sync_api import BrowserContext, expect

from assistant import texts
from assistant.reply import Assistant
from assistant.settings import Settings
from ingest.settings import PROJECT

pytestmark = [pytest.mark.server, pytest.mark.model]

_START_SECONDS = 120
_QUESTION = "Hoe lang duurt een frozen shoulder?"


@dataclass(frozen=True)
class Served:
    """A running ``python app.py``: where it is, and what it said to the very first question."""

    url: str
    process: subprocess.Popen[str]
    was_ready_at_first: bool
    first_answer: httpx.Response


@pytest.fixture(scope="module")
def served(assistant: Assistant, real_settings: Settings) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = _start(real_settings.index_dir, "--port", str(port), "--no-rate-limit")
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_listening(url, process)
        was_ready = httpx.get(f"{url}/ready").status_code == 200
        first = httpx.post(f"{url}/api/ask", json={"question": _QUESTION}, timeout=_START_SECONDS)
        yield Served(url, process, was_ready, first)
    finally:
        process.kill()
        process.wait()


def _start(index_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUGPIJN_")}
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=PROJECT,
        env=environment | {"RUGPIJN_INDEX_DIR": str(index_dir)},
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_until_listening(url: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start to listen")


def test_it_listens_before_it_has_loaded_and_holds_a_question_until_it_can_answer(served: Served) -> None:
    assert not served.was_ready_at_first
    assert served.first_answer.status_code == 200
    assert "een jaar à anderhalf jaar" in served.first_answer.json()["text"]


def test_every_quote_of_an_answer_can_be_read_marked_on_its_article_page(served: Served) -> None:
    answer = served.first_answer.json()
    assert answer["kind"] == "answered" and answer["citations"]
    for citation in answer["citations"]:
        page = httpx.get(served.url + citation["url"]).text
        marked = " ".join(re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL))
        assert _words(citation["quote"]) == _words(marked)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[^>]+>|&\w+;|&#\d+;", " ", text))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wat is de hoofdstad van Australië?", "out_of_scope"),
        ("hoeveel kost een behandeling", "not_found"),
        ("Helpt een korset tegen scoliose in de rug?", "not_found"),
        ("🤷", "out_of_scope"),
        ("???", "out_of_scope"),
    ],
)
def test_what_the_articles_do_not_say_is_refused_with_the_disclaimer(served: Served, question: str, kind: str) -> None:
    answer = httpx.post(f"{served.url}/api/ask", json={"question": question}).json()
    assert answer["kind"] == kind
    assert answer["sentences"] == answer["citations"] == []
    assert answer["suggestions"]
    assert answer["text"].endswith(texts.DISCLAIMER)


def test_an_alarm_comes_before_anything_else(served: Served) -> None:
    answer = httpx.post(f"{served.url}/api/ask", json={"question": "helpt massage? mijn kruis is doof"}).json()
    assert (answer["kind"], answer["urgency"]) == ("urgent", "spoed")
    assert answer["text"].startswith(texts.ALARM_SPOED_TITLE)
    assert answer["sentences"] == answer["citations"] == answer["suggestions"] == []


@pytest.mark.browser
def test_a_visitor_asks_reads_the_answer_as_it_comes_and_opens_its_source(
    served: Served,
    phone: BrowserContext,  # noqa: F811 - the fixture
) -> None:
    requested: list[str] = []
    page = phone.new_page()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(served.url)
    expect(page.get_by_text(texts.AI_NOTICE)).to_be_visible()
    page.evaluate(
        """() => { window.lengths = new Set(); new MutationObserver(() => {
            const bot = document.querySelector('[data-testid=bot]'); if (bot) window.lengths.add(bot.innerText.length);
        }).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
    )
    page.get_by_label(texts.QUESTION_LABEL).fill(_QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator("[data-testid=bot]").last
    expect(answer).to_contain_text("een jaar à anderhalf jaar")
    expect(answer).to_contain_text(texts.SOURCES)
    expect(answer).to_contain_text(texts.DISCLAIMER)
    assert len(page.evaluate("[...window.lengths]")) >= 3, "the answer came in one piece"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    with phone.expect_page() as opened:
        answer.get_by_role("link").first.click()
    source = opened.value
    for _ in range(2):
        mark = source.locator("mark").first
        expect(mark).to_contain_text("een jaar à anderhalf jaar")
        expect(mark).to_be_in_viewport()
        expect(source.get_by_text(texts.DISCLAIMER)).to_be_visible()
        source.reload()
    assert all(url.startswith((served.url, "data:")) for url in requested)


def test_it_stops_at_once_when_told_to(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_without_an_index_it_does_not_start_but_names_the_command(tmp_path: Path) -> None:
    process = _start(tmp_path / "nothing", "--port", "0")
    _, complaint = process.communicate(timeout=_START_SECONDS)
    assert process.returncode == 1
    assert "rugpijn ingest" in complaint
    assert "Traceback" not in complaint
