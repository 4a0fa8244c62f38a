"""Hostile words of visitors, assistant and articles in Chromium: they are shown, and nothing else comes of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import urlopen

import pytest
from browser_fixtures import serving
from chat_page import LAST_SENTENCE, QUESTION, answers, box, button, questions, wait_until_answered
from chat_page import ask as begin_asking
from hostile_answers import HostileAssistant, hostile_answers, hostile_texts
from hostile_fixtures import Target
from hostile_inputs import messages
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from web_fakes import reception, words_of
from widget_page import ask as ask_panel

from assistant import texts
from assistant.web.chat.guard import guard_chat
from assistant.web.chat.page import mount_chat
from assistant.web.site import build_site

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "hostile_fixtures")

TYPED = [message.text for message in messages() if message.outcome == "reply"]
# Together as long as one question may be, for the chat page needs a second for each.
_MOST_CHARS = 950
# Nothing that anyone says may become one of these.
FORBIDDEN = (
    "script, iframe, frame, object, embed, form, style, link, meta, base, svg, math, img, picture, video, audio, "
    "source, template, dialog, input, textarea, select, marquee, gradio-app, code, pre, table, mark, "
    "[onerror], [onload], [onclick], [onfocus], [ontoggle], [autofocus], [style], [ping], [srcdoc], [popover]"
)
MEMORY = "rugpijn-gesprek"
KINDS = "() => [...new Set([...document.querySelectorAll('*')].map((each) => each.localName))]"
LINKS = """(selector) => [...document.querySelectorAll(`${selector} a`)].map((each) => each.href)"""


@dataclass
class Watch:
    """Everything a page does that it should not."""

    url: str
    foreign: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.route(lambda url: not url.startswith(f"{self.url}/"), self._stop)
        context.on("page", self._watch)

    def _stop(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _watch(self, page: Page) -> None:
        page.on("dialog", lambda dialog: (self.events.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: self.events.append(f"popup: {popup.url}"))
        page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        page.on("console", lambda said: self.events.append(said.text) if "Content Security" in said.text else None)
        page.on("response", lambda response: self._hear(response.status, response.url))

    def _hear(self, status: int, url: str) -> None:
        if status >= 500:
            self.events.append(f"{status} at {url}")

    def saw_nothing(self, page: Page) -> bool:
        assert self.foreign == []
        assert self.events == []
        assert page.evaluate("window.hacked") is None
        assert page.title() == texts.PAGE_TITLE
        assert page.context.cookies() == []
        return True


@contextmanager
def watched(browser: Browser, url: str) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    watch = Watch(url)
    watch.attach(context)
    yield context.new_page(), watch
    context.close()


def kinds(page: Page) -> set[str]:
    """The names of all elements there are."""
    return set(page.evaluate(KINDS))


def assert_is_text_only(page: Page, said: str, url: str) -> None:
    """What stands in the parts of the page at ``said``."""
    found = page.locator(said).locator(FORBIDDEN)
    assert found.evaluate_all("(each) => each.map((one) => one.outerHTML.slice(0, 200))") == []
    links = page.evaluate(LINKS, said)
    assert [link for link in links if not link.startswith((f"{url}/", "tel:"))] == []


def batches(typed: list[str]) -> Iterator[str]:
    """Several messages in one, a line each."""
    batch = ""
    for text in typed:
        if batch and len(batch) + len(text) >= _MOST_CHARS:
            yield batch
            batch = ""
        batch += f"{text}\n"
    yield batch


def ask_chat(page: Page, question: str) -> None:
    """On the chat page, until the answer is whole."""
    begin_asking(page, question)
    wait_until_answered(page)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() and char.isascii())


# What a visitor types


def test_the_panel_shows_what_was_typed_and_nothing_comes_of_it(browser: Browser, target: Target) -> None:
    with watched(browser, target.url) as (page, watch):
        page.goto(f"{target.url}/widget/panel")
        for question in (QUESTION, "paracetamol", "al weken", "voetbal", "spoed", "boem"):
            ask_panel(page, question)
        watch.events.clear()  # "boem" is meant to be a 500
        before = kinds(page)
        for text in TYPED:
            ask_panel(page, text)
            shown = questions(page).last.evaluate("(each) => each.textContent")
            assert shown == text.replace("\r\n", "\n").replace("\r", "\n")
        assert kinds(page) <= before
        assert_is_text_only(page, "#log .asked", target.url)
        page.reload()
        assert_is_text_only(page, "#log .asked", target.url)
        assert kinds(page) <= before
        ask_panel(page, QUESTION)
        expect(answers(page).last).to_contain_text(LAST_SENTENCE)
        assert watch.saw_nothing(page)


def test_the_chat_page_shows_what_was_typed_and_nothing_comes_of_it(browser: Browser, target: Target) -> None:
    with watched(browser, target.url) as (page, watch):
        page.goto(target.url)
        box(page).wait_for()
        for question in (QUESTION, "paracetamol", "al weken", "voetbal", "spoed", "twee\nregels"):
            ask_chat(page, question)
        before = kinds(page)
        for batch in batches(TYPED):
            ask_chat(page, batch)
            assert letters(questions(page).last.inner_text()) == letters(batch)
        assert kinds(page) <= before
        assert_is_text_only(page, "#log [data-testid=user] .md", target.url)
        ask_chat(page, QUESTION)
        expect(answers(page).last).to_contain_text(LAST_SENTENCE)
        assert watch.saw_nothing(page)


def test_the_batches_hold_all_that_is_typed() -> None:
    assert "".join(batches(TYPED)) == "".join(f"{text}\n" for text in TYPED)


# What the assistant and the articles say


@pytest.fixture(scope="module")
def hostile_url() -> Iterator[str]:
    desk = reception(HostileAssistant())
    site = build_site(desk)
    mount_chat(site, desk)
    guard_chat(site)
    with serving(site) as url:
        yield url


def test_a_hostile_answer_is_text_in_the_panel(browser: Browser, hostile_url: str) -> None:
    with watched(browser, hostile_url) as (page, watch):
        page.goto(f"{hostile_url}/widget/panel")
        for number, answer in enumerate(hostile_answers()):
            ask_panel(page, f"antwoord {number}")
            for source in answers(page).last.locator("summary").all():
                source.evaluate("(each) => each.click()")
            said = letters(answers(page).last.inner_text())
            assert [text for text in answer.sentences if letters(text.text) not in said] == []
            assert_is_text_only(page, "#log", hostile_url)
            button(page, texts.NEW_CONVERSATION).click()
        ask_panel(page, QUESTION)
        expect(answers(page).last).to_contain_text(LAST_SENTENCE)
        assert watch.saw_nothing(page)


def test_a_hostile_answer_is_text_on_the_chat_page(browser: Browser, hostile_url: str) -> None:
    with watched(browser, hostile_url) as (page, watch):
        page.goto(hostile_url)
        box(page).wait_for()
        for number, answer in enumerate(hostile_answers()):
            ask_chat(page, f"antwoord {number}")
            said = letters(answers(page).last.inner_text())
            assert [text for text in answer.sentences if letters(text.text) not in said] == []
            assert_is_text_only(page, "#log [data-testid=bot] .md", hostile_url)
        ask_chat(page, QUESTION)
        expect(answers(page).last).to_contain_text(LAST_SENTENCE)
        assert watch.saw_nothing(page)


def test_hostile_examples_are_text_on_both_pages(browser: Browser, hostile_url: str) -> None:
    examples = HostileAssistant().examples(2)
    for path in ("/widget/panel", "/"):
        with watched(browser, hostile_url) as (page, watch):
            page.goto(f"{hostile_url}{path}")
            box(page).wait_for()
            assert [letters(chip) for chip in page.locator(".chip").all_inner_texts()] == [letters(e) for e in examples]
            page.locator(".chip").first.click()
            expect(answers(page).last).to_contain_text(LAST_SENTENCE)
            assert letters(questions(page).last.inner_text()) == letters(examples[0])
            assert watch.saw_nothing(page)


def test_a_hostile_article_is_text(browser: Browser, hostile_url: str) -> None:
    with watched(browser, hostile_url) as (page, watch):
        page.goto(f"{hostile_url}/bron/boos")
        shown = letters(page.locator("main").inner_text())
        assert all(letters(text) in shown for text in hostile_texts())
        assert_is_text_only(page, "main .text", hostile_url)
        assert page.locator("main a").evaluate_all("(all) => all.map((each) => each.href)") == ["https://evil.example/"]
        assert watch.foreign == watch.events == []


def test_what_a_visitor_left_behind_in_the_panels_memory_cannot_hurt_it(browser: Browser, target: Target) -> None:
    """Anyone who can write there is this site itself; but it may be of another version."""
    answer = {
        "sentences": [{"text": "<img src=x onerror=window.hacked=1>"}],
        "citations": "x",
        "alarm": {"calls": [{}]},
    }
    remembered = [
        "",
        "{",
        "null",
        "[]",
        '{"exchanges": 5}',
        json.dumps({"exchanges": [{"question": "x", "answer": answer}]}),
    ]
    with watched(browser, target.url) as (page, watch):
        page.goto(f"{target.url}/widget/panel")
        for kept in remembered:
            page.evaluate(f"(kept) => (sessionStorage['{MEMORY}'] = kept)", kept)
            page.reload()
            ask_panel(page, QUESTION)
            expect(answers(page).last).to_contain_text(LAST_SENTENCE)
            assert_is_text_only(page, "#log", target.url)
        assert watch.saw_nothing(page)


def test_the_words_of_an_article_do_not_reach_its_html_unescaped(hostile_url: str) -> None:
    """The same without a browser's forgiveness: what the page says is what stands in the article."""
    with urlopen(f"{hostile_url}/bron/boos") as response:
        page = words_of(response.read().decode())
    assert all(letters(text) in letters(page.text) for text in hostile_texts())
    assert not {"script", "img", "svg", "iframe", "form", "style", "object"} & {tag for tag, _ in page.tags}
