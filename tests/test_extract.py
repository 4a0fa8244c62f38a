"""Whatever is found relevant, the reply quotes the articles word for word, in pieces that can be understood."""

from collections.abc import Sequence
from itertools import groupby, pairwise, zip_longest
from pathlib import Path

import numpy as np
import pytest
from assistant_fakes import Placed, placed, retrieval, row_of
from fakes import FakeEmbedder, ingest, write_article
from hypothesis import given, settings
from hypothesis import strategies as st
from retrieval_strategies import any_retrieval

from assistant.answer import Answer, AnswerKind, Citation, Sentence, Shape
from assistant.extract import ExtractiveComposer, Limits
from assistant.links import citation_url
from assistant.remarks import is_promotional
from assistant.retrieve import Retrieval
from ingest.article import BlockKind
from ingest.index import Index, load_index
from ingest.review_notes import NoteKind

# Openings that everyone reads as pointing back; the code knows more of them.
POINTS_BACK = ("Dit ", "Dat ", "Die ", "Deze ", "Hij ", "Daarna ", "Daarnaast ", "Denk ", "Maar ", "Dus ", "Gelukkig ")
# Long enough after the first sentence or list, with what it needs.
ONE_CHOICE = Limits(target_words=0)


def is_one_doctor_list(index: Index, citations: Sequence[Citation]) -> bool:
    """Whether all that is quoted is one list, noted by a reviewer as the one that says when to see a doctor."""
    quoted = {citation.passage_id for citation in citations}
    passages = [row for row, passage in enumerate(index.passages) if passage.id in quoted]
    sentences = np.flatnonzero(np.isin(index.passage_of_sentence, passages))
    notes = {note.kind for row in sentences for note in index.notes_of_sentence(int(row))}
    return len(passages) == 1 and index.passages[passages[0]].is_list and NoteKind.SEE_DOCTOR in notes


@st.composite
def any_limits(draw: st.DrawFn) -> Limits:
    """What an operator may set."""
    return Limits(max_words=draw(st.integers(20, 400)))


def compose(found: Retrieval, limits: Limits | None = None) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    composed = ExtractiveComposer(limits).compose(found)
    return composed.sentences, composed.citations


def compose_placed(found: Retrieval) -> list[Placed]:
    return placed(found.index, *compose(found))


def said(index: Index, *rows: int, question: str = "Wat helpt?", limits: Limits | None = None) -> list[str]:
    """The reply when these rows and their passage are what is relevant, the first the most."""
    relevance = {row: 100.0 - position / 10 for position, row in enumerate(rows)}
    found = retrieval(index, question, relevance, {index.sentence_rows[rows[0]].passage: 1.0})
    return [sentence.text for sentence in compose(found, limits)[0]]


# Whatever is relevant: the quotes


@settings(max_examples=40)
@given(data=st.data())
def test_every_quote_is_an_exact_slice_of_its_article(corpus_index: Index, data: st.DataObject) -> None:
    _, citations = compose(data.draw(any_retrieval(corpus_index)))
    passages = {passage.id: passage for passage in corpus_index.passages}
    for citation in citations:
        passage = passages[citation.passage_id]
        article = corpus_index.articles[passage.slug]
        assert citation.quote == article.text[citation.start : citation.end] != ""
        assert (citation.article, citation.section) == (article.title, " › ".join(passage.heading_path))
        assert citation.url == citation_url(article.slug, citation.start, citation.end, citation.quote)


@settings(max_examples=40)
@given(data=st.data())
def test_every_sentence_is_an_exact_slice_that_lies_inside_a_quote_it_cites(
    corpus_index: Index, data: st.DataObject
) -> None:
    sentences, citations = compose(data.draw(any_retrieval(corpus_index)))
    found = placed(corpus_index, sentences, citations)
    assert len(found) == len(sentences)
    for each in found:
        assert corpus_index.articles[each.passage.slug].text[each.start : each.end] == each.sentence.text


@settings(max_examples=40)
@given(data=st.data())
def test_every_sentence_is_a_whole_sentence_or_the_lead_in_of_its_passage(
    corpus_index: Index, data: st.DataObject
) -> None:
    for each in compose_placed(data.draw(any_retrieval(corpus_index))):
        stretches = {(sentence.start, sentence.end) for sentence in each.passage.sentences}
        lead_in = each.passage.lead_in
        if each.is_lead_in:
            assert lead_in is not None
            assert (each.start, each.end) == (lead_in.start, lead_in.end)
        else:
            assert (each.start, each.end) in stretches


@settings(max_examples=40)
@given(data=st.data())
def test_numbers_run_from_one_without_gaps_in_the_order_they_are_met(corpus_index: Index, data: st.DataObject) -> None:
    sentences, citations = compose(data.draw(any_retrieval(corpus_index)))
    met = list(dict.fromkeys(number for sentence in sentences for number in sentence.citations))
    assert met == [citation.number for citation in citations] == list(range(1, len(citations) + 1))


