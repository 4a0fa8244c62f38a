"""How far an ingest is, said to whoever wants to hear it."""

from typing import Protocol

# The step that takes longest: its texts are counted.
EMBEDDING = "vectoren maken"


class Progress(Protocol):
    """Hears how far ingest is; a progress bar, usually."""

    def step(self, name: str, total: int) -> None: ...

    def advance(self, done: int) -> None: ...


class NoProgress:
    def step(self, name: str, total: int) -> None:
        pass

    def advance(self, done: int) -> None:
        pass
