"""Staff reads in Dutch why a reply is what it is, and whatever a visitor typed stands there as text."""

from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer import Answer, AnswerKind, Dropped, Engine, Phrasing
from assistant.choice import Chosen, PassedOver
from assistant.confidence import Risk, Signals
from assistant.explain import (
    Alarms,
    Explanation,
    Found,
    Judged,
    Mark,
    Outcome,
    Push,
    Rule,
    Seen,
    Sureness,
    Understood,
)
from assistant.language.context import Person, Status
from assistant.phrasing import phraser
from assistant.phrasing.failure import Failure
from assistant.ranking import PassageWeights
from assistant.refusals import Reason, Refusal
from assistant.staff import texts
from assistant.staff.why import verdict, why
from assistant.triage.rulebook import Level
from assistant.verify.verifier import Fault

HOSTILE = "<img src=x onerror=alert(1)> | **vet** [klik](javascript:alert(1)) `x` $y$\n\n# kop\n\n| a |\n|---|\n"
ANSWERED = Answer(AnswerKind.ANSWERED)


def explained(word: str = "woord", **changes: object) -> Explanation:
    """Everything that there can be to tell, with ``word`` wherever another's words go."""
    mark = Mark(1.5, 2, 0.4)
    made = Explanation(
        answer=replace(ANSWERED, phrasing=Phrasing("phrased", (Dropped(word, word, (word,)),))),
        outcome=Outcome.ANSWERED,
        alarms=Alarms(
            seen=(Seen(word, word, 0, 5, Status.NEGATED, word, Person.SELF),),
            holding=(word,),
            rules=(Rule(Level.HUISARTS, word, (word, word), None, word, word),),
            was_answered=False,
            needs_safety_net=True,
        ),
        understood=Understood(word, f"{word} {word}", word, ((word, word),), (word,), word),
        passages=(Found(word, word, word, mark, dict.fromkeys(texts.PASSAGE_SIGNALS, mark)),),
        sureness=Sureness(0.61, 0.54, Risk.RAISED, (Push("answered", 0.7, 0.3, 1.2), Push("words", None, 3, 0.0))),
        sentences=(
            Judged(0, word, word, 3.0, Chosen.RELEVANT),
            Judged(1, word, word, 2.0, PassedOver.TOO_LONG),
        ),
        has_model=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def all_tokens(markdown: str) -> list[Token]:
    """As a renderer that lets HTML through reads it."""
    tokens = (
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).parse(markdown)
    )
    return [each for token in tokens for each in (token, *(token.children or ()))]


def words(markdown: str) -> str:
    return " ".join(token.content for token in all_tokens(markdown) if token.type == "text")


def dutch(names: type[StrEnum], said: dict[str, str]) -> None:
    assert set(said) == {name.value for name in names}
    assert all(text.strip() for text in said.values())


# Words for everything


def test_there_are_dutch_words_for_every_outcome_reason_and_status() -> None:
    dutch(Outcome, texts.OUTCOMES)
    dutch(Reason, texts.REFUSAL_REASONS)
    dutch(Status, texts.SEEN_STATUS)
    dutch(Person, texts.SEEN_PERSON)
    dutch(Risk, texts.RISKS)
    dutch(Failure, texts.MODEL_FAILURES)
    assert set(texts.PUSHES) == set(Signals.model_fields)
    assert set(texts.PASSAGE_SIGNALS) == set(PassageWeights.model_fields)
    assert set(texts.FATES) == {fate.value for fate in (*Chosen, *PassedOver)}
    outcomes = {phraser.PHRASED, phraser.NOT_FOUND, phraser.TOO_LITTLE, phraser.FAILED}
    assert set(texts.MODEL_OUTCOMES) == outcomes
    own = {"no_citation", "unknown_citation", "repeated", "too_much"}
    assert set(texts.DROPPED_WHY) == own | {fault.value for fault in Fault}


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_verdict_with_its_numbers(outcome: Outcome) -> None:
    said = verdict(explained(outcome=outcome))
    assert "{" not in said
    if outcome is Outcome.UNSURE:
        assert "61" in said
        assert "54" in said


