"""A question is searched with as it was asked, with its slips mended and the articles' own words added."""

import pytest
from assistant_fakes import packaged_vocabulary
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingredients import Ingredient
from assistant.language.tokens import fold, tokenise, words
from assistant.query import Query, QueryReader, words_of
from assistant.vocabulary import DUTCH, Term, Topic, Vocabulary
from assistant.vocabulary.terms import Phrases
from ingest.lexical import content_words
from ingest.read import read_corpus
from ingest.settings import PROJECT

ARTICLES = "Massage helpt bij klachten van de schouder en de onderrug. Tillen met stress is slecht; pijnstillers ook."
MEDICINE = Term(("pijnstillers", "NSAID"), Topic.MEDICINE)
BACK = Term(("onderrug", "lage rugpijn"), Topic.BODY)
LIFTING = Term(("tillen",))
PAIN = Term(("pijn",), Topic.COMPLAINT)
DUTCH_WORDS = [("pil", MEDICINE), ("ibuprofen*", MEDICINE), ("spit", BACK), ("verhuis*", LIFTING), ("spit", PAIN)]
ENGLISH_WORDS = [("painkiller*", MEDICINE), ("lower back", BACK), ("hurts", PAIN)]
VOCABULARY = Vocabulary(
    {
        "en": Phrases("en", ENGLISH_WORDS, ["my", "the", "and", "i", "for", "it", "with", "when", "which"]),
        DUTCH: Phrases(DUTCH, DUTCH_WORDS, ["de", "een", "en", "met", "na", "tegen"]),
    }
)

OF_A_QUERY = {Ingredient.SPELLING, Ingredient.VOCABULARY, Ingredient.LANGUAGES}


def reader(*without: Ingredient) -> QueryReader:
    return QueryReader(VOCABULARY, words_of([ARTICLES]), without)


@pytest.fixture(scope="module")
def of_practice() -> QueryReader:
    """Reads as the practice's own assistant does."""
    articles = read_corpus(PROJECT / "corpus").articles
    return QueryReader(packaged_vocabulary(), words_of(article.text for article in articles))


# Spelling


@pytest.mark.parametrize(
    ("asked", "spelled"),
    [
        ("helpt een masage", "helpt een massage"),
        ("Masage bij schouderklagten?", "massage bij schouderklachten"),
        ("mijn schauder doet zeer", "mijn schouder doet zeer"),
        ("pijnstilers en stresss", "pijnstillers en stress"),
        ("onderug na het tilllen", "onderrug na het tillen"),
        ("ibuproffen ofzo", "ibuprofen ofzo"),
    ],
)
def test_slips_are_mended_to_words_of_the_articles_and_of_the_vocabulary(
    of_practice: QueryReader, asked: str, spelled: str
) -> None:
    assert of_practice.read(asked).spelled == spelled


@pytest.mark.parametrize(
    "asked",
    [
        "Helpt massage tegen stress?",
        "Ik heb dorst en een harde stoel",
        "Mag ik fietsen naar mijn oma in Utrecht?",
        "De kapper heeft mijn haar geknipt",
        "goesting amai plezant",
        "",
        "?!",
        "12 km",
    ],
)
def test_good_dutch_is_left_alone(of_practice: QueryReader, asked: str) -> None:
    assert of_practice.read(asked).spelled == ""


def test_the_words_of_the_articles_themselves_are_left_alone(of_practice: QueryReader) -> None:
    mended = [
        (word, query.spelled)
        for article in read_corpus(PROJECT / "corpus").articles
        for word in sorted(set(content_words(article.text)))
        for query in [of_practice.read(word)]
        if query.language == DUTCH and query.spelled
    ]
    assert mended == []


def test_a_slip_in_another_language_is_not_mended_into_dutch(of_practice: QueryReader) -> None:
    query = of_practice.read("does the masage help when my lower back hurts")
    assert (query.language, query.spelled) == ("en", "")


# Words of the articles


def test_what_is_said_stands_for_the_words_of_the_articles() -> None:
    query = reader().read("Een pil na de verhuisdag")
    assert query.terms == (MEDICINE, LIFTING)
    assert query.text_to_embed == "Een pil na de verhuisdag (pijnstillers, tillen)"
    assert query.text_to_match.split()[-3:] == ["pijnstillers", "NSAID", "tillen"]