@settings(max_examples=40)
@given(data=st.data())
def test_no_quote_overlaps_another(corpus_index: Index, data: st.DataObject) -> None:
    _, citations = compose(data.draw(any_retrieval(corpus_index)))
    slugs = {passage.id: passage.slug for passage in corpus_index.passages}
    stretches = sorted((slugs[each.passage_id], each.start, each.end) for each in citations)
    for (slug, _, end), (next_slug, start, _) in pairwise(stretches):
        assert slug != next_slug or end <= start


@settings(max_examples=40)
@given(data=st.data())
def test_neither_a_caption_nor_a_left_over_word_is_quoted(corpus_index: Index, data: st.DataObject) -> None:
    _, citations = compose(data.draw(any_retrieval(corpus_index)))
    passages = {passage.id: passage for passage in corpus_index.passages}
    for citation in citations:
        assert "Checklist" not in citation.quote
        article = corpus_index.articles[passages[citation.passage_id].slug]
        captions = [block for block in article.blocks if block.kind is BlockKind.CAPTION]
        assert all(citation.end <= caption.start or caption.end <= citation.start for caption in captions)


# Whatever is relevant: the reply


@settings(max_examples=40)
@given(data=st.data())
def test_there_is_an_answer_unless_promotion_answers_best(corpus_index: Index, data: st.DataObject) -> None:
    found = data.draw(any_retrieval(corpus_index))
    telling = corpus_index.ends_in_question_mark == 0
    best = int(np.where(telling, found.sentence_relevance, -np.inf).argmax())
    assert compose(found)[0] or is_promotional(corpus_index.notes_of_sentence(best))


@settings(max_examples=40)
@given(data=st.data())
def test_no_sentence_is_said_twice(corpus_index: Index, data: st.DataObject) -> None:
    sentences, _ = compose(data.draw(any_retrieval(corpus_index)))
    texts = [" ".join(sentence.text.casefold().split()) for sentence in sentences]
    assert len(set(texts)) == len(texts)


@settings(max_examples=40)
@given(data=st.data())
def test_an_answer_has_at_most_120_words_unless_it_is_a_list_that_sends_to_the_doctor(
    corpus_index: Index, data: st.DataObject
) -> None:
    sentences, citations = compose(data.draw(any_retrieval(corpus_index)))
    words = Answer(AnswerKind.ANSWERED, sentences, citations).words
    assert words <= 120 or (words <= 180 and is_one_doctor_list(corpus_index, citations))


@settings(max_examples=40)
@given(data=st.data())
def test_no_setting_lets_an_answer_pass_its_limit(corpus_index: Index, data: st.DataObject) -> None:
    limits = data.draw(any_limits())
    sentences, citations = compose(data.draw(any_retrieval(corpus_index)), limits)
    words = Answer(AnswerKind.ANSWERED, sentences, citations).words
    longest_list = limits.max_doctor_list_words
    assert words <= limits.max_words or (words <= longest_list and is_one_doctor_list(corpus_index, citations))


@settings(max_examples=40)
@given(data=st.data())
def test_an_answer_comes_from_few_passages(corpus_index: Index, data: st.DataObject) -> None:
    limits = Limits(passages=data.draw(st.integers(1, 4)))
    _, citations = compose(data.draw(any_retrieval(corpus_index)), limits)
    assert len({citation.passage_id for citation in citations}) <= limits.passages


@settings(max_examples=40)
@given(data=st.data())
def test_a_passage_is_told_in_one_go_and_in_reading_order(corpus_index: Index, data: st.DataObject) -> None:
    found = compose_placed(data.draw(any_retrieval(corpus_index)))
    order = [each.passage.id for each in found]
    assert len(set(order)) == len([passage for passage, _ in groupby(order)])
    for one, other in pairwise(found):
        assert one.passage is not other.passage or one.end <= other.start


@settings(max_examples=40)
@given(data=st.data())
def test_a_paragraph_opens_where_another_passage_begins(corpus_index: Index, data: st.DataObject) -> None:
    found = compose_placed(data.draw(any_retrieval(corpus_index)))
    for one, other in zip([None, *found], found, strict=False):
        assert other.sentence.opens_paragraph is (one is None or one.passage is not other.passage)


@settings(max_examples=40)
@given(data=st.data())
def test_every_list_item_stands_under_its_lead_in(corpus_index: Index, data: st.DataObject) -> None:
    found = compose_placed(data.draw(any_retrieval(corpus_index)))
    for one, other in zip([None, *found], found, strict=False):
        opens = one is None or one.passage is not other.passage
        assert other.is_lead_in is (opens and other.passage.lead_in is not None)
        if other.sentence.shape is Shape.ITEM:
            assert other.passage.lead_in is not None


