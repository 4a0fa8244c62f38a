"""Of every sentence of the articles it can be told why it is in an answer, or what kept it out: one true reason."""

from pathlib import Path

import pytest
from assistant_fakes import placed, retrieval, row_of
from fakes import FakeEmbedder, ingest, write_article, write_notes
from hypothesis import given, settings
from hypothesis import strategies as st
from retrieval_strategies import any_retrieval, any_situation

from assistant.choice import Chosen, Fate, PassedOver
from assistant.extract import ExtractiveComposer, Limits
from assistant.quote import Composition
from assistant.remarks import NOTHING_TOLD, Situation, is_promotional
from ingest.index import Index, load_index

CLAIMS = "Wat belooft de praktijk?"


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    return Limits(max_words=draw(st.integers(20, 400)), passages=draw(st.integers(1, 4)))


def chosen_rows(composed: Composition) -> set[int]:
    return {row for row, fate in composed.fates().items() if isinstance(fate, Chosen)}


def quoted_rows(index: Index, composed: Composition) -> set[int]:
    """The rows of what is said, but for lead-ins, which are none."""
    rows = {(index.passages[each.passage].id, each.sentence.start): row for row, each in enumerate(index.sentence_rows)}
    found = placed(index, composed.sentences, composed.citations)
    return {rows[each.passage.id, each.start] for each in found if not each.is_lead_in}


def wording(index: Index, row: int) -> str:
    return index.wording(index.sentence_rows[row])


# Whatever is found


@settings(max_examples=60)
@given(data=st.data())
def test_every_sentence_is_chosen_or_passed_over_with_one_reason(corpus_index: Index, data: st.DataObject) -> None:
    found, situation = data.draw(any_retrieval(corpus_index)), data.draw(any_situation(corpus_index))
    composer = ExtractiveComposer(data.draw(limits()))
    for composed in (composer.compose(found, situation), composer.advise(found, situation)):
        fates = composed.fates()
        assert list(fates) == list(range(len(corpus_index.sentence_rows)))
        assert all(isinstance(fate, Chosen | PassedOver) for fate in fates.values())
        assert chosen_rows(composed) == quoted_rows(corpus_index, composed)


@settings(max_examples=40)
@given(data=st.data())
def test_asking_why_changes_nothing(corpus_index: Index, data: st.DataObject) -> None:
    found, situation = data.draw(any_retrieval(corpus_index)), data.draw(any_situation(corpus_index))
    composed = ExtractiveComposer().compose(found, situation)
    assert composed.fates() == composed.fates()
    assert ExtractiveComposer().compose(found, situation) == composed


@settings(max_examples=40)
@given(data=st.data())
def test_a_reason_is_true_of_its_sentence(corpus_index: Index, data: st.DataObject) -> None:
    found, situation = data.draw(any_retrieval(corpus_index)), data.draw(any_situation(corpus_index))
    fates = ExtractiveComposer().compose(found, situation).fates()
    best = max(found.sentence_relevance)
    for row, fate in fates.items():
        notes = corpus_index.notes_of_sentence(row)
        match fate:
            case PassedOver.ASKS:
                assert wording(corpus_index, row).endswith("?")
            case PassedOver.UNSAFE:
                assert situation.symptoms
            case PassedOver.LESS_RELEVANT:
                assert found.sentence_relevance[row] < best
            case PassedOver.PROMOTIONAL:
                here = corpus_index.sentence_rows[row].passage
                assert is_promotional((*notes, *corpus_index.notes_of_lead_in(here)))
            case Chosen.ADVICE:
                assert situation.flags


@settings(max_examples=30)
@given(data=st.data())
def test_of_advice_alone_nothing_is_chosen_but_advice(corpus_index: Index, data: st.DataObject) -> None:
    found, situation = data.draw(any_retrieval(corpus_index)), data.draw(any_situation(corpus_index))
    fates = ExtractiveComposer().advise(found, situation).fates()
    assert {fate for fate in fates.values() if isinstance(fate, Chosen)} <= {Chosen.ADVICE}


# Reason by reason


def fate_of(index: Index, *rows: int, of: int, question: str = "Wat helpt?", **changes: int) -> Fate:
    """Of a row, when ``rows`` are what is relevant, the first the most."""
    relevance = {row: 100.0 - place / 10 for place, row in enumerate(rows)}
    found = retrieval(index, question, relevance, {index.sentence_rows[rows[0]].passage: 1.0})
    return ExtractiveComposer(Limits(**changes)).compose(found).fates()[of]


