"""The widget's button and panel as a visitor handles them."""

from chat_fakes import LIST_ANSWER
from chat_page import answers, box
from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from assistant import texts

QUESTION = "Wat zijn de oorzaken van hoge rugpijn?"
FIRST_SENTENCE = LIST_ANSWER.sentences[0].text
LAST_SENTENCE = LIST_ANSWER.sentences[-1].text

# The panel is a page of its own, or a frame in a website's page.
Panel = Page | Frame


def widget(page: Page) -> Locator:
    return page.locator("rugpijn-chat")


def launcher(page: Page) -> Locator:
    return widget(page).locator("button")


def open_panel(page: Page) -> Frame:
    """Press the button, and wait until the panel has focus."""
    launcher(page).click()
    return shown_panel(page)


def shown_panel(page: Page) -> Frame:
    element = widget(page).locator("iframe").element_handle()
    frame = element.content_frame() if element else None
    assert frame is not None
    box(frame).wait_for()
    return frame


def place(page: Page, selector: str = "button") -> dict[str, float]:
    """Of a part of the widget in the window."""
    found = widget(page).locator(selector).bounding_box()
    assert found is not None
    return {side: round(value, 1) for side, value in dict(found).items()}


def panel_tab(context: BrowserContext, url: str) -> Page:
    """The panel on its own."""
    page = context.new_page()
    page.goto(f"{url}/widget/panel")
    return page


def send(panel: Panel, question: str) -> None:
    box(panel).fill(question)
    box(panel).press("Enter")


def ask(panel: Panel, question: str = QUESTION) -> Locator:
    """The finished reply, or what is said instead."""
    before = answers(panel).count()
    send(panel, question)
    expect(answers(panel)).to_have_count(before + 1)
    return finished(panel)


def finished(panel: Panel) -> Locator:
    expect(answers(panel).last).not_to_have_attribute("aria-busy", "true")
    return answers(panel).last


def sources(panel: Panel) -> Locator:
    return answers(panel).last.locator("details")


def focused(panel: Panel) -> Locator:
    return panel.locator(":focus")


def disclaimer(panel: Panel) -> Locator:
    return panel.locator("footer").get_by_text(texts.DISCLAIMER)


# What a screen reader would say by itself, in order: an alert as it is put in, and each new text of a status.
LISTEN = """() => {
  window.heard = [];
  const within = (node) => (node.nodeType === 1 ? [node, ...node.querySelectorAll("*")] : []);
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const alerts = [...addedNodes].flatMap(within).filter((each) => each.matches("[role=alert]"));
      window.heard.push(...alerts.map((each) => each.innerText));
      const status = (target.closest ? target : target.parentElement)?.closest("[role=status], [aria-live]");
      if (status?.textContent) window.heard.push(status.textContent);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def listen(panel: Panel) -> None:
    panel.evaluate(LISTEN)


def heard(panel: Panel) -> list[str]:
    """Since ``listen``; what is said with the next frame included."""
    panel.evaluate("() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))")
    return list(panel.evaluate("window.heard"))


def sideways(panel: Panel) -> bool:
    """Whether anything in the panel can be scrolled sideways."""
    return bool(
        panel.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll("body, body *")]
              .some((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1
                && !["hidden", "clip", "visible"].includes(getComputedStyle(each).overflowX))
              || document.documentElement.scrollWidth > innerWidth"""
        )
    )
