"""An ingest that is killed leaves the whole old index or the whole new one, and the next ingest simply works."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder, content, ingest, write_article

from ingest.index import load_index
from ingest.versions import KEPT_VERSIONS

pytestmark = pytest.mark.server

KILLED = -signal.SIGKILL
SENTENCES = {"A": "Rust helpt bij pijn in de {}.", "B": "Warmte ontspant de spieren van de {} altijd."}
OTHER = {"A": "B", "B": "A"}


class Forker:
    """The program of ``ingest_child.py``."""

    def __init__(self) -> None:
        program = [sys.executable, str(Path(__file__).parent / "ingest_child.py")]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ingest(self, folder: Path, **order: float) -> int:
        """The exit status of an ingest; see there for the order."""
        nothing = {"die_at": None, "kill_after": None, "seconds_per_text": 0}
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"folder": str(folder)} | nothing | order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.stop()


class Practice:
    """A folder with a corpus that is in one of two states, and its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sound: dict[str, dict[str, Any]] = {}
        for state in "AB":
            self.write(state)
            ingest(folder, index_dir=folder / state)
            self.sound[state] = content(load_index(folder / state, FakeEmbedder()))
        self.state = "B"
        ingest(folder)

    def write(self, state: str) -> None:
        self.state = state
        for place in ("nek", "rug", "arm"):
            write_article(self.folder, f"{place}.md", f"Pijn in de {place}", SENTENCES[state].format(place))
        write_article(self.folder, "alleen-b.md", "Alleen B", "Slaap goed.")
        if state == "A":
            (self.folder / "corpus" / "alleen-b.md").unlink()

    def check_after_next_ingest(self) -> str:
        """Which of the two states a killed ingest left in the index, after an ingest that is not killed."""
        found = content(load_index(self.folder / "index", FakeEmbedder()))
        (in_use,) = [state for state, sound in self.sound.items() if sound == found]
        ingest(self.folder)
        assert content(load_index(self.folder / "index", FakeEmbedder())) == self.sound[self.state]
        self._assert_clean()
        return "new" if in_use == self.state else "old"

    def _assert_clean(self) -> None:
        names = {path.name for path in (self.folder / "index").iterdir()}
        versions = {name for name in names if (self.folder / "index" / name).is_dir()}
        assert names - versions == {"current", "lock"}
        assert len(versions) <= KEPT_VERSIONS + 1
        # The oldest may be half removed, until an ingest has work to do.
        half = {name for name in versions if not (self.folder / "index" / name / "manifest.json").is_file()}
        assert half <= {min(versions)}


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


def test_an_ingest_killed_at_any_moment_leaves_the_whole_old_or_the_whole_new_index(
    practice: Practice, forker: Forker
) -> None:
    forker.ingest(practice.folder)
    practice.write("A")
    start = time.perf_counter()
    assert forker.ingest(practice.folder, seconds_per_text=0.01) == 0
    duration = time.perf_counter() - start
    seen: Counter[str] = Counter()
    for moment in range(1, 100):
        practice.write(OTHER[practice.state])
        # The golden ratio: no two moments are alike and all are spread evenly.
        kill_after = duration * (moment * 0.618 % 1)
        status = forker.ingest(practice.folder, seconds_per_text=0.01, kill_after=kill_after)
        if status != KILLED:  # it was faster this time
            duration = kill_after
            continue
        seen[practice.check_after_next_ingest()] += 1
        if seen.total() == 40:
            break
    assert seen.total() == 40
    assert seen["old"] > 10


def test_an_ingest_killed_before_or_after_a_file_operation_leaves_the_old_or_the_new_index(
    practice: Practice, forker: Forker
) -> None:
    for state in "ABAB":  # until there are old versions to remove
        practice.write(state)
        assert forker.ingest(practice.folder) == 0
    operations = (practice.folder / "operations").read_text().split()
    swap = operations.index("replace")
    seen = []
    for moment in [*range(0, swap - 6, 5), *range(swap - 6, len(operations) - 12)]:
        practice.write(OTHER[practice.state])
        assert forker.ingest(practice.folder, die_at=moment) == KILLED
        seen.append(practice.check_after_next_ingest())
    assert seen.count("old") > 40 and seen.count("new") > 5


def test_a_first_ingest_that_is_killed_leaves_nothing_that_bothers_the_next(tmp_path: Path, forker: Forker) -> None:
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt.")
    for moment in (0, 10, 30, 60):
        assert forker.ingest(tmp_path, die_at=moment) == KILLED
    ingest(tmp_path)
    assert list(load_index(tmp_path / "index", FakeEmbedder()).articles) == ["nekpijn"]
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1
