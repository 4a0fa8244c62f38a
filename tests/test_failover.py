"""The primary is lost: reading goes on from the standby, writing returns when that is promoted, nothing is missing."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from failover import SECONDS_UNTIL_PROMOTION, Cluster, Seen, cluster, outage
from postgres_fixtures import skip_without_postgres

from ingest.index import Index

# A write waits for the connection to be refused, for the next try, and for the new primary to say yes.
MOST_SECONDS_AFTER_PROMOTION = 10.0


@pytest.fixture(scope="module")
def lost() -> Iterator[Cluster]:
    skip_without_postgres()
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def seen(lost: Cluster, corpus_index: Index) -> Seen:
    return outage(lost, corpus_index)


@pytest.mark.server
def test_of_what_was_acknowledged_nothing_is_missing(seen: Seen) -> None:
    acknowledged = {name for _, name in seen.acknowledged}
    assert len(acknowledged) > 100
    assert acknowledged - set(seen.kept) == set()


@pytest.mark.server
def test_what_was_being_written_is_there_once(seen: Seen) -> None:
    assert [name for name, count in Counter(seen.kept).items() if count > 1] == []
    assert set(seen.sent) == set(seen.kept)


@pytest.mark.server
def test_writing_returns_with_the_promotion(
    seen: Seen, record_testsuite_property: Callable[[str, object], None]
) -> None:
    record_testsuite_property("write_gap_seconds", round(seen.write_gap_seconds, 2))
    record_testsuite_property("seconds_from_promotion", round(seen.seconds_from_promotion, 2))
    record_testsuite_property("slowest_read_seconds", round(seen.slowest_read_seconds, 2))
    record_testsuite_property("acknowledged", len(seen.acknowledged))
    record_testsuite_property("read", len(seen.read))
    assert SECONDS_UNTIL_PROMOTION < seen.write_gap_seconds
    assert seen.seconds_from_promotion < MOST_SECONDS_AFTER_PROMOTION


@pytest.mark.server
def test_reading_goes_on_without_an_error(seen: Seen) -> None:
    assert seen.read_errors == []
    assert seen.reads_between(seen.killed_at, seen.promoted_at) > 10


@pytest.mark.server
def test_a_process_that_reads_from_the_standby_stays_ready(seen: Seen) -> None:
    assert seen.not_ready == []
