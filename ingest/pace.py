"""How fast a long step goes, and when it will be done."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

# The pace is that of the last two minutes: workers come and go.
_LATELY_SECONDS = 120.0
_LEAST_SECONDS = 2.0
# From here on, decimals say nothing.
_MANY = 10


class Pace:
    """Of ``total`` texts; ``clock`` gives seconds."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self._clock = clock
        self._moments = deque([(clock(), 0)])

    def advance(self, done: int) -> None:
        self.done += done
        now = self._clock()
        if now - self._moments[-1][0] >= 1.0:
            self._moments.append((now, self.done))
        while now - self._moments[0][0] > _LATELY_SECONDS and self._moments[0] is not self._moments[-1]:
            self._moments.popleft()

    @property
    def per_second(self) -> float:
        """0 as long as it cannot be told."""
        then, done = self._moments[0]
        seconds = self._clock() - then
        return (self.done - done) / seconds if seconds >= _LEAST_SECONDS else 0.0

    def said(self, now: datetime) -> str:
        """As staff reads it; "" as long as it cannot be told."""
        if not self.per_second or not self.total:
            return ""
        left = timedelta(seconds=(self.total - self.done) / self.per_second)
        ready = now + left
        at = f"{ready:%H:%M}" if ready.date() == now.date() else f"{ready:%d-%m %H:%M}"
        return f"{_number(self.per_second)} per seconde, klaar rond {at}"


def _number(per_second: float) -> str:
    return f"{per_second:.0f}" if per_second >= _MANY else f"{per_second:.1f}".replace(".", ",")
