// The panel: what the visitor types, what is shown, and what a screen reader hears of it.
"use strict";

(() => {
  const words = JSON.parse(document.currentScript.dataset.words);
  const memory = new Memory();
  const find = (selector) => document.querySelector(selector);
  const [heading, scroll, welcome, log] = ["h1", "#scroll", "#welcome", "#log"].map(find);
  const [box, send, stop, restart, announcer] = ["#box", "#send", "#stop", "#restart", "#announcer"].map(find);
  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  const SOON = 600;
  const LONG = 5_000;
  const TOO_LONG = 30_000;
  const NOTHING = { sentences: [], citations: [], alarm: null, urgency: null };

  let answering = null; // stops the reply that is coming
  let follows = true; // whether the conversation scrolls along with it
  let count = 0;
  const undecided = new Map(); // answers that did not help, and why as far as was said: it is not sent yet

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
      this.said = NOTHING;
    }

    wait(text = words.searching) {
      this.said = NOTHING;
      this.show([make("p", {}, make("em", {}, text))]);
    }

    grow(said) {
      this.said = said;
      if (said.alarm) this.raise(said);
      if (said.alarm || said.sentences.length) this.show(new ReplyView(said, this.id, words).parts());
    }

    finish(answer) {
      if (answer.alarm) this.raise(answer);
      const after = make("div", { class: "after" }, actions(this.exchange, this.body));
      if (answer.suggestions.length) after.prepend(suggestionsView(answer.suggestions));
      this.show(new ReplyView(answer, this.id, words).parts({ sources: true }), after);
    }

    // `said` is what stays of the reply.
    fail(text, { said = NOTHING, canRetry = true } = {}) {
      const again = make("button", { type: "button", class: "again", click: () => run(this) }, words.tryAgain);
      this.show(new ReplyView(said, this.id, words).parts({ note: text }), canRetry && make("div", { class: "after" }, again));
    }

    // The alarm stays as it is: put in again, it would be read out again.
    raise({ alarm, urgency }, isNew = true) {
      if (this.alarm) return;
      this.alarm = alarmView(alarm, urgency, words);
      this.body.prepend(this.alarm);
      if (!isNew) return this.alarm.removeAttribute("role"); // it was said when it came in
      makeWay();
      // While the panel is closed no frame is drawn, and so nothing said.
      requestAnimationFrame(() => setTimeout(() => this.alarm.classList.add("said"), SOON));
    }

    show(parts, after) {
      const hadFocus = this.reply.contains(document.activeElement);
      for (const part of [...this.body.children]) if (part !== this.alarm) part.remove();
      this.body.append(...parts);
      this.reply.querySelector(".after")?.remove();
      if (after) this.reply.append(after);
      if (hadFocus && !this.reply.contains(document.activeElement)) rest();
    }
  }

  function suggestionsView(questions) {
    const chips = questions.map((question) => make("button", { type: "button", class: "chip", click: () => ask(question) }, question));
    return make("div", { class: "chips", role: "group", "aria-label": words.suggestions }, make("p", {}, words.suggestions), ...chips);
  }

  // --- below a reply: copying, and whether it helped ---

  function actions(exchange, body) {
    const copy = make("button", { type: "button", class: "quiet", click: () => copyOut(copy, exchange.answer.text, body) }, words.copy);
    const row = make("div", { class: "actions" }, copy);
    if (!exchange.rated && !exchange.answer.alarm) row.append(rating(exchange));
    return row;
  }

  async function copyOut(button, text, body) {
    const isCopied = await copyText(text);
    button.focus();
    if (!isCopied) return getSelection().selectAllChildren(body); // for the visitor to copy
    announce(words.copied);
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2_000);
  }

  function rating(exchange) {
    const group = make("div", { class: "rating", role: "group", "aria-label": words.helpful }, make("span", {}, words.helpful));
    const thank = (helpful, reason = "", comment = "") => {
      undecided.delete(exchange);
      sendRating(exchange, { helpful, reason, comment });
      group.replaceChildren(make("span", { tabindex: "-1" }, words.thanks));
      group.firstChild.focus();
    };
    const tell = (reason) => {
      undecided.set(exchange, reason);
      const form = commentForm((comment) => thank(false, reason, comment));
      group.replaceChildren(form);
      form.querySelector(isTouch() ? "[type=button]" : "textarea").focus({ preventScroll: true });
      reveal(group);
    };
    const why = () => {
      undecided.set(exchange, "");
      const next = words.comment ? tell : (reason) => thank(false, reason);
      const reasons = Object.entries(words.reasons).map(([reason, text]) => make("button", { type: "button", class: "chip", click: () => next(reason) }, text));
      group.replaceChildren(make("p", {}, words.why), ...reasons);
      reasons[0].focus({ preventScroll: true });
      reveal(group);
    };
    group.append(
      make("button", { type: "button", class: "quiet", click: () => thank(true) }, words.yes),
      make("button", { type: "button", class: "quiet", click: why }, words.no),
    );
    return group;
  }

  // `done` gets what was written, or nothing.
  function commentForm(done) {
    const id = `comment-${(count += 1)}`;
    const { label, hint, most, send: sendWord, skip } = words.comment;
    const text = make("textarea", { id, rows: "3", maxlength: most, "aria-describedby": `${id}-hint` });
    const submit = (event) => {
      event.preventDefault();
      done(text.value.trim().toWellFormed?.() ?? text.value.trim());
    };
    return make(
      "form",
      { class: "comment", autocomplete: "off", submit },
      make("label", { for: id }, label),
      text,
      make("p", { id: `${id}-hint` }, hint),
      make("button", { class: "chip" }, sendWord),
      make("button", { type: "button", class: "chip", click: () => done("") }, skip),
    );
  }

  function sendRating(exchange, thought) {
    if (exchange.rated) return;
    exchange.rated = true;
    memory.save();
    rate("../api/feedback", exchange, thought);
  }

  // Whoever said no, and then went on without a reason, or without sending what they wrote: then it stays unsaid.
  function settleRatings() {
    for (const [exchange, reason] of undecided) sendRating(exchange, { helpful: false, reason, comment: "" });
    undecided.clear();
  }

  // --- asking ---

  function ask(question) {
    if (answering || !question.trim()) return;
    settleRatings();
    const view = new ExchangeView(memory.open(question.toWellFormed?.() ?? question));
    log.append(view.element);
    box.value = "";
    if (!isTouch()) box.focus();
    run(view);
  }

  // A new conversation may begin meanwhile; then nothing that still comes is of interest.
  async function run(view) {
    if (answering) return;
    const stopper = (answering = new AbortController());
    const isWanted = () => answering === stopper;
    const timers = [
      setTimeout(() => settle({ slow: true }), SOON),
      setTimeout(() => view.alarm || view.said.sentences.length || view.wait(words.stillSearching), LONG),
      setTimeout(() => stopper.abort("late"), TOO_LONG),
    ];
    const { question } = view.exchange;
    const body = { question, history: memory.historyBefore(view.exchange), visitor: memory.visitor };
    follows = true;
    view.wait();
    view.reply.setAttribute("aria-busy", "true");
    settle();
    look(view);
    try {
      for await (const { name, data } of askStream("../api/ask/stream", body, stopper.signal, words)) {
        if (isWanted()) take(view, name, data);
      }
    } catch (error) {
      if (isWanted()) failed(view, error, stopper.signal.reason === "stop");
    }
    timers.forEach(clearTimeout);
    if (!isWanted()) return;
    answering = null;
    view.reply.removeAttribute("aria-busy");
    settle();
    look(view);
  }

  function take(view, name, data) {
    const { said } = view;
    if (name === "reply") view.exchange.reply = data;
    if (name === "triage") view.grow({ ...said, alarm: data.alarm, urgency: data.urgency });
    if (name === "sentence") view.grow({ ...said, sentences: [...said.sentences, data.sentence], citations: [...said.citations, ...data.citations] });
    if (name === "done") done(view, data);
    look(view);
  }

  function done(view, answer) {
    view.exchange.answer = answer;
    memory.save();
    view.finish(answer);
    announce(answer.alarm ? words.alarmReady : words.answerReady);
  }

  // What was said before the visitor stopped it stays; what broke off by itself may lack its caveats.
  function failed(view, error, isStopped) {
    const isOurs = error instanceof Failure;
    const told = isStopped ? words.stopped : isOurs ? error.message : words.somethingWrong;
    view.exchange.told = told;
    memory.save();
    view.fail(told, { said: isStopped ? view.said : NOTHING, canRetry: !error.isAboutQuestion });
    if (error.isAboutQuestion && !box.value) box.value = view.exchange.question;
    announce(told);
    if (!isOurs) reportError(error);
  }

  function begin() {
    answering?.abort();
    answering = null;
    settleRatings();
    memory.clear();
    log.replaceChildren();
    settle();
  }

  function restore() {
    for (const exchange of memory.exchanges) {
      const view = new ExchangeView(exchange);
      const { answer, told } = exchange;
      log.append(view.element);
      if (answer?.alarm) view.raise(answer, false);
      if (answer) view.finish(answer);
      else view.fail(told || words.lost);
      look(view);
    }
    if (memory.exchanges.length) announce(words.restored);
  }

  // --- the panel as a whole ---

  // Most replies are there before anyone could stop them; then a button to stop would only flicker.
  function settle({ slow = false } = {}) {
    const hadFocus = document.activeElement;
    const hasBegun = memory.exchanges.length > 0;
    document.body.classList.toggle("begun", hasBegun);
    welcome.hidden = hasBegun;
    restart.hidden = !hasBegun;
    stop.hidden = !slow;
    send.hidden = slow;
    if (!hadFocus?.checkVisibility()) rest();
  }

  // Where focus goes when it has no other place. On a phone the keyboard would cover what is to be read.
  function rest() {
    (isTouch() ? heading : box).focus({ preventScroll: true });
  }

  function announce(text) {
    announcer.textContent = "";
    requestAnimationFrame(() => (announcer.textContent = text));
  }

  // An alarm is seen whatever the visitor was doing: a phone's keyboard gives way, and so does where they had scrolled to.
  function makeWay() {
    follows = true;
    if (isTouch()) document.activeElement.blur();
  }

  // A long answer is read from its beginning; an alarm comes before its question. (scrollIntoView would move the website.)
  function look(view) {
    if (!follows) return;
    const [from, to] = [scroll, view.alarm ?? view.question].map((each) => each.getBoundingClientRect().top);
    scroll.scrollTop += to - from - 12;
    const again = view.reply.querySelector(".again");
    if (again) reveal(again);
  }

  function stopFollowing() {
    follows = false;
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
  for (const gesture of ["wheel", "touchmove", "keydown"]) scroll.addEventListener(gesture, stopFollowing, { passive: true });
  addEventListener("pagehide", settleRatings);

  try {
    restore();
  } catch {
    begin(); // kept by another version
  }
  settle();
  inFrame(find("#close"), () => {
    for (const alarm of log.querySelectorAll(".said")) alarm.removeAttribute("role"); // not again on coming back
    rest();
  });
})();
