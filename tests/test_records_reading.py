"""What staff reads of what is kept, in a file or in PostgreSQL: found by what it is, as it was."""

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from records_fakes import DAY, NOW, RATING, exchange
from records_places import KeptIn, put

from assistant.records.filters import Filter, RatingFilter
from assistant.records.reading import OpenQuestion, Reader, Why
from assistant.records.rows import Exchange, Rating

pytest_plugins = ("postgres_fixtures", "records_fixtures")

TODAY = datetime.fromtimestamp(NOW).date()


@pytest.fixture
def reader(kept: KeptIn) -> Reader:
    return kept.reader()


def rating(reply_id: str | None, helpful: bool = False, comment: str = "", at: int = NOW) -> Rating:
    delete_at = at + 30 * DAY if comment else None
    return replace(RATING, helpful=helpful, reply_id=reply_id, comment=comment, delete_at=delete_at, at=at)


def numbers(reader: Reader, **wanted: Any) -> list[int]:
    found = [each.number for each in reader.page(Filter(**wanted))]
    assert reader.count(Filter(**wanted)) == len(found)
    return found


# Lists


def test_a_page_is_newest_first_and_goes_on_where_the_one_before_it_ended(kept: KeptIn, reader: Reader) -> None:
    put(kept, *(exchange(f"vraag {n}") for n in range(7)))
    first = reader.page(Filter(), most=3)
    assert [each.question for each in first] == ["vraag 6", "vraag 5", "vraag 4"]
    second = reader.page(Filter(), before=first[-1].number, most=3)
    assert [each.number for each in second] == [4, 3, 2]
    assert reader.count(Filter()) == 7


def test_a_conversation_is_found_by_kind_urgency_day_and_what_was_thought_of_it(kept: KeptIn, reader: Reader) -> None:
    put(
        kept,
        replace(exchange("een", NOW - 2 * DAY), reply_id="r1"),
        replace(exchange("twee", NOW - DAY), kind="not_found", reply_id="r2"),
        replace(exchange("drie", NOW), kind="urgent", urgency="112", reply_id="r3"),
        rating("r1", helpful=True),
        rating("r2"),
        rating(None),
        rating("niet bewaard"),
    )
    assert numbers(reader, kind="not_found") == [2]
    assert numbers(reader, urgency="112") == [3]
    assert numbers(reader, helpful=True) == [1]
    assert numbers(reader, helpful=False) == [2]
    yesterday = date.fromordinal(TODAY.toordinal() - 1)
    assert numbers(reader, since=yesterday) == [3, 2]
    assert numbers(reader, until=yesterday) == [2, 1]
    assert numbers(reader, since=yesterday, until=yesterday, kind="not_found", helpful=False, words="TWEE") == [2]
    assert numbers(reader, kind="answered", urgency="112") == []


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date.max])
def test_any_day_can_be_asked_for(kept: KeptIn, reader: Reader, day: date) -> None:
    put(kept, exchange())
    assert numbers(reader, since=day) == ([1] if day < TODAY else [])
    assert numbers(reader, until=day) == ([1] if day > TODAY else [])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pijn", [3, 2, 1]),
        ("NEK pijn", [1]),
        ("100%", [2]),
        ("a_b", [3]),
        ("%", [2]),
        ("_", [3]),
        ("\\", [3]),
        ("' OR 1=1 --", []),
        ("   ", [3, 2, 1]),
    ],
)
def test_words_are_taken_as_they_are(kept: KeptIn, reader: Reader, words: str, found: list[int]) -> None:
    put(kept, exchange("pijn in de nek"), exchange("100% pijn"), exchange("pijn bij a_b\\c"))
    assert numbers(reader, words=words) == found


@hypothesis(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40).filter(lambda text: not any("\ud800" <= char <= "\udfff" or char == "\0" for char in text)))
def test_a_question_is_found_by_its_own_words_whatever_is_in_them(kept: KeptIn, question: str) -> None:
    put(kept, exchange(question), exchange("iets anders"))
    latest = kept.reader().page(Filter(words=question), most=2)
    assert question in [each.question for each in latest]


