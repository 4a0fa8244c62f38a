"""A visitor may type anything; what goes on to the search is visible, bounded and in one spelling."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant import texts
from assistant.errors import EmptyQuestionError, QuestionError, QuestionTooLongError, UnreadableQuestionError
from assistant.question import clean_question

ENOUGH = 10_000
# What a font draws as nothing, by name: an independent list, not the one the code uses.
BLANK_NAMES = (
    "VARIATION SELECTOR",
    "HANGUL FILLER",
    "HANGUL CHOSEONG FILLER",
    "HANGUL JUNGSEONG FILLER",
    "COMBINING GRAPHEME JOINER",
    "BRAILLE PATTERN BLANK",
)

unicode_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
odd_text = st.text(st.sampled_from("ab é e\u0301 \0\t\n\u200b\u200d\u202e\ufeff\ufe0f\u3164\u2800\u034f\u00a0\u3000😀"))


def is_invisible(char: str) -> bool:
    blank = any(name in unicodedata.name(char, "") for name in BLANK_NAMES)
    return blank or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def cleaned(raw: str) -> str:
    """Empty for a question that is refused."""
    try:
        return clean_question(raw, ENOUGH)
    except QuestionError:
        return ""


def test_an_ordinary_question_is_left_as_it_is() -> None:
    assert clean_question("Hoe lang duurt een frozen shoulder (à peu près)?", ENOUGH) == (
        "Hoe lang duurt een frozen shoulder (à peu près)?"
    )


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("rug\0pijn", "rugpijn"),
        ("rug\x07pijn\x1b[31m", "rugpijn[31m"),
        ("\u202enjipgur\u202c", "njipgur"),
        ("\u2066rug\u2069", "rug"),
        ("rug\u200b\u200c\u200d\u2060pijn\ufeff", "rugpijn"),
        ("rug\u00adpijn", "rugpijn"),
        ("rugpijn\U000e0041\U000e0042", "rugpijn"),
        ("rugpijn\U000e0100\ufe0f", "rugpijn"),
        ("rug\u3164pijn\u2800", "rugpijn"),
        ("rug\ue000pijn", "rugpijn"),
    ],
    ids=[
        "nul",
        "controls",
        "override",
        "isolate",
        "zero width",
        "soft hyphen",
        "tags",
        "selectors",
        "fillers",
        "private",
    ],
)
def test_what_cannot_be_seen_is_gone(raw: str, seen: str) -> None:
    assert clean_question(raw, ENOUGH) == seen


def test_white_space_of_every_kind_becomes_one_space() -> None:
    assert clean_question("\n rug\t\r\n\u00a0\u3000\u2028pijn \n", ENOUGH) == "rug pijn"


def test_two_spellings_of_one_letter_become_the_same() -> None:
    assert clean_question("e\u0301e\u0301n", ENOUGH) == clean_question("\u00e9\u00e9n", ENOUGH)


@pytest.mark.parametrize("raw", ["😀", "rugpijn 😭", "👍🏽", "?", "!!!", "...", "¿", "<b>", "'; --"])
def test_emoji_and_punctuation_are_a_question_too(raw: str) -> None:
    assert clean_question(raw, ENOUGH) == raw


@pytest.mark.parametrize("raw", ["", " ", "\n\t", "\0", "\u200b\u202e", "\ufe0f", "\u3164", "\u2800 \u00ad"])
def test_a_question_without_anything_to_see_is_empty(raw: str) -> None:
    with pytest.raises(EmptyQuestionError) as caught:
        clean_question(raw, ENOUGH)
    assert str(caught.value) == texts.QUESTION_EMPTY


def test_a_question_of_exactly_the_limit_is_taken() -> None:
    assert clean_question("a" * 50, 50) == "a" * 50


def test_one_character_more_is_refused_with_the_limit_named() -> None:
    with pytest.raises(QuestionTooLongError, match="hoogstens 50 tekens"):
        clean_question("a" * 51, 50)


@pytest.mark.parametrize("char", [" ", "\0", "\u200b", "😀"])
def test_every_character_typed_counts_seen_or_not(char: str) -> None:
    with pytest.raises(QuestionTooLongError):
        clean_question(char * 51, 50)


@pytest.mark.parametrize("raw", ["\ud83d", "rug \udc80 pijn", "\udfff\ud800"])
def test_half_a_surrogate_pair_is_refused(raw: str) -> None:
    with pytest.raises(UnreadableQuestionError) as caught:
        clean_question(raw, ENOUGH)
    assert str(caught.value) == texts.QUESTION_NOT_READABLE


@given(st.one_of(unicode_text, odd_text))
def test_nothing_invisible_ever_comes_through(raw: str) -> None:
    assert [char for char in cleaned(raw) if is_invisible(char)] == []


@given(st.one_of(unicode_text, odd_text))
@example("e\u200b\u0301")
@example("\u1100\u115f\u1161")
@example("a \ufe0f b")
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert cleaned(cleaned(raw)) == cleaned(raw)


@given(st.one_of(unicode_text, odd_text))
def test_a_cleaned_question_is_one_trimmed_line(raw: str) -> None:
    assert cleaned(raw) == " ".join(cleaned(raw).split())


@given(st.text(), st.integers(50, 200))
def test_any_text_is_cleaned_or_refused_in_dutch(raw: str, limit: int) -> None:
    try:
        assert clean_question(raw, limit)
    except QuestionError as error:
        assert str(error) in {
            texts.QUESTION_EMPTY,
            texts.QUESTION_NOT_READABLE,
            texts.QUESTION_TOO_LONG.format(limit=limit),
        }
