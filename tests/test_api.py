import asyncio
import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from answer_fakes import answers
from chat_fakes import CRISIS, EMERGENCY, SOON, TODAY, urgent
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.testclient import TestClient
from web_fakes import ANSWER, FakeAssistant, reception, site_client

from assistant import texts
from assistant.answer import Alarm, Answer, AnswerKind
from assistant.reply import Role, Turn
from assistant.web.assets import ASSETS
from assistant.web.bodies import (
    AlarmBody,
    AskResponse,
    CallBody,
    CitationBody,
    RemarkBody,
    SentenceBody,
    TimingsBody,
)
from assistant.web.site import build_site
from ingest.settings import PROJECT

JSON = {"content-type": "application/json"}
PARTS: dict[str, type[BaseModel]] = {
    "alarm": AlarmBody,
    "calls": CallBody,
    "citations": CitationBody,
    "remarks": RemarkBody,
    "sentences": SentenceBody,
    "timings_ms": TimingsBody,
}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with site_client() as client:
        yield client


def assert_is_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "disclaimer"}
    assert problem["status"] == status
    assert problem["disclaimer"] == texts.DISCLAIMER
    return problem


def test_ask_answers_with_every_field_of_the_contract(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "Wat helpt?"})
    assert response.status_code == 200
    assert response.json() == {
        "kind": "answered",
        "text": f"Warmte helpt vaak. [1]\n\n{texts.DISCLAIMER}",
        "notice": "",
        "sentences": [
            {
                "text": "Warmte helpt vaak.",
                "citations": [1],
                "attribution": "",
                "shape": "text",
                "opens_paragraph": False,
            }
        ],
        "citations": [
            {
                "number": 1,
                "passage_id": "abc123",
                "article": "Nek & <rug>",
                "section": "",
                "quote": "Warmte helpt vaak.",
                "start": 0,
                "end": 18,
                "url": "/bron/nek-en-rug?c=0-18-0d153769#citaat",
            }
        ],
        "urgency": None,
        "flags": [],
        "alarm": None,
        "remarks": [],
        "suggestions": [],
        "safety_net": "",
        "language_note": None,
        "stand_alone_question": "",
        "disclaimer": texts.DISCLAIMER,
        "engine": "extractive",
        "timings_ms": {"triage": 0.5, "retrieve": 20.0, "compose": 1.5, "total": 22.0},
    }


def test_an_alarm_is_given_with_its_urgency_its_flags_and_numbers_to_call() -> None:
    with site_client(FakeAssistant(urgent(CRISIS))) as client:
        body = client.post("/api/ask", json={"question": "Ik wil niet meer"}).json()
    assert (body["kind"], body["urgency"], body["flags"]) == ("urgent", "crisis", ["zelfdoding"])
    assert body["alarm"] == {
        "title": CRISIS.title,
        "paragraphs": list(CRISIS.paragraphs),
        "calls": [
            {"label": "113 Zelfmoordpreventie", "number": "0800-0113", "url": "tel:08000113"},
            {"label": "In gevaar", "number": "112", "url": "tel:112"},
        ],
    }
    assert body["text"].startswith(CRISIS.title)
    assert body["text"].endswith(texts.DISCLAIMER)
    assert (body["sentences"], body["citations"]) == ([], [])


@pytest.mark.parametrize("alarm", [SOON, TODAY, EMERGENCY, CRISIS])
def test_urgency_is_a_word_of_the_contract(alarm: Alarm) -> None:
    assert AskResponse.of(urgent(alarm)).model_dump(mode="json")["urgency"] in {"huisarts", "spoed", "112", "crisis"}


