import gc
import time
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from web_fakes import FakeAssistant, settings

from assistant import texts
from assistant.web.limits import DayLimit, QuestionLimits, RateLimit
from assistant.web.reception import Reception
from assistant.web.site import build_site
from assistant.web.turned_away import DayIsFullError, TooManyQuestionsError

ADDRESS = "192.0.2.77"
MORNING = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def asked(limit: RateLimit, *addresses: str) -> list[bool]:
    """Per address: was the question let through?"""
    return [_passes(limit, address) for address in addresses]


def _passes(limit: RateLimit, address: str) -> bool:
    try:
        limit.check(address)
    except TooManyQuestionsError:
        return False
    return True


def test_an_address_may_ask_so_often_and_no_more() -> None:
    assert asked(RateLimit(2), *["192.0.2.1"] * 3) == [True, True, False]


def test_addresses_do_not_count_for_each_other() -> None:
    assert asked(RateLimit(1), "192.0.2.1", "192.0.2.2", "192.0.2.1") == [True, True, False]


def test_a_whole_ipv6_network_counts_as_one() -> None:
    assert asked(RateLimit(1), "2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1") == [True, False, True]


def test_ipv4_in_ipv6_clothes_is_the_same_address() -> None:
    assert asked(RateLimit(1), "192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2") == [True, False, True]


@pytest.mark.parametrize("address", ["", "testclient", "unix:", "fe80::1%eth0", "999.1.1.1", "\ud800"])
def test_what_is_no_address_is_counted_too(address: str) -> None:
    assert asked(RateLimit(1), address, address) == [True, False]


def test_without_a_limit_everything_passes() -> None:
    assert all(asked(RateLimit(None), *["192.0.2.1"] * 100))


def test_the_refusal_says_in_dutch_how_long_to_wait() -> None:
    limit = RateLimit(1)
    limit.check("192.0.2.1")
    with pytest.raises(TooManyQuestionsError) as refusal:
        limit.check("192.0.2.1")
    assert 55 <= refusal.value.seconds <= 60
    assert str(refusal.value) == texts.TOO_MANY_QUESTIONS.format(seconds=refusal.value.seconds)


