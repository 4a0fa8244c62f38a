"""Whatever is clicked the moment something else is done, is heard of: no event is lost on a stream that is closing."""

import asyncio
import time

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.web.chat.queue import QueueDoor
from assistant.web.chat.streams import Streams

SETTLING = 1.0


async def _waited(streams: Streams, session: str) -> float:
    start = time.monotonic()
    await streams.settled(session)
    return time.monotonic() - start


def test_what_follows_the_end_of_a_stream_waits_until_the_page_must_know_of_it() -> None:
    streams = Streams(SETTLING)
    with streams.streaming("a"):
        pass
    assert asyncio.run(_waited(streams, "a")) >= SETTLING * 0.9


def test_nothing_waits_without_a_stream_that_ended_or_with_another_one_open() -> None:
    streams = Streams(settling_seconds=60)
    assert asyncio.run(_waited(streams, "a")) < SETTLING / 2
    with streams.streaming("a"):
        pass
    with streams.streaming("a"):
        assert asyncio.run(_waited(streams, "a")) < SETTLING / 2
    assert asyncio.run(_waited(streams, "b")) < SETTLING / 2


def test_of_a_crowd_only_the_last_are_remembered() -> None:
    streams = Streams()
    for number in range(3_000):
        with streams.streaming(str(number)):
            pass
    assert len(streams._ended) <= 1_000
    assert not streams._open


async def _gradio(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


@pytest.mark.parametrize(("session", "settling"), [("a", SETTLING), ("b", 60.0)])
def test_an_event_waits_for_the_end_of_its_own_stream_alone(session: str, settling: float) -> None:
    client = TestClient(QueueDoor(_gradio, frozenset({0}), streams=Streams(settling)))
    client.get("/gradio_api/queue/data?session_hash=a")
    start = time.monotonic()
    join = {"data": [], "fn_index": 0, "session_hash": session}
    assert client.post("/gradio_api/queue/join", json=join).text == "ok"
    took = time.monotonic() - start
    assert (took >= SETTLING * 0.5) if session == "a" else (took < settling / 2)
