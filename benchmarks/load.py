"""``make bench-load``: the chat under load, and a visitor's waits in a browser, written into docs/benchmarks.md.

``python -m benchmarks.load --quick`` takes a minute or so, prints, and writes nothing.
"""

import time
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from assistant import texts
from assistant.evaluation.questions import answerable
from assistant.web.chat.render import escape
from benchmarks import panel
from benchmarks.asking import ask
from benchmarks.host_page import HostPage, host_page
from benchmarks.load_clients import Door, Plan
from benchmarks.load_figures import Memory, Stage, memory_row, stage_rows, with_section
from benchmarks.load_report import Course, Results, section
from benchmarks.served import HOST, Served, served
from benchmarks.visits import conversations
from benchmarks.watch import busy_seconds
from ingest.settings import PROJECT

_DOCUMENT = PROJECT / "docs" / "benchmarks.md"
_FULL = Course()
_QUICK = Course(arrival_seconds=1, seconds=4, settling_seconds=1, steady_seconds=8, openings=2)
_READING_SECONDS = 2.0
_FAILURES = tuple(map(escape, (texts.SOMETHING_WRONG, texts.TOO_SLOW, texts.TOO_BUSY, texts.DAY_IS_FULL, texts.PAUSED)))


class Bench:
    """Measurements of one served chat, one after the other; tells the console of each."""

    def __init__(self, course: Course, chat: Served, console: Console) -> None:
        self.course = course
        self._chat = chat
        self._console = console
        self._conversations = conversations()

    def stages(self, door: Door) -> list[Stage]:
        course = self.course
        stages = [self._stage(door, visitors) for visitors in course.visitors(door)]
        return stages + ([self._stage(door, course.readers, course.reading_seconds)] if door is Door.STREAM else [])

    def _stage(self, door: Door, visitors: int, reading_seconds: float = 0) -> Stage:
        stage = self._run(door, visitors, self.course.seconds, reading_seconds)
        told = f"{door.value} {stage_rows([stage])} others took {stage.other_cores:.2f} cores"
        self._console.print(told, dict(stage.errors) or "")
        return stage

    def memory(self, door: Door) -> Memory:
        course = self.course
        whole = course.settling_seconds + course.steady_seconds
        readings: list[tuple[float, float]] = []

        def read(seconds: float) -> None:
            last = readings[-1][0] if readings else course.settling_seconds - _READING_SECONDS
            if last + _READING_SECONDS <= seconds <= whole:
                readings.append((seconds, self._chat.megabytes))

        stage = self._run(door, course.steady_visitors, whole, tick=read)
        memory = Memory(tuple(readings), len(stage.samples) - sum(stage.errors.values()))
        self._console.print(memory_row(door.value, memory), dict(stage.errors) or "")
        return memory

    def _run(
        self,
        door: Door,
        visitors: int,
        seconds: float,
        reading_seconds: float = 0,
        tick: Callable[[float], None] = lambda _: None,
    ) -> Stage:
        plan = Plan(
            door=door,
            host=HOST,
            port=self._chat.port,
            visitors=visitors,
            arrival_seconds=self.course.arrival_seconds,
            seconds=seconds,
            conversations=self._conversations,
            failures=_FAILURES,
            searching=escape(texts.SEARCHING),
            reading_seconds=reading_seconds,
        )
        start, server, busy = time.monotonic(), self._chat.cpu_seconds, busy_seconds()
        outcome = ask(plan, tick)
        server, busy = self._chat.cpu_seconds - server, busy_seconds() - busy
        return Stage(
            visitors=visitors,
            samples=outcome.samples,
            arrival_seconds=plan.arrival_seconds,
            seconds=seconds,
            wall_seconds=time.monotonic() - start,
            server_cpu=server,
            client_cpu=outcome.cpu_seconds,
            other_cpu=max(0.0, busy - server - outcome.cpu_seconds),
            reading_seconds=reading_seconds,
        )


def main(quick: Annotated[bool, typer.Option(help="a minute or so; writes nothing")] = False) -> None:
    console = Console(width=160, highlight=False)
    course = _QUICK if quick else _FULL
    with host_page() as host, served(RUGPIJN_FRAME_ANCESTORS=host.origin) as chat:
        host.chat = chat.url
        text = section(course, _measured(Bench(course, chat, console), host))
    console.print(text, markup=False)
    if not quick:
        _DOCUMENT.write_text(with_section(_DOCUMENT.read_text("utf-8"), text), "utf-8")


def _measured(bench: Bench, host: HostPage) -> Results:
    questions = [each.question for each in answerable() if each.style == "plain"]
    of_panel, of_page = panel.measure(host, bench.course.openings, questions)
    return Results(
        panel=of_panel,
        chat_page=of_page,
        stages={door: bench.stages(door) for door in Door},
        memory={door: bench.memory(door) for door in Door},
    )


if __name__ == "__main__":
    typer.run(main)
