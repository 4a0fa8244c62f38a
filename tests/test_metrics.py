"""/metrics: for who knows the word, and without a word of a visitor."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from web_fakes import FakeAssistant, reception, settings, site_client

from assistant import texts
from assistant.web.limits import QuestionLimits
from assistant.web.metrics import Metrics
from assistant.web.reception import Reception
from assistant.web.site import build_site

TOKEN = "een-lang-geheim-woord"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}


def client_of(token: str = TOKEN, assistant: FakeAssistant | None = None, **changes: Any) -> TestClient:
    return site_client(assistant, metrics_token=token, **changes)


def test_who_shows_the_token_reads_the_metrics() -> None:
    with client_of() as client:
        client.post("/api/ask", json={"question": "Wat helpt?"})
        response = client.get("/metrics", headers=RIGHT)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert response.headers["cache-control"] == "no-store"
    assert 'rugpijn_replies_total{channel="ask",kind="answered",urgency=""} 1.0' in response.text
    assert "process_resident_memory_bytes" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": TOKEN},
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer  {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN.upper()}"},
        {"Authorization": b"Bearer \xff\xfe"},
        {"Cookie": f"token={TOKEN}"},
        {"X-Token": TOKEN},
    ],
)
def test_for_anyone_else_the_page_is_not_there(headers: dict[str, Any]) -> None:
    with client_of() as client:
        response = client.get("/metrics", headers=headers)
        unknown = client.get("/metriek")
        in_address = client.get("/metrics", params={"token": TOKEN})
    for answer in (response, in_address):
        assert answer.status_code == unknown.status_code == 404
        assert {**answer.json(), "instance": ""} == {**unknown.json(), "instance": ""}
        assert answer.json()["detail"] == texts.PAGE_NOT_FOUND
        assert dict(answer.headers).keys() == dict(unknown.headers).keys()


@pytest.mark.parametrize("header", ["Bearer ", "Bearer None", "Bearer **********", ""])
def test_without_a_token_in_the_settings_nobody_reads_them(header: str) -> None:
    with client_of(token="") as client:
        assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def explode(question: str) -> None:
    if "boem" in question:
        raise RuntimeError(question)


def test_not_a_word_of_a_visitor_is_in_them() -> None:
    secret = "watervrees"
    turns = [{"role": "user", "content": secret}]
    desk = Reception(FakeAssistant(before=explode), settings(metrics_token=TOKEN), QuestionLimits(visitor=4))
    client = TestClient(build_site(desk), client=("192.0.2.77", 1), raise_server_exceptions=False)
    for path in ("/api/ask", "/api/ask/stream"):
        for question in (secret, f"{secret} boem", "x" * 2_000 + secret, " "):
            client.post(path, json={"question": question, "history": turns, "visitor": secret})
        client.post(path, json={"question": secret, "visitor": f"{secret}!"})
    client.get(f"/bron/{secret}?c={secret}")
    client.get(f"/{secret}")
    client.post("/api/feedback", json={"helpful": False, "kind": "answered", "reason": secret})
    text = client.get("/metrics", headers=RIGHT).text
    for reason in ("failed", "question", "too_many_questions"):
        assert f'reason="{reason}"' in text
    assert secret not in text
    assert "192.0.2" not in text


def test_requests_are_timed_by_method_and_status() -> None:
    metrics = Metrics()
    metrics.served("GET", 200, 0.02)
    text = metrics.exposition()[0].decode()
    assert 'rugpijn_request_seconds_bucket{le="0.025",method="GET",status="200"} 1.0' in text
    assert 'rugpijn_request_seconds_bucket{le="0.01",method="GET",status="200"} 0.0' in text


def test_two_apps_in_one_process_do_not_count_for_each_other() -> None:
    one, other = reception(), reception()
    with TestClient(build_site(one)) as client:
        client.post("/api/ask", json={"question": "x"})
    assert b"rugpijn_replies_total{" in one.metrics.exposition()[0]
    assert b"rugpijn_replies_total{" not in other.metrics.exposition()[0]
