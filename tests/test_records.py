"""What a chat opens when it starts: feedback always, and conversations when the operator wants them."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from records_fakes import ANSWER, FEEDBACK, Losses, exchange, number_kept, questions, raw, rows
from web_fakes import settings

from assistant.errors import AssistantError
from assistant.records import open_records
from assistant.records.errors import NewerRecordsError, PrivacyPackageError
from assistant.records.store import FileStore

NAMED = "Ik ben Petra de Vries, bel me op 06-12345678. Wat helpt tegen rugpijn?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite3"


@pytest.fixture
def no_deduce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "deduce", None)


@pytest.mark.usefixtures("no_deduce")
def test_feedback_is_kept_without_the_package_that_takes_out_names(path: Path) -> None:
    kept = open_records(settings(records_file=path), Losses())
    kept.keep("page", NAMED, ANSWER)
    kept.rate(FEEDBACK)
    kept.close()
    assert len(rows(path, "feedback")) == 1
    assert b"rugpijn" not in raw(path)


@pytest.mark.usefixtures("no_deduce")
def test_conversations_without_that_package_are_refused_at_the_start_with_how_to_install_it(path: Path) -> None:
    with pytest.raises(PrivacyPackageError) as refused:
        open_records(settings(records_file=path, keep_conversations_days=30), Losses())
    assert isinstance(refused.value, AssistantError)
    assert '.venv/bin/pip install "rugpijn-assistent[privacy]"' in str(refused.value)
    assert "RUGPIJN_KEEP_CONVERSATIONS_DAYS" in str(refused.value)
    assert not path.exists()


def test_a_file_of_a_newer_version_is_refused_at_the_start(path: Path) -> None:
    with closing(FileStore(path)) as store:
        store.add([exchange()])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_versions VALUES (2000, '2030-01-01')")
    with pytest.raises(NewerRecordsError):
        open_records(settings(records_file=path), Losses())


@pytest.mark.model
def test_with_days_a_conversation_is_kept_without_who_had_it(path: Path) -> None:
    kept = open_records(settings(records_file=path, keep_conversations_days=30), lost := Losses())
    kept.keep("page", NAMED, ANSWER)
    end = time.monotonic() + 120
    while not number_kept(path) and time.monotonic() < end:
        time.sleep(0.05)
    kept.close()
    assert questions(path) == ["Ik ben [naam], bel me op [telefoon]. Wat helpt tegen rugpijn?"]
    assert lost.count == 0
    assert not any(word in raw(path) for word in (b"Petra", b"Vries", b"12345678"))
