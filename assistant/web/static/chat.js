// What Gradio leaves open: Dutch from the first word, names for screen readers, calm scrolling, focus, clean copies.
"use strict";

(() => {
  const words = JSON.parse(document.currentScript.dataset.words);

  // Gradio speaks the browser's language; this page is Dutch for everyone.
  Object.defineProperty(navigator, "language", { get: () => "nl" });
  Object.defineProperty(navigator, "languages", { get: () => ["nl"] });
  const viewport = document.querySelector("meta[name=viewport]");
  viewport.content += ", interactive-widget=resizes-content"; // the keyboard must not cover the question box
})();
