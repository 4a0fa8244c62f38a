"""A large corpus is answered from as a small one is: from the passages around a question."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE, packaged_vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st
from store_fakes import EMBEDDER, entries_of_texts, entry_of, publish

from assistant import collection as subject
from assistant.collection import Candidates, Collection, Remembered, Whole, collection_of
from assistant.errors import CorpusTooLargeError
from assistant.extract import ExtractiveComposer
from assistant.ingredients import Ingredient
from assistant.remarks import Situation
from assistant.retrieve import Searcher
from ingest.files_store import FilesStore
from ingest.index import Index
from ingest.store import Entry, Version
from ingest.whole import IndexVersion, entries_of, index_of, questions_of

QUESTIONS = (
    "Wat helpt bij een frozen shoulder?",
    "Waar staat KANS voor?",
    "Mag ik sporten met rugpijn?",
    "Hoe kan ik beter slapen met nekpijn",
    "Wanneer moet ik naar de huisarts?",
    "Wat kost een behandeling?",
    "Wat beloven jullie?",
    "pijn",
)


@pytest.fixture(scope="module")
def on_disk(corpus_index: Index, tmp_path_factory: pytest.TempPathFactory) -> Version:
    """The practice's own articles, written as a corpus of a million passages is."""
    store = FilesStore(tmp_path_factory.mktemp("large"), small=0)
    with store.draft() as draft:
        draft.bulk_load(entries_of(corpus_index.stored, corpus_index.vectors))
        questions = questions_of(corpus_index.stored, corpus_index.vectors.questions)
        draft.publish(corpus_index.manifest, corpus_index.articles.values(), corpus_index.notes, questions)
    return store.open(corpus_index.embedder)


@pytest.fixture(scope="module", params=["memory", "disk"])
def version(request: pytest.FixtureRequest, corpus_index: Index) -> Version:
    if request.param == "memory":
        return IndexVersion(corpus_index)
    on_disk: Version = request.getfixturevalue("on_disk")
    return on_disk


def searcher(collection: Collection, *without: Ingredient) -> Searcher:
    return Searcher(collection, packaged_vocabulary(), ALWAYS_SURE, without)


