"""The app does what its OpenAPI document says, whatever is sent to it: schemathesis makes the requests."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from chat_fakes import CRISIS, LIST_ANSWER, NOT_FOUND, NOTED, REFUSED, TODAY, WARNED, urgent
from schemathesis.engine import events, from_schema
from web_fakes import FakeAssistant, reception

from assistant.web.reception import Reception
from assistant.web.replies import Answering
from assistant.web.site import build_site

_ANSWERS = (LIST_ANSWER, NOTED, WARNED, NOT_FOUND, REFUSED, urgent(TODAY), urgent(CRISIS))
_OPERATIONS = {
    "POST /api/ask",
    "POST /api/ask/stream",
    "POST /api/feedback",
    "GET /health",
    "GET /ready",
}


def of_every_kind() -> FakeAssistant:
    """Each reply is of another kind than the last one."""
    answers = cycle(_ANSWERS)

    def change(_: str) -> None:
        assistant.answer = next(answers)

    assistant = FakeAssistant(before=change)
    return assistant


@dataclass(frozen=True)
class Found:
    """What schemathesis did, and what it complains of."""

    requests: Counter[str]
    statuses: Counter[int]
    complaints: list[str]


def examined(desk: Reception, examples: int, *without: str) -> Found:
    """All of the document but the checks in ``without``; so many made-up requests for each operation."""
    # A question of nothing but white space fits the document, which cannot say that it is refused.
    off = {name: {"enabled": False} for name in ("positive_data_acceptance", *without)}
    config: dict[str, Any] = {
        "seed": 1,
        "generation": {"max-examples": examples},
        "phases": {"stateful": {"enabled": False}},
        "checks": off,
    }
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", build_site(desk), config=schemathesis.Config.from_dict(config)
    )
    found = Found(Counter(), Counter(), [])
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.complaints.append(repr(event))
        elif isinstance(event, events.ScenarioFinished):
            answers = [each.response for each in event.recorder.interactions.values() if each.response]
            found.requests[event.recorder.label] += len(answers)
            found.statuses.update(answer.status_code for answer in answers)
            found.complaints.extend(_complaints(event))
    return found


def _complaints(event: events.ScenarioFinished) -> Iterator[str]:
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info:
                yield f"{event.recorder.label}: {check.name}: {check.failure_info.failure.message}"


def test_every_answer_conforms_to_the_document_and_none_is_a_server_error() -> None:
    found = examined(reception(of_every_kind()), 15)
    assert found.complaints == []
    assert set(found.requests) == _OPERATIONS
    assert found.requests["POST /api/ask/stream"] > 40


def explode(question: str) -> None:
    raise RuntimeError(question)


@pytest.mark.parametrize(
    ("status", "assistant", "changes"),
    [
        (429, FakeAssistant(), {"rate": 1}),
        (503, FakeAssistant(), {"pause_file": __file__}),
        (500, FakeAssistant(before=explode), {}),
    ],
)
def test_every_refusal_conforms_to_the_document(status: int, assistant: Answering, changes: dict[str, Any]) -> None:
    found = examined(reception(assistant, **changes), 3, "not_a_server_error")
    assert found.complaints == []
    assert found.statuses[status] > 10
