"""Visitors who ask a served chat, in a process of their own: ``python -m benchmarks.load_clients < plan > samples``.

Each goes through conversations until the time is over. Who reads nothing asks as soon as the question before is
answered: many times busier than people are. Imports nothing heavy, for it shares the cores with what it measures.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random
from secrets import token_hex
from time import monotonic, process_time
from typing import Any, Protocol

from benchmarks.wire import Connection, Event, WireError, connected, events

_PATIENCE_SECONDS = 60
# After a failure, so that a server that is gone is not asked without end.
_PAUSE_SECONDS = 0.5
_OK = 200
# Gradio wants them there.
_UNUSED_BY_THE_PAGE = {"event_data": None, "trigger_id": None}

Talk = Sequence[str]


class Door(StrEnum):
    """Which way the questions go in."""

    STREAM = "stream"
    PAGE = "page"


@dataclass(frozen=True)
class Plan:
    """``visitors`` come in over ``arrival_seconds``, and ask nothing new after ``seconds``.

    Between an answer and the next question they read, ``reading_seconds`` on average.

    ``conversations`` are the visitors' own messages; ``failures`` what the chat page says in place of an answer,
    ``searching`` what it says until there is one.
    """

    door: Door
    host: str
    port: int
    visitors: int
    arrival_seconds: float
    seconds: float
    conversations: tuple[tuple[str, ...], ...]
    failures: tuple[str, ...]
    searching: str
    reading_seconds: float = 0

    @classmethod
    def of(cls, document: str) -> "Plan":
        given = json.loads(document)
        return cls(**given | {"door": Door(given["door"])})


@dataclass(frozen=True)
class Sample:
    """One question: when it was asked, when the first words of its answer came and when the last, in seconds from the
    start; ``error`` says why it does not count as answered."""

    asked: float
    first: float
    ended: float
    error: str = ""


@dataclass(frozen=True)
class Outcome:
    """``cpu_seconds`` are what the visitors themselves took."""

    samples: tuple[Sample, ...]
    cpu_seconds: float

    @classmethod
    def of(cls, document: str) -> "Outcome":
        given = json.loads(document)
        return cls(tuple(Sample(*each) for each in given["samples"]), given["cpu_seconds"])

    def document(self) -> str:
        samples = [list(asdict(sample).values()) for sample in self.samples]
        return json.dumps({"samples": samples, "cpu_seconds": self.cpu_seconds})


class UnansweredError(Exception):
    """There was a reply, but no answer."""


# A timeout is an OSError, too.
_FAILURES = (UnansweredError, WireError, OSError)


class Visit(Protocol):
    """One conversation with the chat."""

    async def ask(self, question: str, on_words: Callable[[], None]) -> None:
        """Until the answer is whole; ``on_words`` hears of its first words. Raises ``UnansweredError``."""


class StreamVisit:
    """As the panel asks: the visitor's earlier messages go along."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._said: list[dict[str, str]] = []

    async def ask(self, question: str, on_words: Callable[[], None]) -> None:
        body = json.dumps({"question": question, "history": self._said, "visitor": self._name}).encode()
        self._said = [*self._said, {"role": "user", "content": question}]
        reply = await self._connection.request("POST", "/api/ask/stream", body)
        _require_ok(reply.status)
        last = ""
        async for event in events(reply.body):
            if event.name in ("sentence", "done"):
                on_words()
            last = event.name
        if last != "done":
            raise UnansweredError(f"the last event is {last or 'none'}")


