"""How long a language model may take, and how much it may say."""

from dataclasses import dataclass
from typing import Self

from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds, counted from the question to the first text, between two pieces of text, and for the whole.

    The defaults suit a model of seven billion parameters on a computer without GPU: it reads a prompt of a thousand
    tokens at some 60 a second, and then writes the 250 tokens of an answer at some 8. ``most_chars`` is twice what an
    answer of 120 words takes.
    """

    first_seconds: float = 20.0
    between_seconds: float = 10.0
    total_seconds: float = 45.0
    most_chars: int = 2_000

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            settings.llm_first_seconds,
            settings.llm_between_seconds,
            settings.llm_total_seconds,
            settings.llm_max_chars,
        )
