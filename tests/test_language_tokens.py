"""A message as words: folded to one spelling, with where each stands and which of them belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.tokens import fold, tokenise, words
from assistant.question import legible

any_text = st.one_of(
    st.text(), st.text(st.sampled_from("aé'’ .,!?…-–\n39,5gradenIıßÆ\u202e\u200b\ud800أ")), st.text("abc ., \n")
)


def clauses(message: str) -> list[list[str]]:
    return grouped(message, "clause")


def sentences(message: str) -> list[list[str]]:
    return grouped(message, "sentence")


def grouped(message: str, by: str) -> list[list[str]]:
    tokens = tokenise(message)
    numbers = list(dict.fromkeys(getattr(token, by) for token in tokens))
    return [words([token for token in tokens if getattr(token, by) == number]) for number in numbers]


# Fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Koorts", "koorts"),
        ("KOORTS", "koorts"),
        ("Dóóf", "doof"),
        ("m'n", "mn"),
        ("m’n", "mn"),
        ("m`n", "mn"),
        ("benauwd", "benauwd"),
        ("cafe\u0301", "cafe"),
        ("naïef", "naief"),
        ("Rückenschmerzen", "ruckenschmerzen"),
        ("größe", "grosse"),
        ("göğsüm", "gogsum"),
        ("SIRTIM", "sirtim"),
        ("sırtım", "sirtim"),
        ("żołądek", "zoladek"),
        ("أشعر", "اشعر"),
    ],
)
def test_a_word_is_the_same_however_it_is_written(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["piiiijn", "piiijn", "piiiiiiiiiiiiiiijn"])
def test_a_letter_held_down_counts_as_two(typed: str) -> None:
    assert fold(typed) == "piijn"


def test_a_letter_that_belongs_there_twice_stays_twice() -> None:
    assert fold("doof") == "doof"
    assert fold("zeer") == "zeer"


@given(st.text())
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


# Tokens


def test_words_stand_where_the_visitor_typed_them() -> None:
    message = "Ik heb  'n STIJVE nek!"
    assert [message[token.start : token.end] for token in tokenise(message)] == ["Ik", "heb", "n", "STIJVE", "nek"]


def test_a_decimal_comma_makes_one_number() -> None:
    (number,) = (token for token in tokenise("koorts van 39,5, sinds gisteren") if token.value)
    assert (number.text, number.value) == ("39.5", 39.5)


@pytest.mark.parametrize(
    ("word", "value"), [("veertien", 14), ("anderhalve", 1.5), ("zwei", 2), ("eight", 8), ("70", 70), ("rug", None)]
)
def test_a_number_in_words_counts_as_one_in_digits(word: str, value: float | None) -> None:
    (token,) = tokenise(word)
    assert token.value == value


def test_digits_stuck_to_letters_come_apart() -> None:
    assert words(tokenise("al 6weken 39graden")) == ["al", "6", "weken", "39", "graden"]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("geen koorts, wel pijn", [["geen", "koorts"], ["wel", "pijn"]]),
        ("koorts (hoog) en pijn", [["koorts"], ["hoog"], ["en", "pijn"]]),
        ("stijf... en doof", [["stijf"], ["en", "doof"]]),
        ("stijf… en doof", [["stijf"], ["en", "doof"]]),
        ("stijf - en doof", [["stijf"], ["en", "doof"]]),
        ("rug/nek", [["rug"], ["nek"]]),
        ("pijn. koorts", [["pijn"], ["koorts"]]),
        ("een anti-alarm", [["een", "anti", "alarm"]]),
    ],
)
def test_a_comma_a_bracket_or_a_pause_begins_a_clause(message: str, parts: list[list[str]]) -> None:
    assert clauses(message) == parts


@pytest.mark.parametrize("end", [".", "!", "?", ";", "\n", "?!", " .\n"])
def test_a_full_stop_or_a_new_line_begins_a_sentence(end: str) -> None:
    assert sentences(f"geen koorts{end} wel pijn") == [["geen", "koorts"], ["wel", "pijn"]]


@pytest.mark.parametrize("pause", [",", "...", "…", " - ", ":"])
def test_a_pause_does_not_end_a_sentence(pause: str) -> None:
    assert len(sentences(f"geen koorts{pause} wel pijn")) == 1


@given(any_text)
def test_every_token_is_a_folded_stretch_of_the_message_in_order(message: str) -> None:
    end = 0
    for token in tokenise(message):
        assert end <= token.start < token.end <= len(message)
        assert token.text
        assert token.text == fold(token.text) or message[token.start].isdigit()
        end = token.end


@given(any_text)
def test_clauses_and_sentences_only_count_up_and_a_sentence_begins_a_clause(message: str) -> None:
    tokens = tokenise(message)
    for before, after in zip(tokens, tokens[1:], strict=False):
        assert after.clause in (before.clause, before.clause + 1)
        assert after.sentence in (before.sentence, before.sentence + 1)
        assert after.sentence == before.sentence or after.clause == before.clause + 1
        assert after.stop - before.stop == after.sentence - before.sentence


@given(st.text("abcdefghijklmnopqrstuvwxyzéëüïç'’ .,?"))
def test_capitals_change_no_word(message: str) -> None:
    assert words(tokenise(message.upper())) == words(tokenise(message))


@pytest.mark.parametrize("message", ["½uur pijn", "¼A", "²a", "٣٩ koorts", "3٩", "①②", "Ⅷa"])
def test_a_number_of_another_kind_is_no_crash(message: str) -> None:
    assert all(token.text for token in tokenise(message))


# What a reader sees


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("ko\u200borts", "koorts"),
        ("ko\u00adorts", "koorts"),
        ("\u202estrook\u202c", "strook"),
        ("\ufeffkoorts\0", "koorts"),
        ("koorts\u3164", "koorts"),
        ("geen\nkoorts", "geen\nkoorts"),
        ("geen\r\n\tkoorts", "geen\r\n\tkoorts"),
        ("\ud83dkoorts", "koorts"),
    ],
)
def test_what_triage_reads_is_what_a_reader_sees(typed: str, seen: str) -> None:
    assert legible(typed) == seen


def test_a_line_break_still_ends_a_sentence_in_what_triage_reads() -> None:
    assert len(sentences(legible("geen\u200b koorts\nwel pijn"))) == 2


@given(any_text)
def test_making_legible_twice_is_making_legible_once(typed: str) -> None:
    assert legible(legible(typed)) == legible(typed)