# What is told


def headings(markdown: str) -> list[str]:
    tokens = all_tokens(markdown)
    return [words(after.content) for one, after in pairwise(tokens) if one.type == "heading_open"]


def test_every_part_stands_under_its_heading() -> None:
    assert headings(why(explained())) == [
        texts.WHY_QUESTION,
        texts.WHY_ALARMS,
        texts.WHY_SURENESS,
        texts.WHY_PASSAGES,
        texts.WHY_SENTENCES,
        texts.WHY_PASSED_OVER,
        texts.WHY_MODEL,
        texts.WHY_TIMINGS,
    ]


def test_an_alarm_alone_has_no_part_on_the_articles() -> None:
    alone = Explanation(Answer(AnswerKind.URGENT), Outcome.ALARM, explained().alarms)
    assert headings(why(alone)) == [texts.WHY_ALARMS, texts.WHY_TIMINGS]


def test_a_refusal_tells_reason_rule_and_words() -> None:
    refusal = Refusal(Reason.DOSE, "niet", "hoeveel van een medicijn", "hoeveel")
    told = words(why(explained(outcome=Outcome.REFUSED, refusal=refusal)))
    assert texts.REFUSAL_REASONS["dose"] in told
    assert "hoeveel van een medicijn" in told


def test_a_bar_has_its_figure_and_its_place_beside_it() -> None:
    told = why(explained())
    assert told.count('class="bar"') == 1 + len(texts.PASSAGE_SIGNALS)
    assert "width: 40%" in told
    assert "2e" in words(told)
    assert "1,50" in words(told)


def test_what_a_signal_does_is_told_in_words_too() -> None:
    told = words(why(explained()))
    assert "zekerder (+1,2)" in told
    assert texts.PUSH_NONE in told
    assert texts.PUSH_NOTHING in told


def test_how_often_each_reason_kept_a_sentence_out_is_counted() -> None:
    many = tuple(Judged(row, f"Zin {row}.", "Nek", -row, PassedOver.LESS_RELEVANT) for row in range(30))
    told = words(why(explained(sentences=many)))
    assert "Zin 11." in told
    assert "Zin 12." not in told
    assert f"{texts.FATES['less_relevant']} 30" in told


def test_a_model_that_failed_is_told_by_its_failure() -> None:
    failed = replace(ANSWERED, phrasing=Phrasing(Failure.UNREACHABLE.value))
    assert texts.MODEL_FAILURES["unreachable"] in words(why(explained(answer=failed)))


def test_without_a_model_nothing_is_said_of_one() -> None:
    assert texts.WHY_MODEL not in words(why(explained(answer=ANSWERED, has_model=False)))
    assert texts.WHY_MODEL in words(why(explained(answer=ANSWERED)))


def test_sentences_that_were_not_said_after_all_say_so() -> None:
    assert texts.WOULD_BE_CHOSEN in words(why(explained(outcome=Outcome.UNSURE)))
    both = explained(quoted=replace(ANSWERED, engine=Engine.EXTRACTIVE))
    assert texts.CHOSEN_FOR_QUOTES in words(why(both))


# Nobody's words are markup


def shapes(markdown: str) -> list[tuple[str, str]]:
    """All that is not text, with what stands in HTML and links."""
    kept = ("html_inline", "html_block", "code_inline", "fence", "code_block")
    return [
        (token.type, token.content if token.type in kept else str(token.attrs))
        for token in all_tokens(markdown)
        if token.type not in ("text", "inline", "softbreak")
    ]


@given(st.one_of(st.just(HOSTILE), st.text(alphabet="<>&|*_[]()`$#!\\\"'~-=+:./ \nabc1", min_size=1, max_size=60)))
def test_whatever_a_visitor_typed_is_shown_as_text(word: str) -> None:
    assert shapes(why(explained(f"a{word}a"))) == shapes(why(explained("gewoon")))


def test_what_looks_like_a_tag_is_read_as_typed() -> None:
    assert "<img src=x onerror=alert(1)> | **vet** [klik](javascript:alert(1))" in words(why(explained(HOSTILE)))
