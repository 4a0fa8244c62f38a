"""The lines between ``---`` at the top of an article: its title, tag, address, dates and reviewer."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from ingest.errors import ArticleError
from ingest.wording import MAX_TITLE, on_one_line

_FENCE = "---"
_Line = Annotated[str, AfterValidator(on_one_line)]


class FrontMatter(BaseModel):
    """The lines between ``---`` at the top of an article. Everything may be left out, or left empty, but ``title``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[_Line, Field(min_length=1, max_length=MAX_TITLE)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)] | None = None
    tag: _Line = ""
    url: HttpUrl | None = None
    published: date | None = None
    reviewed: date | None = None
    reviewer: _Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, data: object) -> object:
        return {key: value for key, value in data.items() if value != ""} if isinstance(data, dict) else data


def split_front_matter(text: str, path: Path) -> tuple[FrontMatter | None, str]:
    """The front matter, None when there is none, and the text below it with ``\\n`` as line end."""
    lines = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[opening].rstrip() != _FENCE:
        return None, "\n".join(lines)
    closing = next((n for n in range(opening + 1, len(lines)) if lines[n].rstrip() == _FENCE), None)
    if closing is None:
        raise ArticleError(
            path,
            "het blok bovenaan wordt niet afgesloten.",
            "Zet een regel '---' onder de laatste gegevens, of haal de bovenste '---' weg.",
            opening + 1,
        )
    block = lines[opening + 1 : closing]
    return _front_matter(block, path, opening + 2), "\n".join(lines[closing + 1 :])


def _front_matter(block: Sequence[str], path: Path, first_line: int) -> FrontMatter | None:
    metadata = _metadata(block, path, first_line)
    if not metadata:
        return None
    try:
        return FrontMatter.model_validate(metadata)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        line = next((n for n, text in enumerate(block, first_line) if text.startswith(f"{key}:")), first_line - 1)
        raise ArticleError(path, _complaint(key, str(first["type"])), _remedy(key), line) from error


def _metadata(block: Sequence[str], path: Path, first_line: int) -> dict[str, object]:
    """YAML with every value left as it is typed: a title ``2024`` or ``Nee`` stays text."""
    line = first_line
    try:
        metadata = yaml.load("\n".join(block), Loader=yaml.BaseLoader)  # makes strings, lists and mappings only
        if isinstance(metadata, dict | None):
            return metadata or {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line += mark.line if mark else 0
    raise ArticleError(
        path,
        "het blok bovenaan is niet leesbaar.",
        "Schrijf per regel 'naam: waarde'; zet een titel met : of ? tussen \"…\".",
        line,
    )


def _complaint(key: str, problem: str) -> str:
    if problem == "extra_forbidden":
        return f"het gegeven '{key}' is onbekend."
    if problem == "missing":
        return f"het gegeven '{key}' ontbreekt in het blok bovenaan."
    return f"het gegeven '{key}' klopt niet."


def _remedy(key: str) -> str:
    remedies = {
        "title": f'Schrijf een regel: title: "De titel van het artikel" (hoogstens {MAX_TITLE} tekens).',
        "slug": "Gebruik alleen kleine letters, cijfers en streepjes, bijvoorbeeld: slug: pijn-in-de-nek.",
        "tag": "Schrijf één onderwerp, bijvoorbeeld: tag: Rugpijn.",
        "url": "Schrijf het hele adres, met https:// ervoor.",
        "published": "Schrijf een datum als 2026-01-31.",
        "reviewed": "Schrijf een datum als 2026-01-31.",
        "reviewer": "Schrijf één naam, bijvoorbeeld: reviewer: onze fysiotherapeut.",
    }
    return remedies.get(key, f"Toegestaan zijn: {', '.join(FrontMatter.model_fields)}.")
