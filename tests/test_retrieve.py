"""The retriever ranks by meaning and words, takes any question, and is an ordinary LangChain retriever."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE, NO_NUMBERS, hybrid_retriever, searcher
from fakes import FakeEmbedder, ingest, write_article, write_questions
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from assistant.confidence import Calibration, Risk, Signals
from assistant.ingredients import Ingredient
from assistant.reply import Assistant
from assistant.retrieve import HybridRetriever, Retrieval, Searcher
from ingest.index import Index, load_index

QUESTION = "Hoe lang duurt een frozen shoulder?"
PASSAGE_SIGNALS = {"passage", "sentence", "questions", "stems", "letter_groups"}
SENTENCE_SIGNALS = {"sentence", "questions", "letter_groups", "passage", "question_mark"}


@pytest.fixture(scope="module")
def retriever(corpus_index: Index) -> HybridRetriever:
    return hybrid_retriever(corpus_index)


@pytest.fixture(scope="module")
def of_index(corpus_index: Index) -> Searcher:
    return searcher(corpus_index)


@pytest.fixture
def without_questions(tmp_path: Path) -> Index:
    """A practice that has articles and nothing else."""
    write_article(tmp_path, "a.md", "Nek", "Een stijve nek gaat meestal vanzelf over.", "Warmte maakt de spieren los.")
    write_article(tmp_path, "b.md", "Rug", "Blijf bewegen bij lage rugpijn.", "Til met rechte rug en gebogen knieën.")
    ingest(tmp_path)
    return load_index(tmp_path / "index", FakeEmbedder())


def assert_sound(found: Retrieval) -> None:
    """One finite number in every signal and relevance for every passage and sentence, and signals on their scales."""
    index = found.index
    assert (set(found.passage_signals), set(found.sentence_signals)) == (PASSAGE_SIGNALS, SENTENCE_SIGNALS)
    of_passages = [*found.passage_signals.values(), found.passage_relevance, found.passage_similarity]
    of_sentences = [*found.sentence_signals.values(), found.sentence_relevance]
    assert {each.shape for each in of_passages} == {(len(index.passages),)}
    assert {each.shape for each in of_sentences} == {(len(index.sentence_rows),)}
    assert all(np.isfinite(each).all() for each in (*of_passages, *of_sentences))
    for likeness in (found.signals.answered, found.signals.unanswered, found.signals.sentence):
        assert likeness is None or -1.001 <= likeness <= 1.001
    assert found.signals.words is None or found.signals.words >= 0
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
def test_as_many_documents_as_asked_for_and_there_are(of_index: Searcher, k: int) -> None:
    retriever = HybridRetriever(searcher=of_index, k=k)
    assert len(retriever.invoke(QUESTION)) == min(k, len(of_index.collection.whole().passages))


def test_it_can_be_a_step_in_a_langchain_chain(retriever: HybridRetriever) -> None:
    chain = retriever | RunnableLambda(lambda documents: documents[0].metadata["section"])
    assert chain.invoke(QUESTION) == "Frozen shoulder"


def test_several_questions_at_once_get_what_each_gets_alone(retriever: HybridRetriever) -> None:
    questions = [QUESTION, "Waar staat KANS voor?", "Helpt massage?"]
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


# Ranking


def test_a_passages_own_words_find_that_passage_first(of_index: Searcher) -> None:
    passages = of_index.collection.whole().passages
    found = [of_index.search(passage.text).hits[0].passage for passage in passages]
    assert [passage.id for passage in found] == [passage.id for passage in passages]


def test_a_sentences_own_words_find_it_among_the_first_three(of_index: Searcher) -> None:
    """The share is what letters alone can do; meaning is tested with the real model."""
    index = of_index.collection.whole()
    long = [row for row in index.sentence_rows if len(index.wording(row).split()) >= 8]
    hits = [
        index.passages[row.passage] in [hit.passage for hit in found.hits[:3]]
        for row in long
        for found in [of_index.search(index.wording(row))]
    ]
    assert sum(hits) / len(hits) >= 0.95


def test_a_known_question_finds_what_answers_it_among_the_first_three_sentences(of_index: Searcher) -> None:
    index = of_index.collection.whole()
    asked = [question for question in index.questions if question.is_answered][::20]
    found = [of_index.search(question.text) for question in asked]
    best = [set(np.argsort(-each.sentence_relevance)[:3].tolist()) for each in found]
    right = [not rows.isdisjoint(question.sentences) for rows, question in zip(best, asked, strict=True)]
    assert sum(right) / len(right) >= 0.9


def test_hits_are_all_passages_the_most_relevant_first(of_index: Searcher) -> None:
    hits = of_index.search(QUESTION).hits
    relevances = [hit.relevance for hit in hits]
    assert relevances == sorted(relevances, reverse=True)
    assert {hit.passage.id for hit in hits} == {passage.id for passage in of_index.collection.whole().passages}


def test_every_hit_has_its_own_relevance_and_similarity(of_index: Searcher) -> None:
    found = of_index.search(QUESTION)
    rows = {passage.id: row for row, passage in enumerate(of_index.collection.whole().passages)}
    for hit in found.hits:
        row = rows[hit.passage.id]
        assert hit.relevance == pytest.approx(float(found.passage_relevance[row]))
        assert hit.similarity == pytest.approx(float(found.passage_similarity[row]))


def test_a_relevance_is_made_of_the_signals_by_the_weights_of_the_calibration(of_index: Searcher) -> None:
    found = of_index.search(QUESTION)
    np.testing.assert_allclose(
        found.passage_relevance, ALWAYS_SURE.passages.relevance(found.passage_signals), atol=1e-5
    )
    np.testing.assert_allclose(
        found.sentence_relevance, ALWAYS_SURE.sentences.relevance(found.sentence_signals), atol=1e-5
    )


def test_a_sentence_is_judged_by_the_passage_it_stands_in_too(of_index: Searcher) -> None:
    found = of_index.search(QUESTION)
    above = found.passage_relevance[of_index.collection.whole().passage_of_sentence]
    np.testing.assert_array_equal(found.sentence_signals["passage"], above)


def test_a_typing_mistake_still_finds_the_passage(of_index: Searcher) -> None:
    assert of_index.search("frozen shoudler klagten").hits[0].passage.heading_path == ("Frozen shoulder",)


def test_a_word_of_the_visitor_finds_the_word_of_the_articles(of_index: Searcher) -> None:
    """The articles have "tillen" and no "verhuisdozen"."""
    found = of_index.search("verhuisdozen")
    assert "tillen" in found.query.text_to_match
    assert any("tillen" in hit.passage.text.lower() for hit in found.hits[:3])


def test_what_is_compared_is_the_question_with_the_words_of_the_articles_behind_it(of_index: Searcher) -> None:
    found = of_index.search("verhuisdozen")
    index = of_index.collection.whole()
    with_words, alone = (
        index.passage_store.similarities(index.embedder.query(text))
        for text in (found.query.text_to_embed, found.question)
    )
    np.testing.assert_allclose(found.passage_similarity, with_words, atol=1e-6)
    assert not np.allclose(found.passage_similarity, alone, atol=1e-3)


def test_a_sentence_that_asks_is_less_relevant_than_it_would_be_if_it_told(corpus_index: Index) -> None:
    def relevance_with(weight: float) -> np.ndarray:
        weights = ALWAYS_SURE.sentences.model_copy(update={"question_mark": weight})
        calibration = ALWAYS_SURE.model_copy(update={"sentences": weights})
        return searcher(corpus_index, calibration).search(QUESTION).sentence_relevance

    lost = relevance_with(0) - relevance_with(-1)
    asks = corpus_index.ends_in_question_mark == 1
    assert lost[asks].min() > 0 > lost[~asks].max()


def test_the_same_question_gets_the_same_relevances(of_index: Searcher) -> None:
    one, other = of_index.search(QUESTION), of_index.search(QUESTION)
    np.testing.assert_array_equal(one.passage_relevance, other.passage_relevance)
    np.testing.assert_array_equal(one.sentence_relevance, other.sentence_relevance)
    assert one.signals == other.signals


def test_four_visitors_at_once_get_what_each_would_get_alone(of_index: Searcher) -> None:
    questions = [QUESTION, "wat helpt tegn rugpyn", "my back hurts when I lift boxes", "KANS", "sırtım ağrıyor"] * 4
    alone = [of_index.search(question).signals for question in questions]
    with ThreadPoolExecutor(4) as visitors:
        assert [found.signals for found in visitors.map(of_index.search, questions)] == alone


# Any question


@pytest.mark.parametrize(
    "question",
    ["", " ", "?", "😀", "de het een", "xyzzy", "\0", "a" * 10_000, "<script>", "рука болит", "頭痛", "ظهر"],
)
def test_a_question_without_a_word_we_know_is_scored_all_the_same(retriever: HybridRetriever, question: str) -> None:
    assert_sound(retriever.retrieve(question))
    assert len(retriever.invoke(question)) == 4


@given(st.text(max_size=60))
def test_any_question_is_scored(of_index: Searcher, question: str) -> None:
    assert_sound(of_index.search(question))


def test_a_question_without_content_matches_no_word(of_index: Searcher) -> None:
    found = of_index.search("Wat is het?")
    assert found.signals.words == 0
    assert not found.passage_signals["stems"].any()


def test_the_signals_are_the_best_of_what_was_found(of_index: Searcher) -> None:
    found = of_index.search(QUESTION)
    assert found.signals.sentence == pytest.approx(float(found.sentence_signals["sentence"].max()))
    assert found.signals.words == pytest.approx(float(found.passage_signals["stems"].max()))


def test_a_known_question_is_most_like_those_that_the_articles_answer_or_not(of_index: Searcher) -> None:
    known = of_index.collection.whole().questions
    lead = {
        is_answered: [
            (found.answered or 0.0) - (found.unanswered or 0.0)
            for question in [each for each in known if each.is_answered is is_answered][::10]
            for found in [of_index.search(question.text).signals]
        ]
        for is_answered in (True, False)
    }
    assert min(np.mean(lead[True]), -np.mean(lead[False])) > 0.1


# Without


@settings(max_examples=25)
@given(question=st.text(max_size=40), without=st.sets(st.sampled_from(Ingredient)))
def test_any_question_is_scored_without_any_ingredients(
    corpus_index: Index, question: str, without: set[Ingredient]
) -> None:
    assert_sound(searcher(corpus_index, without=without).search(question))


@pytest.mark.parametrize(
    ("ingredient", "missing"),
    [
        (Ingredient.QUESTIONS, {"answered", "near"}),
        (Ingredient.UNANSWERED, {"unanswered", "near"}),
        (Ingredient.SENTENCES, {"sentence"}),
        (Ingredient.WORDS, {"words"}),
        (Ingredient.METRIC, set()),
    ],
)
def test_confidence_is_not_told_what_retrieval_does_without(
    corpus_index: Index, ingredient: Ingredient, missing: set[str]
) -> None:
    signals = searcher(corpus_index, without={ingredient}).search(QUESTION).signals.model_dump()
    assert {name for name, value in signals.items() if value is None} == missing


@pytest.mark.parametrize(
    "ingredient", [each for each in Ingredient if each not in (Ingredient.FOLLOW_UPS, Ingredient.UNANSWERED)]
)
def test_each_ingredient_makes_a_difference_to_what_is_found(of_index: Searcher, ingredient: Ingredient) -> None:
    question = {
        Ingredient.LANGUAGES: "my shoulder hurts at night, which medicine helps",
        Ingredient.SPELLING: "helpt een masage tegen schauderpijn",
        Ingredient.VOCABULARY: "spit door verhuisdozen",
    }.get(ingredient, QUESTION)
    found = searcher(of_index.collection.whole(), without={ingredient}).search(question)
    assert not np.allclose(found.passage_relevance, of_index.search(question).passage_relevance, atol=1e-3)


def test_without_questions_their_words_are_not_searched_either(corpus_index: Index) -> None:
    """ "Panadol" stands in a known question and in no article."""
    bare = {Ingredient.VOCABULARY, Ingredient.SPELLING}
    assert searcher(corpus_index, without=bare).search("panadol").signals.words
    assert searcher(corpus_index, without=bare | {Ingredient.QUESTIONS}).search("panadol").signals.words == 0


# Other corpora


def test_a_practice_without_known_questions_can_be_searched(without_questions: Index) -> None:
    found = searcher(without_questions).search("Hoe til ik zonder rugpijn te krijgen?")
    assert_sound(found)
    assert (found.signals.answered, found.signals.unanswered, found.signals.near) == (None, None, None)
    assert "Til met rechte rug" in found.hits[0].passage.text


def test_what_is_known_of_other_passages_says_nothing_of_one_that_nobody_asked_about(tmp_path: Path) -> None:
    """A new article has no questions beside it yet, and those that it answers may stand among the unanswered ones."""
    asked = "Helpt een kussen onder de knie?"
    write_article(tmp_path, "a.md", "Nek", "Warmte helpt tegen een stijve nek.")
    write_article(tmp_path, "b.md", "Slapen", "Een kussen onder de knie helpt bij slapen op uw rug.")
    nek = {"answer": ["Warmte helpt tegen een stijve nek."], "asked": ["Wat helpt tegen een stijve nek?"]}
    write_questions(tmp_path, "a.toml", nek, {"answer": [], "asked": [asked]})
    ingest(tmp_path)
    found = searcher(load_index(tmp_path / "index", FakeEmbedder()))
    about_new, about_known = found.search(asked), found.search("Warmte tegen een stijve nek")
    assert about_new.hits[0].passage.slug == "slapen"
    assert (about_new.signals.answered, about_new.signals.unanswered, about_new.signals.near) == (None, None, None)
    assert None not in about_known.signals.model_dump().values()


# Confidence


@pytest.mark.parametrize(("intercept", "is_sure"), [(1.0, True), (0.0, True), (-0.001, False)])
def test_an_answer_is_given_from_the_threshold_up(corpus_index: Index, intercept: float, is_sure: bool) -> None:
    calibration = ALWAYS_SURE.model_copy(
        update={"weights": NO_NUMBERS, "intercept": intercept, "thresholds": dict.fromkeys(Risk, 0.5)}
    )
    assert searcher(corpus_index, calibration).search(QUESTION).is_confident() is is_sure


def test_where_more_is_at_stake_an_answer_must_be_surer(corpus_index: Index) -> None:
    calibration = ALWAYS_SURE.model_copy(update={"thresholds": {Risk.ORDINARY: 0.4, Risk.RAISED: 0.6}})
    found = searcher(corpus_index, calibration).search(QUESTION)
    assert found.confidence == 0.5
    assert (found.is_confident(Risk.ORDINARY), found.is_confident(Risk.RAISED)) == (True, False)


def test_confidence_is_what_the_calibration_makes_of_the_signals(corpus_index: Index) -> None:
    weights = NO_NUMBERS.model_copy(update={"words": 0.1, "sentence": 1.0})
    calibration: Calibration = ALWAYS_SURE.model_copy(update={"weights": weights, "intercept": -1.0})
    found = searcher(corpus_index, calibration).search(QUESTION)
    assert found.confidence == calibration.confidence(Signals(**found.signals.model_dump()))
    assert found.confidence != 0.5


# With the real model

IN_OTHER_WORDS = {
    "ik kan mijn arm niet meer omhoog krijgen, zit helemaal vast": "Frozen shoulder",
    "mag ik een pint drinken bij mijn Brufen": "Drink geen alcohol",
    "wa kunde zelf doen aan ne zere rug": "niet te bewegen",
    "krijg je van een zware bierbuik last van je kruis": "overgewicht",
    "spierknoop wegmaseren": "spierknopen",
    "Ab wann muss ich mit Kreuzschmerzen zum Arzt?": "koorts",
    "how long will it take before my frozen shoulder is gone": "Frozen shoulder",
    "est-ce que le stress donne mal au dos ?": "stress",
    "Paracetamol sırt ağrısına iyi gelir mi?": "Paracetamol",
    "czy masaż pomaga na ból pleców": "massage",
    "هل يسبب السعال ألم أسفل الظهر؟": "Hoesten",
}


@pytest.mark.model
@pytest.mark.parametrize(("question", "words"), IN_OTHER_WORDS.items())
def test_a_question_in_other_words_or_another_language_finds_the_passage(
    assistant: Assistant, question: str, words: str
) -> None:
    found = assistant.retriever.retrieve(question)
    assert any(words.casefold() in hit.passage.text_to_embed.casefold() for hit in found.hits[:3])
    assert found.is_confident()


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel kost een nieuwe fietsband?",
        "Helpt een kruidenthee tegen slapeloosheid?",
        "Wie is de burgemeester van Gent?",
        "How do I renew my passport?",
        "Hoe lang moet een ei koken",
    ],
)
def test_of_what_no_article_says_the_retriever_is_not_sure(assistant: Assistant, question: str) -> None:
    assert not assistant.retriever.retrieve(question).is_confident()
