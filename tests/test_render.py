import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from chat_fakes import CAUSES, LIST_ANSWER, NOT_FOUND, PILLS, URGENT, citation
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant import texts
from assistant.answer import Answer, AnswerKind, Citation, Sentence, Shape
from assistant.web.render import escape, render_answer, render_error, render_note, render_partial, render_question

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OUR_TOKENS = {
    "text", "softbreak", "inline", "paragraph_open", "paragraph_close", "link_open", "link_close", "hr",
    "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "strong_open", "strong_close",
    "em_open", "em_close", "blockquote_open", "blockquote_close",
}  # fmt: skip

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<div align=left",
    "</p",
    "<script",
    "![x](http://evil.example/x.png)",
    "[klik](javascript:alert(1))",
    "[a]: http://evil.example\n[a]",
    "<http://evil.example> www.evil.example http://evil.example jan@evil.example",
    "# kop\n\n- punt\n\n1. een\n2) twee\n\n> citaat\n\n---",
    "    vier spaties",
    "```html\n<b>\n```",
    "a | b\n--|--\n1 | 2",
    "kop\n===",
    "**vet** __vet__ *cursief* _cursief_ ~~door~~ `code`",
    "&lt;b&gt; &amp; &#60;b&#62; &copy",
    "\\<b> \\\\ \\",
    "$$x$$ \\(x\\) \\[x\\]",
    "<!-- weg --> <![CDATA[ weg ]]> <?php weg ?>",
)
# Marks that mean something in Markdown or HTML, thick on the ground.
awkward = st.text(st.sampled_from("<>&![]()*_`#|~\\-+=.:;\"'/ab1 \n\t{}$^"), max_size=40)
texts_of_all_kinds = st.one_of(awkward, st.sampled_from(HOSTILE), st.text(max_size=40)).filter(lambda t: "\0" not in t)


def tokens(markdown: str) -> Iterator[Token]:
    for block in MARKDOWN.parse(markdown):
        yield block
        yield from block.children or ()


def words(markdown: str) -> list[str]:
    """What a reader sees."""
    blocks = (block for block in MARKDOWN.parse(markdown) if block.type == "inline")
    return " ".join("".join(_seen(child) for child in block.children or ()) for block in blocks).split()


