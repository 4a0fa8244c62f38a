"""Dutch in all its forms is taken for Dutch; the other languages that have a vocabulary are known."""

import pytest
from assistant_fakes import packaged_vocabulary
from hypothesis import given
from hypothesis import strategies as st

from assistant.languages import Languages
from assistant.query import QueryReader, words_of
from assistant.vocabulary import ARABIC, DUTCH, Term, Vocabulary
from assistant.vocabulary.terms import Phrases
from ingest.read import read_corpus
from ingest.settings import PROJECT

OTHERS = {
    "en": [
        "my back hurts",
        "Is a frozen shoulder serious?",
        "does massage help against stress",
        "shoulder pain at night",
        "which painkiller can I take with ibuprofen",
        "How long does it take before a stiff neck is gone?",
        "i sit at a computer all day and my neck is killing me, what should i do??",
        "and during pregnancy?",
    ],
    "de": [
        "Was hilft gegen Rückenschmerzen?",
        "Rückenschmerzen was tun",
        "ich habe seit wochen schmerzen in der schulter und kann nicht schlafen",
        "Ist Massage gut bei Stress?",
        "Wie lange dauert das?",
        "und in der Schwangerschaft?",
        "Nackenschmerzen Schulterschmerzen",
    ],
    "fr": [
        "J'ai mal au dos",
        "Le masseur examine-t-il d'abord le bas du dos ?",
        "mal de dos que faire",
        "combien de temps dure une épaule gelée ?",
        "est ce que le massage aide contre le stress",
        "et pendant la grossesse ?",
    ],
    "pl": [
        "boli mnie plecy",
        "Czy masaż pomaga na stres?",
        "co na ból pleców",
        "Na czym polega masaż pleców?",
        "jak dlugo trwa zamrozony bark",
        "a w ciąży?",
    ],
    "tr": [
        "Sırtım ağrıyor, ne yapmalıyım?",
        "sirtim agriyor ne yapmaliyim",
        "omuz ağrısı",
        "masaj strese iyi gelir mi",
        "Donuk omuz ne kadar sürer?",
    ],
    "ar": ["ظهري يؤلمني", "هل المساج مفيد للظهر؟", "كم يستمر ألم الكتف", "ألم الظهر massage"],
}
DUTCH_QUESTIONS = {
    "plain": [
        "Wat helpt tegen rugpijn?",
        "Hoe lang duurt een frozen shoulder?",
        "Mag ik sporten met een stijve nek?",
        "Som de oorzaken van schouderklachten op",
        "Is ibuprofen beter dan paracetamol?",
        "Wie heeft dit geschreven?",
    ],
    "flemish": [
        "'k heb zeer in mijnen rug, wa kan ik doen?",
        "goesting om te sporten maar mijne nek doet zeer amai",
        "Kunde gij daar iets aan doen, allee?",
        "is da normaal dat ge zo stijf opstaat",
        "Kinesitherapeut of osteopaat?",
    ],
    "sloppy": [
        "hb pyn in me rug en kan nie slape",
        "wa moek doen teege pyn",
        "nek zit vast help ff",
        "vertel es een mop",
        "masage rug prijs",
        "diclofenac + naproxen tegelijk ok?",
        "rugpijn!!!! al 3 wkn",
    ],
    "keywords": [
        "rugpijn zwanger",
        "nekpijn hoofdpijn laptop",
        "hernia l5",
        "lumbago",
        "ischias",
        "kalkschouder shockwave",
        "arm",
        "online afspraak",
    ],
    "small talk": ["hallo", "ok", "bedankt!", "thanks", "merci", "help", "oké en hoe lang?", "dank je wel", "en dan?"],
    "borrowed": [
        "MRI rug",
        "deep tissue",
        "deep tissue massage",
        "stress",
        "burn-out",
        "burnout en nekpijn",
        "whiplash",
        "frozen shoulder",
        "frozen shoulder wat is dat",
        "trigger points",
        "dry needling",
        "foam roller",
        "tennis elbow",
        "workout na hernia",
        "office chair rugpijn",
        "standing desk goed voor rug?",
        "core stability oefeningen",
        "Wat is lower back pain in het Nederlands?",
    ],
    "nothing": ["", " ", "?!", "112", "😀", "L5/S1", "3 x 20"],
}
RUG = Term(("rug",))


@pytest.fixture(scope="module")
def languages() -> Languages:
    """As the practice's own assistant has them."""
    articles = read_corpus(PROJECT / "corpus").articles
    words = words_of(article.text for article in articles) | packaged_vocabulary().phrases(DUTCH).words
    return Languages(packaged_vocabulary(), words)


