"""Whatever is sent: the outcome that stands with it, never a server error, and the chat answers the next visitor."""

import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser_fixtures import SLOWLY
from event_stream import STREAM, events_of
from hostile_fixtures import Reply, Target, statuses_in
from hostile_inputs import Conversation, HttpRequest, Message, conversations, messages, named, names, requests

from assistant import texts

pytestmark = pytest.mark.server
pytest_plugins = ("hostile_fixtures",)

_KINDS = {
    "problem": "application/problem+json",
    "page": "text/html; charset=utf-8",
    "json": "application/json",
    "events": "text/event-stream; charset=utf-8",
}
# What an error page or a file of the machine would show.
_LEAKS = ("Traceback (most recent", "site-packages", "root:x:0:0", "Internal Server Error")


def test_there_are_enough_of_them() -> None:
    counts = {kind: len(set(names(kind))) for kind in ("messages", "requests", "raw", "queue")}
    assert counts["messages"] >= 80
    assert all(count >= 40 for count in counts.values())


def assert_is_harmless(reply: Reply) -> None:
    """True of every answer, whatever was asked."""
    assert reply.status < 500
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in reply.headers
    assert not [leak for leak in _LEAKS if leak in reply.text]


# What a visitor types


@pytest.mark.parametrize("message", named(messages()))
def test_a_message_gets_a_reply_or_is_refused_and_is_never_said_again(target: Target, message: Message) -> None:
    for path in ("/api/ask", STREAM):
        reply = target.post(path, {"question": message.text})
        assert_is_harmless(reply)
        if message.outcome == "refused":
            assert reply.status in (413, 422)
            assert reply.json["disclaimer"] == texts.DISCLAIMER
        else:
            assert reply.status == 200
        if len(message.text) > 5:
            assert message.text not in reply.text and json.dumps(message.text)[1:-1] not in reply.text
    if message.outcome == "reply" and message.heard is not None:
        assert target.assistant.asked[-1][0] == message.heard
    assert target.is_well()


@pytest.mark.parametrize("message", named(messages()))
def test_a_message_does_no_harm_in_any_other_field(target: Target, message: Message) -> None:
    text = message.text
    rating = {"helpful": True, "kind": "answered"}
    sent = (
        ("/api/ask", {"question": "Wat helpt?", "history": [{"role": "user", "content": text}]}, (200, 413, 422)),
        ("/api/ask", {"question": "Wat helpt?", "history": [{"role": "assistant", "content": text}]}, (200, 413, 422)),
        ("/api/ask", {"question": "Wat helpt?", "history": [{"role": text, "content": "x"}]}, (413, 422)),
        ("/api/ask", {"question": "Wat helpt?", text: text}, (200, 413)),
        (
            STREAM,
            {"question": "Wat helpt?", "visitor": text},
            (200,) if text.isalnum() and len(text) < 65 or not text else (413, 422),
        ),
        ("/api/feedback", {**rating, "kind": text}, (413, 422)),
        ("/api/feedback", {**rating, "passage_ids": [text]}, (413, 422)),
    )
    for path, body, statuses in sent:
        reply = target.post(path, body)
        assert_is_harmless(reply)
        assert reply.status in statuses, (path, body)
        if len(text) > 5:
            assert text not in reply.text
    assert target.is_well()


def test_what_is_streamed_cannot_be_made_to_end_early(target: Target) -> None:
    """By a question that looks like the end of a stream."""
    reply = target.post(STREAM, {"question": 'x\n\nevent: done\ndata: {"kind": "answered"}\n\n'})
    events = events_of(reply.body.decode())
    assert [event.name for event in events].count("done") == 1
    assert events[-1].data["disclaimer"] == texts.DISCLAIMER


# Requests


@pytest.mark.parametrize("request_", named(requests()))
def test_a_request_has_the_outcome_that_stands_with_it(target: Target, request_: HttpRequest) -> None:
    reply = target.send(request_)
    assert reply.status in request_.statuses, reply.text
    assert_is_harmless(reply)
    if request_.kind:
        assert reply.headers["content-type"] == _KINDS[request_.kind]
    if request_.kind == "problem" and request_.method != "HEAD":
        assert reply.json["disclaimer"] == texts.DISCLAIMER
    if request_.expected:
        assert request_.expected.items() <= reply.json.items()
    assert [word for word in request_.never if word.lower() in reply.text.lower()] == []
    assert target.is_well()


# Connections


@pytest.mark.parametrize("conversation", named(conversations()))
def test_a_connection_has_the_outcome_that_stands_with_it(target: Target, conversation: Conversation) -> None:
    start = time.monotonic()
    heard, is_closed = target.converse(conversation.pieces, len(conversation.statuses), conversation.closes)
    assert statuses_in(heard) == conversation.statuses
    assert is_closed == conversation.closes
    assert time.monotonic() - start < 5
    assert not [word for word in (*conversation.never, *_LEAKS) if word.encode() in heard]
    assert target.is_well()


def asking(question: str) -> bytes:
    """A whole request for a stream."""
    body = json.dumps({"question": question}).encode()
    head = f"POST {STREAM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


ASKING = asking("Wat zijn oorzaken?")


@contextmanager
def crowd(target: Target, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Connections on which ``sent`` was sent, and nothing is read."""
    connections = [socket.create_connection(("127.0.0.1", target.port), timeout=5) for _ in range(count)]
    try:
        for connection in connections:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.sendall(sent)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def is_quiet(target: Target, within: float = 5.0) -> bool:
    """No reply is being made or waited for."""
    deadline = time.monotonic() + within
    while target.open_replies and time.monotonic() < deadline:
        time.sleep(0.05)
    return target.open_replies == 0


@pytest.mark.parametrize("sent", [b"", b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n", ASKING[:-1]])
def test_a_crowd_that_never_finishes_its_requests_keeps_nobody_out(target: Target, sent: bytes) -> None:
    with crowd(target, 60, sent):
        start = time.monotonic()
        assert target.is_well()
        assert time.monotonic() - start < 2
    assert is_quiet(target)


def test_a_crowd_that_reads_nothing_of_its_streams_keeps_nobody_out_and_holds_no_place(target: Target) -> None:
    with crowd(target, 40, ASKING * 20):
        time.sleep(0.3)
        start = time.monotonic()
        assert target.is_well()
        assert time.monotonic() - start < 3
    assert is_quiet(target)
    assert target.is_well()


@pytest.mark.parametrize(("question", "hears"), [("traag", 0), (SLOWLY, 1)])
def test_a_crowd_that_hangs_up_in_the_middle_leaves_nothing_behind(target: Target, question: str, hears: int) -> None:
    with crowd(target, 4, asking(question)) as connections:
        time.sleep(0.2)
        for connection in connections:
            assert not hears or len(connection.recv(1)) == hears
            # Not a goodbye but a reset.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert is_quiet(target, within=1.5)
    assert target.is_well()
