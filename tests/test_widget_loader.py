"""The button on somebody else's website: there with one line, whatever that site looks like, and no trace beside it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser_fixtures import serving
from host_site import HostSite
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.routing import Mount
from web_fakes import reception
from widget_page import LAST_SENTENCE, ask, launcher, open_panel, place, widget

from assistant import texts
from assistant.web.site import build_site
from assistant.web.widget.loader import loader

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures",)

OPEN, CLOSE = texts.WIDGET_BUTTON["nl"]
Colour = tuple[float, ...]

HOSTILE_RULES = """
  html { font-size: 40px !important; direction: rtl; --gap: 300px; --top: 300px; --room: 50px; --high: 50px; }
  body { display: grid; gap: 30px; min-height: 100vh; align-content: space-between; }
  body * { display: block !important; font: 40px serif !important; color: red !important; background: yellow !important;
    position: static !important; opacity: 0.3 !important; width: 3px !important; transform: rotate(9deg) !important;
    visibility: hidden !important; pointer-events: none !important; z-index: -1 !important; border: 9px solid; }
  rugpijn-chat, button, iframe, a, svg, .button, .dialog, .widget, [hidden] { display: none !important; }
"""

WATCH_POLICY = """
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""

# Everything by which a website could notice that something of ours is on it, apart from the element itself.
FOOTPRINT = """() => ({
  globals: Object.getOwnPropertyNames(window).sort(),
  styles: [document.styleSheets.length, document.adoptedStyleSheets.length],
  viewport: document.querySelector("meta[name=viewport]").content,
  attributes: [document.documentElement, document.body].map((each) => each.getAttributeNames()),
  head: document.head.innerHTML,
  places: [...document.querySelectorAll("main, h1, p, a")].map((each) => JSON.stringify(each.getBoundingClientRect())),
  scrolled: [scrollX, scrollY, document.documentElement.scrollWidth, document.documentElement.scrollHeight],
  focus: document.activeElement.tagName,
  kept: [document.cookie, localStorage.length, sessionStorage.length],
})"""


@pytest.fixture
def page(desktop: BrowserContext, site_url: str) -> Iterator[Page]:
    page = desktop.new_page()
    page.add_init_script(WATCH_POLICY)
    yield page
    page.close()


def visit(page: Page, address: str) -> Page:
    page.goto(address)
    expect(launcher(page)).to_have_count(1)
    return page


def style_of(page: Page, *names: str) -> list[str]:
    return [
        launcher(page).evaluate("(button, name) => getComputedStyle(button).getPropertyValue(name)", name)
        for name in names
    ]


def test_one_line_gives_a_real_button_in_a_shadow_root_under_a_policy_that_allows_us_alone(
    page: Page, host: HostSite
) -> None:
    visit(page, host.page())
    expect(page.get_by_role("button", name=OPEN, exact=True)).to_be_visible()
    assert launcher(page).evaluate("(button) => button.getRootNode() instanceof ShadowRoot")
    assert (
        page.evaluate("document.body.lastElementChild.localName + document.querySelectorAll('button').length")
        == "rugpijn-chat0"
    )
    answer = ask(open_panel(page))
    expect(answer).to_contain_text(LAST_SENTENCE)
    assert page.evaluate("window.violations") == []


def test_before_it_is_opened_there_is_one_request_for_the_script(page: Page, host: HostSite) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    address = host.page(greeting="Vraag het ons", position="left", colour="pink")
    visit(page, address)
    launcher(page).hover()
    launcher(page).focus()
    page.wait_for_load_state("networkidle")
    assert requests == [address, f"{host.chat}/widget.js"]
    expect(widget(page).locator("iframe")).to_have_count(0)
    open_panel(page)
    assert len(requests) > 2


