"""One store of one size: how long filling it takes, how fast and how well it is searched."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle, islice
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import psutil

from assistant.settings import Settings
from benchmarks.load_figures import percentile
from benchmarks.scale.corpus import ScaleCorpus
from benchmarks.scale.place import Place
from benchmarks.scale.queries import DEPTH, Queries, Truth
from benchmarks.scale.results import Loading, Searching, Timing
from benchmarks.watch import cpu_seconds, watching
from ingest.embed import Embedder
from ingest.manifest import Manifest
from ingest.review_notes import ReviewNote
from ingest.store import Version
from ingest.stores import open_store

CLIENTS = (1, 8)
# What an answer asks for.
CANDIDATES = 64
_WARM_UP = 20
_MOST_SECONDS = 10.0


def load(place: Place, corpus: ScaleCorpus, manifest: Manifest, notes: Sequence[ReviewNote]) -> Loading:
    """Fill the store, and put what is in it to use. ``manifest`` is the practice's own."""
    store = open_store(Settings(**place.settings))
    store.ensure_schema()
    processes = place.processes
    with watching(*processes) as taken, store.draft() as draft:
        start = perf_counter()
        draft.bulk_load(corpus.entries())
        added = perf_counter()
        draft.publish(_manifest(manifest, corpus), corpus.articles(), notes, corpus.questions)
        published = perf_counter()
    return Loading(
        store=place.store,
        passages=corpus.size,
        measured_on=date.today().isoformat(),
        other_cores=taken.other_cores,
        add_seconds=added - start,
        publish_seconds=published - added,
        cpu_seconds=taken.own,
        peak_megabytes=getrusage(RUSAGE_SELF).ru_maxrss / 1e3,
        disk_bytes=place.disk_bytes(),
    )


def search(place: Place, queries: Queries, truth: Truth, embedder: Embedder, passages: int) -> Searching:
    """With the embedding of the questions left out: it is the same everywhere."""
    store = open_store(Settings(**place.settings))
    start = perf_counter()
    version = store.open(embedder)
    opened = perf_counter() - start
    with watching(*place.processes) as taken:
        found = [[each.id for each in version.search_dense(vector, DEPTH)] for vector in queries.vectors]
        timings = tuple(
            _timing(kind, clients, ask, place)
            for kind, ask in _searches(version, queries).items()
            for clients in CLIENTS
        )
    candidate_bytes = _candidate_bytes(version, queries)
    version.close()
    return Searching(
        store=place.store,
        passages=passages,
        measured_on=date.today().isoformat(),
        other_cores=taken.other_cores,
        timings=timings,
        recall=truth.recall(found),
        open_seconds=opened,
        candidate_bytes=candidate_bytes,
    )


def _searches(version: Version, queries: Queries) -> dict[str, list[Callable[[], object]]]:
    """Each query in each way of searching, ready to be run."""
    asked = list(zip(queries.texts, queries.vectors, strict=True))
    ids = [[each.id for each in version.search_dense(vector, CANDIDATES)] for _, vector in asked]
    return {
        "dense": [lambda vector=vector: version.search_dense(vector, CANDIDATES) for _, vector in asked],
        "lexical": [lambda text=text: version.search_lexical(text, CANDIDATES) for text, _ in asked],
        "hybrid": [lambda t=text, v=vector: version.search_hybrid(v, t, CANDIDATES) for text, vector in asked],
        "read 64": [lambda some=some: version.get(some) for some in ids],
    }


def _candidate_bytes(version: Version, queries: Queries) -> float:
    sizes = []
    for vector in queries.vectors[:_WARM_UP]:
        entries = version.get([each.id for each in version.search_dense(vector, CANDIDATES)])
        vectors = sum(entry.vector.size + entry.sentence_vectors.size for entry in entries) * 2
        sizes.append(vectors + sum(len(entry.passage.text.encode()) for entry in entries))
    return sum(sizes) / len(sizes)


def _timing(kind: str, clients: int, searches: Sequence[Callable[[], object]], place: Place) -> Timing:
    """Every client runs them all, each beginning elsewhere, unless it takes too long."""
    for run in searches[:_WARM_UP]:
        run()
    database = [process for process in place.processes if process.pid != psutil.Process().pid]
    own, theirs = cpu_seconds(psutil.Process()), cpu_seconds(*database)
    start = perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        rounds = [_from(searches, len(searches) * client // clients) for client in range(clients)]
        milliseconds = [each for some in threads.map(_run, rounds) for each in some]
    wall = perf_counter() - start
    return Timing(
        kind=kind,
        clients=clients,
        searches=len(milliseconds),
        p50=percentile(milliseconds, 50),
        p95=percentile(milliseconds, 95),
        per_second=len(milliseconds) / wall,
        cpu_ms=(cpu_seconds(psutil.Process()) - own) * 1000 / len(milliseconds),
        database_cpu_ms=(cpu_seconds(*database) - theirs) * 1000 / len(milliseconds),
    )


def _from(searches: Sequence[Callable[[], object]], first: int) -> Iterator[Callable[[], object]]:
    return islice(cycle(searches), first, first + len(searches))


def _run(searches: Iterable[Callable[[], object]]) -> list[float]:
    deadline = time.monotonic() + _MOST_SECONDS
    milliseconds = []
    for run in searches:
        start = perf_counter()
        run()
        milliseconds.append((perf_counter() - start) * 1000)
        if time.monotonic() > deadline:
            break
    return milliseconds


def _manifest(manifest: Manifest, corpus: ScaleCorpus) -> Manifest:
    """As ingest would have written it of so many articles."""
    articles = {article.slug: article.source for article in corpus.articles()}
    counts = manifest.counts.model_copy(update={"articles": len(articles), "passages": corpus.size, "sentences": 0})
    sources = {source: manifest.corpus_hash for source in articles.values()}
    return manifest.model_copy(update={"articles": articles, "sources": sources, "counts": counts})
