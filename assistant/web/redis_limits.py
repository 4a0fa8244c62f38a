"""Questions counted in Redis, by the storage of the package ``limits``."""

import secrets
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import cast

from limits.errors import StorageError
from limits.storage import RedisStorage

from assistant import texts
from assistant.errors import AssistantError
from assistant.web.limits import seconds_to_midnight
from assistant.web.shared_limits import WindowStorage

_SECONDS = 0.4
_PREFIX = "rugpijn"


class LimitsPackageError(AssistantError):
    """The limits are to be in Redis, and what talks to it is not installed."""

    def __init__(self) -> None:
        super().__init__(texts.REDIS_PACKAGE_MISSING)


class RedisCounting:
    """A ``CountingStorage``; ``address`` is "redis://…" or "rediss://…"."""

    def __init__(self, address: str) -> None:
        """Connects to nothing yet. Raises ``LimitsPackageError``."""
        if find_spec("redis") is None:
            raise LimitsPackageError
        from redis import Redis, RedisError
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._error = RedisError
        # One more try is for a connection that broke while nobody used it.
        self._redis = Redis.from_url(
            address, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, retry=Retry(NoBackoff(), retries=1)
        )
        self._storage = RedisStorage(address, self._redis.connection_pool, key_prefix=_PREFIX, wrap_exceptions=True)

    @property
    def storage(self) -> WindowStorage:
        return cast(WindowStorage, self._storage)

    def salt(self) -> bytes:
        """Redis forgets it at midnight."""
        now = datetime.now(UTC)
        name = f"{_PREFIX}:salt:{now.date()}"
        try:
            self._redis.set(name, secrets.token_hex(16), nx=True, ex=seconds_to_midnight(now))
            found = self._redis.get(name)
        except self._error as error:
            raise StorageError(error) from error
        if not isinstance(found, bytes):  # midnight came between
            return self.salt()
        return found

    def close(self) -> None:
        self._redis.close()
