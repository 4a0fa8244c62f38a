"""The product as a visitor and an operator meet it: a real process, the real model and articles, a real browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from browser_fixtures import browser, phone  # noqa: F401 - fixtures
from playwright.sync_api import BrowserContext, expect
from server_process import APP, START_SECONDS, ServerProcess, free_port, running

from assistant import texts
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.web.shutdown import HEARTBEAT

pytestmark = [pytest.mark.server, pytest.mark.model]

_QUESTION = "Hoe lang duurt een frozen shoulder?"


@dataclass(frozen=True)
class Served:
    """A running ``python app.py``: where it is, and what it said to the very first question."""

    server: ServerProcess
    was_ready_at_first: bool
    first_answer: httpx.Response

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="module")
def served(assistant: Assistant, real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log_file = tmp_path_factory.mktemp("product") / "log"
    port = free_port()
    command = (*APP, "--port", str(port), "--no-rate-limit")
    with running(command, port, log_file, RUGPIJN_INDEX_DIR=str(real_settings.index_dir)) as server:
        server.wait_for("/health")
        was_ready = httpx.get(f"{server.url}/ready").status_code == 200
        first = httpx.post(f"{server.url}/api/ask", json={"question": _QUESTION}, timeout=START_SECONDS)
        yield Served(server, was_ready, first)


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


def test_it_stops_promptly_and_well_when_told_to_whatever_pages_are_open(served: Served) -> None:
    with httpx.stream("GET", f"{served.url}{HEARTBEAT}een-bezoek", timeout=30) as page:
        next(page.iter_raw())
        served.server.terminate()
        assert served.server.ends_within(10) == 0
    assert _QUESTION not in served.server.log and "frozen" not in served.server.log.lower()


def test_without_an_index_it_does_not_start_but_names_the_command(tmp_path: Path) -> None:
    nothing = str(tmp_path / "nothing")
    with running((*APP, "--port", "0"), 0, tmp_path / "log", RUGPIJN_INDEX_DIR=nothing) as server:
        assert server.ends_within(START_SECONDS) == 1
        assert "rugpijn ingest" in server.log
        assert "Traceback" not in server.log
