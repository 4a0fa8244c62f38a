"""Servers and models at the other end of the line: one that writes down all it gets, and one that nobody can stop."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant.phrasing.budgets import Budgets
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.line import Line
from assistant.phrasing.model import LanguageModel

QUESTION: Sequence[BaseMessage] = (HumanMessage("Wat helpt bij een stijve nek?"),)
# For what goes right, and for what goes wrong at once: also on a busy machine nothing else goes wrong first.
PATIENT = Budgets(first_seconds=20.0, between_seconds=20.0, total_seconds=40.0, most_chars=400)
# For what is too slow.
QUICK = Budgets(first_seconds=0.5, between_seconds=0.4, total_seconds=1.5, most_chars=400)


def heard(line: Line, messages: Sequence[BaseMessage] = QUESTION) -> str:
    return "".join(line.stream(messages))


def failure_of(line: Line) -> tuple[Failure, str]:
    """What went wrong, and what was heard before it."""
    pieces: list[str] = []
    try:
        for piece in line.stream(QUESTION):
            pieces.append(piece)
    except ModelFailedError as error:
        return error.failure, "".join(pieces)
    raise AssertionError(f"nothing went wrong: {pieces}")


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Notary:
    """Writes down what it receives, and answers everything the same. Serves while it is entered."""

    answer: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        notary = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                notary.received.append(Received(self.path, headers, body))
                self.send_response(notary.status)
                for name, value in {**notary.headers, "Content-Length": str(len(notary.answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(notary.answer)

            do_GET = do_PATCH = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def as_ollama(*pieces: str, **last: Any) -> bytes:
    """Pieces as Ollama streams them; ``last`` is what the last line says beside that it is done."""
    lines: list[dict[str, Any]] = [
        {"model": "klein", "message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces
    ]
    ending = {"done_reason": "stop"} | last
    if ending["done_reason"]:
        lines.append({"model": "klein", "message": {"role": "assistant", "content": ""}, "done": True, **ending})
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def as_openai(text: str) -> bytes:
    """One event that says it all."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "klein", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\ndata: [DONE]\n\n".encode()


class Stubborn(BaseChatModel):
    """Says one word, then waits for ``may_go_on``, whatever becomes of who asked. As a package that cannot be cut."""

    may_go_on: Any
    fails_with: Any = None

    @property
    def _llm_type(self) -> str:
        return "stubborn"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        if self.fails_with:
            raise self.fails_with
        yield ChatGenerationChunk(message=AIMessageChunk("Rust"))
        self.may_go_on.wait(30)
        yield ChatGenerationChunk(message=AIMessageChunk(" helpt.", response_metadata={"finish_reason": "stop"}))


def stubborn(may_go_on: threading.Event, fails_with: Exception | None = None) -> LanguageModel:
    chat_model = Stubborn(may_go_on=may_go_on, fails_with=fails_with)
    return LanguageModel(chat_model, "stubborn", "", is_remote=False, tells_why_it_stops=True)
