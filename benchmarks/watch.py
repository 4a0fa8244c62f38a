"""What a measurement took of the machine, and what everything else took meanwhile."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass
class Taken:
    """CPU seconds of the processes watched and of all else, over ``wall`` seconds; known when the block has ended."""

    wall: float = 0.0
    own: float = 0.0
    others: float = 0.0

    @property
    def other_cores(self) -> float:
        return self.others / self.wall if self.wall else 0.0


@contextmanager
def watching(*processes: psutil.Process) -> Iterator[Taken]:
    """``processes`` with their children."""
    taken = Taken()
    start, own, busy = time.monotonic(), cpu_seconds(*processes), busy_seconds()
    yield taken
    taken.wall = time.monotonic() - start
    taken.own = cpu_seconds(*processes) - own
    taken.others = max(0.0, busy_seconds() - busy - taken.own)


def cpu_seconds(*processes: psutil.Process) -> float:
    """Of these processes and their children, those that ended included."""
    seconds = 0.0
    for process in processes:
        times = process.cpu_times()
        seconds += times.children_user + times.children_system
    for each in {each for process in processes for each in _family(process)}:
        with suppress(psutil.NoSuchProcess):
            own = each.cpu_times()
            seconds += own.user + own.system
    return seconds


def busy_seconds() -> float:
    """Of all cores together, since the machine started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def own_megabytes(process: psutil.Process) -> float:
    """What would be free again if it ended: pages of files that it reads through the page cache do not count."""
    return float(process.memory_full_info().uss) / 1e6


def shared_megabytes(process: psutil.Process) -> float:
    """Of it and its children, each page that several of them see counted once."""
    total = 0.0
    for each in _family(process):
        with suppress(psutil.NoSuchProcess):
            total += each.memory_full_info().pss / 1e6
    return total


def disk_bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())


def _family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []
