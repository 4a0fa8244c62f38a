"""What visitors say of an answer: which passages and what kind, and not a word of what was asked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metric_reader import measured
from reception_fakes import FakeRecords
from starlette.testclient import TestClient
from web_fakes import FakeAssistant, settings, site_client

from assistant import texts
from assistant.answer import AnswerKind, Urgency
from assistant.web.limits import QuestionLimits
from assistant.web.reception import Feedback, Reason, Reception
from assistant.web.site import build_site

PATH = "/api/feedback"
RATING: dict[str, Any] = {"helpful": True, "kind": "answered"}


@pytest.fixture
def desk() -> Reception:
    return Reception(FakeAssistant(), settings(), QuestionLimits(), records=FakeRecords())


@pytest.fixture
def client(desk: Reception) -> Iterator[TestClient]:
    with TestClient(build_site(desk), raise_server_exceptions=False) as client:
        yield client


def rated(desk: Reception) -> list[Feedback]:
    assert isinstance(desk.records, FakeRecords)
    return desk.records.rated


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("helpful", [True, False])
def test_every_reason_is_kept_and_counted(desk: Reception, client: TestClient, helpful: bool, reason: Reason) -> None:
    response = client.post(PATH, json={**RATING, "helpful": helpful, "reason": reason.value})
    assert (response.status_code, response.content) == (204, b"")
    assert rated(desk) == [Feedback(helpful, reason, AnswerKind.ANSWERED, None, ())]
    labels = {"helpful": "yes" if helpful else "no", "reason": reason.value}
    assert measured(desk.metrics, "rugpijn_feedback_total", **labels) == 1


@pytest.mark.parametrize("kind", list(AnswerKind))
@pytest.mark.parametrize("urgency", [None, *Urgency])
def test_every_kind_of_answer_can_be_rated(
    desk: Reception, client: TestClient, kind: AnswerKind, urgency: Urgency | None
) -> None:
    body = {**RATING, "kind": kind.value, "urgency": urgency.value if urgency else None, "passage_ids": ["ab12", "0"]}
    assert client.post(PATH, json=body).status_code == 204
    assert rated(desk) == [Feedback(True, Reason.NONE, kind, urgency, ("ab12", "0"))]


def test_a_comment_and_the_name_of_the_reply_go_with_it(desk: Reception, client: TestClient) -> None:
    told = {"helpful": False, "reply_id": "Ab-3_x", "comment": "  Ik bedoelde “links”.\n<b>Niet</b> rechts  "}
    assert client.post(PATH, json={**RATING, **told}).status_code == 204
    (kept,) = rated(desk)
    assert (kept.reply_id, kept.comment) == ("Ab-3_x", "Ik bedoelde “links”.\n<b>Niet</b> rechts")


@pytest.mark.parametrize(("length", "status"), [(500, 204), (501, 422)])
def test_a_comment_has_at_most_five_hundred_characters(client: TestClient, length: int, status: int) -> None:
    assert client.post(PATH, json={**RATING, "comment": "é" * length}).status_code == status


@pytest.mark.parametrize(
    "said",
    [{"reply_id": "a b"}, {"reply_id": "a" * 65}, {"reply_id": 1}, {"comment": "\ud800"}, {"comment": ["geheim"]}],
)
def test_what_is_no_name_or_no_comment_is_refused(desk: Reception, client: TestClient, said: dict[str, Any]) -> None:
    response = client.post(PATH, content=json.dumps({**RATING, **said}), headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert next(iter(said)) in response.json()["detail"]
    assert rated(desk) == []


def test_a_reason_in_own_words_and_what_else_is_sent_along_is_not_kept(desk: Reception, client: TestClient) -> None:
    told = {"question": "geheim", "answer": "geheim", "visitor": "geheim", "remark": "geheim"}
    assert client.post(PATH, json={**RATING, **told}).status_code == 204
    assert "geheim" not in repr(rated(desk))
    assert client.post(PATH, json={**RATING, "reason": "mijn geheime klacht"}).status_code == 422


@pytest.mark.parametrize(
    "ids",
    [
        ["../../etc/passwd"],
        ["AB12"],
        ["ab12\n"],
        ["ab 12"],
        ["<b>"],
        ["'; drop table ratings; --"],
        ["\u0661"],
        [""],
        ["a" * 65],
        ["ab"] * 51,
        [1],
        [None],
        [["ab"]],
        "ab",
        {"0": "ab"},
        None,
    ],
)
def test_what_is_no_list_of_passages_is_refused(desk: Reception, client: TestClient, ids: Any) -> None:
    response = client.post(PATH, json={**RATING, "passage_ids": ids})
    assert response.status_code == 422
    assert "'passage_ids" in response.json()["detail"]
    assert rated(desk) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"helpful": True},
        {"kind": "answered"},
        {**RATING, "helpful": "true"},
        {**RATING, "helpful": 1},
        {**RATING, "helpful": None},
        {**RATING, "kind": "geheim"},
        {**RATING, "kind": None},
        {**RATING, "urgency": "geheim"},
        {**RATING, "urgency": "none"},
        {**RATING, "reason": None},
        {**RATING, "reason": ["wrong"]},
        [RATING],
        "geheim",
    ],
)
def test_what_is_no_rating_is_refused_without_repeating_it(desk: Reception, client: TestClient, body: Any) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "geheim" not in response.text
    assert rated(desk) == []


@pytest.fixture(scope="module")
def anyones_client() -> TestClient:
    return site_client()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_whatever_is_sent_instead_of_a_field_is_never_a_server_error(anyones_client: TestClient, anything: Any) -> None:
    client = anyones_client
    for field in ("helpful", "reason", "kind", "urgency", "passage_ids", "reply_id", "comment"):
        assert client.post(PATH, json={**RATING, field: anything}).status_code in {204, 422}


def test_ratings_count_as_questions_of_their_sender() -> None:
    desk = Reception(FakeAssistant(), settings(), QuestionLimits(address=2), records=FakeRecords())
    client = TestClient(build_site(desk))
    assert client.post("/api/ask", json={"question": "x"}).status_code == 200
    assert client.post(PATH, json=RATING).status_code == 204
    response = client.post(PATH, json=RATING)
    assert response.status_code == 429
    assert response.json()["detail"].startswith(texts.TOO_MANY_QUESTIONS.partition("{")[0])
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert len(rated(desk)) == 1
