"""What is told of a reply is what the code that made it decided, and asking for it changes nothing."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import pytest
from assistant_fakes import ALWAYS_SURE, NEVER_SURE, hybrid_retriever, packaged_vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Dropped, Engine, Phrasing, Said, Sentence, Timings
from assistant.choice import Chosen, PassedOver
from assistant.confidence import Calibration, Risk, SignalNumbers
from assistant.errors import EmptyQuestionError, QuestionError
from assistant.explain import Explanation, Outcome, explain
from assistant.extract import ExtractiveComposer
from assistant.language.context import Person, Status
from assistant.phrasing.phraser import FAILED, PHRASED, Phrased
from assistant.quote import Composition
from assistant.refusals import Reason, Refusals, load_refusals
from assistant.remarks import Situation
from assistant.reply import Assistant, Guards, Role, Turn
from assistant.retrieve import Retrieval
from assistant.triage.assess import Assessor
from assistant.triage.judge import Triage
from assistant.triage.rulebook import Level, Rulebook, load_rulebook
from ingest.index import Index

Make = Callable[[Calibration], Assistant]
ORDINARY = "Hoe lang duurt een frozen shoulder?"


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="module")
def refusals() -> Refusals:
    return load_refusals()


@pytest.fixture(scope="module")
def make(corpus_index: Index, rules: Rulebook, refusals: Refusals) -> Make:
    """The real rules and articles, found by letters alone."""
    packaged_vocabulary()

    def made(calibration: Calibration) -> Assistant:
        return Assistant(
            Guards(Assessor(rules), refusals), hybrid_retriever(corpus_index, calibration), ExtractiveComposer()
        )

    return made


@pytest.fixture(scope="module")
def sure(make: Make) -> Assistant:
    return make(ALWAYS_SURE)


@pytest.fixture(scope="module")
def unsure(make: Make) -> Assistant:
    return make(NEVER_SURE)


def told(*messages: str) -> list[Turn]:
    return [Turn(Role.USER, message) for message in messages]


def untimed(answer: Answer) -> Answer:
    return replace(answer, timings=Timings())


def row_texts(explained: Explanation) -> list[str]:
    return [sentence.text for sentence in explained.chosen]


# The same reply


@settings(max_examples=40)
@given(question=st.text(min_size=1, max_size=60), earlier=st.lists(st.text(max_size=30), max_size=3))
def test_whatever_is_asked_the_explained_answer_is_the_reply(
    sure: Assistant, question: str, earlier: list[str]
) -> None:
    try:
        reply = sure.reply(question, told(*earlier))
    except QuestionError as error:
        with pytest.raises(type(error)):
            explain(sure, question, told(*earlier))
    else:
        assert untimed(explain(sure, question, told(*earlier)).answer) == untimed(reply)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (ORDINARY, Outcome.ANSWERED),
        ("ik heb rugpijn en koorts", Outcome.ALARM),
        ("hallo", Outcome.COURTESY),
        ("hoeveel ibuprofen mag ik", Outcome.REFUSED),
    ],
)
def test_the_outcome_is_that_of_the_reply(sure: Assistant, question: str, outcome: Outcome) -> None:
    explained = explain(sure, question)
    assert explained.outcome is outcome
    assert untimed(explained.answer) == untimed(sure.reply(question))


def test_the_time_of_every_step_is_told(sure: Assistant) -> None:
    timings = explain(sure, ORDINARY).answer.timings
    assert timings.total >= timings.triage + timings.retrieve + timings.compose - 0.01 > 0


def test_what_cannot_be_taken_as_a_question_is_no_explanation_either(sure: Assistant) -> None:
    with pytest.raises(EmptyQuestionError):
        explain(sure, "  \u200b")


# Alarms


def test_an_alarm_is_told_by_its_words_its_place_and_its_rule(sure: Assistant) -> None:
    explained = explain(sure, "ik heb rugpijn en koorts")
    assert explained.alarms is not None
    (fever,) = (seen for seen in explained.alarms.seen if seen.words == "koorts")
    assert (fever.start, fever.end, fever.status, fever.person) == (18, 24, Status.PRESENT, Person.SELF)
    (rule,) = explained.alarms.rules
    assert rule.level is Level.SPOED
    assert fever.name in rule.findings
    assert fever.name in explained.alarms.holding


def test_beside_an_urgent_alarm_nothing_was_looked_up(sure: Assistant) -> None:
    explained = explain(sure, "ik heb rugpijn en koorts")
    assert (explained.understood, explained.sureness, explained.refusal) == (None, None, None)
    assert (explained.passages, explained.sentences) == ((), ())


def test_what_denies_a_finding_is_told(sure: Assistant) -> None:
    alarms = explain(sure, "mijn rug is stijf maar ik heb geen koorts").alarms
    assert alarms is not None
    (fever,) = (seen for seen in alarms.seen if seen.words == "koorts")
    assert (fever.status, fever.because) == (Status.NEGATED, "geen")
    assert alarms.rules == ()


def test_help_that_was_called_in_is_told(sure: Assistant) -> None:
    explained = explain(sure, "ik heb de huisarts gebeld", told("pijn op mijn borst"))
    assert explained.alarms is not None
    assert explained.alarms.was_answered


def test_a_triage_that_fails_is_told(sure: Assistant, make: Make) -> None:
    class Broken(Assessor):
        def assess(self, messages: object) -> Triage:
            raise RuntimeError

    broken = make(ALWAYS_SURE)
    broken.guards = replace(broken.guards, assessor=Broken(sure.guards.assessor.rules))
    explained = explain(broken, ORDINARY)
    assert (explained.outcome, explained.alarms) == (Outcome.TRIAGE_FAILED, None)
    assert untimed(explained.answer) == untimed(broken.reply(ORDINARY))


# The question


def test_a_question_that_leans_on_another_is_told_as_it_was_searched_with(sure: Assistant) -> None:
    understood = explain(sure, "en hoe lang duurt dat?", told("wat is een frozen shoulder")).understood
    assert understood is not None
    assert understood.asked == "en hoe lang duurt dat?"
    assert understood.alone == "en hoe lang duurt dat? (wat is een frozen shoulder)"
    assert understood.searched_with.startswith(understood.alone)


def test_a_slip_is_told_as_typed_and_as_read(sure: Assistant) -> None:
    understood = explain(sure, "oorzaken van laage rugpijn").understood
    assert understood is not None
    assert understood.mended == (("laage", "lage"),)
    assert "rugpijn" in understood.terms


def test_another_language_is_told(sure: Assistant) -> None:
    understood = explain(sure, "what helps against back pain?").understood
    assert understood is not None
    assert understood.language == "en"


def test_a_refusal_is_told_by_its_reason_its_rule_and_the_words(sure: Assistant) -> None:
    explained = explain(sure, "hoeveel ibuprofen mag ik")
    assert explained.refusal is not None
    assert (explained.refusal.reason, explained.refusal.words) == (Reason.DOSE, "hoeveel")
    assert explained.refusal.rule
    assert explained.understood is not None
    assert explained.understood.searched_with == ""


# What was found


def test_passages_are_the_most_relevant_with_their_place_by_every_signal(sure: Assistant, corpus_index: Index) -> None:
    found = explain(sure, ORDINARY).passages
    assert [passage.relevance.rank for passage in found] == sorted(passage.relevance.rank for passage in found)
    assert found[0].relevance.rank == 1
    assert found[0].relevance.strength == 1.0
    searched = sure.retrieve(ORDINARY)
    assert (found[0].text, found[0].relevance.value) == (searched.hits[0].passage.text, searched.hits[0].relevance)
    for passage in found:
        assert set(passage.marks) == set(searched.passage_signals)
        for name, mark in passage.marks.items():
            assert 0 <= mark.strength <= 1
            assert mark.rank == 1 + sum(value > mark.value for value in searched.passage_signals[name].tolist())


def test_an_answer_that_is_not_sure_enough_says_how_sure_it_had_to_be(unsure: Assistant) -> None:
    explained = explain(unsure, ORDINARY)
    assert explained.outcome is Outcome.UNSURE
    assert explained.sureness is not None
    assert (explained.sureness.confidence, explained.sureness.threshold) == (0.5, 1.0)
    assert not explained.sureness.is_enough
    assert explained.chosen


def test_medicines_raise_the_risk(sure: Assistant) -> None:
    for question, risk in ((ORDINARY, Risk.ORDINARY), ("Helpt paracetamol tegen rugpijn?", Risk.RAISED)):
        sureness = explain(sure, question).sureness
        assert sureness is not None
        assert sureness.risk is risk


def test_each_signal_of_the_confidence_tells_how_far_it_pushes(make: Make) -> None:
    weights = SignalNumbers(answered=4, unanswered=-2, near=0, sentence=0, words=0)
    usual = SignalNumbers(answered=0.5, unanswered=0.5, near=0.5, sentence=0.5, words=3)
    sureness = explain(make(ALWAYS_SURE.model_copy(update={"weights": weights, "usual": usual})), ORDINARY).sureness
    assert sureness is not None
    pushes = {push.name: push for push in sureness.pushes}
    answered = pushes["answered"]
    assert answered.value is not None
    assert answered.effect == pytest.approx(4 * (answered.value - 0.5))
    assert (pushes["sentence"].effect, pushes["words"].effect) == (0, 0)


# The sentences


def test_every_sentence_of_the_articles_is_told_once(sure: Assistant, corpus_index: Index) -> None:
    explained = explain(sure, ORDINARY)
    assert sorted(sentence.row for sentence in explained.sentences) == list(range(len(corpus_index.sentence_rows)))
    assert len(explained.chosen) + len(explained.passed_over) == len(explained.sentences)
    relevances = [sentence.relevance for sentence in explained.sentences]
    assert relevances == sorted(relevances, reverse=True)


def test_the_chosen_sentences_are_those_of_the_answer(sure: Assistant) -> None:
    explained = explain(sure, ORDINARY)
    said = {sentence.text for sentence in explained.answer.sentences}
    assert set(row_texts(explained)) <= said
    assert {sentence.fate for sentence in explained.chosen} <= {Chosen.RELEVANT, Chosen.CONTEXT}


def test_at_huisarts_the_advice_is_told_as_advice(unsure: Assistant) -> None:
    explained = explain(unsure, "ik heb al drie maanden rugpijn en word er wakker van")
    assert explained.outcome is Outcome.DOCTOR
    assert {sentence.fate for sentence in explained.chosen} == {Chosen.ADVICE}
    assert set(row_texts(explained)) <= {sentence.text for sentence in explained.answer.sentences}
    assert PassedOver.ONLY_ADVICE in {sentence.fate for sentence in explained.passed_over}


# A language model


@dataclass
class FakePhraser:
    """Says one sentence of its own, or fails."""

    outcome: str = PHRASED

    def phrase(self, retrieval: Retrieval, situation: Situation) -> Generator[Said, None, Phrased]:
        phrasing = Phrasing(self.outcome, (Dropped("Het geneest altijd.", "promise"),))
        if self.outcome != PHRASED:
            return Phrased(phrasing)
        citation = Citation(1, "p", "Schouder", "", "Een jaar.", 0, 9, "/bron/schouder")
        sentence = Sentence("Vaak een jaar.", (1,))
        yield Said(sentence, (citation,))
        return Phrased(phrasing, Composition((sentence,), (citation,)), is_shown=True)


def test_beside_what_a_model_says_stands_the_answer_without_it(make: Make) -> None:
    with_model = make(ALWAYS_SURE)
    without = with_model.reply(ORDINARY)
    with_model.phraser = FakePhraser()  # type: ignore[assignment]
    explained = explain(with_model, ORDINARY)
    assert (explained.answer.engine, explained.answer.body) == (Engine.LLM, "Vaak een jaar. [1]")
    assert explained.quoted is not None
    assert untimed(explained.quoted) == untimed(without)
    assert explained.answer.phrasing is not None
    assert explained.answer.phrasing.dropped[0].fault == "promise"


def test_a_model_that_fails_leaves_its_reason(make: Make) -> None:
    with_model = make(ALWAYS_SURE)
    with_model.phraser = FakePhraser(FAILED)  # type: ignore[assignment]
    explained = explain(with_model, ORDINARY)
    assert explained.has_model
    assert (explained.answer.engine, explained.outcome) == (Engine.EXTRACTIVE, Outcome.ANSWERED)
    assert explained.answer.phrasing is not None
    assert explained.answer.phrasing.outcome == FAILED


def test_a_model_that_was_not_asked_leaves_nothing(make: Make) -> None:
    with_model = make(ALWAYS_SURE)
    with_model.phraser = FakePhraser()  # type: ignore[assignment]
    explained = explain(with_model, "hoeveel ibuprofen mag ik")
    assert (explained.answer.phrasing, explained.quoted, explained.has_model) == (None, None, True)
