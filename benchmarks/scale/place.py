"""Where a store of one size is while it is measured: a folder of files, or a database of a server of our own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.scale.results import FILES, POSTGRES
from benchmarks.watch import disk_bytes, shared_megabytes

# As for a small machine that does little else; what is acknowledged is on disk.
SERVER_SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "maintenance_work_mem": "4GB",
    "max_parallel_maintenance_workers": "2",
    "max_wal_size": "16GB",
    "max_connections": "200",
}


@dataclass(frozen=True)
class Place:
    """``address`` is that of the database, "" for files; ``server_pid`` is its server's, 0 without one.

    ``folder`` keeps the files, or the database's own.
    """

    store: str
    folder: str
    address: str = ""
    server_pid: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        """Of an assistant that reads from here."""
        return {"store": self.address} if self.address else {"index_dir": Path(self.folder)}

    @property
    def environment(self) -> dict[str, str]:
        """As ``settings``, for a process of its own."""
        return {f"RUGPIJN_{name}".upper(): str(value) for name, value in self.settings.items()}

    @property
    def server(self) -> psutil.Process | None:
        return psutil.Process(self.server_pid) if self.server_pid else None

    @property
    def processes(self) -> list[psutil.Process]:
        """This one, and the database server."""
        return [psutil.Process(), *([self.server] if self.server else [])]

    def disk_bytes(self) -> int:
        if not self.address:
            return disk_bytes(Path(self.folder).rglob("*"))
        import psycopg

        with psycopg.connect(self.address) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    def database_megabytes(self) -> float:
        return shared_megabytes(self.server) if self.server else 0.0


@contextmanager
def places(store: str, work: Path) -> Iterator["Builder"]:
    """Makes places of one kind, one after the other, for as long as the block lasts."""
    if store == FILES:
        yield Builder(lambda size: _files(work, size))
        return
    # A real server from a package, as the tests have it.
    from tests.postgres_server import postgres_server

    with postgres_server(durable=True, **SERVER_SETTINGS) as server:
        pid = int((server.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])
        yield Builder(lambda size: _database(server, pid, size))


class Builder:
    def __init__(self, make: Any) -> None:
        self._make = make

    @contextmanager
    def place(self, size: int) -> Iterator[Place]:
        """Empty, and gone in the end."""
        with self._make(size) as place:
            yield place


@contextmanager
def _files(work: Path, size: int) -> Iterator[Place]:
    folder = work / f"index-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield Place(FILES, str(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(server: Any, pid: int, size: int) -> Iterator[Place]:
    name = f"passages_{size}_{os.getpid()}"
    server.execute(f"CREATE DATABASE {name}")
    server.execute("CREATE EXTENSION IF NOT EXISTS vector", name)
    try:
        yield Place(POSTGRES, str(server.folder), server.url(name), pid)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