@settings(max_examples=40)
@given(data=st.data())
def test_every_item_has_its_own_bullet_and_its_other_sentences_do_not(corpus_index: Index, data: st.DataObject) -> None:
    found = [each for each in compose_placed(data.draw(any_retrieval(corpus_index))) if not each.is_lead_in]
    for one, other in zip([None, *found], found, strict=False):
        same_item = one and (one.passage.id, one.source.item) == (other.passage.id, other.source.item)
        begins_item = other.source.item is not None and not same_item
        assert other.sentence.shape is (Shape.ITEM if begins_item else Shape.TEXT)


@settings(max_examples=40)
@given(data=st.data())
def test_a_sentence_that_points_back_stands_behind_the_one_before_it(corpus_index: Index, data: st.DataObject) -> None:
    found = compose_placed(data.draw(any_retrieval(corpus_index)))
    for one, other in zip([None, *found], found, strict=False):
        if other.is_lead_in or not other.sentence.text.startswith(POINTS_BACK) or other.position == 0:
            continue
        before = other.passage.sentences[other.position - 1]
        if before.item == other.source.item:
            assert one is not None
            assert (one.start, one.end) == (before.start, before.end)


@settings(max_examples=40)
@given(data=st.data())
def test_a_question_of_the_article_is_no_answer_but_may_introduce_one(corpus_index: Index, data: st.DataObject) -> None:
    found = compose_placed(data.draw(any_retrieval(corpus_index)))
    for one, other in zip_longest(found, found[1:]):
        text = one.sentence.text
        if not text.endswith("?") or text.startswith("Wist ") or one.is_lead_in or one.source.item is not None:
            continue
        assert other is not None
        assert other.passage is one.passage
        assert other.position == one.position + 1


@settings(max_examples=40)
@given(data=st.data())
def test_the_same_relevances_give_the_same_reply(corpus_index: Index, data: st.DataObject) -> None:
    found = data.draw(any_retrieval(corpus_index))
    assert compose(found) == compose(found)


# One thing at a time


def test_the_most_relevant_sentence_is_always_said(corpus_index: Index) -> None:
    """All rows of running text that tell something and are no promotion; a list may be too long to be given whole."""
    for row, each in enumerate(corpus_index.sentence_rows):
        passage = corpus_index.passages[each.passage]
        wording = corpus_index.wording(each)
        promotion = is_promotional(corpus_index.notes_of_sentence(row))
        if not passage.is_list and not wording.endswith("?") and not promotion:
            assert wording in said(corpus_index, row)


def test_a_row_of_sentences_that_point_back_is_told_from_its_beginning(corpus_index: Index) -> None:
    told = said(corpus_index, row_of(corpus_index, "Gelukkig zijn er oefeningen"))
    assert told[0].startswith("De klachten zijn vaak een gevolg van overbelasting")
    assert told.index("Dit kan gebeuren tijdens het sporten.") == 2


