// What Gradio leaves open on the console: Dutch from the first word, what is said aloud, and a login that ran out.
"use strict";

(() => {
  const words = JSON.parse(document.currentScript.dataset.words);

  // Gradio speaks the browser's language; this page is Dutch for everyone.
  Object.defineProperty(navigator, "language", { get: () => "nl" });
  Object.defineProperty(navigator, "languages", { get: () => ["nl"] });

  // --- a login that ran out: what was typed stays where it is ---

  const fetchIt = window.fetch.bind(window);
  window.fetch = async (...request) => {
    const response = await fetchIt(...request);
    showLogin(response.status === 401);
    return response;
  };

  function showLogin(isNeeded) {
    const shown = document.getElementById("logged-out");
    if (!isNeeded) return shown?.remove();
    if (shown) return;
    const note = document.createElement("div");
    note.id = "logged-out";
    note.setAttribute("role", "alert");
    const link = document.createElement("a");
    Object.assign(link, { href: "./inloggen", target: "_blank", textContent: words.logIn });
    note.append(`${words.loggedOut} `, link);
    document.body.prepend(note);
  }

  // --- names and roles ---

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
  }

  // What Gradio itself says over the page is English.
  function translateToast(toast) {
    const dutch = [words.connectionLost, words.tooLarge, words.somethingWrong];
    const text = toast.querySelector("[data-testid=toast-text]");
    if (text && !dutch.includes(text.textContent)) {
      const said = text.textContent;
      text.textContent = /connection/i.test(said) ? dutch[0] : /size|exceed/i.test(said) ? dutch[1] : dutch[2];
    }
    const close = toast.querySelector("[data-testid=toast-close]");
    if (close) set(close, { "aria-label": words.close });
  }

  // Gradio shows what is open by its arrow alone.
  function tellWhatIsOpen() {
    for (const button of document.querySelectorAll(".gr-accordion > button")) {
      const content = button.parentElement.querySelector("[data-testid=accordion-content]");
      set(button, { "aria-expanded": String(content?.style.display !== "none") });
    }
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".gr-accordion > button")) setTimeout(tellWhatIsOpen);
  });

  function lookAgain() {
    tellWhatIsOpen();
    for (const message of document.querySelectorAll(".message")) set(message, { role: "status" });
    document.querySelectorAll("[data-testid=toast-body]").forEach(translateToast);
  }

  let isPlanned = false;
  new MutationObserver(() => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      lookAgain();
    });
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
