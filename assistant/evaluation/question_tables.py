"""How the development questions went, for the console."""

from collections.abc import Callable, Iterator, Sequence

from rich.table import Table

from assistant.evaluation.metrics import DEPTHS, Outcome, Summary
from assistant.evaluation.questions import AnswerableQuestion, UnanswerableQuestion
from assistant.evaluation.rates import grouped


def answerable_table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        *("soort", "n", *(f"bij {depth}" for depth in DEPTHS), "beantw.", "goed", "z. drempel", "woorden"),
        title="Vragen die in de artikelen staan",
        caption="bij k: goede passage bij de eerste k · goed: citaat in het antwoord · z. drempel: zonder weigeren",
    )
    can = [outcome for outcome in outcomes if isinstance(outcome.question, AnswerableQuestion)]
    for style, group in _groups(can, lambda outcome: getattr(outcome.question, "style", "")):
        summary = Summary.of(group)
        shares = [*summary.hit_at.values(), summary.answered, summary.gold, summary.composed_gold]
        table.add_row(style, str(summary.questions), *(f"{share:.0%}" for share in shares), f"{summary.words:.0f}")
    return table


def unanswerable_table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("soort", "n", "geweigerd", title="Vragen die er niet in staan")
    cannot = [outcome for outcome in outcomes if isinstance(outcome.question, UnanswerableQuestion)]
    for kind, group in _groups(cannot, lambda outcome: getattr(outcome.question, "kind", "")):
        refused = sum(not outcome.is_answered for outcome in group) / len(group)
        table.add_row(kind, str(len(group)), f"{refused:.0%}")
    return table


def wrong_answers(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each question without its gold, and for each answer that there should not be."""
    for outcome in outcomes:
        right = not outcome.is_answered if isinstance(outcome.question, UnanswerableQuestion) else outcome.has_gold
        if not right:
            said = outcome.answer.kind.value
            yield f"{outcome.question.id} {outcome.question.question!r} → {said} ({outcome.confidence:.2f})"


def _groups(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> list[tuple[str, list[Outcome]]]:
    return [*sorted(grouped(outcomes, key).items()), ("alle", list(outcomes))]