@pytest.mark.parametrize("without", [(), *((each,) for each in Ingredient)])
def test_when_everything_is_a_candidate_everything_is_as_it_is_for_a_small_corpus(
    corpus_index: Index, version: Version, without: tuple[Ingredient, ...]
) -> None:
    whole = searcher(Whole(corpus_index), *without)
    large = searcher(Candidates(version, corpus_index.embedder, most=100), *without)
    for question in QUESTIONS[:3] if without else QUESTIONS:
        one, other = whole.search(question), large.search(question)
        assert one.query == other.query
        row_of = {passage.id: row for row, passage in enumerate(other.index.passages)}
        order = [row_of[passage.id] for passage in one.index.passages]
        for name, values in one.passage_signals.items():
            # The statistics of a large corpus keep the words of the known questions.
            if name not in ("stems", "letter_groups") or Ingredient.QUESTIONS not in without:
                np.testing.assert_allclose(other.passage_signals[name][order], values, rtol=2e-3, atol=2e-3)
        if not without:
            assert other.signals.model_dump() == pytest.approx(one.signals.model_dump(), abs=2e-3)
            composed = [ExtractiveComposer().compose(each).sentences for each in (one, other)]
            assert composed[0] == composed[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_few_candidates_have_the_best_passages_among_them(corpus_index: Index, version: Version, question: str) -> None:
    whole = searcher(Whole(corpus_index)).search(question)
    found = searcher(Candidates(version, corpus_index.embedder, most=16)).search(question)
    assert len(found.index.passages) < len(corpus_index.passages)
    best = whole.hits[0].passage.id
    assert best in {passage.id for passage in found.index.passages}


def test_what_is_asked_of_a_part_of_the_corpus_is_weighed_by_all_of_it(corpus_index: Index, version: Version) -> None:
    question = "rugpijn bij het tillen"
    whole = searcher(Whole(corpus_index)).search(question)
    found = searcher(Candidates(version, corpus_index.embedder, most=5)).search(question)
    stems = {
        passage.id: value for passage, value in zip(whole.index.passages, whole.passage_signals["stems"], strict=True)
    }
    for passage, value in zip(found.index.passages, found.passage_signals["stems"], strict=True):
        assert value == pytest.approx(stems[passage.id], rel=1e-3, abs=1e-4)
    for name in ("answered", "unanswered", "near"):
        assert getattr(found.signals, name) == pytest.approx(getattr(whole.signals, name), abs=1e-4)


def test_what_says_when_to_see_a_doctor_is_at_hand_whatever_is_asked(corpus_index: Index, version: Version) -> None:
    (advice,) = version.doctor_advice
    flags = {flag for note in corpus_index.notes for flag in note.flags}
    found = searcher(Candidates(version, corpus_index.embedder, most=1)).search("KANS")
    assert advice in {passage.id for passage in found.index.passages}
    advised = ExtractiveComposer().advise(found, Situation(flags=frozenset(flags)))
    assert {citation.passage_id for citation in advised.citations} == {advice}


def test_of_much_advice_the_nearest_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_MOST_ADVICE", 2)
    advice = "Ga bij krachtverlies naar de huisarts."
    entries = [entry_of(row, advice) for row in range(5)]
    store = FilesStore(tmp_path, small=0)
    publish(store, entries)
    around = Candidates(store.open(EMBEDDER), EMBEDDER, most=0).surroundings().of(entries[3].vector, "xyzzy")
    assert len(around.index.passages) == 2
    assert entries[3].id in {passage.id for passage in around.index.passages}


def test_the_passage_that_answers_a_known_question_is_a_candidate(tmp_path: Path) -> None:
    """Even when the search for the question itself does not find it."""
    entries = entries_of_texts()
    store = FilesStore(tmp_path, small=0)
    publish(store, entries)
    around = Candidates(store.open(EMBEDDER), EMBEDDER, most=0).surroundings().of(EMBEDDER.query("rust?"), "")
    assert entries[0].id in {passage.id for passage in around.index.passages}
    assert [question.text for question in around.index.questions] == ["Moet ik stilliggen?", "rust?"]


def test_passages_nobody_asked_about_are_told_from_those_somebody_did(tmp_path: Path) -> None:
    entries = entries_of_texts()
    store = FilesStore(tmp_path, small=0)
    publish(store, entries)
    around = Candidates(store.open(EMBEDDER), EMBEDDER).surroundings().of(EMBEDDER.query("rug"), "rug")
    asked = {passage.id: bool(each) for passage, each in zip(around.index.passages, around.is_asked_about, strict=True)}
    assert asked == {entry.id: bool(entry.questions) for entry in entries}


def test_where_no_question_is_known_every_passage_counts_as_asked_about(tmp_path: Path) -> None:
    store = FilesStore(tmp_path, small=0)
    publish(store, [entry_of(row, f"Rust {row} helpt.") for row in range(3)])
    around = Candidates(store.open(EMBEDDER), EMBEDDER).surroundings().of(EMBEDDER.query("rug"), "rug")
    assert around.is_asked_about.all() and around.likenesses.answered is None


@given(question=st.text(max_size=40))
@settings(max_examples=20)
def test_any_question_can_be_put_to_a_large_corpus(
    corpus_index: Index, on_disk: Version, large: Searcher, question: str
) -> None:
    found = large.search(question)
    assert len(found.passage_relevance) == len(found.index.passages) > 0
    assert np.isfinite(found.sentence_relevance).all() and 0 <= found.confidence <= 1


@pytest.fixture(scope="module")
def large(corpus_index: Index, on_disk: Version) -> Searcher:
    return searcher(Candidates(on_disk, corpus_index.embedder))


def test_the_words_of_the_articles_are_known_to_both(corpus_index: Index, version: Version) -> None:
    assert Candidates(version, corpus_index.embedder).words == Whole(corpus_index).words


@pytest.mark.parametrize(("whole_passages", "kind"), [(50, Whole), (2_000, Whole), (49, Candidates), (0, Candidates)])
def test_the_setting_says_up_to_where_all_passages_are_compared(
    corpus_index: Index, version: Version, whole_passages: int, kind: type
) -> None:
    made = collection_of(version, corpus_index.embedder, whole_passages)
    assert isinstance(made, kind)
    assert made.manifest == version.manifest and made.embedder is corpus_index.embedder
    assert dict(made.articles) == dict(corpus_index.articles) and made.notes == corpus_index.notes


def test_who_needs_all_of_a_corpus_gets_it_unless_it_is_too_large(
    corpus_index: Index, on_disk: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Candidates(on_disk, corpus_index.embedder)
    assert made.whole() is made.whole() and made.whole().passages == corpus_index.passages
    monkeypatch.setattr(subject, "_MOST_WHOLE", 10)
    with pytest.raises(CorpusTooLargeError, match="tot 10 passages; dit zijn er 50"):
        Candidates(on_disk, corpus_index.embedder).whole()


def test_an_index_from_disk_is_the_index_that_was_written(corpus_index: Index, on_disk: Version) -> None:
    index = index_of(on_disk, corpus_index.embedder)
    assert index.stored.passages == corpus_index.passages and index.questions == corpus_index.questions
    np.testing.assert_array_equal(index.vectors.passages, corpus_index.vectors.passages)
    np.testing.assert_allclose(index.vectors.sentences, corpus_index.vectors.sentences, atol=1e-3)
    parts: list[Callable[[Index], np.ndarray]] = [
        lambda each: each.lexical.stems.relevance("rugpijn"),
        lambda each: each.lexical.sentence_groups.relevance("rugpijn"),
    ]
    for relevance in parts:
        np.testing.assert_array_equal(relevance(index), relevance(corpus_index))


def test_what_was_just_read_is_not_read_again(corpus_index: Index) -> None:
    class Counting(IndexVersion):
        read = 0

        def get(self, ids: Sequence[str]) -> list[Entry]:
            self.read += len(ids)
            return super().get(ids)

    counting = Counting(corpus_index)
    entries = list(counting.entries())
    remembered = Remembered(counting, most=3)
    ids = [entry.id for entry in entries[:3]]
    for _ in range(2):
        assert [entry.id for entry in remembered.get([ids[2], "weg", ids[0], ids[1]])] == [ids[2], ids[0], ids[1]]
    assert counting.read == 5  # what is not there is looked for again
    remembered.get([entries[9].id])
    assert counting.read == 6
    remembered.get([ids[1], ids[0]])
    assert counting.read == 6
    remembered.get([ids[2]])
    assert counting.read == 7
