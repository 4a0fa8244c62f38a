"""What finds more of the nearest in PostgreSQL, and what it costs: wider searches, or a denser graph.

``python -m benchmarks.scale.recall --size 100000`` fills a database as ``benchmarks.scale`` does (which must have
prepared that size); the page shows what was measured as a table.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import psycopg
import typer
from psycopg import sql
from rich.console import Console

from assistant.settings import Settings
from benchmarks.load_figures import percentile
from benchmarks.scale.corpus import ScaleCorpus
from benchmarks.scale.dutch_text import fetch, read_pages
from benchmarks.scale.place import Place, places
from benchmarks.scale.queries import DEPTH, Queries, Truth
from benchmarks.scale.results import POSTGRES, Graph
from benchmarks.scale.source import Source
from benchmarks.scale.stores import load
from benchmarks.watch import watching
from ingest.embed import SentenceTransformerEmbedder, Vectors
from ingest.postgres.rows import vector_text
from ingest.settings import PROJECT
from ingest.stores import load_whole

WIDTHS = (40, 100, 200, 400, 800)
# Neighbours of each passage, and how wide the search for them was: pgvector's own choice first.
GRAPHS = ((16, 64), (24, 128))
_NEAREST = "SELECT id FROM {} ORDER BY vector <=> %s::halfvec LIMIT %s"


class Bench:
    def __init__(self, corpus: ScaleCorpus, queries: Queries, truth: Truth) -> None:
        self.corpus = corpus
        self._queries = queries
        self._truth = truth
        self._vectors = {entry.id: entry.vector for entry in corpus.entries()}

    def graphs(self, place: Place) -> Iterator[Graph]:
        with psycopg.connect(place.address, autocommit=True) as connection:
            table = _table(connection)
            for neighbours, construction in GRAPHS:
                seconds = _build(connection, table, neighbours, construction)
                for width in WIDTHS:
                    with watching(*place.processes) as taken:
                        milliseconds, found = self._search(connection, table, width)
                    yield Graph(
                        store=place.store,
                        passages=self.corpus.size,
                        measured_on=date.today().isoformat(),
                        other_cores=taken.other_cores,
                        neighbours=neighbours,
                        construction=construction,
                        build_seconds=seconds,
                        width=width,
                        p50=percentile(milliseconds, 50),
                        p95=percentile(milliseconds, 95),
                        **self._quality(found),
                    )

    def _search(
        self, connection: "psycopg.Connection[Any]", table: sql.Identifier, width: int
    ) -> tuple[list[float], list[list[str]]]:
        """Milliseconds and ids for each query, once all were asked before."""
        connection.execute(sql.SQL("SET hnsw.ef_search = {}").format(sql.Literal(width)))
        statement = sql.SQL(_NEAREST).format(table)
        milliseconds: list[float] = []
        found: list[list[str]] = []
        for vector in (*self._queries.vectors, *self._queries.vectors):
            start = time.perf_counter()
            rows = connection.execute(statement, (vector_text(vector), DEPTH)).fetchall()
            milliseconds.append((time.perf_counter() - start) * 1000)
            found.append([id_ for (id_,) in rows])
        return milliseconds[len(found) // 2 :], found[len(found) // 2 :]

    def _quality(self, found: Sequence[Sequence[str]]) -> dict[str, float]:
        half = len(found) // 2
        nearest = self._truth.nearest
        lost = [self._lost(*each) for each in zip(self._queries.vectors, nearest, found, strict=True)]
        return {
            "recall": self._truth.recall(found),
            "practice": Truth(nearest[:half]).recall(found[:half]),
            "rest": Truth(nearest[half:]).recall(found[half:]),
            "cosine_lost": float(np.mean(lost)),
        }

    def _lost(self, query: Vectors, nearest: Sequence[str], found: Sequence[str]) -> float:
        """How much less similar what was found is than what is nearest, on average."""
        return float(np.mean([self._vectors[id_] @ query for id_ in nearest])) - float(
            np.mean([self._vectors[id_] @ query for id_ in found])
        )


def main(
    size: Annotated[int, typer.Option()] = 100_000,
    paragraphs: Annotated[int, typer.Option(help="as given to benchmarks.scale")] = 0,
    work: Annotated[Path, typer.Option()] = PROJECT / "var" / "scale",
    text: Annotated[Path | None, typer.Option(help="the package's files, unpacked")] = None,
) -> None:
    console = Console(width=160, highlight=False)
    settings = Settings.read()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    practice = load_whole(settings, embedder)
    source = Source.read(read_pages(text or fetch(work)), work / "vectors", lambda: embedder, paragraphs)
    truth = Truth.load(work / f"nearest-{size}-of-{paragraphs}.json")
    bench = Bench(ScaleCorpus(practice, source, size), Queries.load(work), truth)
    with places(POSTGRES, work) as made, made.place(size) as place:
        load(place, bench.corpus, practice.manifest, practice.notes)
        for graph in bench.graphs(place):
            graph.save(work / "results")
            console.print(graph.model_dump_json(), markup=False)


def _table(connection: "psycopg.Connection[Any]") -> sql.Identifier:
    row = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'rugpijn' AND tablename LIKE 'passages%'"
    ).fetchone()
    assert row is not None
    return sql.Identifier("rugpijn", row[0])


def _build(connection: "psycopg.Connection[Any]", table: sql.Identifier, neighbours: int, width: int) -> float:
    """The graph anew. Seconds."""
    name = connection.execute(
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'rugpijn' AND indexdef LIKE '%hnsw%'"
    ).fetchone()
    if name is not None:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier("rugpijn", name[0])))
    start = time.perf_counter()
    statement = "CREATE INDEX ON {} USING hnsw (vector halfvec_cosine_ops) WITH (m = {}, ef_construction = {})"
    connection.execute(sql.SQL(statement).format(table, sql.Literal(neighbours), sql.Literal(width)))
    return time.perf_counter() - start


if __name__ == "__main__":
    typer.run(main)
