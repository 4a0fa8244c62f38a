"""Whether a process can answer, as far as its store goes: the database may be lost, or what is read may be behind."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from assistant import texts
from assistant.web.metrics import Metrics
from ingest.errors import IngestError
from ingest.store import Health


class HasHealth(Protocol):
    def health(self) -> Health:
        """Raises ``IngestError`` when nobody answers."""


class Readiness:
    """Looked at in the background, so that who asks every second costs the database nothing.

    ``is_needed``: whether answers are read from the store one by one; a corpus that is in memory whole outlives it.
    ``most_lag_seconds``: how far what is read may be behind. Both say only whether others had better be asked.
    """

    def __init__(
        self,
        store: HasHealth,
        most_lag_seconds: float,
        is_needed: Callable[[], bool],
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._most_lag = most_lag_seconds
        self._is_needed = is_needed
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._fresh_at = clock()
        self._refusal = ""

    def __call__(self) -> str:
        """Why it is not ready, in Dutch; "" when it is."""
        return self._refusal

    def look(self) -> None:
        """Never raises."""
        with self._lock:
            try:
                lag = self._lag(self._store.health())
            except IngestError:
                self._metrics.store_lost.set(1)
                self._refusal = texts.STORE_LOST if self._is_needed() else ""
                return
            self._metrics.store_lost.set(0)
            self._metrics.store_lag.set(lag)
            self._refusal = texts.STORE_LAGS if lag > self._most_lag else ""

    def _lag(self, health: Health) -> float:
        """At most the time since it was last up to date: a replica that hears nothing reports the age of the last
        change, however long nothing had changed before.
        """
        now = self._clock()
        if not health.lag_seconds:
            self._fresh_at = now
        return min(health.lag_seconds, now - self._fresh_at)


def always_ready() -> str:
    return ""
