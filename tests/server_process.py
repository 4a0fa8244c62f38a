"""Server processes for tests: the program itself, or one whose assistant needs no model (``serve_child``)."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from ingest.settings import PROJECT

START_SECONDS = 120
APP = (sys.executable, "app.py")


@dataclass(frozen=True)
class ServerProcess:
    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def wait_for(self, path: str) -> None:
        """Until ``path`` is answered with 200."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}{path}").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"no {path}:\n{self.log}")

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ends_within(self, seconds: float) -> int:
        """Its exit code; raises ``TimeoutExpired``."""
        return self.process.wait(seconds)


@contextmanager
def running(command: Sequence[str], port: int, log_file: Path, **environment: str) -> Iterator[ServerProcess]:
    """Killed in the end if it is still there; nobody's own settings reach it, and what it keeps stays by its log."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RUGPIJN_")}
    own = {f"RUGPIJN_{name}_FILE": str(log_file.with_name(name.lower())) for name in ("RECORDS", "PAUSE")}
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=inherited | own | environment, stdout=log, stderr=log)
    try:
        yield ServerProcess(f"http://127.0.0.1:{port}", process, log_file)
    finally:
        process.kill()
        process.wait()


@contextmanager
def fake_server(
    folder: Path, port: int = 0, script: str = "serve_child.py", **settings: Any
) -> Iterator[ServerProcess]:
    """Ready to answer, with the settings given."""
    port = port or free_port()
    child = Path(__file__).with_name(script)
    given = json.dumps({"port": port, "rate_limit": False, **settings})
    path = {"PYTHONPATH": os.pathsep.join([str(PROJECT), str(child.parent)])}
    with running([sys.executable, str(child), given], port, folder / f"log-{time.monotonic_ns()}", **path) as server:
        server.wait_for("/ready")
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
