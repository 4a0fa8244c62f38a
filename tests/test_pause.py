"""The practice pauses its chat while it runs, and every page says so."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from event_stream import STREAM
from starlette.testclient import TestClient
from web_fakes import ARTICLE, FakeAssistant, settings, words_of

from assistant import texts
from assistant.web.chat.dialogue import Dialogue, Progress
from assistant.web.chat.render import escape
from assistant.web.limits import QuestionLimits
from assistant.web.pause import PauseSwitch
from assistant.web.reception import Channel, Reception, Visit
from assistant.web.site import build_site
from assistant.web.turned_away import PausedError

QUESTION = {"question": "Wat helpt?"}
NOTICE = "Wij zijn met <b>vakantie</b> tot 1 mei."


@pytest.fixture
def switch(tmp_path: Path) -> PauseSwitch:
    return PauseSwitch(tmp_path / "var" / "paused")


@pytest.fixture
def desk(tmp_path: Path) -> Reception:
    return Reception(FakeAssistant(), settings(pause_file=tmp_path / "paused"), QuestionLimits())


@pytest.fixture
def client(desk: Reception) -> Iterator[TestClient]:
    with TestClient(build_site(desk)) as client:
        yield client


# The switch


def test_it_is_on_as_long_as_the_file_is_there(switch: PauseSwitch) -> None:
    switch.check()
    assert switch.notice == ""
    switch.pause()
    assert switch.notice == texts.PAUSED
    with pytest.raises(PausedError, match=texts.PAUSED):
        switch.check()
    switch.resume()
    switch.check()
    assert switch.notice == ""


def test_what_is_not_paused_can_be_resumed(switch: PauseSwitch) -> None:
    switch.resume()
    switch.check()


@pytest.mark.parametrize(
    ("written", "notice"),
    [
        (b"Tot maandag.", "Tot maandag."),
        (b"  Tot\n\n maandag.\r\n", "Tot maandag."),
        ("Tot \u2019s maandags. €".encode(), "Tot \u2019s maandags. €"),
        (b"", texts.PAUSED),
        (b" \n\t ", texts.PAUSED),
        (b"\xef\xbb\xbf", texts.PAUSED),  # an empty file, as Windows' Notepad saves it
        (b"\xef\xbb\xbfTot maandag.", "Tot maandag."),
        (b"Gesl\xf6ten", "Gesl\ufffdten"),
        (b"x" * 100_000, "x" * 1_000),
    ],
)
def test_what_stands_in_the_file_is_the_notice(tmp_path: Path, written: bytes, notice: str) -> None:
    path = tmp_path / "paused"
    path.write_bytes(written)
    assert PauseSwitch(path).notice == notice


def test_a_file_that_is_there_and_cannot_be_read_pauses_too(tmp_path: Path) -> None:
    assert PauseSwitch(tmp_path).notice == texts.PAUSED  # a folder


# What visitors read


def test_the_api_says_the_notice_and_when_to_try_again(desk: Reception, client: TestClient) -> None:
    for path in ("/api/ask", STREAM):
        assert client.post(path, json=QUESTION).status_code == 200
    desk.pause.pause(NOTICE)
    for path in ("/api/ask", STREAM):
        response = client.post(path, json=QUESTION)
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"] == NOTICE
        assert int(response.headers["retry-after"]) > 0
    desk.pause.resume()
    for path in ("/api/ask", STREAM):
        assert client.post(path, json=QUESTION).status_code == 200


def test_the_panel_shows_the_notice_before_anything_is_asked(desk: Reception, client: TestClient) -> None:
    assert "vakantie" not in client.get("/widget/panel").text
    desk.pause.pause(NOTICE)
    page = words_of(client.get("/widget/panel").text)
    assert NOTICE in page.text
    assert "b" not in {tag for tag, _ in page.tags}
    desk.pause.resume()
    assert "vakantie" not in client.get("/widget/panel").text


def test_the_chat_page_answers_with_the_notice(desk: Reception) -> None:
    dialogue = Dialogue(desk)
    conversation = dialogue.new_conversation()

    async def ask() -> None:
        async for _ in dialogue.ask("Wat helpt?", conversation, "192.0.2.1"):
            pass

    desk.pause.pause(NOTICE)
    asyncio.run(ask())
    assert conversation.exchanges[-1].progress is Progress.REFUSED
    assert conversation.messages()[-1]["content"].startswith(escape(NOTICE))
    desk.pause.resume()
    asyncio.run(ask())
    assert conversation.exchanges[-1].progress is Progress.SAID


def test_a_reply_that_has_begun_when_the_chat_is_paused_is_finished(desk: Reception) -> None:
    async def pause_meanwhile() -> int:
        parts = desk.stream(Visit(Channel.STREAM), "x", ())
        await anext(parts)
        desk.pause.pause()
        return len([part async for part in parts])

    assert asyncio.run(pause_meanwhile()) == 2


def test_everything_but_asking_goes_on(desk: Reception, client: TestClient) -> None:
    desk.pause.pause(NOTICE)
    for path in ("/health", "/ready", f"/bron/{ARTICLE.slug}", "/widget.js", "/docs"):
        assert client.get(path).status_code == 200
    rating = {"helpful": True, "kind": "answered"}
    assert client.post("/api/feedback", json=rating).status_code == 204