def test_did_you_know_tells_something(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Wist u dat ook hoofdpijn")
    assert corpus_index.wording(corpus_index.sentence_rows[row]) in said(corpus_index, row)


def test_a_question_of_the_article_is_not_said_back_to_the_visitor(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Wilt u dat uw slaap niet meer verstoord wordt?")
    assert "Wilt u dat uw slaap niet meer verstoord wordt?" not in said(corpus_index, row)


def test_a_short_list_is_given_whole_for_one_item(corpus_index: Index) -> None:
    assert said(corpus_index, row_of(corpus_index, "Zwangerschap"))[:7] == [
        "Oorzaken van hoge rugklachten en rugpijn:",
        "Een (langdurige) verkeerde werkhouding",
        "Eenzijdig gebruik van de armen (bijvoorbeeld strijken)",
        "Veel boven het hoofd werken (bijvoorbeeld schilderen)",
        "Een trauma",
        "Spanning of stress",
        "Zwangerschap",
    ]


def test_of_a_long_list_only_the_item_that_answers_is_given(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Dat hoeft geen 40 kilo te zijn")
    assert said(corpus_index, row, limits=ONE_CHOICE) == [
        "5 Oorzaken van lage rugpijn:",
        "Overgewicht.",
        "Een van de redenen dat we last kunnen krijgen van de rug is overgewicht.",
        "Dat hoeft geen 40 kilo te zijn, 10 kilo te zwaar zijn kan al een grote belasting voor de rug vormen.",
    ]


def test_who_asks_for_the_list_gets_every_item_of_it(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Als je ook last hebt van koorts.")
    told = said(corpus_index, row, question="Welke klachten zijn een reden om naar de dokter te gaan?")
    assert len([sentence for sentence in told if sentence.startswith(("Als ", "Bij ", "In het ", "Wanneer "))]) == 10


def test_who_asks_for_a_very_long_list_gets_what_each_item_opens_with(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Dat hoeft geen 40 kilo te zijn")
    told = said(corpus_index, row, question="Wat zijn de oorzaken van lage rugpijn?", limits=ONE_CHOICE)
    openings = ["Een verkeerde houding", "Bukken en tillen", "Loop je hard?", "Hoesten", "Overgewicht"]
    assert [told[0], len(told)] == ["5 Oorzaken van lage rugpijn:", 6]
    assert all(sentence.startswith(opening) for sentence, opening in zip(told[1:], openings, strict=True))


@pytest.mark.parametrize(("max_words", "sentences"), [(152, 12), (151, 10), (146, 10), (145, 10)])
def test_a_list_that_just_does_not_fit_is_given_by_its_openings(
    corpus_index: Index, max_words: int, sentences: int
) -> None:
    row = row_of(corpus_index, "Als je ook last hebt van koorts.")
    limits = Limits(max_words=max_words, max_doctor_list_words=0, target_words=0)
    assert len(said(corpus_index, row, question="Welke klachten?", limits=limits)) == sentences


def test_a_list_that_says_when_to_see_a_doctor_is_not_shortened(corpus_index: Index) -> None:
    row = row_of(corpus_index, "Als je ook last hebt van koorts.")
    told = said(corpus_index, row, question="Welke klachten?", limits=Limits(max_words=40))
    assert any(sentence.startswith("Heb je naast pijn in de onderrug last van jouw ogen") for sentence in told)
    assert len(told) == 12


def test_nothing_is_said_when_every_sentence_is_too_long(corpus_index: Index) -> None:
    assert compose(retrieval(corpus_index), Limits(max_words=0, max_doctor_list_words=0)) == ((), ())


def test_sentences_that_touch_share_one_quote_and_others_do_not(corpus_index: Index) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Misschien ziet u er zelfs")]
    relevance = {rows[0]: 100.0, rows[1]: 99.0}
    found = retrieval(corpus_index, "?", relevance, {corpus_index.sentence_rows[rows[0]].passage: 1.0})
    sentences, citations = compose(found, Limits(target_words=25, slack=1))
    assert [sentence.citations for sentence in sentences] == [(1,), (1,)]
    assert citations[0].quote == f"{sentences[0].text} {sentences[1].text}"


@pytest.mark.parametrize(("behind", "is_said"), [(0.0, True), (2.9, True), (3.1, False)])
def test_only_what_is_about_as_relevant_as_the_best_is_said(corpus_index: Index, behind: float, is_said: bool) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Misschien ziet u er zelfs")]
    found = retrieval(corpus_index, "?", {rows[0]: 100.0, rows[1]: 100.0 - behind})
    said = [sentence.text for sentence in compose(found, Limits(slack=3.0, slack_elsewhere=1.0))[0]]
    assert any(text.startswith("Misschien ziet u er zelfs") for text in said) is is_said


@pytest.mark.parametrize(("behind", "is_said"), [(0.0, True), (0.9, True), (1.1, False)])
def test_of_another_passage_only_what_is_nearly_as_relevant_is_said(
    corpus_index: Index, behind: float, is_said: bool
) -> None:
    rows = [row_of(corpus_index, opening) for opening in ("Als u schouderklachten heeft", "Hoge rugpijn heb je veelal")]
    found = retrieval(corpus_index, "?", {rows[0]: 100.0, rows[1]: 100.0 - behind})
    said = [sentence.text for sentence in compose(found, Limits(slack=3.0, slack_elsewhere=1.0))[0]]
    assert any(text.startswith("Hoge rugpijn heb je veelal") for text in said) is is_said


# Small articles of our own


@pytest.fixture
def twins(tmp_path: Path) -> Index:
    """Two passages that share a sentence; only in one of them is it pointed back to."""
    shared = "Warmte maakt de spieren in de onderrug los."
    write_article(tmp_path, "a.md", "Warmte", f"{shared} Veel mensen gebruiken daarvoor een kruik in bed.")
    write_article(tmp_path, "b.md", "Thuis", f"{shared} Dit werkt het best vlak voor het slapengaan.")
    ingest(tmp_path)
    return load_index(tmp_path / "index", FakeEmbedder())


def test_what_points_back_is_left_out_when_its_sentence_was_said_elsewhere(twins: Index) -> None:
    warm, kruik, _, dit = range(4)
    assert said(twins, warm, kruik, dit) == [twins.wording(twins.sentence_rows[row]) for row in (warm, kruik)]


def test_what_points_back_is_said_with_its_sentence_when_that_comes_first(twins: Index) -> None:
    assert said(twins, 3)[:2] == [twins.wording(twins.sentence_rows[row]) for row in (2, 3)]