def _seen(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def addresses(markdown: str) -> list[str]:
    return [str(token.attrs["href"]) for token in tokens(markdown) if token.type == "link_open"]


def contains(whole: list[str], part: list[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


def citations(number: int) -> st.SearchStrategy[Citation]:
    any_text = texts_of_all_kinds
    any_url = st.one_of(any_text, st.just("/bron/nek?c=0-1-ab#citaat"))
    return st.builds(Citation, st.just(number), any_text, any_text, any_text, any_text, st.just(0), st.just(1), any_url)


sentences = st.builds(
    Sentence,
    texts_of_all_kinds,
    st.lists(st.integers(1, 3), max_size=2).map(tuple),
    st.sampled_from(Shape),
    st.booleans(),
)
answers = st.builds(
    Answer,
    st.sampled_from(AnswerKind),
    st.lists(sentences, max_size=6).map(tuple),
    st.tuples(citations(1), citations(2)),
    notice=texts_of_all_kinds,
)


@given(texts_of_all_kinds)
def test_escaped_text_shows_the_same_words_and_nothing_else(text: str) -> None:
    assert words(escape(text)) == text.split()
    assert {token.type for token in tokens(escape(text))} <= {"paragraph_open", "inline", "text", "paragraph_close"}


@given(texts_of_all_kinds)
def test_a_question_shows_the_same_words_with_its_line_breaks_and_nothing_else(text: str) -> None:
    shown = render_question(text, max_chars=1_000)
    assert words(shown) == text.split()
    kinds = {token.type for token in tokens(shown)}
    assert kinds <= {"paragraph_open", "inline", "text", "hardbreak", "paragraph_close"}


@given(answers)
def test_an_answer_can_bring_no_mark_tag_or_address_but_ours(answer: Answer) -> None:
    for shown in (render_answer(answer), render_partial(answer, texts.STOPPED)):
        assert {token.type for token in tokens(shown)} <= OUR_TOKENS
        assert all(re.match(r"/(?!/)|https?://", address) for address in addresses(shown))


@given(answers)
def test_an_answer_shows_every_word_and_ends_with_the_disclaimer(answer: Answer) -> None:
    for shown in (render_answer(answer), render_partial(answer)):
        seen = words(shown)
        for said in (answer.notice, *(sentence.text for sentence in answer.sentences)):
            assert contains(seen, said.split())
        assert seen[-len(texts.DISCLAIMER.split()) :] == texts.DISCLAIMER.split()


@pytest.mark.parametrize(
    "shown",
    [
        render_answer(LIST_ANSWER),
        render_answer(NOT_FOUND),
        render_answer(URGENT),
        render_partial(LIST_ANSWER),
        render_partial(LIST_ANSWER, texts.STOPPED),
        render_note(texts.SEARCHING),
        render_error(texts.TOO_SLOW),
        render_error(""),
    ],
)
def test_every_rendering_ends_with_the_disclaimer_set_apart(shown: str) -> None:
    *_, rule, disclaimer = shown.split("\n\n")
    assert rule == "---"
    assert words(disclaimer) == texts.DISCLAIMER.split()


def test_items_stand_as_a_list_under_their_lead_in() -> None:
    html = MARKDOWN.render(render_answer(LIST_ANSWER))
    lead_in, items = html.split("<ul>")[:2]
    assert "Oorzaken van hoge rugklachten en rugpijn:" in lead_in
    assert items.split("</ul>")[0].count("<li>") == 4


def test_a_sentence_after_an_item_that_opens_no_paragraph_stays_in_that_item() -> None:
    answer = Answer(AnswerKind.ANSWERED, (Sentence("Een", (), Shape.ITEM), Sentence("nog iets", ())))
    assert "<li>Een nog iets</li>" in MARKDOWN.render(render_partial(answer))


def test_lists_from_different_places_stay_apart() -> None:
    lists = (Sentence("a", (), Shape.ITEM), Sentence("b", (), Shape.ITEM, opens_paragraph=True))
    assert MARKDOWN.render(render_partial(Answer(AnswerKind.ANSWERED, lists))).count("<ul>") == 2


def test_paragraphs_open_where_the_answer_says_so() -> None:
    said = (Sentence("Een.", ()), Sentence("Twee.", ()), Sentence("Drie.", (), opens_paragraph=True))
    html = MARKDOWN.render(render_partial(Answer(AnswerKind.ANSWERED, said)))
    assert "<p>Een. Twee.</p>\n<p>Drie.</p>" in html


def test_each_sentence_carries_the_numbers_of_its_sources_as_links() -> None:
    html = MARKDOWN.render(render_partial(LIST_ANSWER))
    url = LIST_ANSWER.citations[0].url
    assert f'geleidelijk.\u00a0<a href="{url}"' in html
    assert html.count("<a ") == len(LIST_ANSWER.sentences)


def test_sources_are_named_once_a_passage_with_article_and_section_under_a_finished_answer() -> None:
    assert texts.SOURCES not in render_partial(LIST_ANSWER)
    html = MARKDOWN.render(render_answer(LIST_ANSWER))
    sources = html.split(f"<strong>{texts.SOURCES}</strong>")[1].split("</ul>")[0]
    first, second = sources.split("<li>")[1:]
    assert [">[1]<" in first, ">[2]<" in first, ">[3]<" in second] == [True] * 3
    assert CAUSES in first and "Oorzaken van hoge rugklachten" in first
    assert PILLS in second and "Paracetamol niet veel beter dan placebo" in second


def test_a_source_without_a_web_address_is_named_but_not_linked() -> None:
    for url in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "", " /bron/x"):
        cited = replace(citation(1, CAUSES, ""), url=url)
        shown = render_answer(Answer(AnswerKind.ANSWERED, (Sentence("Ja.", (1,)),), (cited,)))
        assert addresses(shown) == []
        assert contains(words(shown), ["Ja.", "[1]"])


def test_an_alarm_comes_first_and_stands_out() -> None:
    assert MARKDOWN.render(render_answer(URGENT)).startswith("<blockquote>\n<p>Bel nu 112. Wacht niet.</p>")


def test_a_long_question_is_cut_where_the_limit_is() -> None:
    assert render_question("a" * 20, max_chars=10) == "a" * 10 + "…"


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    assert escape("rug\ud800pijn").encode()
