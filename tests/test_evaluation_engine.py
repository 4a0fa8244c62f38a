"""A language model is measured beside the quotes: what was said, dropped, taken back and not borne out is counted."""

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from assistant_fakes import ALWAYS_SURE, hybrid_retriever
from click.testing import Result as Finished
from langchain_core.messages import BaseMessage
from outcome_fakes import PAIN, asking, not_in_there, outcome
from scripted_model import ScriptedModel
from typer.testing import CliRunner

from assistant.answer import AnswerKind, Dropped, Engine, Phrasing
from assistant.evaluation.answer_numbers import numbers_of
from assistant.evaluation.answer_tables import answer_tables, dropped_table, made_of
from assistant.evaluation.answers import AnswerMeasurement, questions_of
from assistant.evaluation.cli import app
from assistant.evaluation.engine_labels import OUTCOMES, SENTENCE_FAULTS, label
from assistant.evaluation.engines import EngineComparison, EngineFigures, Engines, measure_engines
from assistant.evaluation.metrics import Asked, Outcome, Shown
from assistant.evaluation.questions import Half
from assistant.evaluation.rates import Rate
from assistant.evaluation.recheck import Recheck
from assistant.evaluation.tables import Table
from assistant.extract import ExtractiveComposer
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.phraser import FAILED, NOT_FOUND, PHRASED, TOO_LITTLE, Phraser
from assistant.quote import quote
from assistant.refusals import load_refusals
from assistant.reply import Assistant, Guards
from assistant.settings import Settings
from assistant.triage.assess import Assessor
from assistant.triage.rulebook import load_rulebook
from assistant.verify.verifier import PACKAGED, Fault, Verdict, Verification, Verifier, Verifiers
from ingest.index import Index

TODAY = date(2026, 11, 25)
# In the words of the article, but not letter for letter.
NEARLY = PAIN.gold[0].removesuffix(".") + "!"


@dataclass
class FakeLine:
    """Says ``text``, then fails if it is to."""

    text: str
    failure: Failure | None = None

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        yield self.text
        if self.failure:
            raise ModelFailedError(self.failure)


@cache
def guards() -> Guards:
    return Guards(Assessor(load_rulebook()), load_refusals())


@pytest.fixture(scope="module")
def verifier(corpus_index: Index) -> Verifier:
    return Verifier(corpus_index, Verification.model_validate_json(PACKAGED.read_bytes()))


@pytest.fixture(scope="module")
def quoting(corpus_index: Index) -> Assistant:
    """Answers whatever it is asked."""
    return Assistant(guards(), hybrid_retriever(corpus_index, ALWAYS_SURE), ExtractiveComposer())


def engines(quoting: Assistant, verifier: Verifier, text: str, failure: Failure | None = None) -> Engines:
    verifiers = Verifiers(Verification.model_validate_json(PACKAGED.read_bytes()))
    phraser = Phraser(FakeLine(text, failure), verifiers)  # type: ignore[arg-type]
    return Engines.of(quoting, phraser, Recheck(quoting.index, verifier.check))


def phrased(identifier: str, ending: str = PHRASED, *dropped: Dropped, **counted: object) -> Outcome:
    """Of a question that a language model was asked."""
    of = outcome(1, question=asking(identifier), words=10, **counted)  # type: ignore[arg-type]
    engine = Engine.LLM if ending == PHRASED else Engine.EXTRACTIVE
    return replace(of, answer=replace(of.answer, engine=engine, phrasing=Phrasing(ending, dropped)))


# Asking both


def test_both_engines_are_asked_and_only_one_of_them_phrases(quoting: Assistant, verifier: Verifier) -> None:
    quoted, said = engines(quoting, verifier, f"{NEARLY} [1]").ask(PAIN)
    assert (quoted.answer.engine, quoted.answer.phrasing) == (Engine.EXTRACTIVE, None)
    assert said.answer.engine is Engine.LLM
    assert [sentence.text for sentence in said.answer.sentences] == [NEARLY]
    assert (quoted.unsupported, said.unsupported) == ((), ())


