"""The section "Under load" of docs/benchmarks.md."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psutil

from benchmarks.load_clients import Door
from benchmarks.load_figures import SECTION, Memory, Stage, memory_row, stage_rows
from benchmarks.panel import Waits

_TEXT = """## {section}

Measured on {date} by `make bench-load` on {cores} cores ({machine}, Python {python}): `python app.py
--no-rate-limit` with the real model and index, all over loopback. **Visitors and browser share the {cores} cores with
the server.** Other work on the machine took {other:.2f} cores at most, averaged over a row.

### Visitors at once

They come in over {arrival:.0f} s, go through small conversations of the development questions and messages (plain,
sloppy, leaning on the one before, not answered by any article, alarms), and ask on as soon as they are answered, for
{rest:.0f} s; only those who read, read in between. "First words" is the first event with words of the answer;
milliseconds, p50 / p95. An error is anything but a whole answer.

Through `POST /api/ask/stream`, as the panel asks:

| visitors | answers/s | first words | whole answer | errors | server ms/answer | cores for visitors |
|---|---|---|---|---|---|---|
{stream}

Through Gradio's queue, as the chat page asks. It lets an answer grow, ten times a second at most:

| visitors | answers/s | first words | whole answer | errors | server ms/answer | cores for visitors |
|---|---|---|---|---|---|---|
{page}

### Memory

Resident MB of the server while {steady} such visitors keep asking, once they have been at it for {settling} minutes: by
then the chat page keeps as many conversations as it ever will. Medians of the first and of the last minute.

| | | first | last | highest | MB a minute |
|---|---|---|---|---|---|
{memory}

### In a browser

Chromium, the widget on a website of another origin, nothing cached, nobody else asking. Milliseconds: from the click
until the visitor can type, median of {openings} (range), and from Enter until the first words of the answer are on the
page, median and p95 of {questions} questions.

| | can type | first words | p95 |
|---|---|---|---|
{panel}
{chat_page}
| goal for the panel | 400 | 150 | – |
"""

_PAGE = "chat page (Gradio), in a tab"


@dataclass(frozen=True)
class Course:
    """How much is measured. ``steady_visitors`` come for ``steady_seconds`` through each door, for the memory.

    It is read once they have been there for ``settling_seconds``: by then the chat page keeps as many conversations as
    it ever will.
    """

    stream_visitors: tuple[int, ...] = (1, 10, 50, 200)
    page_visitors: tuple[int, ...] = (1, 10, 50)
    readers: int = 200
    reading_seconds: float = 20
    arrival_seconds: float = 10
    seconds: float = 50
    steady_visitors: int = 10
    settling_seconds: float = 240
    steady_seconds: float = 600
    openings: int = 7

    def visitors(self, door: Door) -> tuple[int, ...]:
        return self.stream_visitors if door is Door.STREAM else self.page_visitors


@dataclass(frozen=True)
class Results:
    stages: dict[Door, Sequence[Stage]]
    memory: dict[Door, Memory]
    panel: Waits
    chat_page: Waits

    @property
    def other_cores(self) -> float:
        return max(stage.other_cores for stages in self.stages.values() for stage in stages)


def section(course: Course, results: Results) -> str:
    return _TEXT.format(
        section=SECTION,
        date=date.today().isoformat(),
        cores=os.cpu_count(),
        machine=f"{platform.machine()}, {psutil.virtual_memory().total / 1e9:.0f} GB",
        python=platform.python_version(),
        other=results.other_cores,
        arrival=course.arrival_seconds,
        rest=course.seconds - course.arrival_seconds,
        stream=stage_rows(results.stages[Door.STREAM]),
        page=stage_rows(results.stages[Door.PAGE]),
        steady=course.steady_visitors,
        settling=round(course.settling_seconds / 60),
        memory="\n".join(memory_row(_DOORS[door], memory) for door, memory in results.memory.items()),
        openings=len(results.panel.opening),
        questions=len(results.panel.words),
        panel=results.panel.row("panel (widget)"),
        chat_page=results.chat_page.row(_PAGE),
    )


_DOORS = {Door.STREAM: "event stream", Door.PAGE: "chat page (Gradio)"}
