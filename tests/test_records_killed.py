"""A chat that is killed, at whatever moment, leaves a sound file that the next one goes on with."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from records_fakes import asks, is_sound, number_kept, put_away, questions, raw, rows

from assistant.records.store import FileStore

pytestmark = pytest.mark.server

TIMES = 40


@dataclass(frozen=True)
class Aftermath:
    """The file after many kills, and how many conversations were in it after each."""

    path: Path
    kept: list[int]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    path = tmp_path_factory.mktemp("killed") / "records.sqlite3"
    program = [sys.executable, str(Path(__file__).parent / "records_child.py")]
    chance, kept = random.Random(5), []
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        for _ in range(TIMES):
            process.stdin.write(json.dumps({"path": str(path), "kill_after": chance.uniform(0.001, 0.25)}) + "\n")
            process.stdin.flush()
            assert int(process.stdout.readline()) == -signal.SIGKILL
            assert is_sound(path)
            kept.append(number_kept(path))
    return Aftermath(path, kept)


def test_a_chat_killed_at_any_moment_leaves_a_sound_file_without_a_word_in_clear(aftermath: Aftermath) -> None:
    assert max(aftermath.kept) > 50
    assert len(set(aftermath.kept)) > TIMES / 2
    assert len(rows(aftermath.path, "feedback")) > 1_000
    assert b"geheim" not in raw(aftermath.path)
    assert not list(aftermath.path.parent.glob("*damaged*"))


def number(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(query).fetchone()[0])


def test_what_belongs_together_was_written_together_or_not_at_all(aftermath: Aftermath) -> None:
    path = aftermath.path
    written = number(path, "SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'")
    assert number(path, "SELECT sum(count) FROM replies") == written > 1_000
    unsaid = "SELECT count(*) FROM exchanges WHERE helpful = 0 AND reply_id NOT IN (SELECT reply_id FROM feedback)"
    assert number(path, unsaid) == 0
    assert number(path, "SELECT count(*) FROM feedback WHERE comment <> ''") > 0


def test_after_many_kills_the_next_chat_keeps_on_and_everything_can_be_deleted(aftermath: Aftermath) -> None:
    assert put_away(aftermath.path, asks("daarna"), days=3_650) == 0
    assert questions(aftermath.path)[-1] == "daarna"
    with closing(FileStore(aftermath.path)) as store:
        assert store.forget_all() >= 1
    assert b"daarna" not in raw(aftermath.path)
    assert b"[weg]" not in raw(aftermath.path)
