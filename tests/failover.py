"""A primary that is killed while everybody reads and writes, and a standby that takes over: what they all saw."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace

from deploy_settings import shipped_settings
from fakes import FakeEmbedder
from postgres_fixtures import OWNER, prepare
from postgres_server import PASSWORD, PostgresServer, following, postgres_server
from records_fakes import exchange

from assistant.records.postgres.archive import PostgresArchive
from assistant.web.metrics import Metrics
from assistant.web.readiness import Readiness
from ingest.index import Index
from ingest.postgres import PostgresStore
from ingest.whole import entries_of, questions_of

DATABASE = "rugpijn"
WRITERS = 4
READERS = 4
SECONDS_BEFORE = 2.0
# What a watchman of the cluster (Patroni, repmgr, an operator) takes to be sure; real ones take 10 to 30.
SECONDS_UNTIL_PROMOTION = 2.0
SECONDS_AFTER = 3.0


@dataclass(frozen=True)
class Cluster:
    """Two servers, the second a copy that answers before the first has said that something is written."""

    primary: PostgresServer
    standby: PostgresServer

    @property
    def address(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql://{OWNER}:{PASSWORD}@{hosts}/{DATABASE}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    shipped = shipped_settings()
    waits_for = shipped.pop("synchronous_standby_names")  # there is nobody yet
    with postgres_server(durable=True, **shipped) as primary:
        prepare(primary)
        primary.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE with_vectors")
        with following(primary) as standby:
            # A commit is acknowledged when it is on the disks of both.
            primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{waits_for}'")
            primary.execute("SELECT pg_reload_conf()")
            yield Cluster(primary, standby)


def publish(address: str, index: Index) -> str:
    """The corpus of ``index``; the name of the version."""
    with closing(PostgresStore(address)) as store:
        store.ensure_schema()
        with store.draft() as draft:
            draft.bulk_load(entries_of(index.stored, index.vectors))
            asked = questions_of(index.stored, index.vectors.questions)
            return draft.publish(index.manifest, index.articles.values(), index.notes, asked).version


@dataclass
class Seen:
    """Moments are those of ``time.monotonic``; ``acknowledged`` are names of rows with when that was said."""

    killed_at: float = 0.0
    promoted_at: float = 0.0
    sent: list[str] = field(default_factory=list)
    acknowledged: list[tuple[float, str]] = field(default_factory=list)
    read: list[tuple[float, float]] = field(default_factory=list)
    read_errors: list[str] = field(default_factory=list)
    not_ready: list[tuple[float, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def write_gap_seconds(self) -> float:
        """The longest time in which nothing was acknowledged."""
        moments = sorted(at for at, _ in self.acknowledged)
        return max(after - before for before, after in zip(moments, moments[1:], strict=False))

    @property
    def seconds_from_promotion(self) -> float:
        """Until the first acknowledgement by the new primary."""
        return min(at for at, _ in self.acknowledged if at > self.promoted_at) - self.promoted_at

    @property
    def slowest_read_seconds(self) -> float:
        return max(seconds for _, seconds in self.read)

    def reads_between(self, first: float, last: float) -> int:
        return sum(first < at < last for at, _ in self.read)


class Everybody:
    """Who writes, who reads and who looks whether they are ready, each in a loop of its own until it is over."""

    def __init__(self, address: str, index: Index) -> None:
        self.seen = Seen()
        self.over = threading.Event()
        self._address = address
        self._vector = index.vectors.passages[0]
        self.store = PostgresStore(address, connections=READERS + 1)
        self._version = self.store.open(FakeEmbedder(dimension=index.manifest.model.dimension))

    def write(self, number: int) -> None:
        with closing(PostgresArchive(self._address, 30, patience_seconds=60)) as archive:
            for count in itertools.count():
                if self.over.is_set():
                    return
                name = f"{number}-{count}"
                self.seen.sent.append(name)
                archive.add([replace(exchange(name), reply_id=name)])
                self.seen.acknowledged.append((time.monotonic(), name))

    def read(self, _: int) -> None:
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                found = self._version.search_hybrid(self._vector, "pijn in de rug", 10)
                assert len(self._version.get([each.id for each in found])) == len(found) == 10
                assert self.store.version_in_use() == self._version.manifest.version
            except Exception as error:
                self.seen.read_errors.append(repr(error))
            now = time.monotonic()
            self.seen.read.append((now, now - begun))

    def look(self, _: int) -> None:
        ready = Readiness(self.store, 1.0, lambda: True, Metrics())
        while not self.over.wait(0.2):
            ready.look()
            if refusal := ready():
                self.seen.not_ready.append((time.monotonic(), refusal))


def outage(given: Cluster, index: Index) -> Seen:
    """Everybody reads and writes; the primary is killed; a while later the standby is promoted; all go on."""
    publish(given.address, index)
    everybody = Everybody(given.address, index)
    seen = everybody.seen
    with ThreadPoolExecutor(WRITERS + READERS + 1) as pool:
        running = [
            *(pool.submit(everybody.write, number) for number in range(WRITERS)),
            *(pool.submit(everybody.read, number) for number in range(READERS)),
            pool.submit(everybody.look, 0),
        ]
        time.sleep(SECONDS_BEFORE)
        given.primary.kill()
        seen.killed_at = time.monotonic()
        time.sleep(SECONDS_UNTIL_PROMOTION)
        given.standby.promote()
        seen.promoted_at = time.monotonic()
        time.sleep(SECONDS_AFTER)
        everybody.over.set()
    everybody.store.close()
    for each in running:
        each.result()
    found = given.standby.execute("SELECT question FROM rugpijn_records.exchanges", DATABASE)
    seen.kept = [str(name) for (name,) in found]
    return seen
