import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from answer_fakes import answers, texts_of_all_kinds, urgent_answers
from chat_fakes import (
    CAUSES,
    CRISIS,
    EMERGENCY,
    LIST_ANSWER,
    NOT_FOUND,
    NOTED,
    PILLS,
    REFUSED,
    SAFETY_NET,
    SOON,
    WARNED,
    citation,
    urgent,
)
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token
from web_fakes import words_of

from assistant import texts
from assistant.answer import Alarm, Answer, AnswerKind, Remark, Sentence, Shape, Urgency
from assistant.web.chat.render import escape, render_answer, render_error, render_note, render_partial, render_question

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OUR_TOKENS = {
    "text", "softbreak", "inline", "paragraph_open", "paragraph_close", "link_open", "link_close", "hr",
    "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "strong_open", "strong_close",
    "em_open", "em_close", "blockquote_open", "blockquote_close", "html_block",
}  # fmt: skip
OUR_TAGS = {"div", "p", "ul", "li", "a", "span", "b"}
OUR_CLASSES = {"alarm-sign", "alarm-title", "call", "safety-net", *(f"alarm alarm-{each}" for each in Urgency)}


def tokens(markdown: str) -> Iterator[Token]:
    for block in MARKDOWN.parse(markdown):
        yield block
        yield from block.children or ()


def words(markdown: str) -> list[str]:
    """What a reader sees."""
    return " ".join(_seen(block) for block in MARKDOWN.parse(markdown)).split()


def _seen(token: Token) -> str:
    if token.type == "inline":
        return "".join(_seen(child) for child in token.children or ())
    if token.type == "html_block":
        return words_of(token.content).text
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def html_tags(markdown: str) -> list[tuple[str, dict[str, str | None]]]:
    return [tag for token in tokens(markdown) if token.type == "html_block" for tag in words_of(token.content).tags]


def addresses(markdown: str) -> list[str]:
    return [str(token.attrs["href"]) for token in tokens(markdown) if token.type == "link_open"]