class PageVisit:
    """As the chat page asks, through Gradio's queue; its conversation is on the server."""

    def __init__(self, connection: Connection, name: str, failures: Sequence[str], searching: str) -> None:
        self._connection = connection
        self._name = name
        self._failures = failures
        self._searching = searching

    async def ask(self, question: str, on_words: Callable[[], None]) -> None:
        asked = {"data": [question, None], "fn_index": 0, "session_hash": self._name, **_UNUSED_BY_THE_PAGE}
        joined = await self._connection.request("POST", "/gradio_api/queue/join", json.dumps(asked).encode())
        await joined.whole()
        _require_ok(joined.status)
        reply = await self._connection.request("GET", f"/gradio_api/queue/data?session_hash={self._name}")
        _require_ok(reply.status)
        completed = ""
        async for event in events(reply.body):
            if is_answer(event, self._searching):
                on_words()
            if '"msg":"process_completed"' in event.data:
                completed = event.data
        self._judge(completed)

    def _judge(self, completed: str) -> None:
        if not completed:
            raise UnansweredError("it was not completed")
        output = json.loads(completed)
        if not output["success"]:
            raise UnansweredError("it failed")
        shown = _last_text(output["output"]["data"][0])
        for failure in self._failures:
            if shown.startswith(failure):
                raise UnansweredError(failure)


def is_answer(event: Event, searching: str) -> bool:
    """Whether it shows some of the answer: the first update shows the question, and that the page is searching."""
    is_update = '"msg":"process_generating"' in event.data or '"msg":"process_completed"' in event.data
    return is_update and searching not in event.data


def _last_text(messages: list[dict[str, Any]]) -> str:
    return str(messages[-1]["content"][0]["text"])


def _require_ok(status: int) -> None:
    if status != _OK:
        raise UnansweredError(f"status {status}")


class Crowd:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._start = monotonic()
        self._samples: list[Sample] = []

    async def visit(self) -> tuple[Sample, ...]:
        """Returns when the last answer is there, or given up."""
        await asyncio.gather(*(self._visitor(number) for number in range(self._plan.visitors)))
        return tuple(self._samples)

    async def _visitor(self, number: int) -> None:
        chance = Random(number)
        await asyncio.sleep(self._plan.arrival_seconds * number / self._plan.visitors)
        while not self._is_over():
            talk = chance.choice(self._plan.conversations)
            if not await self._is_answered_all(talk, chance):
                await self._sleep(_PAUSE_SECONDS)

    async def _is_answered_all(self, talk: Talk, chance: Random) -> bool:
        """As far as the time allows."""
        try:
            async with self._begun(token_hex(16)) as visit:
                for question in talk:
                    if not self._is_over() and not await self._is_answered(visit, question):
                        return False
                    await self._sleep(self._plan.reading_seconds * chance.uniform(0.5, 1.5))
        except _FAILURES as error:
            now = self._now()
            self._samples.append(Sample(now, now, now, _told(error)))
            return False
        return True

    @asynccontextmanager
    async def _begun(self, name: str) -> AsyncIterator[Visit]:
        plan = self._plan
        address = (plan.host, plan.port)
        async with connected(address) as connection:
            if plan.door is Door.STREAM:
                yield StreamVisit(connection, name)
                return
            async with connected(address) as other:
                # The page holds this open, and Gradio forgets the conversation when it closes.
                heartbeat = await other.request("GET", f"/gradio_api/heartbeat/{name}")
                _require_ok(heartbeat.status)
                beating = asyncio.ensure_future(heartbeat.whole())
                try:
                    yield PageVisit(connection, name, plan.failures, plan.searching)
                finally:
                    beating.cancel()

    async def _is_answered(self, visit: Visit, question: str) -> bool:
        asked = self._now()
        words: list[float] = []
        error = ""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await visit.ask(question, lambda: words.append(self._now()))
        except _FAILURES as failure:
            error = _told(failure)
        ended = self._now()
        self._samples.append(Sample(asked, words[0] if words else ended, ended, error))
        return not error

    def _now(self) -> float:
        return monotonic() - self._start

    async def _sleep(self, seconds: float) -> None:
        """No longer than until it is over."""
        await asyncio.sleep(max(0.0, min(seconds, self._plan.seconds - self._now())))

    def _is_over(self) -> bool:
        return self._now() >= self._plan.seconds


def _told(failure: Exception) -> str:
    is_ours = isinstance(failure, UnansweredError | WireError)
    return str(failure) if is_ours else type(failure).__name__


def main() -> None:
    plan = Plan.of(sys.stdin.read())
    samples = asyncio.run(Crowd(plan).visit())
    sys.stdout.write(Outcome(samples, process_time()).document())


if __name__ == "__main__":
    main()
