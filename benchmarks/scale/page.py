"""docs/scaling.md, made of what was measured: what was not is left out of the tables, and named."""

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import psutil

from benchmarks.scale.corpus import HELD_OUT
from benchmarks.scale.place import SERVER_SETTINGS
from benchmarks.scale.plan import Basis, Machine, plan_text
from benchmarks.scale.results import (
    FILES,
    POSTGRES,
    STORES,
    Agreement,
    Answering,
    Embedding,
    Graph,
    Loading,
    Result,
    Searching,
    Serving,
    Timing,
)

R = TypeVar("R", bound=Result)

TEMPLATES = Path(__file__).parent / "templates"
_LEAST_RECALL, _MOST_MEGABYTES = 0.97, 1_500
SIZES = (100, 10_000, 100_000, 1_000_000)
_NAMES = {FILES: "files (FAISS)", POSTGRES: "PostgreSQL"}
_KINDS = ("dense", "lexical", "hybrid", "read 64")


def scaling_page(results: Path) -> str:
    loading, searching, answering, serving, agreement, embedding = (
        list(kind.all(results)) for kind in (Loading, Searching, Answering, Serving, Agreement, Embedding)
    )
    basis = Basis.of(loading, searching, answering, embedding)
    return _template("page").format(
        date=max((each.measured_on for each in [*loading, *searching, *answering]), default=date.today().isoformat()),
        cores=os.cpu_count(),
        machine=f"{platform.machine()}, {psutil.virtual_memory().total / 1e9:.0f} GB",
        python=platform.python_version(),
        left_out=_left_out(loading, searching, answering),
        aims=_aims(searching, answering),
        text=_text(embedding),
        loading=_rows(loading, _loading_cells),
        server_settings=", ".join(f"`{name}={value}`" for name, value in SERVER_SETTINGS.items()),
        searching=_rows(searching, _searching_cells),
        questions=max((each.questions for each in answering), default=0),
        answering=_rows(answering, _answering_cells),
        serving=_rows(serving, _serving_cells),
        agreement=_template("agreement").format(rows=_rows(agreement, _agreement_cells)) if agreement else "",
        graphs=_graphs(results),
        plan=plan_text(basis, Machine()) if basis else "",
    )


def _left_out(*measured: Sequence[Result]) -> str:
    done = [{(each.store, each.passages) for each in some} for some in measured]
    whole = set.intersection(*done) if done else set()
    missing = [f"{_NAMES[store]} at {size:,}" for store in STORES for size in SIZES if (store, size) not in whole]
    return (
        f"**Not measured, or not wholly:** {', '.join(missing)}." if missing else "Everything asked for was measured."
    )


def _aims(searching: Sequence[Searching], answering: Sequence[Answering]) -> str:
    searched = {each.passages: each for each in searching if each.store == POSTGRES}
    answered = {each.passages: each for each in answering if each.store == POSTGRES}
    small, large = answered.get(SIZES[0]), answered.get(SIZES[-1])
    got = dict.fromkeys(("reply", "recall", "memory"), "not measured")
    if small and large:
        told = f"{large.p95:.0f} ms against {small.p95:.0f}: {large.p95 / small.p95:.1f} times"
        got["reply"] = _judged(told, large.p95 <= 2 * small.p95)
    if SIZES[-1] in searched:
        recall = searched[SIZES[-1]].recall
        got["recall"] = _judged(f"{recall:.3f}", recall >= _LEAST_RECALL)
    if large:
        told = f"{large.own_megabytes:,.0f} MB of its own, {large.resident_megabytes:,.0f} MB resident"
        got["memory"] = _judged(told, large.resident_megabytes <= _MOST_MEGABYTES)
    return _template("aims").format(**got)


def _judged(told: str, is_met: bool) -> str:
    return told if is_met else f"{told}: **not met**"


def _graphs(results: Path) -> str:
    measured = list(Graph.all(results))
    return _template("graphs").format(rows=_rows(measured, _graph_cells)) if measured else ""


def _graph_cells(each: Graph) -> Iterable[list[str]]:
    shares = (each.recall, each.practice, each.rest)
    yield [
        f"{each.neighbours}, {each.construction} ({each.build_seconds:.0f} s)",
        str(each.width),
        *(f"{share:.3f}" for share in shares),
        f"{each.cosine_lost:.4f}",
        f"{each.p50:.1f} / {each.p95:.1f}",
        f"{each.other_cores:.2f}",
    ]


def _text(embedding: Sequence[Embedding]) -> str:
    if not embedding:
        return ""
    of = embedding[0]
    numbers = {"real": of.used - HELD_OUT, "relatives": 1_000_000 / of.used, "hours": 1e6 / of.per_cpu_second / 3600}
    return _template("text").format(of=of, **numbers)


def _template(name: str) -> str:
    return (TEMPLATES / f"{name}.md").read_text("utf-8")


def _rows(results: Iterable[R], cells: Callable[[R], Iterable[list[str]]]) -> str:
    ordered = sorted(results, key=lambda each: (STORES.index(each.store), each.passages))
    lines = [[_NAMES[each.store], f"{each.passages:,}", *line] for each in ordered for line in cells(each)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _loading_cells(each: Loading) -> Iterable[list[str]]:
    yield [
        f"{each.seconds / 60:.2f}",
        f"{each.publish_seconds / 60:.2f}",
        f"{each.passages / each.seconds:,.0f}",
        _bytes(each.disk_bytes),
        f"{each.peak_megabytes:,.0f} MB",
        f"{each.other_cores:.2f}",
    ]


def _searching_cells(each: Searching) -> Iterable[list[str]]:
    for clients in sorted({timing.clients for timing in each.timings}):
        times = [_times(each.timing(kind, clients)) for kind in _KINDS]
        once = (
            [f"{each.recall:.3f}", f"{each.open_seconds:.1f} s", f"{each.other_cores:.2f}"]
            if clients == 1
            else [""] * 3
        )
        yield [str(clients), *times, *once]


def _times(timing: Timing | None) -> str:
    return f"{timing.p50:.1f} / {timing.p95:.1f}" if timing else "–"


def _answering_cells(each: Answering) -> Iterable[list[str]]:
    yield [
        f"{each.p50:.0f}",
        f"{each.p95:.0f}",
        f"{each.gold:.1%}",
        f"{each.refused:.1%}",
        f"{each.ready_seconds:.1f} s",
        f"{each.own_megabytes:,.0f}",
        f"{each.resident_megabytes:,.0f}",
        f"{each.database_megabytes:,.0f}" if each.store == POSTGRES else "–",
        f"{each.other_cores:.2f}",
    ]


def _serving_cells(each: Serving) -> Iterable[list[str]]:
    yield [
        str(each.processes),
        f"{each.answers_per_second:.1f}",
        f"{each.p50:,.0f}",
        f"{each.p95:,.0f}",
        str(each.errors),
        f"{each.server_cpu_ms:.0f}",
        f"{each.database_cpu_ms:.0f}",
        f"{each.other_cores:.2f}",
    ]


def _agreement_cells(each: Agreement) -> Iterable[list[str]]:
    flips = (each.lost, each.gained, each.lost - each.gained, each.changed)
    yield [each.way, str(each.questions), *map(str, flips)]


def _bytes(number: float) -> str:
    return f"{number / 1e9:.2f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"  # noqa: PLR2004
