"""Sentences that a passage supports, or does not: what a check of phrased answers is tuned and measured on."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.evaluation.json_lines import read_json_lines
from assistant.evaluation.questions import Half

FOLDER = Path(__file__).parent / "claims"

ClaimKind = Literal[
    "near", "far", "merged", "shortened", "list", "plain", "negation_kept", "number_kept",
    "negation", "number", "unit", "duration", "side", "body_part", "medicine", "cause_effect", "certainty", "scope",
    "comparison", "invention", "dose", "diagnosis", "promise", "advice", "link",
]  # fmt: skip


class Claim(BaseModel):
    """``sentence`` against the whole passage, under its heading, in which the exact ``quote`` stands.

    Kinds from "negation" on name what was made wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    slug: str
    quote: str = Field(min_length=25)
    sentence: str
    supported: bool
    kind: ClaimKind


def claims(half: Half, folder: Path = FOLDER) -> list[Claim]:
    """Split by passage, so that none has claims in both halves."""
    return read_json_lines(folder / f"{half}.jsonl", Claim)
