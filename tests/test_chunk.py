"""Article → passages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, BlockKind
from ingest.chunk import ChunkSettings, chunk
from ingest.markdown import parse_article
from ingest.passage import Passage
from ingest.read import read_corpus
from ingest.sentences import sentences_in, word_count

CORPUS = Path(__file__).parent.parent / "corpus"


def article(body: str) -> Article:
    return parse_article(f"---\ntitle: Nekpijn\n---\n{body}", Path("nekpijn.md"))


def passages(body: str, max_words: int = 80) -> list[Passage]:
    return chunk(article(body), ChunkSettings(max_words=max_words))


def texts(body: str, max_words: int = 80) -> list[str]:
    return [passage.text for passage in passages(body, max_words)]


def quotes(read: Article, passage: Passage) -> list[str]:
    return [passage.wording(read, sentence) for sentence in passage.sentences]


# Running text


def test_paragraphs_of_one_section_are_joined_while_they_fit() -> None:
    body = "Rust helpt vaak.\n\nWarmte helpt ook.\n\nBewegen helpt het meest."
    assert texts(body, 6) == ["Rust helpt vaak.\n\nWarmte helpt ook.", "Bewegen helpt het meest."]
    assert texts(body, 5) == ["Rust helpt vaak.", "Warmte helpt ook.", "Bewegen helpt het meest."]


def test_a_paragraph_longer_than_the_limit_stays_whole() -> None:
    assert texts("Rust helpt vaak. Warmte ook.\n\nBeweeg.", 3) == ["Rust helpt vaak. Warmte ook.", "Beweeg."]


def test_a_passage_never_runs_on_into_the_next_section() -> None:
    found = passages("Inleiding hier.\n\n## Rust\n\nRust helpt.\n\n### Lang\n\nNiet lang.\n\n## Kou\n\nKou is fijn.")
    assert [(passage.heading_path, passage.text) for passage in found] == [
        ((), "Inleiding hier."),
        (("Rust",), "Rust helpt."),
        (("Rust", "Lang"), "Niet lang."),
        (("Kou",), "Kou is fijn."),
    ]


def test_a_caption_belongs_to_no_passage_and_parts_the_text_around_it() -> None:
    assert texts("Rust helpt.\n\n*Oefening 1*\n\nWarmte ook.") == ["Rust helpt.", "Warmte ook."]


def test_a_paragraph_without_a_sentence_makes_no_passage_of_its_own() -> None:
    assert texts("Rugpijn\n\n## Rust\n\nRust helpt.") == ["Rust helpt."]


def test_running_text_has_no_lead_in() -> None:
    (passage,) = passages("Let op: rust helpt.")
    assert passage.lead_in is None and not passage.is_list


# Lists


def test_a_list_is_one_passage_with_the_line_that_introduces_it() -> None:
    read = article("Pijn gaat over. Dit helpt:\n\n- rust\n- warmte\n- bewegen, elke dag")
    before, found = chunk(read, ChunkSettings())
    assert before.text == "Pijn gaat over."
    assert found.text == "Dit helpt:\n\n• rust\n• warmte\n• bewegen, elke dag"
    assert found.is_list and found.lead_in and found.wording(read, found.lead_in) == "Dit helpt:"
    assert quotes(read, found) == ["rust", "warmte", "bewegen, elke dag"]
    assert [sentence.item for sentence in found.sentences] == [0, 1, 2]


def test_the_lead_in_may_be_a_whole_paragraph() -> None:
    assert texts("Rust helpt.\n\nDit helpt ook:\n\n- warmte") == ["Rust helpt.", "Dit helpt ook:\n\n• warmte"]


def test_without_a_line_that_ends_in_a_colon_the_heading_introduces_the_list() -> None:
    read = article("## Wat helpt?\n\nVan alles.\n\n- rust\n- warmte")
    _, found = chunk(read, ChunkSettings())
    assert found.lead_in and found.wording(read, found.lead_in) == "Wat helpt?"
    assert found.text == "rust\n• warmte"


def test_a_second_list_does_not_get_the_lead_in_of_the_first() -> None:
    _, second = passages("Dit helpt:\n\n- rust\n\n*Oefening 1*\n\n- warmte")
    assert second.lead_in is None


@pytest.mark.parametrize("max_words", [1, 3])
def test_a_list_is_never_cut(max_words: int) -> None:
    assert len(passages("Dit helpt:\n\n- veel rust en slaap\n- warmte\n  - een kruik\n- bewegen", max_words)) == 1


def test_two_sentences_of_one_item_belong_to_that_item() -> None:
    (passage,) = passages("- Beweeg. Doe dat elke dag.\n- Rust uit.")
    assert [sentence.item for sentence in passage.sentences] == [0, 0, 1]


# Identity


def test_the_id_of_a_passage_stays_when_other_text_or_the_title_changes() -> None:
    (one,) = passages("## Rust\n\nRust helpt.")
    _, other = chunk(
        parse_article("---\ntitle: Nek\nslug: nekpijn\n---\nNieuw hier.\n\n## Rust\n\nRust helpt.", Path("x.md")),
        ChunkSettings(),
    )
    assert one.id == other.id and one.start != other.start


def test_the_same_words_under_another_heading_or_as_a_list_are_another_passage() -> None:
    found = passages("Rust helpt.\n\n- Rust helpt.\n\n## Kou\n\nRust helpt.\n\n## Warmte\n\nRust helpt.")
    assert len({passage.id for passage in found}) == 4


def test_what_is_embedded_has_title_headings_and_text() -> None:
    one, other = passages("Rust helpt.\n\n## Kou\n\n### Kort\n\nIJs helpt.")
    assert one.text_to_embed == "Nekpijn\nRust helpt."
    assert other.text_to_embed == "Nekpijn\nKou › Kort\nIJs helpt."


# The practice's articles


@pytest.fixture(scope="module")
def corpus() -> dict[str, tuple[Article, list[Passage]]]:
    return {read.slug: (read, chunk(read, ChunkSettings())) for read in read_corpus(CORPUS).articles}


Corpus = dict[str, tuple[Article, list[Passage]]]


def test_every_passage_and_sentence_of_the_corpus_is_an_exact_slice(corpus: Corpus) -> None:
    for read, found in corpus.values():
        for passage in found:
            assert passage.text == read.text[passage.start : passage.end] == passage.text.strip()
            for sentence in passage.sentences:
                assert passage.start <= sentence.start < sentence.end <= passage.end


def test_ids_of_the_corpus_are_all_different(corpus: Corpus) -> None:
    ids = [passage.id for _, found in corpus.values() for passage in found]
    assert len(set(ids)) == len(ids)


def test_every_list_of_the_corpus_keeps_its_lead_in(corpus: Corpus) -> None:
    lead_ins = {
        passage.wording(read, passage.lead_in)
        for read, found in corpus.values()
        for passage in found
        if passage.is_list and passage.lead_in
    }
    assert lead_ins == {
        "Heeft u hoge rugklachten?",
        "Veel voorkomende symptomen van hoge rugklachten:",
        "Oorzaken van hoge rugklachten en rugpijn:",
        "Dus let op:",
        "5 Oorzaken van lage rugpijn:",
        "Wanneer met onderrugklachten zeker naar de dokter?",
    }
    assert all(passage.lead_in for _, found in corpus.values() for passage in found if passage.is_list)


def test_checklist_and_the_caption_rugpijn_are_in_no_sentence_of_the_corpus(corpus: Corpus) -> None:
    sentences = [quote for read, found in corpus.values() for passage in found for quote in quotes(read, passage)]
    assert not [sentence for sentence in sentences if "Checklist" in sentence or sentence == "rugpijn"]
    assert "Overleg uw medicijngebruik altijd met uw arts." in sentences


# What holds for every article

PIECE = st.sampled_from(
    [
        "Rust helpt.",
        "Beweeg elke dag, o.a. buiten.",
        "En wat nu?",
        "Dus let op:",
        "“Rust roest. Echt waar”.",
        "Checklist",
    ]
    + ["Rust roest.Je moet bewegen.", "“Nooit dicht.", "Dat zei hij”.", "Checklist", "een twee drie vier"]
)
PARAGRAPH = st.lists(PIECE, min_size=1, max_size=5).map(" ".join)
BLOCK = st.one_of(
    PARAGRAPH,
    PARAGRAPH.map(lambda words: f"- {words}"),
    PARAGRAPH.map(lambda words: f"  - {words}"),
    PARAGRAPH.map(lambda words: f"1. {words}"),
    st.sampled_from(
        ["## Kop", "### Diep", "# Hoog", "*Bijschrift*", "![foto](a.png)", "---", "| a | b |\n|-|-|\n| c ||"]
    ),
)
ARTICLE = st.lists(BLOCK, max_size=10).map(lambda blocks: article("\n\n".join(["Er is altijd een zin.", *blocks])))


@given(ARTICLE, st.integers(1, 30))
def test_no_sentence_of_any_article_is_lost_or_stands_in_two_passages(read: Article, max_words: int) -> None:
    found = chunk(read, ChunkSettings(max_words=max_words))
    in_passages = [(s.start, s.end) for passage in found for s in passage.sentences]
    lead_ins = [
        (passage.lead_in.start, passage.lead_in.end)
        for passage in found
        if passage.lead_in and passage.lead_in.start >= passage.start
    ]
    in_blocks = [
        (sentence.start, sentence.end)
        for block in read.blocks
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        for sentence in sentences_in(read.text, block.start, block.end, 0 if block.kind is BlockKind.ITEM else None)
    ]
    assert sorted(in_passages + lead_ins) == in_blocks


@given(ARTICLE, st.integers(1, 30))
def test_passages_of_any_article_are_exact_in_order_and_do_not_overlap(read: Article, max_words: int) -> None:
    end = 0
    for passage in chunk(read, ChunkSettings(max_words=max_words)):
        assert end <= passage.start < passage.end <= len(read.text)
        assert passage.text == read.text[passage.start : passage.end] == passage.text.strip()
        assert passage.sentences
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end
        end = passage.end


@given(ARTICLE, st.integers(1, 30))
def test_a_passage_over_the_limit_is_a_single_paragraph_or_a_list(read: Article, max_words: int) -> None:
    for passage in chunk(read, ChunkSettings(max_words=max_words)):
        assert passage.is_list or word_count(passage.text) <= max_words or "\n\n" not in passage.text
