"""A model that keeps failing is left alone for a while, and then tried by one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest

from assistant.phrasing.circuit import Circuit
from assistant.phrasing.failure import Failure, ModelFailedError


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(most_failures=3, open_seconds=30.0, now=clock)


def fail(circuit: Circuit, failure: Failure = Failure.SLOW_FIRST) -> Failure:
    """What is heard of it."""
    with pytest.raises(ModelFailedError) as caught, circuit.watched():
        raise ModelFailedError(failure)
    return caught.value.failure


def succeed(circuit: Circuit) -> None:
    with circuit.watched():
        pass


def leave(circuit: Circuit) -> None:
    with pytest.raises(GeneratorExit), circuit.watched():
        raise GeneratorExit


def test_after_three_failures_in_a_row_nothing_is_tried(circuit: Circuit) -> None:
    assert [fail(circuit) for _ in range(4)] == [Failure.SLOW_FIRST] * 3 + [Failure.CIRCUIT_OPEN]


def test_a_success_in_between_begins_the_count_anew(circuit: Circuit) -> None:
    fail(circuit), fail(circuit), succeed(circuit)
    assert [fail(circuit) for _ in range(3)] == [Failure.SLOW_FIRST] * 3


@pytest.mark.parametrize("failure", [Failure.BUSY, Failure.REFUSED_REQUEST, Failure.CIRCUIT_OPEN])
def test_what_does_not_tell_of_the_model_is_not_counted(circuit: Circuit, failure: Failure) -> None:
    for _ in range(10):
        fail(circuit, failure)
    succeed(circuit)


@pytest.mark.parametrize("failure", [each for each in Failure if each.tells_of_the_model])
def test_every_other_failure_is_counted(circuit: Circuit, failure: Failure) -> None:
    for _ in range(3):
        fail(circuit, failure)
    assert fail(circuit) is Failure.CIRCUIT_OPEN


def test_a_stream_that_is_closed_is_not_counted_either_way(circuit: Circuit) -> None:
    fail(circuit), leave(circuit), fail(circuit), leave(circuit), fail(circuit)
    assert fail(circuit) is Failure.CIRCUIT_OPEN


def test_it_stays_open_for_its_time_and_then_one_success_closes_it(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.seconds = 29.9
    assert fail(circuit) is Failure.CIRCUIT_OPEN
    clock.seconds = 30.0
    succeed(circuit)
    assert [fail(circuit) for _ in range(3)] == [Failure.SLOW_FIRST] * 3


def test_a_trial_that_fails_opens_it_for_as_long_again(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.seconds = 30.0
    assert fail(circuit) is Failure.SLOW_FIRST
    clock.seconds = 59.9
    assert fail(circuit) is Failure.CIRCUIT_OPEN
    clock.seconds = 60.0
    succeed(circuit)


def test_of_all_that_come_at_once_one_tries(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.seconds = 30.0
    together = Barrier(8)

    def ask() -> Failure | None:
        try:
            with circuit.watched():
                together.wait(10)
        except ModelFailedError as error:
            together.wait(10)
            return error.failure
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = [asked.result() for asked in [pool.submit(ask) for _ in range(8)]]
    assert outcomes.count(None) == 1
    assert outcomes.count(Failure.CIRCUIT_OPEN) == 7
    succeed(circuit)


def test_a_trial_that_tells_nothing_leaves_it_to_the_next(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.seconds = 30.0
    fail(circuit, Failure.BUSY)
    assert fail(circuit) is Failure.SLOW_FIRST
    assert fail(circuit) is Failure.CIRCUIT_OPEN


def test_a_trial_that_is_closed_midway_has_shown_that_the_model_speaks(circuit: Circuit, clock: Clock) -> None:
    for _ in range(3):
        fail(circuit)
    clock.seconds = 30.0
    leave(circuit)
    assert fail(circuit) is Failure.SLOW_FIRST
    assert fail(circuit) is Failure.CIRCUIT_OPEN