def test_a_phrased_sentence_gives_the_gold_that_its_citation_covers(quoting: Assistant, verifier: Verifier) -> None:
    _, said = engines(quoting, verifier, f"{NEARLY} [1]").ask(PAIN)
    assert PAIN.gold[0] not in said.answer.body and said.has_gold
    beside = PAIN.model_copy(update={"gold": ("Dit staat nergens.",)})
    assert not engines(quoting, verifier, f"{NEARLY} [1]").ask(beside)[1].has_gold


def test_quotes_give_only_the_gold_that_stands_in_them(quoting: Assistant, verifier: Verifier) -> None:
    """A model that says nothing changes nothing."""
    quoted, said = engines(quoting, verifier, "NIET GEVONDEN").ask(PAIN)
    assert (said.has_gold, said.shown, said.cited) == (quoted.has_gold, quoted.shown, quoted.cited)
    assert said.answer.phrasing is not None and said.answer.phrasing.outcome == NOT_FOUND


def test_what_was_shown_before_the_model_failed_is_taken_back_and_checked_too(
    quoting: Assistant, verifier: Verifier
) -> None:
    asked = engines(quoting, verifier, f"{NEARLY} [1] En dan", Failure.BROKEN_OFF)
    suspicious = replace(asked, recheck=Recheck(quoting.index, lambda *_: Verdict(Fault.UNSUPPORTED)))
    _, said = suspicious.ask(PAIN)
    assert said.answer.engine is Engine.EXTRACTIVE
    assert [(each.text, each.stays) for each in said.shown if not each.stays] == [(NEARLY, False)]
    assert said.shown[0].citations
    assert said.unsupported == (NEARLY,)


def test_the_first_sentence_is_there_no_later_than_the_whole(quoting: Assistant, verifier: Verifier) -> None:
    for said in engines(quoting, verifier, f"{NEARLY} [1]").ask(PAIN):
        assert 0 < said.first_milliseconds <= said.milliseconds + 1


def test_an_answer_without_sentences_is_there_when_all_of_it_is(quoting: Assistant, verifier: Verifier) -> None:
    urgent = PAIN.model_copy(update={"question": "Ik heb druk op de borst en krijg geen lucht."})
    _, said = engines(quoting, verifier, f"{NEARLY} [1]").ask(urgent)
    assert said.answer.kind is AnswerKind.URGENT and said.answer.phrasing is None
    assert (said.shown, said.first_milliseconds) == ((), said.milliseconds)


# The second look


def told(index: Index, row: int) -> Shown:
    """The sentence in this row as a quote of it."""
    composed = quote(index, [row])
    return Shown(index.wording(index.sentence_rows[row]), composed.citations)


def nothing_else(*_: object) -> Verdict:
    return Verdict(Fault.UNSUPPORTED)


def test_every_quote_of_the_articles_is_borne_out_without_asking_further(corpus_index: Index) -> None:
    every = [told(corpus_index, row) for row in range(0, len(corpus_index.sentence_rows), 7)]
    assert Recheck(corpus_index, nothing_else).unsupported(every) == ()


def test_the_line_above_a_list_is_borne_out_as_well(corpus_index: Index) -> None:
    rows = [row for row, each in enumerate(corpus_index.sentence_rows) if corpus_index.passages[each.passage].lead_in]
    composed = quote(corpus_index, rows[:1])
    shown = [Shown(sentence.text, composed.citations) for sentence in composed.sentences]
    assert len(shown) > 1
    assert Recheck(corpus_index, nothing_else).unsupported(shown) == ()


def test_part_of_a_sentence_is_no_quote(corpus_index: Index) -> None:
    whole = told(corpus_index, 0)
    part = replace(whole, text=" ".join(whole.text.split()[1:]))
    assert Recheck(corpus_index, nothing_else).unsupported([whole, part]) == (part.text,)


def test_a_sentence_is_not_borne_out_by_what_it_does_not_cite(corpus_index: Index, verifier: Verifier) -> None:
    whole = told(corpus_index, 0)
    far = next(row for row, each in enumerate(corpus_index.sentence_rows) if each.passage > 5)
    recheck = Recheck(corpus_index, verifier.check)
    uncited, elsewhere = replace(whole, citations=()), replace(whole, citations=told(corpus_index, far).citations)
    assert recheck.unsupported([whole, uncited, elsewhere]) == (whole.text, whole.text)


