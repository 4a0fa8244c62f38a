"""What attackers send, from ``hostile/*.jsonl``, each with what must come of it.

In every file ``repeat`` makes long texts of short ones, and ``latin1`` is bytes that are no UTF-8.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent / "hostile"
_Row = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Typed by a visitor. ``outcome``: "reply" or "refused"; ``heard`` is what reaches the assistant, where that is of
    interest."""

    name: str
    text: str
    outcome: str
    heard: str | None


@dataclass(frozen=True)
class HttpRequest:
    """``kind`` is what must come back: "problem", "page", "json" or "events"; ``never`` what must not be in it."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_chunked: bool = False
    name: str = ""
    statuses: list[int] = field(default_factory=list)
    kind: str = ""
    never: list[str] = field(default_factory=list)
    expected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    """Bytes on a connection, and the statuses that come back; ``closes``: the server must hang up."""

    name: str
    pieces: list[bytes]
    statuses: list[int]
    closes: bool
    never: list[str]


@dataclass(frozen=True)
class QueueEntry:
    """For Gradio's queue; ``ends`` with an "answer" or an "error" if it is let in."""

    name: str
    body: bytes
    status: int
    ends: str
    never: list[str] = field(default_factory=list)


def messages() -> list[Message]:
    return [Message(row["name"], _text(row), row["outcome"], row.get("heard")) for row in _rows("messages")]


def requests() -> list[HttpRequest]:
    return [_request(row) for row in _rows("requests")]


def conversations() -> list[Conversation]:
    return [
        Conversation(row["name"], [_piece(piece) for piece in row["send"]], row["statuses"], row["closes"], _never(row))
        for row in _rows("raw")
    ]


def queue_entries(events: dict[str, int]) -> list[QueueEntry]:
    """``events``: the numbers of the page's events by name."""
    return [
        QueueEntry(row["name"], _queue_body(row, events), row["status"], row.get("ends", ""), _never(row))
        for row in _rows("queue")
    ]


def named(inputs: Iterable[Any]) -> list[Any]:
    """As parameters of a test, which then goes by their names."""
    return [pytest.param(each, id=each.name) for each in inputs]


def names(kind: str) -> list[str]:
    return [row["name"] for row in _rows(kind)]


def _rows(kind: str) -> list[_Row]:
    return [json.loads(line) for line in (_FOLDER / f"{kind}.jsonl").read_text("ascii").splitlines()]


def _never(row: _Row) -> list[str]:
    never: list[str] = row.get("never", [])
    return never


def _text(row: _Row) -> str:
    text: str = row["text"] * row.get("repeat", 1)
    return text


def _request(row: _Row) -> HttpRequest:
    headers = dict(row.get("headers", {}))
    body = _body(row)
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    return HttpRequest(
        row["method"],
        row["path"],
        headers,
        body,
        row.get("chunked", False),
        row["name"],
        row["status"],
        row.get("kind", ""),
        _never(row),
        row.get("expect", {}),
    )


def _body(row: _Row) -> bytes | None:
    if "json" in row:
        return json.dumps(row["json"]).encode()
    if "latin1" in row:
        return str(row["latin1"]).encode("latin-1")
    return _long(row["body"]) if "body" in row else None


def _long(given: str | _Row) -> bytes:
    if isinstance(given, str):
        return given.encode()
    unit, count = given["repeat"]
    return f"{given.get('before', '')}{unit * count}{given.get('after', '')}".encode()


def _piece(given: str | _Row) -> bytes:
    text = given if isinstance(given, str) else given["repeat"][0] * given["repeat"][1]
    return text.encode("latin-1")


def _queue_body(row: _Row, events: dict[str, int]) -> bytes:
    if "join" not in row:
        return _body(row) or b"" if "repeat" not in row else (row["body"] * row["repeat"]).encode()
    join = row["join"]
    number = join.get("fn_index")
    return json.dumps(join | ({"fn_index": events[number]} if number in events else {})).encode()
