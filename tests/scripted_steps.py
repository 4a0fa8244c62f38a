"""What a test lets a chat model say and do wrong, as it stands in ``lying_model/scenarios.jsonl``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

_SCENARIOS = Path(__file__).parent / "lying_model" / "scenarios.jsonl"

Json = dict[str, Any]


# Steps of a script: what stands in the JSON object, its first key the name of the step


@dataclass(frozen=True)
class Say:
    """A content delta; {1} in it becomes the first sentence of passage 1 of the prompt, {1:2} the second.

    In ``pieces`` of some four characters, with a ``pause`` before each, if that is asked.
    """

    say: str
    repeat: int = 1
    pieces: bool = False
    pause: float = 0.0


@dataclass(frozen=True)
class Delta:
    """A delta with anything in it."""

    delta: Json


@dataclass(frozen=True)
class Raw:
    """Sent in the stream just as it stands; "\\udcc3" is the bare byte C3."""

    raw: str


@dataclass(frozen=True)
class Wait:
    wait: float


@dataclass(frozen=True)
class Status:
    """Instead of a stream."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endless:
    """Over and over, until the client goes."""

    endless: str


@dataclass(frozen=True)
class Hang:
    """Nothing more, until the client goes."""

    hang: bool = True


@dataclass(frozen=True)
class Cut:
    """Hangs up in the middle of it."""

    cut: bool = True


@dataclass(frozen=True)
class Finish:
    """The reason it ends for; without this step "stop", after the last step."""

    finish: str


@dataclass(frozen=True)
class End:
    """Ends here, in good order but for [DONE]."""

    end: bool = True


Step = Say | Delta | Raw | Wait | Status | Endless | Hang | Cut | Finish | End
_STEPS: dict[str, type[Step]] = {fields(kind)[0].name: kind for kind in get_args(Step)}


def step(given: Step | Json) -> Step:
    """Raises ``KeyError`` or ``TypeError`` for what is no step."""
    return _STEPS[next(iter(given))](**given) if isinstance(given, dict) else given


@dataclass(frozen=True)
class Scenario:
    """``about`` is the promise; ``engine`` is "llm", "extractive" or "either", of which no reply has ``forbidden``."""

    name: str
    about: str
    question: str
    history: Sequence[Mapping[str, str]]
    script: Sequence[Step]
    forbidden: Sequence[str]
    engine: str


def scenarios() -> list[Scenario]:
    return [_scenario(json.loads(line)) for line in _SCENARIOS.read_text("ascii").splitlines()]


def _scenario(row: Json) -> Scenario:
    return Scenario(
        row["id"],
        row["about"],
        row["question"],
        row.get("history", []),
        [step(each) for each in row["script"]],
        row["forbidden"],
        row["engine"],
    )
