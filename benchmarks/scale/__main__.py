"""``make bench-scale``: both stores from a hundred to a million passages, written into docs/scaling.md (hours).

``python -m benchmarks.scale --quick`` takes minutes, prints, and writes nothing in docs/. What was measured is kept, so
that ``--size`` and ``--store`` may be measured one at a time, and ``--page`` makes the page of what there is.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.scale.dutch_text import fetch
from benchmarks.scale.page import scaling_page
from benchmarks.scale.place import places
from benchmarks.scale.plots import plots
from benchmarks.scale.results import STORES
from benchmarks.scale.served import Course
from benchmarks.scale.step import Step, Task, run
from ingest.settings import PROJECT

_DOCS = PROJECT / "docs"
_SIZES = (100, 10_000, 100_000, 1_000_000)
_QUICK_SIZES = (100, 1_000)
_QUICK_PARAGRAPHS = 300
_PROCESSES = (1, 2, 4)
_SERVED = (100, 100_000)
_QUICK = Course(questions=30, visitors=8, arrival_seconds=1, seconds=4)


def main(  # noqa: PLR0913, PLR0917 - typer reads each option from the signature
    quick: Annotated[bool, typer.Option(help="100 and 1,000 passages; writes nothing in docs/")] = False,
    size: Annotated[list[int] | None, typer.Option(help="so many passages; may be given several times")] = None,
    store: Annotated[list[str] | None, typer.Option(help="files or postgresql; may be given twice")] = None,
    serve_at: Annotated[list[int] | None, typer.Option(help="sizes that several processes serve")] = None,
    work: Annotated[Path, typer.Option(help="where texts, vectors and results are kept")] = PROJECT / "var" / "scale",
    text: Annotated[Path | None, typer.Option(help="the package's files, unpacked")] = None,
    agree: Annotated[bool, typer.Option(help="put the question harness on each store, too")] = True,
    paragraphs: Annotated[int, typer.Option(help="real ones that are embedded; 0: all (an hour)")] = 0,
    page: Annotated[bool, typer.Option("--page", help="measure nothing; make the page of what was measured")] = False,
) -> None:
    console = Console(width=160, highlight=False)
    work = work / "quick" if quick else work
    if not page:
        task = Task(
            step=Step.PREPARE,
            work=work,
            text=text or fetch(work),
            most=_QUICK_PARAGRAPHS if quick else paragraphs,
            sizes=tuple(size or (_QUICK_SIZES if quick else _SIZES)),
            course=_QUICK if quick else Course(),
        )
        run(task)
        for each in store or STORES:
            _measure(each, task, set(serve_at or _SERVED), agree, console)
    written = scaling_page(work / "results")
    console.print(written, markup=False)
    if not quick:
        (_DOCS / "scaling.md").write_text(written, "utf-8")
        for name, svg in plots(work / "results").items():
            (_DOCS / name).write_text(svg, "utf-8")


def _measure(store: str, task: Task, serve_at: set[int], agree: bool, console: Console) -> None:
    with places(store, task.work) as made:
        if agree:
            with made.place(0) as place:
                console.print(f"{store}: question harness")
                run(task.model_copy(update={"place": place, "step": Step.AGREE}))
        for size in task.sizes:
            with made.place(size) as place:
                of_size = task.model_copy(update={"place": place, "passages": size})
                for step in (Step.LOAD, Step.SEARCH, Step.ANSWER):
                    console.print(f"{store}, {size:,} passages: {step.value}")
                    run(of_size.model_copy(update={"step": step}))
                for processes in _PROCESSES if size in serve_at else ():
                    console.print(f"{store}, {size:,} passages: {processes} processes")
                    run(of_size.model_copy(update={"step": Step.SERVE, "processes": processes}))


if __name__ == "__main__":
    typer.run(main)
