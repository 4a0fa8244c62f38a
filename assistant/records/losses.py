"""What could not be kept, counted until the file can be written again, for staff to read."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock


class Losses:
    """By day. Counted in any thread, put away by one."""

    def __init__(self) -> None:
        self._by_day: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, day: str, count: int) -> None:
        with self._lock:
            self._by_day[day] += count

    def untold(self) -> dict[str, int]:
        with self._lock:
            return dict(self._by_day)

    def told(self, losses: Mapping[str, int]) -> None:
        """These are in the file now; more may have been lost since."""
        with self._lock:
            self._by_day = self._by_day - Counter(losses)
