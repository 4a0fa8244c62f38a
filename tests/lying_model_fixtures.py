"""The real assistant over the real articles, with a model on its line that says what a scenario tells it to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from scripted_model import ScriptedModel
from scripted_steps import Json, Scenario, Step

from assistant.confidence import load_calibration
from assistant.parts import assistant_over
from assistant.phrasing.budgets import Budgets
from assistant.phrasing.circuit import Circuit
from assistant.phrasing.line import Line
from assistant.phrasing.model import open_model
from assistant.phrasing.phraser import Phraser
from assistant.reply import Assistant, Role, Turn
from assistant.settings import Settings
from assistant.verify.verifier import Verifiers, load_verification

# For what goes right: also on a busy machine nothing is too slow. And for what goes wrong, with what is to be too slow.
PATIENT = Budgets(first_seconds=20.0, between_seconds=20.0, total_seconds=40.0)
QUICK = Budgets(first_seconds=1.0, between_seconds=1.0, total_seconds=3.0)


@dataclass(frozen=True)
class Liar:
    """``settings`` are those of a practice with this model; ``assistant`` is the one that asks it."""

    model: ScriptedModel
    assistant: Assistant
    settings: Settings
    verifiers: Verifiers

    def takes_up(self, scenario: Scenario) -> Budgets:
        """From here on the model does this. That it failed before is forgotten; the budgets are what it gets."""
        budgets = PATIENT if scenario.engine == "llm" else QUICK
        self.says(scenario.script, budgets)
        return budgets

    def says(self, script: Sequence[Step | Json], budgets: Budgets = PATIENT) -> None:
        self.model.script = list(script)
        opened = open_model(self.settings)
        assert opened is not None
        line = Line(opened, budgets, self.settings.llm_concurrency, Circuit())
        self.assistant.phraser = Phraser(line, self.verifiers)


def history_of(scenario: Scenario) -> list[Turn]:
    return [Turn(Role(turn["role"]), turn["content"]) for turn in scenario.history]


@pytest.fixture(scope="session")
def liar(assistant: Assistant, real_settings: Settings) -> Iterator[Liar]:
    index = assistant.index
    calibration = load_calibration(real_settings.index_dir, index.manifest.model)
    verifiers = Verifiers(load_verification(real_settings.index_dir, index.manifest.model))
    with ScriptedModel() as model:
        changes = {"llm": "openai:scripted", "llm_base_url": model.url, "rate_limit": False}
        settings = real_settings.model_copy(update=changes)
        yield Liar(model, assistant_over(settings, index, calibration), settings, verifiers)
