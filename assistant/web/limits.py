"""How many questions one visitor, one address and all together may ask, without remembering who they are.

Counted in the memory of this process; ``assistant.web.shared_limits`` counts for all processes together.
"""

import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Protocol, Self

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.settings import Settings
from assistant.web.turned_away import DayIsFullError, TooManyQuestionsError

_MINUTE = 60
_IPV6_NETWORK = 64


class RateLimit:
    """Counts the questions of one sender in a moving window; safe to share between threads and channels.

    ``questions`` None is no limit. Who sends is kept as a hash, with a salt that is drawn anew every day (UTC).
    """

    def __init__(
        self, questions: int | None, window_seconds: int = _MINUTE, today: Callable[[], str] = lambda: _today()
    ) -> None:
        self._limit = RateLimitItemPerSecond(questions, window_seconds) if questions else None
        self._window = window_seconds
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._last_asked: OrderedDict[str, float] = OrderedDict()
        self._today = today
        self._day = ""
        self._salt = b""
        self._lock = Lock()

    def check(self, sender: str) -> None:
        """Count one question of ``sender``; raises ``TooManyQuestionsError`` when it is one too many."""
        if self._limit is None:
            return
        with self._lock:
            key = self._anonymous(sender)
            self._forget_idle()
            if not self._limiter.hit(self._limit, key):
                raise TooManyQuestionsError(self._wait(key, self._limit))
            self._last_asked[key] = time.monotonic()
            self._last_asked.move_to_end(key)

    def check_room(self, sender: str) -> None:
        """Count nothing; raises ``TooManyQuestionsError`` when one more would be too many."""
        if self._limit is None:
            return
        with self._lock:
            key = self._anonymous(sender)
            if not self._limiter.test(self._limit, key):
                raise TooManyQuestionsError(self._wait(key, self._limit))

    @property
    def remembered(self) -> int:
        """How many senders are being counted now."""
        return len(self._last_asked)

    def _wait(self, key: str, limit: RateLimitItemPerSecond) -> int:
        free_again, _ = self._limiter.get_window_stats(limit, key)
        return max(1, math.ceil(free_again - time.time()))

    def _forget_idle(self) -> None:
        """The storage keeps an empty list for every key it ever saw, which an attacker could grow without end."""
        idle_since = time.monotonic() - self._window
        while self._limit and self._last_asked and next(iter(self._last_asked.values())) < idle_since:
            key, _ = self._last_asked.popitem(last=False)
            self._limiter.clear(self._limit, key)

    def _anonymous(self, sender: str) -> str:
        if self._day != (today := self._today()):
            self._day, self._salt = today, secrets.token_bytes(32)
        return anonymous(sender, self._salt)


class DayLimit:
    """Counts the questions of everybody in a day (UTC). ``questions`` None is no limit."""

    def __init__(self, questions: int | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._limit = questions
        self._now = now
        self._day = date.min
        self._asked = 0
        self._lock = Lock()

    def check(self) -> None:
        """Count one question; raises ``DayIsFullError``."""
        with self._lock:
            now = self._now()
            if now.date() != self._day:
                self._day, self._asked = now.date(), 0
            if self._limit is not None and self._asked >= self._limit:
                raise DayIsFullError(seconds_to_midnight(now))
            self._asked += 1


class SenderLimit(Protocol):
    def check(self, sender: str) -> None:
        """Count one question of ``sender``; raises ``TooManyQuestionsError`` when it is one too many."""

    def check_room(self, sender: str) -> None:
        """Count nothing; raises ``TooManyQuestionsError`` when one more would be too many."""


class EverybodysLimit(Protocol):
    def check(self) -> None:
        """Count one question; raises ``DayIsFullError``."""


class Limits(Protocol):
    """All limits on asking, for every channel."""

    async def admit(self, address: str, visitor: str = "") -> None:
        """Count one question. Raises ``TooManyQuestionsError`` or ``DayIsFullError``."""

    def check_feedback(self, address: str) -> None:
        """What is said of an answer counts as a question, in this process. Raises ``TooManyQuestionsError``."""

    def close(self) -> None: ...


class QuestionLimits:
    """``Limits`` of this process alone."""

    def __init__(self, visitor: int | None = None, address: int | None = None, day: int | None = None) -> None:
        self.of_visitor = RateLimit(visitor)
        self.of_address = RateLimit(address)
        self.of_day = DayLimit(day)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        if not settings.rate_limit:
            return cls()
        return cls(settings.questions_per_minute, settings.questions_per_minute_per_address, settings.questions_per_day)

    def check(self, address: str, visitor: str = "") -> None:
        check_all(self.of_visitor, self.of_address, self.of_day, address, visitor)

    async def admit(self, address: str, visitor: str = "") -> None:
        self.check(address, visitor)

    def check_feedback(self, address: str) -> None:
        self.of_address.check(address)

    def close(self) -> None: ...


def check_all(
    of_visitor: SenderLimit, of_address: SenderLimit, of_day: EverybodysLimit, address: str, visitor: str
) -> None:
    """Count one question. Raises ``TooManyQuestionsError`` or ``DayIsFullError``.

    A visitor is whoever the page says it is, at one address: somebody who makes up names still has one address, and
    once that is full no more names are remembered. What one visitor may not ask does not count for the address.
    """
    of_address.check_room(address)
    of_visitor.check(f"{_household(address)} {visitor}" if visitor else address)
    of_address.check(address)
    of_day.check()


def anonymous(sender: str, salt: bytes) -> str:
    """``salt`` has 1 to 64 bytes; without it nobody can tell whose name this is."""
    household = _household(sender).encode(errors="backslashreplace")
    return blake2b(household, key=salt, digest_size=16).hexdigest()


def seconds_to_midnight(now: datetime) -> int:
    """``now`` in UTC, as the day is counted; at least 1."""
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    return math.ceil((midnight - now).total_seconds())


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _household(address: str) -> str:
    """One connection gets a whole /64 of IPv6 addresses, so that is counted as one; other text counts as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), _IPV6_NETWORK), strict=False))