def test_what_is_no_quote_is_checked_against_all_of_the_passage_it_cites(corpus_index: Index) -> None:
    seen: list[tuple[str, frozenset[int]]] = []

    def check(sentence: str, rows: frozenset[int]) -> Verdict:
        seen.append((sentence, rows))
        return Verdict(None)

    reworded = replace(told(corpus_index, 0), text="Met andere woorden.")
    assert Recheck(corpus_index, check).unsupported([reworded]) == ()
    passage = corpus_index.sentence_rows[0].passage
    rows = {row for row, each in enumerate(corpus_index.sentence_rows) if each.passage == passage}
    assert seen == [("Met andere woorden.", frozenset(rows))]


# Counting

DOSE = Dropped("Neem 800 mg.", "quantity", ("800",), is_quoted=True)
OTHER_DOSE = replace(DOSE, text="Neem 900 mg.", is_quoted=False)
UNCITED = Dropped("Zomaar.", "no_citation")
SAID = (Shown("Een.", ()), Shown("Twee.", ()))
MEASURED = AnswerMeasurement(
    half=Half.TUNE,
    outcomes=(
        phrased("a1", PHRASED, DOSE, UNCITED, has_gold=True, shown=SAID, first_milliseconds=500.0, milliseconds=2000.0),
        phrased("a2", "broken_off", OTHER_DOSE, shown=(replace(SAID[0], stays=False), SAID[1]), unsupported=("Een.",)),
        phrased("a3", TOO_LITTLE, shown=SAID[:1]),
        phrased("a4", TOO_LITTLE, shown=SAID[:1]),
        outcome(question=not_in_there("u1"), milliseconds=9000.0),
    ),
    model="model",
    phrased_by="ollama:klein",
    quoted=(
        outcome(1, question=asking("a1"), words=40, milliseconds=20.0, first_milliseconds=20.0, shown=SAID),
        *(outcome(1, question=asking(each), words=40, has_gold=True) for each in ("a2", "a3", "a4")),
        outcome(question=not_in_there("u1")),
    ),
)
WITHOUT = replace(MEASURED, phrased_by="", quoted=())


def named(title: str) -> Table:
    (table,) = (table for table in answer_tables(MEASURED) if table.title == title)
    return table


def test_how_phrasings_ended_is_counted_of_those_that_were_tried() -> None:
    compared = EngineComparison.of(MEASURED)
    assert compared.asked == Rate(4, 5)
    assert compared.outcomes == {TOO_LITTLE: Rate(2, 4), PHRASED: Rate(1, 4), "broken_off": Rate(1, 4)}
    assert next(iter(compared.outcomes)) == TOO_LITTLE


def test_dropped_sentences_are_counted_by_fault_with_those_that_a_quote_replaced() -> None:
    assert EngineComparison.of(MEASURED).dropped == {"quantity": Rate(1, 2), "no_citation": Rate(0, 1)}


def test_the_engines_are_compared_on_the_questions_that_the_model_was_asked() -> None:
    compared = EngineComparison.of(MEASURED)
    assert (compared.quoted.gold, compared.phrased.gold) == (Rate(3, 4), Rate(1, 4))
    assert (compared.quoted.words, compared.phrased.words) == (40, 10)
    assert (compared.phrased.sentences, compared.phrased.taken_back) == (5, 1)
    assert compared.phrased.unsupported == Rate(1, 6)
    assert compared.phrased.first[50] == 0.0 and compared.phrased.whole[95] == pytest.approx(1.7015)


def test_a_model_that_was_never_asked_has_no_times() -> None:
    nobody = EngineFigures.of(MEASURED.outcomes, frozenset())
    assert (nobody.first, nobody.whole, nobody.words, nobody.unsupported) == ({}, {}, 0.0, Rate(0, 0))
    silent = replace(MEASURED, outcomes=MEASURED.quoted)
    assert named_row(silent, "seconden tot de eerste zin, p50 / p95") == ("–", "–")
    assert json.dumps(numbers_of(silent, None, TODAY), allow_nan=False)


