"""How many of a question's stems PostgreSQL should look for: what they find against what all of them do, and how fast.

``python -m benchmarks.scale.words postgresql://…`` asks the version in use there (filled with ``benchmarks.scale``,
say) and prints a table. It keeps all stems in memory: 1 GB for 500,000 passages.
"""

import re
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter
from unittest.mock import patch

import numpy as np
import psycopg
from numpy.typing import NDArray

from ingest.lexical import content_words, stems
from ingest.postgres import PostgresStore, by_words
from ingest.postgres.connect import Database
from ingest.postgres.schema import Tables
from ingest.postgres.search import entries_of_ids
from ingest.sampled import rarity
from ingest.store import EVERYWHERE, Entry, TermStatistics

_SEED = 80
_QUESTIONS = 150
_WANTED = 64
_LEXEME = re.compile(r"'(\w+)':([\d,]+)")
_BUDGETS = (1_000, 3_000, 10_000, 30_000, 100_000)
_RAREST = (1, 2, 3, 4)


@dataclass(frozen=True)
class Corpus:
    """All stems of a version: for each the rows of the passages it stands in, and how often. ``lengths`` in stems."""

    ids: list[str]
    lengths: NDArray[np.float64]
    found: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

    @classmethod
    def read(cls, address: str, tables: Tables) -> "Corpus":
        ids: list[str] = []
        lengths = array("d")
        rows: dict[str, array[int]] = defaultdict(lambda: array("q"))
        times: dict[str, array[float]] = defaultdict(lambda: array("d"))
        statement = tables.format("SELECT id, length, stems::text FROM {stems} JOIN {passages} USING (place)")
        with psycopg.connect(address) as connection, connection.cursor("stems") as cursor:
            for row, (id_, length, written) in enumerate(cursor.execute(statement)):
                ids.append(id_)
                lengths.append(length)
                for stem, places in _LEXEME.findall(written):
                    rows[stem].append(row)
                    times[stem].append(places.count(",") + 1)
        return cls(ids, np.array(lengths), {stem: (np.array(rows[stem]), np.array(times[stem])) for stem in rows})

    def known(self, question: str) -> TermStatistics:
        in_texts = {stem: len(self.found[stem][0]) for stem in set(stems(question)) if stem in self.found}
        return TermStatistics(len(self.ids), int(self.lengths.sum()), in_texts)

    def relevance(self, question: str) -> NDArray[np.float64]:
        """BM25 of every passage, shape (passages,), with every stem of the question."""
        total = np.zeros(len(self.ids))
        damping = 1.5 * (0.25 + 0.75 * self.lengths / self.lengths.mean())
        for stem, asked in Counter(stems(question)).items():
            if stem in self.found:
                rows, times = self.found[stem]
                total[rows] += asked * rarity(len(self.ids), len(rows)) * times / (damping[rows] + times)
        return total


@dataclass(frozen=True)
class Figures:
    """Means over the questions of the BM25 found, relative to the best there is; milliseconds."""

    first_10: float
    all_64: float
    is_first: float
    p50: float
    p95: float

    @property
    def cells(self) -> str:
        shares = f"{self.first_10:.3f} | {self.all_64:.3f} | {self.is_first:.3f}"
        return f"{shares} | {self.p50:.0f} | {self.p95:.0f}"


def measure(database: Database, tables: Tables, corpus: Corpus, questions: Sequence[str]) -> Figures:
    row_of = {id_: row for row, id_ in enumerate(corpus.ids)}
    figures = []
    for question in questions:
        all_of_it, known = corpus.relevance(question), corpus.known(question)
        best = np.sort(all_of_it)[::-1][:_WANTED]
        start = perf_counter()
        with database.reading() as connection:
            found = by_words.sharing(connection, tables, stems(question), known, _WANTED, EVERYWHERE)
        seconds = perf_counter() - start
        got = np.array([all_of_it[row_of[each.id]] for each in found])
        is_first = got[0] >= best[0] - 1e-6
        figures.append((got[:10].sum() / best[:10].sum(), got.sum() / best.sum(), is_first, seconds * 1000))
    first_10, all_64, firsts, milliseconds = np.array(figures).T
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return Figures(first_10.mean(), all_64.mean(), firsts.mean(), p50, p95)


def short_question(chance: Random, entry: Entry) -> str:
    """Three to six content words of a passage, as a visitor types them."""
    words = list(dict.fromkeys(content_words(entry.passage.text)))
    return " ".join(chance.sample(words, min(len(words), chance.choice([3, 4, 5, 6]))))


def long_question(_: Random, entry: Entry) -> str:
    sentence = entry.passage.sentences[0]
    start = entry.passage.start
    return entry.passage.text[sentence.start - start : sentence.end - start]


def run(address: str, tell: Callable[[str], object]) -> None:
    tables = Tables(PostgresStore(address).version_in_use())
    corpus = Corpus.read(address, tables)
    database = Database(address)
    tell(f"{len(corpus.ids)} passages\n")
    tell("| questions | looked for | BM25 of the first 10 | of 64 | best one found | p50 ms | p95 ms |")
    tell("|---|---|---|---|---|---|---|")
    for name, make in (("short", short_question), ("sentences", long_question)):
        chance = Random(_SEED)
        ids = chance.sample(corpus.ids, _QUESTIONS)
        entries = database.read(lambda connection: entries_of_ids(connection, tables, ids))  # noqa: B023
        questions = [question for question in (make(chance, entry) for entry in entries) if stems(question)]
        for budget in (*_BUDGETS, len(corpus.ids) * 100):
            with patch.object(by_words, "LOOKED_AT", budget):
                figures = measure(database, tables, corpus, questions)
            tell(f"| {name} | {_name(budget, corpus)} | {figures.cells} |")
        for most in _RAREST:
            with patch.object(by_words, "looked_for", lambda known, most=most: list(known.in_texts)[:most]):
                figures = measure(database, tables, corpus, questions)
            tell(f"| {name} | the {most} rarest | {figures.cells} |")


def _name(budget: int, corpus: Corpus) -> str:
    return f"stems in {budget:,} passages" if budget < len(corpus.ids) * 100 else "all stems"


if __name__ == "__main__":
    run(sys.argv[1], lambda line: sys.stdout.write(f"{line}\n") and sys.stdout.flush())
