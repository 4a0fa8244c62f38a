"""Slips of the finger are mended towards the words of the rules; good Dutch is left as it is."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.spelling import Spelling
from assistant.language.tokens import Token, fold, tokenise, words

WORDS = (
    "benauwd blijft borst broek been doof druk gevoel gezicht hart hartaanval kan koorts kracht kruis linkerarm lucht "
    "niet ooglid pijn plassen rug rugpijn tussen verlamd zweet"
).split()
BEGINNINGS = ("tintel", "zwanger", "duizel")
SMALL = ("mijn", "een", "op", "de", "in", "het")


def spelling(vocabulary: Iterable[str] = WORDS) -> Spelling:
    return Spelling(frozenset(vocabulary), frozenset(BEGINNINGS), frozenset(SMALL))


def split(message: str) -> list[str]:
    return words(spelling().split(tokenise(message)))


# Slips


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_rules_means_itself_and_nothing_else(word: str) -> None:
    assert spelling().meant(word) == (word,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("benuawd", "benauwd"),
        ("benaudw", "benauwd"),
        ("benauwdd", "benauwd"),
        ("krahct", "kracht"),
        ("plasen", "plassen"),
        ("plasssen", "plassen"),
        ("verlmad", "verlamd"),
        ("hartanval", "hartaanval"),
        ("gevol", "gevoel"),
        ("tusen", "tussen"),
        ("zwangre", "zwanger"),
    ],
)
def test_a_slip_means_the_word_it_is_nearest_to(typed: str, meant: str) -> None:
    assert spelling().meant(typed) == (meant,)


@pytest.mark.parametrize("typed", ["hartanvval", "hatraanval"])
def test_a_long_word_may_have_two_slips(typed: str) -> None:
    assert spelling().meant(typed) == ("hartaanval",)


@pytest.mark.parametrize("typed", ["krxxht", "kxxcht", "bexxuwd"])
def test_a_short_word_may_not(typed: str) -> None:
    assert spelling().meant(typed) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gezigt", "gezicht"), ("blyft", "blijft"), ("kruys", "kruis"), ("gezicgt", "gezicht"), ("drukk", "druk")],
)
def test_a_word_said_alike_is_the_same_word(typed: str, meant: str) -> None:
    assert spelling().meant(typed) == (meant,)


@pytest.mark.parametrize("held", ["piiijn", "booorst", "plaaaassen", "beeeeenauwd"])
def test_letters_held_down_change_no_word(held: str) -> None:
    (meant,) = spelling().meant(fold(held))
    assert meant in WORDS


def test_a_slip_in_how_a_word_begins_still_begins_so() -> None:
    assert spelling().meant("tnitelingen") == ("tintel",)
    assert spelling().meant("zwagnerschap") == ("zwanger",)


# Good Dutch


@pytest.mark.parametrize(
    "typed",
    [
        "hard",
        "hartje",
        "dorst",
        "worst",
        "drug",
        "brug",
        "terug",
        "kuis",
        "doos",
        "broer",
        "beer",
        "lacht",
        "wacht",
        "zwart",
        "dorsten",
        "klassen",
        "passen",
        "fijn",
        "tussenstuk",
    ],
)
def test_a_good_dutch_word_is_no_slip_of_another(typed: str) -> None:
    assert spelling().meant(typed) == ()


@pytest.mark.parametrize("typed", ["hartstikke", "hartelijk", "hartstocht"])
def test_hartstikke_is_no_heart(typed: str) -> None:
    assert "hart" not in spelling().meant(typed)
    assert split(typed) == [typed]


def test_two_letters_swapped_are_a_slip_even_where_the_dictionary_knows_the_result() -> None:
    assert spelling().meant("brost") == ("borst",)


def test_a_short_word_of_the_dictionary_is_no_swap_of_another() -> None:
    assert spelling(["bord"]).meant("brod") == ()


def test_three_letters_are_too_few_to_mend() -> None:
    assert spelling().meant("rgu") == ()
    assert spelling().meant("rug") == ("rug",)


@pytest.mark.parametrize("typed", ["", "39.5", "14", "bénauwd1", "a", "😀😀😀😀"])
def test_what_is_no_word_means_nothing(typed: str) -> None:
    assert spelling().meant(typed) == ()


# Words typed without the space between them


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("mijnkruis", ["mijn", "kruis"]),
        ("nietplassen", ["niet", "plassen"]),
        ("pijnopborst", ["pijn", "op", "borst"]),
        ("doofgevoel", ["doof", "gevoel"]),
        ("borstdoet", ["borst", "doet"]),
    ],
)
def test_words_that_stick_together_come_apart(typed: str, parts: list[str]) -> None:
    assert split(typed) == parts


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("linkerooglid", ["linker", "ooglid"]),
        ("rechterborst", ["rechter", "borst"]),
        ("rechterbeen", ["rechter", "been"]),
        ("linkeroogleden", ["linker", "oogleden"]),
    ],
)
def test_a_side_comes_apart_from_what_it_is_a_side_of(typed: str, parts: list[str]) -> None:
    assert split(typed) == parts


@pytest.mark.parametrize("typed", ["linkerarm", "linker", "rechters", "linkerd"])
def test_a_side_that_is_a_word_of_its_own_stays_whole(typed: str) -> None:
    assert split(typed) == [typed]


@pytest.mark.parametrize(
    "typed", ["rugpijn", "hartstikke", "borstel", "kruispunt", "gevoelig", "plaspauze", "onderrug"]
)
def test_a_good_dutch_word_is_not_taken_apart(typed: str) -> None:
    assert split(typed) == [typed]


def test_a_slip_of_one_word_is_not_taken_apart() -> None:
    assert split("benuawd") == ["benuawd"]
    assert split("rugpijnde") == ["rugpijnde"]


def test_the_parts_stand_where_they_were_typed() -> None:
    message = "heb pijnopborst"
    found = spelling().split(tokenise(message))
    assert [message[token.start : token.end] for token in found] == ["heb", "pijn", "op", "borst"]


any_word = st.one_of(
    st.text("abcdeghiklmnoprstuvwz", max_size=14),
    st.lists(st.sampled_from([*WORDS, *SMALL, "linker", "rechter"]), max_size=4).map("".join),
)


@given(st.lists(any_word, max_size=5).map(" ".join))
def test_taking_apart_loses_no_letter_and_moves_no_word(message: str) -> None:
    whole = tokenise(message)
    parts = spelling().split(whole)
    assert "".join(words(parts)) == "".join(words(whole))
    assert all(isinstance(part, Token) and 0 <= part.start <= part.end <= len(message) for part in parts)
    assert [part.start for part in parts] == sorted(part.start for part in parts)


@given(any_word)
def test_every_word_that_was_meant_is_a_word_or_beginning_of_the_rules(word: str) -> None:
    assert set(spelling().meant(word)) <= {*WORDS, *BEGINNINGS}


@given(any_word)
def test_the_same_word_is_always_read_the_same(word: str) -> None:
    speller = spelling()
    assert speller.meant(word) == speller.meant(word) == spelling().meant(word)
