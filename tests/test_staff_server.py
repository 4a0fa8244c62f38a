"""Starting the console: when it refuses, what it does with the folder for uploads, and the commands for it."""

import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from staff_login_fakes import HASH, PASSWORD
from typer.testing import CliRunner
from web_fakes import settings

from assistant.cli import app
from assistant.staff.passwords import HashUnusableError, Password
from assistant.staff.server import PasswordNeededError, StaffFolderError, make_temp, refuse_if_open

run = CliRunner()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_on_this_machine_alone_no_password_is_needed(host: str) -> None:
    refuse_if_open(settings(staff_host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "praktijk-pc", "localhost.elders.example", ""])
def test_on_any_other_address_it_refuses_to_start_without_one(host: str) -> None:
    with pytest.raises(PasswordNeededError, match="rugpijn staff-password"):
        refuse_if_open(settings(staff_host=host))
    refuse_if_open(settings(staff_host=host, staff_password_hash=HASH))


def test_under_a_name_of_its_own_it_refuses_to_start_without_one() -> None:
    with pytest.raises(PasswordNeededError, match=r"beheer\.praktijk\.example"):
        refuse_if_open(settings(staff_hosts="beheer.praktijk.example"))


def test_a_hash_that_is_none_is_told_before_anything_starts() -> None:
    with pytest.raises(HashUnusableError):
        refuse_if_open(settings(staff_password_hash="welkom01"))


def test_quotes_that_a_reader_of_env_files_left_do_not_matter() -> None:
    refuse_if_open(settings(staff_host="0.0.0.0", staff_password_hash=f"'{HASH}'"))


def test_the_command_refuses_in_one_dutch_line() -> None:
    result = run.invoke(app, ["staff", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "rugpijn staff-password" in result.stderr
    assert "Traceback" not in result.output


def test_the_command_makes_a_line_that_knows_the_password() -> None:
    result = run.invoke(app, ["staff-password"], input=f"{PASSWORD}\n{PASSWORD}\n")
    found = re.search(r"^RUGPIJN_STAFF_PASSWORD_HASH='(\$argon2id\$\S+)'\n\Z", result.stdout, re.MULTILINE)
    assert found, result.output
    assert Password(found[1]).is_right(PASSWORD)
    assert PASSWORD not in result.output


@pytest.mark.parametrize(("first", "second"), [(PASSWORD, PASSWORD + "x"), ("kort", "kort")])
def test_the_command_makes_nothing_of_a_slip_or_a_short_one(first: str, second: str) -> None:
    result = run.invoke(app, ["staff-password"], input=f"{first}\n{second}\n")
    assert result.exit_code == 1
    assert "HASH" not in result.stdout


def folder_settings(folder: Path, **changes: Any) -> Any:
    return settings(staff_dir=folder, **changes)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", "elders")


def test_the_folder_for_uploads_is_empty_at_every_start_and_nobody_elses(tmp_path: Path) -> None:
    given = folder_settings(tmp_path)
    temp = make_temp(given)
    (temp / "map").mkdir()
    (temp / "map" / "oud.docx").write_text("oud")
    assert make_temp(given) == temp
    assert list(temp.iterdir()) == []
    assert stat.S_IMODE(temp.stat().st_mode) == 0o700
    assert os.environ["GRADIO_TEMP_DIR"] == str(temp)
    assert make_temp(folder_settings(tmp_path, staff_port=7_900)) != temp


def test_nothing_outside_the_folder_for_uploads_is_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    (elsewhere / "brief.txt").write_text("blijft")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "7861").symlink_to(elsewhere)
    with pytest.raises(StaffFolderError):
        make_temp(folder_settings(tmp_path))
    assert (elsewhere / "brief.txt").read_text() == "blijft"


def test_a_folder_that_cannot_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "tmp").write_text("een bestand")
    with pytest.raises(StaffFolderError, match="RUGPIJN_STAFF_DIR"):
        make_temp(folder_settings(tmp_path))
