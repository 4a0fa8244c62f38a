"""The words of a few passages are matched as they are in the whole corpus."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_fakes import TEXTS, entries_of_texts

from ingest.lexical import LexicalIndex
from ingest.sampled import EntryWords, SampledWords
from ingest.store import Entry, TermStatistics
from ingest.terms import PARTS, Counts

WORDS = st.sampled_from(
    "rug rugpijn nek a anan ananan papapa tentent ssssss élan huizen 12 de bij bijbijbij rug-nek hernia æon".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=9).map(lambda words: f"{' '.join(words)}.")


def sampled(entries: Sequence[Entry], rows: Sequence[int]) -> SampledWords:
    """Those of ``rows``, with the statistics of all."""
    counts = Counts()
    for entry in entries:
        counts.add(entry)

    def statistics(part: str, terms: Sequence[str]) -> TermStatistics:
        return counts.parts[part].of(terms)

    return SampledWords([EntryWords(entries[row]) for row in rows], statistics)


def assert_as_in_the_whole(entries: Sequence[Entry], rows: Sequence[int], question: str) -> None:
    whole = LexicalIndex.build(
        [entry.words for entry in entries], [words for entry in entries for words in entry.sentence_words]
    )
    some = sampled(entries, rows)
    firsts = np.cumsum([0, *(len(entry.passage.sentences) for entry in entries)])
    sentence_rows = [each for row in rows for each in range(firsts[row], firsts[row + 1])]
    for part in PARTS:
        expected = getattr(whole, part).relevance(question)[sentence_rows if part == "sentence_groups" else list(rows)]
        np.testing.assert_allclose(getattr(some, part).relevance(question), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("question", ["hernia en pijn in het been", "stilliggen", "xyzzy", "", "titel titel kop"])
@pytest.mark.parametrize("rows", [range(6), [4, 1], [2]])
def test_a_few_passages_are_as_relevant_as_in_the_whole(rows: Sequence[int], question: str) -> None:
    assert_as_in_the_whole(entries_of_texts(), rows, question)


@given(texts=st.lists(SENTENCES, min_size=1, max_size=4), question=SENTENCES, data=st.data())
def test_however_words_repeat_themselves(texts: list[str], question: str, data: st.DataObject) -> None:
    entries = entries_of_texts([*texts, *TEXTS])
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, unique=True))
    assert_as_in_the_whole(entries, rows, question)
