import asyncio
import io
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from web_fakes import FakeAssistant, reception, settings

from assistant.settings import LogFormat
from assistant.web.lobby import Lobby
from assistant.web.logs import libraries_muted, log_config, where
from assistant.web.metrics import Metrics
from assistant.web.observe import Observed
from assistant.web.server import front
from assistant.web.shutdown import HEARTBEAT, Closing
from assistant.web.site import build_site

TYPED = "mijn-geheime-klacht"


@contextmanager
def written(log_format: LogFormat) -> Iterator[io.StringIO]:
    """What the log of a server says while this lasts."""
    config = log_config(log_format)
    formatter = dict(config["formatters"]["line"])
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(formatter.pop("()")(**formatter))
    levels = {"": config["root"]["level"], **{name: each["level"] for name, each in config["loggers"].items()}}
    before = {name: logging.getLogger(name).level for name in levels}
    root = logging.getLogger()
    root.addHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield output
    finally:
        root.removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def records(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def request(app: ASGIApp, path: str, method: str = "GET") -> None:
    """As a server asks, with nothing made decent on the way."""

    async def receive() -> Message:
        await asyncio.Event().wait()  # there is no body, and nobody leaves
        return {}

    async def send(message: Message) -> None: ...

    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))


def served(metrics: Metrics) -> list[str]:
    exposition, _ = metrics.exposition()
    lines = exposition.decode().splitlines()
    return sorted(
        line.removeprefix("rugpijn_request_seconds_count") for line in lines if "request_seconds_count" in line
    )


def test_a_request_is_one_record_without_query_address_or_browser() -> None:
    metrics = Metrics()
    site = front(build_site(reception()), settings(), metrics, Closing())
    with written(LogFormat.JSON) as output, TestClient(site, client=("192.0.2.77", 5000)) as client:
        client.get(f"/bron/nek-en-rug?c={TYPED}", headers={"User-Agent": "Browser/1", "Referer": f"/?{TYPED}"})
    (record,) = records(output)
    assert record.pop("timestamp").endswith("Z") and record.pop("milliseconds") > 0
    assert record == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "path": "/bron/nek-en-rug",
        "status": 200,
    }
    assert served(metrics) == ['{method="GET",status="200"} 1.0']


def test_as_text_it_is_one_line_with_the_same_in_it() -> None:
    with written(LogFormat.TEXT) as output:
        request(Observed(PlainTextResponse("ja"), Metrics()), "/bron/nek-en-rug")
    (line,) = output.getvalue().splitlines()
    assert "[info] request method=GET path=/bron/nek-en-rug status=200 milliseconds=" in line


@pytest.mark.parametrize("log_format", LogFormat)
def test_what_a_visitor_asks_is_in_no_log_whether_it_is_answered_or_fails(log_format: LogFormat) -> None:
    def explode(question: str) -> None:
        if "boem" in question:
            raise RuntimeError(question)

    site = front(build_site(reception(FakeAssistant(before=explode))), settings(), Metrics(), Closing())
    with written(log_format) as output, TestClient(site, raise_server_exceptions=False) as client:
        for question in (TYPED, f"boem {TYPED}", f"{TYPED}\ud800", TYPED * 100):
            for path in ("/api/ask", "/api/ask/stream"):
                client.post(
                    path, content=json.dumps({"question": question}), headers={"Content-Type": "application/json"}
                )
        client.post("/api/ask", content=f"{{{TYPED}")
    assert output.getvalue().count("/api/ask") == 9
    assert "RuntimeError" in output.getvalue() and "in explode" in output.getvalue()
    assert TYPED not in output.getvalue()


def test_requests_that_are_answered_by_the_lobby_or_turned_away_at_the_door_are_seen() -> None:
    metrics = Metrics()
    lobby = Lobby(lambda: PlainTextResponse("later"), print, hold_seconds=0)
    refusing = front(lobby, settings(), metrics, Closing())
    client = TestClient(refusing)  # not entered: nothing is loaded
    client.get("/health")
    client.get("/ready")
    client.post("/api/ask", json={"question": TYPED})
    client.get("/health", headers={"Host": "evil.example"})
    assert served(metrics) == [
        '{method="GET",status="200"} 1.0',
        '{method="GET",status="421"} 1.0',
        '{method="GET",status="503"} 1.0',
        '{method="POST",status="503"} 1.0',
    ]


