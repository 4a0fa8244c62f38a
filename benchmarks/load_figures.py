"""From samples to the figures and the tables of the section "Under load"."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.load_clients import Sample

SECTION = "Under load"
_SECTION = re.compile(rf"^## {SECTION}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_EDGE_SECONDS = 60.0


@dataclass(frozen=True)
class Stage:
    """So many visitors at once, for ``seconds``, of which the first ``arrival_seconds`` count for errors alone.

    The CPU seconds are of the server, of the clients, and of all else on the machine, over ``wall_seconds``.
    """

    visitors: int
    samples: tuple[Sample, ...]
    arrival_seconds: float
    seconds: float
    wall_seconds: float
    server_cpu: float
    client_cpu: float
    other_cpu: float
    reading_seconds: float = 0

    @property
    def name(self) -> str:
        return f"{self.visitors} who read {self.reading_seconds:.0f} s" if self.reading_seconds else str(self.visitors)

    @property
    def errors(self) -> Counter[str]:
        return Counter(sample.error for sample in self.samples if sample.error)

    @property
    def answers_per_second(self) -> float:
        ended = [sample for sample in self.samples if self.arrival_seconds <= sample.ended <= self.seconds]
        return sum(not sample.error for sample in ended) / (self.seconds - self.arrival_seconds)

    @property
    def server_ms_per_answer(self) -> float:
        """What an answer costs in CPU time, however busy the machine is otherwise."""
        return self.server_cpu * 1000 / max(1, sum(not sample.error for sample in self.samples))

    @property
    def other_cores(self) -> float:
        return self.other_cpu / self.wall_seconds

    @property
    def client_cores(self) -> float:
        return self.client_cpu / self.wall_seconds

    def first_ms(self, percent: float) -> float:
        return percentile([sample.first - sample.asked for sample in self._counted], percent) * 1000

    def end_ms(self, percent: float) -> float:
        return percentile([sample.ended - sample.asked for sample in self._counted], percent) * 1000

    @property
    def _counted(self) -> list[Sample]:
        return [sample for sample in self.samples if not sample.error and sample.asked >= self.arrival_seconds]


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of the server at so many ``seconds`` from the start, of a load that gave ``answers``."""

    readings: tuple[tuple[float, float], ...]
    answers: int

    @property
    def minutes(self) -> float:
        return (self.readings[-1][0] - self.readings[0][0]) / 60

    @property
    def slope(self) -> float:
        """Of the straight line through the readings: MB a minute."""
        seconds, megabytes = np.array(self.readings).T
        return float(np.polyfit(seconds / 60, megabytes, 1)[0])

    @property
    def first(self) -> float:
        """Median of the first minute, or of the first third if that is shorter."""
        return median(megabytes for seconds, megabytes in self.readings if seconds <= self.readings[0][0] + self._edge)

    @property
    def last(self) -> float:
        return median(megabytes for seconds, megabytes in self.readings if seconds >= self.readings[-1][0] - self._edge)

    @property
    def highest(self) -> float:
        return max(megabytes for _, megabytes in self.readings)

    @property
    def _edge(self) -> float:
        return min(_EDGE_SECONDS, self.minutes * 60 / 3)


def percentile(values: Sequence[float], percent: float) -> float:
    """Between two values by straight line; NaN of none."""
    return float(np.percentile(values, percent)) if values else float("nan")


def stage_rows(stages: Sequence[Stage]) -> str:
    return "\n".join(_stage_row(stage) for stage in stages)


def memory_row(name: str, memory: Memory) -> str:
    cells = f"{memory.minutes:.0f} min, {memory.answers:,} answers | {memory.first:.0f} | {memory.last:.0f}"
    return f"| {name} | {cells} | {memory.highest:.0f} | {memory.slope:+.2f} |"


def with_section(page: str, section: str) -> str:
    """``page`` with ``section`` in place of the one it has under that heading, or at its end."""
    if _SECTION.search(page):
        page = _SECTION.sub(lambda _: section.strip() + "\n\n", page, count=1)
    else:
        page = f"{page.rstrip()}\n\n{section.strip()}"
    return page.rstrip() + "\n"


def section_of(page: str) -> str:
    """The section as it stands in ``page``, or nothing."""
    found = _SECTION.search(page)
    return found[0] if found else ""


def _stage_row(stage: Stage) -> str:
    times = (stage.first_ms(50), stage.first_ms(95), stage.end_ms(50), stage.end_ms(95))
    first, end = (f"{low:,.0f} / {high:,.0f}" for low, high in (times[:2], times[2:]))
    errors = sum(stage.errors.values())
    cores = f"{stage.server_ms_per_answer:.0f} | {stage.client_cores:.2f}"
    return f"| {stage.name} | {stage.answers_per_second:.1f} | {first} | {end} | {errors} | {cores} |"
