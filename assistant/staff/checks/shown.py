"""Test questions and their runs as staff reads them: Markdown in which everything that was typed is escaped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape as escape_html

from assistant.staff import texts
from assistant.staff.checks.changes import Change, Changes
from assistant.staff.checks.check import Check
from assistant.staff.checks.history import Summary
from assistant.staff.checks.run import Given, Result, Run
from assistant.staff.shown import escape, moment, table
from assistant.web.encodable import encodable

_MOST_CHANGES = 50
_MOST_COLUMNS = 40
_MOST_ROWS = 10
_SIGNS = {True: "✓", False: "✗"}

Titles = Mapping[str, str]


def listed(checks: Sequence[Check], run: Run | None, titles: Titles) -> str:
    """Every question with what came of it in ``run``; those that it did not ask, or asked otherwise, still wait."""
    if not checks:
        return escape(texts.CHECKS_NONE)
    results = {(result.check.asks, result.check.expectation): result for result in run.results} if run else {}
    rows = (_row(check, results.get((check.asks, check.expectation)), titles) for check in checks)
    return table(texts.CHECKS_HEADERS, rows)


def outcome_of(checks: Sequence[Check], run: Run | None) -> str:
    """One line on the last run."""
    if not checks:
        return ""
    if run is None:
        return escape(texts.CHECKS_NOT_RUN)
    when = moment(run.at.timestamp())
    return escape(texts.CHECKS_LAST_RUN.format(moment=when, passed=run.passed, total=len(run.results)))


def expected(check: Check, titles: Titles) -> str:
    """ "antwoord, uit ‘Nekpijn’, met ‘warmte’" """
    parts = [texts.CHECK_KINDS[check.kind]]
    if check.article:
        parts.append(texts.EXPECTED_ARTICLE.format(article=titles.get(check.article, check.article)))
    parts += [texts.EXPECTED_WORDS.format(words=words) for words in check.words]
    if check.urgency:
        parts.append(texts.EXPECTED_LEVEL.format(level=texts.CHECK_LEVELS[check.urgency]))
    return ", ".join(parts)


def changes_shown(changes: Changes) -> str:
    """Each question that is answered differently, named, with both answers side by side."""
    if not changes.before.results:
        return escape(texts.CHANGES_NO_ACCEPTED)
    if not changes.changes and not changes.new:
        return escape(texts.CHANGES_NONE.format(moment=moment(changes.before.at.timestamp())))
    numbers = {"lost": changes.lost, "gained": changes.gained, "others": changes.others, "new": changes.new}
    blocks = [escape(texts.CHANGES_SUMMARY.format(**{name: len(each) for name, each in numbers.items()}))]
    blocks += [_change(change) for change in changes.changes[:_MOST_CHANGES]]
    if len(changes.changes) > _MOST_CHANGES:
        blocks.append(escape(texts.CHANGES_MORE.format(count=len(changes.changes) - _MOST_CHANGES)))
    return "\n\n".join(blocks)


def history_shown(summaries: Sequence[Summary]) -> str:
    """A column for each of the last runs, and the last few in figures."""
    if not summaries:
        return escape(texts.HISTORY_NONE)
    rows = [(moment(each.at.timestamp()), each.passed, each.failed) for each in reversed(summaries[-_MOST_ROWS:])]
    shown = summaries[-_MOST_COLUMNS:]
    legend = escape(texts.HISTORY_PICTURE.format(count=len(shown)))
    return "\n\n".join((legend, _columns(shown), table(texts.HISTORY_HEADERS, rows)))


def _row(check: Check, result: Result | None, titles: Titles) -> tuple[str, str, str, str]:
    if result is None:
        return texts.CHECK_WAITING, check.said, expected(check, titles), ""
    said = texts.CHECK_PASSED if result.passed else texts.CHECK_FAILED
    came = "; ".join(fault.said for fault in result.faults) or _came(result.given, titles)
    return f"{_SIGNS[result.passed]} {said}", check.said, expected(check, titles), came


def _came(given: Given, titles: Titles) -> str:
    parts = [given.kind_said]
    if given.slugs:
        parts.append(texts.EXPECTED_ARTICLE.format(article=", ".join(titles.get(each, each) for each in given.slugs)))
    if given.urgency:
        parts.append(texts.CHECK_LEVELS[given.urgency])
    return ", ".join(parts)


def _change(change: Change) -> str:
    name = texts.CHANGE_LOST if change.is_loss else texts.CHANGE_GAINED if change.is_gain else texts.CHANGE_OTHER
    faults = "; ".join(fault.said for fault in change.now.faults)
    why = f"<p>{_html(texts.CHANGE_WHY.format(faults=faults))}</p>" if faults else ""
    sides = "".join(_side(*side) for side in ((texts.CHANGE_BEFORE, change.before), (texts.CHANGE_NOW, change.now)))
    return _one_line(
        f'<div class="change"><h4>{_html(_SIGNS[change.now.passed])} {_html(name)}: {_html(change.check.said)}</h4>'
        f'{why}<div class="sides">{sides}</div></div>'
    )


def _side(name: str, result: Result) -> str:
    sign = f"{_SIGNS[result.passed]} {texts.CHECK_PASSED if result.passed else texts.CHECK_FAILED}"
    paragraphs = "".join(f"<p>{part}</p>" for part in _paragraphs(result.given.text))
    return f'<div class="side"><h5>{_html(name)}: {_html(sign)}</h5>{paragraphs}</div>'


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        lines = [_html(line) for line in paragraph.splitlines() if line.strip()]
        if lines:
            yield "<br>".join(lines)


def _columns(summaries: Sequence[Summary]) -> str:
    """As high as there are questions; what went wrong is hatched, for who sees no colours."""
    highest = max((each.total for each in summaries), default=0) or 1
    columns = "".join(_column(each, highest) for each in summaries)
    return f'<div class="columns">{columns}</div>'


def _column(each: Summary, highest: int) -> str:
    parts: Iterable[tuple[str, int]] = (("failed", each.failed), ("passed", each.passed))
    stack = "".join(
        f'<span class="{name}" style="height: {100 * count / highest:.2f}%"></span>' for name, count in parts
    )
    return f'<span class="column">{stack}</span>'


def _html(text: str) -> str:
    return escape_html(encodable(text))


def _one_line(html: str) -> str:
    """Markdown takes a line that opens with a tag for HTML, and leaves it as it is."""
    return " ".join(html.split())
