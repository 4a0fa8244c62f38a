"""The runs that were made, and the one that was accepted: a file each, in which the first line says how it went."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.staff.checks.errors import ChecksNotSavedError, RunUnusableError
from assistant.staff.checks.file import write_whole
from assistant.staff.checks.run import Result, Run

MOST_RUNS = 200
_SUFFIX = ".jsonl"
_ACCEPTED = f"accepted_run{_SUFFIX}"


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    index_version: str
    model: str
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run went, without its questions; ``name`` opens it."""

    name: str
    at: datetime
    passed: int
    failed: int

    @property
    def total(self) -> int:
        return self.passed + self.failed


class History:
    """In ``folder``: ``runs/`` and the accepted run."""

    def __init__(self, folder: Path) -> None:
        self._runs = folder / "runs"
        self._accepted = folder / _ACCEPTED

    def add(self, run: Run) -> None:
        """The oldest go when there are more than ``MOST_RUNS``. Raises ``ChecksNotSavedError``."""
        _write(self._runs / f"{run.at:%Y%m%dT%H%M%S-%f}{_SUFFIX}", run)
        for path in self._files()[:-MOST_RUNS]:
            with suppress(OSError):
                path.unlink()

    def summaries(self) -> list[Summary]:
        """Oldest first; a file that cannot be read is left out."""
        return list(self._summaries())

    def last(self) -> Run | None:
        """The newest run that can be read."""
        for path in reversed(self._files()):
            with suppress(RunUnusableError):
                return _read(path)
        return None

    def accept(self, run: Run) -> None:
        """Raises ``ChecksNotSavedError``."""
        _write(self._accepted, run)

    def accepted(self) -> Run | None:
        """None before the first. Raises ``RunUnusableError``."""
        return _read(self._accepted) if self._accepted.exists() else None

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._runs.iterdir() if path.suffix == _SUFFIX and path.name[0].isdigit())
        except OSError:
            return []

    def _summaries(self) -> Iterator[Summary]:
        for path in self._files():
            with suppress(OSError, ValidationError, ValueError):
                with path.open("rb") as file:
                    head = _Head.model_validate_json(file.readline())
                yield Summary(path.stem, head.at, head.passed, head.failed)


def _write(path: Path, run: Run) -> None:
    head = _Head(
        at=run.at,
        index_version=run.index_version,
        model=run.model,
        passed=run.passed,
        failed=len(run.failed),
    )
    lines = (each.model_dump(mode="json") for each in (head, *run.results))
    try:
        write_whole(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
    except OSError as error:
        raise ChecksNotSavedError(path, error) from error


def _read(path: Path) -> Run:
    try:
        first, *rest = path.read_bytes().rstrip(b"\n").split(b"\n")
        head = _Head.model_validate_json(first)
        results = tuple(Result.model_validate_json(line) for line in rest)
    except (OSError, ValueError) as error:
        raise RunUnusableError(path) from error
    if len(results) != head.passed + head.failed:
        raise RunUnusableError(path)
    return Run(at=head.at, index_version=head.index_version, model=head.model, results=results)
