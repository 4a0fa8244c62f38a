"""Visitors sent to a served chat, as a process of their own."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from json import dumps
from tempfile import TemporaryFile

from benchmarks.load_clients import Outcome, Plan
from ingest.settings import PROJECT

_TICK_SECONDS = 0.2


def ask(plan: Plan, tick: Callable[[float], None] = lambda _: None) -> Outcome:
    """``tick`` hears how many seconds have passed, again and again."""
    with TemporaryFile("w+", encoding="utf-8") as given, TemporaryFile("w+", encoding="utf-8") as samples:
        given.write(dumps(asdict(plan)))
        given.seek(0)
        start = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.load_clients"]
        with subprocess.Popen(command, cwd=PROJECT, stdin=given, stdout=samples) as clients:
            while clients.poll() is None:
                tick(time.monotonic() - start)
                time.sleep(_TICK_SECONDS)
        if clients.returncode:
            raise RuntimeError(f"the clients ended with {clients.returncode}")
        samples.seek(0)
        return Outcome.of(samples.read())
