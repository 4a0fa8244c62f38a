"""How the chat is doing, as staff reads it: Markdown with every figure in words or a table."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.answer import AnswerKind
from assistant.phrasing.phraser import PHRASED
from assistant.records.statistics import DayOfReplies, Latency, Statistics
from assistant.staff import texts
from assistant.staff.shown import bar, day, escape, moment, number, share, size, table
from ingest.index import Index

# Below this, a chat that keeps things is about to run into trouble.
LITTLE_ROOM_BYTES = 500_000_000
_MILLISECONDS = 1_000


def replies_shown(found: Statistics) -> str:
    """What was asked in these days, and how it went."""
    if not found.replies:
        return escape(texts.STATUS_NO_REPLIES.format(days=len(found.days)))
    summary = texts.STATUS_REPLIES.format(replies=number(found.replies), days=len(found.days))
    parts = (
        escape(summary),
        _shares(texts.STATUS_KIND_HEADERS, found.kinds, texts.STATUS_KINDS, found.replies),
        f"### {escape(texts.STATUS_ALARMS_TITLE)}",
        _alarms(found.alarms),
        f"### {escape(texts.STATUS_SPEED_TITLE)}",
        escape(_speed(found.latency)),
        f"### {escape(texts.STATUS_OPINIONS_TITLE)}",
        escape(texts.STATUS_OPINIONS.format(helpful=number(found.helpful), not_helpful=number(found.not_helpful))),
        *_phrasing(found),
    )
    return "\n\n".join(parts)


def days_shown(found: Statistics) -> str:
    """A column for each day, and each day with replies in figures, the newest first."""
    asked = [each for each in reversed(found.days) if each.replies]
    if not asked:
        return escape(texts.STATUS_NO_REPLIES.format(days=len(found.days)))
    rows = ((f"{each.day:%d-%m-%Y}", each.replies, *_of_day(each)) for each in asked)
    legend = escape(texts.STATUS_PICTURE.format(days=len(found.days)))
    return "\n\n".join((legend, _columns(found.days), table(texts.STATUS_DAY_HEADERS, rows)))


def index_shown(index: Index, *, is_behind: bool) -> str:
    """``is_behind``: another index was published, which could not be taken into use."""
    manifest = index.manifest
    rows = [
        (texts.STATUS_INDEX_MADE, moment(manifest.created.timestamp())),
        (texts.STATUS_INDEX_VERSION, manifest.version),
        (texts.STATUS_INDEX_MODEL, manifest.model.name),
        (texts.STATUS_ARTICLES, number(manifest.counts.articles)),
        (texts.STATUS_PASSAGES, number(manifest.counts.passages)),
        (texts.STATUS_QUESTIONS, number(manifest.counts.questions)),
        (texts.STATUS_NOTES, number(manifest.counts.notes)),
    ]
    warnings = [*_refused(manifest.refused), *_left_out(manifest.questions_left_out)]
    if is_behind:
        warnings.append(escape(texts.STATUS_INDEX_NOT_TAKEN))
    return "\n\n".join((table(texts.STATUS_FACT_HEADERS, rows), *warnings))


def file_shown(found: Statistics, days_kept: int) -> str:
    """Where opinions and conversations are kept; what could not be kept and what was damaged is said."""
    state = found.state
    kept = texts.STATUS_KEPT_DAYS.format(days=days_kept) if days_kept else texts.STATUS_NOT_KEPT
    rows = [
        (texts.STATUS_FILE, state.where),
        (texts.STATUS_FILE_SIZE, size(state.size_bytes)),
        *([] if state.free_bytes is None else [(texts.STATUS_FREE, size(state.free_bytes))]),
        (texts.STATUS_CONVERSATIONS, number(found.conversations)),
        (texts.STATUS_KEEPING, kept),
    ]
    return "\n\n".join((table(texts.STATUS_FACT_HEADERS, rows), *_worries(found)))


def _worries(found: Statistics) -> Iterator[str]:
    lost = sum(found.losses.values())
    if lost:
        last = max(found.losses)
        yield escape(texts.STATUS_LOST.format(count=number(lost), day=day(last)))
    for path in found.state.damaged:
        yield escape(texts.STATUS_DAMAGED.format(path=path))
    free = found.state.free_bytes
    if free is not None and free < LITTLE_ROOM_BYTES:
        yield escape(texts.STATUS_LITTLE_ROOM.format(free=size(free)))
    if not lost and not found.state.damaged:
        yield escape(texts.STATUS_FILE_SOUND)


def _shares(headers: Sequence[str], counts: Mapping[str, int], names: Mapping[str, str], total: int) -> str:
    """A table with a bar in each row; ``names`` says in which order, and what is not among them comes last."""
    ordered = [*names, *sorted(set(counts) - set(names))]
    lines = [f"| {' | '.join(escape(header) for header in headers)} |", "| --- | ---: | --- |"]
    for key in ordered:
        count = counts.get(key, 0)
        part = count / total if total else 0.0
        lines.append(f"| {escape(names.get(key, key))} | {number(count)} | {bar(part, share(part))} |")
    return "\n".join(lines)


def _alarms(alarms: Mapping[str, int]) -> str:
    if not alarms:
        return escape(texts.STATUS_NO_ALARMS)
    rows = [(name, alarms.get(level, 0)) for level, name in texts.STATUS_LEVELS.items()]
    return table(texts.STATUS_ALARM_HEADERS, rows)


def _speed(latency: Latency) -> str:
    return texts.STATUS_SPEED.format(p50=_seconds(latency.p50_ms), p95=_seconds(latency.p95_ms))


def _seconds(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "–"
    return f"{milliseconds / _MILLISECONDS:.2f}".replace(".", ",")


def _of_day(each: DayOfReplies) -> tuple[object, ...]:
    kinds = (each.kinds.get(kind, 0) for kind in texts.STATUS_KINDS if kind != AnswerKind.URGENT)
    return (*kinds, sum(each.alarms.values()), _seconds(each.latency.p50_ms), _seconds(each.latency.p95_ms))


def _phrasing(found: Statistics) -> Iterator[str]:
    """Nothing when no language model was asked anything."""
    asked = sum(found.outcomes.values())
    if asked:
        failed = asked - found.outcomes.get(PHRASED, 0)
        yield f"### {escape(texts.STATUS_MODEL_TITLE)}"
        yield escape(texts.STATUS_MODEL.format(asked=number(asked), failed=number(failed)))
        rows = [(texts.STATUS_OUTCOMES.get(key, key), count) for key, count in sorted(found.outcomes.items())]
        yield table(texts.STATUS_OUTCOME_HEADERS, rows)


def _columns(days: Sequence[DayOfReplies]) -> str:
    """As high as there were replies. The figures stand in the table below it."""
    highest = max((each.replies for each in days), default=0) or 1
    heights = (100 * each.replies / highest for each in days)
    columns = "".join(
        f'<span class="column"><span class="passed" style="height: {height:.2f}%"></span></span>' for height in heights
    )
    return f'<div class="columns" aria-hidden="true">{columns}</div>'


def _refused(complaints: Sequence[str]) -> Iterator[str]:
    if complaints:
        yield escape(texts.STATUS_REFUSED)
        yield "\n".join(f"- {escape(each)}" for each in complaints)


def _left_out(complaints: Sequence[str]) -> Iterator[str]:
    if complaints:
        yield escape(texts.STATUS_LEFT_OUT.format(count=len(complaints)))
        yield "\n".join(f"- {escape(each)}" for each in complaints)