def named_row(measured: AnswerMeasurement, name: str) -> tuple[str, ...]:
    rows = {row[0]: row[1:] for table in answer_tables(measured) for row in table.rows if "naast" in table.title}
    return rows[name]


def test_the_tables_put_the_engines_side_by_side_in_dutch() -> None:
    assert named_row(MEASURED, "woorden, mediaan") == ("40", "10")
    assert named_row(MEASURED, "getoond maar niet gesteund")[1].startswith("1: 16,7 %")
    assert named_row(MEASURED, "zinnen getoond en weer weggehaald") == ("0", "1")
    ends = {row[0]: row[1] for row in named("Wat er van het verwoorden kwam").rows}
    assert ends == {OUTCOMES[TOO_LITTLE]: "2", OUTCOMES[PHRASED]: "1", OUTCOMES["broken_off"]: "1"}
    faults = {row[0]: row[1:] for row in named("Zinnen van het taalmodel die niet zijn getoond").rows}
    assert faults == {SENTENCE_FAULTS["quantity"]: ("2", "1"), SENTENCE_FAULTS["no_citation"]: ("1", "0")}
    assert named("Getoond maar niet gesteund").rows == (("a2", "Een."),)
    assert all(len(row) == len(table.columns) for table in answer_tables(MEASURED) for row in table.rows)


def test_every_dropped_sentence_can_be_read_with_why() -> None:
    table = dropped_table(MEASURED)
    assert table.rows[0] == ("a1", SENTENCE_FAULTS["quantity"], "ja", "800", "Neem 800 mg.")
    assert len(table.rows) == 3


def test_who_phrased_is_said_and_without_a_model_there_is_nothing_beside_the_quotes() -> None:
    assert "verwoord door ‘ollama:klein’" in made_of(MEASURED)
    assert "verwoord" not in made_of(WITHOUT)
    beside = {table.title for table in answer_tables(MEASURED)} - {table.title for table in answer_tables(WITHOUT)}
    assert len(beside) == 4
    assert numbers_of(WITHOUT, None, TODAY)["engines"] is None


def test_the_numbers_are_json_with_both_engines_and_what_was_dropped_of_each_question() -> None:
    numbers = json.loads(json.dumps(numbers_of(MEASURED, None, TODAY), allow_nan=False))["engines"]
    assert numbers["extractive"]["median_words"] == 40 and numbers["llm"]["unsupported"]["hits"] == 1
    assert numbers["dropped"]["quantity"] == {"sentences": 2, "quoted": 1}
    assert numbers["questions"]["a1"]["dropped"][0]["text"] == "Neem 800 mg."
    assert numbers["questions"]["a2"]["unsupported"] == ["Een."]
    assert numbers["phrased_by"] == "ollama:klein"


def test_whatever_goes_wrong_has_a_dutch_name_and_what_is_new_its_own() -> None:
    assert set(OUTCOMES) == {*Failure, PHRASED, NOT_FOUND, TOO_LITTLE, FAILED}
    assert set(Fault) < set(SENTENCE_FAULTS)
    assert label(OUTCOMES, "something_new") == "something_new"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Zonder bron helpt warmte.", "no_citation"),
        ("Met bron helpt warmte. [99]", "unknown_citation"),
        (f"{NEARLY} [1] {NEARLY} [1]", "repeated"),
    ],
)
def test_the_faults_that_the_phraser_names_itself_have_dutch_names(
    quoting: Assistant, verifier: Verifier, text: str, fault: str
) -> None:
    measured = measure_engines(engines(quoting, verifier, text), Half.TUNE, [PAIN], "x")
    assert list(EngineComparison.of(measured).dropped) == [fault]
    assert label(SENTENCE_FAULTS, fault) != fault


def test_a_measurement_holds_the_phrased_answers_and_the_quoted_ones_of_the_same_questions(
    quoting: Assistant, verifier: Verifier
) -> None:
    asked: list[Asked] = [PAIN, not_in_there("u1")]
    measured = measure_engines(engines(quoting, verifier, f"{NEARLY} [1]"), Half.TUNE, asked, "ollama:klein")
    assert [each.question for each in measured.outcomes] == [each.question for each in measured.quoted] == asked
    assert measured.outcomes[0].answer.engine is Engine.LLM
    assert measured.phrased_by == "ollama:klein"


