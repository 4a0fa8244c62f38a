"""Replies are made in a few threads, so that the event loop stays free and a slow one cannot hold everything up."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Protocol

from assistant.answer import Part
from assistant.reply import Turn
from assistant.web.turned_away import ReplyTooSlowError
from ingest.article import Article


class Library(Protocol):
    @property
    def articles(self) -> Mapping[str, Article]:
        """By slug."""


class Answering(Protocol):
    """What the web needs of an ``Assistant``."""

    @property
    def collection(self) -> Library: ...

    def stream(self, question: str, history: Sequence[Turn] = ...) -> Iterable[Part]:
        """The reply, its whole ``Answer`` last. Read in one of several threads. Raises ``QuestionError``."""

    def examples(self, count: int) -> tuple[str, ...]:
        """Questions that can be answered."""


class ReplyPool:
    """At most ``at_once`` replies are being made at the same time; the rest waits its turn.

    Not anyio's limiter: it would lend out the place of a reply that is given up but still running.
    """

    def __init__(self, assistant: Answering, at_once: int, timeout_seconds: float) -> None:
        self._assistant = assistant
        self._timeout = timeout_seconds
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="reply")

    async def stream(self, question: str, history: Sequence[Turn]) -> AsyncGenerator[Part]:
        """The parts as they come. A reader who leaves closes it; then no further part is made.

        Raises ``ReplyTooSlowError`` when the whole takes too long, waiting included, and whatever the assistant raises.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        channel = _Channel(loop)
        making = self._threads.submit(channel.fill, self._assistant, question, history)
        try:
            while (part := await channel.next_before(deadline)) is not None:
                yield part
        finally:
            channel.is_abandoned.set()
            making.cancel()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Channel:
    """From the thread that makes a reply to the event loop that sends it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._made: asyncio.Queue[Part | Exception | None] = asyncio.Queue()
        self.is_abandoned = Event()

    def fill(self, assistant: Answering, question: str, history: Sequence[Turn]) -> None:
        """In the thread. None says that there is no more."""
        try:
            for part in assistant.stream(question, history):
                self._put(part)
                if self.is_abandoned.is_set():
                    return
        except Exception as error:  # whatever it is, it is raised where the reply is waited for
            self._put(error)
        finally:
            self._put(None)

    async def next_before(self, deadline: float) -> Part | None:
        try:
            async with asyncio.timeout_at(deadline):
                made = await self._made.get()
        except TimeoutError:
            raise ReplyTooSlowError from None
        if isinstance(made, Exception):
            raise made
        return made

    def _put(self, made: Part | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop is gone: nobody is waiting any more
            self._loop.call_soon_threadsafe(self._made.put_nowait, made)
