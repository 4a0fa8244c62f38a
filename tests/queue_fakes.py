"""Workers and ingests in processes of their own that can be killed, and what they embedded until then."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Order:
    """``address`` "" is an index in files; ``workers`` is for an ingest."""

    folder: Path
    address: str
    seconds_per_text: float = 0.0

    def _as_json(self, what: str, workers: int | None) -> str:
        given = {"folder": str(self.folder), "address": self.address, "seconds_per_text": self.seconds_per_text}
        return json.dumps(given | {"what": what, "workers": workers})

    @property
    def worker(self) -> str:
        return self._as_json("work", None)

    def ingest(self, workers: int | None = None) -> str:
        return self._as_json("ingest", workers)


class Forker:
    """The program of ``queue_child.py``."""

    def __init__(self) -> None:
        program = [sys.executable, str(Path(__file__).parent / "queue_child.py")]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._begun: list[int] = []

    def start(self, order: str) -> int:
        """The number of the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        self._begun.append(int(self._process.stdout.readline()))
        return self._begun[-1]

    def stop(self) -> None:
        for process in self._begun:
            kill(process)
        self._process.communicate()


def kill(process: int) -> bool:
    """-9; whether it was still there."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
        return True
    return False


def is_running(process: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    return False


def wait_for(processes: Sequence[int]) -> None:
    """Until they ended by themselves."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(map(is_running, processes)):
        assert time.monotonic() < deadline, "they go on and on"
        time.sleep(0.02)


def embedded_in_vain(folder: Path, killed: set[int]) -> list[str]:
    """The texts that were embedded more often than was needed, but for what a killed process had in hand."""
    batches: dict[int, list[list[str]]] = defaultdict(list)
    for line in (folder / "embedded").read_text().splitlines():
        process, *hashes = line.split()
        batches[int(process)].append(hashes)
    seen: set[str] = set()
    twice: list[str] = []
    for process, done in batches.items():
        # What it was about to keep when it was killed may be kept or not.
        for batch in done[:-1] if process in killed else done:
            twice += [each for each in batch if each in seen]
            seen.update(batch)
    return twice
