// A reply as elements, and as text to copy. What the server says is put in as text, never as HTML.
"use strict";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// The banner above everything else; with role="alert" a screen reader says it the moment it comes in.
function alarmView(alarm, urgency, words) {
  const calls = alarm.calls.map((call) => {
    const number = call.label.includes(call.number) ? [] : [" ", make("b", {}, call.number)];
    return make("li", {}, make("a", { class: "call", href: localOr("tel:", call.url) }, make("span", {}, call.label, ...number)));
  });
  return make(
    "div",
    { class: `alarm alarm-${urgency}`, role: "alert" },
    make("p", { class: "alarm-sign" }, words.alarmSigns[urgency] ?? ""),
    make("p", { class: "alarm-title" }, alarm.title),
    ...alarm.paragraphs.map((paragraph) => make("p", {}, paragraph)),
    ...(calls.length ? [make("ul", {}, ...calls)] : []),
  );
}

// The reply below the alarm, as far as it has come. `id` makes the anchors of its sources its own.
class ReplyView {
  constructor(answer, id, words) {
    this.answer = answer;
    this.id = id;
    this.words = words;
  }

  // `note` says what became of it; `sources` when it is whole.
  parts({ note = "", sources = false } = {}) {
    const { answer, words } = this;
    const forbidsAdvice = answer.alarm && answer.urgency !== "huisarts";
    return [
      ...(answer.language_note ? [make("p", { class: "language-note", lang: answer.language_note.language, dir: "auto" }, answer.language_note.text)] : []),
      ...paragraphs(answer.notice ?? ""),
      ...this.blocks(),
      ...this.remarks(),
      ...(answer.safety_net ? [make("p", { class: "safety-net" }, answer.safety_net)] : []),
      ...(sources ? this.sources() : []),
      ...paragraphs(note),
      ...(forbidsAdvice ? [] : [make("hr")]),
      make("p", { class: "closing" }, words.disclaimer),
    ];
  }

  // Sentences run on in a paragraph or item until one opens the next.
  blocks() {
    const blocks = [];
    let line = null;
    for (const sentence of this.answer.sentences) {
      const opens = !line || sentence.opens_paragraph;
      if (sentence.shape === "item") {
        if (opens || line.tagName !== "LI") blocks.push(make("ul"));
        line = make("li");
        blocks.at(-1).append(line);
      } else if (opens) {
        line = make("p");
        blocks.push(line);
      } else {
        line.append(" ");
      }
      line.append(...this.said(sentence));
    }
    return blocks;
  }

  said(sentence) {
    const text = sentence.attribution ? `${sentence.attribution} “${sentence.text}”` : sentence.text;
    return [text, ...this.numbers(sentence.citations)];
  }

  numbers(numbers) {
    return numbers.flatMap((number) => {
      const citation = this.citation(number);
      if (!citation) return [];
      return ["\u00a0", make("a", { href: `#${this.anchor(number)}`, title: whereOf(citation), click: (event) => this.unfold(event, number) }, `[${number}]`)];
    });
  }

  citation(number) {
    return this.answer.citations.find((each) => each.number === number);
  }

  anchor(number) {
    return `bron-${this.id}-${number}`;
  }

  unfold(event, number) {
    event.preventDefault();
    const source = document.getElementById(this.anchor(number));
    if (!source) return;
    source.open = true;
    source.querySelector("summary").focus({ preventScroll: true });
    reveal(source);
  }

  remarks() {
    const { remarks = [] } = this.answer;
    if (!remarks.length) return [];
    return [make("blockquote", {}, ...remarks.map((remark) => this.remark(remark)))];
  }

  remark(remark) {
    const { words } = this;
    const numbers = this.numbers(remark.citations);
    const [opening, closing] = numbers.length ? words.remarkAbout.split("{numbers}") : [words.remark, ""];
    const source = remark.source ? words.remarkSource.replace("{source}", () => remark.source) : "";
    return make("p", {}, make("b", {}, opening, ...numbers, closing), ` ${remark.text}${source}`);
  }

  sources() {
    const { citations = [] } = this.answer;
    if (!citations.length) return [];
    const list = citations.map((citation) => make("li", {}, this.source(citation)));
    return [make("h3", { class: "sources-title" }, this.words.sources), make("ul", { class: "sources" }, ...list)];
  }

  source(citation) {
    const address = localOr("/", citation.url);
    return make(
      "details",
      { id: this.anchor(citation.number) },
      make("summary", {}, make("span", { class: "number" }, `[${citation.number}]`), ` ${whereOf(citation)}`),
      make("q", { class: "quote" }, citation.quote),
      ...(address ? [make("a", { href: address, target: "_blank", rel: "noopener" }, this.words.readInArticle)] : []),
    );
  }
}

// Down until it is in view, or begins at the top. (scrollIntoView would move the website, too.)
function reveal(element) {
  const scroll = element.closest("main");
  const [inner, outer] = [element, scroll].map((each) => each.getBoundingClientRect());
  scroll.scrollTop += Math.max(0, Math.min(inner.bottom - outer.bottom + 12, inner.top - outer.top - 12));
}

function whereOf(citation) {
  return [citation.article, citation.section].filter(Boolean).join(" · ");
}

function paragraphs(text) {
  return text.split("\n\n").filter((each) => each.trim()).map((each) => make("p", {}, each));
}

// An address of this site, also where a proxy gives it a path of its own; or of the one kind that is expected.
function localOr(kind, url) {
  if (kind === "/") return /^\/(?![/\\])/.test(url) ? new URL(`..${url}`, document.baseURI).href : "";
  return url.startsWith(kind) ? url : "";
}

// Whether it was copied. A website may not let its frames near the clipboard.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "unseen", readonly: "" });
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
  }
}