@given(answers)
def test_whatever_the_answer_says_is_given_as_it_is(answer: Answer) -> None:
    body = json.loads(AskResponse.of(answer).model_dump_json())
    assert body["text"] == answer.text
    assert body["sentences"] == [
        {
            "text": each.text,
            "citations": list(each.citations),
            "attribution": each.attribution,
            "shape": each.shape,
            "opens_paragraph": each.opens_paragraph,
        }
        for each in answer.sentences
    ]
    assert body["notice"] == answer.notice
    assert body["remarks"] == [
        {"text": each.text, "source": each.source, "citations": list(each.citations)} for each in answer.remarks
    ]
    assert body["suggestions"] == list(answer.suggestions)
    assert body["safety_net"] == answer.safety_net
    assert body["urgency"] == (answer.alarm.urgency.value if answer.alarm else None)
    assert body["flags"] == list(answer.alarm.flags if answer.alarm else ())
    assert (body["alarm"] or {}).get("title") == (answer.alarm.title if answer.alarm else None)


def test_a_reply_without_answer_has_the_same_fields() -> None:
    with site_client(FakeAssistant(Answer(AnswerKind.NOT_FOUND, notice=texts.NOT_FOUND))) as client:
        body = client.post("/api/ask", json={"question": "Wat kost het?"}).json()
    assert body["kind"] == "not_found"
    assert (body["sentences"], body["citations"]) == ([], [])
    assert body["text"].endswith(texts.DISCLAIMER)


def test_the_assistant_hears_the_history_and_unknown_fields_do_not_matter() -> None:
    assistant = FakeAssistant()
    history = [{"role": "user", "content": "Hoi", "name": "x"}, {"role": "assistant", "content": "Dag"}]
    with site_client(assistant) as client:
        response = client.post("/api/ask", json={"question": "En\u0000 nu?", "history": history, "stream": True})
    assert response.status_code == 200
    assert assistant.asked == [("En nu?", (Turn(Role.USER, "Hoi"), Turn(Role.ASSISTANT, "Dag")))]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "'question' ontbreekt"),
        ({"question": None}, "'question' moet tekst"),
        ({"question": 5}, "'question' moet tekst"),
        ({"question": ["geheim"]}, "'question' moet tekst"),
        ({"question": "geheim", "history": "geheim"}, "'history' moet een lijst"),
        ({"question": "geheim", "history": None}, "'history' moet een lijst"),
        ({"question": "geheim", "history": ["geheim"]}, "'history.0' moet een JSON-object"),
        ({"question": "geheim", "history": [{"role": "user"}]}, "'history.0.content' ontbreekt"),
        ({"question": "x", "history": [{"role": "system", "content": "geheim"}]}, "'user' of 'assistant'"),
        ({"question": "x", "history": [{"role": "geheim", "content": "x"}]}, "'history.0.role'"),
        (["geheim"], "JSON-object"),
        ("geheim", "JSON-object"),
        (None, "JSON-object"),
    ],
)
def test_a_wrong_body_is_refused_in_dutch_naming_the_field(client: TestClient, body: object, named: str) -> None:
    response = client.post("/api/ask", content=json.dumps(body), headers=JSON)
    assert named in assert_is_problem(response, 422)["detail"]
    assert "geheim" not in response.text


def test_an_empty_body_is_missed(client: TestClient) -> None:
    assert texts.BODY_MISSING in assert_is_problem(client.post("/api/ask", content=b"", headers=JSON), 422)["detail"]


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("", texts.QUESTION_EMPTY),
        (" \u200b\u0000 ", texts.QUESTION_EMPTY),
        ("rug " * 300, texts.QUESTION_TOO_LONG.format(limit=1000)),
    ],
)
def test_a_question_that_cannot_be_taken_says_why(client: TestClient, question: str, detail: str) -> None:
    assert assert_is_problem(client.post("/api/ask", json={"question": question}), 422)["detail"] == detail


