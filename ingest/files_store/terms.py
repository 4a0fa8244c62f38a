"""What BM25 must know of a large version, in JSON: see ``ingest.terms``."""

import json
from collections.abc import Sequence
from pathlib import Path

from ingest.store import TermStatistics
from ingest.terms import PARTS, Counts, TermCounts

# Rarer words than the first so many are names and slips.
_MOST_WORDS = 200_000


def write_terms(folder: Path, counts: Counts) -> None:
    folder.mkdir()
    for part, counted in counts.parts.items():
        content = {"texts": counted.texts, "terms": counted.terms, "in_texts": counted.in_texts}
        (folder / f"{part}.json").write_text(json.dumps(content), "utf-8")
    (folder / "words.json").write_text(json.dumps(counts.most_common_words(_MOST_WORDS)), "utf-8")


class StoredTerms:
    """Raises ``OSError``, or ``ValueError`` or ``KeyError`` for a damaged file."""

    def __init__(self, folder: Path) -> None:
        self._parts = {}
        for part in PARTS:
            content = json.loads((folder / f"{part}.json").read_bytes())
            self._parts[part] = TermCounts(content["texts"], content["terms"], content["in_texts"])
        self._words = folder / "words.json"

    def words(self, most: int) -> list[str]:
        words: list[str] = json.loads(self._words.read_bytes())
        return words[:most]

    def statistics(self, part: str, terms: Sequence[str]) -> TermStatistics:
        return self._parts[part].of(terms)