def contains(whole: list[str], part: list[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


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
        for tag, attributes in html_tags(shown):
            assert tag in OUR_TAGS
            assert set(attributes) <= {"class", "role", "href"}
            assert attributes.get("class") in {None, *OUR_CLASSES}
            assert re.fullmatch(r"tel:[+\d]*", attributes.get("href") or "tel:")


@given(answers.filter(lambda answer: not (answer.urgency and answer.urgency.forbids_advice)))
def test_an_answer_shows_every_word_in_order_and_ends_with_the_disclaimer(answer: Answer) -> None:
    for shown in (render_answer(answer), render_partial(answer)):
        seen, read = words(shown), 0
        for part in (*said_in(answer), texts.DISCLAIMER):
            read = end_of(part.split(), seen, read)
        assert seen[-len(texts.DISCLAIMER.split()) :] == texts.DISCLAIMER.split()


def said_in(answer: Answer) -> Iterator[str]:
    """From top to bottom."""
    if answer.alarm:
        yield answer.alarm.title
        yield from answer.alarm.paragraphs
    yield answer.notice
    for sentence in answer.sentences:
        yield f"{sentence.attribution} “{sentence.text}”" if sentence.attribution else sentence.text
    for remark in answer.remarks:
        yield remark.text + (f" (Bron: {remark.source}.)" if remark.source else "")
    yield answer.safety_net


def end_of(part: list[str], whole: list[str], read: int) -> int:
    """Where ``part`` ends in ``whole``, from ``read`` on."""
    ends = range(read + len(part), len(whole) + 1)
    return next(end for end in ends if whole[end - len(part) : end] == part)


@given(answers.filter(lambda answer: answer.alarm))
def test_an_alarm_shows_its_word_its_text_and_its_numbers_before_anything_else(answer: Answer) -> None:
    alarm = answer.alarm
    assert alarm is not None
    seen = words(render_answer(answer))
    before_the_numbers = " ".join((texts.ALARM_SIGNS[alarm.urgency], alarm.title, *alarm.paragraphs)).split()
    assert seen[: len(before_the_numbers)] == before_the_numbers
    for call in alarm.calls:
        assert contains(seen, call.label.split())
        assert call.number in call.label or contains(seen, call.number.split())


@given(urgent_answers)
def test_nothing_follows_an_alarm_from_today_on_but_the_disclaimer(alarmed: Answer) -> None:
    assert render_partial(alarmed) == render_answer(alarmed)
    alarm_block, rule, disclaimer = render_answer(alarmed).split("\n\n")
    assert alarm_block.startswith("<div") and rule == "---"
    assert words(disclaimer) == texts.DISCLAIMER.split()


@pytest.mark.parametrize(
    "shown",
    [
        render_answer(LIST_ANSWER),
        render_answer(NOT_FOUND),
        render_answer(urgent(EMERGENCY)),
        render_answer(WARNED),
        render_answer(REFUSED),
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


@pytest.mark.parametrize("alarm", [EMERGENCY, CRISIS, SOON])
def test_an_alarm_is_read_out_at_once_and_carries_its_urgency(alarm: Alarm) -> None:
    (tag, attributes), *_ = html_tags(render_answer(urgent(alarm)))
    assert tag == "div"
    assert attributes == {"class": f"alarm alarm-{alarm.urgency}", "role": "alert"}


def test_every_number_is_a_link_to_call_it() -> None:
    shown = render_answer(urgent(CRISIS))
    assert [attributes["href"] for tag, attributes in html_tags(shown) if tag == "a"] == ["tel:08000113", "tel:112"]
    assert contains(words(shown), "113 Zelfmoordpreventie 0800-0113 In gevaar 112".split())


def test_a_number_that_its_label_names_is_not_said_twice() -> None:
    *_, label = render_answer(urgent(EMERGENCY)).split("</a>")[0].split(">", 2)[-1].split('href="tel:112">')
    assert words_of(label).text == "Bel 112"


def test_every_urgency_has_a_word_of_its_own() -> None:
    assert set(texts.ALARM_SIGNS) == set(Urgency)
    assert len(set(texts.ALARM_SIGNS.values())) == len(Urgency)


def test_a_claim_of_the_practice_is_said_to_be_theirs_before_it_is_quoted() -> None:
    assert contains(words(render_partial(NOTED)), "De praktijk schrijft: “De massage werkt altijd.” [3]".split())


def test_remarks_stand_under_the_answer_with_the_numbers_they_are_about_as_links() -> None:
    html = MARKDOWN.render(render_answer(NOTED))
    remarks = html.split("<blockquote>")[1].split("</blockquote>")[0]
    first, second = remarks.split("</p>")[:2]
    assert f'href="{NOTED.citations[2].url}"' in first and "(Bron: NICE NG59.)" in first
    assert words(render_answer(NOTED)).count("bij") == 2
    assert second.count("<a ") == 2 and "Bron" not in second
    assert html.index("werkt altijd") < html.index("<blockquote>") < html.index(texts.SOURCES)


def test_a_remark_on_the_whole_answer_names_no_number() -> None:
    answer = Answer(AnswerKind.ANSWERED, (Sentence("Ja.", ()),), remarks=(Remark("Niet bewezen.", "", ()),))
    assert contains(words(render_answer(answer)), ["Let", "op:", "Niet", "bewezen."])


def test_the_safety_net_is_a_paragraph_of_its_own_between_answer_and_disclaimer() -> None:
    *before, net, _, disclaimer = render_partial(NOTED).split("\n\n")
    assert net == f'<p class="safety-net">{SAFETY_NET}</p>'
    assert before and words(disclaimer) == texts.DISCLAIMER.split()


def test_a_long_question_is_cut_where_the_limit_is() -> None:
    assert render_question("a" * 20, max_chars=10) == "a" * 10 + "…"


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    assert escape("rug\ud800pijn").encode()
