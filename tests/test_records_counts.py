"""How the chat is doing in numbers, also when no conversation is kept: right, and without a word of anybody."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_fakes import ANSWER, DAY, FEEDBACK, NOW, deidentifier, eventually, exchange, is_sound, raw
from records_fakes import Losses as Told

from assistant.answer import Answer, AnswerKind, Engine, Phrasing
from assistant.records.archive import FileArchive
from assistant.records.counts import BOUNDS_MS, LONGER_MS, Counted, bound_of, day_of, percentile
from assistant.records.reading import Reader
from assistant.records.source import FileSource
from assistant.records.statistics import Statistics, read_statistics, state_of_file
from assistant.records.store import FileStore
from assistant.records.writer import BackgroundRecords

TODAY = datetime.fromtimestamp(NOW).date()
NOT_FOUND = Answer(AnswerKind.NOT_FOUND, notice="Niet gevonden.")
PHRASED = replace(ANSWER, alarm=None, engine=Engine.LLM, phrasing=Phrasing("phrased"))
GAVE_UP = replace(ANSWER, alarm=None, phrasing=Phrasing("too_slow"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite3"


def statistics(path: Path, days: int = 7, today: date = TODAY) -> Statistics:
    with closing(sqlite3.connect(path)) as connection:
        return read_statistics(connection, state_of_file(path), days, today)


def reply(
    records: BackgroundRecords, answer: Answer = ANSWER, milliseconds: float = 20.0, channel: str = "page"
) -> None:
    records.keep(channel, "geheim", answer, "r1", milliseconds)


def test_replies_are_counted_without_conversations_and_without_a_word(path: Path) -> None:
    records = BackgroundRecords(FileArchive(path, 0, now=lambda: NOW), Told())
    for answer in (ANSWER, NOT_FOUND, NOT_FOUND, PHRASED, GAVE_UP):
        reply(records, answer)
    reply(records, ANSWER, 4_900, "ask")
    records.close()
    found = statistics(path)
    assert found.replies == 6
    assert found.kinds == {"answered": 4, "not_found": 2}
    assert found.alarms == {"huisarts": 2}
    assert found.channels == {"page": 5, "ask": 1}
    assert found.engines == {"extractive": 5, "llm": 1}
    assert found.outcomes == {"phrased": 1, "too_slow": 1}
    assert (found.latency.p50_ms, found.latency.p95_ms) == (20, 5_000)
    assert found.conversations == 0
    assert b"geheim" not in raw(path) and b"Warmte" not in raw(path)


def test_each_day_has_its_own_numbers_and_days_without_replies_are_there_too(path: Path) -> None:
    now = NOW - 2 * DAY
    records = BackgroundRecords(FileArchive(path, 0, now=lambda: now), Told())
    reply(records, NOT_FOUND, 90)
    now = NOW
    reply(records)
    reply(records)
    records.close()
    first, *empty, last = statistics(path, 3).days
    assert (first.day, dict(first.kinds), first.latency.p95_ms) == (TODAY - timedelta(days=2), {"not_found": 1}, 100)
    assert [(day.replies, day.latency.p50_ms) for day in empty] == [(0, None)]
    assert (last.day, dict(last.kinds), dict(last.alarms)) == (TODAY, {"answered": 2}, {"huisarts": 2})
    assert statistics(path, 2).replies == 2


def test_feedback_is_counted_since_the_first_of_the_days(path: Path) -> None:
    now = NOW - 9 * DAY
    records = BackgroundRecords(FileArchive(path, 0, now=lambda: now), Told())
    records.rate(FEEDBACK)
    now = NOW
    records.rate(FEEDBACK)
    records.rate(replace(FEEDBACK, helpful=True))
    records.rate(replace(FEEDBACK, helpful=True))
    records.close()
    found = statistics(path)
    assert (found.helpful, found.not_helpful) == (2, 1)


@given(st.floats(0, 10_000_000))
def test_a_reply_took_no_longer_than_its_bound_and_longer_than_the_one_before(milliseconds: float) -> None:
    bound = bound_of(milliseconds)
    before = max((each for each in (0, *BOUNDS_MS) if each < bound), default=0)
    assert milliseconds <= bound or bound == LONGER_MS
    assert milliseconds > before or milliseconds == 0


@given(st.lists(st.floats(0, 100_000), min_size=1), st.sampled_from([0.5, 0.95]))
def test_so_much_of_the_replies_took_no_longer_than_the_percentile_and_it_is_the_least_such_bound(
    taken: Sequence[float], share: float
) -> None:
    found = percentile(Counter(map(bound_of, taken)), share)
    assert found is not None
    assert sum(each <= found for each in taken) >= share * len(taken)
    assert sum(bound_of(each) < found for each in taken) < share * len(taken)


def test_of_no_replies_there_is_no_percentile() -> None:
    assert percentile({}, 0.5) is None


# What could not be kept


class Disk:
    """An archive that takes nothing while it is full."""

    def __init__(self, path: Path) -> None:
        self.archive = FileArchive(path, 30, now=lambda: NOW)
        self.is_full = True
        self.add = self.archive.add
        self.archive.add = self._add  # type: ignore[method-assign]

    def _add(self, rows, losses=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        if self.is_full:
            raise OSError(28, "No space left on device")
        self.add(rows, losses)


def test_what_could_not_be_kept_is_written_down_once_writing_works_again(path: Path) -> None:
    disk, told = Disk(path), Told()
    records = BackgroundRecords(disk.archive, told, deidentifier)
    for _ in range(3):
        reply(records)
        records.rate(FEEDBACK)
    assert eventually(lambda: told.count == 6)
    disk.is_full = False
    reply(records)
    records.close()
    assert told.count == 6
    found = statistics(path)
    assert found.losses == {TODAY: 6}
    assert found.replies == 1


def test_losses_are_written_down_when_nothing_else_comes_and_never_twice(path: Path) -> None:
    disk, told = Disk(path), Told()
    records = BackgroundRecords(disk.archive, told, deidentifier, seconds_between_cleanings=0.02)
    reply(records)
    assert eventually(lambda: told.count == 1)
    disk.is_full = False
    assert eventually(lambda: bool(statistics(path).losses))
    for _ in range(3):
        reply(records)
    records.close()
    assert statistics(path).losses == {TODAY: 1}


def test_of_a_conversation_that_cannot_be_made_anonymous_the_count_stays(path: Path) -> None:
    told = Told()

    def broken(_: str) -> str:
        raise ValueError("geheim")

    records = BackgroundRecords(FileArchive(path, 30, now=lambda: NOW), told, lambda: broken)
    reply(records)
    records.close()
    assert (told.count, statistics(path).replies, statistics(path).losses) == (1, 1, {TODAY: 1})
    assert b"geheim" not in raw(path)


# The file


def test_the_file_its_size_the_room_and_what_was_damaged_are_told(path: Path) -> None:
    with closing(FileStore(path)) as store:
        store.add([exchange()])
    path.with_name(f"{path.name}.damaged-20261125T120000000000").write_bytes(b"x")
    path.with_name(f"{path.name}.damaged-anders").write_bytes(b"x")
    found = Reader(FileSource(path)).statistics(1).state
    assert found.size_bytes >= path.stat().st_size > 0
    assert found.free_bytes > 0
    assert [each.name for each in found.damaged] == [f"{path.name}.damaged-20261125T120000000000"]


def test_without_a_folder_there_is_still_a_state_to_tell(tmp_path: Path) -> None:
    found = Reader(FileSource(tmp_path / "nog" / "niet" / "records.sqlite3")).statistics(1).state
    assert (found.size_bytes, found.damaged) == (0, ())
    assert found.free_bytes > 0


def test_two_processes_count_together(path: Path) -> None:
    counted = Counted(day_of(NOW), "page", "answered", "", "extractive", "", 20)
    with closing(FileStore(path)) as one, closing(FileStore(path)) as other:
        for store in (one, other, one):
            store.add([counted, counted])
    assert statistics(path).replies == 6
    assert is_sound(path)
