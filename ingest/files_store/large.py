"""A large version on disk: how it is written, and a ``Version`` that reads of it what a question needs.

::

    entries.jsonl, entries.offsets.npy     a passage a line, with its known questions; where the lines begin
    ids.npy, ids.sorted.npy, ids.rows.npy  their ids by row, and the rows by id
    passages.faiss                         see ``ingest.nearest``
    sentences.f16, sentences.starts.npy    vectors of all sentences, and where those of each passage begin
    bm25/stems/, terms/                    word matching of passages; what BM25 must know of each part
    places.npy, places.json                article and subject of each passage, by number; their names
    articles.jsonl, articles.offsets.npy, articles.json
    questions.jsonl, questions.f32, review_notes.jsonl, doctor_advice.json
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.article import Article
from ingest.embed import Vectors
from ingest.files_store.articles import LinedArticles, write_articles
from ingest.files_store.lines import Lines, mapped, mapped_array
from ingest.files_store.spool import ENTRIES, PASSAGES, SENTENCES, STARTS, Spool, entry_line
from ingest.files_store.terms import StoredTerms, write_terms
from ingest.fusion import fuse
from ingest.index import NOTE, read_lines, write_lines
from ingest.lexical import Bm25, stems
from ingest.manifest import Manifest
from ingest.nearest import Nearest, write_nearest
from ingest.review_notes import ReviewNote
from ingest.store import EVERYWHERE, Asked, AskedQuestions, Entry, Found, TermStatistics, Where
from ingest.terms import Counts

_ASKED = TypeAdapter(Asked)
_PLACES = "places"
_Rows = NDArray[np.int64]


def write_large(
    folder: Path,
    entries: Spool,
    articles: Iterable[Article],
    notes: Sequence[ReviewNote],
    questions: AskedQuestions,
) -> None:
    """All but the manifest. Raises ``OSError``."""
    ids = np.array(entries.save(), dtype="S")
    order = np.argsort(ids, kind="stable")
    np.save(folder / "ids.npy", ids)
    np.save(folder / "ids.sorted.npy", ids[order])
    np.save(folder / "ids.rows.npy", order)
    dimension = questions.vectors.shape[1]
    write_nearest(folder / "passages.faiss", mapped(folder / PASSAGES, np.float32, len(ids), dimension))
    (folder / PASSAGES).unlink()
    _write_words(folder, len(ids))
    write_articles(folder, articles)
    write_lines(folder / "review_notes.jsonl", (NOTE.dump_json(note) for note in notes))
    write_lines(folder / "questions.jsonl", (_ASKED.dump_json(asked) for asked in questions.asked))
    (folder / "questions.f32").write_bytes(np.ascontiguousarray(questions.vectors, dtype=np.float32).tobytes())


def _write_words(folder: Path, rows: int) -> None:
    """One pass over all entries: their terms, where they stand, and which are advice to see a doctor."""
    lines = Lines(folder / ENTRIES)
    counts, vocabulary = Counts(), _Numbers()
    slugs, tags = _Numbers(), _Numbers()
    places = np.zeros((rows, 2), dtype=np.int32)
    advice, numbered = [], []
    nothing = np.zeros(0, dtype=np.float32)
    for row in range(rows):
        entry = entry_line(lines, row).with_vectors(nothing, nothing)
        (terms,) = counts.add(entry)["stems"]
        numbered.append(np.array([vocabulary[term] for term in terms], dtype=np.int32))
        places[row] = slugs[entry.passage.slug], tags[entry.tag]
        advice += [entry.id] if entry.is_doctor_advice else []
    Bm25.of_numbered(numbered, vocabulary, stems).save(folder / "bm25" / "stems")
    write_terms(folder / "terms", counts)
    np.save(folder / f"{_PLACES}.npy", places)
    (folder / f"{_PLACES}.json").write_text(json.dumps({"slugs": list(slugs), "tags": list(tags)}), "utf-8")
    (folder / "doctor_advice.json").write_text(json.dumps(advice), "utf-8")


class _Numbers(dict[str, int]):
    """A number for each word, in order of appearance."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