def test_one_can_be_opened_with_all_that_was_said_of_it(kept: KeptIn, reader: Reader) -> None:
    asked = replace(exchange(), reply_id="r1", engine="extractive", total_ms=23.5)
    put(kept, asked, rating("r1", comment="ik bedoelde links"), rating("r1", helpful=True), rating("r2"))
    opened = reader.conversation(1)
    assert opened
    assert opened.exchange == asked
    assert [(each.number, each.rating.helpful, each.rating.comment) for each in opened.ratings] == [
        (2, True, ""),
        (1, False, "ik bedoelde links"),
    ]
    assert reader.page(Filter())[0].helpful is True
    assert reader.conversation(2) is None


def test_conversations_without_a_name_for_the_reply_share_no_feedback(kept: KeptIn, reader: Reader) -> None:
    put(kept, exchange(), rating(None))
    opened = reader.conversation(1)
    assert opened and opened.ratings == ()


def test_feedback_is_listed_with_the_conversation_it_is_about(kept: KeptIn, reader: Reader) -> None:
    put(kept, replace(exchange(), reply_id="r1"), rating("r1"), rating("weg", True, at=NOW - 9 * DAY), rating(None))
    found = reader.ratings(RatingFilter())
    assert [(each.number, each.conversation) for each in found] == [(3, None), (2, None), (1, 1)]
    assert [each.number for each in reader.ratings(RatingFilter(helpful=True))] == [2]
    assert [each.number for each in reader.ratings(RatingFilter(since=TODAY))] == [3, 1]
    assert [each.number for each in reader.ratings(RatingFilter(), before=3, most=1)] == [2]
    assert reader.count_ratings(RatingFilter(has_comment=True)) == 0


# Gaps


def test_open_questions_come_once_and_newest_first(kept: KeptIn, reader: Reader) -> None:
    def missing(question: str, kind: str = "not_found") -> Exchange:
        return replace(exchange(question), kind=kind, reply_id=question)

    put(kept, missing("Wat is hernia?"), missing("iets"), missing("  wat is HERNIA "), missing("weer", "out_of_scope"))
    put(kept, exchange("goed"), replace(exchange("slecht"), reply_id="s"), rating("s"), rating("iets"))
    assert reader.unanswered(9) == [
        OpenQuestion(3, "  wat is HERNIA ", NOW, Why.NOT_FOUND),
        OpenQuestion(2, "iets", NOW, Why.NOT_FOUND),
    ]
    assert [each.why for each in reader.unanswered(9, (Why.NOT_FOUND, Why.OUT_OF_SCOPE))][0] is Why.OUT_OF_SCOPE
    assert len(reader.unanswered(1)) == 1
    assert reader.badly_rated(9) == [OpenQuestion(6, "slecht", NOW, Why.NOT_HELPFUL)]


def test_vectors_are_kept_by_model_and_go_with_their_exchange(kept: KeptIn, reader: Reader) -> None:
    put(kept, exchange("een"), exchange("twee"))
    reader.put_vectors("e5", {1: b"geheim 1", 2: b"geheim 2", 3: b"van een die weg is"})
    reader.put_vectors("ander", {1: b"anders"})
    assert reader.vectors("e5", [1, 2, 3, 4]) == {1: b"geheim 1", 2: b"geheim 2"}
    assert reader.vectors("ander", [1, 2]) == {1: b"anders"}
    with closing(kept.store()) as store:
        assert store.forget(1) == 1
    assert reader.vectors("e5", [1, 2]) == {2: b"geheim 2"}
    assert b"geheim 1" not in kept.raw() and b"anders" not in kept.raw()


def test_thousands_of_vectors_can_be_asked_for_at_once(kept: KeptIn, reader: Reader) -> None:
    put(kept, *(exchange(str(n)) for n in range(1, 2_001)))
    reader.put_vectors("e5", {n: str(n).encode() for n in range(1, 2_001)})
    assert len(reader.vectors("e5", range(1, 3_000))) == 2_000


def test_before_anything_was_kept_there_is_nothing(reader: Reader) -> None:
    assert (reader.page(Filter()), reader.count(Filter()), reader.conversation(1)) == ([], 0, None)
    assert (reader.ratings(RatingFilter()), reader.unanswered(5), reader.badly_rated(5)) == ([], [], [])
    assert reader.vectors("e5", [1]) == {}
    reader.put_vectors("e5", {1: b"x"})
    assert reader.statistics(7).replies == 0
