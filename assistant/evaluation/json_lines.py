"""Data files with one JSON object a line; empty lines do not count."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from assistant.evaluation.errors import EvaluationError

T = TypeVar("T", bound=BaseModel)


def read_json_lines(path: Path, model: type[T]) -> list[T]:
    """Raises ``EvaluationError`` that names the file, the line and the reason."""
    return list(_read(path, model))


def _read(path: Path, model: type[T]) -> Iterator[T]:
    try:
        # Not ``splitlines``: a message may hold the line separators of Unicode.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(path, f"niet te lezen ({error}).") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            raise EvaluationError(path, _complaint(error), number) from error


def _complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"'{field}' klopt niet: {first['msg']}." if field else f"dit is geen geldige regel: {first['msg']}."
