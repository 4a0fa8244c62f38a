"""Processes on this machine that embed beside each other, each with a model of its own."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.context import SpawnProcess
from threading import Thread

from ingest.embed import Embedder, Vectors
from ingest.texts import Text, embed

# Called in another process: a function of a module, or a ``partial`` of one.
MakeEmbedder = Callable[[], Embedder]


@dataclass(frozen=True)
class Hands:
    """What embeds: ``processes`` beside this one, or this one itself with ``embedder`` when that is 0.

    ``elsewhere``: neither, for there are workers on other machines.
    """

    embedder: Embedder
    make_embedder: MakeEmbedder
    processes: int = 0
    elsewhere: bool = False


# A process that starts anew has no threads or locks of its parent.
_SPAWN = get_context("spawn")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_embedders: list[Embedder] = []


@contextmanager
def running(target: Callable[..., None], arguments: tuple[object, ...], processes: int) -> Iterator[list[SpawnProcess]]:
    """``processes`` that each call ``target``; asked to stop when the block ends, and waited for."""
    with _sharing_cores(processes):
        started = [_SPAWN.Process(target=target, args=arguments, daemon=True) for _ in range(processes)]
        for process in started:
            process.start()
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.join()


def embed_apart(hands: Hands, batches: Iterator[Sequence[Text]]) -> Iterator[tuple[Sequence[Text], list[Vectors]]]:
    """Each batch with its vectors, as they get ready. Ends early, some batches undone, when a process is killed."""
    with (
        _sharing_cores(hands.processes),
        ProcessPoolExecutor(
            hands.processes, mp_context=_SPAWN, initializer=_begin, initargs=(hands.make_embedder,)
        ) as pool,
    ):
        under_way: dict[Future[list[Vectors]], Sequence[Text]] = {}
        try:
            for batch in batches:
                under_way[pool.submit(_embed, batch)] = batch
                if len(under_way) > 2 * hands.processes:
                    yield from _ready(under_way)
            while under_way:
                yield from _ready(under_way)
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _ready(
    under_way: dict[Future[list[Vectors]], Sequence[Text]],
) -> Iterator[tuple[Sequence[Text], list[Vectors]]]:
    """Waits for one at least."""
    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
        yield under_way.pop(future), future.result()


def when_parent_ends(call: Callable[[], object]) -> None:
    """A process does not notice by itself that whoever gives it work was killed."""
    parent = parent_process()

    def wait_and_call() -> None:
        if parent is not None:
            parent.join()
            call()

    Thread(target=wait_and_call, name="parent", daemon=True).start()


def _begin(make_embedder: MakeEmbedder) -> None:
    when_parent_ends(lambda: os._exit(1))
    _embedders.append(make_embedder())


def _embed(texts: Sequence[Text]) -> list[Vectors]:
    return embed(_embedders[0], texts)


@contextmanager
def _sharing_cores(processes: int) -> Iterator[None]:
    """Processes that start within have a fair share of the cores each, unless the operator said otherwise.

    Pools of threads that are larger than the machine spin for the same cores: see docs/decisions.md.
    """
    share = str(max(1, (os.cpu_count() or 1) // max(processes, 1)))
    ours = [name for name in _THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(ours, share))
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)
