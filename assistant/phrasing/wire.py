"""The connection a question goes out on: looked at before anything is sent, and cut from another thread."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from threading import Lock
from typing import Any, Protocol

from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.nearby import is_nearby_address

_in_use: ContextVar["Wire | None"] = ContextVar("wire", default=None)

# A connection as the HTTP packages have it, when it is made and again when it is encrypted.
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")


class _Response(Protocol):
    @property
    def num_bytes_downloaded(self) -> int: ...


class Wire:
    """Of one request. A thread that waits for a server cannot be stopped, but what it waits for can end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._is_cut = False
        self._response: _Response | None = None

    @property
    def bytes_received(self) -> int:
        return self._response.num_bytes_downloaded if self._response else 0

    @property
    def is_cut(self) -> bool:
        return self._is_cut

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """All requests that this thread makes are on this wire."""
        token = _in_use.set(self)
        try:
            yield
        finally:
            _in_use.reset(token)

    def cut(self) -> None:
        """Whatever waits for it is over at once; no further connection is made. From any thread."""
        with self._lock:
            self._is_cut = True
            for connected in self._sockets:
                _shut(connected)

    def take(self, connected: socket.socket, must_be_nearby: bool) -> None:
        """Before anything is sent. Raises ``ModelFailedError`` when it leads away from here and must not."""
        if must_be_nearby and not is_nearby_address(connected.getpeername()[0]):
            _shut(connected)
            raise ModelFailedError(Failure.NOT_NEARBY)
        with self._lock:
            self._sockets.append(connected)
            if self._is_cut:
                _shut(connected)

    def answered(self, response: _Response) -> None:
        self._response = response


def hooks(must_be_nearby: bool) -> Mapping[str, list[Callable[[Any], None]]]:
    """``event_hooks`` for a client of httpx or of httpx2: what one provider's package needs is not the other's."""
    return {"request": [partial(_before, must_be_nearby)], "response": [_after]}


def _before(must_be_nearby: bool, request: Any) -> None:
    wire = _in_use.get() or Wire()
    # A connection of its own, so that to cut it stops nobody else; and no few bytes that unpack to gigabytes.
    request.headers.update({"Connection": "close", "Accept-Encoding": "identity"})

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            wire.take(info["return_value"].get_extra_info("socket"), must_be_nearby)

    request.extensions = {**request.extensions, "trace": trace}


def _after(response: Any) -> None:
    """Raises ``ModelFailedError`` for a redirect, whatever the package would make of it."""
    wire = _in_use.get()
    if wire is not None:
        wire.answered(response)
    if response.is_redirect:
        raise ModelFailedError(Failure.REDIRECTED)


def _shut(connected: socket.socket) -> None:
    """Not ``close``, which does not wake who waits; not that of an encrypted one, which would take away what is read
    with while it is in use."""
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
