"""The same complaint is logged once in a while, however often it arises: a full disk must not fill the log as well."""

import logging
import time
from collections.abc import Callable
from threading import Lock

_SECONDS_BETWEEN = 300.0


class Complaints:
    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._clock = clock
        self._last: dict[str, float] = {}
        self._lock = Lock()

    def say(self, complaint: str) -> None:
        """``complaint`` is one of a few lines of ours, without a word of a visitor."""
        now = self._clock()
        with self._lock:
            if now - self._last.get(complaint, -_SECONDS_BETWEEN) < _SECONDS_BETWEEN:
                return
            self._last[complaint] = now
        self._log.warning(complaint)
