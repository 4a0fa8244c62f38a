"""The retriever ranks by meaning and words, takes any question, and is an ordinary LangChain retriever."""

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from assistant.confidence import Calibration, Signals
from assistant.retrieve import HybridRetriever, Retrieval, Weights, standard_scores
from ingest.index import Index

QUESTION = "Hoe lang duurt een frozen shoulder?"


@pytest.fixture(scope="module")
def retriever(corpus_index: Index) -> HybridRetriever:
    return HybridRetriever(index=corpus_index, calibration=ALWAYS_SURE)


def assert_sound(found: Retrieval) -> None:
    """One finite relevance for every passage and sentence, and signals on their scales."""
    index = found.index
    assert found.passage_relevance.shape == found.passage_similarity.shape == (len(index.passages),)
    assert found.sentence_relevance.shape == (len(index.sentence_rows),)
    assert np.isfinite(found.passage_relevance).all()
    assert np.isfinite(found.sentence_relevance).all()
    assert -1.001 <= found.signals.sentence <= 1.001
    assert found.signals.bm25 >= 0
    assert 0 <= found.signals.coverage <= 1
    assert 0 <= found.confidence <= 1


# As a LangChain component


def test_it_is_a_langchain_retriever_that_gives_documents_with_their_place(retriever: HybridRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke(QUESTION)
    assert len(documents) == 4
    for document in documents:
        assert isinstance(document, Document)
        assert set(document.metadata) == {"article", "section", "start", "end", "similarity", "confidence"}


def test_a_document_is_the_stretch_of_the_article_that_its_metadata_says(
    retriever: HybridRetriever, corpus_index: Index
) -> None:
    by_title = {article.title: article.text for article in corpus_index.articles.values()}
    for document in retriever.invoke(QUESTION):
        start, end = document.metadata["start"], document.metadata["end"]
        assert by_title[document.metadata["article"]][start:end] == document.page_content
        assert document.id in {passage.id for passage in corpus_index.passages}


def test_documents_come_in_the_order_of_the_hits(retriever: HybridRetriever) -> None:
    hits = retriever.retrieve(QUESTION).hits
    assert [document.id for document in retriever.invoke(QUESTION)] == [hit.passage.id for hit in hits[:4]]


@pytest.mark.parametrize("k", [1, 7, 10_000])
def test_as_many_documents_as_asked_for_and_there_are(corpus_index: Index, k: int) -> None:
    retriever = HybridRetriever(index=corpus_index, calibration=ALWAYS_SURE, k=k)
    assert len(retriever.invoke(QUESTION)) == min(k, len(corpus_index.passages))


def test_it_can_be_a_step_in_a_langchain_chain(retriever: HybridRetriever) -> None:
    chain = retriever | RunnableLambda(lambda documents: documents[0].metadata["section"])
    assert chain.invoke(QUESTION) == "Frozen shoulder"


def test_several_questions_at_once_get_what_each_gets_alone(retriever: HybridRetriever) -> None:
    questions = [QUESTION, "Waar staat KANS voor?", "Helpt massage?"]
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


# Ranking


def test_a_passages_own_words_find_that_passage_first(retriever: HybridRetriever, corpus_index: Index) -> None:
    found = [retriever.retrieve(passage.text).hits[0].passage for passage in corpus_index.passages]
    assert [passage.id for passage in found] == [passage.id for passage in corpus_index.passages]


def test_a_sentences_own_words_find_it_among_the_first_three(retriever: HybridRetriever, corpus_index: Index) -> None:
    """The share is what letters alone can do; meaning is tested with the real model."""
    long = [row for row in corpus_index.sentence_rows if len(corpus_index.wording(row).split()) >= 8]
    hits = [
        corpus_index.passages[row.passage] in [hit.passage for hit in found.hits[:3]]
        for row in long
        for found in [retriever.retrieve(corpus_index.wording(row))]
    ]
    assert sum(hits) / len(hits) >= 0.95


def test_hits_are_all_passages_the_most_relevant_first(retriever: HybridRetriever, corpus_index: Index) -> None:
    hits = retriever.retrieve(QUESTION).hits
    relevances = [hit.relevance for hit in hits]
    assert relevances == sorted(relevances, reverse=True)
    assert {hit.passage.id for hit in hits} == {passage.id for passage in corpus_index.passages}


def test_every_hit_has_its_own_relevance_and_similarity(retriever: HybridRetriever, corpus_index: Index) -> None:
    found = retriever.retrieve(QUESTION)
    rows = {passage.id: row for row, passage in enumerate(corpus_index.passages)}
    for hit in found.hits:
        row = rows[hit.passage.id]
        assert hit.relevance == pytest.approx(float(found.passage_relevance[row]))
        assert hit.similarity == pytest.approx(float(found.passage_similarity[row]))


def test_a_typing_mistake_still_finds_the_passage(retriever: HybridRetriever) -> None:
    assert retriever.retrieve("frozen shoudler klagten").hits[0].passage.heading_path == ("Frozen shoulder",)


def test_a_sentence_that_asks_is_less_relevant_than_it_would_be_if_it_told(corpus_index: Index) -> None:
    relevance = {
        weight: HybridRetriever(
            index=corpus_index, calibration=ALWAYS_SURE, weights=Weights(question_mark=weight)
        ).retrieve(QUESTION)
        for weight in (-0.8, 0.0)
    }
    difference = relevance[-0.8].sentence_relevance - relevance[0.0].sentence_relevance
    np.testing.assert_allclose(difference, -0.8 * corpus_index.ends_in_question_mark, atol=1e-5)


def test_the_same_question_gets_the_same_relevances(retriever: HybridRetriever) -> None:
    one, other = retriever.retrieve(QUESTION), retriever.retrieve(QUESTION)
    np.testing.assert_array_equal(one.passage_relevance, other.passage_relevance)
    np.testing.assert_array_equal(one.sentence_relevance, other.sentence_relevance)
    assert one.signals == other.signals


# Any question


@pytest.mark.parametrize(
    "question", ["", " ", "?", "😀", "de het een", "xyzzy", "\0", "a" * 10_000, "<script>", "рука болит", "頭痛"]
)
def test_a_question_without_a_word_we_know_is_scored_all_the_same(retriever: HybridRetriever, question: str) -> None:
    assert_sound(retriever.retrieve(question))
    assert len(retriever.invoke(question)) == 4


@given(st.text(max_size=60))
def test_any_question_is_scored(corpus_index: Index, question: str) -> None:
    assert_sound(HybridRetriever(index=corpus_index, calibration=ALWAYS_SURE).retrieve(question))


def test_a_question_without_content_matches_no_word(retriever: HybridRetriever) -> None:
    signals = retriever.retrieve("Wat is het?").signals
    assert (signals.bm25, signals.coverage) == (0, 0)


def test_a_word_that_the_best_passage_has_covers_the_question_whole(retriever: HybridRetriever) -> None:
    assert retriever.retrieve("schoudergordelsyndroom").signals.coverage == pytest.approx(1)


# Confidence


@pytest.mark.parametrize(("intercept", "is_sure"), [(1.0, True), (0.0, True), (-0.001, False)])
def test_an_answer_is_given_from_the_threshold_up(corpus_index: Index, intercept: float, is_sure: bool) -> None:
    weightless = Signals(sentence=0, bm25=0, coverage=0)
    calibration = Calibration(embedding_model="fake", weights=weightless, intercept=intercept, threshold=0.5)
    retriever = HybridRetriever(index=corpus_index, calibration=calibration)
    assert retriever.retrieve(QUESTION).is_confident is is_sure


# Standard scores


@given(st.floats(-1e6, 1e6, width=32), st.integers(1, 50))
def test_standard_scores_of_equal_values_are_zeros(value: float, count: int) -> None:
    assert standard_scores(np.full(count, value, dtype=np.float32)).tolist() == [0] * count


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=50).filter(lambda values: len(set(values)) > 1))
def test_standard_scores_have_mean_zero_and_deviation_one_and_keep_the_order(values: list[int]) -> None:
    scores = standard_scores(np.array(values, dtype=np.float32))
    assert scores.mean() == pytest.approx(0, abs=1e-4)
    assert scores.std() == pytest.approx(1, abs=1e-4)
    order = np.argsort(values, kind="stable")
    assert (np.diff(scores[order]) >= 0).all()