def test_whoever_waits_may_ask_again_and_idle_addresses_are_forgotten() -> None:
    limit = RateLimit(1, window_seconds=1)
    assert asked(limit, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [True, True, False]
    assert limit.remembered == 2
    time.sleep(1.1)
    assert asked(limit, "192.0.2.1") == [True]
    assert limit.remembered == 1


def test_whoever_asks_on_while_refused_does_not_wait_longer_for_it() -> None:
    limit = RateLimit(1, window_seconds=1)
    assert asked(limit, *[ADDRESS] * 50) == [True, *[False] * 49]
    time.sleep(1.1)
    assert asked(limit, ADDRESS) == [True]


# Who they are


def test_under_which_name_an_address_is_counted_changes_at_midnight() -> None:
    today = "2026-03-01"
    limit = RateLimit(1, today=lambda: today)
    assert asked(limit, ADDRESS, ADDRESS) == [True, False]
    before = set(limit._last_asked)
    today = "2026-03-02"
    assert asked(limit, ADDRESS, ADDRESS) == [True, False]
    assert limit.remembered == 2
    assert before < set(limit._last_asked)
    today = "2026-03-01"  # a salt that is gone does not come back
    assert asked(limit, ADDRESS) == [True]


def test_a_day_ends_at_midnight_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for zone in ("Etc/GMT-14", "Etc/GMT+12"):  # in one of them it is another day now
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert RateLimit(1)._today() == datetime.now(UTC).date().isoformat()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_two_limits_do_not_know_an_address_by_the_same_name() -> None:
    one, other = RateLimit(1), RateLimit(1)
    asked(one, ADDRESS)
    asked(other, ADDRESS)
    assert not set(one._last_asked) & set(other._last_asked)


def words_in(root: object) -> set[str | bytes]:
    """All text in what can be reached from ``root``, but for code and modules."""
    seen: set[int] = set()
    found: set[str | bytes] = set()
    todo = [root]
    while todo:
        each = todo.pop()
        if id(each) in seen or isinstance(each, type | ModuleType) or callable(each):
            continue
        seen.add(id(each))
        if isinstance(each, str | bytes):
            found.add(each)
        todo += gc.get_referents(each)
    return found


def test_no_address_and_no_name_of_a_visitor_stays_in_memory() -> None:
    desk = Reception(FakeAssistant(), settings(), QuestionLimits(2, 2, 2))
    client = TestClient(build_site(desk), client=(ADDRESS, 5000))
    for _ in range(3):
        client.post("/api/ask", json={"question": "Wat helpt?", "visitor": "bezoeker-7"})
        client.post("/api/ask/stream", json={"question": "Wat helpt?", "visitor": "bezoeker-7"})
    known = words_in(desk.limits) | words_in(desk.metrics) | words_in(vars(desk))
    assert len(known) > 20
    assert desk.limits.of_visitor.remembered == desk.limits.of_address.remembered == 1
    for word in known:
        shown = word if isinstance(word, str) else word.decode("latin-1")
        assert ADDRESS not in shown and "bezoeker-7" not in shown


# All limits together


def test_names_that_somebody_makes_up_are_not_remembered_once_the_address_is_full() -> None:
    limits = QuestionLimits(visitor=5, address=3)
    refused = 0
    for number in range(200):
        try:
            limits.check(ADDRESS, f"naam-{number}")
        except TooManyQuestionsError:
            refused += 1
    assert refused == 197
    assert limits.of_visitor.remembered == 3


def test_what_one_visitor_may_not_ask_leaves_room_for_others_at_the_address() -> None:
    limits = QuestionLimits(visitor=1, address=2)
    limits.check(ADDRESS, "een")
    for _ in range(5):
        with pytest.raises(TooManyQuestionsError):
            limits.check(ADDRESS, "een")
    limits.check(ADDRESS, "twee")


def test_a_question_that_was_refused_does_not_count_for_the_day() -> None:
    limits = QuestionLimits(visitor=1, day=2)
    limits.check(ADDRESS, "een")
    for _ in range(5):
        with pytest.raises(TooManyQuestionsError):
            limits.check(ADDRESS, "een")
    limits.check(ADDRESS, "twee")
    with pytest.raises(DayIsFullError):
        limits.check(ADDRESS, "drie")


# The day


def asked_at(limit: DayLimit) -> bool:
    try:
        limit.check()
    except DayIsFullError:
        return False
    return True


def test_everybody_together_has_so_many_questions_until_midnight() -> None:
    now = MORNING
    limit = DayLimit(2, now=lambda: now)
    assert [asked_at(limit) for _ in range(3)] == [True, True, False]
    now = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert not asked_at(limit)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert [asked_at(limit) for _ in range(3)] == [True, True, False]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_a_full_day_says_how_many_seconds_are_left_of_it(moment: datetime) -> None:
    limit = DayLimit(1, now=lambda: moment)
    limit.check()
    with pytest.raises(DayIsFullError) as refusal:
        limit.check()
    assert 1 <= refusal.value.seconds <= 86_400
    assert (moment + timedelta(seconds=refusal.value.seconds)).date() == moment.date() + timedelta(days=1)
    assert str(refusal.value) == texts.DAY_IS_FULL


def test_a_day_without_a_limit_is_never_full() -> None:
    assert all(asked_at(DayLimit(None)) for _ in range(100))


@pytest.mark.parametrize(
    ("limits", "status", "most"),
    [(QuestionLimits(visitor=1), 429, 60), (QuestionLimits(address=1), 429, 60), (QuestionLimits(day=1), 503, 86_400)],
)
def test_a_refusal_says_when_to_come_back(limits: QuestionLimits, status: int, most: int) -> None:
    client = TestClient(build_site(Reception(FakeAssistant(), settings(), limits)))
    for path in ("/api/ask", "/api/ask/stream"):
        client.post(path, json={"question": "x"})
        response = client.post(path, json={"question": "x"})
        assert response.status_code == response.json()["status"] == status
        assert 1 <= int(response.headers["retry-after"]) <= most
