"""The arithmetic of the load benchmark: a figure that is wrong is worse than none."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from math import isnan
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.load_clients import Crowd, Door, Outcome, Plan, Sample, is_answer
from benchmarks.load_figures import Memory, Stage, memory_row, percentile, section_of, stage_rows, with_section
from benchmarks.load_report import Course, Results, section
from benchmarks.panel import Waits
from benchmarks.served import free_port
from benchmarks.visits import conversations
from benchmarks.wire import Event, connected, events

SEARCHING = "Ik zoek …"
FAILED = "Er ging iets mis"
STREAM = 'event: triage\ndata: {}\n\n: ping\n\nevent: sentence\ndata: {"text": "één"}\n\nevent: done\ndata: {}\n\n'
Answer = Callable[[str, bytes], bytes]
T = TypeVar("T")


def stage(*samples: Sample, visitors: int = 2, reading_seconds: float = 0) -> Stage:
    return Stage(
        visitors=visitors,
        samples=samples,
        arrival_seconds=10,
        seconds=30,
        wall_seconds=40,
        server_cpu=4,
        client_cpu=2,
        other_cpu=1,
        reading_seconds=reading_seconds,
    )


def plan(door: Door, port: int, visitors: int = 1, reading_seconds: float = 0) -> Plan:
    return Plan(
        door=door,
        host="127.0.0.1",
        port=port,
        visitors=visitors,
        arrival_seconds=0,
        seconds=0.05,
        conversations=(("een", "twee"),),
        failures=(FAILED,),
        searching=SEARCHING,
        reading_seconds=reading_seconds,
    )


# --- percentiles and tables ---


def test_percentiles_lie_between_the_values_they_separate() -> None:
    assert percentile([30, 10, 20], 50) == 20
    assert percentile([0, 100], 95) == 95
    assert isnan(percentile([], 50))


def test_latency_counts_what_was_asked_once_everybody_was_in() -> None:
    early, late = Sample(9, 9.9, 9.9), Sample(10, 10.1, 10.3)
    assert stage(early, late).first_ms(95) == pytest.approx(100)
    assert stage(early, late).end_ms(50) == pytest.approx(300)


def test_throughput_counts_answers_that_came_in_between_arrival_and_end() -> None:
    inside = [Sample(10, 11, second) for second in (10, 20, 30)]
    outside = [Sample(8, 9, 9), Sample(29, 31, 31), Sample(12, 13, 14, "status 503")]
    assert stage(*inside, *outside).answers_per_second == 3 / 20


def test_an_error_is_counted_and_is_no_latency() -> None:
    found = stage(Sample(11, 11, 11, "status 503"), Sample(11, 12, 13))
    assert found.errors == {"status 503": 1}
    assert found.first_ms(50) == pytest.approx(1000)


def test_cost_of_an_answer_is_what_the_server_computed_for_each() -> None:
    assert stage(Sample(11, 12, 13), Sample(11, 12, 13)).server_ms_per_answer == 2000
    assert stage().server_ms_per_answer == 4000


def test_row_of_a_stage_has_every_column() -> None:
    row = stage_rows([stage(Sample(10, 10.25, 11.5), Sample(11, 11, 11, "status 503"), visitors=50)])
    assert row == "| 50 | 0.1 | 250 / 250 | 1,500 / 1,500 | 1 | 4000 | 0.05 |"
    assert stage_rows([stage(visitors=200, reading_seconds=20)]).startswith("| 200 who read 20 s | 0.0 |")


def test_memory_that_grows_has_the_slope_it_grows_by() -> None:
    memory = Memory(tuple((float(second), 700 + second / 60) for second in range(10, 610, 2)), answers=6_000)
    assert memory.slope == pytest.approx(1)
    assert memory.last - memory.first == pytest.approx(9, abs=0.05)
    assert memory_row("x", memory) == "| x | 10 min, 6,000 answers | 701 | 710 | 710 | +1.00 |"


def test_memory_that_jumps_once_and_stays_is_seen_at_both_ends() -> None:
    memory = Memory(((0, 700.0), (100, 700.0), (200, 760.0), (300, 740.0)), answers=1)
    assert (memory.first, memory.last, memory.highest) == (700, 740, 760)


def test_section_of_a_page_is_replaced_and_the_rest_left() -> None:
    page = "# Benchmarks\n\nold\n\n## Under load\n\nold table\n\n## Ingest\n\nkept\n"
    mended = with_section(page, "## Under load\n\nnew\n")
    assert mended == "# Benchmarks\n\nold\n\n## Under load\n\nnew\n\n## Ingest\n\nkept\n"
    assert with_section("# Benchmarks\n", section_of(mended)) == "# Benchmarks\n\n## Under load\n\nnew\n"


def test_section_put_in_twice_stands_there_once() -> None:
    once = with_section("# Benchmarks\n\nold\n", "## Under load\n\nnew\n")
    assert with_section(once, "## Under load\n\nnew\n") == once


def test_report_names_every_stage_and_both_doors() -> None:
    course = Course()
    results = Results(
        stages={door: [stage(visitors=count) for count in course.visitors(door)] for door in Door},
        memory={door: Memory(((0, 700.0), (600, 700.0)), 1) for door in Door},
        panel=Waits((300.0, 310.0, 320.0), tuple(map(float, range(100, 120)))),
        chat_page=Waits((1300.0,), (200.0,)),
    )
    rows = [line for line in section(course, results).splitlines() if line.startswith("| ")]
    firsts = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    assert [first for first in firsts if first.isdigit()] == ["1", "10", "50", "200", "1", "10", "50"]
    assert "| panel (widget) | 310 (300–320) | 110 | 118 |" in rows
    assert results.other_cores == 1 / 40


# --- event streams ---


@given(st.lists(st.integers(1, len(STREAM.encode()) - 1)))
def test_events_are_the_same_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    content = STREAM.encode()
    edges = sorted({0, *cuts, len(content)})

    async def pieces() -> AsyncGenerator[bytes]:
        for start, end in pairwise(edges):
            yield content[start:end]

    async def read() -> list[Event]:
        return [event async for event in events(pieces())]

    said = [("triage", "{}"), ("sentence", '{"text": "één"}'), ("done", "{}")]
    assert [(event.name, event.data) for event in asyncio.run(read())] == said


def test_event_without_a_name_is_a_message_and_lines_of_data_stay_lines() -> None:
    assert Event.of("data: een\ndata:twee") == Event("message", "een\ntwee")
    assert Event.of(": ping") is None


def test_first_update_of_the_chat_page_shows_no_answer_yet() -> None:
    def update(text: str, kind: str = "process_generating") -> Event:
        return Event("message", f'{{"msg":"{kind}","output":"{text}"}}')

    assert not is_answer(update(SEARCHING), SEARCHING)
    assert not is_answer(update("", "process_starts"), SEARCHING)
    assert is_answer(update("Rust helpt."), SEARCHING)
    assert is_answer(update("Rust helpt.", "process_completed"), SEARCHING)


# --- visitors ---


def test_conversations_are_small_and_always_the_same() -> None:
    talks = conversations()
    assert talks == conversations()
    assert len(talks) > 500
    assert all(talk and all(message.strip() for message in talk) for talk in talks)
    assert max(map(len, talks)) <= 8


def test_samples_survive_the_way_between_processes() -> None:
    outcome = Outcome((Sample(0.5, 1.0, 2.0), Sample(1, 1, 1, "status 503")), 0.25)
    assert Outcome.of(outcome.document()) == outcome


def test_visitor_asks_on_with_what_was_asked_before() -> None:
    bodies: list[bytes] = []

    def answer(_: str, body: bytes) -> bytes:
        bodies.append(body)
        return chunked(STREAM)

    samples = visited(answer, Door.STREAM)
    assert not any(sample.error for sample in samples)
    assert all(sample.asked <= sample.first <= sample.ended for sample in samples)
    first, second = (json.loads(body)["history"] for body in bodies[:2])
    assert first == []
    assert second == [{"role": "user", "content": "een"}]


def test_visitor_who_reads_asks_less_and_goes_when_it_is_over() -> None:
    hurried = visited(lambda *_: chunked(STREAM), Door.STREAM)
    assert len(visited(lambda *_: chunked(STREAM), Door.STREAM, reading_seconds=60)) == 1 < len(hurried)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"HTTP/1.1 503 Nee\r\nContent-Length: 0\r\n\r\n", "status 503"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nevent", "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "the last event is none"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\nevent: error\ndata: {}\n\n.", "the last event is error"),
        (b"SSH-2.0-x\r\n", "no status line"),
        (b"", "cut off"),
    ],
)
def test_anything_but_a_whole_answer_is_an_error(reply: bytes, error: str) -> None:
    assert {sample.error for sample in visited(lambda *_: reply, Door.STREAM)} == {error}


def test_server_that_is_gone_is_an_error_of_each_visitor() -> None:
    samples = asyncio.run(Crowd(plan(Door.STREAM, free_port(), visitors=3)).visit())
    assert [sample.error for sample in samples] == ["ConnectionRefusedError"] * 3


@pytest.mark.parametrize(
    ("shown", "success", "error"),
    [("Rust helpt.", True, ""), (f"{FAILED} met uw vraag", True, FAILED), ("", False, "it failed")],
)
def test_failure_that_the_chat_page_shows_as_an_answer_is_an_error(shown: str, success: bool, error: str) -> None:
    messages = [{"role": "assistant", "content": [{"text": shown}]}]
    completed = {"msg": "process_completed", "success": success, "output": {"data": [messages]}}
    told = f"data: {json.dumps(completed, separators=(',', ':'))}\n\n"
    samples = visited(lambda path, _: chunked(told if "queue/data" in path else "{}"), Door.PAGE)
    assert {sample.error for sample in samples} == {error}


def test_next_request_on_a_connection_gets_its_own_reply() -> None:
    async def read(port: int) -> list[bytes]:
        async with connected(("127.0.0.1", port)) as connection:
            return [await (await connection.request("GET", path)).whole() for path in ("/een", "/twee")]

    assert asyncio.run(served(lambda path, _: chunked(path), read)) == [b"/een", b"/twee"]


def test_connection_that_the_server_closed_meanwhile_is_made_anew() -> None:
    async def read(port: int) -> list[bytes]:
        async with connected(("127.0.0.1", port)) as connection:
            first = await (await connection.request("GET", "/een")).whole()
            await asyncio.sleep(0.05)
            return [first, await (await connection.request("GET", "/twee")).whole()]

    def and_close(path: str, _: bytes) -> bytes:
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(path)}\r\n\r\n{path}".encode()

    assert asyncio.run(served(and_close, read)) == [b"/een", b"/twee"]


# --- a server that says what it is told ---


def chunked(text: str, size: int = 7) -> bytes:
    content = text.encode()
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def visited(answer: Answer, door: Door, reading_seconds: float = 0) -> tuple[Sample, ...]:
    return asyncio.run(served(answer, lambda port: Crowd(plan(door, port, reading_seconds=reading_seconds)).visit()))


async def served(answer: Answer, use: Callable[[int], Awaitable[T]]) -> T:
    """``answer`` gets path and body; the connection is closed behind a reply that is not whole."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                size = re.search(r"Content-Length: (\d+)", head)
                reply = answer(head.split()[1], await reader.readexactly(int(size[1]) if size else 0))
                writer.write(reply)
                if not reply.endswith(b"0\r\n\r\n"):
                    break
        writer.close()

    async with await asyncio.start_server(converse, "127.0.0.1", 0) as server:
        return await use(server.sockets[0].getsockname()[1])
