"""What a language model says becomes an answer: what its passage says is shown, the rest is dropped or quoted."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import pytest
from langchain_core.messages import BaseMessage

from assistant.answer import Answer, AnswerKind, Engine, Said
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.phraser import FAILED, NOT_FOUND, PHRASED, TOO_LITTLE, Phrased, Phraser, PhrasingLimits
from assistant.remarks import NOTHING_TOLD
from assistant.reply import Assistant
from assistant.retrieve import Retrieval
from assistant.verify.verifier import PACKAGED, Verification, Verifiers

pytestmark = pytest.mark.model

QUESTION = "Uit welke delen bestaat het schoudergewricht?"
FAITHFUL = "Het schoudergewricht bestaat uit de bovenarm en het schouderblad."


@dataclass
class FakeLine:
    """Says ``text`` in pieces of five characters, then fails if it is to; keeps what it was asked."""

    text: str = ""
    failure: Failure | None = None
    asked: list[str] = field(default_factory=list)
    is_closed: bool = False

    def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
        self.asked.append("\n".join(message.text for message in messages))
        try:
            for start in range(0, len(self.text), 5):
                yield self.text[start : start + 5]
            if self.failure:
                raise ModelFailedError(self.failure)
        finally:
            self.is_closed = True


@pytest.fixture(scope="module")
def verifiers() -> Verifiers:
    return Verifiers(Verification.model_validate_json(PACKAGED.read_bytes()))


@pytest.fixture(scope="module")
def found(assistant: Assistant) -> Retrieval:
    return assistant.retrieve(QUESTION)


def phrase(
    line: FakeLine, verifiers: Verifiers, found: Retrieval, limits: PhrasingLimits | None = None
) -> tuple[list[Said], Phrased]:
    making = Phraser(line, verifiers, limits).phrase(found, NOTHING_TOLD)  # type: ignore[arg-type]
    said = []
    while True:
        try:
            said.append(next(making))
        except StopIteration as end:
            return said, end.value


def test_a_faithful_sentence_is_shown_with_an_exact_quote(verifiers: Verifiers, found: Retrieval) -> None:
    said, phrased = phrase(FakeLine(f"{FAITHFUL} [1]"), verifiers, found)
    assert phrased.phrasing.outcome == PHRASED
    (only,) = said
    assert only.sentence.text == FAITHFUL
    (citation,) = only.citations
    assert only.sentence.citations == (citation.number,) == (1,)
    article = next(each for each in found.index.articles.values() if each.title == citation.article)
    assert article.text[citation.start : citation.end] == citation.quote
    assert phrased.composition is not None and phrased.composition.citations == (citation,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Het schoudergewricht bestaat uit de knie en het schouderblad. [9]", "unknown_citation"),
        (FAITHFUL, "no_citation"),
        ("Neem driemaal daags 800 mg ibuprofen. [1]", "quantity"),
        ("U heeft een ontstoken schouder. [1]", "diagnosis"),
        ("Zie www.kwaad.example. [1]", "link"),
    ],
)
def test_what_is_not_supported_is_dropped_and_kept_for_staff(
    verifiers: Verifiers, found: Retrieval, text: str, fault: str
) -> None:
    _, phrased = phrase(FakeLine(text), verifiers, found)
    assert phrased.phrasing.outcome == TOO_LITTLE
    assert phrased.composition is None
    assert [each.fault for each in phrased.phrasing.dropped] == [fault]


def test_the_passages_own_sentence_stands_in_for_a_botched_one(verifiers: Verifiers, found: Retrieval) -> None:
    botched = "Het schoudergewricht bestaat uit de bovenarm en het sleutelbeen."
    said, phrased = phrase(FakeLine(f"{botched} [1]"), verifiers, found)
    assert [part.sentence.text for part in said] == [FAITHFUL]
    (dropped,) = phrased.phrasing.dropped
    assert dropped.text == botched and dropped.is_quoted


def test_what_was_said_is_not_said_again(verifiers: Verifiers, found: Retrieval) -> None:
    said, phrased = phrase(FakeLine(f"{FAITHFUL} [1] " * 9), verifiers, found)
    assert len(said) == 1
    assert phrased.phrasing.outcome == PHRASED
    assert len(phrased.phrasing.dropped) == PhrasingLimits().most_repeats + 1


def test_an_answer_is_never_longer_than_allowed(verifiers: Verifiers, found: Retrieval) -> None:
    words = len(FAITHFUL.split())
    limits = PhrasingLimits(max_words=words + 2)
    line = FakeLine(f"{FAITHFUL} [1] Hij bevindt zich in de kom van het schouderblad. [1]")
    said, phrased = phrase(line, verifiers, found, limits)
    assert sum(len(part.sentence.text.split()) for part in said) <= limits.max_words
    assert phrased.phrasing.dropped[-1].fault == "too_much"


def test_not_found_is_taken_for_what_it_is(verifiers: Verifiers, found: Retrieval) -> None:
    said, phrased = phrase(FakeLine("NIET GEVONDEN"), verifiers, found)
    assert (said, phrased.phrasing.outcome, phrased.composition) == ([], NOT_FOUND, None)


@pytest.mark.parametrize("failure", list(Failure))
def test_whatever_fails_the_answer_is_made_of_quotes(verifiers: Verifiers, found: Retrieval, failure: Failure) -> None:
    _, phrased = phrase(FakeLine(f"{FAITHFUL} [1] En dan", failure), verifiers, found)
    assert phrased.phrasing.outcome == failure
    assert phrased.composition is None and phrased.is_shown


def test_who_stops_listening_stops_the_model(verifiers: Verifiers, found: Retrieval) -> None:
    line = FakeLine(f"{FAITHFUL} [1] " + "En nog iets. [1] " * 50)
    making = Phraser(line, verifiers).phrase(found, NOTHING_TOLD)  # type: ignore[arg-type]
    next(making)
    making.close()
    assert line.is_closed


def test_who_asks_is_taken_out_before_the_question_leaves(verifiers: Verifiers, found: Retrieval) -> None:
    line = FakeLine("NIET GEVONDEN")
    phraser = Phraser(line, verifiers, hide=lambda question: question.replace("schoudergewricht", "[WEG]"))  # type: ignore[arg-type]
    list(phraser.phrase(found, NOTHING_TOLD))
    asked = line.asked[0].rpartition("<question>")[2]
    assert "[WEG]" in asked and "schoudergewricht" not in asked


def test_promotion_is_not_in_the_prompt(verifiers: Verifiers, assistant: Assistant) -> None:
    line = FakeLine("NIET GEVONDEN")
    found = assistant.retrieve("Helpt massage bij rugpijn?")
    list(Phraser(line, verifiers).phrase(found, NOTHING_TOLD))  # type: ignore[arg-type]
    promotional = [
        found.index.wording(each)
        for row, each in enumerate(found.index.sentence_rows)
        if any(note.kind == "promotional" for note in found.index.notes_of_sentence(row))
    ]
    assert promotional
    assert not any(wording in line.asked[0] for wording in promotional)


class PhrasingAssistant:
    """The real assistant, with a phraser for as long as it is entered."""

    def __init__(self, assistant: Assistant, phraser: Phraser) -> None:
        self._assistant, self._phraser = assistant, phraser

    def __enter__(self) -> Assistant:
        self._assistant.phraser = self._phraser
        return self._assistant

    def __exit__(self, *_: object) -> None:
        self._assistant.phraser = None


def test_a_phrased_reply_has_all_that_goes_with_an_answer(assistant: Assistant, verifiers: Verifiers) -> None:
    line = FakeLine("De klachten houden meestal een jaar à anderhalf jaar aan. [1]")
    with PhrasingAssistant(assistant, Phraser(line, verifiers)) as phrasing:  # type: ignore[arg-type]
        *_, answer = phrasing.stream("Hoe lang duurt een frozen shoulder?")
    assert isinstance(answer, Answer)
    assert answer.engine is Engine.LLM
    assert answer.remarks, "the reviewer's note on how long it takes goes with the sentence"
    assert answer.text.endswith(answer.disclaimer)


@pytest.mark.parametrize(
    "message",
    [
        "Ik heb pijn op de borst en krijg geen lucht",
        "Ik heb al zes weken rugpijn en ben vijf kilo afgevallen",
        "Wat kost een behandeling?",
        "Wie wint het songfestival?",
        "Dank u wel!",
        "Wat belooft de praktijk?",
    ],
)
def test_for_alarms_refusals_and_claims_no_model_is_asked(
    assistant: Assistant, verifiers: Verifiers, message: str
) -> None:
    line = FakeLine(f"{FAITHFUL} [1]")
    with PhrasingAssistant(assistant, Phraser(line, verifiers)) as phrasing:  # type: ignore[arg-type]
        answer = phrasing.reply(message)
    assert line.asked == []
    assert answer.engine is Engine.EXTRACTIVE


def test_a_fault_of_our_own_costs_the_phrasing_not_the_answer(assistant: Assistant, verifiers: Verifiers) -> None:
    class Broken(FakeLine):
        def stream(self, messages: Sequence[BaseMessage]) -> Generator[str, None, None]:
            raise RuntimeError("boem")
            yield ""

    with PhrasingAssistant(assistant, Phraser(Broken(), verifiers)) as phrasing:  # type: ignore[arg-type]
        answer = phrasing.reply(QUESTION)
    assert answer.kind is AnswerKind.ANSWERED
    assert answer.engine is Engine.EXTRACTIVE
    assert answer.phrasing is not None and answer.phrasing.outcome == FAILED
