"""Text → sentences that may be quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences_in, word_count


def quotable(text: str, item: int | None = None) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences_in(text, 0, len(text), item)]


def test_sentences_end_at_a_full_stop_question_or_exclamation_mark() -> None:
    assert quotable("Rust helpt. Of toch niet? Beweeg! Klaar…") == ["Rust helpt.", "Of toch niet?", "Beweeg!", "Klaar…"]


def test_a_full_stop_glued_to_the_next_sentence_still_ends_one() -> None:
    assert quotable("De spier wordt belast.Je moet rusten.") == ["De spier wordt belast.", "Je moet rusten."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Massage helpt o.a. bij stress.",
        "De adviezen m.b.t. sport helpen.",
        "Volgens de heer J.W. N. helpt rust.",
        "Zet 10.000 stappen per dag.",
        "Bijv. warmte helpt vaak.",
        "Kijk op www.praktijk.nl voor meer.",
    ],
)
def test_a_full_stop_in_an_abbreviation_name_number_or_address_ends_nothing(sentence: str) -> None:
    assert quotable(sentence) == [sentence]


@pytest.mark.parametrize("opening", ["“", "„"])
def test_a_quotation_is_never_quoted_by_half(opening: str) -> None:
    spoken = f"Onderzoeker: {opening}Veel behandelingen helpen niet. Sterker nog; ze maken het erger”."
    assert quotable(f"{spoken} Dat is zo.") == [spoken, "Dat is zo."]


def test_a_quotation_that_is_never_closed_does_not_swallow_the_rest() -> None:
    assert quotable("“Rust helpt. Beweging ook.") == ["“Rust helpt.", "Beweging ook."]


@pytest.mark.parametrize("fragment", ["Rugpijn", "Checklist", "Figuur 1", "Een korte kop"])
def test_a_few_words_without_closing_punctuation_are_no_sentence(fragment: str) -> None:
    assert quotable(fragment) == []
    assert quotable(f"Rust helpt. {fragment}") == ["Rust helpt."]


def test_a_longer_line_is_a_sentence_also_without_a_full_stop() -> None:
    assert quotable("Het verhelpen kan vaak met massage") == ["Het verhelpen kan vaak met massage"]


def test_a_list_item_is_a_sentence_however_short_but_not_what_is_glued_behind_it() -> None:
    assert quotable("warmte", item=0) == ["warmte"]
    assert quotable("Overleg altijd met uw arts.Checklist", item=0) == ["Overleg altijd met uw arts."]


def test_only_the_stretch_asked_for_is_read_and_offsets_count_from_the_start_of_the_text() -> None:
    text = "Vooraf. Rust  helpt. Daarna."
    (sentence,) = sentences_in(text, 8, 20, item=3)
    assert (sentence.start, sentence.end, sentence.item) == (8, 20, 3)
    assert text[sentence.start : sentence.end] == "Rust  helpt."


def test_words_are_counted_without_their_punctuation() -> None:
    assert word_count("Rust – warmte, (3 x) én …") == 5


TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["Rust helpt", "pijn", ". ", ".", "? ", "! ", "… ", ": ", "; ", "“", "”", "„", "o.a. ", "J.W. ", "3 ", ")"]
            + ["Je", " ", "  ", "\u00a0", "\n", "\n\n", "\u2028", "’", '"', "- ", "arts.Check"]
        ),
        max_size=25,
    ).map("".join),
)


@given(TEXT, st.integers(0, 80), st.integers(0, 80), st.sampled_from([None, 0]))
def test_sentences_of_any_text_are_tight_slices_in_order(text: str, one: int, other: int, item: int | None) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    for sentence in sentences_in(text, start, end, item):
        assert start <= sentence.start < sentence.end <= end
        assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
        start = sentence.end


SENTENCE = st.sampled_from(
    [
        "Rust helpt.",
        "En wat nu?",
        "“Beweeg. Echt waar”.",
        "Massage, o.a. bij stress, helpt!",
        "Let op: rust.",
        "Klaar…",
    ]
)


@given(st.lists(SENTENCE, max_size=8))
def test_of_running_text_no_sentence_is_lost(sentences: list[str]) -> None:
    assert quotable("  ".join(sentences)) == sentences