@pytest.mark.parametrize(
    ("kind", "question"), [(kind, question) for kind, questions in DUTCH_QUESTIONS.items() for question in questions]
)
def test_what_a_dutch_visitor_types_stays_dutch(languages: Languages, kind: str, question: str) -> None:
    assert languages.of(question) == DUTCH
    assert languages.of(question.upper()) == DUTCH


@pytest.mark.parametrize(
    ("language", "question"), [(language, question) for language, asked in OTHERS.items() for question in asked]
)
def test_another_language_is_known(languages: Languages, language: str, question: str) -> None:
    assert languages.of(question) == language
    assert languages.of(question.upper()) == language


def test_every_sentence_of_the_articles_is_dutch(languages: Languages) -> None:
    sentences = [line for article in read_corpus(PROJECT / "corpus").articles for line in article.text.splitlines()]
    assert [line for line in sentences if languages.of(line) != DUTCH] == []


@pytest.mark.parametrize("language", sorted(set(OTHERS) - {ARABIC}))
def test_the_small_words_of_a_language_alone_are_that_language(languages: Languages, language: str) -> None:
    small = packaged_vocabulary().phrases(language).small_words
    assert len(small) > 60
    assert languages.of(" ".join(sorted(small))) == language


def test_a_language_without_a_vocabulary_is_taken_for_dutch(languages: Languages) -> None:
    for question in ("¿Qué ayuda contra el dolor?", "Что помогает от боли", "頭痛", "מה עוזר", "כאב גב"):
        assert languages.of(question) == DUTCH


def test_only_languages_that_have_a_vocabulary_are_known() -> None:
    dutch_alone = Languages(Vocabulary({DUTCH: Phrases(DUTCH, [("rug", RUG)])}), {"rug"})
    assert {dutch_alone.of(question) for questions in OTHERS.values() for question in questions} == {DUTCH}
    assert Languages(Vocabulary({}), ()).of("my back hurts") == DUTCH


# One word at a time


@pytest.fixture
def small() -> Languages:
    phrases = {
        DUTCH: Phrases(DUTCH, [("rug", RUG)], ["de", "is", "in", "mijn"]),
        "de": Phrases("de", [("rücken*", RUG), ("schmerz*", RUG), ("massage", RUG)], ["ist", "in", "die", "mein"]),
        "en": Phrases("en", [("lower back", RUG), ("deep tissue", RUG)], ["is", "in", "the", "my"]),
        "tr": Phrases("tr", [("bel", RUG), ("kast", RUG), ("boyun", RUG)], ["ve"]),
    }
    return Languages(Vocabulary(phrases), {"massage"})


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("my lower back", "en"),
        ("the massage", DUTCH),
        ("in is in is", DUTCH),
        ("is the massage in mijn rug", DUTCH),
        ("is mein massage", DUTCH),
        ("ist mein massage", "de"),
        ("rückenschmerzen schmerzen", "de"),
        ("rückenschmerzen", DUTCH),
        ("rückenschmerzen schmerzen de massage in mijn rug", DUTCH),
        ("deep tissue lower back", DUTCH),
        ("bel boyun boyun", "tr"),
        ("bel kast", DUTCH),
        ("massage massage", DUTCH),
    ],
)
def test_another_language_needs_more_words_than_dutch_and_one_that_only_it_has(
    small: Languages, question: str, language: str
) -> None:
    assert small.of(question) == language


# Any text


@given(st.text(max_size=200))
def test_any_text_is_in_one_of_the_languages(languages: Languages, text: str) -> None:
    assert languages.of(text) in packaged_vocabulary().languages


@given(st.text("abcdefghijklmnopqrstuvwxyz éëïüçşğłß'’-*.,?\n0123456789½", max_size=80))
def test_any_letters_are_in_one_of_the_languages(languages: Languages, text: str) -> None:
    assert languages.of(text) in packaged_vocabulary().languages


@given(st.lists(st.sampled_from("de het een in mijn rug is nek pijn wat helpt tegen".split()), max_size=12))
def test_dutch_words_in_any_order_are_dutch(languages: Languages, said: list[str]) -> None:
    assert languages.of(" ".join(said)) == DUTCH


def test_a_word_of_the_articles_is_dutch_to_who_reads_questions() -> None:
    vocabulary = Vocabulary({"en": Phrases("en", (), ["the"])})
    assert QueryReader(vocabulary, ()).read("the massage").language == "en"
    assert QueryReader(vocabulary, {"massage"}).read("the massage").language == DUTCH
