"""Shares with what chance alone can make of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_ALL_PERMILLE = 1000


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``total``."""

    hits: int
    total: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Rate":
        counted = list(outcomes)
        return cls(sum(counted), len(counted))

    @property
    def share(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, 95 %: the share of all such messages lies in it, if these are a fair draw of them."""
        # Takes a second to import, and who only wants the share need not wait for it.
        from scipy.stats import binomtest

        if not self.total:
            return 0.0, 1.0
        low, high = binomtest(self.hits, self.total).proportion_ci(method="wilson")
        return float(low), float(high)

    @property
    def percent(self) -> str:
        """The share alone: "98,3 %"."""
        return f"{_percent(self.share)} %" if self.total else "–"

    @property
    def spread(self) -> str:
        """The interval: "(94,1–99,5)"; "" of nothing."""
        if not self.total:
            return ""
        low, high = self.interval
        return f"({_percent(low)}–{_percent(high)})"

    def __str__(self) -> str:
        """As Dutch writes it, to a tenth of a percent: "98,3 % (94,1–99,5)"."""
        return f"{self.percent} {self.spread}".strip()


def grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """By key, in the order in which the keys are met."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _percent(share: float) -> str:
    """A share short of all is never rounded up to all, nor one above nothing down to nothing."""
    permille = round(share * 1000)
    if permille == _ALL_PERMILLE and share < 1:
        permille = _ALL_PERMILLE - 1
    elif permille == 0 and share > 0:
        permille = 1
    return f"{permille / 10:.1f}".replace(".", ",")
