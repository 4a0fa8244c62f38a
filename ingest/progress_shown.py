"""Progress as it is shown: a bar for whoever watches, a line a minute for a log."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from ingest.pace import Pace
from ingest.progress import Progress

_SECONDS_BETWEEN_LINES = 60.0


def shown_on(console: Console) -> AbstractContextManager[Progress]:
    return _bar(console) if console.is_terminal else _lines(console)


@contextmanager
def _bar(console: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with RichProgress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress)


@contextmanager
def _lines(console: Console) -> Iterator[Progress]:
    yield _Lines(console)


class _Bar:
    """Shows ingest's steps as one line each."""

    def __init__(self, progress: RichProgress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._pace = Pace(0)

    def step(self, name: str, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1, visible=False)
        self._pace = Pace(total)
        self._task = self._progress.add_task(name, total=total or None, pace="")

    def advance(self, done: int) -> None:
        if self._task is not None:
            self._pace.advance(done)
            self._progress.update(self._task, advance=done, pace=self._pace.said(datetime.now()))


class _Lines:
    """Says nothing of steps that are done in a moment."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name = ""
        self._pace = Pace(0)
        self._next = 0.0

    def step(self, name: str, total: int) -> None:
        self._name, self._pace = name, Pace(total)
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def advance(self, done: int) -> None:
        self._pace.advance(done)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
            counted = f"{self._name}: {self._pace.done} van {self._pace.total}"
            said = "; ".join(filter(None, (counted, self._pace.said(datetime.now()))))
            self._console.print(f"{datetime.now():%H:%M:%S} {said}", markup=False, highlight=False)
