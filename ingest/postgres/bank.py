"""Where the vectors of an index in a database come from: those made before, and workers on any machine."""

import time
from collections.abc import Sequence
from multiprocessing.context import SpawnProcess

from ingest.embed import Vectors
from ingest.manifest import ModelCard
from ingest.postgres.connect import Database
from ingest.postgres.failures import in_dutch
from ingest.postgres.queue import Queue, prepare
from ingest.postgres.worker import Hand, work_beside
from ingest.processes import Hands, running
from ingest.progress import EMBEDDING, Progress
from ingest.texts import Text, Texts

_SECONDS_BETWEEN_LOOKS = 0.2
# Counting millions of rows takes a while; most of the time is for something else.
_SHARE_OF_LOOKING = 0.1


class DatabaseBank:
    """A ``Bank`` at ``address``. ``anew``: every text is embedded, also one that has a vector."""

    def __init__(self, address: str, hands: Hands, progress: Progress, *, anew: bool = False) -> None:
        self.embedded = 0
        self.reused = 0
        self._address = address
        self._hands = hands
        self._progress = progress
        self._anew = anew
        database = Database(address)
        self._place = database.place
        with in_dutch(self._place):
            self._connection = database.dedicated()
            prepare(self._connection)
            self._queue = Queue.of(self._connection, ModelCard.of(hands.embedder))

    def fill(self, texts: Texts) -> None:
        with in_dutch(self._place):
            asked = self._queue.ask(texts(), anew=self._anew)
            self.embedded, self.reused = asked.missing, asked.made
            self._progress.step(EMBEDDING, total=asked.missing)
            if asked.missing:
                beside = (self._address, self._hands.make_embedder)
                with running(work_beside, beside, self._hands.processes) as helpers:
                    self._until_all_are_made(asked.missing, helpers)

    def vectors(self, texts: Sequence[Text]) -> Vectors:
        with in_dutch(self._place):
            return self._queue.vectors(texts)

    def clear_up(self) -> None:
        with in_dutch(self._place):
            self._queue.forget_others()

    def close(self) -> None:
        self._connection.close()

    def _until_all_are_made(self, left: int, helpers: Sequence[SpawnProcess]) -> None:
        """This process embeds too, if nobody on this machine does it in its place: all may have been killed."""
        hand = Hand(self._hands.embedder)
        next_look = 0.0
        while left:
            is_needed = not self._hands.elsewhere and not any(helper.is_alive() for helper in helpers)
            done = hand.work(self._queue) if is_needed else 0
            if not done:
                time.sleep(max(_SECONDS_BETWEEN_LOOKS, next_look - time.monotonic()))
            begun = time.monotonic()
            if begun >= next_look:
                now = self._queue.waiting()
                self._progress.advance(left - now)
                left = now
                next_look = time.monotonic() + (time.monotonic() - begun) / _SHARE_OF_LOOKING
