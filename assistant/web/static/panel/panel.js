// The panel: what the visitor types, what is shown, and what a screen reader hears of it.
"use strict";

(() => {
  const script = document.currentScript;
  const words = JSON.parse(script.dataset.words);
  const memory = new Memory();
  const find = (selector) => document.querySelector(selector);
  const [log, box, send, stop, restart, announcer] = ["#log", "#box", "#send", "#stop", "#restart", "#announcer"].map(find);
  const welcome = find("#welcome");
  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  const SOON = 600;
  const LONG = 5_000;
  const TOO_LONG = 30_000;

  let answering = null; // stops the reply that is coming
  let pendingRating = null;
  let count = 0;

  // --- one question and its reply ---

  class ExchangeView {
    constructor(exchange) {
      this.exchange = exchange;
      this.id = (count += 1);
      this.body = make("div", { class: "md" });
      this.reply = make("div", { class: "answer", role: "group", "aria-label": words.answer }, this.body);
      this.question = make("p", { class: "asked", role: "group", "aria-label": words.question }, exchange.question);
      this.element = make("div", { class: "exchange" }, this.question, this.reply);
      this.alarm = null;
    }

    wait(text = words.searching) {
      this.show([make("p", {}, make("em", {}, text))]);
    }

    grow(answer, isWhole = false) {
      if (answer.alarm && !this.alarm) {
        this.alarm = alarmView(answer.alarm, answer.urgency, words);
        this.body.prepend(this.alarm);
      }
      this.show(new ReplyView(answer, this.id, words).parts(isWhole));
    }

    // The alarm stays as it is: put in again, it would be read out again.
    show(parts) {
      for (const part of [...this.body.children]) if (part !== this.alarm) part.remove();
      this.body.append(...parts);
      this.reply.querySelector(".after")?.remove();
    }

    finish(answer) {
      this.grow(answer, true);
      const after = make("div", { class: "after" }, actions(this.exchange, this.body));
      if (answer.suggestions.length) after.prepend(suggestionsView(answer.suggestions));
      this.reply.append(after);
    }

    fail(text, isAboutQuestion) {
      this.show([make("p", {}, text), make("hr"), make("p", { class: "closing" }, words.disclaimer)]);
      if (isAboutQuestion) return;
      const again = make("button", { type: "button", class: "again", click: () => run(this) }, words.tryAgain);
      this.reply.append(make("div", { class: "after" }, again));
    }
  }

  function suggestionsView(questions) {
    const chips = questions.map((question) => make("button", { type: "button", class: "chip", click: () => ask(question) }, question));
    return make("div", { class: "chips", role: "group", "aria-label": words.suggestions }, make("p", {}, words.suggestions), ...chips);
  }

  // --- below a reply: copying, and whether it helped ---

  function actions(exchange, body) {
    const copy = make("button", { type: "button", class: "quiet", click: () => copyOut(copy, exchange.answer.text) }, words.copy);
    const row = make("div", { class: "actions" }, copy);
    if (!exchange.rated && !exchange.answer.alarm) row.append(rating(exchange));
    return row;
  }

  async function copyOut(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { class: "unseen", readonly: "" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    announce(words.copied);
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2_000);
  }

  function rating(exchange) {
    const group = make("div", { class: "rating", role: "group", "aria-label": words.helpful }, make("span", {}, words.helpful));
    const thank = () => {
      group.replaceChildren(make("span", { tabindex: "-1" }, words.thanks));
      group.firstChild.focus();
      announce(words.thanks);
    };
    const rate = (helpful, reason = "") => {
      pendingRating = null;
      sendRating(exchange, helpful, reason);
      thank();
    };
    const why = () => {
      pendingRating = () => sendRating(exchange, false, "");
      const reasons = Object.entries(words.reasons).map(([reason, text]) => make("button", { type: "button", class: "chip", click: () => rate(false, reason) }, text));
      group.replaceChildren(make("p", {}, words.why), ...reasons);
      reasons[0].focus();
    };
    group.append(
      make("button", { type: "button", class: "quiet", click: () => rate(true) }, words.yes),
      make("button", { type: "button", class: "quiet", click: why }, words.no),
    );
    return group;
  }

  function sendRating(exchange, helpful, reason) {
    const { kind, urgency, citations } = exchange.answer;
    const passages = [...new Set(citations.map((citation) => citation.passage_id))];
    exchange.rated = true;
    memory.save();
    const body = JSON.stringify({ helpful, reason, kind, urgency, passage_ids: passages });
    // The visitor need not know when this is lost.
    fetch("../api/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  }

  // Whoever said no, and then went on without a reason.
  function settleRating() {
    pendingRating?.();
    pendingRating = null;
  }

  // --- asking ---

  function ask(question) {
    if (answering || !question.trim()) return;
    settleRating();
    const view = new ExchangeView(memory.open(question));
    log.append(view.element);
    box.value = "";
    if (!isTouch()) box.focus();
    run(view);
  }

  async function run(view) {
    const stopper = new AbortController();
    answering = stopper;
    settle();
    const { exchange } = view;
    const partial = { sentences: [], citations: [], alarm: null, urgency: null };
    const timers = [
      setTimeout(() => settle({ slow: true }), SOON),
      setTimeout(() => partial.begun || view.wait(words.stillSearching), LONG),
      setTimeout(() => stopper.abort("late"), TOO_LONG),
    ];
    view.wait();
    seeBeginningOf(view);
    try {
      const body = { question: exchange.question, history: memory.historyBefore(exchange), visitor: memory.visitor };
      for await (const { name, data } of askStream("../api/ask/stream", body, stopper.signal, words)) take(view, partial, name, data);
    } catch (error) {
      failed(view, error, stopper.signal.reason);
    } finally {
      timers.forEach(clearTimeout);
      answering = null;
      settle();
      seeBeginningOf(view);
    }
  }

  function take(view, partial, name, data) {
    partial.begun = true;
    if (name === "triage") Object.assign(partial, { alarm: data.alarm, urgency: data.urgency });
    if (name === "sentence") {
      partial.sentences.push(data.sentence);
      partial.citations.push(...data.citations);
    }
    if (name === "done") return done(view, data);
    if (partial.alarm || partial.sentences.length) view.grow(partial);
    seeBeginningOf(view);
  }

  function done(view, answer) {
    view.exchange.answer = answer;
    memory.save();
    view.finish(answer);
    if (answer.alarm && isTouch()) document.activeElement?.blur();
    announce(answer.alarm ? words.alarmReady : words.answerReady);
  }

  function failed(view, error, reason) {
    const isStopped = error.name === "AbortError" && reason !== "late";
    const text = isStopped ? words.stopped : error instanceof Failure ? error.message : words.lost;
    view.fail(text, error.isAboutQuestion);
    if (error.isAboutQuestion && !box.value) box.value = view.exchange.question;
    announce(text);
  }

  // --- the panel as a whole ---

  // Most replies are there before anyone could stop them; then a button to stop would only flicker.
  function settle({ slow = false } = {}) {
    const hasBegun = memory.exchanges.length > 0;
    const hadFocus = document.activeElement;
    welcome.hidden = hasBegun;
    restart.hidden = !hasBegun;
    stop.hidden = !slow;
    send.hidden = slow;
    if (hadFocus?.hidden) box.focus();
  }

  function announce(text) {
    announcer.textContent = "";
    requestAnimationFrame(() => (announcer.textContent = text));
  }

  // A long answer is read from its beginning; an alarm comes before its question.
  function seeBeginningOf(view) {
    (view.alarm ?? view.question).scrollIntoView({ block: "start" });
  }

  function begin() {
    answering?.abort("restart");
    settleRating();
    memory.clear();
    log.replaceChildren();
    settle();
    box.focus();
  }

  function restore() {
    for (const exchange of memory.exchanges) {
      const view = new ExchangeView(exchange);
      log.append(view.element);
      if (exchange.answer) {
        view.alarm = exchange.answer.alarm ? alarmView(exchange.answer.alarm, exchange.answer.urgency, words) : null;
        view.alarm?.removeAttribute("role"); // it was said when it came in
        view.body.append(...(view.alarm ? [view.alarm] : []));
        view.finish(exchange.answer);
      } else view.fail(words.lost, false);
    }
    if (memory.exchanges.length) {
      announce(words.restored);
      log.lastElementChild.scrollIntoView({ block: "start" });
    }
  }

  find("#ask").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box.value);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(box.value);
  });
  stop.addEventListener("click", () => answering?.abort("stop"));
  restart.addEventListener("click", begin);
  for (const chip of document.querySelectorAll("#examples .chip")) chip.addEventListener("click", () => ask(chip.textContent));
  addEventListener("pagehide", settleRating);

  // --- in a frame on another site ---

  const isFramed = window.parent !== window;

  function tellHost(message) {
    if (isFramed) window.parent.postMessage({ rugpijn: message }, "*"); // no secret, and any site may be the host
  }

  function focusable() {
    const all = document.querySelectorAll("a[href], button, summary, textarea");
    return [...all].filter((each) => !each.disabled && each.checkVisibility());
  }

  // Tab goes round in the panel: behind it stands the rest of the website.
  function trap(event) {
    const stops = focusable();
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== edge && document.activeElement !== document.body) return;
    event.preventDefault();
    other.focus();
  }

  const close = find("#close");
  close.hidden = !isFramed;
  close.addEventListener("click", () => tellHost("close"));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tellHost("close");
    if (event.key === "Tab" && isFramed) trap(event);
  });
  addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.rugpijn !== "open") return;
    // On a phone the keyboard would cover what is to be read first.
    (isTouch() ? find("h1") : box).focus();
  });

  restore();
  settle();
  tellHost("ready");
})();
