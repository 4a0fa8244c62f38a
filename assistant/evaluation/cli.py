"""``python -m assistant.evaluation``: measure answers, alarms and refusals on what was written for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table as RichTable

from assistant.answer import Engine
from assistant.cli import calibrate, complaints
from assistant.evaluation.errors import EvaluationError, NoLanguageModelError
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
from assistant.ingredients import Ingredient
from assistant.settings import Settings
from assistant.triage.assess import Assessor
from assistant.triage.judge import triage as judge_by_rules
from assistant.triage.rulebook import RED_FLAGS, load_rulebook
from ingest.settings import PROJECT

if TYPE_CHECKING:
    from assistant.evaluation.accepted import Comparison
    from assistant.evaluation.answers import AnswerMeasurement
    from assistant.evaluation.engines import Engines
    from assistant.reply import Assistant

T = TypeVar("T")

OUTPUT = PROJECT / "var" / "evaluation"
TRIAGE_REPORT = OUTPUT / "triage.html"
ANSWERS_REPORT = OUTPUT / "answers.html"
ANSWERS_NUMBERS = OUTPUT / "answers.json"

console = Console()
app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(calibrate)

ChosenHalf = Annotated[Half, typer.Option(help="'report' voor de cijfers, 'tune' om op af te stellen.")]
Misses = Annotated[bool, typer.Option("--misses", help="Noem alles wat misgaat.")]


@app.callback()
def answers(  # noqa: PLR0913, PLR0917 - typer reads each option from the signature
    context: typer.Context,
    half: ChosenHalf = Half.REPORT,
    misses: Misses = False,
    without: Annotated[
        list[Ingredient] | None, typer.Option(help="Laat dit weg en stel de rest er opnieuw op af; kan vaker.")
    ] = None,
    embedding_model: Annotated[
        str | None, typer.Option(help="Meet met dit taalmodel, een naam of een map. Duurt minuten.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="'llm': verwoord door het taalmodel in RUGPIJN_LLM, naast de citaten. Duurt lang.")
    ] = Engine.EXTRACTIVE,
    most: Annotated[int | None, typer.Option(min=1, help="Stel hoogstens zoveel vragen, gelijk verdeeld.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Vergelijk voortaan met deze meting.")] = False,
    report: Annotated[Path, typer.Option(help="Waar het rapport komt, een HTML-bestand.")] = ANSWERS_REPORT,
    numbers: Annotated[Path, typer.Option("--json", help="Waar alle getallen komen.")] = ANSWERS_NUMBERS,
) -> None:
    """Meet hoe goed de antwoorden zijn. Met een opdracht erachter: de alarmen, de weigeringen, of de ruis."""
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    # Takes seconds to import, and the other measurements do without.
    from assistant.evaluation.accepted import Run, compare, load_accepted, save_accepted
    from assistant.evaluation.answer_numbers import write_numbers
    from assistant.evaluation.answers_report import write_answers

    with complaints():
        settings = _settings(without)
        is_like_accepted = engine is Engine.EXTRACTIVE and most is None
        is_less = half is not Half.REPORT or bool(settings.without) or embedding_model is not None
        if accept and (is_less or not is_like_accepted):
            raise typer.BadParameter(
                "alleen de hele helft 'report' kan, van citaten, met alles erop en eraan.", param_hint="--accept"
            )
        if engine is Engine.LLM and embedding_model is not None:
            # What checks the phrased sentences is tuned to the practice's own.
            raise typer.BadParameter("dat kan niet samen met '--engine llm'.", param_hint="--embedding-model")
        if engine is Engine.LLM and not settings.llm:
            raise NoLanguageModelError
        accepted = load_accepted() if is_like_accepted else None
        quoting = _quoting(settings, embedding_model, is_anew=bool(without))
        measured = replace(
            _measure_answers(quoting, settings, engine, half, most),
            calibrated_anew=bool(without) or embedding_model is not None,
        )
    today = date.today()
    comparison = compare(measured, today, accepted)
    _print_answers(measured, comparison, misses=misses)
    write_answers(report, measured, comparison, today)
    write_numbers(numbers, measured, comparison, today)
    _say(f"Het rapport staat in {report}, de getallen in {numbers}.")
    if accept:
        save_accepted(Run.of(measured, today))
        _say("Deze meting is de geaccepteerde.")


@app.command()
def noise(
    half: ChosenHalf = Half.REPORT,
    machines: Annotated[int, typer.Option(min=1, help="Hoeveel andere computers er worden nagebootst.")] = 5,
) -> None:
    """Meet hoeveel vragen omslaan als alleen de laatste cijfers van de vectoren anders zijn. Duurt minuten."""
    from assistant.evaluation.noise import NOISE, noise_table, shake
    from ingest.embed import SentenceTransformerEmbedder

    with complaints():
        settings = Settings.read()
        embedder = SentenceTransformerEmbedder(settings.embedding_model)
        shaken = list(shake(settings, embedder, half, machines, partial(_tracked, name="Vragen stellen")))
    console.print(_shown(noise_table(shaken)))
    _say(f"De test laat een netto verlies van {NOISE} toe.")


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
    _say(f"Het rapport staat in {report}.")


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


@app.command()
def verify(half: ChosenHalf = Half.REPORT, misses: Misses = False) -> None:
    """Leg zinnen die een taalmodel zou kunnen schrijven voor aan de controle die voor het tonen komt."""
    from assistant.evaluation.claims import claims
    from assistant.evaluation.verify import ClaimMeasurement, claim_misses, claim_tables, examples, judge_examples
    from assistant.parts import open_index
    from assistant.verify.verifier import Verifier, verification_in
    from ingest.stores import open_store

    with complaints():
        settings = Settings.read()
        index = open_index(settings)
        verifier = Verifier(index, verification_in(open_store(settings), index.manifest.model))
        judged = judge_examples(_tracked(list(examples(index, claims(half))), "Zinnen"), index, verifier.check)
    measured = ClaimMeasurement(half, tuple(judged))
    for table in claim_tables(measured):
        console.print(_shown(table))
    if misses:
        console.print(*claim_misses(measured), sep="\n", markup=False, highlight=False, soft_wrap=True)


def _refuse_options(context: typer.Context) -> None:
    """What stands before a command is for the answers, and would do nothing."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(f"zet de opties achter '{context.invoked_subcommand}'.", ctx=context)


