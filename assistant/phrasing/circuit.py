"""No question waits for a model that keeps failing: after some failures in a row it is left alone for a while."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from assistant.phrasing.failure import Failure, ModelFailedError


class Circuit:
    """Opens after ``most_failures`` in a row; ``open_seconds`` later one request may try, and tells whether it closes.

    Safe to call from several threads.
    """

    # Not pybreaker, circuitbreaker or purgatory: to each of them a stream that its reader closes is either a failure or
    # proof that all is well, and after a pause all that wait get through at once, not one to try.

    def __init__(
        self, most_failures: int = 3, open_seconds: float = 30.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_failures = most_failures
        self._open_seconds = open_seconds
        self._now = now
        self._lock = Lock()
        self._failures = 0
        self._open_until: float | None = None
        self._is_tried = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Around one request. Raises ``ModelFailedError`` while it is open.

        A failure that tells of the model is counted. A stream can only be closed by its reader once text has come: that
        closes an open circuit, but is no proof that the model reaches an end.
        """
        is_trial = self._enter()
        try:
            yield
        except ModelFailedError as error:
            if error.failure.tells_of_the_model:
                self._count()
            raise
        except BaseException:
            if is_trial:
                self._close()
            raise
        else:
            self._close()
            self._failures = 0
        finally:
            if is_trial:
                self._is_tried = False

    def _enter(self) -> bool:
        """Whether this is the one that tries."""
        with self._lock:
            if self._open_until is None:
                return False
            if self._is_tried or self._now() < self._open_until:
                raise ModelFailedError(Failure.CIRCUIT_OPEN)
            self._is_tried = True
            return True

    def _count(self) -> None:
        """Only a request that ends well begins the count anew: a trial that fails opens it again at once."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most_failures:
                self._open_until = self._now() + self._open_seconds

    def _close(self) -> None:
        with self._lock:
            self._open_until = None
