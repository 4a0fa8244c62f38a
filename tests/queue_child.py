"""A program that starts workers which can be killed: it imports everything once and forks a process for each order.

An order is a line of JSON on standard input; the answer is the number of the process. A worker embeds with a fake model
that takes its time, and first writes which texts it is about to embed: a line a batch, its own number before it.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fakes import FakeEmbedder, ingest_settings
from pydantic import SecretStr

from ingest.build import build_index
from ingest.embed import Vectors
from ingest.postgres.connect import Database
from ingest.postgres.worker import Worker
from ingest.texts import Text


class TellingEmbedder(FakeEmbedder):
    """Writes down what it is asked to embed before it does."""

    def __init__(self, log: Path, seconds_per_text: float) -> None:
        super().__init__(seconds_per_text=seconds_per_text)
        self._log = log

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        self._tell([Text(text) for text in texts])
        return super().passages(texts, progress)

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        self._tell([Text(text, is_question=True) for text in texts])
        return super().queries(texts, progress)

    def _tell(self, texts: Sequence[Text]) -> None:
        line = " ".join([str(os.getpid()), *(text.hash.hex() for text in texts)])
        with self._log.open("a") as log:
            log.write(line + "\n")


def work(folder: Path, address: str, seconds_per_text: float) -> None:
    embedder = TellingEmbedder(folder / "embedded", seconds_per_text)
    Worker(Database(address), embedder, lambda _: None, until_empty=True).run()


def ingest(folder: Path, address: str, seconds_per_text: float, workers: int | None) -> None:
    settings = ingest_settings(folder, store=SecretStr(address or "faiss"))
    make_embedder = partial(TellingEmbedder, folder / "embedded", seconds_per_text)
    build_index(settings, make_embedder, workers=workers)


def run(order: dict[str, Any]) -> None:
    given = (Path(order["folder"]), order["address"], order["seconds_per_text"])
    if order["what"] == "work":
        work(*given)
    else:
        ingest(*given, order["workers"])


def child(order: dict[str, Any]) -> int:
    process = os.fork()
    if process == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            run(order)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    for line in sys.stdin:
        sys.stdout.write(f"{child(json.loads(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
