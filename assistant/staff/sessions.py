"""Who is logged in: kept in memory, so a restart logs everybody out."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

# Far more than a practice has staff; who was silent longest goes first.
MOST = 1_000
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 100


@dataclass(slots=True)
class _Session:
    begun: float
    heard: float


class Sessions:
    """Each ends after ``idle_seconds`` without a request, and ``whole_seconds`` after it began whatever happens.

    Only hashes of tokens are kept, and looked up by hash: neither a look at the memory nor the time that it takes tells
    a token. Safe to share between threads.
    """

    def __init__(
        self, idle_seconds: float, whole_seconds: float, now: Callable[[], float] = time.monotonic, most: int = MOST
    ) -> None:
        self._idle = idle_seconds
        self._whole = whole_seconds
        self._now = now
        self._most = most
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._lock = Lock()

    def begin(self) -> str:
        """The token of a new session."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._lock:
            self._sessions[_key(token)] = _Session(self._now(), self._now())
            while len(self._sessions) > self._most:
                self._sessions.popitem(last=False)
        return token

    def is_open(self, token: str) -> bool:
        """Whether the token is of a session that goes on; then it was heard of now."""
        if not token or len(token) > _LONGEST_TOKEN:
            return False
        key, now = _key(token), self._now()
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return False
            if now - session.heard > self._idle or now - session.begun > self._whole:
                del self._sessions[key]
                return False
            session.heard = now
            self._sessions.move_to_end(key)
            return True

    def end(self, token: str) -> None:
        with self._lock:
            self._sessions.pop(_key(token), None)

    def __len__(self) -> int:
        return len(self._sessions)


def _key(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