def test_the_website_is_as_it_was_without_us(page: Page, host: HostSite) -> None:
    style = host.style(
        "body { display: flex; flex-direction: column; gap: 2rem; min-height: 130vh; justify-content: space-between }"
    )
    footer = "</main><footer><p>Adres</p></footer><main hidden>"
    page.goto(host.page(body=footer, head=style, script=""))
    page.evaluate("scrollTo(0, 100)")
    before = page.evaluate(FOOTPRINT)
    visit(page, host.page(body=footer, head=style))
    page.evaluate("scrollTo(0, 100)")
    # Of its own file names the two pages differ.
    assert _without_numbers(page.evaluate(FOOTPRINT)) == _without_numbers(before)
    panel = open_panel(page)
    ask(panel)
    ask(panel, "spoed")
    panel.locator("#box").press("Escape")
    launcher(page).blur()
    assert _without_numbers(page.evaluate(FOOTPRINT)) == _without_numbers(before)


def test_with_the_tab_key_the_button_comes_after_everything_of_the_website(page: Page, host: HostSite) -> None:
    late = "<p>" + "x" * 200_000 + "</p><p><a href='/1'>Een</a> <a href='/2'>Twee</a></p>"
    visit(page, host.page(head=host.script(), body=late, script=""))
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.localName"))
    assert seen == ["Afspraak maken", "Een", "Twee", "rugpijn-chat"]


def test_styles_of_the_website_do_not_reach_the_button_or_the_panel(page: Page, host: HostSite) -> None:
    wanted = (
        "font-size",
        "font-family",
        "color",
        "background-color",
        "display",
        "opacity",
        "direction",
        "border-top-width",
    )
    looks = style_of(visit(page, host.page()), *wanted)
    panel_place = (open_panel(page), place(page, ".dialog"))[1]
    button_place = place(page)
    visit(page, host.page(head=host.style(HOSTILE_RULES)))
    assert style_of(page, *wanted) == looks
    open_panel(page)
    assert place(page) == button_place
    assert place(page, ".dialog") == panel_place
    expect(widget(page).locator("iframe")).to_be_visible()


@pytest.mark.parametrize("how", ["async", "defer", ""])
def test_included_twice_there_is_one(page: Page, host: HostSite, how: str) -> None:
    visit(page, host.page(head=host.script(how=how), script=host.script(how=how)))
    page.wait_for_load_state("networkidle")
    expect(widget(page)).to_have_count(1)
    open_panel(page)
    launcher(page).click()
    expect(widget(page).locator("iframe")).to_be_hidden()


def test_a_script_in_the_head_waits_for_the_page(page: Page, host: HostSite) -> None:
    visit(page, host.page(head=host.script(how=""), script=""))
    expect(launcher(page)).to_be_visible()


INSTALL = """async ([script, data]) => {
  document.querySelector("rugpijn-chat")?.remove();
  const made = document.createElement("script");
  Object.assign(made.dataset, data);
  made.src = script;
  await new Promise((loaded) => { made.onload = loaded; document.body.append(made); });
  made.remove();
}"""


