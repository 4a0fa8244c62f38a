"""Articles, and what became of them, as Markdown. Whatever somebody wrote is shown as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.staff import texts
from assistant.staff.library.drafts import Draft
from assistant.staff.library.editions import Cause, Edition
from assistant.staff.library.notes import LostNote
from assistant.staff.library.preview import Cut, Fate, Preview
from assistant.staff.library.publishing import Recovery
from assistant.staff.library.shelf import Noted, OnDisk, Outlined, Shelf, Shelved
from assistant.staff.shown import day, escape, moment, paragraphs, table
from ingest.article import Article
from ingest.build import IngestReport

# Of the questions beside a passage, as many as can be looked over.
_MOST_QUESTIONS = 5

_FATES = {
    Fate.UNCHANGED: texts.PASSAGE_UNCHANGED,
    Fate.NEW: texts.PASSAGE_NEW,
    Fate.CHANGED: texts.PASSAGE_CHANGED,
    Fate.GONE: texts.PASSAGE_GONE,
}
_ON_DISK = {OnDisk.SAME: "", OnDisk.CHANGED: texts.FILE_CHANGED, OnDisk.GONE: texts.FILE_GONE}
_CAUSES = {
    Cause.FOUND: texts.EDITION_FOUND,
    Cause.BY_HAND: texts.EDITION_BY_HAND,
    Cause.PUBLISHED: texts.EDITION_PUBLISHED,
    Cause.REMOVED: texts.EDITION_REMOVED,
    Cause.WENT_BACK: texts.EDITION_WENT_BACK,
}
_RECOVERIES = {Recovery.FINISHED: texts.PUBLISH_FINISHED_LATER, Recovery.DROPPED: texts.PUBLISH_DROPPED}


def shelf_shown(shelf: Shelf) -> str:
    rows = [(each.article.title, _reviewed(each.article), each.passages, _remarks(each)) for each in shelf.articles]
    return table(texts.ARTICLES_HEADERS, rows)


def recovery_shown(recovery: Recovery | None) -> str:
    """ "" when nothing had been broken off."""
    return escape(_RECOVERIES[recovery]) if recovery else ""


def warnings_shown(shelf: Shelf, damaged: Sequence[str]) -> str:
    """What staff should know before anything else; "" when there is nothing."""
    lines: list[str] = []
    if shelf.is_changed_by_hand:
        named = (*shelf.added, *(each.article.source for each in shelf.articles if each.on_disk is not OnDisk.SAME))
        lines.append(escape(texts.CHANGED_BY_HAND.format(files=", ".join(named) or texts.FILES_BESIDE)))
    lines += [escape(texts.FILE_REFUSED.format(complaint=each)) for each in shelf.refused]
    lines += [escape(texts.DRAFT_DAMAGED.format(name=each)) for each in damaged]
    return "\n\n".join(lines)


def article_shown(article: Article, outlined: Sequence[Outlined]) -> str:
    """All passages in order, each with its notes and some of its questions."""
    blocks = [f"## {escape(article.title)}", escape(_about(article)), escape(texts.OUTLINE_INTRO)]
    for number, passage in enumerate(outlined, start=1):
        heading = f": {passage.heading}" if passage.heading else ""
        blocks.append(f"### {escape(texts.PASSAGE_NUMBER.format(number=number) + heading)}")
        blocks.append(_quoted(passage.text))
        if passage.owner:
            blocks.append(escape(texts.PASSAGE_OWNER.format(title=passage.owner)))
        blocks += _notes_shown(passage.notes)
        blocks += _questions_shown(passage.questions)
    return "\n\n".join(blocks)


def questions_shown(questions: Sequence[str]) -> str:
    """Beside a draft that was begun for them; "" without any."""
    if not questions:
        return ""
    return "\n".join((f"### {escape(texts.DRAFT_QUESTIONS)}", "", *_bullets(questions)))


def saved_shown(draft: Draft) -> str:
    return escape(texts.DRAFT_SAVED.format(moment=moment(draft.saved_at)))


def lost_notes_shown(lost_notes: Sequence[LostNote]) -> str:
    """Above the choices about them."""
    blocks = [f"### {escape(texts.LOST_NOTES_TITLE)}", escape(texts.LOST_NOTES_INTRO)]
    for lost in lost_notes:
        blocks.append(_quoted(lost.sentence))
        blocks += _notes_shown([Noted("", note) for note in lost.notes])
    return "\n\n".join(blocks)


def preview_shown(preview: Preview) -> str:
    """What publishing would do, but for the test questions and notes that wait for a decision."""
    blocks: list[str] = []
    if preview.report:
        blocks += [f"### {escape(texts.PREVIEW_REPORT_TITLE)}", report_shown(preview.report, preview.titles)]
    if preview.questions_left_out:
        blocks += [f"### {escape(texts.LEFT_OUT_TITLE)}", escape(texts.LEFT_OUT_INTRO)]
        blocks.append("\n".join(_bullets(preview.questions_left_out)))
    if preview.cuts:
        blocks += [f"### {escape(texts.CUTS_TITLE)}", escape(_counted(preview.cuts))]
        blocks += [block for number, cut in enumerate(preview.cuts, start=1) for block in _cut_shown(number, cut)]
    return "\n\n".join(blocks)


def report_shown(report: IngestReport, titles: Mapping[str, str]) -> str:
    """Which articles are new, changed and gone, by their titles, and how many are the same."""
    named = (
        (texts.REPORT_CREATED, report.created),
        (texts.REPORT_UPDATED, report.updated),
        (texts.REPORT_REMOVED, report.removed),
    )
    rows = [(name, len(slugs), "; ".join(titles.get(slug, slug) for slug in slugs)) for name, slugs in named]
    rows.append((texts.REPORT_UNCHANGED, len(report.unchanged), ""))
    blocks = [table(texts.REPORT_HEADERS, rows)]
    blocks += [escape(texts.FILE_REFUSED.format(complaint=each)) for each in report.refused]
    return "\n\n".join(blocks)


def edition_named(edition: Edition) -> str:
    """On one line, unescaped: for a list to choose from."""
    return f"{moment(edition.at)}: {_CAUSES[edition.cause].format(title=edition.title)}"


def draft_named(draft: Draft) -> str:
    return texts.DRAFT_NAMED.format(title=draft.title.strip() or texts.DRAFT_UNTITLED, moment=moment(draft.saved_at))


def _reviewed(article: Article) -> str:
    return day(article.reviewed) if article.reviewed else texts.NEVER_REVIEWED


def _remarks(shelved: Shelved) -> str:
    remarks = (texts.STALE if shelved.is_stale else "", _ON_DISK[shelved.on_disk])
    return "; ".join(remark for remark in remarks if remark)


def _about(article: Article) -> str:
    parts = [texts.ABOUT_FILE.format(name=article.source)]
    if article.published:
        parts.append(texts.ABOUT_PUBLISHED.format(day=day(article.published)))
    reviewer = texts.ABOUT_REVIEWER.format(name=article.reviewer) if article.reviewer else ""
    reviewed = texts.ABOUT_REVIEWED.format(day=day(article.reviewed)) if article.reviewed else texts.ABOUT_NOT_REVIEWED
    return " ".join((*parts, f"{reviewed}{reviewer}."))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in paragraphs(text).split("\n"))


def _notes_shown(notes: Iterable[Noted]) -> Iterator[str]:
    for noted in notes:
        about = texts.NOTE_ABOUT.format(sentence=noted.sentence) if noted.sentence else ""
        kind = texts.NOTE_KINDS[noted.note.kind]
        parts = (
            about,
            noted.note.note,
            texts.NOTE_SOURCE.format(source=noted.note.source) if noted.note.source else "",
        )
        yield f"**{escape(texts.NOTE.format(kind=kind))}** {escape(' '.join(part for part in parts if part))}"


def _questions_shown(questions: Sequence[str]) -> Iterator[str]:
    if questions:
        yield escape(texts.PASSAGE_QUESTIONS.format(count=len(questions)))
        yield "\n".join(_bullets(questions[:_MOST_QUESTIONS]))


def _cut_shown(number: int, cut: Cut) -> Iterator[str]:
    place = " › ".join(cut.passage.heading_path)
    heading = (
        f"{texts.PASSAGE_NUMBER.format(number=number)}: {place}"
        if place
        else texts.PASSAGE_NUMBER.format(number=number)
    )
    yield f"#### {escape(heading)} — {escape(_FATES[cut.fate])}"
    yield _quoted(cut.passage.text)
    if cut.former:
        yield escape(texts.PASSAGE_WAS)
        yield _quoted(cut.former)


def _counted(cuts: Sequence[Cut]) -> str:
    counts = {fate: sum(cut.fate is fate for cut in cuts) for fate in Fate}
    return "; ".join(f"{count} {_FATES[fate].lower()}" for fate, count in counts.items() if count) + "."


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"- {escape(line)}" for line in lines]
