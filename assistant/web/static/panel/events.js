// What the panel says to others: to the server, and to the website around it.
"use strict";

// --- to the server: the reply comes as events, after a POST, which the browser's own EventSource cannot make ---

const JSON_POST = { method: "POST", headers: { "Content-Type": "application/json" } };

// Why there is no reply: the message can be shown; `isAboutQuestion` when asking the same again is of no use.
class Failure extends Error {
  constructor(text, isAboutQuestion = false) {
    super(text);
    this.isAboutQuestion = isAboutQuestion;
  }
}

const UNPROCESSABLE = 422;

// Yields {name, data}: first "reply" with a name for it, "done" last. Throws Failure; also when `signal` stopped it, which the caller knows.
async function* askStream(address, body, signal, words) {
  try {
    const response = await fetch(address, { ...JSON_POST, body: JSON.stringify(body), signal });
    if (!response.ok) throw await refusal(response, words);
    yield { name: "reply", data: response.headers.get("Reply-Id") ?? "" };
    for await (const event of eventsOf(response.body)) {
      if (event.name === "error") throw new Failure(event.data.detail);
      yield event;
      if (event.name === "done") return;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
  }
  throw new Failure(words.lost); // no connection, cut off, or not what we speak
}

async function refusal(response, words) {
  const problem = await response.json().catch(() => ({}));
  return new Failure(problem.detail ?? words.somethingWrong, response.status === UNPROCESSABLE);
}

// The chunks of a response may end anywhere, also in the middle of a letter.
async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (unread + value).split("\n\n");
    unread = blocks.pop();
    yield* blocks.map(eventOf).filter(Boolean);
  }
}

// Undefined for a block without data, such as the comments that keep a connection alive.
function eventOf(block) {
  const fields = { event: "", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^(event|data): ?([^]*)$/) ?? [];
    if (name) fields[name] += value;
  }
  return fields.data ? { name: fields.event, data: JSON.parse(fields.data) } : undefined;
}

// What a visitor thought of a reply: {helpful, reason, comment}. When it is lost, they need not know.
function rate(address, { answer, reply = "" }, thought) {
  const { kind, urgency, citations } = answer;
  const passages = [...new Set(citations.map((citation) => citation.passage_id))];
  const body = JSON.stringify({ ...thought, kind, urgency, passage_ids: passages, reply_id: reply });
  fetch(address, { ...JSON_POST, body, keepalive: true }).catch(() => {});
}

// --- to the website whose frame this is in, if it is in one: "ready" and "close"; it says "open" ---

function inFrame(close, onOpen) {
  const isFramed = window.parent !== window;
  const tell = (message) => window.parent.postMessage({ rugpijn: message }, "*"); // no secret, and any site may be the host

  // Tab goes round in the panel: behind it stands the rest of the website. Focus may also be on what is no stop itself.
  function trap(event) {
    const stops = [...document.querySelectorAll("a[href], button, summary, textarea")].filter((each) => each.checkVisibility());
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    const at = document.activeElement;
    const isBefore = at.compareDocumentPosition(edge) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (at !== edge && at !== document.body && !(event.shiftKey && isBefore)) return;
    event.preventDefault();
    other.focus();
  }

  close.hidden = !isFramed;
  if (!isFramed) return;
  close.addEventListener("click", () => tell("close"));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell("close");
    if (event.key === "Tab") trap(event);
  });
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.rugpijn === "open") onOpen();
  });
  tell("ready");
}
