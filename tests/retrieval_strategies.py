"""Retrievals of every kind: whatever is found relevant, with ties and with a few that stand far out."""

import numpy as np
from assistant_fakes import retrieval
from hypothesis import strategies as st

from assistant.remarks import Situation
from assistant.retrieve import Retrieval
from ingest.index import Index

QUESTIONS = st.one_of(
    st.sampled_from(
        [
            "Wat zijn de oorzaken van lage rugpijn?",
            "Welke klachten geeft hoge rugpijn?",
            "Hoe lang duurt een frozen shoulder?",
            "Geef tips",
            "",
        ]
    ),
    st.text(max_size=30),
)


@st.composite
def relevances(draw: st.DrawFn, rows: int) -> np.ndarray:
    """Noise, rounded now and then so that there are ties, with a few rows far above it."""
    noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(0, draw(st.sampled_from([0, 0.5, 2])), rows)
    vector = np.round(noise, draw(st.sampled_from([0, 6]))).astype(np.float32)
    for row in draw(st.lists(st.integers(0, rows - 1), max_size=6)):
        vector[row] += draw(st.sampled_from([1, 3, 9]))
    return vector


@st.composite
def any_retrieval(draw: st.DrawFn, index: Index) -> Retrieval:
    sentence_relevance = draw(relevances(len(index.sentence_rows)))
    passage_relevance = draw(relevances(len(index.passages)))
    return retrieval(index, draw(QUESTIONS), sentence_relevance, passage_relevance)


@st.composite
def any_situation(draw: st.DrawFn, index: Index) -> Situation:
    """What a visitor may tell of that the review notes know."""
    symptoms = sorted({symptom for note in index.notes for symptom in note.symptoms})
    flags = sorted({flag for note in index.notes for flag in note.flags})
    return Situation(draw(_some(symptoms)), draw(_some(flags)))


def _some(ids: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(ids), max_size=3)
