"""Embeds what waits in the database, batch by batch, for as long as it is wanted."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from ingest.embed import Embedder
from ingest.errors import StoreReadOnlyError, StoreUnavailableError
from ingest.manifest import ModelCard
from ingest.postgres.connect import Database
from ingest.postgres.failures import in_dutch
from ingest.postgres.queue import Queue, prepare
from ingest.processes import MakeEmbedder, when_parent_ends
from ingest.texts import embed

# What a worker has in hand is lost with it, so it takes no more than it does in about this time.
_BATCH_SECONDS = 2.0
_SMALLEST, _LARGEST = 8, 2048
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_BETWEEN_NEWS = 30.0
_LONGEST_WAIT_SECONDS = 30.0
# The server frees the batch of a worker whose machine is gone, or that has stood still for this long.
_SERVER_NOTICES = """
SELECT set_config('tcp_keepalives_idle', '20', false), set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false), set_config('idle_in_transaction_session_timeout', '15min', false)
"""


@dataclass
class Hand:
    """Takes as many texts at a time as it can embed in some seconds."""

    embedder: Embedder
    size: int = _SMALLEST

    def work(self, queue: Queue) -> int:
        """Embed one batch; returns how many texts that were, 0 when none is free. Raises ``psycopg.Error``."""
        begun = time.monotonic()
        with queue.batch(self.size) as batch:
            if batch.texts:
                batch.keep(embed(self.embedder, batch.texts))
        done = len(batch.texts)
        if done == self.size:
            fitting = int(done * _BATCH_SECONDS / max(time.monotonic() - begun, 1e-3))
            self.size = max(_SMALLEST, min(fitting, 2 * self.size, _LARGEST))
        return done


@dataclass
class Worker:
    """``told`` hears, in Dutch, how it goes. Both ``stop`` and ``until_empty`` let it finish what it has in hand."""

    database: Database
    embedder: Embedder
    told: Callable[[str], None]
    stop: Event = field(default_factory=Event)
    until_empty: bool = False
    done: int = 0

    def run(self) -> None:
        """A database that is away is waited for. Raises any other ``IngestError``."""
        hand, card = Hand(self.embedder), ModelCard.of(self.embedder)
        wait = 1.0
        while not self.stop.is_set():
            before = self.done
            try:
                with in_dutch(self.database.place):
                    self._serve(hand, card)
            except (StoreUnavailableError, StoreReadOnlyError) as error:
                wait = 1.0 if self.done > before else min(2 * wait, _LONGEST_WAIT_SECONDS)
                self.told(f"{error} Nieuwe poging over {wait:.0f} s.")
                self.stop.wait(wait)

    def _serve(self, hand: Hand, card: ModelCard) -> None:
        """Over one connection, until it breaks."""
        with self.database.dedicated() as connection:
            prepare(connection)
            connection.execute(_SERVER_NOTICES)
            queue = Queue.of(connection, card)
            news = _News(self.told, self.done)
            while not self.stop.is_set():
                done = hand.work(queue)
                self.done += done
                if done:
                    news.working(self.done)
                elif self.until_empty and not queue.waiting():
                    self.stop.set()
                else:
                    news.idle(self.done, queue)
                    self.stop.wait(_SECONDS_BETWEEN_LOOKS)


class _News:
    """Says something when there is something to say, and now and then while it works."""

    def __init__(self, told: Callable[[str], None], done: int) -> None:
        self._told = told
        self._done, self._at = done, time.monotonic()
        self._said = ""

    def working(self, done: int) -> None:
        seconds = time.monotonic() - self._at
        if seconds >= _SECONDS_BETWEEN_NEWS:
            self._told(f"{done} teksten verwerkt, {(done - self._done) / seconds:.1f} per seconde.")
            self._done, self._at, self._said = done, time.monotonic(), ""

    def idle(self, done: int, queue: Queue) -> None:
        others = queue.other_models()
        waiting = f" Er wachten teksten op een ander taalmodel: {', '.join(others)}." if others else ""
        said = f"{done} teksten verwerkt; wacht op werk.{waiting}"
        if said != self._said:
            self._told(said)
            self._said = said
        self._done, self._at = done, time.monotonic()


def stop_on_signals() -> Event:
    """Set by Ctrl+C or a polite kill; the second of them stops at once."""
    stop = Event()

    def stopping(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stopping)
    return stop


def work_beside(address: str, make_embedder: MakeEmbedder) -> None:
    """In a process of its own: until nothing waits any more, or the process that began it is gone."""
    stop = stop_on_signals()
    when_parent_ends(stop.set)
    # How far it is, the process that began it says.
    Worker(Database(address), make_embedder(), lambda _: None, stop, until_empty=True).run()