def test_an_app_that_fails_is_recorded_as_the_500_that_the_server_makes_of_it() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError(TYPED)

    metrics = Metrics()
    with written(LogFormat.JSON) as output, pytest.raises(RuntimeError):
        request(Observed(fail, metrics), "/")
    assert [record["status"] for record in records(output)] == [500]
    assert served(metrics) == ['{method="GET",status="500"} 1.0']


def test_methods_that_a_client_makes_up_are_counted_together() -> None:
    metrics = Metrics()
    app = Observed(PlainTextResponse("ja"), metrics)
    with written(LogFormat.JSON) as output:
        for method in ("GET", "GEHEIM", "get", "PROPFIND"):
            request(app, "/", method)
    assert [record["method"] for record in records(output)] == ["GET", "other", "other", "other"]
    assert served(metrics) == ['{method="GET",status="200"} 1.0', '{method="other",status="200"} 3.0']


def test_an_open_page_is_recorded_without_its_session_and_does_not_count_as_a_slow_request() -> None:
    metrics = Metrics()
    app = Observed(StreamingResponse(iter(["ALIVE"])), metrics)
    with written(LogFormat.JSON) as output:
        request(app, f"{HEARTBEAT}kx81zz0a")
    assert [record["path"] for record in records(output)] == [HEARTBEAT]
    assert served(metrics) == []


@given(st.text(), st.sampled_from(LogFormat))
def test_no_path_makes_more_than_one_line_or_an_endless_one(path: str, log_format: LogFormat) -> None:
    with written(log_format) as output:
        request(Observed(PlainTextResponse("ja"), Metrics()), f"/{path}{path}" * 20)
    (line,) = output.getvalue().splitlines()
    assert line.isascii() and line.isprintable()
    assert len(line) < 3_000


@pytest.mark.parametrize("log_format", LogFormat)
@pytest.mark.parametrize("name", ["uvicorn.error", "assistant.web.replies", "asyncio", "gradio.queueing"])
def test_an_exception_is_logged_by_kind_and_place_whoever_logs_it(log_format: LogFormat, name: str) -> None:
    with written(log_format) as output:
        try:
            raise ValueError(TYPED) from KeyError(TYPED)
        except ValueError:
            logging.getLogger(name).exception("Exception in ASGI application\n")
    assert "KeyError" in output.getvalue()
    assert TYPED not in output.getvalue()


def test_an_exception_that_nobody_waited_for_keeps_its_words_to_itself() -> None:
    """asyncio's own message shows the task, and with it the exception."""

    async def scene() -> None:
        async def fail() -> None:
            raise RuntimeError(TYPED)

        failing = asyncio.create_task(fail())
        await asyncio.wait({failing})
        told = {"message": "exception was never retrieved", "exception": failing.exception(), "task": failing}
        asyncio.get_running_loop().call_exception_handler(told)

    with written(LogFormat.TEXT) as output:
        asyncio.run(scene())
    assert "asyncio, base_events.py:" in output.getvalue() and "in fail" in output.getvalue()
    assert TYPED not in output.getvalue()


def test_what_other_packages_say_is_known_by_its_place_only() -> None:
    with written(LogFormat.JSON) as output:
        logging.getLogger("httpx").warning("asked for %s", TYPED)
        logging.getLogger("assistant.x").info("de index is %s", "nieuw")
        logging.getLogger("httpx").info("not at all")
    assert [record["event"] for record in records(output)][1:] == ["de index is nieuw"]
    assert records(output)[0]["event"].startswith("httpx, test_observe.py:")


def test_what_a_library_prints_is_not_shown_but_an_exception_is_logged_by_kind_and_place() -> None:
    with written(LogFormat.TEXT) as output, libraries_muted():
        sys.stdout.write(TYPED)
        print(TYPED, file=sys.stderr)  # noqa: T201
        try:
            raise ValueError(TYPED)
        except ValueError:
            traceback.print_exc()
    assert output.getvalue().count("[error] ValueError\n") == 1
    assert TYPED not in output.getvalue()


def test_the_place_of_an_error_is_that_of_its_first_cause() -> None:
    def deep() -> None:
        raise KeyError(TYPED)

    try:
        try:
            deep()
        except KeyError as error:
            raise RuntimeError(TYPED) from error
    except RuntimeError as error:
        shown = where(error)
    assert shown.startswith("KeyError\n")
    assert "in deep" in shown
    assert TYPED not in shown
