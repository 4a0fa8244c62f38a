// The chat button for a website. Makes no request until it is pressed, and touches only its own element.
"use strict";

(() => {
  const script = document.currentScript;
  const NAME = "rugpijn-chat";
  if (!script) return;

  const words = "words"; // the server puts them here
  const chat = new URL(".", script.src);
  const options = script.dataset;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function icon() {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(path);
    return svg;
  }

  const language = Object.hasOwn(words.button, options.language) ? options.language : "nl";
  const [open, close] = words.button[language];
  const greeting = [...(options.greeting ?? "").trim()].slice(0, 40).join("");
  const side = options.position === "left" ? "left" : "right";
  const [, beside, below = beside] = /^\s*([0-3]?\d?\d|400)(?:[\s,]+([0-3]?\d?\d|400))?\s*$/.exec(options.offset) ?? [0, 20];
  const colour = painted(options.colour);

  // As painted on white: any notation, half transparent too. What is no colour leaves ours.
  function painted(wish) {
    const brush = make("canvas").getContext("2d");
    for (const [first, second] of [["#fff"], ["#0e6a5e", wish]]) {
      brush.fillStyle = first;
      brush.fillStyle = second;
      brush.fillRect(0, 0, 1, 1);
    }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }

  // Black or white: never under 4.5 (WCAG).
  function ink() {
    const [red, green, blue] = colour.map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  }

  // In px: rem is the website's. In a low window the panel comes over the button.
  const RULES = `
    :host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; direction: ltr !important; }
    .widget { --gap: min(${beside}px, 100vw - 412px); --top: 0px; --room: 100dvh; font: 600 16px/1.3 system-ui, sans-serif; }
    .widget > * { position: fixed; box-sizing: border-box; ${side}: var(--gap); }
    [hidden] { display: none !important; }
    .button { display: flex; align-items: center; gap: 10px; bottom: min(${below}px, 100vh - 72px); min-width: 60px; min-height: 60px;
      max-width: calc(100vw - 2 * var(--gap)); margin: 0; padding: 8px 18px; border: 0; border-radius: 30px; background: rgb(${colour}); color: ${ink()};
      box-shadow: 0 4px 16px rgb(0 0 0 / 30%); font: inherit; overflow-wrap: anywhere; cursor: pointer; }
    .button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #000; }
    svg { flex: none; width: 24px; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; }
    .dialog { --high: max(min(672px, var(--room) - ${below}px - 96px), min(448px, var(--room) - 24px)); height: var(--high); width: 400px;
      top: calc(var(--top) + max(12px, var(--room) - var(--high) - ${below}px - 72px)); overflow: hidden; border: 1px solid rgb(127 140 137 / 40%);
      border-radius: 18px; background: #f4f7f6; color: #1b2928; box-shadow: 0 4px 40px rgb(0 0 0 / 30%); }
    iframe { width: 100%; height: 100%; border: 0; visibility: hidden; color-scheme: light dark; }
    .ready iframe { visibility: visible; }
    .state { position: absolute; inset: 0; height: fit-content; margin: auto; padding: 24px; font-weight: 400; text-align: center; }
    a { display: block; margin-top: 12px; color: #0e6a5e; font-weight: 600; }
    .open:not(.ready) .button { z-index: 1; }
    @media (prefers-color-scheme: dark) { .dialog { background: #0f1817; color: #e4ecea; } a { color: #74d1c1; } }
    @media (max-width: 479.98px) {
      .widget { --gap: min(${beside}px, 100vw - 240px); }
      .widget .dialog { inset: var(--top) 0 auto; width: auto; height: var(--room); border: 0; border-radius: 0;
        padding: env(safe-area-inset-top) 0 env(safe-area-inset-bottom); }
      .open.ready .button { display: none; }
    }
    @media (prefers-reduced-motion: no-preference) { .dialog { animation: rise .2s ease-out; } @keyframes rise { from { opacity: 0; translate: 0 8px; } } }
    @media (forced-colors: active) { .button { border: 2px solid; } }
    @media print { .widget { display: none; } }`;

  const label = new Text();
  const button = make("button", { class: "button", type: "button", lang: language, dir: "auto", "aria-controls": "dialog", "aria-haspopup": "dialog" }, icon(), label);
  const state = make("p", { class: "state", role: "status" });
  const dialog = make("div", { class: "dialog", id: "dialog", role: "dialog", "aria-label": words.name, lang: "nl", hidden: "" }, state);
  const widget = make("div", { class: "widget" }, button, dialog);
  const host = make(NAME);
  const root = host.attachShadow({ mode: "open" });
  root.append(widget);

  // A sheet made by script is no inline style to the website's policy.
  function style() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(RULES);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", {}, RULES));
    }
  }

  let frame = null;
  let isReady = false;

  const isOpen = () => !dialog.hidden;

  function show(opens) {
    dialog.hidden = !opens;
    widget.classList.toggle("open", opens);
    button.setAttribute("aria-expanded", opens);
    button.setAttribute("aria-label", opens ? close : greeting ? `${greeting}. ${open}` : open);
    button.querySelector("path").setAttribute("d", opens ? "M6 6l12 12M18 6 6 18" : "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5");
    label.data = greeting && (opens ? close : greeting);
  }

  function toggle() {
    show(!isOpen());
    if (!isOpen()) return button.focus();
    fit();
    if (isReady) greet();
    else if (!frame) makeFrame();
  }

  function makeFrame() {
    const made = make("iframe", {
      src: new URL("widget/panel", chat).href,
      title: words.name,
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols",
      allow: "clipboard-write",
      referrerpolicy: "no-referrer",
    });
    const giveUp = () => {
      if (isReady || frame !== made) return;
      made.remove();
      frame = null;
      state.replaceChildren(words.unreachable, make("a", { href: chat.href, target: "_blank", rel: "noopener" }, words.fullPage));
    };
    // Our page speaks as it loads; the other limit is for a slow line.
    made.onload = () => setTimeout(giveUp, 1_500);
    setTimeout(giveUp, 15_000);
    frame = made;
    state.textContent = words.loading;
    dialog.append(frame);
  }

  function greet() {
    frame.focus();
    frame.contentWindow.postMessage({ rugpijn: "open" }, chat.origin);
  }

  function hear({ source, origin, data }) {
    if (source !== frame?.contentWindow || origin !== chat.origin) return;
    if (data?.rugpijn === "ready") {
      isReady = true;
      state.remove();
      widget.classList.add("ready");
      dialog.setAttribute("aria-modal", "true");
      if (isOpen()) greet();
    }
    if (data?.rugpijn === "close" && isOpen()) toggle();
  }

  // What a phone's keyboard leaves; it must not shrink as someone zooms in.
  function fit() {
    const seen = window.visualViewport;
    if (!isOpen() || !seen || seen.scale > 1.01) return;
    widget.style.setProperty("--top", `${seen.offsetTop}px`);
    widget.style.setProperty("--room", `${seen.height}px`);
  }

  // Not before the page is whole: the button comes last with Tab.
  function settle() {
    if (document.querySelector(NAME)) return;
    style();
    show(false);
    document.body.append(host);
    button.addEventListener("click", toggle);
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen()) toggle();
    });
    addEventListener("message", hear);
    for (const change of ["resize", "scroll"]) window.visualViewport?.addEventListener(change, fit);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", settle);
  else settle();
})();
