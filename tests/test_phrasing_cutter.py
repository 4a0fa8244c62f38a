"""What a model says → sentences with the passages they cite, however it is cut into tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_prompt import pieces_of
from scripted_steps import Say, Scenario, scenarios

from assistant.phrasing.cutter import CitedSentence, Cutter

_MOST_CHARS = 1_000


def cut(text: str, size: int = 1) -> list[CitedSentence]:
    cutter = Cutter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [sentence for piece in pieces for sentence in cutter.feed(piece)] + cutter.finish()


def said(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.numbers) for sentence in cut(text)]


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in cut(text)]


# Citations


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Rust helpt. [1]", (1,)),
        ("Rust helpt [1].", (1,)),
        ("Rust helpt.[1]", (1,)),
        ("Rust helpt. [1][2]", (1, 2)),
        ("Rust helpt. [1] [2]", (1, 2)),
        ("Rust helpt [2]. [1]", (2, 1)),
        ("Rust helpt. [1, 2]", (1, 2)),
        ("Rust helpt. [1;2]", (1, 2)),
        ("Rust helpt. [ 1 ]", (1,)),
        ("Rust helpt. [1]. ", (1,)),
        ("Rust helpt. [2][2][1][2]", (2, 1)),
        ("Rust helpt.[ 1 ][2] ", (1, 2)),
        ("Rust helpt. [0]", (0,)),
        ("Rust helpt. [99]", (99,)),
        ("Rust helpt.", ()),
    ],
)
def test_a_citation_is_of_the_sentence_it_stands_in_or_behind(text: str, numbers: tuple[int, ...]) -> None:
    assert said(text) == [("Rust helpt.", numbers)]
    assert said(f"{text} Bewegen ook. [3]") == [("Rust helpt.", numbers), ("Bewegen ook.", (3,))]


def test_a_mark_of_exclamation_ends_a_sentence_before_a_citation_too() -> None:
    assert said("Rust helpt![1] Warmte ook! [2] Slaap![ 3 ]") == [
        ("Rust helpt!", (1,)),
        ("Warmte ook!", (2,)),
        ("Slaap!", (3,)),
    ]


def test_a_citation_in_the_middle_is_of_the_whole_sentence() -> None:
    assert said("Rust [1], warmte[2] en slaap [1] helpen. [3]") == [("Rust, warmte en slaap helpen.", (1, 2, 3))]


def test_a_citation_in_front_is_of_nothing() -> None:
    assert said("[1] Rust helpt. Warmte ook.\n[2]\n[3] Slaap niet.\n[1][2]Beweeg.") == [
        ("Rust helpt.", ()),
        ("Warmte ook.", ()),
        ("Slaap niet.", ()),
        ("Beweeg.", ()),
    ]


def test_citations_alone_are_no_sentence() -> None:
    assert said("[1]") == said("[1] [2]\n[3]" + " [1]" * 2_000) == []


def test_a_citation_does_not_make_two_words_one() -> None:
    assert texts("Neem 8[1]00 mg.") == ["Neem 8 00 mg."]


@pytest.mark.parametrize(
    "odd", ["[1-5]", "[-1]", "[1.5]", "[１]", "[¹]", "[+1]", "[I]", "[]", "[1,]", "[,1]", "[1 2]", "[1234]", "[1", "1]"]
)
def test_what_is_no_plain_citation_stays_to_be_seen(odd: str) -> None:
    found = cut(f"Rust helpt {odd}")
    assert "".join(sentence.text for sentence in found).replace(" ", "") == f"Rusthelpt{odd}".replace(" ", "")
    assert not any(sentence.numbers for sentence in found)


def test_a_number_that_has_no_end_is_not_waited_for() -> None:
    assert said("Rust helpt. [" + "9" * 500 + "]")[0] == ("Rust helpt.", ())


# Where sentences end


def test_without_a_full_stop_a_capital_behind_the_citation_begins_the_next() -> None:
    assert said("Rust helpt [1] Warmte ook [2]\nSlaap niet") == [
        ("Rust helpt", (1,)),
        ("Warmte ook", (2,)),
        ("Slaap niet", ()),
    ]


def test_sentences_without_a_space_between_them_are_two() -> None:
    assert said("Rust helpt.[1]Warmte ook.[2]Slaap.Dat weet u.") == [
        ("Rust helpt.", (1,)),
        ("Warmte ook.", (2,)),
        ("Slaap.", ()),
        ("Dat weet u.", ()),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Neem bijv. warmte of o.a. rust.",
        "Volgens dr. Jansen helpt rust.",
        "Loop 10.000 stappen, 10,5 keer per week.",
        "Rust m.b.t. sport … helpt volgens J.W. Nelissen.",
        "Kijk op www.praktijk.nl voor meer.",
        "Rust [1] helpt bijv. [2] bij stress.",
        "“Rust helpt. Sterker nog: warmte ook.”",
        "Dit geldt (ook hier!) voor u.",
    ],
)
def test_a_full_stop_inside_a_sentence_ends_nothing(sentence: str) -> None:
    bare = re.sub(r" \[\d\]", "", sentence)
    assert [found.text for found in cut(f"{sentence} [3] Slaap ook.")] == [bare, "Slaap ook."]


def test_sentences_without_citations_end_where_those_of_the_articles_do() -> None:
    assert said("Rust helpt. Of toch niet? Beweeg! Klaar… Goed zo. [1]") == [
        ("Rust helpt.", ()),
        ("Of toch niet?", ()),
        ("Beweeg!", ()),
        ("Klaar…", ()),
        ("Goed zo.", (1,)),
    ]


def test_closing_marks_belong_to_the_sentence() -> None:
    assert said("(Rust helpt.) [1] “Warmte ook.” [2] 'Slaap!' [3]") == [
        ("(Rust helpt.)", (1,)),
        ("“Warmte ook.”", (2,)),
        ("'Slaap!'", (3,)),
    ]


def test_a_quotation_that_is_never_closed_ends_at_its_citation() -> None:
    assert said("“Rust helpt. [1] Warmte ook. [2]") == [("“Rust helpt.", (1,)), ("Warmte ook.", (2,))]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "– ", "1. ", "12. ", "2) ", "  - ", "-\u00a0"])
def test_a_list_item_is_a_sentence_without_its_mark(mark: str) -> None:
    assert said(f"{mark}warmte [1]\n{mark}veel rust. Echt veel. [2]\n\n{mark}slaap") == [
        ("warmte", (1,)),
        ("veel rust.", ()),
        ("Echt veel.", (2,)),
        ("slaap", ()),
    ]


def test_a_dash_or_number_that_opens_no_line_is_no_mark() -> None:
    assert texts("Rust - en warmte - helpt. [1] - Slaap. [1]\n-5 graden.\n3 keer.") == [
        "Rust - en warmte - helpt.",
        "- Slaap.",
        "-5 graden.",
        "3 keer.",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\v", "\f", "\x85", "\n\n"])
def test_a_line_ends_what_stands_on_it(end: str) -> None:
    assert said(f"Rust helpt{end}Warmte ook [1]{end}") == [("Rust helpt", ()), ("Warmte ook", (1,))]


def test_white_space_is_one_space() -> None:
    assert texts("  Rust \t\u00a0 helpt \u2003 wel.  \n \n") == ["Rust helpt wel."]


# As soon as it is whole


@pytest.mark.parametrize(
    ("text", "shown_by"),
    [
        ("Rust helpt. [1]", " B"),
        ("Rust helpt [1].", " B"),
        ("Rust helpt.[1]", "B"),
        ("Rust helpt. [1]", "\n"),
        ("- rust [1]", "\n"),
        ("Rust helpt. [1]", " !["),
        ("Rust helpt.", " Be "),
    ],
)
def test_a_sentence_is_given_with_the_first_character_that_is_not_of_it(text: str, shown_by: str) -> None:
    cutter = Cutter()
    assert cutter.feed(text + shown_by[:-1]) == []
    assert len(cutter.feed(shown_by[-1])) == 1


# Markup and what cannot be seen


@pytest.mark.parametrize("text", ["**Rust** helpt _echt_.", "__Rust__ *helpt* ***echt***.", "**Rust helpt echt.**"])
def test_emphasis_around_words_is_left_out(text: str) -> None:
    assert said(f"{text} [1] En slaap. [2]") == [("Rust helpt echt.", (1,)), ("En slaap.", (2,))]


@pytest.mark.parametrize(
    "text",
    [
        "# Behandelplan",
        "![schouder](https://kwaad.example/p.png?v=1)",
        "Lees [meer](http://kwaad.example).",
        "Lees [1](http://kwaad.example).",
        "Rust<img src=x onerror=alert(1)> helpt.",
        "<script>window.hacked=1</script>",
        "| deltaspier | 5 ml |",
        "```sh",
        "`rm -rf /`",
        "~~niet~~ doen.",
        "Neem 8**00** mg.",
        "Een * ster en een _ streep.",
        "&lt;b&gt;",
        "{naam} $$x$$",
        "> Rust helpt.",
    ],
)
def test_other_markup_stays_to_be_seen(text: str) -> None:
    assert texts(f"Rust helpt. [1]\n{text}\nDus. [1]") == ["Rust helpt.", text, "Dus."]


def test_an_image_behind_a_sentence_is_not_of_it() -> None:
    assert said("Rust helpt. [1] ![x](https://kwaad.example) [1]")[0] == ("Rust helpt.", (1,))
    assert said("Rust helpt [1] ![x](https://kwaad.example) [1]")[0] == ("Rust helpt", (1,))


@pytest.mark.parametrize("char", [*"\u200b\u200c\u200d\u2060\ufeff\u202e\u2066\x07\x1b\x00\x1c\x1d\x1e\x1f", "\ud83d"])
def test_what_cannot_be_seen_is_neither_lost_nor_a_space(char: str) -> None:
    assert texts(f"Neem 8{char}00 mg. [1]") == [f"Neem 8{char}00 mg."]


# Not found


@pytest.mark.parametrize(
    "text", ["NIET GEVONDEN", "niet gevonden.", "Niet  gevonden!", "**NIET GEVONDEN**", "“NIET GEVONDEN.” [1]"]
)
def test_the_mark_of_not_found_is_known_in_any_dress(text: str) -> None:
    assert [sentence.is_not_found for sentence in cut(text)] == [True]


def test_the_mark_of_not_found_is_known_with_other_sentences_around_it() -> None:
    found = cut("Rust helpt. [1] NIET GEVONDEN. Maar ik weet het wel. [1]")
    assert [sentence.is_not_found for sentence in found] == [False, True, False]


@pytest.mark.parametrize("text", ["De oorzaak is niet gevonden.", "Niet", "Gevonden niet.", "Nietgevonden", ""])
def test_other_words_are_not_the_mark(text: str) -> None:
    assert not any(sentence.is_not_found for sentence in cut(text))


# What has no end


@pytest.mark.parametrize(
    "endless", ["draai", "en dan ", "a. ", "[1, ", "[ ", "“Zo. ", "* ", "(", ". ", "\u200b", "1) ", "Ja! Ja", "9"]
)
def test_what_has_no_end_is_not_kept(endless: str) -> None:
    cutter = Cutter()
    fed, given = "", ""
    while len(fed) < 8 * _MOST_CHARS:
        fed += endless
        given += "".join(sentence.text for sentence in cutter.feed(endless))
    left = "".join(sentence.text for sentence in cutter.finish())
    assert len(left) <= _MOST_CHARS
    assert re.sub(r"\s", "", given + left) == re.sub(r"\s", "", fed).removeprefix("*").removeprefix("1)")


def test_the_rest_of_what_was_too_long_cites_nothing() -> None:
    found = cut("Het is niet waar dat " + "men denkt dat " * 100 + "rust helpt. [1] Warmte helpt. [1]")
    assert [sentence.numbers for sentence in found] == [(), (), (1,)]
    assert found[1].text.endswith("rust helpt.")
    assert found[2].text == "Warmte helpt."


# However it is cut

WORDS = st.sampled_from(
    ["Rust", "helpt", "bij", "pijn", "De", "o.a", "dr", "10,5", "2024", "é", "www.x.nl", "“Ja”", "(niet)", "İ", "ß"]
)
MARKS = st.sampled_from(
    [" ", ". ", ".", "? ", "!", "… ", ": ", "\n", "\r\n", "\n\n", "“", "”", "[1]", " [2]", "[1, 2]", "[ 1 ]", "[", "]"]
    + ["[1](x)", "![a](b)", "<b>", "# ", "\u200b", "\u202e", "\x1f", "\u00a0", "[1-5]", "]. ", " - ", ", "]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(st.one_of(WORDS, MARKS), max_size=40).map("".join))


@given(TEXT, st.integers(1, 9))
def test_however_it_is_cut_the_same_sentences_come_out(text: str, size: int) -> None:
    assert cut(text, size) == cut(text, max(1, len(text)))


@given(TEXT)
def test_nothing_is_lost_but_white_space_citations_and_marks(text: str) -> None:
    """Of what carries meaning: letters, digits, and what only markup is made of."""
    uncited = re.sub(r"\[\s*[0-9]{1,3}(\s*[,;]\s*[0-9]{1,3})*\s*\](?!\()", " ", text)
    unmarked = re.sub(r"(?m)^\s*\d{1,2}[.)]\s", "", uncited)
    assert _telling("".join(sentence.text for sentence in cut(text))) == _telling(unmarked)


def _telling(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "<>#!?&{}|`\u200b\u202e\x1f")


@given(TEXT)
def test_no_sentence_is_blank_or_has_a_citation_in_it(text: str) -> None:
    for sentence in cut(text):
        assert sentence.text.strip(" ")
        assert not re.search(r"\[[0-9]\](?!\()", sentence.text)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_every_scenario_is_cut_the_same_in_tokens_as_whole(scenario: Scenario) -> None:
    said_by_it = [each.say for each in scenario.script if isinstance(each, Say)]
    for text in said_by_it:
        cutter = Cutter()
        assert [*(s for piece in pieces_of(text) for s in cutter.feed(piece)), *cutter.finish()] == cut(text, 10_000)
