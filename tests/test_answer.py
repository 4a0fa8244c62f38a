"""Whatever was composed, the reply ends with the disclaimer and shows every sentence with its numbers."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import texts
from assistant.answer import Answer, AnswerKind, Citation, Engine, Sentence, Shape, Timings

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
lines = st.lists(words, min_size=1, max_size=6).map(" ".join)
numbers = st.lists(st.integers(1, 9), max_size=3, unique=True).map(tuple)
sentences = st.builds(Sentence, lines, numbers, st.sampled_from(Shape), st.booleans())
answers = st.builds(
    Answer,
    kind=st.sampled_from(AnswerKind),
    sentences=st.lists(sentences, max_size=8).map(tuple),
    notice=st.one_of(st.just(""), st.text(max_size=40)),
    engine=st.sampled_from(Engine),
)

LEAD_IN = Sentence("Dit helpt:", (1,), Shape.LEAD_IN, opens_paragraph=True)
FIRST = Sentence("Blijf bewegen.", (1,), Shape.ITEM)
GOES_ON = Sentence("Ook als het pijn doet.", (1,))
SECOND = Sentence("Slaap goed.", (2,), Shape.ITEM)
ELSEWHERE = Sentence("Warmte helpt ook.", (3,), opens_paragraph=True)


def body_of(*said: Sentence) -> str:
    return Answer(AnswerKind.ANSWERED, said).body


def shown(sentence: Sentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def test_a_reply_without_anything_still_has_the_disclaimer() -> None:
    assert Answer(AnswerKind.NOT_FOUND).text == texts.DISCLAIMER


def test_the_disclaimer_stands_by_itself_behind_a_notice_and_an_answer() -> None:
    answer = Answer(AnswerKind.URGENT, (ELSEWHERE,), notice="Bel nu 112.")
    assert answer.text == f"Bel nu 112.\n\nWarmte helpt ook. [3]\n\n{texts.DISCLAIMER}"


def test_the_disclaimer_sends_a_visitor_to_the_doctor_and_to_112() -> None:
    assert "huisarts" in texts.DISCLAIMER
    assert "112" in texts.DISCLAIMER
    assert "geen medisch advies" in texts.DISCLAIMER


def test_no_caller_can_give_another_disclaimer() -> None:
    assert "disclaimer" not in {field.name for field in fields(Answer)}
    with pytest.raises(TypeError):
        Answer(AnswerKind.ANSWERED, disclaimer="")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        replace(Answer(AnswerKind.ANSWERED), disclaimer="")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["disclaimer", "text", "body", "notice", "sentences", "kind"])
def test_an_answer_cannot_be_changed_afterwards(name: str) -> None:
    # Python 3.11 trips over a property of a frozen class with slots: TypeError, not FrozenInstanceError.
    with pytest.raises((FrozenInstanceError, TypeError)):
        setattr(Answer(AnswerKind.ANSWERED), name, "")


def test_the_disclaimer_cannot_be_replaced_through_the_back_door() -> None:
    with pytest.raises(AttributeError):
        object.__setattr__(Answer(AnswerKind.ANSWERED), "disclaimer", "")


@given(answers)
def test_every_reply_ends_with_the_disclaimer(answer: Answer) -> None:
    assert answer.text == texts.DISCLAIMER or answer.text.endswith(f"\n\n{texts.DISCLAIMER}")
    assert answer.disclaimer == texts.DISCLAIMER


@given(answers)
def test_the_reply_has_notice_and_body_whole(answer: Answer) -> None:
    assert answer.text.startswith(answer.notice)
    assert answer.body in answer.text


@given(answers)
def test_every_sentence_stands_in_the_body_in_order_with_its_numbers(answer: Answer) -> None:
    read = 0
    for sentence in answer.sentences:
        read = answer.body.index(shown(sentence), read) + len(shown(sentence))
    assert read == len(answer.body)


@given(answers)
def test_every_list_item_begins_a_line(answer: Answer) -> None:
    items = [f"• {shown(sentence)}" for sentence in answer.sentences if sentence.shape is Shape.ITEM]
    begun = [line for line in answer.body.split("\n") if line.startswith("• ")]
    assert all(any(line.startswith(item) for line in begun) for item in items)


@given(answers)
def test_a_sentence_that_opens_a_paragraph_has_an_empty_line_before_it(answer: Answer) -> None:
    paragraphs = answer.body.split("\n\n")
    opening = [sentence for sentence in answer.sentences[1:] if sentence.opens_paragraph]
    assert len(paragraphs) == 1 + len(opening)


@given(answers)
def test_the_body_never_starts_or_ends_with_white_space(answer: Answer) -> None:
    assert answer.body == answer.body.strip()


def test_a_list_stands_under_its_lead_in_one_item_a_line() -> None:
    assert body_of(LEAD_IN, FIRST, SECOND) == "Dit helpt: [1]\n• Blijf bewegen. [1]\n• Slaap goed. [2]"


def test_the_second_sentence_of_an_item_stays_on_its_line() -> None:
    assert body_of(LEAD_IN, FIRST, GOES_ON, SECOND).splitlines() == [
        "Dit helpt: [1]",
        "• Blijf bewegen. [1] Ook als het pijn doet. [1]",
        "• Slaap goed. [2]",
    ]


def test_text_after_a_list_begins_a_new_paragraph() -> None:
    assert body_of(LEAD_IN, FIRST, ELSEWHERE).endswith("• Blijf bewegen. [1]\n\nWarmte helpt ook. [3]")


def test_words_count_the_sentences_without_numbers_bullets_and_disclaimer() -> None:
    assert Answer(AnswerKind.ANSWERED, (LEAD_IN, FIRST, GOES_ON), notice="Let op!").words == 9


def test_equal_answers_are_equal_whoever_made_them() -> None:
    citation = Citation(1, "p", "Rug", "", "Warmte helpt ook.", 0, 17, "/bron/rug")
    one, other = (Answer(AnswerKind.ANSWERED, (ELSEWHERE,), (citation,), timings=Timings(total=1)) for _ in range(2))
    assert one == other
