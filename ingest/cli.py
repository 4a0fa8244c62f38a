"""``rugpijn ingest``: build the index, with a progress bar and a report that staff understands."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from ingest.build import IngestReport, build_index
from ingest.embed import Embedder
from ingest.errors import IngestError, WorkerWithoutDatabaseError
from ingest.progress_shown import shown_on
from ingest.settings import IngestSettings
from ingest.stores import open_store

console = Console()
errors = Console(stderr=True)

_WORKERS = "Zoveel processen verwerken de teksten; 0: alleen werkers op andere machines ('rugpijn ingest-worker')."


def ingest(
    corpus: Annotated[Path | None, typer.Option(help="Map met artikelen.", show_default="corpus")] = None,
    index: Annotated[Path | None, typer.Option(help="Map voor de index.", show_default="var/index")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Maak alles opnieuw, ook wat niet veranderd is.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Eindig met een fout als een bestand is geweigerd.")] = False,
    workers: Annotated[int | None, typer.Option(min=0, max=256, help=_WORKERS, show_default="dit proces zelf")] = None,
) -> None:
    """Lees de artikelen en maak er een index van waarin de chat kan zoeken.

    Doe dit na elke wijziging in de artikelen. Wat niet veranderd is, wordt niet opnieuw verwerkt. Gaat er iets mis, dan
    blijft de oude index staan; wat al verwerkt was, hoeft de volgende keer niet opnieuw.
    """
    given = {name: path.resolve() for name, path in (("corpus_dir", corpus), ("index_dir", index)) if path}
    try:
        settings = IngestSettings.read().model_copy(update=given)
        make_embedder = partial(_embedder, settings.embedding_model)
        with shown_on(console) as progress:
            report = build_index(settings, make_embedder, progress, rebuild=rebuild, workers=workers)
    except IngestError as error:
        _complain(error)
    print_report(report)
    if strict and report.refused:
        raise typer.Exit(1)


def ingest_worker(
    until_empty: Annotated[bool, typer.Option("--until-empty", help="Stop zodra er niets meer wacht.")] = False,
) -> None:
    """Verwerk teksten voor een 'rugpijn ingest' die op deze of een andere machine loopt.

    Kan op zoveel machines als u wilt, als de index in een database staat (RUGPIJN_STORE) en het taalmodel hetzelfde is.
    Stoppen kan met Ctrl+C, op elk moment: wat een werker onder handen had, doet een andere.
    """
    try:
        settings = IngestSettings.read()
        if not settings.store_address:
            raise WorkerWithoutDatabaseError
        open_store(settings).close()  # says what is missing if a database cannot be talked to here
        _work(settings, until_empty)
    except IngestError as error:
        _complain(error)


def _work(settings: IngestSettings, until_empty: bool) -> None:
    from ingest.embed import SentenceTransformerEmbedder
    from ingest.postgres.connect import Database
    from ingest.postgres.worker import Worker, stop_on_signals

    stop = stop_on_signals()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    _log(f"Werker voor {settings.store_place}: taalmodel '{embedder.name}' op {embedder.device}.")
    worker = Worker(Database(settings.store_address), embedder, _log, stop, until_empty)
    worker.run()
    _log(f"Gestopt; {worker.done} teksten verwerkt.")


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


def _log(line: str) -> None:
    _say(f"{datetime.now():%H:%M:%S} {line}")


def _complain(error: IngestError) -> NoReturn:
    errors.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1) from None


def _embedder(name: str) -> Embedder:
    # Importing the model library takes seconds; an index that is up to date needs none of it.
    from ingest.embed import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)
