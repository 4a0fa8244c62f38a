// The conversation, kept for the length of a visit: in session storage where that is allowed, else in this page alone.
"use strict";

const MEMORY = "rugpijn-gesprek";
const MOST_EXCHANGES = 40;

// An exchange is {question, answer, told, rated, reply}; `answer` is what /api/ask gives, null as long as there is none;
// `told` is why there is none, `reply` a name for it.
class Memory {
  constructor() {
    this.forget();
    try {
      const { visitor, exchanges } = JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
      if (exchanges?.every(isExchange)) Object.assign(this, { visitor, exchanges });
    } catch {
      // denied, or not ours: begin anew
    }
  }

  open(question) {
    const exchange = { question, answer: null, told: "", rated: false, reply: "" };
    this.exchanges = [...this.exchanges, exchange].slice(-MOST_EXCHANGES);
    this.save();
    return exchange;
  }

  // What the visitor wrote before, also what got no reply: it may tell of a symptom.
  historyBefore(exchange) {
    const earlier = this.exchanges.slice(0, Math.max(0, this.exchanges.indexOf(exchange)));
    return earlier.map(({ question }) => ({ role: "user", content: question }));
  }

  clear() {
    this.forget();
    try {
      sessionStorage.removeItem(MEMORY);
    } catch {
      // denied: nothing was kept
    }
  }

  save() {
    try {
      sessionStorage.setItem(MEMORY, JSON.stringify({ visitor: this.visitor, exchanges: this.exchanges }));
    } catch {
      // denied or full: the conversation goes on, in this page alone
    }
  }

  forget() {
    this.visitor = randomName();
    this.exchanges = [];
  }
}

function isExchange(value) {
  return typeof value?.question === "string" && (value.answer === null || Array.isArray(value.answer?.sentences));
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
