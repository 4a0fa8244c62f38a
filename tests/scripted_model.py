"""A chat model that says what a test has written for it, behind a real server that talks as OpenAI's does."""

import json
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from scripted_prompt import Prompt, pieces_of
from scripted_steps import Cut, Delta, End, Endless, Finish, Hang, Json, Raw, Say, Status, Step, Wait, step

_COMPLETIONS = "/v1/chat/completions"
_LOOK_SECONDS = 0.01  # so often is looked whether the client is still there
_ENDLESS_TIMES = 500  # so often when the answer must be one whole


class ScriptedModel:
    """Serves while it is entered. ``script`` is for every request; ``scripts`` for one each, the last for all after.

    ``requests`` holds the bodies it got; ``left`` is set when a client hangs up before its script has ended, and is a
    new one with every new script; ``unknown`` are placeholders for what was not in the prompt.
    """

    def __init__(self, script: Sequence[Step | Json] = ()) -> None:
        self._lock = threading.Lock()
        self._requests: list[Json] = []
        self._unknown: list[str] = []
        self.closing = threading.Event()
        self.scripts = [script]
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="scripted-model"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def script(self) -> list[Step]:
        return self.scripts[-1]

    @script.setter
    def script(self, script: Sequence[Step | Json]) -> None:
        self.scripts = [script]

    @property
    def scripts(self) -> list[list[Step]]:
        return [list(script) for script in self._scripts]

    @scripts.setter
    def scripts(self, scripts: Sequence[Sequence[Step | Json]]) -> None:
        read = [[step(each) for each in script] for script in scripts]
        with self._lock:
            self._scripts = read
            self._asked = 0
            self.left = threading.Event()

    @property
    def requests(self) -> list[Json]:
        with self._lock:
            return list(self._requests)

    @property
    def unknown(self) -> list[str]:
        with self._lock:
            return list(self._unknown)

    def take(self, request: Json) -> tuple[list[Step], threading.Event]:
        """What to do with a request that came in, and what to set if its client leaves."""
        prompt = Prompt.of(request)
        with self._lock:
            self._requests.append(request)
            script = self._scripts[min(self._asked, len(self._scripts) - 1)]
            self._asked += 1
            for each in script:
                self._unknown += prompt.unknown(_words(each))
            return script, self.left


