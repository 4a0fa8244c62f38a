"""What of Gradio the console lets through: values, and files that were brought to it, but no file of the machine."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from staff_fixtures import fake_desk
from starlette.testclient import TestClient

from assistant.staff.desk import Desk
from assistant.staff.gradio_door import ConsoleJoin, opened
from assistant.staff.site import build_site

pytest_plugins = ("browser_fixtures", "staff_fixtures")

TEMP = Path("/var/staff/tmp/7861")
FOLDER = "0123456789abcdef" * 4
URL = "http://127.0.0.1:7861"
OWN = {"origin": URL}


@pytest.fixture(autouse=True)
def temp_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(TEMP))


def join(data: Any) -> ConsoleJoin:
    return ConsoleJoin.model_validate({"data": [data], "fn_index": 0, "session_hash": "a"})


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../../etc/passwd",
        f"{TEMP}/../../records.sqlite3",
        f"{TEMP}-other/x.md",
        "https://elders.example/x.md",
        "file:///etc/passwd",
        f"{TEMP}/x\0.md",
        7,
        [str(TEMP)],
        {"path": str(TEMP)},
    ],
)
@pytest.mark.parametrize("deep", [lambda file: file, lambda file: [[file]], lambda file: {"value": {"files": [file]}}])
def test_a_file_that_was_not_brought_here_is_refused(path: Any, deep: Any) -> None:
    with pytest.raises((ValidationError, TypeError)):
        join(deep({"path": path, "meta": {"_type": "gradio.FileData"}}))


def test_a_file_that_was_brought_here_comes_through_without_an_address() -> None:
    given = {"path": f"{TEMP}/{FOLDER}/artikel.docx", "url": "http://elders.example/x", "orig_name": "x"}
    (found,) = join(given).data
    assert found["path"] == given["path"]
    assert found["url"] is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists))
def test_plain_values_come_through_as_they_are(value: Any) -> None:
    assert join(value).data == [value]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        f"/gradio_api/file={TEMP}/{FOLDER}/testvragen.csv",
        "/config",
    ],
)
def test_what_the_tabs_need_is_open(path: str) -> None:
    door = opened(TEMP)
    assert path in door.paths or door.files.fullmatch(path)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        f"/gradio_api/file={TEMP}/../../records.sqlite3",
        f"/gradio_api/file={TEMP}/{FOLDER}/../../../records.sqlite3",
        f"/gradio_api/file={TEMP}/{FOLDER}/.env",
        f"/gradio_api/file={TEMP}/{FOLDER}/",
        f"/gradio_api/file={TEMP}/{FOLDER}/a/b",
        f"/gradio_api/file=https://elders.example/{FOLDER}/x",
        "/gradio_api/proxy=https://elders.example/",
        "/gradio_api/component_server",
        "/gradio_api/run/on_pause",
        "/gradio_api/call/on_pause",
        "/gradio_api/stream/x",
        "/gradio_api/vibe-edit",
        "/monitoring",
        "/gradio_api/monitoring/summary",
        "/login",
        "/token",
        "/openapi.json",
        "/gradio_api/openapi.json",
        "/run-history/records",
        "/static/../../../etc/passwd",
    ],
)
def test_nothing_else_of_gradio_is(path: str) -> None:
    door = opened(TEMP)
    assert path not in door.paths
    assert door.files.fullmatch(path) is None


@pytest.fixture(scope="module")
def desk(fake_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return fake_desk(tmp_path_factory.mktemp("practice"), fake_index, max_article_bytes=20_000)


@pytest.fixture(scope="module")
def console(desk: Desk) -> Iterator[TestClient]:
    """The whole console, without a password."""
    temp = desk.settings.staff_dir / "tmp"
    temp.mkdir(parents=True)
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(temp)
    with TestClient(build_site(desk, temp), URL, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client
    os.environ.pop("GRADIO_TEMP_DIR") if before is None else os.environ.update(GRADIO_TEMP_DIR=before)


@pytest.fixture
def real_temp(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    temp = desk.settings.staff_dir / "tmp"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(temp))
    return temp


def bring(console: TestClient, name: str, content: bytes, **headers: str) -> Any:
    return console.post("/gradio_api/upload", files={"files": (name, content)}, headers=OWN | headers)


@pytest.mark.parametrize("name", ["artikel.md", "../../x.md", "..\\..\\x.md", "CON", "é" * 120 + ".md", "/etc/passwd"])
def test_a_file_lands_in_the_own_folder_whatever_its_name(console: TestClient, real_temp: Path, name: str) -> None:
    response = bring(console, name, b"# Artikel")
    if response.status_code == 200:
        (path,) = response.json()
        assert Path(path).resolve().is_relative_to(real_temp.resolve())
    assert not (real_temp.parent / "x.md").exists()
    assert not (real_temp.parent.parent / "x.md").exists()


def test_a_file_that_is_too_large_is_refused_and_not_kept(console: TestClient, real_temp: Path) -> None:
    response = bring(console, "groot.md", b"x" * 500_000)
    assert response.status_code == 413
    assert "groot.md" not in [path.name for path in real_temp.rglob("*")]


def test_another_site_can_bring_nothing(console: TestClient, real_temp: Path) -> None:
    assert bring(console, "vreemd.md", b"x", origin="https://elders.example").status_code == 403
    assert "vreemd.md" not in [path.name for path in real_temp.rglob("*")]


def test_a_file_is_brought_home_only_from_the_own_folder(console: TestClient, real_temp: Path, desk: Desk) -> None:
    folder = real_temp / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "uit.csv").write_text("a;b")
    response = console.get(f"/gradio_api/file={folder}/uit.csv")
    assert (response.status_code, response.text) == (200, "a;b")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    inside = next(path for path in desk.settings.corpus_dir.glob("*.md"))
    assert console.get(f"/gradio_api/file={inside}").status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"data": []}', b"[" * 100_000, b'{"data":[],"fn_index":9999,"session_hash":"a"}']
)
def test_an_event_that_is_none_is_refused(console: TestClient, body: bytes) -> None:
    response = console.post("/gradio_api/queue/join", content=body, headers=OWN | {"content-type": "application/json"})
    assert response.status_code == 422


def test_an_event_with_a_file_of_the_machine_is_refused(console: TestClient, real_temp: Path) -> None:
    body = {"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}], "fn_index": 0, "session_hash": "a"}
    assert console.post("/gradio_api/queue/join", content=json.dumps(body), headers=OWN).status_code == 422


def test_the_page_is_dutch_in_no_frame_and_runs_only_its_own_scripts(console: TestClient) -> None:
    response = console.get("/")
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'nonce-" in policy
    assert '"nl"' in response.text
    assert "uitloggen" not in response.text, "without a password there is nothing to log out of"
