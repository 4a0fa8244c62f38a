"""Pictures for docs/scaling.md: readable on a white and on a dark page, the same bytes for the same figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from benchmarks.scale.results import FILES, POSTGRES, Answering, Loading, Result, Searching

if TYPE_CHECKING:
    from matplotlib.axes import Axes

R = TypeVar("R", bound=Result)
Line = Sequence[tuple[int, float]]

_SETTINGS = {
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "legend.frameon": False,
}
_COLOURS = {FILES: "#1f5fa8", POSTGRES: "#c4601a"}
_MARKS = {"dense": "o-", "lexical": "s--", "hybrid": "^:"}
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def plots(results: Path) -> dict[str, str]:
    """Name of file → SVG, of what was measured."""
    searching, answering, loading = (list(kind.all(results)) for kind in (Searching, Answering, Loading))
    return {
        "scaling-search.svg": _drawn("95th percentile of a search, ms", _searches(searching), is_log=True),
        "scaling-reply.svg": _drawn("95th percentile of a reply, ms", _of(answering, lambda each: each.p95)),
        "scaling-memory.svg": _drawn(
            "a serving process's own memory, MB", _of(answering, lambda each: each.own_megabytes)
        ),
        "scaling-load.svg": _drawn("filling the store, seconds", _of(loading, lambda each: each.seconds), is_log=True),
    }


def _searches(searching: Iterable[Searching]) -> dict[tuple[str, str], Line]:
    lines: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for each in searching:
        for kind in _MARKS:
            timing = each.timing(kind, clients=1)
            if timing is not None:
                lines.setdefault((each.store, kind), []).append((each.passages, timing.p95))
    return {key: sorted(line) for key, line in lines.items()}


def _of(results: Iterable[R], figure: Callable[[R], float]) -> dict[tuple[str, str], Line]:
    lines: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for each in results:
        lines.setdefault((each.store, ""), []).append((each.passages, figure(each)))
    return {key: sorted(line) for key, line in lines.items()}


def _own_memory(each: Answering) -> float:
    return each.own_megabytes


def _drawn(title: str, lines: Mapping[tuple[str, str], Line], *, is_log: bool = False) -> str:
    with mpl.rc_context({**_SETTINGS, "svg.hashsalt": title}):
        figure = Figure(figsize=(6.4, 3.4), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, lines, is_log)
        axes.set_title(title, loc="left", fontsize=10)
        svg = StringIO()
        figure.savefig(svg, format="svg", facecolor="white", metadata=_METADATA)
    return "\n".join(line.rstrip() for line in svg.getvalue().splitlines()) + "\n"


def _draw(axes: "Axes", lines: Mapping[tuple[str, str], Line], is_log: bool) -> None:
    for (store, kind), line in lines.items():
        sizes, values = zip(*line, strict=True)
        axes.plot(sizes, values, _MARKS.get(kind, "o-"), color=_COLOURS[store], label=f"{store} {kind}".strip())
    axes.set_xscale("log")
    if is_log:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.set_xlabel("passages")
    if lines:
        axes.legend()