class LargeVersion:
    """Reads from ``folder``. Raises ``OSError`` or ``ValueError`` for files that do not fit each other."""

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self.manifest = manifest
        self._folder = folder
        self._lines = Lines(folder / ENTRIES)
        self._ids = mapped_array(folder / "ids.npy")
        self._sorted_ids = mapped_array(folder / "ids.sorted.npy")
        self._row_of_id = mapped_array(folder / "ids.rows.npy")
        self._nearest = Nearest(folder / "passages.faiss", len(self._lines))
        self._starts = mapped_array(folder / STARTS)
        dimension = manifest.model.dimension
        self._sentences = mapped(folder / SENTENCES, np.float16, int(self._starts[-1]), dimension)
        self._places = mapped_array(folder / f"{_PLACES}.npy")
        self._place_names = json.loads((folder / f"{_PLACES}.json").read_bytes())
        self._stems = Bm25.load(folder / "bm25" / "stems", stems, in_memory=False)
        self._terms = StoredTerms(folder / "terms")
        self.articles: Mapping[str, Article] = articles_in(folder)
        self.notes: tuple[ReviewNote, ...] = tuple(read_lines(folder / "review_notes.jsonl", NOTE))
        asked = tuple(read_lines(folder / "questions.jsonl", _ASKED))
        self.questions = AskedQuestions(asked, mapped(folder / "questions.f32", np.float32, len(asked), dimension))
        self.doctor_advice: tuple[str, ...] = tuple(json.loads((folder / "doctor_advice.json").read_bytes()))

    def articles_of(self, slugs: Collection[str]) -> dict[str, Article]:
        return {slug: self.articles[slug] for slug in slugs if slug in self.articles}

    def count(self) -> int:
        return len(self._lines)

    def get(self, ids: Sequence[str]) -> list[Entry]:
        return self._entries([row for row in map(self._row, ids) if row is not None])

    def entries(self) -> Iterator[Entry]:
        for row in range(self.count()):
            yield from self._entries([row])

    def words(self, most: int) -> list[str]:
        return self._terms.words(most)

    def search_dense(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return self._found(self._nearest.search(vector, k, self._rows(where)))

    def search_lexical(self, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        relevance = self._stems.relevance(text)
        among = self._rows(where)
        rows = np.flatnonzero(relevance) if among is None else among[relevance[among] > 0]
        if len(rows) > k:
            rows = rows[np.argpartition(-relevance[rows], k - 1)[:k]] if k else rows[:0]
        order = rows[np.argsort(-relevance[rows], kind="stable")]
        return self._found((int(row), float(relevance[row])) for row in order)

    def search_hybrid(self, vector: Vectors, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        return fuse(self.search_dense(vector, k, where), self.search_lexical(text, k, where), k)

    def statistics(self, part: str, terms: Sequence[str]) -> TermStatistics:
        return self._terms.statistics(part, terms)

    def close(self) -> None:
        self._lines.close()

    def _entries(self, rows: Sequence[int]) -> list[Entry]:
        vectors = self._nearest.vectors(np.array(rows, dtype=np.int64))
        return [
            entry_line(self._lines, row).with_vectors(vector, self._sentences_of(row))
            for row, vector in zip(rows, vectors, strict=True)
        ]

    def _sentences_of(self, row: int) -> Vectors:
        vectors: Vectors = self._sentences[int(self._starts[row]) : int(self._starts[row + 1])].astype(np.float32)
        return vectors

    def _row(self, id_: str) -> int | None:
        wanted = id_.encode()
        place = int(np.searchsorted(self._sorted_ids, wanted))
        is_there = place < len(self._sorted_ids) and self._sorted_ids[place] == wanted
        return int(self._row_of_id[place]) if is_there else None

    def _rows(self, where: Where) -> _Rows | None:
        """None for all of them."""
        if where == EVERYWHERE:
            return None
        is_in = np.ones(self.count(), dtype=bool)
        for column, (wanted, names) in enumerate(zip((where.slugs, where.tags), self._names, strict=True)):
            if wanted:
                numbers = [names[name] for name in wanted if name in names]
                is_in &= np.isin(self._places[:, column], numbers)
        return np.flatnonzero(is_in)

    @cached_property
    def _names(self) -> tuple[dict[str, int], dict[str, int]]:
        slugs, tags = (
            {name: number for number, name in enumerate(self._place_names[kind])} for kind in ("slugs", "tags")
        )
        return slugs, tags

    def _found(self, rows: Iterable[tuple[int, float]]) -> list[Found]:
        return [Found(self._ids[row].decode(), similarity) for row, similarity in rows]


def articles_in(folder: Path) -> Mapping[str, Article]:
    """Those of a large version. Raises ``OSError`` or ``ValueError``."""
    return LinedArticles(folder)
