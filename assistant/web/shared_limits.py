"""One count of questions for all processes, in Redis or in PostgreSQL.

Neither open nor closed when that is lost: each process then counts for itself, so that nobody in need is turned away
and nobody can ask without end. Who asks is a hash in both, with a salt that all processes share and that is drawn anew
every day (UTC); when the day is over the salt is gone, and with it every way back.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from assistant import texts
from assistant.records.complaints import Complaints
from assistant.settings import Settings
from assistant.web.limits import Limits, QuestionLimits, anonymous, check_all, seconds_to_midnight
from assistant.web.metrics import Metrics
from assistant.web.turned_away import DayIsFullError, TooManyQuestionsError

_MINUTE = 60
_SECONDS_PER_DAY = 86_400
# A question may not wait for its limits longer than for its answer.
_PATIENCE_SECONDS = 0.5
_SECONDS_BEFORE_ANOTHER_TRY = 5.0
_SECONDS_OF_SALT = 60.0
_THREADS = 4

_log = logging.getLogger(__name__)


class CountingStorage(Protocol):
    """What is counted with; all it raises is a ``StorageError``."""

    @property
    def storage(self) -> "WindowStorage": ...

    def salt(self) -> bytes:
        """That of today; 32 bytes, the same for all."""

    def close(self) -> None: ...


class WindowStorage(Storage, MovingWindowSupport):
    """A storage of the package ``limits`` that can count in a moving window."""


class SharedSalt:
    """Asked for once a minute: around midnight two processes may know somebody by two names for so long."""

    def __init__(self, fetch: Callable[[], bytes]) -> None:
        self._fetch = fetch
        self._salt = b""
        self._fetched = -math.inf
        self._lock = Lock()

    def __call__(self) -> bytes:
        with self._lock:
            if time.monotonic() - self._fetched >= _SECONDS_OF_SALT:
                self._salt, self._fetched = self._fetch(), time.monotonic()
            return self._salt


class SharedRateLimit:
    """A ``SenderLimit`` in a moving window. ``name`` tells it from other limits in the same storage."""

    def __init__(
        self,
        name: str,
        questions: int,
        storage: WindowStorage,
        salt: Callable[[], bytes],
        window_seconds: int = _MINUTE,
    ) -> None:
        self._name = name
        self._limit = RateLimitItemPerSecond(questions, window_seconds)
        self._limiter = MovingWindowRateLimiter(storage)
        self._salt = salt

    def check(self, sender: str) -> None:
        key = anonymous(sender, self._salt())
        if not self._limiter.hit(self._limit, self._name, key):
            raise self._too_many(key)

    def check_room(self, sender: str) -> None:
        key = anonymous(sender, self._salt())
        if not self._limiter.test(self._limit, self._name, key):
            raise self._too_many(key)

    def _too_many(self, key: str) -> TooManyQuestionsError:
        free_again, _ = self._limiter.get_window_stats(self._limit, self._name, key)
        return TooManyQuestionsError(max(1, math.ceil(free_again - time.time())))


class SharedDayLimit:
    """An ``EverybodysLimit`` for a day (UTC)."""

    def __init__(
        self, questions: int, storage: Storage, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._questions = questions
        self._storage = storage
        self._now = now

    def check(self) -> None:
        now = self._now()
        if self._storage.incr(f"day/{now.date()}", _SECONDS_PER_DAY) > self._questions:
            raise DayIsFullError(seconds_to_midnight(now))


class SharedLimits:
    """``Limits`` of all processes together; those of this one alone, ``alone``, while they cannot be asked."""

    def __init__(self, settings: Settings, counting: CountingStorage, metrics: Metrics) -> None:
        self.alone = QuestionLimits.of(settings)
        salt, storage = SharedSalt(counting.salt), counting.storage
        self._of_visitor = SharedRateLimit("visitor", settings.questions_per_minute, storage, salt)
        self._of_address = SharedRateLimit("address", settings.questions_per_minute_per_address, storage, salt)
        self._of_day = SharedDayLimit(settings.questions_per_day, storage)
        self._counting = counting
        self._metrics = metrics
        self._complaints = Complaints(_log)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="limits")
        self._try_again = -math.inf
        self._threads.submit(salt)  # so that the first question need not wait for a connection

    async def admit(self, address: str, visitor: str = "") -> None:
        if time.monotonic() < self._try_again or not await self._is_admitted_by_all(address, visitor):
            self._metrics.limits_alone.inc()
            self.alone.check(address, visitor)

    def check_feedback(self, address: str) -> None:
        self.alone.check_feedback(address)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._counting.close()

    async def _is_admitted_by_all(self, address: str, visitor: str) -> bool:
        """Raises ``TurnedAwayError``; False when it is not known, and then nobody asks again for some seconds."""
        checking = asyncio.get_running_loop().run_in_executor(
            self._threads, check_all, self._of_visitor, self._of_address, self._of_day, address, visitor
        )
        try:
            await asyncio.wait_for(checking, _PATIENCE_SECONDS)
        except (StorageError, TimeoutError):
            self._try_again = time.monotonic() + _SECONDS_BEFORE_ANOTHER_TRY
            self._complaints.say(texts.LIMITS_ALONE)
            return False
        return True


def limits_of(settings: Settings, metrics: Metrics) -> Limits:
    """Shared where there is something to share them in. Raises ``LimitsPackageError``."""
    if not settings.rate_limit:
        return QuestionLimits()
    if settings.limits.get_secret_value():
        from assistant.web.redis_limits import RedisCounting

        return SharedLimits(settings, RedisCounting(settings.limits.get_secret_value()), metrics)
    if settings.store_address:
        from assistant.web.postgres_limits import PostgresCounting

        return SharedLimits(settings, PostgresCounting(settings.store_address), metrics)
    return QuestionLimits.of(settings)
