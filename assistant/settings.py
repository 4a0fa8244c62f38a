"""All settings, from the environment or ``.env`` with the prefix ``RUGPIJN_``; validated once, then frozen."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from assistant.ingredients import Ingredient
from assistant.triage.alarm import Country
from ingest.settings import PROJECT, IngestSettings


def _split(given: object) -> object:
    """Names with commas between them, as they stand in the environment."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given


class Settings(IngestSettings):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    max_question_chars: Annotated[int, Field(ge=50, le=10_000)] = 1_000
    max_history_turns: Annotated[int, Field(ge=0, le=500, description="turns beyond this are refused")] = 100
    max_request_bytes: Annotated[int, Field(ge=1_000, description="size of a request body")] = 256_000
    country: Annotated[Country, Field(description="whose helplines an alarm names")] = Country.NETHERLANDS
    spoedpost: Annotated[str, Field(pattern=r"^[0-9+ ()-]*$", description="number of the out-of-hours service")] = ""
    without: Annotated[
        Annotated[frozenset[Ingredient], NoDecode],
        BeforeValidator(_split),
        Field(description="what retrieval is to do without, to see what it adds"),
    ] = frozenset()
    second_opinion_file: Annotated[Path, Field(description="the second look at messages, taught for another model")] = (
        PROJECT / "var" / "second_opinion.npz"
    )
    max_words: Annotated[int, Field(ge=20, le=400, description="words in an answer")] = 120
    reply_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    rate_limit: Annotated[bool, Field(description="limit the questions per address")] = True
    questions_per_minute: Annotated[int, Field(ge=1)] = 20
    concurrent_replies: Annotated[int, Field(ge=1, le=64, description="replies made at the same time, per channel")] = 4
