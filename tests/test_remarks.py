"""Whatever is found relevant: promotion is no answer, what is doubtful says so, and nobody is reassured wrongly."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assistant_fakes import placed, retrieval, row_of
from fakes import FakeEmbedder, ingest, write_article, write_notes
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import texts
from assistant.answer import Answer, AnswerKind, Remark
from assistant.errors import UnknownIdsError
from assistant.extract import ExtractiveComposer, Limits
from assistant.quote import Composition
from assistant.remarks import Situation, asks_for_claims, asks_what_is_claimed, check_ids, is_promotional
from assistant.triage.rulebook import load_rulebook
from ingest.index import Index, load_index
from ingest.review_notes import MEDICATION_ADVICE, NoteKind, ReviewNote
from ingest.wording import on_one_line

DOCTOR = "Wanneer met onderrugklachten zeker naar de dokter?"
PLAIN_QUESTIONS = [
    "Helpt massage tegen rugpijn?",
    "Is massage veilig?",
    "Hoe kom ik meteen van mijn schouderpijn af?",
    "Wat is het voordeel van een massage?",
    "Zijn natuurlijke therapieën beter dan pijnstillers?",
    "Welke behandelingen helpen niet?",
    "Hoe vaak moet ik naar de masseur?",
    "Kunnen jullie uitleggen wat helpt tegen rugpijn?",
    "Kunnen jullie vertellen of massage kan helpen?",
    "Kunt u zeggen wat ik tegen rugpijn kan doen?",
    "Wat zegt onderzoek over paracetamol?",
    "Is een behandeling nodig bij een frozen shoulder?",
    "Wat kost jullie behandeling?",
    "Hoe lang duurt jullie behandeling?",
]
ABOUT_THE_PRACTICE = [
    "Wat doen jullie tegen rugpijn?",
    "Helpen jullie ook bij hevige pijn?",
    "Kunnen jullie iets voor mij betekenen?",
    "Hoe werkt jullie aanpak?",
    "Is uw behandeling veilig?",
    "Wordt de behandeling op mij afgestemd?",
    "kan ik na de behandelling beter bewegen",
]
FOR_ITS_CLAIMS = [
    "Is de massage echt risicoloos?",
    "wat belooft de praktijk",
    "Wat beloven jullie?",
    "Wat beweren jullie over massage?",
    "Kunnen jullie garanderen dat het helpt?",
    "Is massage zonder risico?",
    "Is het volgens jullie permanent?",
    "Wat schrijft de praktijk over pijnstillers?",
    "Jullie zeggen dat massage helpt, is dat waar?",
    "Wat claimt Medical Massages?",
    "IS DIT RECLAME?",
]


def relevances(rows: int) -> st.SearchStrategy[np.ndarray]:
    """Noise with a few rows far above it."""

    def made(seed: int, raised: dict[int, float]) -> np.ndarray:
        vector = np.random.default_rng(seed).normal(0, 1, rows).astype(np.float32)
        for row, value in raised.items():
            vector[row] += value
        return vector

    high = st.dictionaries(st.integers(0, rows - 1), st.sampled_from([1.0, 3.0, 9.0]), max_size=6)
    return st.builds(made, st.integers(0, 2**32 - 1), high)


@st.composite
def any_situation(draw: st.DrawFn, index: Index) -> Situation:
    """What visitors may tell that some note is about."""
    told = {key: sorted({each for note in index.notes for each in getattr(note, key)}) for key in ("symptoms", "flags")}
    return Situation(**{key: draw(st.frozensets(st.sampled_from(ids), max_size=3)) for key, ids in told.items()})


@st.composite
def any_composition(draw: st.DrawFn, index: Index, question: str = PLAIN_QUESTIONS[0]) -> tuple[Composition, Situation]:
    situation = draw(any_situation(index))
    sentences = draw(relevances(len(index.sentence_rows)))
    passages = draw(relevances(len(index.passages)))
    return ExtractiveComposer().compose(retrieval(index, question, sentences, passages), situation), situation


def quoted_rows(index: Index, composed: Composition) -> list[int]:
    """The rows of the sentences quoted; lead-ins have none."""
    rows = {(each.passage, each.sentence): row for row, each in enumerate(index.sentence_rows)}
    numbers = {passage.id: number for number, passage in enumerate(index.passages)}
    found = placed(index, composed.sentences, composed.citations)
    return [rows[numbers[each.passage.id], each.source] for each in found if not each.is_lead_in]


# Promotion


@settings(max_examples=60)
@given(data=st.data())
def test_promotion_is_never_said_to_who_does_not_ask_for_it(corpus_index: Index, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(PLAIN_QUESTIONS))
    composed, _ = data.draw(any_composition(corpus_index, question))
    for row in quoted_rows(corpus_index, composed):
        assert not is_promotional(corpus_index.notes_of_sentence(row))
    assert not any(sentence.attribution for sentence in composed.sentences)


@settings(max_examples=60)
@given(data=st.data())
def test_promotion_is_always_attributed_and_nothing_else_is(corpus_index: Index, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from([*FOR_ITS_CLAIMS, *ABOUT_THE_PRACTICE]))
    composed, _ = data.draw(any_composition(corpus_index, question))
    said = zip(
        quoted_rows(corpus_index, composed), (s for s in composed.sentences if s.shape != "lead_in"), strict=True
    )
    for row, sentence in said:
        promotional = is_promotional(corpus_index.notes_of_sentence(row))
        assert sentence.attribution == (texts.ATTRIBUTION if promotional else "")


@pytest.mark.parametrize("question", [*FOR_ITS_CLAIMS, *ABOUT_THE_PRACTICE])
def test_who_asks_for_it_gets_the_promotion_as_the_practices_own_words(corpus_index: Index, question: str) -> None:
    row = row_of(corpus_index, "Het geleverde effect is")
    composed = ExtractiveComposer().compose(retrieval(corpus_index, question, {row: 100.0}))
    answer = Answer(AnswerKind.ANSWERED, composed.sentences, composed.citations)
    assert "De praktijk schrijft: “Het geleverde effect is natuurlijk, permanent en risicoloos.”" in answer.body


@pytest.mark.parametrize("question", [*FOR_ITS_CLAIMS, *ABOUT_THE_PRACTICE])
def test_a_question_on_the_practice_or_its_claims_is_recognised(question: str) -> None:
    assert asks_for_claims(question)
    assert asks_what_is_claimed(question) is (question in FOR_ITS_CLAIMS)


@pytest.mark.parametrize("question", PLAIN_QUESTIONS)
def test_a_question_on_pain_or_massage_is_none_for_claims(question: str) -> None:
    assert not asks_for_claims(question)


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    assert asks_for_claims(text) or not asks_what_is_claimed(text)


def test_where_only_promotion_would_answer_nothing_is_said(corpus_index: Index) -> None:
    promotion = row_of(corpus_index, "Massages en therapieën")
    other = row_of(corpus_index, "Lees de bijsluiter!")
    found = retrieval(corpus_index, "Is massage veilig?", {promotion: 9.0, other: 3.0})
    assert ExtractiveComposer().compose(found) == Composition()
    near = retrieval(corpus_index, "Is massage veilig?", {promotion: 9.0, other: 8.0})
    assert "Lees de bijsluiter!" in [sentence.text for sentence in ExtractiveComposer().compose(near).sentences]


@pytest.mark.parametrize("question", ["Wat belooft de praktijk?", "Wat claimen jullie?"])
def test_who_asks_for_claims_gets_nothing_else_where_they_are_about_as_relevant(
    corpus_index: Index, question: str
) -> None:
    claim, other = row_of(corpus_index, "Uw behandeling wordt aangepast"), row_of(corpus_index, "Hoge rugpijn heb je")
    composed = ExtractiveComposer().compose(retrieval(corpus_index, question, {claim: 6.0, other: 7.0}))
    assert composed.is_all_claims
    assert composed.sentences[0].text == "Uw behandeling wordt aangepast aan uw situatie."


def test_no_answer_is_not_all_claims(corpus_index: Index) -> None:
    assert not Composition().is_all_claims


# Remarks


@settings(max_examples=60)
@given(data=st.data())
def test_every_quoted_sentence_brings_its_remarks_with_its_number_and_no_others(
    corpus_index: Index, data: st.DataObject
) -> None:
    composed, _ = data.draw(any_composition(corpus_index))
    numbers = [sentence.citations[0] for sentence in composed.sentences if sentence.shape != "lead_in"]
    expected = {
        (note.note, number)
        for row, number in zip(quoted_rows(corpus_index, composed), numbers, strict=True)
        for note in corpus_index.notes_of_sentence(row)
        if note.note
    }
    assert {(remark.text, number) for remark in composed.remarks for number in remark.citations} == expected
    assert all(remark.source for remark in composed.remarks)
    assert len({remark.text for remark in composed.remarks}) == len(composed.remarks)


def test_equal_words_are_one_remark_with_all_numbers_and_sources(tmp_path: Path) -> None:
    write_article(tmp_path, "a.md", "Een", "Kou helpt. Zit daarom buiten. Warmte helpt. Rust helpt.")
    doubt: dict[str, Any] = {"kind": "contested", "note": "Dat is niet zeker."}
    write_notes(
        tmp_path,
        {**doubt, "sentences": ["Kou helpt.", "Rust helpt."], "source": "Richtlijn A"},
        {**doubt, "sentences": ["Warmte helpt."], "source": "Richtlijn B"},
    )
    ingest(tmp_path)
    index = load_index(tmp_path / "index", FakeEmbedder())
    found = retrieval(index, "?", {0: 9.0, 2: 8.0, 3: 7.0, 1: -9.0})
    composed = ExtractiveComposer(Limits(target_words=6)).compose(found)
    assert composed.remarks == (Remark("Dat is niet zeker.", "Richtlijn A; Richtlijn B", (1, 2)),)


# Symptoms and flags


@settings(max_examples=100)
@given(data=st.data())
def test_a_passage_that_reassures_on_a_symptom_is_never_quoted_to_who_has_it(
    corpus_index: Index, data: st.DataObject
) -> None:
    composed, situation = data.draw(any_composition(corpus_index))
    unsafe = {
        corpus_index.sentence_rows[row].passage
        for row, notes in corpus_index.note_places.sentences.items()
        for note in notes
        if note.kind is NoteKind.UNSAFE_AS_REASSURANCE and situation.symptoms & set(note.symptoms)
    }
    assert unsafe.isdisjoint(corpus_index.sentence_rows[row].passage for row in quoted_rows(corpus_index, composed))


@settings(max_examples=60)
@given(data=st.data())
def test_when_to_see_a_doctor_comes_first_for_every_flag_the_articles_know(
    corpus_index: Index, data: st.DataObject
) -> None:
    composed, situation = data.draw(any_composition(corpus_index))
    known = situation.flags & {flag for note in corpus_index.notes for flag in note.flags}
    rows = quoted_rows(corpus_index, composed)
    first = [
        row for row in rows if corpus_index.sentence_rows[row].passage == corpus_index.sentence_rows[rows[0]].passage
    ]
    met = {flag for row in first for note in corpus_index.notes_of_sentence(row) for flag in note.flags}
    assert known <= met


@given(data=st.data())
def test_the_advice_alone_is_what_an_answer_opens_with(corpus_index: Index, data: st.DataObject) -> None:
    situation = data.draw(any_situation(corpus_index))
    found = retrieval(corpus_index, sentence_relevance=data.draw(relevances(len(corpus_index.sentence_rows))))
    advice = ExtractiveComposer().advise(found, situation)
    whole = ExtractiveComposer().compose(found, situation)
    assert bool(advice.sentences) is bool(situation.flags)
    assert {each.text for each in advice.sentences} <= {each.text for each in whole.sentences}
    for row in quoted_rows(corpus_index, advice):
        assert any(situation.flags & set(note.flags) for note in corpus_index.notes_of_sentence(row))


@settings(max_examples=60)
@given(data=st.data())
def test_advice_to_see_a_doctor_leaves_an_answer_within_its_length(corpus_index: Index, data: st.DataObject) -> None:
    composed, _ = data.draw(any_composition(corpus_index))
    assert Answer(AnswerKind.ANSWERED, composed.sentences, composed.citations).words <= 120


@pytest.mark.parametrize(
    ("symptom", "opening"),
    [
        ("gevallen", "Als de klachten zijn ontstaan na een val."),
        ("beenpijn", "Bij pijn in het been"),
        ("lang_bestaand", "Als de pijn niet weg lijkt te gaan"),
        ("na_operatie_houdt_aan", "In het geval dat je pas geopereerd bent"),
    ],
)
def test_of_what_one_flag_may_mean_the_symptom_told_decides(corpus_index: Index, symptom: str, opening: str) -> None:
    situation = Situation(frozenset({symptom}), frozenset({"houdt_aan"}))
    row = row_of(corpus_index, "Hoge rugpijn heb je veelal")
    composed = ExtractiveComposer().compose(retrieval(corpus_index, "Wat helpt?", {row: 100.0}), situation)
    said = [sentence.text for sentence in composed.sentences]
    assert said[0] == DOCTOR
    assert said[1].startswith(opening)
    assert "Hoge rugpijn heb je veelal tussen de schouderbladen." in said[2:]


def test_what_points_back_to_an_unsaid_sentence_is_unsaid_too(tmp_path: Path) -> None:
    write_article(tmp_path, "a.md", "Een", "Onze massage is de beste. Dat merkt u meteen. Rust helpt ook.")
    write_notes(tmp_path, {"kind": "promotional", "sentences": ["Onze massage is de beste."]})
    ingest(tmp_path)
    index = load_index(tmp_path / "index", FakeEmbedder())
    composed = ExtractiveComposer().compose(retrieval(index, "Wat helpt?", {1: 1.0, 2: 1.0}))
    assert [sentence.text for sentence in composed.sentences] == ["Rust helpt ook."]


def test_a_list_is_unsaid_with_the_promotion_that_introduces_it(tmp_path: Path) -> None:
    write_article(tmp_path, "a.md", "Een", "Rust helpt ook.", "## Tips", "Alleen bij ons:\n\n- massage\n- warmte")
    write_notes(tmp_path, {"kind": "promotional", "sentences": ["Alleen bij ons:"]})
    ingest(tmp_path)
    index = load_index(tmp_path / "index", FakeEmbedder())
    composed = ExtractiveComposer().compose(retrieval(index, "Wat helpt?", {0: 1.0, 1: 1.5}))
    assert [sentence.text for sentence in composed.sentences] == ["Rust helpt ook."]


# Ids


def test_ids_that_no_rule_has_are_refused_by_name_with_the_command_that_mends_it() -> None:
    sentences = ("Rust helpt.",)
    unsafe = ReviewNote(kind=NoteKind.UNSAFE_AS_REASSURANCE, sentences=sentences, symptoms=("koorts", "kiespijn"))
    doctor = ReviewNote(kind=NoteKind.SEE_DOCTOR, sentences=sentences, flags=("kanker", "griep"))
    with pytest.raises(UnknownIdsError, match=r"symptoms = kiespijn en flags = griep.*rugpijn ingest"):
        check_ids([unsafe, doctor], {"koorts"}, {"kanker"})
    check_ids([unsafe, doctor], {"koorts", "kiespijn"}, {"kanker", "griep"})


def test_the_practices_notes_name_only_what_the_red_flags_know(corpus_index: Index) -> None:
    rules = load_rulebook()
    check_ids(corpus_index.notes, rules.findings.keys(), rules.flags.keys())


# The practice's own articles

NOTED = {
    "permanent en risicoloos": NoteKind.PROMOTIONAL,
    "de oorzaak van uw klachten wordt aangepakt": NoteKind.PROMOTIONAL,
    "veilige en effectieve alternatieven": NoteKind.PROMOTIONAL,
    "Medical Massages": NoteKind.PROMOTIONAL,
    "afvalstoffen": NoteKind.CONTESTED,
    "cortisol": NoteKind.CONTESTED,
    "spierknopen": NoteKind.CONTESTED,
    "wervelkolom flink beschadigen": NoteKind.CONTESTED,
    "120 km/u": NoteKind.CONTESTED,
    "160 km/u": NoteKind.CONTESTED,
    "een jaar à anderhalf jaar": NoteKind.CONTESTED,
    "placebo": NoteKind.CONTESTED,
}
MEDICINES = (
    r"paracetamol|ibuprofen|naproxen|nsaid|pijnstil|medicij|medicatie|geneesmiddel|bijsluiter|morfine|placebo|slik"
)
# Words in which these articles blame how somebody sits, stands, lies or lifts.
POSTURE = r"houding|verkeerd (?:zitten|zou tillen)|lighouding|voorover|onnodig belast|nadelige positie"
NO_BLAME = ("Dus tijd voor massage", "Let dan niet alleen", "Vooral na een")
OF_ITSELF = r"\b(?:wij|onze|zijn we ook|uw behandeling|de behandeling)\b"


def sentences_of(index: Index, pattern: str) -> list[int]:
    rows = enumerate(index.sentence_rows)
    return [row for row, each in rows if re.search(pattern, on_one_line(index.wording(each)), re.IGNORECASE)]


@pytest.mark.parametrize("words", NOTED)
def test_every_sentence_with_a_known_claim_is_noted(corpus_index: Index, words: str) -> None:
    rows = sentences_of(corpus_index, re.escape(words))
    assert rows
    for row in rows:
        assert NOTED[words] in {note.kind for note in corpus_index.notes_of_sentence(row)}


def test_a_medication_note_says_what_a_reply_on_medicine_says() -> None:
    assert MEDICATION_ADVICE == texts.MEDICINE


def test_every_sentence_on_medicine_says_not_to_stop_by_oneself(corpus_index: Index) -> None:
    rows = sentences_of(corpus_index, MEDICINES)
    assert len(rows) > 15
    for row in rows:
        assert any(MEDICATION_ADVICE in note.note for note in corpus_index.notes_of_sentence(row))


def test_every_sentence_that_blames_posture_is_contested(corpus_index: Index) -> None:
    rows = [
        row
        for row in sentences_of(corpus_index, POSTURE)
        if not corpus_index.wording(corpus_index.sentence_rows[row]).startswith(NO_BLAME)
    ]
    assert len(rows) > 8
    for row in rows:
        assert NoteKind.CONTESTED in {note.kind for note in corpus_index.notes_of_sentence(row)}


def test_every_sentence_of_the_practice_on_itself_is_promotional(corpus_index: Index) -> None:
    rows = sentences_of(corpus_index, OF_ITSELF)
    assert len(rows) > 3
    told = [row for row in rows if "lichaam" not in corpus_index.wording(corpus_index.sentence_rows[row])]
    for row in told:
        assert is_promotional(corpus_index.notes_of_sentence(row)), corpus_index.wording(
            corpus_index.sentence_rows[row]
        )


def test_every_item_of_the_doctors_list_answers_a_flag(corpus_index: Index) -> None:
    (passage,) = (row for row, each in enumerate(corpus_index.passages) if each.heading_path[:1] == (DOCTOR,))
    rows = np.flatnonzero(corpus_index.passage_of_sentence == passage)
    assert all(any(note.flags for note in corpus_index.notes_of_sentence(int(row))) for row in rows)
