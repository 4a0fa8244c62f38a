"""A console that is killed while it publishes leaves the old articles and index, or the new; never some of each."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fakes import content
from library_fakes import Practice

from assistant.staff.library.publishing import Recovery
from ingest.build import is_up_to_date
from ingest.errors import ReviewNotesError
from ingest.index import load_index

pytestmark = pytest.mark.server

KILLED = -signal.SIGKILL
REMOVED = "pijn-in-de-nek"


class Forker:
    """The program of ``library_child.py``."""

    def __init__(self) -> None:
        program = [sys.executable, str(Path(__file__).parent / "library_child.py")]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def publish(self, practice: Practice, subject: str | int, die_at: int | None = None) -> int:
        """The exit status."""
        assert self._process.stdin and self._process.stdout
        order = {"folder": str(practice.folder), "subject": subject, "die_at": die_at}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.stop()


class Watched:
    """A practice that goes to and fro between two states: an article, its questions and its notes are there, or not."""

    def __init__(self, folder: Path, forker: Forker) -> None:
        self.practice = Practice(folder)
        self.forker = forker
        self.files: dict[str, dict[str, bytes]] = {}
        self.indexes: dict[str, dict[str, Any]] = {}
        self.remember("old")
        self.practice.library().publish(REMOVED)
        self.remember("new")
        self.state = "new"

    def remember(self, state: str) -> None:
        self.files[state] = self.practice.files()
        self.indexes[state] = content(self.practice.index())

    def next(self) -> tuple[str, str | int]:
        """The other state, and what is to be published for it."""
        if self.state == "old":
            return "new", REMOVED
        return "old", self.edition_of("old")

    def edition_of(self, state: str) -> int:
        wanted = self.files[state].keys()
        return next(each.number for each in self.practice.library().editions() if each.files.keys() == wanted)

    def kill(self, die_at: int) -> None:
        _, subject = self.next()
        assert self.forker.publish(self.practice, subject, die_at) == KILLED
        load_index(self.practice.settings.index_dir, self.practice.embedder)

    def check(self) -> Recovery | None:
        """What is there after the next start: all of one state, or all of the other."""
        recovery = self.practice.library().recover()
        (state,) = [state for state, files in self.files.items() if files == self.practice.files()]
        assert content(self.practice.index()) == self.indexes[state]
        assert is_up_to_date(self.practice.settings)
        assert recovery is None or (recovery is Recovery.FINISHED) == (state != self.state)
        self.state = state
        left = {path.name for path in self.practice.settings.staff_dir.iterdir()}
        assert left <= {"drafts", "editions", "publishing.lock"}
        assert not [path for path in self.practice.corpus.rglob(".*")]
        editions = self.practice.library().editions()
        assert editions[0].files.keys() == self.files[state].keys()
        return recovery


@pytest.fixture
def watched(tmp_path: Path, forker: Forker) -> Watched:
    watched = Watched(tmp_path, forker)
    for _ in range(2):  # until there are old editions and old versions of the index to remove
        for _ in range(4):
            state, subject = watched.next()
            assert forker.publish(watched.practice, subject) == 0
            watched.state = state
    return watched


def test_killed_before_or_after_a_file_operation_it_leaves_all_of_the_old_or_all_of_the_new(watched: Watched) -> None:
    state, subject = watched.next()
    assert watched.forker.publish(watched.practice, subject) == 0
    watched.state = state
    operations = (watched.practice.folder / "operations").read_text().split()
    # Everything around the moment that the index is put in use; fewer of the many before it.
    crucial = max(place for place, name in enumerate(operations) if name in ("copymode", "replace"))
    moments = sorted({*range(0, len(operations), 7), *range(max(crucial - 60, 0), len(operations) - 8, 2)})
    seen: Counter[Recovery | None] = Counter()
    for moment in moments:
        watched.kill(moment)
        seen[watched.check()] += 1
    assert seen[Recovery.DROPPED] > 5 and seen[Recovery.FINISHED] > 15 and seen[None] > 3


def test_an_ingest_by_hand_before_the_next_start_does_no_harm(watched: Watched) -> None:
    operations = (watched.practice.folder / "operations").read_text().split()
    for moment in range(len(operations) - 75, len(operations) - 8, 9):
        watched.kill(moment)
        with suppress(ReviewNotesError):  # between two of the files: the notes are of the other state than the articles
            watched.practice.ingest()
        watched.check()
