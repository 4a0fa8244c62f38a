"""A pool of connections in which whoever needs one connects himself.

psycopg_pool connects in threads of its own: a wrong password then looks like a slow server, and connections that died
with a server cost a second and more each. Here the reason is told at once, and what died is dropped unasked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

# Now and then a connection is made anew, so that a server that came back gets its share.
_MOST_SECONDS = 1_800.0


class PoolBusyError(Exception):
    """All connections stayed in use for longer than a caller waits."""


class Pool:
    """At most ``most`` connections at a time, made by ``connect``. Safe to share between threads."""

    def __init__(self, connect: Callable[[], Connection], most: int, wait_seconds: float) -> None:
        self._connect = connect
        self._wait_seconds = wait_seconds
        self._slots = BoundedSemaphore(most)
        # The last one given back is the first one lent: appending to and popping from a list are atomic.
        self._idle: list[tuple[Connection, float]] = []

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Raises ``PoolBusyError``, or what ``connect`` raises."""
        if not self._slots.acquire(timeout=self._wait_seconds):
            raise PoolBusyError
        try:
            connection, since = self._sound() or (self._connect(), time.monotonic())
            try:
                yield connection
            finally:
                self._take_back(connection, since)
        finally:
            self._slots.release()

    def close(self) -> None:
        """Those lent are closed when they come back too late to be used again."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop()[0].close()

    def _sound(self) -> tuple[Connection, float] | None:
        while self._idle:
            with suppress(IndexError):
                connection, since = self._idle.pop()
                if time.monotonic() - since < _MOST_SECONDS and _is_alive(connection):
                    return connection, since
                connection.close()
        return None

    def _take_back(self, connection: Connection, since: float) -> None:
        if connection.closed:
            # What was connected to the same server is no better; ``_sound`` finds out.
            return
        if connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
            connection.close()
            return
        self._idle.append((connection, since))


def _is_alive(connection: Connection) -> bool:
    """Whether the other side hung up, without asking it: that is in the socket already."""
    try:
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return False
    return not connection.closed
