// What Gradio leaves open: Dutch from the first word, names for screen readers, calm scrolling, focus, clean copies.
"use strict";

(() => {
  const words = JSON.parse(document.currentScript.dataset.words);

  // Gradio speaks the browser's language; this page is Dutch for everyone.
  Object.defineProperty(navigator, "language", { get: () => "nl" });
  Object.defineProperty(navigator, "languages", { get: () => ["nl"] });
  const viewport = document.querySelector("meta[name=viewport]");
  viewport.content += ", interactive-widget=resizes-content"; // the keyboard must not cover the question box

  const find = (selector) => document.querySelector(selector);
  const isTouch = () => matchMedia("(pointer: coarse)").matches;

  // --- names for screen readers ---

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
  }

  function nameParts(log) {
    // The log would be read out again at every sentence that comes in; the finished answer is announced once, below.
    set(log, { "aria-label": words.conversation, "aria-live": "off" });
    for (const said of log.querySelectorAll("[data-testid=user]")) set(said, { role: "group", "aria-label": words.question });
    for (const said of log.querySelectorAll("[data-testid=bot]")) set(said, { role: "group", "aria-label": words.answer });
    for (const suggestions of log.querySelectorAll(".options")) set(suggestions, { role: "group", "aria-label": words.suggestions });
    const rating = find("#rating");
    if (rating) set(rating, { role: "group", "aria-label": words.helpful });
    // Gradio opens every link in a new tab; a phone number has none.
    for (const call of log.querySelectorAll(".call[target]")) call.removeAttribute("target");
  }

  // What the server cannot say itself, Gradio says over the page: that it is gone, or that too many are waiting.
  function translateToast(toast) {
    const dutch = [words.connectionLost, words.tooBusy, words.somethingWrong];
    const text = toast.querySelector("[data-testid=toast-text]");
    if (text && !dutch.includes(text.textContent)) {
      text.textContent = /connection/i.test(text.textContent) ? dutch[0] : /queue|busy/i.test(text.textContent) ? dutch[1] : dutch[2];
    }
    const close = toast.querySelector("[data-testid=toast-close]");
    if (close) set(close, { "aria-label": words.close });
  }

  const announcer = document.createElement("div");
  announcer.id = "announcer";
  announcer.setAttribute("role", "status");
  document.addEventListener("DOMContentLoaded", () => document.body.append(announcer));

  // --- while an answer comes in ---

  let wasAnswering = false;
  let questions = 0;
  let alarms = 0;
  let follows = true;

  // An alarm is seen whatever the visitor was doing: a phone's keyboard gives way, and so does where they had scrolled to.
  function makeWayFor(alarmed) {
    if (alarmed.length > alarms) {
      follows = true;
      if (isTouch()) document.activeElement?.blur();
    }
    alarms = alarmed.length;
  }

  // Goes down with the answer until its question is at the top, so that a long answer is read from its beginning; an
  // alarm comes before its question.
  function follow(log) {
    const asked = log.querySelectorAll("[data-testid=user]");
    if (asked.length !== questions) follows = asked.length > questions;
    questions = asked.length;
    makeWayFor(log.querySelectorAll(".alarm"));
    if (!follows || !asked.length) return;
    const last = [...log.querySelectorAll("[data-testid=bot]")].pop();
    const beginning = (last?.querySelector(".alarm") ?? asked[asked.length - 1]).getBoundingClientRect().top + scrollY;
    scrollTo({ top: Math.min(beginning - 24, document.documentElement.scrollHeight - innerHeight) });
  }

  function stopFollowing() {
    follows = false;
  }

  // The alarm was said when it came in.
  function toBeSaid(log) {
    const answer = [...log.querySelectorAll("[data-testid=bot] .md")].pop();
    const parts = [...(answer?.children ?? [])].filter((part) => !part.matches("[role=alert]"));
    const suggestions = [...log.querySelectorAll(".option")];
    if (suggestions.length) parts.push({ innerText: words.suggestions }, ...suggestions);
    return parts.map((part) => part.innerText).join("\n");
  }

  function finish(log) {
    announcer.textContent = toBeSaid(log);
    // The stop button disappeared; whoever was on it must not start again at the top of the page.
    if (focused?.id === "stop" && document.activeElement === document.body) focusBox();
  }

  function lookAgain() {
    const log = find("#log [role=log]");
    if (!log) return;
    const isAnswering = Boolean(find("#stop"));
    document.documentElement.classList.toggle("is-answering", isAnswering);
    nameParts(log);
    document.querySelectorAll("[data-testid=toast-body]").forEach(translateToast);
    keepFocusInRating();
    if (isAnswering || wasAnswering) follow(log);
    if (wasAnswering && !isAnswering) finish(log);
    wasAnswering = isAnswering;
  }

  let isPlanned = false;
  new MutationObserver(() => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      lookAgain();
    });
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"] });
  for (const gesture of ["wheel", "touchmove"]) addEventListener(gesture, stopFollowing, { passive: true });
  addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", "Tab"].includes(event.key)) stopFollowing();
  });

  // --- focus and copying ---

  let focused = null;
  addEventListener("focusin", (event) => {
    focused = event.target;
  });

  function focusBox() {
    find("#box textarea")?.focus({ preventScroll: true });
  }

  // Each question about the answer makes way for the next, and the last for thanks.
  let pressed = null;

  function keepFocusInRating() {
    if (!pressed || pressed.checkVisibility()) return;
    const thanks = find("#rating-thanks");
    if (thanks) set(thanks, { tabindex: "-1" });
    const next = find(isTouch() ? "#rating button" : "#rating textarea, #rating button") ?? thanks;
    if (!next) return;
    pressed = null;
    next.focus({ preventScroll: true });
    find("#rating").scrollIntoView({ block: "nearest" });
  }

  addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.closest("#rating")) pressed = button;
    if (button.matches("#send, #stop, #restart, .chip, .option")) {
      // The button pressed disappears. On a phone the keyboard must not come up over the answer to an example.
      if (!(isTouch() && button.matches(".chip, .option, #stop"))) focusBox();
    } else if (button.closest(".message-buttons")) {
      copied = textOfAnswer(button);
    }
  }, true);

  // Gradio copies an answer's Markdown; people want the words as they see them.
  let copied = "";

  function textOfAnswer(button) {
    return button.closest(".message-buttons").previousElementSibling?.innerText ?? "";
  }

  if (navigator.clipboard) {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => write(copied || text);
  }
  addEventListener("copy", (event) => {
    if (!copied || !event.target.matches?.("textarea")) return;
    event.clipboardData.setData("text/plain", copied);
    event.preventDefault();
  });
})();
