"""Real processes on a database with a standby: a new version everywhere, a lost primary that no visitor notices."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from failover import DATABASE, Cluster, cluster, publish
from postgres_fixtures import skip_without_postgres
from server_process import ServerProcess, fake_server

from ingest.index import Index

LIMITS = {"rate_limit": True, "questions_per_minute": 100_000, "questions_per_minute_per_address": 100_000}
SECONDS_UNTIL_TAKEN = 30.0


@dataclass
class Visitors:
    """Ask each process in turn without end, and say what they think: what they were told, and what went wrong."""

    processes: list[ServerProcess]
    over: threading.Event = field(default_factory=threading.Event)
    versions: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    thanked: list[str] = field(default_factory=list)

    def keep_asking(self, number: int) -> None:
        process = self.processes[number]
        with httpx.Client(base_url=process.url, timeout=30) as client:
            while not self.over.is_set():
                try:
                    self._ask(client, number)
                except (httpx.HTTPError, KeyError) as error:
                    self.wrong.append(repr(error))
                time.sleep(0.05)

    def _ask(self, client: httpx.Client, number: int) -> None:
        response = client.post("/api/ask", json={"question": "Wat helpt tegen pijn in de rug?"}).raise_for_status()
        found, version = re.fullmatch(r"(\d+) in (\S+)", response.json()["sentences"][0]["text"]).groups()  # type: ignore[union-attr]
        if found != "5":
            self.wrong.append(f"{found} passages")
        self.versions.append((number, version))
        reply_id = response.headers["Reply-Id"]
        said = {"helpful": True, "kind": "answered", "urgency": None, "passage_ids": [], "reply_id": reply_id}
        client.post("/api/feedback", json=said).raise_for_status()
        self.thanked.append(reply_id)
        if client.get("/ready").status_code != 200:
            self.wrong.append("not ready")

    def told(self, number: int, version: str) -> bool:
        return (number, version) in self.versions


@pytest.fixture(scope="module")
def servers() -> Iterator[Cluster]:
    skip_without_postgres()
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def processes(
    servers: Cluster, corpus_index: Index, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[ServerProcess]]:
    publish(servers.address, corpus_index)
    with ExitStack() as stack:

        def start(name: str) -> ServerProcess:
            given = {"store": servers.address, "index_check_seconds": 0.5, **LIMITS}
            folder = tmp_path_factory.mktemp(name)
            return stack.enter_context(fake_server(folder, script="store_child.py", **given))

        with ThreadPoolExecutor(2) as pool:
            yield list(pool.map(start, ("een", "twee")))


@pytest.mark.server
def test_a_new_version_reaches_every_process_and_a_lost_primary_no_visitor(
    servers: Cluster, processes: list[ServerProcess], corpus_index: Index
) -> None:
    visitors = Visitors(processes)
    with ThreadPoolExecutor(len(processes)) as pool:
        asking = [pool.submit(visitors.keep_asking, number) for number in range(len(processes))]
        try:
            newer = publish(servers.address, corpus_index)
            deadline = time.monotonic() + SECONDS_UNTIL_TAKEN
            while not all(visitors.told(number, newer) for number in range(len(processes))):
                assert time.monotonic() < deadline, visitors.wrong
                time.sleep(0.1)
            servers.primary.kill()
            time.sleep(3.0)
            servers.standby.promote()
            time.sleep(3.0)
        finally:
            visitors.over.set()
        for each in asking:
            each.result()
    assert visitors.wrong == []
    assert len(visitors.versions) > 50
    assert [version for _, version in visitors.versions[-4:]] == [newer] * 4
    assert thanks_kept(servers, len(visitors.thanked)) == Counter(visitors.thanked)


def thanks_kept(servers: Cluster, expected: int) -> Counter[str]:
    """What visitors said, by reply; it may come a moment later."""
    deadline = time.monotonic() + 20
    while True:
        rows = servers.standby.execute("SELECT reply_id FROM rugpijn_records.feedback", DATABASE)
        if len(rows) >= expected or time.monotonic() > deadline:
            return Counter(str(reply_id) for (reply_id,) in rows)
        time.sleep(0.2)