@pytest.mark.parametrize(
    "field", ['"question": "\\ud800"', '"question":"x","history":[{"role":"user","content":"\\udfff"}]']
)
def test_half_a_surrogate_pair_is_refused(client: TestClient, field: str) -> None:
    assert_is_problem(client.post("/api/ask", content=f"{{{field}}}", headers=JSON), 422)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"question": "geheim"', texts.NOT_JSON),
        (b"geheim", texts.NOT_JSON),
        (b"[" * 100_000, texts.NOT_JSON),
        (b"9" * 5_000, texts.NOT_JSON),
        ('{"question": "één"}'.encode("latin-1"), texts.NOT_UTF8),
        ('{"question": "één"}'.encode("utf-16"), texts.NOT_UTF8),
    ],
)
def test_what_is_no_json_in_utf8_is_refused(client: TestClient, content: bytes, problem: str) -> None:
    response = client.post("/api/ask", content=content, headers=JSON)
    assert problem in assert_is_problem(response, 400)["detail"]
    assert "geheim" not in response.text


def test_a_byte_order_mark_is_forgiven(client: TestClient) -> None:
    content = '\ufeff{"question": "Wat helpt?"}'.encode()
    assert client.post("/api/ask", content=content, headers=JSON).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
def test_another_content_type_than_json_is_refused(client: TestClient, content_type: str) -> None:
    response = client.post("/api/ask", content=b'{"question": "x"}', headers={"content-type": content_type})
    assert_is_problem(response, 415)


def test_an_announced_body_over_the_limit_is_refused_unread() -> None:
    with site_client(max_request_bytes=1_000) as client:
        assert_is_problem(client.post("/api/ask", content=b" " * 1_001, headers=JSON), 413)


def test_a_body_that_grows_over_the_limit_is_refused() -> None:
    with site_client(max_request_bytes=1_000) as client:
        assert_is_problem(client.post("/api/ask", content=(b" " * 100 for _ in range(11)), headers=JSON), 413)


def test_a_body_at_the_limit_is_taken() -> None:
    content = b'{"question": "Wat helpt?"}'
    with site_client(max_request_bytes=1_000) as client:
        assert client.post("/api/ask", content=content.ljust(1_000), headers=JSON).status_code == 200


def test_a_conversation_with_too_many_turns_is_refused() -> None:
    turns = [{"role": "user", "content": "x"}] * 3
    with site_client(max_history_turns=2) as client:
        response = client.post("/api/ask", json={"question": "x", "history": turns})
    assert assert_is_problem(response, 422)["detail"] == texts.HISTORY_TOO_LONG


def test_asking_too_fast_says_how_long_to_wait() -> None:
    with site_client(rate=1) as client:
        assert client.post("/api/ask", json={"question": "x"}).status_code == 200
        response = client.post("/api/ask", json={"question": "x"})
    problem = assert_is_problem(response, 429)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert response.headers["retry-after"] in problem["detail"]


def test_a_reply_that_takes_too_long_is_given_up() -> None:
    slow = FakeAssistant(before=lambda _: time.sleep(0.5))
    with site_client(slow, reply_timeout_seconds=0.05) as client:
        response = client.post("/api/ask", json={"question": "x"})
    assert assert_is_problem(response, 503)["detail"] == texts.TOO_SLOW
    assert int(response.headers["retry-after"]) > 0


def test_an_unexpected_error_says_nothing_and_logs_nothing_of_the_question(caplog: pytest.LogCaptureFixture) -> None:
    def fail(question: str) -> None:
        raise ValueError(f"cannot handle {question!r}")

    with site_client(FakeAssistant(before=fail)) as client, caplog.at_level(logging.DEBUG):
        response = client.post("/api/ask", json={"question": "geheim"})
    assert assert_is_problem(response, 500)["detail"] == texts.SOMETHING_WRONG
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text + response.text


def test_unknown_paths_and_methods_are_problems_in_dutch(client: TestClient) -> None:
    assert assert_is_problem(client.get("/api/nope"), 404)["detail"] == texts.PAGE_NOT_FOUND
    response = client.get("/api/ask")
    assert assert_is_problem(response, 405)["detail"] == texts.METHOD_NOT_ALLOWED
    assert response.headers["allow"] == "POST"


