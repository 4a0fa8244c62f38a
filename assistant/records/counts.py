"""Replies as numbers: by day, kind and how long they took; never a word, so they are kept whatever else is not."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Milliseconds; each some 1.4 times the one before it, so that a percentile is never far off.
BOUNDS_MS = (
    *(10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500),
    *(10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000),
)
LONGER_MS = 600_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What a reply counts as. ``day`` is that of the machine's clock, "2026-11-25"; ``within_ms`` one of the bounds.

    ``urgency`` is "" without an alarm, ``outcome`` when no language model was asked to phrase the answer.
    """

    day: str
    channel: str
    kind: str
    urgency: str
    engine: str
    outcome: str
    within_ms: int


def day_of(at: float) -> str:
    """Of so many seconds since 1970, on the machine's clock."""
    return datetime.fromtimestamp(at).date().isoformat()


def bound_of(milliseconds: float) -> int:
    """The least bound that it took no longer than."""
    at = bisect_left(BOUNDS_MS, milliseconds)
    return BOUNDS_MS[at] if at < len(BOUNDS_MS) else LONGER_MS


def percentile(within_ms: Mapping[int, int], share: float) -> int | None:
    """So many milliseconds or less took that ``share`` of the replies; None when there were none.

    ``within_ms`` says of each bound how many replies took no longer, and longer than the bound before it.
    """
    wanted = share * sum(within_ms.values())
    seen = 0
    for bound in sorted(within_ms):
        seen += within_ms[bound]
        if seen and seen >= wanted:
            return bound
    return None
