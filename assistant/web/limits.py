"""How many questions one address may ask, without remembering the address."""

import math
import secrets
import time
from collections import OrderedDict
from hashlib import blake2b
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant import texts

_MINUTE = 60
_IPV6_NETWORK = 64


class TooManyQuestionsError(Exception):
    """``str(error)`` is Dutch and can be shown to the visitor; ``seconds`` is how long to wait, at least 1."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(texts.TOO_MANY_QUESTIONS.format(seconds=seconds))


class RateLimit:
    """Counts the questions of an address in a moving window; safe to share between threads and channels.

    ``questions`` None is no limit. An address is kept as a hash with a salt that lives as long as the process.
    """

    def __init__(self, questions: int | None, window_seconds: int = _MINUTE) -> None:
        self._limit = RateLimitItemPerSecond(questions, window_seconds) if questions else None
        self._window = window_seconds
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._last_asked: OrderedDict[str, float] = OrderedDict()
        self._salt = secrets.token_bytes(32)
        self._lock = Lock()

    def check(self, address: str) -> None:
        """Count one question of ``address``; raises ``TooManyQuestionsError`` when it is one too many."""
        if self._limit is None:
            return
        key = self._anonymous(address)
        with self._lock:
            self._forget_idle()
            if not self._limiter.hit(self._limit, key):
                raise TooManyQuestionsError(self._wait(key, self._limit))
            self._last_asked[key] = time.monotonic()
            self._last_asked.move_to_end(key)

    @property
    def remembered(self) -> int:
        """How many addresses are being counted now."""
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

    def _anonymous(self, address: str) -> str:
        household = _household(address).encode(errors="backslashreplace")
        return blake2b(household, key=self._salt, digest_size=16).hexdigest()


def _household(address: str) -> str:
    """One connection gets a whole /64 of IPv6 addresses, so that is counted as one; other text counts as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), _IPV6_NETWORK), strict=False))
