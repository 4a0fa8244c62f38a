"""Long work in a thread of its own: it goes on when the page that began it is closed, and tells how far it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from assistant.staff import texts

Made = TypeVar("Made")

# About twice a second is as fast as anybody reads.
_SECONDS_BETWEEN_NEWS = 0.4
# Names of steps after those of ingest.
CHECKING, TAKING_OVER = "testvragen", "in gebruik nemen"


@dataclass(frozen=True, slots=True)
class Done(Generic[Made]):
    made: Made


class Told:
    """A ``Progress`` that can be read from another thread."""

    def __init__(self) -> None:
        self._name = ""
        self._total = 0
        self._done = 0

    def step(self, name: str, total: int) -> None:
        self._name, self._total, self._done = name, total, 0

    def advance(self, done: int) -> None:
        self._done += done

    def reached(self, done: int, total: int) -> None:
        """Of the test questions."""
        self._name, self._total, self._done = CHECKING, total, done

    @property
    def line(self) -> str:
        name = texts.STEPS.get(self._name, texts.STEP_OTHER)
        return texts.STEP_COUNTED.format(step=name, done=self._done, total=self._total) if self._total else f"{name} …"


def work(call: Callable[[Told], Made]) -> Iterator[str | Done[Made]]:
    """A line each time there is something new to tell, and what ``call`` made at last. Raises what ``call`` raises."""
    told = Told()
    outcome: SimpleQueue[Done[Made] | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(Done(call(told)))
        except BaseException as error:  # handed over to who asked for it
            outcome.put(error)

    Thread(target=run, name="articles", daemon=False).start()
    last = ""
    while True:
        try:
            found = outcome.get(timeout=_SECONDS_BETWEEN_NEWS)
        except Empty:
            if told.line != last:
                last = told.line
                yield last
            continue
        if isinstance(found, BaseException):
            raise found
        yield found
        return