def test_a_browser_gets_a_page_for_an_unknown_path(client: TestClient) -> None:
    response = client.get("/<script>", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert texts.PAGE_NOT_FOUND in response.text
    assert texts.DISCLAIMER in response.text
    assert "<script>" not in response.text


def test_the_event_loop_stays_free_while_replies_are_made_and_they_are_bounded() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def work(_: str) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.1)
        with lock:
            running -= 1

    site = build_site(reception(FakeAssistant(before=work), concurrent_replies=2))

    async def ask_and_look() -> float:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://test") as client:
            asking = [asyncio.create_task(client.post("/api/ask", json={"question": "x"})) for _ in range(6)]
            await asyncio.sleep(0.05)
            start = time.perf_counter()
            assert (await client.get("/health")).status_code == 200
            seconds = time.perf_counter() - start
            assert {(await reply).status_code for reply in asking} == {200}
            return seconds

    assert asyncio.run(ask_and_look()) < 0.09
    assert most == 2


def test_health_and_readiness_are_told(client: TestClient) -> None:
    for path in ("/health", "/ready"):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200


def test_openapi_documents_the_errors_as_problems(client: TestClient) -> None:
    responses = client.get("/openapi.json").json()["paths"]["/api/ask"]["post"]["responses"]
    assert set(responses) == {"200", "400", "408", "413", "415", "422", "429", "500", "503"}
    for status in set(responses) - {"200"}:
        schema = responses[status]["content"]["application/problem+json"]["schema"]
        assert {"type", "title", "status", "detail", "instance", "disclaimer"} == set(schema["properties"])


def examples(kind: str) -> list[str]:
    """The examples in docs/http-api.md."""
    page = (PROJECT / "docs" / "http-api.md").read_text("utf-8")
    return re.findall(rf"^```json {kind}$(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", examples("response"))
def test_an_example_reply_in_the_documentation_has_just_the_fields_of_a_reply(example: str) -> None:
    body = json.loads(example)
    AskResponse.model_validate({**body, "timings": body["timings_ms"]})
    assert_has_just_the_fields_of(AskResponse, body)


def assert_has_just_the_fields_of(model: type[BaseModel], body: dict[str, Any]) -> None:
    assert list(body) == list(model.model_fields)
    for name, value in body.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                assert_has_just_the_fields_of(PARTS[name], part)


def test_an_example_request_in_the_documentation_is_taken(client: TestClient) -> None:
    (example,) = examples("request")
    assert client.post("/api/ask", content=example.encode(), headers=JSON).status_code == 200


def test_the_documentation_loads_nothing_from_another_site(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "//" not in page.replace("<!--", "")
    for asset in ("/docs/static/swagger-ui-bundle.js", "/docs/static/swagger-ui.css", ASSETS["docs.js"].path):
        assert asset in page
        assert client.get(asset).status_code == 200


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_get_an_answer_that_carries_the_disclaimer(client: TestClient, content: bytes) -> None:
    assert_no_server_error(client.post("/api/ask", content=content, headers=JSON))


any_text = st.text(st.characters())  # half surrogate pairs included
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={"question": json_values, "history": json_values, "x": json_values}))
def test_any_json_gets_an_answer_that_carries_the_disclaimer(client: TestClient, body: dict[str, Any]) -> None:
    assert_no_server_error(client.post("/api/ask", content=json.dumps(body), headers=JSON))


def assert_no_server_error(response: Any) -> None:
    assert response.status_code < 500
    assert response.json()["disclaimer"] == ANSWER.disclaimer


def test_each_reply_has_a_name_of_its_own_in_a_header_and_not_in_the_body(client: TestClient) -> None:
    replies = [client.post(path, json={"question": "x"}) for path in ("/api/ask", "/api/ask/stream") for _ in range(2)]
    names = [reply.headers["reply-id"] for reply in replies]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"[0-9A-Za-z_-]{16}", name) for name in names)
    assert not any(name in reply.text for name, reply in zip(names, replies, strict=True))
    assert client.post("/api/feedback", json={"helpful": True, "kind": "answered", "reply_id": names[0]}).is_success


def test_what_is_refused_has_no_name(client: TestClient) -> None:
    for path in ("/api/ask", "/api/ask/stream"):
        assert "reply-id" not in client.post(path, json={"question": " "}).headers
