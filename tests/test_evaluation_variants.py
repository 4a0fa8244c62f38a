"""An alarm typed or said otherwise stays the alarm that it is, and the same variant in every run."""

import re
from difflib import SequenceMatcher

import pytest
from evaluation_fakes import alarm
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.evaluation.questions import Half
from assistant.evaluation.variants import Addition, VariantKind, additions, variants

TWO_MESSAGES = alarm("Sinds gisteren rugpijn, erg hevig!", "En nu 39,6 koorts; m'n man maakt zich zorgen.")
AROUND = [
    VariantKind.SMALL_TALK_BEFORE,
    VariantKind.SMALL_TALK_AFTER,
    VariantKind.MINIMISING_BEFORE,
    VariantKind.MINIMISING_AFTER,
]
messages = st.lists(st.text("abcdeéABC ,.!'39ğ", min_size=1, max_size=60), min_size=1, max_size=3)


def made(*texts: str, identifier: str = "t1") -> dict[VariantKind, tuple[str, ...]]:
    return {each.kind: each.messages for each in variants(alarm(*texts, identifier=identifier), additions())}


def test_there_is_one_variant_of_every_kind() -> None:
    assert [each.kind for each in variants(TWO_MESSAGES, additions())] == list(VariantKind)


@given(messages)
def test_a_variant_is_the_same_in_every_run_and_never_the_message_as_it_was(texts: list[str]) -> None:
    assert made(*texts) == made(*texts)
    assert tuple(texts) not in made(*texts).values()


@given(messages)
def test_only_a_chatty_next_message_adds_one(texts: list[str]) -> None:
    for kind, varied in made(*texts).items():
        assert len(varied) == len(texts) + (kind is VariantKind.SMALL_TALK_NEXT)


def test_different_messages_get_different_slips() -> None:
    slips = {made(*TWO_MESSAGES.messages, identifier=f"t{number}")[VariantKind.ONE_TYPO] for number in range(20)}
    assert len(slips) > 10


@pytest.mark.parametrize(("kind", "count"), [(VariantKind.ONE_TYPO, 1), (VariantKind.TWO_TYPOS, 2)])
def test_a_slip_changes_as_many_words_as_it_says_and_only_long_ones(kind: VariantKind, count: int) -> None:
    for number in range(50):
        varied = made(*TWO_MESSAGES.messages, identifier=f"t{number}")[kind]
        before, after = (re.findall(r"\w+", " ".join(texts)) for texts in (TWO_MESSAGES.messages, varied))
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert len(changed) == count
        assert all(len(old) >= 4 for old, _ in changed)
        assert all(SequenceMatcher(None, old.lower(), new.lower()).ratio() >= 0.7 for old, new in changed)


def test_every_kind_of_slip_is_made() -> None:
    words = {made("koorts", identifier=f"t{number}")[VariantKind.ONE_TYPO][0] for number in range(300)}
    assert {"okorts", "koots", "kooorts", "koorrs"} <= words


@pytest.mark.parametrize(("kind", "count"), [(VariantKind.ONE_SPACE_LESS, 1), (VariantKind.TWO_SPACES_LESS, 2)])
def test_missing_spaces_leave_every_other_character(kind: VariantKind, count: int) -> None:
    varied = made(*TWO_MESSAGES.messages)[kind]
    assert [text.replace(" ", "") for text in varied] == [text.replace(" ", "") for text in TWO_MESSAGES.messages]
    assert sum(text.count(" ") for text in varied) == sum(text.count(" ") for text in TWO_MESSAGES.messages) - count


def test_without_punctuation_a_number_and_an_apostrophe_stay_whole() -> None:
    assert made(*TWO_MESSAGES.messages)[VariantKind.NO_PUNCTUATION] == (
        "Sinds gisteren rugpijn erg hevig",
        "En nu 39,6 koorts m'n man maakt zich zorgen",
    )


def test_case_changes_in_every_message() -> None:
    varied = made(*TWO_MESSAGES.messages)
    assert varied[VariantKind.UPPER_CASE] == tuple(text.upper() for text in TWO_MESSAGES.messages)
    assert varied[VariantKind.LOWER_CASE] == tuple(text.lower() for text in TWO_MESSAGES.messages)


@pytest.mark.parametrize("kind", AROUND)
def test_words_around_a_message_leave_the_message_whole(kind: VariantKind) -> None:
    earlier, last = made(*TWO_MESSAGES.messages)[kind]
    assert earlier == TWO_MESSAGES.messages[0]
    assert TWO_MESSAGES.messages[1] in last and len(last) > len(TWO_MESSAGES.messages[1])


def test_what_cannot_be_changed_has_no_variant_of_that_kind() -> None:
    assert set(made("au")) == {VariantKind.UPPER_CASE, *AROUND, VariantKind.SMALL_TALK_NEXT}


# The phrases


@pytest.mark.parametrize("half", Half)
def test_each_half_has_phrases_of_its_own_of_every_kind(half: Half) -> None:
    kinds = [phrase.kind for phrase in additions(half)]
    assert all(kinds.count(kind) >= 3 for kind in (*AROUND, VariantKind.SMALL_TALK_NEXT))
    others = {phrase.text for each in Half if each is not half for phrase in additions(each)}
    assert others.isdisjoint(phrase.text for phrase in additions(half))


@pytest.mark.parametrize(
    ("kind", "text"), [("small_talk_before", "Hoi."), ("minimising_after", "{message} {message}"),
                       ("small_talk_next", "{message} Hoi.")]
)  # fmt: skip
def test_a_phrase_says_exactly_once_where_the_message_goes(kind: str, text: str) -> None:
    with pytest.raises(ValidationError, match="message"):
        Addition.model_validate({"kind": kind, "text": text})
