"""Limits of all processes together: counted once, by a name that says nothing, and never in the way of an answer."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest
from limits.storage import MemoryStorage
from redis_server import RedisServer, redis_server
from server_process import fake_server
from web_fakes import settings

from assistant.settings import Settings
from assistant.web.limits import QuestionLimits
from assistant.web.metrics import Metrics
from assistant.web.postgres_limits import SCHEMA, PostgresCounting
from assistant.web.redis_limits import RedisCounting
from assistant.web.shared_limits import (
    CountingStorage,
    SharedDayLimit,
    SharedLimits,
    SharedRateLimit,
    limits_of,
)
from assistant.web.turned_away import DayIsFullError, TooManyQuestionsError, TurnedAwayError
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from postgres_fixtures import Database

pytest_plugins = ("postgres_fixtures",)

ADDRESS = "192.0.2.77"
SALT = b"zout"


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(params=["postgres", "redis"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("database").url)
    server: RedisServer = request.getfixturevalue("redis")
    server.client.flushall()
    return server.url


def counting_at(address: str) -> CountingStorage:
    return RedisCounting(address) if address.startswith("redis") else PostgresCounting(address)


@pytest.fixture
def counting(address: str) -> Iterator[CountingStorage]:
    counting = counting_at(address)
    yield counting
    counting.close()


def shared(address: str, **changes: object) -> Settings:
    where = {"limits": address} if address.startswith("redis") else {"store": address}
    return settings(rate_limit=True, **where, **changes)


def passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except TurnedAwayError:
        return False
    return True


def asked(limits: SharedLimits, times: int, address: str = ADDRESS, visitor: str = "") -> int:
    """How many of so many questions are let through."""

    async def ask() -> int:
        passed = 0
        for _ in range(times):
            try:
                await limits.admit(address, visitor)
            except TurnedAwayError:
                continue
            passed += 1
        return passed

    return asyncio.run(ask())


@pytest.fixture
def make(address: str) -> Iterator[Callable[..., SharedLimits]]:
    """Limits as another process would make them."""
    made: list[SharedLimits] = []

    def another(**changes: object) -> SharedLimits:
        limits = limits_of(shared(address, **changes), Metrics())
        assert isinstance(limits, SharedLimits)
        made.append(limits)
        return limits

    yield another
    for each in made:
        each.close()


# Counted as in memory


def test_a_moving_window_lets_through_what_it_does_in_memory(counting: CountingStorage) -> None:
    memory = MemoryStorage()
    for key, limit, amount in [
        ("a", 2, 1),
        ("a", 2, 1),
        ("a", 2, 1),
        ("b", 3, 2),
        ("b", 3, 2),
        ("b", 3, 1),
        ("c", 1, 2),
    ]:
        expected = memory.acquire_entry(key, limit, 60, amount)
        assert counting.storage.acquire_entry(key, limit, 60, amount) == expected
        first, entries = counting.storage.get_moving_window(key, limit, 60)
        expected_first, expected_entries = memory.get_moving_window(key, limit, 60)
        assert entries == expected_entries
        assert abs(first - expected_first) < 5


def test_whoever_waits_may_ask_again(counting: CountingStorage) -> None:
    limit = SharedRateLimit("een", 2, counting.storage, lambda: SALT, window_seconds=1)
    assert [passes(lambda: limit.check(ADDRESS)) for _ in range(3)] == [True, True, False]
    time.sleep(1.1)
    assert [passes(lambda: limit.check(ADDRESS)) for _ in range(3)] == [True, True, False]


def test_looking_whether_there_is_room_counts_nothing(counting: CountingStorage) -> None:
    limit = SharedRateLimit("een", 1, counting.storage, lambda: SALT)
    assert all(passes(lambda: limit.check_room(ADDRESS)) for _ in range(5))
    limit.check(ADDRESS)
    with pytest.raises(TooManyQuestionsError) as refusal:
        limit.check_room(ADDRESS)
    assert 50 <= refusal.value.seconds <= 60


def test_two_limits_do_not_count_for_each_other(counting: CountingStorage) -> None:
    one, other = (SharedRateLimit(name, 1, counting.storage, lambda: SALT) for name in ("een", "twee"))
    one.check(ADDRESS)
    other.check(ADDRESS)
    assert not passes(lambda: one.check(ADDRESS))


def test_a_day_ends_at_midnight(counting: CountingStorage) -> None:
    now = datetime(2026, 3, 1, 23, 59, 30, tzinfo=UTC)
    limit = SharedDayLimit(2, counting.storage, now=lambda: now)
    assert [passes(limit.check) for _ in range(3)] == [True, True, False]
    with pytest.raises(DayIsFullError) as refusal:
        limit.check()
    assert refusal.value.seconds == 30
    now += timedelta(minutes=1)
    assert passes(limit.check)


def test_many_at_once_get_exactly_what_there_is(address: str) -> None:
    countings = [counting_at(address) for _ in range(4)]
    limits = [SharedRateLimit("een", 25, each.storage, lambda: SALT) for each in countings]
    with ThreadPoolExecutor(8) as pool:
        through = list(pool.map(lambda n: passes(lambda: limits[n % 4].check(ADDRESS)), range(80)))
    for each in countings:
        each.close()
    assert sum(through) == 25


def test_a_counter_can_be_read_cleared_and_reset(counting: CountingStorage) -> None:
    storage = counting.storage
    assert (storage.incr("a", 60), storage.incr("a", 60, 2), storage.get("a"), storage.get("b")) == (1, 3, 3, 0)
    assert 50 < storage.get_expiry("a") - time.time() <= 61
    storage.clear("a")
    assert storage.get("a") == 0 and storage.check()
    storage.incr("a", 60)
    storage.reset()
    assert storage.get("a") == 0


# Who asks


def test_all_processes_know_somebody_by_the_same_name_today(address: str) -> None:
    countings = [counting_at(address) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        salts = set(pool.map(lambda each: each.salt(), countings))
    for each in countings:
        each.close()
    (salt,) = salts
    assert len(salt) == 32


def test_when_the_day_is_over_salt_and_names_are_gone(database: "Database") -> None:
    counting = PostgresCounting(database.url)
    yesterday = counting.salt()
    counting.storage.acquire_entry("naam", 5, 60)
    with database.connect() as connection:
        connection.execute(f"UPDATE {SCHEMA}.salts SET day = day - 1")
    assert counting.salt() != yesterday
    assert counting.storage.get_moving_window("naam", 5, 60)[1] == 0
    counting.close()
    server = database.server
    server.execute("CHECKPOINT")
    files = [each for each in (server.folder / "data" / "base").rglob("*") if each.is_file()]
    assert files and not any(yesterday in each.read_bytes() for each in files)


def test_redis_forgets_the_salt_at_midnight(redis: RedisServer) -> None:
    redis.client.flushall()
    RedisCounting(redis.url).salt()
    (key,) = redis.client.keys("*salt*")
    now = datetime.now(UTC)
    left = 86_400 - (now.hour * 3_600 + now.minute * 60 + now.second)
    assert abs(int(redis.client.ttl(key)) - left) <= 2


def test_no_address_and_no_name_of_a_visitor_is_in_the_database(
    database: "Database", make: Callable[..., SharedLimits], address: str, request: pytest.FixtureRequest
) -> None:
    asked(make(), 3, ADDRESS, "bezoeker-7")
    if address.startswith("redis"):
        client = request.getfixturevalue("redis").client
        found = " ".join(str(key) for key in client.keys("*"))
    else:
        with database.connect() as connection:
            found = str(connection.execute(f"SELECT key FROM {SCHEMA}.windows").fetchall())
    assert "visitor" in found and "address" in found
    assert ADDRESS not in found and "bezoeker" not in found


def test_nothing_of_who_asks_reaches_the_log_of_changes(database: "Database") -> None:
    with database.connect() as connection:
        PostgresCounting(database.url).salt()
        kept = connection.execute(
            "SELECT relname, relpersistence FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(%s)",
            (SCHEMA,),
        ).fetchall()
    assert dict(kept) == {"windows": "u", "counters": "u", "salts": "u"}


def test_names_that_somebody_makes_up_do_not_stay(database: "Database") -> None:
    counting = PostgresCounting(database.url)
    counting.storage.acquire_entry("verzonnen", 5, 0)
    counting.storage._clean_at = 0.0
    counting.storage.acquire_entry("nieuw", 5, 60)
    with database.connect() as connection:
        assert connection.execute(f"SELECT key FROM {SCHEMA}.windows").fetchall() == [("nieuw",)]
    counting.close()


# All processes together


def test_processes_share_every_limit(make: Callable[..., SharedLimits]) -> None:
    changes = {"questions_per_minute": 3, "questions_per_minute_per_address": 5, "questions_per_day": 7}
    one, other = make(**changes), make(**changes)
    assert asked(one, 2, visitor="een") + asked(other, 5, visitor="een") == 3
    assert asked(other, 5, visitor="twee") == 2
    assert asked(one, 5, "192.0.2.78") == 2
    assert one._metrics.limits_alone._value.get() == 0


@pytest.mark.server
def test_two_real_processes_let_through_together_what_one_would(address: str, tmp_path: Path) -> None:
    given = shared(address, questions_per_minute=5)
    changes = {name: getattr(given, name).get_secret_value() for name in ("limits", "store")}
    limits = {"rate_limit": True, "questions_per_minute": 5}
    (tmp_path / "een").mkdir()
    (tmp_path / "twee").mkdir()
    with (
        fake_server(tmp_path / "een", **changes, **limits) as one,
        fake_server(tmp_path / "twee", **changes, **limits) as other,
    ):
        urls = [one.url, other.url] * 6
        statuses = [httpx.post(f"{url}/api/ask", json={"question": "Wat helpt?"}).status_code for url in urls]
    assert statuses == [200] * 5 + [429] * 7


# When the counting is lost


@pytest.mark.parametrize("lost", ["redis://127.0.0.1:1", "postgresql://a:b@127.0.0.1:1/c"])
def test_without_the_shared_count_a_process_counts_for_itself_and_answers(lost: str) -> None:
    limits = limits_of(shared(lost, questions_per_minute=3), metrics := Metrics())
    assert isinstance(limits, SharedLimits)
    begun = time.monotonic()
    assert asked(limits, 10) == 3
    assert time.monotonic() - begun < 2
    assert metrics.limits_alone._value.get() == 10
    limits.close()


def test_a_count_that_does_not_answer_holds_nobody_up(database: "Database") -> None:
    limits = limits_of(shared(database.url), Metrics())
    assert isinstance(limits, SharedLimits)
    assert asked(limits, 1) == 1
    with psycopg.connect(database.url) as blocker:
        blocker.execute(f"LOCK TABLE {SCHEMA}.windows IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        assert asked(limits, 5) == 5
        assert time.monotonic() - begun < 2
    limits.close()


def test_when_redis_is_back_all_count_together_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.shared_limits._SECONDS_BEFORE_ANOTHER_TRY", 0.1)
    with redis_server() as first:
        limits = limits_of(shared(first.url, questions_per_minute=2), metrics := Metrics())
        assert isinstance(limits, SharedLimits)
        assert asked(limits, 3) == 2
        first.kill()
        assert asked(limits, 3) == 2
        alone = metrics.limits_alone._value.get()
        with redis_server(first.port):
            time.sleep(0.2)
            limits._of_visitor._salt._fetched = -1e9  # type: ignore[attr-defined]
            assert asked(limits, 3) == 2
            assert metrics.limits_alone._value.get() == alone
        limits.close()


# Which it is


def test_where_there_is_nothing_to_share_limits_in_each_process_counts() -> None:
    assert isinstance(limits_of(settings(rate_limit=True), Metrics()), QuestionLimits)


def test_without_limits_nothing_is_shared() -> None:
    limits = limits_of(settings(rate_limit=False, limits="redis://127.0.0.1:1"), Metrics())
    assert isinstance(limits, QuestionLimits)
    assert asyncio.run(limits.admit(ADDRESS)) is None


def test_another_kind_of_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_LIMITS", "memcached://:geheim@host")
    with pytest.raises(SettingsError) as refused:
        Settings.read()
    assert "RUGPIJN_LIMITS" in str(refused.value) and "geheim" not in str(refused.value)
