"""Replies are made in a few threads, so that the event loop stays free and a slow one cannot hold everything up."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from assistant import texts
from assistant.answer import Answer
from assistant.reply import Turn
from ingest.article import Article


class Library(Protocol):
    @property
    def articles(self) -> Mapping[str, Article]:
        """By slug."""


class Answering(Protocol):
    """What the web needs of an ``Assistant``."""

    @property
    def index(self) -> Library: ...

    def reply(self, question: str, history: Sequence[Turn] = ...) -> Answer:
        """Called from several threads. Raises ``QuestionError``."""


class ReplyTooSlowError(Exception):
    """``str(error)`` is Dutch and can be shown to the visitor."""

    def __init__(self) -> None:
        super().__init__(texts.TOO_SLOW)


class ReplyPool:
    """At most ``at_once`` replies are being made at the same time; the rest waits its turn.

    Not anyio's limiter: it would lend out the place of a reply that is given up but still running.
    """

    def __init__(self, assistant: Answering, at_once: int, timeout_seconds: float) -> None:
        self._assistant = assistant
        self._timeout = timeout_seconds
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="reply")

    async def reply(self, question: str, history: Sequence[Turn]) -> Answer:
        """Raises ``ReplyTooSlowError``, waiting included, and whatever the assistant raises."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout):
                return await loop.run_in_executor(self._threads, self._assistant.reply, question, history)
        except TimeoutError:
            raise ReplyTooSlowError from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
