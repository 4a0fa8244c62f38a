"""Markdown with front matter → article."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, BlockKind
from ingest.chunk import ChunkSettings, chunk
from ingest.errors import ArticleError
from ingest.markdown import parse_article
from ingest.wording import slug_of

PATH = Path("nekpijn-op-het-werk.md")


def article(markdown: str) -> Article:
    return parse_article(markdown, PATH)


def refusal(markdown: str) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        article(markdown)
    return caught.value


def outline(markdown: str) -> list[tuple[str, int, str]]:
    read = article(markdown)
    return [(block.kind.value, block.level, read.wording(block)) for block in read.blocks]


def with_front_matter(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "", "Beweeg regelmatig."])


# Front matter


def test_every_field_of_the_front_matter_reaches_the_article() -> None:
    read = article(
        with_front_matter(
            'title: "Nekpijn: wat nu?"',
            "slug: nekpijn",
            "tag: Nek",
            "url: https://praktijk.example/nekpijn",
            "published: 2026-01-31",
            "reviewed: 2026-02-01",
            "reviewer: onze fysiotherapeut",
        )
    )
    assert (read.title, read.slug, read.tag) == ("Nekpijn: wat nu?", "nekpijn", "Nek")
    assert (read.url, read.reviewer) == ("https://praktijk.example/nekpijn", "onze fysiotherapeut")
    assert (read.published, read.reviewed) == (date(2026, 1, 31), date(2026, 2, 1))
    assert read.source == PATH.name


def test_an_empty_value_means_not_given() -> None:
    read = article(with_front_matter("title: Nekpijn", "slug:", "tag:", "url:", 'published: ""', "reviewer:"))
    assert (read.slug, read.tag, read.url, read.published, read.reviewer) == ("nekpijn", "", None, None, None)


@pytest.mark.parametrize("title", ["2024", "Nee", "1.5", "2026-01-31", "null", "0x10"])
def test_a_title_that_yaml_takes_for_a_number_date_or_boolean_stays_as_it_is_typed(title: str) -> None:
    assert article(with_front_matter(f"title: {title}")).title == title


def test_front_matter_with_nothing_in_it_is_no_front_matter() -> None:
    assert article("---\n\n---\n# Nekpijn\n\nBeweeg.").title == "Nekpijn"


def test_windows_line_ends_byte_order_mark_blank_first_line_and_spaces_behind_the_fence_do_no_harm() -> None:
    read = article("\ufeff\r\n--- \r\ntitle: Nekpijn\r\n---\t\r\n\r\nBeweeg\r\nregelmatig.\r\n")
    assert (read.title, read.text) == ("Nekpijn", "Beweeg regelmatig.")


@pytest.mark.parametrize(
    "block", ["- een\n- twee", "zomaar tekst", "title: a: b", "\ttitle: x", "title: [", "a: &a [*a]"]
)
def test_front_matter_that_is_not_a_list_of_names_and_values_is_refused_with_its_line(block: str) -> None:
    error = refusal(f"---\n{block}\n---\nBeweeg.")
    assert error.line == 2
    assert "het blok bovenaan is niet leesbaar" in str(error)
    assert "naam: waarde" in error.mend


def test_front_matter_that_is_never_closed_is_refused_and_no_text_is_swallowed() -> None:
    error = refusal("---\ntitle: Nekpijn\n\nBeweeg.")
    assert error.line == 1
    assert "niet afgesloten" in error.reason


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("auteur: Anna", "'auteur' is onbekend"),
        ("slug: Nek Pijn", "'slug' klopt niet"),
        ("url: praktijk.example", "'url' klopt niet"),
        ("url: javascript:alert(1)", "'url' klopt niet"),
        ("published: 31-01-2026", "'published' klopt niet"),
        ("reviewed: 2026-13-45", "'reviewed' klopt niet"),
        ("tag: [a, b]", "'tag' klopt niet"),
        ("reviewer: {a: b}", "'reviewer' klopt niet"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_a_remedy(line: str, complaint: str) -> None:
    error = refusal(with_front_matter("title: Nekpijn", line))
    assert error.line == 3
    assert complaint in error.reason
    assert error.mend


@pytest.mark.parametrize("block", ["tag: Nek", "title:\ntag: Nek", "title: '  '\ntag: Nek", f"title: {'a' * 201}"])
def test_front_matter_without_a_usable_title_is_refused(block: str) -> None:
    assert "'title'" in refusal(with_front_matter(block)).reason


def test_a_title_over_several_lines_becomes_one_line() -> None:
    assert article(with_front_matter("title: >", "  Pijn in", "  de nek")).title == "Pijn in de nek"


# Title and slug


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    read = article("# Nekpijn\n\nBeweeg.\n\n## Oefeningen\n\nDraai.")
    assert read.title == "Nekpijn"
    assert read.text.startswith("Beweeg.")


def test_without_front_matter_and_heading_the_file_name_is_the_title() -> None:
    assert article("Beweeg.").title == "Nekpijn op het werk"


def test_a_heading_too_long_for_a_title_leaves_the_title_to_the_file_name() -> None:
    assert article(f"# {'lang ' * 60}\n\nBeweeg.").title == "Nekpijn op het werk"


@pytest.mark.parametrize("heading", ["# Nekpijn", "# nekpijn", "## **Nekpijn**", "Nekpijn\n======="])
def test_a_first_heading_that_repeats_the_title_is_not_a_section(heading: str) -> None:
    assert outline(f"---\ntitle: Nekpijn\n---\n{heading}\n\n- Beweeg") == [("item", 1, "Beweeg")]


def test_the_title_as_a_later_heading_stays_a_section() -> None:
    kinds = [kind for kind, _, _ in outline("---\ntitle: Nekpijn\n---\nInleiding hier.\n\n## Nekpijn\n\nBeweeg.")]
    assert kinds == ["paragraph", "heading", "paragraph"]


def test_a_slug_has_no_accents_and_no_hyphen_at_the_end_when_it_is_cut() -> None:
    assert slug_of("Therapieën, één voor één!") == "therapieen-een-voor-een"
    assert slug_of("a" * 119 + " b") == "a" * 119


def test_a_title_without_letters_or_digits_is_refused_for_want_of_a_slug() -> None:
    assert "slug" in refusal(with_front_matter('title: "???"')).reason


# Blocks


def test_headings_paragraphs_items_and_captions_are_told_apart() -> None:
    assert outline("---\ntitle: T\n---\nEen.\n\n## Kop\n\nTwee:\n\n- drie\n- vier\n\n*vijf*\n") == [
        ("paragraph", 0, "Een."),
        ("heading", 2, "Kop"),
        ("paragraph", 0, "Twee:"),
        ("item", 1, "drie"),
        ("item", 1, "vier"),
        ("caption", 0, "vijf"),
    ]


def test_nested_lists_keep_their_depth() -> None:
    assert outline("- a\n  - b\n    - c\n- d") == [
        ("item", 1, "a"),
        ("item", 2, "b"),
        ("item", 3, "c"),
        ("item", 1, "d"),
    ]


def test_an_item_of_two_paragraphs_is_one_block() -> None:
    assert outline("- a\n\n  vervolg\n- b") == [("item", 1, "a vervolg"), ("item", 1, "b")]


def test_steps_of_a_numbered_list_keep_their_number_outside_the_block() -> None:
    read = article("Oefening:\n\n3. Ga liggen\n4. Trek de knie op\n")
    assert read.text == "Oefening:\n\n3. Ga liggen\n4. Trek de knie op"
    assert [read.wording(block) for block in read.blocks] == ["Oefening:", "Ga liggen", "Trek de knie op"]


def test_bullets_pasted_from_word_are_a_list() -> None:
    assert outline("Let op:\n  • rust\n  • warmte") == [
        ("paragraph", 0, "Let op:"),
        ("item", 1, "rust"),
        ("item", 1, "warmte"),
    ]


def test_a_table_row_is_one_item_so_that_its_cells_stay_together() -> None:
    rows = outline("# T\n\n| Klacht | Duur |\n|---|---|\n| Nek | 2 weken |\n| Rug | |\n")
    assert rows == [("item", 1, "Klacht | Duur"), ("item", 1, "Nek | 2 weken"), ("item", 1, "Rug")]


def test_a_table_is_one_passage() -> None:
    read = article("# T\n\nVooraf.\n\n| Klacht | Duur |\n|---|---|\n| Nek | 2 weken |\n")
    assert [passage.text for passage in chunk(read, ChunkSettings())] == ["Vooraf.", "Klacht | Duur\n• Nek | 2 weken"]


@pytest.mark.parametrize("rule", ["\n---\n", "\n\n---\n\n", "\n\n***\n\n"])
def test_a_horizontal_rule_makes_no_heading_of_the_sentence_above_it(rule: str) -> None:
    assert outline(f"# T\n\nBeweeg regelmatig.{rule}Rust ook.\n\n---\n\nSlot.") == [
        ("paragraph", 0, "Beweeg regelmatig."),
        ("paragraph", 0, "Rust ook."),
        ("paragraph", 0, "Slot."),
    ]


def test_a_short_line_underlined_with_dashes_is_still_a_heading() -> None:
    assert outline("# T\n\nWat te doen?\n---\n\nBeweeg.")[0] == ("heading", 2, "Wat te doen?")


def test_markup_goes_and_words_stay() -> None:
    read = article("Een **vet** en [link](https://a.example) met `code`, `3 < 5` &amp; \\*ster\\*.")
    assert read.text == "Een vet en link met code, 3 < 5 & *ster*."


def test_html_in_markdown_loses_its_tags_and_scripts_but_never_glues_words() -> None:
    read = article("Een<br>twee\n\n<p>drie</p><p>vier</p>\n\n<script>alert(1)</script>\n\n<!-- intern -->\n")
    assert read.text == "Een twee\n\ndrie vier"


def test_text_that_is_struck_out_is_left_out() -> None:
    assert article("Rust ~~drie weken~~ twee dagen.").text == "Rust  twee dagen."


def test_soft_hyphens_and_zero_width_spaces_go_and_no_break_spaces_stay() -> None:
    assert article("rug\u00adpijn en nek\u200bpijn, 5\u00a0kg &shy;").text == "rugpijn en nekpijn, 5\u00a0kg"


def test_letters_written_with_a_separate_accent_are_composed() -> None:
    assert article("patie\u0308nt").text == "patiënt"


@pytest.mark.parametrize(
    "caption", ["*Oefening 1*", "_Oefening 1_", "![](a.png)\n*Oefening 1*", "![Oefening 1](a.png)"]
)
def test_a_paragraph_in_italics_or_an_image_alone_is_a_caption(caption: str) -> None:
    assert outline(f"Beweeg.\n\n{caption}")[1] == ("caption", 0, "Oefening 1")


def test_an_image_that_is_a_link_is_a_caption() -> None:
    assert outline("Beweeg.\n\n[![Oefening 1](a.png)](b.html)")[1] == ("caption", 0, "Oefening 1")


def test_the_description_of_an_image_never_ends_up_inside_a_sentence() -> None:
    assert article("Draai ![een hoofd](a.png)het hoofd.\n\n- ![pijl](b.png)\n- links").text == (
        "Draai het hoofd.\n\n• links"
    )


def test_a_paragraph_with_some_italics_is_not_a_caption() -> None:
    assert outline("*Let op:* beweeg *nooit* door pijn *heen*")[0][0] == "paragraph"


@pytest.mark.parametrize(
    "markdown", ["", "\n \n", "# Kop\n\n## Kop\n", "![foto](a.png)", "*bijschrift*", "---", "…", "&shy;"]
)
def test_a_document_without_a_sentence_to_quote_is_refused(markdown: str) -> None:
    with pytest.raises(ArticleError):
        article(markdown)


def test_ten_lists_in_each_other_are_read_whole() -> None:
    nested = "\n".join(f"{'  ' * depth}- laag {depth}" for depth in range(10))
    assert [text for _, _, text in outline(nested)] == [f"laag {depth}" for depth in range(10)]


@pytest.mark.parametrize(
    "markdown", [">" * 5000 + " tekst", "- " * 5000 + "tekst", "Zichtbaar.\n\n" + ">" * 120 + " weg"]
)
def test_nesting_too_deep_to_read_is_refused_and_never_dropped_in_silence(markdown: str) -> None:
    assert "in elkaar" in refusal(markdown).reason


@pytest.mark.parametrize("piece", ["[", "*a ", "![", "[a](", "`", "<a ", "<div>", "~~a ", "|", "&", "\\"])
def test_thousands_of_unclosed_marks_end_in_an_article_or_a_refusal(piece: str) -> None:
    try:
        assert article("Tekst.\n\n" + piece * 3000).text.startswith("Tekst.")
    except ArticleError:
        pytest.fail("the sentence before the marks is readable")


# What holds for every article

MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "## ", "- ", "  - ", "1. ", "> ", "\n", "\n\n", "---\n", "***", "*", "_", "`", "|", "~~"]
        ),
        st.sampled_from(
            ["|a|b|\n|-|-|\n|c||\n", "![x](y)", "[a](b)", "<br>", "<p>", "</p>", "<!--", "&nbsp;", "\u00ad"]
        ),
        st.sampled_from(
            ["---\ntitle: x\n---\n", "title:", "• ", "\t", "    ", "```\n", "\r\n", "===\n", "\u2028", "\ufeff"]
        ),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)


@given(MARKUP)
def test_blocks_of_any_article_are_in_order_do_not_overlap_and_are_never_empty(markdown: str) -> None:
    try:
        read = article(markdown)
    except ArticleError:
        return
    end = 0
    for block in read.blocks:
        assert end <= block.start < block.end <= len(read.text)
        assert read.wording(block) == read.wording(block).strip() != ""
        end = block.end
    assert any(block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) for block in read.blocks)
    assert read.title and read.slug


@given(MARKUP)
def test_all_words_of_an_article_stand_in_a_block(markdown: str) -> None:
    try:
        read = article(markdown)
    except ArticleError:
        return
    cuts = [0, *(edge for block in read.blocks for edge in (block.start, block.end)), len(read.text)]
    between = "".join(read.text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True))
    assert set(between) <= set(" \n•0123456789.)")