# A part of the questions


@pytest.mark.parametrize("most", [1, 7, 50])
def test_a_part_of_the_questions_is_spread_over_all_of_them(most: int) -> None:
    every = [each.id for each in questions_of(Half.REPORT)]
    part = [every.index(each.id) for each in questions_of(Half.REPORT, most)]
    gaps = [after - before for before, after in zip(part, [*part[1:], len(every)], strict=True)]
    assert len(part) == most and part[0] == 0
    assert max(gaps) - min(gaps) <= 1


def test_a_part_that_is_more_than_there_is_is_all_of_it() -> None:
    assert questions_of(Half.TUNE, 100_000) == questions_of(Half.TUNE) == questions_of(Half.TUNE, None)


# The command


def evaluation(*arguments: str) -> Finished:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


def test_without_a_language_model_the_setting_that_names_one_is_told(tmp_path: Path) -> None:
    result = evaluation("--engine", "llm", "--report", str(tmp_path / "answers.html"))
    assert result.exit_code == 1
    assert "Er is geen taalmodel om te meten" in result.output and "RUGPIJN_LLM" in result.output
    assert "Traceback" not in result.output and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [["--engine", "llm"], ["--most", "5"]], ids=["engine", "part"])
def test_only_all_answers_of_quotes_can_be_accepted(options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_LLM", "ollama:klein")
    result = evaluation("--accept", *options)
    assert result.exit_code == 2
    assert "--accept" in result.output


@pytest.mark.parametrize("options", [["--engine", "magic"], ["--most", "0"]], ids=["engine", "part"])
def test_an_engine_or_a_number_that_cannot_be_is_refused(options: list[str]) -> None:
    assert evaluation(*options).exit_code == 2


def test_another_embedding_model_is_not_measured_with_a_check_that_was_made_for_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUGPIJN_LLM", "ollama:klein")
    result = evaluation("--engine", "llm", "--embedding-model", "other")
    assert result.exit_code == 2
    assert "--embedding-model" in result.output


@pytest.fixture
def liar(assistant: Assistant, real_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """The model of a practice with the real index: says a sentence of its passage, and then lies."""
    with ScriptedModel([{"say": "{1} [1] Neem driemaal daags 800 mg ibuprofen. [1] {2} [2]"}]) as model:
        monkeypatch.setenv("RUGPIJN_INDEX_DIR", str(real_settings.index_dir))
        monkeypatch.setenv("RUGPIJN_LLM", "openai:scripted")
        monkeypatch.setenv("RUGPIJN_LLM_BASE_URL", model.url)
        yield model


def measured_in(folder: Path, *options: str) -> tuple[Finished, dict[str, object]]:
    result = evaluation(*options, "--report", str(folder / "answers.html"), "--json", str(folder / "answers.json"))
    assert result.exit_code == 0, result.output
    return result, json.loads((folder / "answers.json").read_bytes())


@pytest.mark.model
def test_the_command_measures_a_model_over_its_wire_and_shows_nothing_unsupported(
    liar: ScriptedModel, tmp_path: Path
) -> None:
    result, numbers = measured_in(tmp_path, "--engine", "llm", "--most", "12", "--misses")
    found = numbers["engines"]
    assert isinstance(found, dict)
    assert len(liar.requests) == found["asked"]["hits"] > 0
    assert found["outcomes"]["phrased"]["hits"] > 0 and found["dropped"]["quantity"]["sentences"] > 0
    assert found["llm"]["sentences"] > 0 and found["llm"]["unsupported"]["hits"] == 0
    assert found["extractive"]["unsupported"]["hits"] == 0
    assert "Het taalmodel naast de citaten" in result.output and "Neem driemaal daags" in result.output
    assert "Het taalmodel naast de citaten" in (tmp_path / "answers.html").read_text("utf-8")


@pytest.mark.model
def test_quotes_are_measured_without_the_model_that_is_set(liar: ScriptedModel, tmp_path: Path) -> None:
    result, numbers = measured_in(tmp_path, "--most", "12")
    assert numbers["engines"] is None and liar.requests == []
    assert "Het taalmodel naast de citaten" not in result.output
