"""The chat as an operator starts it, on a free port of this machine, for as long as a measurement takes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from tempfile import TemporaryFile

import psutil

from ingest.settings import PROJECT

HOST = "127.0.0.1"
_START_SECONDS = 300
_STOP_SECONDS = 30
_OK = 200


@dataclass(frozen=True)
class Served:
    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    @property
    def megabytes(self) -> float:
        return self.process.memory_info().rss / 1e6


@contextmanager
def served(**settings: str) -> Iterator[Served]:
    """``settings`` as in the environment; nobody's own reach it. Raises ``TimeoutError`` when it does not start."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("RUGPIJN_")}
    port = free_port()
    command = [sys.executable, "app.py", "--host", HOST, "--port", str(port), "--no-rate-limit"]
    with TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=own | settings, stdout=log, stderr=log)
        try:
            _wait_until_ready(port, process)
            yield Served(port, psutil.Process(process.pid))
        finally:
            _stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError("the chat did not start; see what `python app.py` says")
        time.sleep(0.2)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == _OK
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
