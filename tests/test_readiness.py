"""/ready follows the store: not ready is who cannot answer, or who would answer from what is long outdated."""

from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient
from web_fakes import FakeAssistant, settings

from assistant import texts
from assistant.web.metrics import Metrics
from assistant.web.readiness import Readiness
from assistant.web.reception import Reception
from assistant.web.site import build_site
from ingest.errors import StoreUnavailableError
from ingest.store import Health


@dataclass
class FakeStore:
    lag_seconds: float = 0.0
    is_lost: bool = False

    def health(self) -> Health:
        if self.is_lost:
            raise StoreUnavailableError("db", "op dat adres luistert geen database.")
        return Health(is_writable=False, lag_seconds=self.lag_seconds)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def readiness(store: FakeStore, clock: Clock, *, is_needed: bool = True, metrics: Metrics | None = None) -> Readiness:
    return Readiness(store, 60, lambda: is_needed, metrics or Metrics(), clock)


def test_who_reads_from_a_replica_that_falls_behind_is_not_ready_until_it_caught_up(
    store: FakeStore, clock: Clock
) -> None:
    ready = readiness(store, clock)
    said = []
    for store.lag_seconds in (0.0, 30.0, 90.0, 0.0):
        clock.now += 90.0
        ready.look()
        said.append(ready())
    assert said == ["", "", texts.STORE_LAGS, ""]


def test_a_replica_that_loses_its_primary_after_a_quiet_night_is_not_behind_by_a_night(
    store: FakeStore, clock: Clock
) -> None:
    ready = readiness(store, clock)
    ready.look()
    store.lag_seconds = 30_000.0
    clock.now += 5.0
    ready.look()
    assert ready() == ""
    clock.now += 60.0
    ready.look()
    assert ready() == texts.STORE_LAGS


def test_without_a_database_is_ready_who_has_all_in_memory_and_not_who_reads_for_each_answer(
    store: FakeStore, clock: Clock
) -> None:
    store.is_lost = True
    for is_needed, refusal in ((True, texts.STORE_LOST), (False, "")):
        ready = readiness(store, clock, is_needed=is_needed)
        ready.look()
        assert ready() == refusal
        store.is_lost = False
        ready.look()
        assert ready() == ""
        store.is_lost = True


def test_what_is_wrong_is_on_ready_and_in_the_metrics_and_the_process_is_up(store: FakeStore, clock: Clock) -> None:
    ready = readiness(store, clock, metrics=(metrics := Metrics()))
    with TestClient(build_site(Reception(FakeAssistant(), settings(), metrics=metrics, readiness=ready))) as client:
        assert client.get("/ready").json() == {"status": "ok"}
        store.is_lost = True
        ready.look()
        refused = client.get("/ready")
        assert (refused.status_code, refused.json()["detail"]) == (503, texts.STORE_LOST)
        assert refused.headers["retry-after"] == "5"
        assert client.get("/health").status_code == 200
    assert "rugpijn_store_lost 1.0" in metrics.exposition()[0].decode()
