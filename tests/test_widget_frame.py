"""The panel in its frame on somebody else's website: focus, phones, zoom, and what stays from page to page."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from chat_page import answers, box, questions
from host_site import HostSite
from playwright.sync_api import BrowserContext, Frame, Page, Route, expect
from widget_page import (
    LAST_SENTENCE,
    QUESTION,
    ask,
    disclaimer,
    finished,
    focused,
    heard,
    launcher,
    listen,
    open_panel,
    place,
    send,
    shown_panel,
    sideways,
    sources,
    widget,
)

from assistant import texts

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

# As where a browser keeps no data for frames of other sites.
DENY_STORAGE = """
  const denied = { get() { throw new DOMException("denied", "SecurityError"); } };
  Object.defineProperty(window, "sessionStorage", denied);
  Object.defineProperty(window, "localStorage", denied);
"""


@pytest.fixture
def page(desktop: BrowserContext, host: HostSite, site_url: str) -> Iterator[Page]:
    page = desktop.new_page()
    page.goto(host.page())
    yield page
    page.close()


def height_of(page: Page) -> tuple[float, float]:
    """Where the panel begins, and how high it is."""
    at = place(page, ".dialog")
    return at["y"], at["height"]


def press_until(page: Page, key: str, panel: Frame, selector: str) -> None:
    for _ in range(30):
        page.keyboard.press(key)
        if panel.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def test_with_the_keyboard_alone_from_the_button_to_a_source_and_back(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    panel = shown_panel(page)
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("dialog", name=texts.WIDGET_NAME)).to_have_attribute("aria-modal", "true")
    expect(box(panel)).to_be_focused()
    page.keyboard.type("warmte")
    page.keyboard.press("Enter")
    finished(panel)
    expect(box(panel)).to_be_focused()
    press_until(page, "Shift+Tab", panel, "summary")
    page.keyboard.press("Enter")
    expect(sources(panel).locator(".quote")).to_be_visible()
    page.keyboard.press("Tab")
    expect(focused(panel)).to_have_text(texts.READ_IN_ARTICLE)
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("mark")).to_be_in_viewport()
    opened.value.close()
    page.keyboard.press("Escape")
    expect(widget(page).locator("iframe")).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_focus_goes_round_in_the_panel(page: Page, key: str) -> None:
    panel = open_panel(page)
    ask(panel, "voetbal")
    for start in ("h1", "#scroll", "#box"):
        panel.locator(start).focus()
        reached = set()
        for _ in range(15):
            page.keyboard.press(key)
            reached.add(focused(panel).inner_text() or focused(panel).get_attribute("id"))
        assert {texts.OPEN_FULL_PAGE, texts.CLOSE_CHAT, texts.COPY, "box", texts.SEND} <= reached


@pytest.mark.parametrize("way", ["escape", "button", "launcher"])
def test_closing_gives_focus_back_to_the_button_and_opening_goes_on_where_it_was(page: Page, way: str) -> None:
    panel = open_panel(page)
    ask(panel)
    panel.locator("#scroll").evaluate("(each) => { each.scrollTop = 120; }")
    box(panel).fill("half")
    match way:
        case "escape":
            box(panel).press("Escape")
        case "button":
            panel.get_by_role("button", name=texts.CLOSE_CHAT).click()
        case "launcher":
            launcher(page).click()
    expect(widget(page).locator("iframe")).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(panel)).to_be_focused()
    expect(box(panel)).to_have_value("half")
    expect(answers(panel)).to_have_count(1)
    assert panel.locator("#scroll").evaluate("(each) => each.scrollTop") == 120


def test_an_answer_that_comes_while_the_panel_is_closed_is_there_when_it_opens(page: Page) -> None:
    panel = open_panel(page)
    send(panel, QUESTION)
    box(panel).press("Escape")
    expect(panel.locator(".answer")).to_contain_text(LAST_SENTENCE)
    page.keyboard.press("Enter")
    expect(answers(panel)).to_be_visible()


def test_the_conversation_is_still_there_on_the_next_page_of_the_website(
    keeping_desktop: BrowserContext, host: HostSite, site_url: str
) -> None:
    page = keeping_desktop.new_page()
    page.goto(host.page())
    panel = open_panel(page)
    ask(panel)
    ask(panel, "spoed")
    page.goto(host.page())
    launcher(page).click()
    panel = shown_panel(page)
    listen(panel)
    expect(questions(panel)).to_have_text([QUESTION, "spoed"])
    expect(answers(panel).first).to_contain_text(LAST_SENTENCE)
    expect(panel.locator(".alarm")).to_be_in_viewport()
    expect(panel.get_by_role("alert")).to_have_count(0)
    assert [said for said in heard(panel) if said != texts.RESTORED] == []
    with page.expect_request("**/api/ask/stream") as asked:
        ask(panel, "nog iets")
    history = asked.value.post_data_json["history"]
    assert history == [{"role": "user", "content": QUESTION}, {"role": "user", "content": "spoed"}]


def test_an_alarm_that_comes_while_the_panel_is_closed_is_said_when_it_opens_and_then_no_more(page: Page) -> None:
    panel = open_panel(page)
    asked: list[Route] = []
    page.route("**/api/ask/stream", lambda route: asked.append(route))
    send(panel, "spoed")
    panel.locator("body").press("Escape")
    expect(widget(page).locator("iframe")).to_be_hidden()
    asked[0].continue_()
    expect(panel.locator(".alarm")).to_be_attached()
    for alerts in (1, 0):
        launcher(page).click()
        expect(panel.locator(".alarm")).to_be_in_viewport()
        expect(panel.get_by_role("status")).to_have_text(texts.ALARM_READY)
        expect(panel.get_by_role("alert")).to_have_count(alerts)
        expect(panel.locator(".alarm.said")).to_be_attached()
        panel.locator("body").press("Escape")


def test_an_alarm_that_was_said_is_not_said_again_when_the_panel_opens_again(page: Page) -> None:
    panel = open_panel(page)
    ask(panel, "spoed")
    expect(panel.get_by_role("alert")).to_have_count(1)
    expect(panel.locator(".alarm.said")).to_be_attached()
    panel.locator("body").press("Escape")
    launcher(page).click()
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(panel.locator(".alarm")).to_be_visible()


def test_where_storage_is_denied_the_conversation_lasts_as_long_as_the_page(page: Page, host: HostSite) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(f"if (location.href.startsWith({host.chat!r})) {{ {DENY_STORAGE} }}")
    page.goto(host.page())
    panel = open_panel(page)
    ask(panel)
    with page.expect_request("**/api/ask/stream") as asked:
        ask(panel, "voetbal")
    assert asked.value.post_data_json["history"] == [{"role": "user", "content": QUESTION}]
    panel.get_by_role("button", name=texts.NEW_CONVERSATION).click()
    expect(questions(panel)).to_have_count(0)
    ask(panel)
    page.goto(host.page())
    expect(open_panel(page).locator("#welcome")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize(
    ("allowed", "state", "question", "copied"),
    [("", "granted", QUESTION, LAST_SENTENCE), ("clipboard-write=()", "denied", "onbekend", texts.NOT_FOUND)],
)
def test_an_answer_can_be_copied_whether_or_not_the_website_allows_the_clipboard(
    page: Page, host: HostSite, allowed: str, state: str, question: str, copied: str
) -> None:
    page.goto(host.page(allowed=allowed))
    panel = open_panel(page)
    asked = "navigator.permissions.query({ name: 'clipboard-write' }).then((each) => each.state)"
    assert panel.evaluate(asked) == state
    answer = ask(panel, question)
    answer.get_by_role("button", name=texts.COPY).click()
    expect(answer.get_by_role("button", name=texts.COPIED)).to_be_focused()
    box(panel).focus()
    page.keyboard.press("Control+V")
    expect(box(panel)).to_have_value(re.compile(f"{re.escape(copied)}.*{re.escape(texts.DISCLAIMER)}", re.S))


def test_on_a_phone_it_fills_the_screen_and_no_keyboard_covers_what_is_to_be_read(
    touch_phone: BrowserContext, host: HostSite, site_url: str
) -> None:
    for position in ("left", "right"):
        page = touch_phone.new_page()
        page.goto(host.page(position=position, offset="30 90"))
        launcher(page).tap()
        panel = shown_panel(page)
        expect(panel.locator("h1")).to_be_focused()
        expect(launcher(page)).to_be_hidden()
        assert place(page, ".dialog") == {"x": 0, "y": 0, "width": 360, "height": 740}
        assert box(panel).evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= 16
        panel.locator(".chip").first.tap()
        finished(panel)
        expect(panel.locator("h1")).to_be_focused()
        panel.get_by_role("button", name=texts.CLOSE_CHAT).tap()
        expect(launcher(page)).to_be_visible()


def see(page: Page, **seen: float) -> None:
    """As when a keyboard comes up, or two fingers zoom in."""
    page.evaluate(
        """(seen) => {
          for (const [name, value] of Object.entries(seen)) {
            Object.defineProperty(visualViewport, name, { value, configurable: true });
          }
          visualViewport.dispatchEvent(new Event("resize"));
        }""",
        seen,
    )


def test_on_a_phone_the_box_stays_above_the_keyboard(
    touch_phone: BrowserContext, host: HostSite, site_url: str
) -> None:
    page = touch_phone.new_page()
    page.goto(host.page())
    panel = open_panel(page)
    ask(panel)
    see(page, height=330, offsetTop=60)
    assert height_of(page) == (60, 330)
    for part in (box(panel), panel.locator("#send"), disclaimer(panel), panel.get_by_text(texts.CLOSE_CHAT)):
        expect(part).to_be_in_viewport(ratio=1)
        at = part.bounding_box()
        assert at is not None and at["y"] >= 60 and at["y"] + at["height"] <= 390
    see(page, scale=2, height=200, offsetTop=100)
    assert height_of(page) == (60, 330)
    see(page, scale=1, height=740, offsetTop=0)
    assert height_of(page) == (0, 740)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (640, 400), (480, 320), (320, 256)])
def test_however_far_it_is_zoomed_in_everything_can_be_reached(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    panel = open_panel(page)
    ask(panel, "al zes weken")
    ask(panel, "voetbal")
    top, high = height_of(page)
    assert top >= 0 and top + high <= height
    for part in (
        box(panel),
        panel.locator("#send"),
        disclaimer(panel),
        panel.locator("#close"),
        panel.locator("#restart"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    assert panel.locator("#scroll").evaluate("(each) => each.clientHeight") >= 70
    assert not sideways(panel)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    panel.locator("summary").first.click()
    expect(panel.locator(".quote").first).to_be_in_viewport()


def test_where_motion_is_unwelcome_nothing_moves(page: Page) -> None:
    motions: tuple[Literal["no-preference", "reduce"], ...] = ("no-preference", "reduce")
    animation = "(each) => getComputedStyle(each).animationName"
    for motion in motions:
        page.emulate_media(reduced_motion=motion)
        page.reload()
        panel = open_panel(page)
        page.route("**/api/ask/stream", lambda route: None)
        send(panel, QUESTION)
        found = [widget(page).locator(".dialog").evaluate(animation), panel.locator("em").evaluate(animation)]
        assert found == (["none", "none"] if motion == "reduce" else ["rise", "breathe"])


def test_without_colours_the_button_and_the_panel_have_their_edges(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.reload()
    edge = "(each) => getComputedStyle(each).borderTopStyle + getComputedStyle(each).borderTopWidth"
    assert launcher(page).evaluate(edge) == "solid2px"
    panel = open_panel(page)
    ask(panel)
    for selector in (".asked", ".answer .md", "#box", "#send"):
        assert panel.locator(selector).evaluate(edge).startswith("solid"), selector
    assert widget(page).locator(".dialog").evaluate(edge) == "solid1px"
