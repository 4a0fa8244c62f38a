"""``rugpijn ingest``: build the index, with a progress bar and a report that staff understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest.build import IngestReport, build_index
from ingest.embed import Embedder
from ingest.errors import IngestError
from ingest.settings import IngestSettings

console = Console()
errors = Console(stderr=True)


def ingest(
    corpus: Annotated[Path | None, typer.Option(help="Map met artikelen.", show_default="corpus")] = None,
    index: Annotated[Path | None, typer.Option(help="Map voor de index.", show_default="var/index")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Maak alles opnieuw, ook wat niet veranderd is.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Eindig met een fout als een bestand is geweigerd.")] = False,
) -> None:
    """Lees de artikelen en maak er een index van waarin de chat kan zoeken.

    Doe dit na elke wijziging in de artikelen. Wat niet veranderd is, wordt niet opnieuw verwerkt. Gaat er iets mis, dan
    blijft de oude index staan.
    """
    given = {name: path.resolve() for name, path in (("corpus_dir", corpus), ("index_dir", index)) if path}
    try:
        settings = IngestSettings.read().model_copy(update=given)
        with _progress() as progress:
            report = build_index(settings, lambda: _embedder(settings), progress, rebuild=rebuild)
    except IngestError as error:
        errors.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    print_report(report)
    if strict and report.refused:
        raise typer.Exit(1)


def print_report(report: IngestReport) -> None:
    counts = report.manifest.counts
    if report.wrote_nothing:
        _say(
            f"Niets veranderd: {counts.articles} artikelen, {counts.passages} passages, "
            f"{counts.questions} vragen, {counts.notes} aantekeningen. De index is actueel."
        )
    else:
        console.print(_article_table(report))
        _say(
            f"{counts.passages} passages en {counts.sentences} zinnen uit {counts.articles} artikelen, "
            f"met {counts.questions} vragen erbij; "
            f"{report.embedded} teksten verwerkt, {report.reused} hergebruikt; {counts.notes} aantekeningen gelezen."
        )
        _print_merges(report)
        _say("Tijd: " + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report.seconds.items()))
    for complaint in report.refused:
        _say(f"Geweigerd: {complaint}", style="bold red")
    for complaint in report.questions_left_out:
        _say(f"Vraag niet gebruikt: {complaint}", style="yellow")
    for slug in report.kept_previous:
        _say(f"De vorige versie van '{slug}' blijft in de index.", style="yellow")


def _article_table(report: IngestReport) -> Table:
    table = Table(title="Artikelen", title_justify="left")
    table.add_column("")
    table.add_column("aantal", justify="right")
    table.add_column("welke", overflow="fold")
    changes = (
        ("nieuw", report.created),
        ("gewijzigd", report.updated),
        ("ongewijzigd", report.unchanged),
        ("verwijderd", report.removed),
    )
    for name, slugs in changes:
        table.add_row(name, str(len(slugs)), ", ".join(slugs))
    return table


def _print_merges(report: IngestReport) -> None:
    if report.merges:
        _say(f"{len(report.merges)} dubbele passages samengevoegd:")
    for merge in report.merges:
        dropped, kept = merge.dropped, merge.kept
        _say(
            f"  {_where(dropped.slug, dropped.heading_path)} → {_where(kept.slug, kept.heading_path)} ({merge.reason})"
        )


def _where(slug: str, heading_path: tuple[str, ...]) -> str:
    return " › ".join((slug, *heading_path))


def _say(line: str, style: str | None = None) -> None:
    """Titles and file names are shown as they are, whatever brackets stand in them."""
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _embedder(settings: IngestSettings) -> Embedder:
    # Importing the model library takes seconds; an index that is up to date needs none of it.
    from ingest.embed import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(settings.embedding_model)


class _Bar:
    """Shows ingest's steps as one line each."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def step(self, name: str, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1, visible=False)
        self._task = self._progress.add_task(name, total=total or None)

    def advance(self, done: int) -> None:
        if self._task is not None:
            self._progress.advance(self._task, done)


@contextmanager
def _progress() -> Iterator[_Bar]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress)
