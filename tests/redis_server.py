"""A real Redis server for a test, on 127.0.0.1, that keeps nothing."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis
from postgres_server import free_port
from proxies import program

_START_SECONDS = 20


@dataclass(frozen=True)
class RedisServer:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis_server(port: int = 0) -> Iterator[RedisServer]:
    """Skips the test where Debian's redis-server is not installed, but fails in CI."""
    command = [program("redis-server"), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    folder, port = tempfile.mkdtemp(prefix="rugpijn-redis-"), port or free_port()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "--port", str(port), "--dir", folder], stdout=quiet, stderr=quiet)
    server = RedisServer(port, process)
    try:
        _wait_for(server)
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: RedisServer) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.client.ping()
            return
        except redis.RedisError:
            time.sleep(0.05)
    raise AssertionError("Redis does not start")
