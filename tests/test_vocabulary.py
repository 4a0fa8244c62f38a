"""What visitors say is found in a question however it is written, and only there; a broken file is refused."""

import re
from pathlib import Path

import pytest
from assistant_fakes import packaged_vocabulary
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import RulesError
from assistant.language.files import RuleFile
from assistant.language.tokens import tokenise, words
from assistant.vocabulary import DUTCH, Term, Topic, load_vocabulary
from assistant.vocabulary.terms import FOLDER, Phrases
from ingest.read import read_corpus
from ingest.settings import PROJECT

LANGUAGES = ("ar", "de", "en", "fr", "nl", "pl", "tr")
MEDICINE = Term(("pijnstillers", "NSAID"), Topic.MEDICINE)
BACK = Term(("onderrug",), Topic.BODY)
LIFTING = Term(("tillen",))
SMALL = """
small_words = ["de", "m'n", "vóór", "est-ce"]

[[term]]
word = ["pijnstillers", "NSAID"]
topic = "medicine"
says = ["pil", "pillen", "ibuprofen*"]

[[term]]
word = ["onderrug"]
topic = "body"
says = ["lage rug", "onderin mijn rug*", "crèmige rug", "l5"]

[[term]]
word = ["tillen"]
says = ["verhuis* doos", "sjouw*"]
"""
TERM = '[[term]]\nword = ["rug"]\nsays = ["rug"]\n'


def phrases(text: str, folder: Path, language: str = DUTCH) -> Phrases:
    (folder / f"{language}.toml").write_text(text, "utf-8")
    return load_vocabulary(folder).phrases(language)


def said_in(question: str, known: Phrases) -> list[Term]:
    return [mention.term for mention in known.mentions(words(tokenise(question)))]


@pytest.fixture
def small(tmp_path: Path) -> Phrases:
    return phrases(SMALL, tmp_path)


# What is said


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Welke pil helpt?", [MEDICINE]),
        ("Doe je aan pilates?", []),
        ("IBUPROFENNETJE of niet", [MEDICINE]),
        ("pijn in mijn lage rug", [BACK]),
        ("Sjouwen met een pil op, is dat slecht voor de lage rug?", [LIFTING, MEDICINE, BACK]),
        ("een opsjouwer", []),
        ("", []),
        ("?!", []),
    ],
)
def test_a_question_mentions_the_terms_that_are_said_in_it_in_order(
    small: Phrases, question: str, terms: list[Term]
) -> None:
    assert said_in(question, small) == terms


@pytest.mark.parametrize("question", ["verhuisdozen doos", "verhuiswagen, doos", "verhuis doos", "Verhuis-doos"])
def test_any_ending_may_stand_on_any_word_of_a_phrase(small: Phrases, question: str) -> None:
    assert said_in(question, small) == [LIFTING]


@pytest.mark.parametrize("question", ["onderin mijn rug", "Onderin mijn rugge!", "zit het onderin mijn ruggengraat?"])
def test_the_ending_may_be_none_or_a_whole_word(small: Phrases, question: str) -> None:
    assert said_in(question, small) == [BACK]


@pytest.mark.parametrize(
    "question",
    [
        "lage pijnlijke rug",
        "een lage stoel en een rug",
        "rug lage",
        "de rug is lage",
        "lage",
        "mijn rug",
        "onderin de rug",
        "onderin mijn",
        "verhuis de doos",
        "verlage rug",
    ],
)
def test_a_phrase_never_matches_across_other_words_or_a_part_of_it(small: Phrases, question: str) -> None:
    assert said_in(question, small) == []


