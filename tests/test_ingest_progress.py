"""How far an ingest is, how fast it goes and when it will be done, for whoever watches and for a log."""

from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from assistant.cli import app
from ingest import progress_shown
from ingest.pace import Pace

NOON = datetime(2026, 11, 25, 12, 0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def pace_of(*steps: tuple[float, int], total: int = 1_000) -> Pace:
    """After so many seconds each time, so many texts more."""
    clock = Clock()
    pace = Pace(total, clock)
    for seconds, done in steps:
        clock.now += seconds
        pace.advance(done)
    return pace


def test_the_pace_gives_the_rate_and_the_expected_end() -> None:
    pace = pace_of((10, 100), (10, 100))
    assert pace.per_second == 10
    assert pace.said(NOON) == "10 per seconde, klaar rond 12:01"


def test_an_end_on_another_day_says_which() -> None:
    assert pace_of((10, 20), total=200_000).said(NOON) == "2,0 per seconde, klaar rond 26-11 15:46"


def test_workers_that_join_change_the_pace_within_minutes() -> None:
    alone = [(10.0, 10)] * 30
    together = [(10.0, 100)] * 13
    assert pace_of(*alone).per_second == pytest.approx(1)
    assert pace_of(*alone, *together, total=9_000).per_second == pytest.approx(10, rel=0.1)


def test_nothing_is_foretold_of_the_first_moment_or_of_a_step_that_is_not_counted() -> None:
    assert pace_of((1, 500)).said(NOON) == ""
    assert pace_of((10, 10), total=0).said(NOON) == ""


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_shown, "_SECONDS_BETWEEN_LINES", 0.0)
    said = StringIO()
    with progress_shown.shown_on(Console(file=said)) as progress:
        progress.step("artikelen lezen", 0)
        progress.step("vectoren maken", 60)
        progress.advance(20)
    assert "vectoren maken: 20 van 60" in said.getvalue()
    assert "artikelen lezen" not in said.getvalue()


def test_a_worker_without_a_database_says_what_to_set() -> None:
    done = CliRunner().invoke(app, ["ingest-worker"])
    assert done.exit_code == 1
    assert "RUGPIJN_STORE=postgresql://" in done.output and "--workers" in done.output


def test_workers_elsewhere_and_a_folder_here_do_not_go_together() -> None:
    done = CliRunner().invoke(app, ["ingest", "--workers", "0"])
    assert done.exit_code == 1
    assert "werkers elders kunnen daar niet bij" in done.output
