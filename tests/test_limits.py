import time

import pytest

from assistant import texts
from assistant.web.limits import RateLimit
from assistant.web.turned_away import TooManyQuestionsError


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


def test_no_address_is_kept_in_clear() -> None:
    limit = RateLimit(1)
    limit.check("192.0.2.77")
    assert "192.0.2.77" not in repr(vars(limit)) + repr(vars(limit._limiter.storage))
