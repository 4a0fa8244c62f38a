"""``python -m assistant.evaluation``: measure answers, alarms and refusals on what was written for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table as RichTable

from assistant.cli import calibrate, complaints
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.messages import (
    FOLDER,
    alarm_messages,
    attacks,
    conversations,
    look_alikes,
    refusable_messages,
)
from assistant.evaluation.misses import Miss, all_misses
from assistant.evaluation.questions import Half, all_questions
from assistant.evaluation.report import write_report
from assistant.evaluation.tables import Table, all_tables
from assistant.evaluation.triage import Judge, Measurement, judge_conversation, judge_examples, judge_variants
from assistant.evaluation.variants import additions, variants
from assistant.settings import Settings
from assistant.triage.assess import Assessor
from assistant.triage.judge import triage as judge_by_rules
from assistant.triage.rulebook import RED_FLAGS, load_rulebook
from ingest.settings import PROJECT

T = TypeVar("T")

TRIAGE_REPORT = PROJECT / "var" / "evaluation" / "triage.html"

console = Console()
app = typer.Typer(
    help="Meet hoe goed de antwoorden, de alarmen en de weigeringen zijn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(calibrate)

ChosenHalf = Annotated[Half, typer.Option(help="'report' voor de cijfers, 'tune' om op af te stellen.")]
Misses = Annotated[bool, typer.Option("--misses", help="Noem alles wat misgaat.")]


@app.command()
def questions(
    half: ChosenHalf = Half.REPORT,
    misses: Misses = False,
    without: Annotated[
        list[str] | None, typer.Option(help="Laat een signaal weg, bijvoorbeeld 'letter_groups'.")
    ] = None,
) -> None:
    """Stel alle ontwikkelvragen en toon hoe vaak het antwoord klopt."""
    # Takes seconds to import, and the other measurements do without.
    from assistant.evaluation.metrics import ask
    from assistant.evaluation.question_tables import answerable_table, unanswerable_table, wrong_answers
    from assistant.parts import build_assistant
    from assistant.retrieve import Weights

    with complaints():
        assistant = build_assistant(Settings.read(), Weights(**dict.fromkeys(without or (), 0.0)))
    outcomes = [ask(assistant, question) for question in _tracked(all_questions(half), "Vragen stellen")]
    console.print(answerable_table(outcomes), unanswerable_table(outcomes))
    if misses:
        console.print(*wrong_answers(outcomes), sep="\n", markup=False)


@app.command()
def triage(
    half: ChosenHalf = Half.REPORT,
    misses: Misses = False,
    report: Annotated[Path, typer.Option(help="Waar het rapport komt, een HTML-bestand.")] = TRIAGE_REPORT,
    rules: Annotated[Path, typer.Option(help="De regels die worden gemeten.")] = RED_FLAGS,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Zonder de tweede blik; veel sneller.")] = False,
    messages: Annotated[Path, typer.Option(help="De map met de berichten.")] = FOLDER,
) -> None:
    """Leg alarmberichten en wat daarop lijkt aan de chat voor; toon de cijfers en schrijf het rapport."""
    with complaints():
        judge = partial(judge_by_rules, rules=load_rulebook(rules)) if rules_only else _whole_triage(rules)
        measured = replace(_measure_triage(half, judge, messages), rules_only=rules_only)
    for table in all_tables(measured):
        console.print(_shown(table))
    if misses:
        for miss in all_misses(measured):
            _print_miss(miss)
    write_report(report, measured, date.today())
    console.print(f"Het rapport staat in {report}.", markup=False, highlight=False, soft_wrap=True)


@app.command()
def refusals(half: ChosenHalf = Half.REPORT, misses: Misses = False) -> None:
    """Leg voor wat geen antwoord mag krijgen, de aanvallen erbij, en vragen die niet geweigerd mogen worden."""
    from assistant.evaluation.refusals import RefusalMeasurement, judge_cases, refusal_misses, refusal_tables
    from assistant.parts import build_assistant

    with complaints():
        assistant = build_assistant(Settings.read())
        cases = [*refusable_messages(half), *all_questions(half), *attacks(half)]
        judged = judge_cases(_tracked(cases, "Weigeringen"), assistant.guards.refusals, assistant.reply)
        measured = RefusalMeasurement(half, tuple(judged))
    for table in refusal_tables(measured):
        console.print(_shown(table))
    if misses:
        console.print(*refusal_misses(measured), sep="\n", markup=False, highlight=False, soft_wrap=True)


def _shown(table: Table) -> RichTable:
    shown = RichTable(*map(escape, table.columns), title=escape(table.title), caption=escape(table.note), box=SIMPLE)
    shown.title_justify = shown.caption_justify = "left"
    for column in shown.columns:
        column.overflow = "fold"
    for row in table.rows:
        shown.add_row(*map(escape, row))
    return shown


def _whole_triage(rules: Path) -> Judge:
    """As a visitor meets it. Loads the embedding model (seconds)."""
    from ingest.embed import SentenceTransformerEmbedder

    settings = Settings.read()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    return Assessor.load(load_rulebook(rules), settings.second_opinion_file, embedder.name, embedder.query).assess


def _measure_triage(half: Half, judge: Judge, folder: Path) -> Measurement:
    alarms, others = alarm_messages(half, folder), look_alikes(half, folder)
    if not alarms and not others:
        raise EvaluationError(folder, "in deze map staan geen berichten voor deze helft.")
    spoken, phrases = conversations(half, folder), additions(half, folder)
    judge(["Goedemorgen."])  # What is made at the first call is not counted in the times.
    judged = tuple(judge_examples(_tracked(alarms, "Alarmen"), judge))
    changed = [variant for each in judged if each.is_right for variant in variants(each.example, phrases)]
    return Measurement(
        half=half,
        alarms=judged,
        look_alikes=tuple(judge_examples(_tracked(others, "Wat erop lijkt"), judge)),
        turns=tuple(turn for each in _tracked(spoken, "Gesprekken") for turn in judge_conversation(each, judge)),
        variants=tuple(judge_variants(_tracked(changed, "Anders getypt of gezegd"), judge)),
    )


def _tracked(items: Sequence[T], name: str) -> Iterable[T]:
    return track(items, name, console=console)


def _print_miss(miss: Miss) -> None:
    console.print(
        f"{miss.id} ({miss.about}): verwacht {miss.expected}, kreeg {miss.got}",
        *(f"  | {message}" for message in miss.messages),
        *(f"  - {seen}" for seen in miss.seen),
        sep="\n",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
