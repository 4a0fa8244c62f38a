"""Questions that were a gap and are answered now, kept as tests so that they stay answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import AnswerKind
from assistant.reply import Assistant
from assistant.staff.checks import Check, Checks, Origin, Result
from assistant.staff.checks.check import MOST_CHARS, tidy
from assistant.staff.checks.run import judged, results_of


@dataclass(frozen=True, slots=True)
class Lasting:
    """What became of each question: a test now, one already, or not answered by the article (with why not)."""

    kept: tuple[Check, ...]
    known: tuple[str, ...]
    others: tuple[Result, ...]


def make_lasting(assistant: Assistant, checks: Checks, questions: Sequence[str], slug: str = "") -> Lasting:
    """Ask each question (a tenth of a second), and keep as a test what ``slug`` answers; "": whichever article does.

    Raises ``ChecksError``.
    """
    asked = dict.fromkeys(tidy(question) for question in questions)
    wanted = [_test(question, slug) for question in asked if 0 < len(question) <= MOST_CHARS]
    results = [_settled(result) for result in results_of(assistant, wanted)]
    answered = [result.check for result in results if result.passed]
    kept = checks.add_all(answered)
    new = {check.asks for check in kept}
    return Lasting(
        kept=kept,
        known=tuple(check.question for check in answered if check.asks not in new),
        others=tuple(result for result in results if not result.passed),
    )


def _test(question: str, slug: str) -> Check:
    """Without an article as yet, where any will do."""
    return Check(question=question, kind=AnswerKind.ANSWERED, article=slug, added=date.today(), origin=Origin.GAP)


def _settled(result: Result) -> Result:
    """The article that is cited first is the one to be cited from now on."""
    if result.check.article or not result.given.slugs:
        return result
    return judged(result.check.model_copy(update={"article": result.given.slugs[0]}), result.given)
