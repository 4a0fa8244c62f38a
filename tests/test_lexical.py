"""Word matching: stems for meaning, letter groups for typos and compounds."""

from pathlib import Path

import pytest

from ingest.lexical import Bm25, LexicalIndex, content_words, letter_groups, stems

TEXTS = ["Massage helpt bij pijn in de schouders.", "Een hernia geeft pijn in de rug.", "Slaap op een hard matras."]


@pytest.fixture
def by_stem() -> Bm25:
    return Bm25.build(TEXTS, stems)


@pytest.fixture
def by_letters() -> Bm25:
    return Bm25.build(TEXTS, letter_groups)


def test_content_words_are_folded_and_without_question_words() -> None:
    assert content_words("Hoi, WAT helpt er tégen een patiënt met rugpijn?") == ["helpt", "patient", "rugpijn"]


def test_forms_of_a_word_have_the_same_stem() -> None:
    assert stems("schouder schouders") == ["schouder", "schouder"]
    assert stems("pijnen") == stems("pijn")


def test_letter_groups_mark_the_edges_of_a_word() -> None:
    assert letter_groups("nek") == ["_nek", "nek_"]
    assert letter_groups("x") == ["_x_"]


def test_the_text_with_the_word_asked_for_is_the_most_relevant(by_stem: Bm25) -> None:
    relevance = by_stem.relevance("Wat kan ik doen aan mijn schouder?")
    assert relevance.shape == (3,)
    assert relevance.argmax() == 0 and relevance[1] == relevance[2] == 0


def test_a_typo_or_part_of_a_compound_still_finds_the_text(by_letters: Bm25) -> None:
    assert by_letters.relevance("schoudrs").argmax() == 0
    assert by_letters.relevance("slaapmatras").argmax() == 2


@pytest.mark.parametrize("question", ["", "de het een", "fiets", "你好", "?"])
def test_a_question_without_a_known_word_is_relevant_to_nothing(by_stem: Bm25, question: str) -> None:
    assert by_stem.relevance(question).tolist() == [0, 0, 0]


@pytest.mark.parametrize("texts", [["你好"], ["de het een", "!"], ["", "rug"]])
def test_texts_without_any_term_can_be_indexed_saved_and_searched(tmp_path: Path, texts: list[str]) -> None:
    Bm25.build(texts, stems).save(tmp_path / "bm25")
    loaded = Bm25.load(tmp_path / "bm25", stems)
    assert loaded.relevance("de hernia").tolist() == [0] * len(texts)


def test_a_saved_index_finds_the_same_after_loading(tmp_path: Path) -> None:
    built = LexicalIndex.build(TEXTS, [*TEXTS, "Rust."])
    built.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    for question in ("pijn in de rug", "schoudrpijn", "matras"):
        for part in ("stems", "groups", "sentence_groups"):
            expected = getattr(built, part).relevance(question)
            assert getattr(loaded, part).relevance(question).tolist() == expected.tolist()
    assert loaded.sentence_groups.relevance("rust").shape == (4,)


def test_nothing_that_is_saved_is_a_pickle(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS, TEXTS).save(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".npy", ".json"}
    assert not [path for path in files if b"|O" in path.read_bytes()[:128]]
