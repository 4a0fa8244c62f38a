"""Measure the answers on the development questions."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.cli import complaints
from assistant.evaluation.metrics import DEPTHS, Outcome, Summary, ask
from assistant.evaluation.questions import Half, UnanswerableQuestion, all_questions
from assistant.settings import Settings

console = Console()


def measure(
    half: Annotated[Half, typer.Option(help="'report' voor de cijfers, 'tune' om op af te stellen.")] = Half.REPORT,
    misses: Annotated[bool, typer.Option("--misses", help="Noem elke vraag die misgaat.")] = False,
    without: Annotated[
        list[str] | None, typer.Option(help="Laat een signaal weg, bijvoorbeeld 'letter_groups'.")
    ] = None,
) -> None:
    """Stel alle ontwikkelvragen en toon hoe vaak het antwoord klopt."""
    from assistant.parts import build_assistant
    from assistant.retrieve import Weights

    with complaints():
        assistant = build_assistant(Settings.read(), Weights(**dict.fromkeys(without or (), 0.0)))
    questions = all_questions(half)
    outcomes = [ask(assistant, question) for question in track(questions, "Vragen stellen", console=console)]
    can = [outcome for outcome in outcomes if not isinstance(outcome.question, UnanswerableQuestion)]
    cannot = [outcome for outcome in outcomes if isinstance(outcome.question, UnanswerableQuestion)]
    console.print(_answerable_table(can), _unanswerable_table(cannot))
    if misses:
        _print_misses(outcomes)


def _answerable_table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        *("soort", "n", *(f"bij {depth}" for depth in DEPTHS), "beantw.", "goed", "z. drempel", "woorden"),
        title="Vragen die in de artikelen staan",
        caption="bij k: goede passage bij de eerste k · goed: citaat in het antwoord · z. drempel: zonder weigeren",
    )
    for style, group in _groups(outcomes, lambda outcome: getattr(outcome.question, "style", "")):
        summary = Summary.of(group)
        shares = [*summary.hit_at.values(), summary.answered, summary.gold, summary.composed_gold]
        table.add_row(style, str(summary.questions), *(f"{share:.0%}" for share in shares), f"{summary.words:.0f}")
    return table


def _unanswerable_table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("soort", "n", "geweigerd", title="Vragen die er niet in staan")
    for kind, group in _groups(outcomes, lambda outcome: getattr(outcome.question, "kind", "")):
        refused = sum(not outcome.is_answered for outcome in group) / len(group)
        table.add_row(kind, str(len(group)), f"{refused:.0%}")
    return table


def _groups(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> list[tuple[str, list[Outcome]]]:
    names = sorted({key(outcome) for outcome in outcomes})
    groups = [(name, [outcome for outcome in outcomes if key(outcome) == name]) for name in names]
    return [*groups, ("alle", list(outcomes))]


def _print_misses(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        right = not outcome.is_answered if isinstance(outcome.question, UnanswerableQuestion) else outcome.has_gold
        if not right:
            said = outcome.answer.kind.value
            console.print(f"{outcome.question.id} {outcome.question.question!r} → {said} ({outcome.confidence:.2f})")
