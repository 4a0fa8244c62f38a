"""The pattern language: each construct finds what its table says, nothing more; a slip in a pattern is named."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from triage_fakes import BARRIERS, FILLERS, groups_of, lexicon_of, places

from assistant.language.matching import Lexicon, Message
from assistant.language.patterns import Pattern, PatternError, groups_in_order, parse_pattern

# Words in order


def test_words_stand_after_each_other_with_only_small_words_between() -> None:
    assert places("pijn op borst", "ik heb pijn op mijn borst") == ["pijn op mijn borst"]
    assert places("pijn borst", "pijn op mijn heel borst") == ["pijn op mijn heel borst"]


@pytest.mark.parametrize("text", ["borst op pijn", "pijn rond borst", "pijn op, borst", "pijn. op borst", "pijn op"])
def test_words_in_another_order_or_with_others_between_are_not_it(text: str) -> None:
    assert places("pijn op borst", text) == []


def test_every_place_is_found() -> None:
    assert places("koorts", "koorts, en weer koorts") == ["koorts", "koorts"]


@pytest.mark.parametrize("text", ["KOORTS", "kóórts", "koorst", "kooooorts"])
def test_capitals_accents_and_slips_do_not_matter(text: str) -> None:
    assert places("koorts", text) == [text]


def test_apostrophes_do_not_matter() -> None:
    assert places("m'n rug", "mn rug en m’n rug") == ["mn rug", "m’n rug"]


# Up to three words between


@pytest.mark.parametrize("between", ["", "wat zeurende", "wat zeurende doffe", "mijn een de heel wat zeurende doffe"])
def test_up_to_three_words_may_stand_between(between: str) -> None:
    assert places("pijn … borst", f"pijn {between} borst") == [f"pijn {between} borst"]


@pytest.mark.parametrize("text", ["pijn wat zeurende doffe nare borst", "pijn, borst", "pijn. borst", "borst … pijn"])
def test_four_words_a_comma_or_another_order_is_too_much(text: str) -> None:
    assert places("pijn … borst", text) == []


def test_two_pauses_in_a_row_are_one() -> None:
    assert parse_pattern("pijn … … borst").sequences == parse_pattern("pijn … borst").sequences


# Both in one sentence


@pytest.mark.parametrize(
    "text",
    [
        "doof in kruis",
        "kruis is doof",
        "doof, vooral mijn kruis",
        "kruis, rug, bil, been, voet, teen, hiel doof",
        "doof/kruis",
    ],
)
def test_both_in_one_sentence_in_any_order(text: str) -> None:
    assert len(places("doof & kruis", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "doof. kruis",
        "doof\nkruis",
        "doof",
        "kruis a b c d e f g h doof",
    ],
)
def test_not_in_two_sentences_nor_more_than_seven_words_apart(text: str) -> None:
    assert places("doof & kruis", text) == []


def test_maar_does_not_part_what_belongs_together_with_an_ampersand() -> None:
    assert places("doof & kruis", "doof maar alleen in kruis") == ["doof maar alleen in kruis"]
    assert places("doof … kruis", "doof maar kruis") == []


def test_one_word_is_not_both() -> None:
    assert places("tintel* & tintelingen", "tintelingen") == []
    assert places("tintel* & tintelingen", "tintelt en tintelingen") == ["tintelt en tintelingen"]


def test_three_that_belong_together_are_found_in_any_order() -> None:
    assert places("arm & been & doof", "been en arm zijn doof") == ["been en arm zijn doof"]


# One of these


def test_one_of_these_words_is_enough() -> None:
    assert places("doof|gevoelloos kruis", "gevoelloos kruis, doof kruis, raar kruis") == [
        "gevoelloos kruis",
        "doof kruis",
    ]


def test_a_choice_may_be_more_than_one_word() -> None:
    assert places("gevoel weg|niet_meer_daar", "gevoel niet meer daar") == ["gevoel niet meer daar"]
    assert places("gevoel weg|niet_meer_daar", "gevoel is niet meer") == []


def test_a_choice_may_have_a_group_a_beginning_and_a_row_at_once() -> None:
    pattern = "<been>|tintel*|geen_kracht weg"
    for text in ("linkerbeen weg", "tintelingen weg", "geen kracht weg"):
        assert places(pattern, text, been=["linkerbeen"]) == [text]


# Begins, or ends, like this


@pytest.mark.parametrize("text", ["benauwd", "benauwdheid", "benauwend"])
def test_a_star_behind_finds_what_begins_so(text: str) -> None:
    assert places("benauw*", text) == [text]


@pytest.mark.parametrize("text", ["rugpijn", "pijn", "hoofdpijn"])
def test_a_star_before_finds_what_ends_so(text: str) -> None:
    assert places("*pijn", text) == [text]


def test_a_star_finds_no_other_word() -> None:
    assert places("benauw*", "onbenauwd bena") == []
    assert places("*pijn", "pijnlijk pijnen") == []


# Word groups


def test_a_group_is_one_of_its_phrases() -> None:
    groups = {"kruis": ["kruis", "tussen benen"], "doof": ["doof", "geen gevoel"]}
    for text in ("doof kruis", "geen gevoel tussen mijn benen", "doof tussen benen"):
        assert places("<doof> <kruis>", text, **groups) == [text]
    assert places("<doof> <kruis>", "doof benen", **groups) == []


def test_a_group_may_be_made_of_others() -> None:
    assert places("<streek> pijn", "nek pijn", streek=["<rug>", "<nek>"], rug=["rug*"], nek=["nek"]) == ["nek pijn"]


# Numbers


@pytest.mark.parametrize(
    ("pattern", "is_met", "is_not"),
    [
        ("{leeftijd>=65}", "ik ben 65", "ik ben 64"),
        ("{leeftijd<6}", "mijn zoon is 5", "mijn zoon is 6"),
        ("{leeftijd<=6}", "mijn zoon is 6", "mijn zoon is 7"),
        ("{duur>=42}", "al 6 weken", "al 5 weken"),
        ("{duur<=14}", "al 2 weken", "al 3 weken"),
        ("{graden>=38.5}", "koorts van 38,5", "koorts van 38,4"),
        ("{aantal>=8} pillen", "negen pillen", "7 pillen"),
    ],
)
def test_a_number_is_compared_as_it_is_written(pattern: str, is_met: str, is_not: str) -> None:
    assert len(places(pattern, is_met)) == 1
    assert places(pattern, is_not) == []


def test_a_number_of_another_kind_does_not_count() -> None:
    assert places("{leeftijd>=65}", "66 graden, al 70 weken") == []


# Small words, breaks and figures of speech


def test_maar_begins_anew_except_where_it_only_stresses() -> None:
    assert places("pijn … over", "pijn maar over") == []
    assert places("het gaat … over", "het gaat maar niet over") == ["het gaat maar niet over"]


def test_what_is_masked_is_found_nowhere() -> None:
    pattern = parse_pattern("hart & pijn")
    message = Message(
        "hart onder de riem, pijn in mijn hart", lexicon_of([pattern, parse_pattern("hart onder de riem")])
    )
    before = message.find(pattern)
    message.mask(message.find(parse_pattern("hart onder de riem")))
    assert len(before) == 2
    assert [message.quote(span) for span in message.find(pattern)] == ["pijn in mijn hart"]


def test_words_between_counts_no_small_words() -> None:
    message = Message("pijn op mijn linker borst", lexicon_of([]))
    assert message.words_between(0, 4) == 1
    assert message.words_between(3, 4) == 0
    assert message.words_between(4, 3) == 0


# What is wrong with a pattern


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "in '' ontbreekt een woord"),
        ("pijn &", "in '' ontbreekt een woord"),
        ("& pijn", "in '' ontbreekt een woord"),
        ("pijn …", "in 'pijn …' ontbreekt een woord"),
        ("…", "in '…' ontbreekt een woord"),
        ("doof|", "'doof|' is niet te lezen"),
        ("|doof", "'|doof' is niet te lezen"),
        ("pijn!", "'pijn!' is niet te lezen"),
        ("be*nauwd", "'be*nauwd' is niet te lezen"),
        ("<kruis", "'<kruis' is niet te lezen"),
        ("<Kruis>", "'<Kruis>' is niet te lezen"),
        ("{leeftijd=65}", "'{leeftijd=65}' is niet te lezen"),
        ("{leeftijd>=oud}", "'{leeftijd>=oud}' is niet te lezen"),
        ("{gewicht>=80}", "'gewicht' is geen soort getal; kies uit: leeftijd, duur, graden, aantal"),
        ("be*", "voor of achter het sterretje in 'be*' staan minstens 3 letters"),
        ("*jn", "voor of achter het sterretje in '*jn' staan minstens 3 letters"),
        ("*", "voor of achter het sterretje in '*' staan minstens 3 letters"),
        ("weg|niet_me.er", "'me.er' is niet te lezen"),
        ("_", "in '' ontbreekt een woord"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_which_part(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_pattern(pattern)
    assert str(caught.value).startswith(reason)


@given(st.text(st.sampled_from("ab…&|_*<>{}=0'. "), max_size=12))
def test_any_text_is_a_pattern_or_an_error_in_dutch(text: str) -> None:
    try:
        pattern = parse_pattern(text)
    except PatternError as error:
        assert any(word in str(error) for word in ("ontbreekt", "niet te lezen", "sterretje", "geen soort getal"))
    else:
        assert pattern.text == text
        assert all(sequence.elements for sequence in pattern.sequences)


def test_groups_come_after_the_groups_they_are_made_of() -> None:
    order = groups_in_order(groups_of(streek=["<rug>", "pijn|<nek>_vast"], nek=["nek"], rug=["rug", "<nek>"]))
    assert order == ["nek", "rug", "streek"]


def test_a_group_that_is_not_there_is_named() -> None:
    with pytest.raises(PatternError, match="de woordgroep <bil> bestaat niet"):
        groups_in_order(groups_of(rug=["<bil>"]))


@pytest.mark.parametrize(
    "groups", [{"rug": ["<rug>"]}, {"rug": ["<nek>"], "nek": ["<rug>"]}, {"rug": ["pijn|in_<rug>"]}], ids=repr
)
def test_a_group_that_comes_back_to_itself_is_named(groups: dict[str, Sequence[str]]) -> None:
    with pytest.raises(PatternError, match="verwijst naar zichzelf"):
        groups_in_order(groups_of(**groups))


# The index of anchors

GROUPS = groups_of(
    kruis=["kruis", "tussen benen", "{aantal>=2} billen"],
    doof=["doof", "geen gevoel|tintel*"],
    beide=["<kruis>", "<doof>"],
)
PATTERNS = tuple(
    map(
        parse_pattern,
        [
            "doof",
            "pijn op borst",
            "pijn … borst",
            "<doof> & <kruis>",
            "<beide> weg",
            "tintel*|*pijn … borst|niet_meer",
            "{leeftijd>=65} & <kruis>",
            "{graden>=38}|koorts",
            "niet|geen … plassen",
            "weg|niet_meer_weg & doof",
            "{aantal>=8} pijn",
        ],
    )
)
VOCABULARY = (
    "doof gevoel geen niet meer plassen pijn rugpijn op borst kruis tussen benen billen tintelt tintelingen weg koorts "
    "koorst broost plasen mijn een maar gaat ik ben 39 72 8 38,5 graden jaar , . …"
).split()


class Everything(frozenset[str]):
    """A set that has whatever is asked of it."""

    def __contains__(self, item: object) -> bool:
        return True


class BruteForce(Message):
    """Looks for every pattern, whatever words are there."""

    @property
    def _possible(self) -> frozenset[str]:
        return Everything()


LEXICON = Lexicon(GROUPS, PATTERNS, FILLERS, BARRIERS, frozenset({"gaat"}))


def found(message: Message) -> dict[str, list[tuple[int, ...]]]:
    return {pattern.text: message.find(pattern) for pattern in PATTERNS}


messages = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)


@given(messages)
@example("ik ben 72 en doof tussen mijn benen")
@example("tintelingen niet meer , 8 pijn")
def test_the_index_of_anchors_finds_what_looking_everywhere_finds(text: str) -> None:
    assert found(Message(text, LEXICON)) == found(BruteForce(text, LEXICON))


@given(messages, st.sets(st.integers(0, 13), max_size=4))
@example("doof en doof kruis", {0})
@example("ik ben 72 , kruis", {2})
def test_the_index_of_anchors_forgets_what_is_masked(text: str, hidden: set[int]) -> None:
    indexed, brute = Message(text, LEXICON), BruteForce(text, LEXICON)
    found(indexed)
    for message in (indexed, brute):
        message.mask([(place,) for place in hidden if place < len(message.tokens)])
    assert found(indexed) == found(brute)


@given(messages)
def test_every_find_is_of_ascending_places_in_one_sentence_and_never_masked(text: str) -> None:
    message = Message(text, LEXICON)
    for spans in found(message).values():
        for span in spans:
            assert list(span) == sorted(set(span))
            assert len({message.tokens[place].stop for place in span}) == 1


@given(messages, st.integers(0, 3))
def test_small_words_before_a_message_change_nothing_that_is_found(text: str, count: int) -> None:
    moved = [
        {tuple(place - count for place in span) for span in spans}
        for spans in found(Message("op " * count + text, LEXICON)).values()
    ]
    assert moved == [set(spans) for spans in found(Message(text, LEXICON)).values()]


def test_every_number_of_a_measure_can_be_an_anchor() -> None:
    patterns: list[Pattern] = [parse_pattern("{duur>=42}"), parse_pattern("{leeftijd>=65}")]
    message = Message("al 6 weken, ik ben 70", lexicon_of(patterns))
    assert [message.find(pattern) for pattern in patterns] == [[(1, 2)], [(5,)]]