@given(st.lists(st.sampled_from("lage rug mijn onderin doos verhuis pil en 5 l".split()), max_size=8))
def test_what_a_mention_points_at_is_what_is_said(said: list[str]) -> None:
    known = Phrases(DUTCH, [("lage rug", BACK), ("verhuis* doos", LIFTING), ("pil", MEDICINE), ("l5", BACK)])
    stretches = {(start, end): said[start:end] for start in range(len(said)) for end in range(start + 1, len(said) + 1)}
    wanted = {("lage", "rug"): BACK, ("verhuis", "doos"): LIFTING, ("pil",): MEDICINE, ("l", "5"): BACK}
    expected = [(wanted[tuple(each)], *place) for place, each in stretches.items() if tuple(each) in wanted]
    found = [(mention.term, mention.start, mention.end) for mention in known.mentions(said)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@pytest.mark.parametrize(
    "question", ["crèmige rug", "cremige rug", "CRÈMIGE RUG", "crêmige-rug", "lagé rùg", "L5", "zit bij l5."]
)
def test_accents_capitals_hyphens_and_digits_do_not_matter(small: Phrases, question: str) -> None:
    assert said_in(question, small) == [BACK]


def test_a_phrase_with_a_hyphen_is_found_with_and_without_it() -> None:
    known = Phrases(DUTCH, [("si-gewricht*", BACK)])
    for question in ("si-gewricht", "SI gewrichten", "si gewricht"):
        assert said_in(question, known) == [BACK]


def test_what_is_said_in_two_ways_at_one_place_is_mentioned_once() -> None:
    known = Phrases(DUTCH, [("rug", BACK), ("rug*", BACK), ("rug", LIFTING)])
    assert said_in("rug", known) == [BACK, LIFTING]


# Arabic


@pytest.mark.parametrize("word", ["ظهر", "الظهر", "والظهر", "بالظهر", "للظهر", "وظهر", "لظهر", "فالظهر", "وللظهر"])
def test_what_arabic_writes_onto_a_word_does_not_matter(word: str) -> None:
    for said in ("ظهر", "الظهر"):
        assert said_in(f"ألم {word} شديد", Phrases("ar", [(said, BACK)])) == [BACK]


@pytest.mark.parametrize("word", ["كتف", "الكتف", "بكتفي", "والكتفين", "كتفك"])
def test_a_word_that_begins_with_such_a_letter_is_still_itself(word: str) -> None:
    assert said_in(word, Phrases("ar", [("كتف*", BACK)])) == [BACK]


@pytest.mark.parametrize("word", ["ألم", "الم", "آلم", "الألم", "والالم"])
def test_the_hamza_does_not_matter(word: str) -> None:
    assert said_in(word, Phrases("ar", [("ألم", BACK)])) == [BACK]


def test_a_word_of_other_letters_is_not_found() -> None:
    assert said_in("شهر ظهيرة نظر", Phrases("ar", [("ظهر", BACK)])) == []


def test_what_arabic_writes_onto_a_word_is_not_taken_off_in_other_languages() -> None:
    assert said_in("والظهر", Phrases("tr", [("ظهر", BACK)])) == []


# A file


def test_a_file_is_read_by_the_language_it_is_named_after(tmp_path: Path) -> None:
    for language in ("nl", "en"):
        phrases(TERM, tmp_path, language)
    vocabulary = load_vocabulary(tmp_path)
    assert vocabulary.languages == ("en", "nl")
    assert said_in("rug", vocabulary.phrases("en")) == [Term(("rug",))]


def test_a_language_without_a_file_says_nothing(tmp_path: Path) -> None:
    assert load_vocabulary(tmp_path).languages == ()
    assert said_in("rug", load_vocabulary(tmp_path).phrases("fr")) == []


def test_the_words_and_beginnings_of_a_language_are_what_is_said(small: Phrases) -> None:
    assert small.words == {"pil", "pillen", "lage", "rug", "onderin", "mijn", "cremige", "l", "5", "doos"}
    assert small.beginnings == {"ibuprofen", "verhuis", "sjouw"}


def test_the_small_words_of_a_language_are_cut_and_folded_as_a_question_is(small: Phrases, tmp_path: Path) -> None:
    assert small.small_words == {"de", "mn", "voor", "est", "ce"}
    assert phrases(TERM, tmp_path).small_words == frozenset()


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", None, "geen enkele [[term]]"),
        ('[[term]]\nword = ["rug"\n', 3, "geen geldige TOML"),
        (f'{TERM}[[woord]]\nword = ["nek"]\n', 4, "'woord' is geen bekend gegeven"),
        ('[term]\nword = ["rug"]\nsays = ["rug"]\n', 1, "dubbele haken"),
        (f'small_words = "de"\n{TERM}', 1, "'small_words' moet een lijst van teksten zijn"),
        (f'{TERM}synoniem = "nek"\n', 4, "'synoniem' is geen bekend gegeven"),
        (f'{TERM}\n[[term]]\nword = "nek"\nsays = ["nek"]\n', 6, "'word' moet een lijst van teksten zijn"),
        (f'{TERM}\n[[term]]\nword = ["nek"]\nsays = "nek"\n', 7, "'says' moet een lijst van teksten zijn"),
        (f'{TERM}\n[[term]]\nword = ["nek"]\nsays = ["nek", 3]\n', 7, "'says' moet een lijst van teksten zijn"),
        (f'{TERM}\n[[term]]\nword = []\nsays = ["nek"]\n', 5, "een tot 3 woorden"),
        (f'{TERM}\n[[term]]\nsays = ["nek"]\n', 5, "een tot 3 woorden"),
        (f'{TERM}\n[[term]]\nword = ["a", "b", "c", "d"]\nsays = ["nek"]\n', 5, "een tot 3 woorden"),
        (f'{TERM}\n[[term]]\nword = [" "]\nsays = ["nek"]\n', 5, "een tot 3 woorden"),
        (f'{TERM}\n[[term]]\nword = ["nek"]\nsays = []\n', 5, "achter 'says' staat niets"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\n', 5, "achter 'says' staat niets"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\nsays = [\n "nek",\n "",\n]\n', 9, "staat iets wat geen woord is"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\nsays = ["nek", "mijn ?"]\n', 7, "in 'mijn ?' staat iets"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\nsays = ["nek", "*"]\n', 7, "in '*' staat iets"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\nsays = ["nek", "rug*pijn"]\n', 7, "in 'rug*pijn' staat iets"),
        (f'{TERM}\n[[term]]\nword = ["rug"]\nsays = ["nek", "rug *"]\n', 7, "in 'rug *' staat iets"),
        (
            f'{TERM}\n[[term]]\nword = ["rug"]\ntopic = "rug"\nsays = ["nek"]\n',
            7,
            "'rug' is geen onderwerp; kies uit: body, complaint, treatment, medicine, cause",
        ),
        (f'{TERM}\n[[term]]\nword = ["rug"]\ntopic = 3\nsays = ["nek"]\n', 5, "'topic' ontbreekt of is geen tekst"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_reason(
    tmp_path: Path, text: str, line: int | None, complaint: str
) -> None:
    with pytest.raises(RulesError) as caught:
        phrases(text, tmp_path)
    assert (caught.value.path, caught.value.line) == (tmp_path / "nl.toml", line)
    assert complaint in caught.value.reason
    assert str(caught.value).startswith("nl.toml")


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "nl.toml").write_bytes(b'[[term]]\nword = ["rug"]\nsays = ["\xe9paule"]\n')
    with pytest.raises(RulesError, match=r"nl\.toml, regel 3: .*UTF-8"):
        load_vocabulary(tmp_path)


def test_a_broken_file_of_one_language_stops_all(tmp_path: Path) -> None:
    phrases(TERM, tmp_path)
    with pytest.raises(RulesError, match=r"tr\.toml"):
        phrases("[[term]]\n", tmp_path, "tr")


# The packaged files


def packaged_terms(language: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """The words of the articles, and what is said, of each term."""
    tables = RuleFile(FOLDER / f"{language}.toml").tables("term")
    return [(tuple(table["word"]), table["says"]) for table in tables]


def test_the_packaged_languages_are_dutch_and_six_others() -> None:
    assert packaged_vocabulary().languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_packaged_files_stands_in_the_practices_articles(language: str) -> None:
    articles = read_corpus(PROJECT / "corpus").articles
    text = " ".join(" ".join((article.title, article.text)) for article in articles).casefold()
    text = re.sub(r"\s+", " ", text)
    named = {word for word, _ in packaged_terms(language) for word in word}
    assert len(named) > 200
    assert [word for word in sorted(named) if word.casefold() not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_in_the_packaged_files_is_found_in_a_question(language: str) -> None:
    known = packaged_vocabulary().phrases(language)
    missed = [
        said
        for word, lines in packaged_terms(language)
        for said in lines
        if word not in [term.words for term in said_in(f"({said.replace('*', '')})?", known)]
    ]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_of_the_packaged_files_says_the_same_twice(language: str) -> None:
    assert [said for _, said in packaged_terms(language) if len(set(said)) < len(said)] == []


def test_in_the_packaged_arabic_file_nothing_is_missed_for_what_is_written_onto_it() -> None:
    known = packaged_vocabulary().phrases("ar")
    missed = [
        question
        for word, lines in packaged_terms("ar")
        for said in lines
        for bare in [said.replace("*", "").removeprefix("ال")]
        if len(bare.split()[0]) >= 3 and not bare.startswith("لل")
        for question in (f"{prefix}{bare}" for prefix in ("ال", "وال", "بال", "و", "ب", "ل", "لل", "فال"))
        if word not in [term.words for term in said_in(question, known)]
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("ik heb spit", "onderrug"),
        ("Hebben analgetica zin?", "pijnstillers"),
        ("verhuisdozen gesjouwd", "tillen"),
        ("ik zit de hele dag achter mijn laptop", "computer"),
        ("een pint drinken", "alcohol"),
    ],
)
def test_what_visitors_say_stands_for_what_the_articles_call_it(question: str, word: str) -> None:
    said = said_in(question, packaged_vocabulary().phrases(DUTCH))
    assert word in {each for term in said for each in term.words}
