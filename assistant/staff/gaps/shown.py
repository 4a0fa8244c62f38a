"""Gaps as staff reads them: Markdown in which everything that was typed is escaped."""

from collections.abc import Mapping, Sequence

from assistant.staff import texts
from assistant.staff.checks import Result
from assistant.staff.gaps.gaps import Gap, Group, View
from assistant.staff.gaps.lasting import Lasting
from assistant.staff.shown import escape, moment, table

MOST_GROUPS = 25
_MOST_EXAMPLES = 30
_MOST_CHARS_OF_NAME = 90

Titles = Mapping[str, str]


def progress(view: View) -> str:
    """How far it is, or what was found."""
    if not view.questions:
        return escape(texts.GAPS_NONE)
    if view.embedded < view.questions:
        return escape(texts.GAPS_READING.format(done=view.embedded, total=view.questions))
    if not view.is_finished:
        return escape(texts.GAPS_ASKING.format(done=view.asked, total=view.to_ask))
    return escape(texts.GAPS_LOOKED.format(questions=view.questions, groups=len(view.groups), answered=view.answered))


def choices(groups: Sequence[Group]) -> list[tuple[str, int]]:
    """What can be chosen, each with the number of its group."""
    return [(_choice(group), group.number) for group in groups[:MOST_GROUPS]]


def left_over(view: View) -> str:
    count = sum(len(group.gaps) for group in view.groups[MOST_GROUPS:])
    return escape(texts.GAPS_MORE.format(count=count)) if count else ""


def group_shown(group: Group, titles: Titles) -> str:
    """Its questions, with what each gets now."""
    rows = (
        (gap.asked.question, moment(gap.asked.at), texts.GAP_WHY[gap.asked.why], _now(gap, titles))
        for gap in group.gaps[:_MOST_EXAMPLES]
    )
    more = len(group.gaps) - _MOST_EXAMPLES
    parts = (
        f"### {escape(group.name)}",
        escape(_count(group)),
        table(texts.GAP_HEADERS, rows),
        escape(texts.GAP_EXAMPLES_MORE.format(count=more)) if more > 0 else "",
    )
    return "\n\n".join(part for part in parts if part)


def lasting_shown(lasting: Lasting) -> str:
    """What became of the questions of an article: how many are tests now, and which are not answered, and why."""
    kept, known = len(lasting.kept), len(lasting.known)
    said = [_of_number(texts.LASTING_KEPT_ONE, texts.LASTING_KEPT, kept)]
    said += [_of_number(texts.LASTING_KNOWN_ONE, texts.LASTING_KNOWN, known)]
    blocks = [escape(" ".join(part for part in said if part))]
    if lasting.others:
        blocks.append(escape(texts.LASTING_OTHERS))
        blocks.append("\n".join(f"- {escape(_other(result))}" for result in lasting.others))
    return "\n\n".join(block for block in blocks if block) or escape(texts.LASTING_NOTHING)


def _choice(group: Group) -> str:
    name = group.name
    short = name if len(name) <= _MOST_CHARS_OF_NAME else f"{name[:_MOST_CHARS_OF_NAME].rstrip()}…"
    answered = len(group.answered)
    wording = texts.GAPS_CHOICE_ANSWERED if answered else texts.GAPS_CHOICE
    return wording.format(count=len(group.gaps), name=short, answered=answered)


def _count(group: Group) -> str:
    answered = len(group.answered)
    if len(group.gaps) == 1:
        return texts.GAP_COUNT_ONE.format(answered=texts.GAP_SO if answered else texts.GAP_NOT)
    return texts.GAP_COUNT.format(count=len(group.gaps), answered=answered)


def _now(gap: Gap, titles: Titles) -> str:
    if gap.now is None:
        return texts.GAP_NOT_ASKED
    if gap.is_answered:
        return texts.GAP_ANSWERED.format(article=", ".join(titles.get(slug, slug) for slug in gap.slugs))
    return texts.GAP_SAME if gap.now.slugs else gap.now.kind_said


def _of_number(one: str, several: str, count: int) -> str:
    if not count:
        return ""
    return one if count == 1 else several.format(count=count)


def _other(result: Result) -> str:
    faults = "; ".join(fault.said for fault in result.faults)
    return texts.LASTING_OTHER.format(question=result.check.question, faults=faults)
