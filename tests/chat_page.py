"""The chat page as a visitor handles it."""

import re

from chat_fakes import LIST_ANSWER
from playwright.sync_api import Locator, Page, expect

from assistant import texts

QUESTION = "Wat zijn de oorzaken van hoge rugpijn?"
LAST_SENTENCE = LIST_ANSWER.sentences[-1].text
ENGLISH = re.compile(
    r"\b(submit|clear|copy|copied|error|textbox|chatbot|settings|use via api|built with|gradio|loading|send|message|"
    r"user's|bot's|conversation|scroll down|undo|retry|share|close)\b",
    re.IGNORECASE,
)


def box(page: Page) -> Locator:
    return page.get_by_label(texts.QUESTION_LABEL, exact=True).and_(page.locator("textarea"))


def answers(page: Page) -> Locator:
    return page.get_by_role("group", name=texts.ANSWER_LABEL)


def questions(page: Page) -> Locator:
    return page.get_by_role("group", name=texts.QUESTION_LABEL)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def ask(page: Page, question: str) -> None:
    before = answers(page).count()
    box(page).fill(question)
    box(page).press("Enter")
    expect(answers(page)).to_have_count(before + 1)


def wait_until_answered(page: Page) -> None:
    expect(button(page, texts.SEND)).to_be_visible()
    expect(answers(page).last).not_to_contain_text(texts.SEARCHING)


def record_growth(page: Page) -> None:
    """Keep every text the last answer has while it comes in."""
    page.evaluate(
        """() => {
          window.states = [];
          new MutationObserver(() => {
            const last = [...document.querySelectorAll("[data-testid=bot]")].pop()?.innerText;
            if (last && last !== window.states.at(-1)) window.states.push(last);
          }).observe(document.querySelector("#log"), {subtree: true, childList: true, characterData: true});
        }"""
    )


def english_on(page: Page) -> list[str]:
    """English words among all that can be seen or heard."""
    return ENGLISH.findall(_everything_readable(page))


def _everything_readable(page: Page) -> str:
    """Visible text, and what a screen reader says instead."""
    return str(
        page.evaluate(
            """() => {
              const shown = [...document.querySelectorAll("*")].filter((each) => each.checkVisibility());
              const names = ["aria-label", "title", "placeholder", "alt"];
              return [document.title, document.body.innerText,
                ...shown.flatMap((each) => names.map((name) => each.getAttribute(name) ?? ""))].join("\\n");
            }"""
        )
    )


# Text against the nearest background, by the formula of WCAG 2.2; only opaque colours are used on the page. Gives what
# is under 4.5:1, and signs under 3:1.
CONTRAST = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => rgb(colour).slice(0, 3)
    .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (each) => {
    while (each && (rgb(getComputedStyle(each).backgroundColor)[3] ?? 1) === 0) each = each.parentElement;
    return each ? getComputedStyle(each).backgroundColor : "rgb(255, 255, 255)";
  };
  const ratio = (text, paper) => {
    const [one, other] = [light(text), light(paper)].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const each = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !each.checkVisibility()) continue;
    if (each.closest("noscript, script, #announcer")) continue;
    const found = ratio(getComputedStyle(each).color, behind(each));
    if (found < 4.5) faint.push([walk.currentNode.data.trim(), found]);
  }
  // Signs: a mark on a shape, the shape on its paper, and the edge of a button.
  for (const each of document.querySelectorAll(".alarm-sign, .call")) {
    const sign = getComputedStyle(each, "::before");
    const found = [ratio(sign.backgroundColor, behind(each))];
    if (each.matches(".alarm-sign")) found.push(ratio(sign.color, sign.backgroundColor));
    else found.push(ratio(getComputedStyle(each).backgroundColor, behind(each.parentElement)));
    if (Math.min(...found) < 3) faint.push([each.innerText, ...found]);
  }
  return faint;
}"""