def _words(each: Step) -> str:
    return each.say if isinstance(each, Say) else each.endless if isinstance(each, Endless) else ""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, model: ScriptedModel) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = model
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """On everyone who is still there."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes is no error here; anything else is a mistake of ours, and printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Gone(Exception):
    """The client hung up."""


class _HungUp(Exception):
    """We did."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        models = {"object": "list", "data": [{"id": "scripted", "object": "model", "owned_by": "tests"}]}
        self._put_json(models) if self.path == "/v1/models" else self._put_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != _COMPLETIONS:
            self._put_error(HTTPStatus.NOT_FOUND)
            return
        try:
            request = json.loads(body)
        except ValueError:
            self._put_error(HTTPStatus.BAD_REQUEST)
            return
        script, left = self.server.model.take(request)
        try:
            (_Streaming if request.get("stream") else _Whole)(self, request).play(script)
        except _HungUp:
            self.hang_up()
        except (_Gone, OSError):
            if not self.server.model.closing.is_set():
                left.set()
            self.hang_up()

    def hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float | None) -> None:
        """Raises when the client goes in the meantime; without ``seconds`` for as long as it is there."""
        deadline = None if seconds is None else time.monotonic() + seconds
        self._look()
        while deadline is None or time.monotonic() < deadline:
            left = _LOOK_SECONDS if deadline is None else deadline - time.monotonic()
            self.server.model.closing.wait(max(0.0, min(left, _LOOK_SECONDS)))
            self._look()

    def _look(self) -> None:
        if self.server.model.closing.is_set():
            raise _HungUp
        try:
            is_gone = not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            is_gone = False
        if is_gone:
            raise _Gone

    def put(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _put_json(self, content: Json) -> None:
        self.put(HTTPStatus.OK, json.dumps(content).encode(), {})

    def _put_error(self, status: HTTPStatus) -> None:
        error = {"error": {"message": status.phrase, "type": "invalid_request_error", "code": None}}
        self.put(status, json.dumps(error).encode(), {})


@dataclass
class _Answering(ABC):
    """One answer; the subclass says in what form."""

    handler: _Handler
    request: Json
    object_name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        self._prompt = Prompt.of(self.request)
        self._is_over = False
        self._reason = ""

    def play(self, script: Sequence[Step]) -> None:
        for each in script:
            self._do(each)
            if self._is_over:
                return
        self._close()

    def _do(self, each: Step) -> None:  # noqa: C901 - one case for each kind of step
        match each:
            case Say():
                self._say(each)
            case Delta(delta):
                self._put_delta(delta)
            case Raw(raw):
                self._put_raw(raw.encode("utf-8", "surrogateescape"))
            case Wait(seconds):
                self.handler.wait(seconds)
            case Status():
                self._is_over = True
                self.handler.put(each.status, each.body.encode(), each.headers)
            case Endless(text):
                self._put_endlessly(self._prompt.filled(text))
            case Hang():
                self.handler.wait(None)
            case Cut():
                raise _HungUp
            case Finish(reason):
                self._finish(reason)
            case End():
                self._is_over = True
                self._end()

    def _say(self, each: Say) -> None:
        text = self._prompt.filled(each.say) * each.repeat
        for piece in pieces_of(text) if each.pieces else [text]:
            self.handler.wait(each.pause)
            self._put_delta({"content": piece})

    def _body(self, choice: Json) -> Json:
        return {
            "id": "chatcmpl-scripted",
            "object": self.object_name,
            "created": 1_700_000_000,
            "model": self.request.get("model", ""),
            "choices": [{"index": 0, **choice}],
        }

    @abstractmethod
    def _put_delta(self, delta: Json) -> None: ...

    @abstractmethod
    def _put_raw(self, raw: bytes) -> None: ...

    @abstractmethod
    def _put_endlessly(self, text: str) -> None: ...

    @abstractmethod
    def _finish(self, reason: str) -> None: ...

    @abstractmethod
    def _close(self) -> None: ...

    @abstractmethod
    def _end(self) -> None: ...


class _Streaming(_Answering):
    """Server-sent events in chunks, so that a cut is no end; nothing is sent before there is something to say."""

    object_name = "chat.completion.chunk"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._has_begun = False
        self._has_role = False

    def _put_delta(self, delta: Json) -> None:
        self._put_role()
        self._put_choice({"delta": delta, "finish_reason": None})

    def _put_role(self) -> None:
        if not self._has_role:
            self._has_role = True
            self._put_choice({"delta": {"role": "assistant", "content": ""}, "finish_reason": None})

    def _put_choice(self, choice: Json) -> None:
        self._put_raw(f"data: {json.dumps(self._body(choice), ensure_ascii=False)}\n\n".encode("utf-8", "replace"))

    def _put_raw(self, raw: bytes) -> None:
        """What is not ASCII goes in two, the first half of a character and then the rest."""
        if not self._has_begun:
            self._begin()
        cut = next((position for position, byte in enumerate(raw, 1) if byte >= 0x80), len(raw))
        for part in (raw[:cut], raw[cut:]):
            if part:
                self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def _begin(self) -> None:
        self._has_begun = True
        self.handler.send_response(HTTPStatus.OK)
        self.handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.handler.send_header("Cache-Control", "no-cache")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def _put_endlessly(self, text: str) -> None:
        while True:
            for piece in pieces_of(text):
                self._put_delta({"content": piece})
                self.handler.wait(0.001)

    def _finish(self, reason: str) -> None:
        self._put_role()
        self._reason = reason
        self._put_choice({"delta": {}, "finish_reason": reason})

    def _close(self) -> None:
        if not self._reason:
            self._finish("stop")
        self._put_raw(b"data: [DONE]\n\n")
        self._end()

    def _end(self) -> None:
        if not self._has_begun:
            self._begin()
        self.handler.wfile.write(b"0\r\n\r\n")


class _Whole(_Answering):
    """One JSON object. Raw steps take its place; what has no end is said many times."""

    object_name = "chat.completion"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._message: Json = {"role": "assistant", "content": ""}
        self._raw = b""

    def _put_delta(self, delta: Json) -> None:
        content = delta.get("content")
        self._message |= {**delta, "content": self._message["content"] + (content or "")}

    def _put_raw(self, raw: bytes) -> None:
        self._raw += raw

    def _put_endlessly(self, text: str) -> None:
        self._put_delta({"content": text * _ENDLESS_TIMES})
        self._finish("length")

    def _finish(self, reason: str) -> None:
        self._reason = reason

    def _close(self) -> None:
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        choice = {"message": self._message, "finish_reason": self._reason or "stop"}
        body = json.dumps(self._body(choice) | {"usage": usage}, ensure_ascii=False).encode("utf-8", "replace")
        self.handler.put(HTTPStatus.OK, self._raw or body, {})

    def _end(self) -> None:
        self._close()