def test_what_answers_is_relevant_and_what_it_needs_is_context(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Gelukkig zijn er oefeningen")
    assert fate_of(corpus_index, row, of=row) is Chosen.RELEVANT
    assert fate_of(corpus_index, row, of=row - 1) is Chosen.CONTEXT


def test_what_is_far_less_relevant_is_passed_over_for_that(corpus_index: Index) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Hoge rugpijn heb je veelal")]
    assert fate_of(corpus_index, rows[0], of=rows[1]) is PassedOver.LESS_RELEVANT


def test_with_as_many_passages_as_there_may_be_another_is_passed_over_for_that(corpus_index: Index) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Hoge rugpijn heb je veelal")]
    assert fate_of(corpus_index, *rows, of=rows[1], passages=1) is PassedOver.PASSAGES_FULL
    assert fate_of(corpus_index, *rows, of=rows[1], passages=2) is Chosen.RELEVANT


def test_what_does_not_fit_is_too_long(corpus_index: Index) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Hoge rugpijn heb je veelal")]
    assert fate_of(corpus_index, *rows, of=rows[1], target_words=0) is PassedOver.TOO_LONG


def test_of_a_list_given_by_its_openings_the_rest_says_so(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Dat hoeft geen 40 kilo te zijn")
    question = "Wat zijn de oorzaken van lage rugpijn?"
    assert fate_of(corpus_index, row, of=row, question=question) is PassedOver.ONLY_OPENINGS


def test_who_asks_for_claims_gets_nothing_else(corpus_index: Index) -> None:
    claim = next(row for row in range(300) if is_promotional(corpus_index.notes_of_sentence(row)))
    plain = row_of(corpus_index, "Als u schouderklachten heeft")
    assert fate_of(corpus_index, claim, plain, of=plain, question=CLAIMS) is PassedOver.NO_CLAIM
    assert fate_of(corpus_index, claim, plain, of=claim, question=CLAIMS) is Chosen.RELEVANT
    assert fate_of(corpus_index, claim, plain, of=claim) is PassedOver.PROMOTIONAL


def test_where_only_advice_is_given_what_would_have_answered_says_so(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Als u schouderklachten heeft")
    advised = ExtractiveComposer().advise(retrieval(corpus_index, "Wat?", {row: 9.0}), NOTHING_TOLD)
    assert advised.fates()[row] is PassedOver.ONLY_ADVICE


@pytest.fixture
def small(tmp_path: Path) -> Index:
    """A claim that another sentence leans on; and two passages that share a sentence."""
    shared = "Warmte maakt de spieren in de onderrug los."
    write_article(
        tmp_path, "a.md", "Een", "Onze massage is de beste. Dat merkt u meteen. Rust helpt ook tegen de pijn."
    )
    write_article(tmp_path, "b.md", "Warmte", f"{shared} Veel mensen gebruiken daarvoor een kruik in bed.")
    write_article(tmp_path, "c.md", "Thuis", f"{shared} Dit werkt het best vlak voor het slapengaan.")
    write_notes(tmp_path, {"kind": "promotional", "sentences": ["Onze massage is de beste."]})
    ingest(tmp_path)
    return load_index(tmp_path / "index", FakeEmbedder())


def test_what_leans_on_a_claim_falls_with_it(small: Index) -> None:
    claim, leaning, rest = range(3)
    assert fate_of(small, rest, of=leaning) is PassedOver.LEANS_ON_UNSAID
    assert fate_of(small, claim, of=rest) is PassedOver.BEST_IS_UNSAID


def test_what_was_said_in_the_same_words_is_not_said_again(small: Index) -> None:
    warm, _, again, leaning = range(3, 7)
    assert wording(small, warm) == wording(small, again)
    assert fate_of(small, warm, again, of=again) is PassedOver.SAID_ALREADY
    assert fate_of(small, warm, leaning, of=leaning) is PassedOver.NOT_UNDERSTOOD


def test_what_reassures_wrongly_is_unsafe(corpus_index: Index) -> None:
    symptoms = frozenset(symptom for note in corpus_index.notes for symptom in note.symptoms)
    composed = ExtractiveComposer().compose(retrieval(corpus_index), Situation(symptoms))
    assert PassedOver.UNSAFE in composed.fates().values()