@pytest.fixture(scope="module")
def install(browser: Browser, host: HostSite, site_url: str) -> Iterator[Callable[..., Page]]:
    """Gives a page of a website on which the button was put anew, with these data- attributes."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(host.page(script=""))

    def installed(**data: str) -> Page:
        page.evaluate(INSTALL, [f"{site_url}/widget.js", data])
        return page

    yield installed
    page.close()


Install = Callable[..., Page]


@pytest.mark.parametrize(
    ("offset", "right", "bottom"),
    [
        ("24", 24, 24),
        ("24 80", 24, 80),
        ("0,400", 0, 400),
        *[(nonsense, 20, 20) for nonsense in ("", "-5", "401", "12px", "1 2 3", "calc(1px)", "NaN", "1;}*{")],
    ],
)
def test_the_offset_is_kept_where_it_is_one(install: Install, offset: str, right: int, bottom: int) -> None:
    at = place(install(offset=offset))
    assert [1280 - at["x"] - at["width"], 800 - at["y"] - at["height"]] == [right, bottom]


@pytest.mark.parametrize("size", [(320, 400), (480, 320), (1280, 800)])
@pytest.mark.parametrize("position", ["left", "right"])
def test_whatever_the_offset_button_and_panel_stay_in_the_window(
    install: Install, size: tuple[int, int], position: str
) -> None:
    page = install(offset="400", position=position, greeting="Vraag het ons")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    launcher(page).click()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    seen = [place(page, ".dialog")]
    launcher(page).dispatch_event("click")
    page.set_viewport_size({"width": 1280, "height": 800})
    seen.append(place(page))
    for at in seen:
        assert at["x"] >= 0 and at["y"] >= 0
    assert seen[0]["x"] + seen[0]["width"] <= size[0] and seen[0]["y"] + seen[0]["height"] <= size[1]
    assert seen[0]["height"] >= min(400, size[1] - 24)


def test_at_the_left_when_asked_and_else_at_the_right(install: Install) -> None:
    for position, is_left in (("left", True), ("right", False), ("LEFT; top: 0", False)):
        page = install(position=position)
        launcher(page).click()
        for selector in ("button", ".dialog"):
            assert (place(page, selector)["x"] == 20) is is_left, position


@pytest.mark.parametrize("language", texts.WIDGET_BUTTON)
def test_the_button_speaks_the_language_of_the_website(install: Install, language: str) -> None:
    opens, closes = texts.WIDGET_BUTTON[language]
    page = install(language=language)
    button = page.get_by_role("button", name=opens, exact=True)
    expect(button).to_have_attribute("lang", language)
    button.click()
    expect(page.get_by_role("button", name=closes, exact=True)).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("language", ["", "xx", "NL ", "constructor", "__proto__", "toString"])
def test_a_language_it_does_not_speak_is_dutch(install: Install, language: str) -> None:
    button = install(language=language).get_by_role("button", name=OPEN, exact=True)
    expect(button).to_have_attribute("lang", "nl")


def test_a_greeting_is_shown_as_text_and_no_longer_than_it_may_be(install: Install) -> None:
    page = install(greeting='  <b>Vraag</b> & "zo"  ')
    expect(launcher(page)).to_have_text('<b>Vraag</b> & "zo"')
    expect(launcher(page)).to_have_accessible_name(f'<b>Vraag</b> & "zo". {OPEN}')
    install(greeting="😀" * 60)
    expect(launcher(page)).to_have_text("😀" * 40)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        at = place(page)
        assert at["x"] >= 0 and at["x"] + at["width"] <= width
        assert launcher(page).evaluate("(button) => button.scrollWidth <= button.offsetWidth")


def colours_on(page: Page) -> tuple[Colour, Colour]:
    """Of the words on the button, and of the button; nothing shines through."""
    words, button = (
        tuple(map(float, re.findall(r"[\d.]+", each))) for each in style_of(page, "color", "background-color")
    )
    assert len(words) == len(button) == 3
    return words, button


def luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (p / 255 for p in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


BYTES, PERCENT, DEGREES = st.integers(0, 255), st.integers(0, 100), st.integers(0, 360)
COLOURS = st.one_of(
    st.builds("#{:02x}{:02x}{:02x}".format, BYTES, BYTES, BYTES),
    st.builds("#{:02x}{:02x}{:02x}{:02x}".format, BYTES, BYTES, BYTES, BYTES),
    st.builds("hsl({} {}% {}%)".format, DEGREES, PERCENT, PERCENT),
    st.builds("oklch({}% {}% {} / {}%)".format, PERCENT, PERCENT, DEGREES, PERCENT),
    st.sampled_from(["rebeccapurple", "color(display-p3 1 0 0)", "lab(50% 40 59)", "#777", "#767676", "transparent"]),
)


@given(COLOURS)
@settings(max_examples=100)
def test_on_any_colour_the_words_can_be_read(install: Install, colour: str) -> None:
    assert contrast(*colours_on(install(colour=colour))) >= 4.5


@pytest.mark.parametrize(
    "nonsense", ["", "geen kleur", "inherit", "var(--x)", "red;}*{display:none}", "url(//evil.example)", "rgb(1,2"]
)
def test_what_is_no_colour_leaves_ours(install: Install, nonsense: str) -> None:
    assert colours_on(install(colour=nonsense))[1] == (0x0E, 0x6A, 0x5E)


def test_the_colour_that_was_asked_for_is_the_one(install: Install) -> None:
    assert colours_on(install(colour="#7a1f4b")) == ((255, 255, 255), (0x7A, 0x1F, 0x4B))
    assert colours_on(install(colour="yellow")) == ((0, 0, 0), (255, 255, 0))


def test_a_pinned_script_loads_and_one_that_was_changed_is_refused(page: Page, host: HostSite) -> None:
    pinned = f'src="{host.chat}/widget-{loader().hash}.js" integrity="{loader().integrity}" crossorigin="anonymous"'
    visit(page, host.page(script=f"<script {pinned} async></script>"))
    ask(open_panel(page))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.route(
        "**/widget-*.js",
        lambda route: route.fulfill(
            body=loader().content + b"\n", content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.goto(host.page(script=f"<script {pinned}></script>"))
    expect(widget(page)).to_have_count(0)
    assert any("integrity" in text for text in refused)


def test_a_website_that_may_not_show_it_says_so_and_offers_the_full_page(page: Page, host: HostSite) -> None:
    visit(page, host.page().replace("localhost", "127.0.0.1"))
    launcher(page).click()
    expect(page.get_by_text(texts.LOADING)).to_be_visible()
    expect(page.get_by_text(texts.WIDGET_UNREACHABLE)).to_be_visible()
    link = page.get_by_role("link", name=texts.OPEN_FULL_PAGE_TITLE)
    assert link.get_attribute("href") == f"{host.chat}/"
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(launcher(page)).to_be_focused()


def test_on_a_phone_a_chat_that_does_not_come_can_be_closed_and_tried_again(page: Page, host: HostSite) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.route("**/widget/panel", lambda route: route.abort())
    visit(page, host.page())
    launcher(page).click()
    expect(page.get_by_text(texts.WIDGET_UNREACHABLE)).to_be_visible()
    page.get_by_role("button", name=CLOSE, exact=True).click()
    expect(page.get_by_text(texts.WIDGET_UNREACHABLE)).to_be_hidden()
    page.unroute("**/widget/panel")
    ask(open_panel(page))


def test_behind_a_proxy_that_gives_it_a_path_of_its_own(page: Page) -> None:
    host = HostSite()
    with serving(host.app) as address:
        host.url = address.replace("127.0.0.1", "localhost")
        site = build_site(reception(frame_ancestors=host.url))
        with serving(Starlette(routes=[Mount("/chat", site)])) as url:
            host.chat = f"{url}/chat"
            missing: list[str] = []
            page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
            panel = open_panel(visit(page, host.page()))
            answer = ask(panel)
            assert (
                panel.get_by_role("link", name=texts.OPEN_FULL_PAGE, exact=True).evaluate("(a) => a.href")
                == f"{url}/chat/"
            )
            answer.locator("summary").click()
            with page.context.expect_page() as opened:
                answer.get_by_role("link", name=texts.READ_IN_ARTICLE).click()
            expect(opened.value.locator("mark")).to_be_visible()
            assert opened.value.url.startswith(f"{url}/chat/bron/")
            opened.value.goto(f"{url}/chat/widget-demo")
            open_panel(opened.value)
            assert missing == []


def _without_numbers(footprint: dict[str, Any]) -> dict[str, Any]:
    return footprint | {"head": re.sub(r"/\d+(?=['\"])", "", footprint["head"])}
