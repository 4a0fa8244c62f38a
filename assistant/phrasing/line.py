"""The line to the language model: what it says as it comes, or that it failed, and never later than was allowed."""

import time
from collections.abc import Generator, Sequence
from threading import BoundedSemaphore

from langchain_core.messages import BaseMessage

from assistant.phrasing.budgets import Budgets
from assistant.phrasing.call import Call
from assistant.phrasing.circuit import Circuit
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.model import LanguageModel, open_model
from assistant.settings import Settings

__all__ = ["Failure", "Line", "ModelFailedError", "open_line"]

# Of the time for the first text, so much is waited for a place: who then gets none had better quote at once.
_SHARE_FOR_A_PLACE = 0.1
_LONGEST_PAUSE_SECONDS = 3.0


class Line:
    """At most ``at_once`` requests run at the same time; one that hangs counts until it has really ended.

    Safe to use from several threads.
    """

    def __init__(
        self,
        model: LanguageModel,
        budgets: Budgets | None = None,
        at_once: int = 2,
        circuit: Circuit | None = None,
    ) -> None:
        self.model = model
        self._budgets = budgets or Budgets()
        self._places = BoundedSemaphore(at_once)
        self._circuit = circuit or Circuit()

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        """The text in pieces, without what the model thinks, calls or refuses. Who closes it stops the request.

        Raises ``ModelFailedError``, and nothing else, when anything goes wrong; the pieces before it may be half a
        sentence. Before the first piece it is tried once more if that may help.
        """
        with self._circuit.watched():
            yield from self._try_twice(messages, _Clock(self._budgets))

    def _try_twice(self, messages: Sequence[BaseMessage], clock: "_Clock") -> Generator[str, None, None]:
        try:
            yield from self._try(messages, clock)
            return
        except ModelFailedError as error:
            if clock.has_heard or error.pause is None or error.pause > min(clock.left, _LONGEST_PAUSE_SECONDS):
                raise
            pause = error.pause
        time.sleep(pause)
        yield from self._try(messages, clock)

    def _try(self, messages: Sequence[BaseMessage], clock: "_Clock") -> Generator[str, None, None]:
        if not self._places.acquire(timeout=_SHARE_FOR_A_PLACE * self._budgets.first_seconds):
            raise ModelFailedError(Failure.BUSY)
        call = Call(self.model, messages, self._budgets.most_chars, self._places.release)
        try:
            while (piece := clock.wait_for(call)) is not None:
                yield piece
        finally:
            call.hang_up()


def open_line(settings: Settings) -> Line | None:
    """None when no model is set. Raises ``LanguageModelError`` for one that cannot be opened."""
    model = open_model(settings)
    return Line(model, Budgets.of(settings), settings.llm_concurrency) if model else None


class _Clock:
    """Of one question, with all its tries."""

    def __init__(self, budgets: Budgets) -> None:
        now = time.monotonic()
        self._between = budgets.between_seconds
        self._end = now + budgets.total_seconds
        self._next = now + budgets.first_seconds
        self.has_heard = False

    @property
    def left(self) -> float:
        return min(self._next, self._end) - time.monotonic()

    def wait_for(self, call: Call) -> str | None:
        try:
            piece = call.next_before(min(self._next, self._end))
        except TimeoutError:
            raise ModelFailedError(self._failure) from None
        self.has_heard = True
        self._next = time.monotonic() + self._between
        return piece

    @property
    def _failure(self) -> Failure:
        if self._end <= self._next:
            return Failure.SLOW_TOTAL
        return Failure.SLOW_BETWEEN if self.has_heard else Failure.SLOW_FIRST
