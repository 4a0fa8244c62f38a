"""What can be wrong while measuring."""

from pathlib import Path

from assistant.errors import AssistantError


class EvaluationError(AssistantError):
    """A line of a data file cannot be used; ``line`` counts from 1. Shown to staff."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        self.path = path
        self.line = line
        where = f"{path.name}, regel {line}" if line is not None else path.name
        super().__init__(f"{where}: {reason}")


class PictureError(AssistantError):
    def __init__(self) -> None:
        super().__init__("Voor het plaatje is matplotlib nodig. Installeer het met: .venv/bin/pip install -e '.[dev]'")


class NoLanguageModelError(AssistantError):
    """Asked to measure the answers of a language model, with none set."""

    def __init__(self) -> None:
        super().__init__(
            "Er is geen taalmodel om te meten. Noem het in RUGPIJN_LLM, bijvoorbeeld: "
            "RUGPIJN_LLM=ollama:… python -m assistant.evaluation --engine llm"
        )


class NothingToLearnError(AssistantError):
    """None of the development questions is about these articles."""

    def __init__(self) -> None:
        super().__init__(
            "Geen enkele testvraag gaat over deze artikelen, dus er valt niets af te stellen. Schrijf eerst testvragen "
            "in assistant/evaluation/questions/."
        )