def test_terms_are_added_once_and_in_the_order_in_which_they_are_said() -> None:
    query = reader().read("verhuisdag, verhuisdozen, pil, verhuisbus, spit, ibuprofen?")
    assert query.terms == (LIFTING, MEDICINE, BACK, PAIN)
    assert query.text_to_embed.endswith("? (tillen, pijnstillers, onderrug)")
    added = query.text_to_match.removeprefix(query.question).split()
    assert [added.count(word) for word in ("tillen", "NSAID", "onderrug", "lage", "pijn")] == [1] * 5


def test_a_long_question_is_embedded_as_it_is() -> None:
    question = "ibuprofen tegen spit " + "en nog wat " * 4
    assert reader().read(question.strip()).text_to_embed == question.strip()


def test_what_is_mended_is_understood() -> None:
    assert reader().read("ibuproffen tegen de pijn").terms == (MEDICINE,)


def test_a_question_in_another_language_is_understood_in_that_language_and_in_dutch() -> None:
    query = reader().read("my lower back hurts and I took painkillers with ibuprofen for it")
    assert query.language == "en"
    assert set(query.terms) == {BACK, PAIN, MEDICINE}
    assert query.text_to_embed.endswith("(pijnstillers, onderrug, pijn)")


def test_english_words_mean_nothing_in_a_dutch_question() -> None:
    assert reader().read("Wat betekent painkillers eigenlijk in het Nederlands?").terms == ()


def test_the_topics_of_a_question_are_those_of_what_it_mentions() -> None:
    assert reader().read("een pil tegen spit na de verhuisdag").topics == {Topic.MEDICINE, Topic.BODY, Topic.COMPLAINT}
    assert reader().read("verhuisdag").topics == frozenset()


def test_a_question_that_mentions_nothing_is_embedded_as_it_was_asked() -> None:
    assert reader().read("Waar staat KANS voor?").text_to_embed == "Waar staat KANS voor?"


@given(st.text(max_size=80))
def test_nothing_of_any_question_is_lost(of_practice: QueryReader, asked: str) -> None:
    query = of_practice.read(asked)
    assert query.question == asked
    assert query.text_to_embed.startswith(asked)
    assert query.text_to_match.startswith(asked)
    assert set(query.spelled.split()) <= set(query.text_to_match.split())
    assert {word for term in query.terms for each in term.words for word in each.split()} <= set(
        query.text_to_match.split()
    )
    assert len(set(query.terms)) == len(query.terms)


@given(st.lists(st.sampled_from("masage schauder onderug pil spit verhuisdoos the hurts je met 3 stres".split())))
def test_a_mended_question_has_a_word_for_every_word_that_was_asked(said: list[str]) -> None:
    asked = " ".join(said)
    spelled = reader().read(asked).spelled
    assert spelled == "" or len(spelled.split()) == len(said)


# Without


def test_without_spelling_a_slip_stays() -> None:
    query = reader(Ingredient.SPELLING).read("masage tegen spit en ibuproffen")
    assert query.spelled == ""
    assert query.terms == (BACK, PAIN)


def test_without_vocabulary_nothing_is_added_but_slips_are_mended() -> None:
    query = reader(Ingredient.VOCABULARY).read("masage tegen spit")
    assert (query.terms, query.topics) == ((), frozenset())
    assert query.text_to_embed == "masage tegen spit"
    assert query.text_to_match.split() == "masage tegen spit massage tegen spit".split()


def test_without_languages_every_question_is_read_as_dutch() -> None:
    query = reader(Ingredient.LANGUAGES).read("my lower back hurts when I sit, which painkillers help?")
    assert (query.language, query.terms) == (DUTCH, ())


@given(st.text(max_size=60), st.sets(st.sampled_from(sorted(set(Ingredient) - OF_A_QUERY))))
def test_other_ingredients_change_nothing_of_a_question(asked: str, without: set[Ingredient]) -> None:
    assert reader(*without).read(asked) == reader().read(asked)


@given(st.text(max_size=60))
def test_without_all_three_a_question_is_nothing_but_itself(asked: str) -> None:
    assert reader(*OF_A_QUERY).read(asked) == Query(asked)


# The words of the articles


def test_the_words_of_texts_are_their_content_words_folded() -> None:
    assert words_of(["De crèmige Rug, de rug.", "Hoe vaak?", "L5 of 40 km"]) == {"cremige", "rug", "vaak"}


@given(st.text(max_size=60))
def test_every_word_of_a_text_is_one_that_a_question_can_have(text: str) -> None:
    for word in words_of([text]):
        assert words(tokenise(word)) == [fold(word)] == [word]
