// The chat button for a practice's website: <script src="https://chat.example/widget.js" async></script>.
// Makes no request of its own until the button is pressed, and touches nothing of the page but the element it adds.
"use strict";

(() => {
  const script = document.currentScript;
  const NAME = "rugpijn-chat";
  if (!script || document.querySelector(NAME)) return;

  const words = "words"; // the server puts them here
  const chat = new URL(".", script.src);
  const options = script.dataset;
  const PATIENCE = 10_000;

  const RULES = `
    :host { all: initial !important; }
    .widget { position: fixed; z-index: 2147483000; bottom: var(--below); right: var(--beside); font: 600 1rem/1.3 system-ui, sans-serif; }
    .widget.left { right: auto; left: var(--beside); }
    [hidden] { display: none !important; }
    .button { display: flex; align-items: center; gap: .625rem; min-width: 3.75rem; height: 3.75rem; margin: 0; padding: 0 1.125rem; border: 0;
      border-radius: 1.875rem; background: var(--colour); color: var(--ink); box-shadow: 0 2px 6px rgb(0 0 0 / 20%), 0 8px 24px rgb(0 0 0 / 18%);
      font: inherit; cursor: pointer; }
    .button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #14201f; }
    .button svg { flex: none; width: 1.5rem; height: 1.5rem; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .dialog { position: absolute; bottom: 4.5rem; right: 0; display: flex; flex-direction: column; box-sizing: border-box;
      width: min(25rem, calc(100vw - 2 * var(--beside))); height: min(42rem, calc(100vh - var(--below) - 6rem)); overflow: hidden;
      border: 1px solid rgb(127 140 137 / 40%); border-radius: 1.125rem; background: #f4f7f6; box-shadow: 0 8px 40px rgb(0 0 0 / 28%); }
    .left .dialog { right: auto; left: 0; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: transparent; color-scheme: light dark; }
    .state { margin: auto; padding: 1.5rem; color: #1b2928; font-weight: 400; text-align: center; }
    .state a { display: block; margin-top: .75rem; color: #0e6a5e; font-weight: 600; }
    @media (prefers-color-scheme: dark) { .dialog { background: #0f1817; } .state { color: #e4ecea; } .state a { color: #74d1c1; } }
    @media (max-width: 479.98px) {
      .dialog { position: fixed; inset: var(--top, 0) 0 auto; width: auto; height: var(--height, 100dvh); border: 0; border-radius: 0;
        padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left); }
      .open .button { display: none; }
    }
    @media (max-height: 30rem) { .dialog { height: calc(100vh - 1.5rem); bottom: calc(.75rem - var(--below)); } }
    @media (prefers-reduced-motion: no-preference) { .dialog { animation: rise .16s ease-out; } @keyframes rise { from { opacity: 0; translate: 0 .5rem; } } }
    @media (forced-colors: active) { .button { border: 2px solid; } }
    @media print { .widget { display: none; } }`;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function icon() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5");
    svg.append(path);
    return svg;
  }

  // --- what the website chose ---

  const [open, close] = words.button[options.language] ?? words.button.nl;
  const language = words.button[options.language] ? options.language : "nl";
  const greeting = (options.greeting ?? "").trim().slice(0, 40);
  const [beside = 20, below = beside] = (options.offset ?? "").split(/[\s,]+/).filter(Boolean).map(Number).filter((each) => each >= 0 && each <= 400);
  const wish = options.colour ?? options.color ?? "";

  const button = make("button", { class: "button", type: "button", lang: language, dir: "auto", "aria-expanded": "false", "aria-controls": "dialog", "aria-haspopup": "dialog" }, icon());
  const label = make("span", {}, greeting);
  if (greeting) button.append(label);
  const state = make("p", { class: "state", role: "status" }, words.loading);
  const dialog = make("div", { class: "dialog", id: "dialog", role: "dialog", "aria-modal": "true", "aria-label": words.name, lang: "nl", hidden: "" }, state);
  const widget = make("div", { class: options.position === "left" ? "widget left" : "widget" }, button, dialog);
  const host = make(NAME);
  const root = host.attachShadow({ mode: "open" });
  style();
  root.append(widget);

  // A style sheet made here is no inline style: it needs no word in the website's policy.
  function style() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(RULES);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", {}, RULES));
    }
    widget.style.setProperty("--beside", `${beside}px`);
    widget.style.setProperty("--below", `${below}px`);
    widget.style.setProperty("--colour", wish && CSS.supports("color", wish) ? wish : "#0e6a5e");
  }

  // Black or white, whichever stands out (WCAG 2.2); what the browser does not give as rgb() gets white.
  function inkOn(colour) {
    const [red, green, blue] = (colour.match(/^rgba?\(([^)]+)\)/)?.[1] ?? "0 0 0").split(/[\s,/]+/).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#14201f" : "#ffffff";
  }

  function name() {
    button.setAttribute("aria-label", isOpen() ? close : greeting ? `${greeting}. ${open}` : open);
    label.textContent = isOpen() ? close : greeting;
    button.setAttribute("aria-expanded", String(isOpen()));
    widget.classList.toggle("open", isOpen());
  }

  // --- opening and closing ---

  let frame = null;
  let isReady = false;

  const isOpen = () => !dialog.hidden;

  function makeFrame() {
    frame = make("iframe", {
      src: new URL("widget/panel", chat).href,
      title: words.name,
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols",
      allow: "clipboard-write",
      referrerpolicy: "no-referrer",
    });
    frame.hidden = true;
    dialog.append(frame);
    setTimeout(() => {
      if (!isReady) state.replaceChildren(words.unreachable, make("a", { href: chat.href, target: "_blank", rel: "noopener" }, words.fullPage));
    }, PATIENCE);
  }

  function tell(message) {
    frame.contentWindow?.postMessage({ rugpijn: message }, chat.origin);
  }

  function show() {
    if (!frame) makeFrame();
    dialog.hidden = false;
    name();
    fit();
    if (isReady) greet();
  }

  function hide() {
    dialog.hidden = true;
    name();
    button.focus();
  }

  function greet() {
    frame.focus();
    tell("open");
  }

  // On a phone the panel fills what the keyboard leaves; a window without a visual viewport falls back to 100dvh.
  function fit() {
    const seen = window.visualViewport;
    if (!seen || !isOpen()) return;
    dialog.style.setProperty("--top", `${seen.offsetTop}px`);
    dialog.style.setProperty("--height", `${seen.height}px`);
  }

  button.addEventListener("click", () => (isOpen() ? hide() : show()));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) hide();
  });
  for (const change of ["resize", "scroll"]) window.visualViewport?.addEventListener(change, fit);
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== chat.origin) return;
    if (event.data?.rugpijn === "ready") {
      isReady = true;
      state.hidden = true;
      frame.hidden = false;
      if (isOpen()) greet();
    }
    if (event.data?.rugpijn === "close" && isOpen()) hide();
  });

  function settle() {
    document.body.append(host);
    name();
    widget.style.setProperty("--ink", inkOn(getComputedStyle(button).backgroundColor));
  }

  if (document.body) settle();
  else addEventListener("DOMContentLoaded", settle);
})();
