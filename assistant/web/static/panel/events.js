// Asking: the reply comes as server-sent events, after a POST, which the browser's own EventSource cannot make.
"use strict";

// Why there is no reply: `text` can be shown; `isAboutQuestion` when asking the same again is of no use.
class Failure extends Error {
  constructor(text, isAboutQuestion = false) {
    super(text);
    this.isAboutQuestion = isAboutQuestion;
  }
}

const UNPROCESSABLE = 422;

// Yields {name, data} until "done". Throws Failure, or an AbortError when `signal` stopped it.
async function* askStream(address, body, signal, words) {
  const response = await post(address, body, signal, words);
  if (!response.ok) throw await refusal(response, words);
  let isDone = false;
  try {
    for await (const event of eventsOf(response.body)) {
      if (event.name === "error") throw new Failure(event.data.detail);
      isDone ||= event.name === "done";
      yield event;
    }
  } catch (error) {
    if (error instanceof Failure || error.name === "AbortError") throw error;
    throw new Failure(words.lost);
  }
  if (!isDone) throw new Failure(words.lost);
}

async function post(address, body, signal, words) {
  try {
    return await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Failure(words.lost);
  }
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
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block) {
  const fields = { event: "", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
    if (name in fields) fields[name] += value;
  }
  return { name: fields.event, data: JSON.parse(fields.data) };
}
