"""Passages that say the same are merged; what is not the same stays."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import ChunkSettings, chunk
from ingest.dedup import Merge, merge_duplicates
from ingest.markdown import parse_article
from ingest.passage import Passage
from ingest.read import read_corpus

CORPUS = Path(__file__).parent.parent / "corpus"
LONG = (
    "Pijn in de bovenrug is een klacht die veel mensen ooit krijgen, vaak na lang zitten in dezelfde houding, "
    "en die meestal na een paar weken vanzelf weer over is als je blijft bewegen en de spieren wat warmte geeft."
)


def passages(*bodies: str) -> list[Passage]:
    """Of articles that are called Artikel 0, Artikel 1, …"""
    return [
        passage
        for number, body in enumerate(bodies)
        for passage in chunk(parse_article(f"---\ntitle: Artikel {number}\n---\n{body}", Path("a.md")), ChunkSettings())
    ]


def merged(*bodies: str) -> tuple[list[str], list[Merge]]:
    kept, merges = merge_duplicates(passages(*bodies))
    return [passage.text for passage in kept], merges


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


# What is the same


def test_equal_passages_become_the_first_which_remembers_the_other_place() -> None:
    one, other = passages(LONG, f"## Elders\n\n{LONG}")
    (kept,), (merge,) = merge_duplicates([one, other])
    assert kept.slug == "artikel-0"
    assert kept.also_in == (other.place,)
    assert other.place.heading_path == ("Elders",) and other.place.title == "Artikel 1"
    assert merge == Merge(one.place, other.place, "gelijk")


def test_capitals_and_punctuation_make_no_difference() -> None:
    assert len(merged(LONG, LONG.replace(",", "").upper())[0]) == 1


def test_every_place_of_many_equal_passages_is_remembered() -> None:
    (kept,), merges = merge_duplicates(passages(*[LONG] * 40))
    assert [place.slug for place in kept.also_in] == [f"artikel-{number}" for number in range(1, 40)]
    assert len(merges) == 39


def test_equal_passages_are_found_however_common_their_words_are() -> None:
    tip = "## Tip\n\nDit is een goede tip."
    longer = [f"## Over {number}\n\nDit is een goede tip over nummer {number}." for number in range(40)]
    assert [merge.reason for merge in merged(*longer, tip, tip)[1]] == ["gelijk"]


@pytest.mark.parametrize("order", [1, -1])
def test_whole_sentences_that_stand_in_a_longer_passage_are_merged_into_it(order: int) -> None:
    longer = f"Lees dit eerst. {LONG} En rust ook eens uit, want dat helpt."
    texts, (merge,) = merged(*[LONG, longer][::order])
    assert texts == [longer]
    assert merge.reason == "staat geheel in de langere"


def test_a_passage_that_lacks_a_minor_word_of_another_is_merged_into_it() -> None:
    longer = LONG.replace("een paar weken", "een paar lange weken")
    texts, (merge,) = merged(LONG, longer)
    assert texts == [longer]
    assert merge.reason == "98% gelijk"


def test_what_stays_keeps_its_order() -> None:
    assert merged("Rust helpt veel.", LONG, "Warmte helpt.", LONG)[0] == ["Rust helpt veel.", LONG, "Warmte helpt."]


def test_lists_under_the_same_heading_are_merged() -> None:
    tips = "## Tips\n\n- rust\n- warmte"
    assert len(merged(tips, tips)[0]) == 1


# What is not


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("is een klacht", "is geen klacht"),
        ("bovenrug", "onderrug"),
        ("weer over", "niet over"),
        ("meestal", ""),
        ("meestal", "meestal niet"),
        ("een paar", "6"),
        ("weken", "weken (6)"),
        ("na lang zitten", "voor lang zitten"),
        ("in dezelfde", "zonder dezelfde"),
        ("warmte", "kou"),
    ],
)
def test_a_passage_with_another_word_stays(word: str, instead: str) -> None:
    changed = LONG.replace(word, instead) + (" Dat is zo." if not instead else "")
    assert merged(LONG, changed) == ([LONG, changed], [])


def test_a_passage_that_lacks_many_minor_words_of_another_stays() -> None:
    longer = LONG.replace("veel mensen", "best veel gewone mensen").replace("een paar", "toch een paar")
    assert merged(LONG, longer)[0] == [LONG, longer]


def test_a_passage_with_two_words_swapped_stays() -> None:
    swapped = LONG.replace("spieren", "X").replace("mensen", "spieren").replace("X", "mensen")
    assert len(merged(LONG, swapped)[0]) == 2


def test_words_that_are_half_a_sentence_elsewhere_stay() -> None:
    denied = f"Het is niet waar dat {LONG}"
    assert merged(LONG, denied)[0] == [LONG, denied]


def test_equal_lists_under_other_headings_stay() -> None:
    items = "- een half uur wandelen en daarna rusten\n- iedere avond een warme kruik tegen de pijn"
    yes, no = f"## Wel doen\n\n{items}", f"## Niet doen\n\n{items}"
    assert len(merged(yes, no)[0]) == 2
    assert len(merged(f"{yes}\n\n{no}")[0]) == 2


def test_a_few_words_that_need_their_heading_stay_under_another() -> None:
    kept, _ = merge_duplicates(passages("## Warmte\n\nDit helpt goed.\n\n## Kou\n\nDit helpt goed."))
    assert [passage.heading_path for passage in kept] == [("Warmte",), ("Kou",)]


def test_a_list_and_running_text_of_the_same_words_stay() -> None:
    assert len(merged(f"{LONG}\n\n- {LONG}")[0]) == 2


def test_no_passages_give_no_passages() -> None:
    assert merge_duplicates([]) == ([], [])


# The practice's articles


def test_article_03_merges_wholly_into_article_01_which_remembers_both_places() -> None:
    articles = {article.source[:2]: article for article in read_corpus(CORPUS).articles}
    first, third = articles["01"], articles["03"]
    kept, merges = merge_duplicates([part for each in articles.values() for part in chunk(each, ChunkSettings())])
    assert not [passage for passage in kept if passage.slug == third.slug]
    of_the_first = [passage for passage in kept if passage.slug == first.slug]
    assert [(place.slug, place.heading_path) for passage in of_the_first for place in passage.also_in] == [
        (third.slug, passage.heading_path) for passage in of_the_first
    ]
    for passage in of_the_first:
        (place,) = passage.also_in
        assert third.text[place.start : place.end] == passage.text
    assert {merge.reason for merge in merges if merge.dropped.slug == third.slug} == {"gelijk"}


# What holds for all passages

WORD = st.sampled_from("rust warmte kou helpt niet geen vaak bij pijn 3 weken en de nek rug links".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=24).map(lambda some: " ".join(some).capitalize() + ".")
BODY = st.lists(
    st.one_of(SENTENCE, SENTENCE, SENTENCE.map(lambda item: f"- {item}"), st.sampled_from(["## Kou", "## Warmte"])),
    max_size=6,
).map("\n\n".join)
BODIES = st.lists(BODY, max_size=4).map(lambda bodies: [f"Dit is een zin.\n\n{body}" for body in bodies])
ALIKE = st.tuples(BODIES, SENTENCE, WORD).map(
    lambda drawn: [
        *drawn[0],
        *(f"{body} {drawn[1]}" for body in drawn[0]),
        *(f"{body} {drawn[2]}" for body in drawn[0]),
    ]
)


@given(st.one_of(BODIES, ALIKE))
def test_a_merge_never_drops_words_that_do_not_stand_in_what_is_kept(bodies: list[str]) -> None:
    before = passages(*bodies)
    kept, merges = merge_duplicates(before)
    by_place = {passage.place: passage for passage in before}
    for merge in merges:
        assert words(by_place[merge.dropped].text) <= words(by_place[merge.kept].text)
    remembered = [place for passage in kept for place in (passage.place, *passage.also_in)]
    assert sorted(remembered, key=repr) == sorted(by_place, key=repr)


@given(st.one_of(BODIES, ALIKE))
def test_what_is_kept_is_not_merged_again_and_has_ids_of_its_own(bodies: list[str]) -> None:
    kept, _ = merge_duplicates(passages(*bodies))
    assert merge_duplicates(kept)[1] == []
    assert len({passage.id for passage in kept}) == len(kept)