def _settings(without: Sequence[Ingredient] | None) -> Settings:
    settings = Settings.read()
    return settings.model_copy(update={"without": frozenset(without)}) if without else settings


def _quoting(settings: Settings, model: str | None, *, is_anew: bool) -> "Assistant":
    """Whatever language model is set. Raises ``IngestError`` or ``AssistantError``."""
    from assistant.evaluation.assemble import calibrated_anew, folder_of, with_model
    from assistant.parts import build_assistant
    from ingest.embed import SentenceTransformerEmbedder

    settings = settings.model_copy(update={"llm": ""})
    tuned = partial(_tracked, name="Opnieuw afstellen")
    if model is not None:
        embedder = SentenceTransformerEmbedder(model)
        return with_model(settings, folder_of(model, OUTPUT), embedder, tuned, _Steps())
    return calibrated_anew(settings, tuned) if is_anew else build_assistant(settings)


def _measure_answers(
    quoting: "Assistant", settings: Settings, engine: Engine, half: Half, most: int | None
) -> "AnswerMeasurement":
    """Raises ``AssistantError``."""
    from assistant.evaluation.answers import measure_answers, questions_of
    from assistant.evaluation.engines import measure_engines

    engines = _engines(settings, quoting) if engine is Engine.LLM else None
    asked = _tracked(questions_of(half, most), "Vragen stellen")
    if engines is None:
        return measure_answers(quoting, half, asked, settings.without)
    return measure_engines(engines, half, asked, settings.llm, settings.without)


def _engines(settings: Settings, quoting: "Assistant") -> "Engines":
    """``settings`` name a language model. Raises ``AssistantError``."""
    from assistant.evaluation.engines import Engines
    from assistant.evaluation.recheck import Recheck
    from assistant.parts import open_phraser
    from assistant.records import deidentifier
    from assistant.verify.verifier import Verifier, verification_in
    from ingest.stores import open_store

    index = quoting.index
    phraser = open_phraser(settings, quoting.collection, hiding=lambda: deidentifier()())
    assert phraser is not None
    verifier = Verifier(index, verification_in(open_store(settings), index.manifest.model))
    return Engines.of(quoting, phraser, Recheck(index, verifier.check))


def _print_answers(measured: "AnswerMeasurement", comparison: "Comparison | None", *, misses: bool) -> None:
    from assistant.evaluation.answer_tables import answer_tables, dropped_table, flip_table, made_of, miss_table

    _say(made_of(measured))
    for table in answer_tables(measured):
        console.print(_shown(table))
    if misses:
        console.print(_shown(miss_table(measured)))
        if measured.phrased_by:
            console.print(_shown(dropped_table(measured)))
    if comparison is None:
        _say("Er is geen geaccepteerde meting om mee te vergelijken.")
    else:
        console.print(_shown(flip_table(comparison)))


class _Steps:
    """Ingest's steps, a line each."""

    def step(self, name: str, total: int) -> None:
        _say(f"{name} ({total})" if total else name)

    def advance(self, done: int) -> None:
        pass


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


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
