"""Which files change when a draft is published, an article removed, or an edition gone back to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.staff.library.corpus import Blobs, Files
from assistant.staff.library.drafts import Draft
from assistant.staff.library.editions import Cause, Edition
from assistant.staff.library.errors import (
    ArticleChangedError,
    LastArticleError,
    NoSuchArticleError,
    NotesLostError,
    TitleTakenError,
)
from assistant.staff.library.notes import Choices, LostNote, lost_notes, notes_after, questions_after
from assistant.staff.library.outcome import Outcome, outcome_now
from assistant.staff.library.publishing import Plan
from assistant.staff.library.writing import MARKDOWN, slug_for, written
from ingest.article import Article
from ingest.index import Index
from ingest.known_questions import FOLDER, read_known_questions
from ingest.review_notes import NOTES_FILE, read_notes
from ingest.settings import IngestSettings

# Names that Windows cannot have, and one that ingest takes for no article.
_NO_NAME = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]|readme")


@dataclass(frozen=True)
class Draught:
    """A plan, and what was found when it was made: ``lost`` are notes that nothing was decided about."""

    plan: Plan
    before: Outcome
    after: Outcome
    lost: tuple[LostNote, ...]
    article: Article | None = None

    @property
    def checked(self) -> Plan:
        """Raises ``NotesLostError``."""
        if self.lost:
            raise NotesLostError([each.sentence for each in self.lost])
        return self.plan


class Planning:
    """Over the files as they are at this moment. Raises ``LibraryError``, ``IngestError`` and ``OSError``."""

    def __init__(self, settings: IngestSettings, index: Index, files: Files) -> None:
        self._settings = settings
        self._files = files
        self._now = outcome_now(settings, index, files)

    def draft(self, draft: Draft, choices: Choices) -> Draught:
        """Raises ``ArticleChangedError`` when the article is not what the draft began from any more."""
        self._check_base(draft)
        slug = slug_for(draft)
        name = self._name(draft, slug)
        raw, article = written(draft, name)
        old = draft.base.source if draft.base else name
        clash = self._now.articles.get(article.slug)
        if clash and clash.source != old:
            raise TitleTakenError(article.title, clash.source)
        changes: dict[str, bytes | None] = {name: raw}
        if old != name:
            changes[old] = None
        after = self._now.replaced({old: None, name: article})
        plan = Plan(Cause.PUBLISHED, changes, article.title, article.slug, draft.questions)
        return self._with_notes(plan, after, choices, article)

    def removal(self, slug: str, choices: Choices) -> Draught:
        """The questions and notes that are about this article alone go with it."""
        article = self._now.articles.get(slug)
        if article is None:
            raise NoSuchArticleError
        if len(self._now.articles) == 1:
            raise LastArticleError
        after = self._now.replaced({article.source: None})
        questions = questions_after(read_known_questions(self._settings.corpus_dir), self._now, after)
        changes: dict[str, bytes | None] = {article.source: None}
        changes |= {f"{FOLDER}/{path.name}": text.encode() or None for path, text in questions.items()}
        noted = read_notes(self._settings.corpus_dir)
        lost_before = {each.sentence for each in lost_notes(noted, self._now)}
        lost_now = {each.sentence for each in lost_notes(noted, after)} - lost_before
        plan = Plan(Cause.REMOVED, changes, article.title, article.slug)
        return self._with_notes(plan, after, replace(choices, lapse=choices.lapse | lost_now))

    def by_hand(self, choices: Choices) -> Draught:
        """What was changed in the folder itself, outside the console."""
        return self._with_notes(Plan(Cause.BY_HAND, {}), self._now, choices)

    def as_it_is(self, plan: Plan) -> Draught:
        """A plan that was made elsewhere."""
        return Draught(plan, self._now, self._now, ())

    def _with_notes(self, plan: Plan, after: Outcome, choices: Choices, article: Article | None = None) -> Draught:
        noted = read_notes(self._settings.corpus_dir)
        open_lapses = {each.sentence for each in lost_notes(noted, after)}
        # Only what is lost can lapse or move: a browser may name any sentence.
        decided = Choices(
            choices.lapse & open_lapses,
            {old: new for old, new in choices.moves.items() if old in open_lapses and new in after.named},
        )
        text = notes_after(noted, decided)
        changes: Mapping[str, bytes | None] = plan.changes
        if text != noted.file.text:
            changes = {**changes, NOTES_FILE: text.encode()}
        lost = tuple(
            each
            for each in lost_notes(noted, after)
            if each.sentence not in decided.lapse and each.sentence not in decided.moves
        )
        return Draught(replace(plan, changes=changes), self._now, after, lost, article)

    def _check_base(self, draft: Draft) -> None:
        if draft.base is None:
            return
        found = self._files.get(draft.base.source)
        if found != draft.base.checksum:
            raise ArticleChangedError(is_gone=found is None)

    def _name(self, draft: Draft, slug: str) -> str:
        """The file it came from; a Markdown file of a name of our own for anything else."""
        if draft.base and Path(draft.base.source).suffix.lower() == MARKDOWN:
            return draft.base.source
        stem = Path(draft.base.source).stem if draft.base else slug
        return _free_name(f"artikel-{stem}" if _NO_NAME.fullmatch(stem.lower()) else stem, self._files)


def going_back(edition: Edition, blobs: Blobs, files: Files) -> Plan:
    """Raises ``NoSuchEditionError`` when bytes of it are gone."""
    changes: dict[str, bytes | None] = {name: None for name in files if name not in edition.files}
    changes |= {name: blobs.get(digest) for name, digest in edition.files.items() if files.get(name) != digest}
    return Plan(Cause.WENT_BACK, changes, edition.title)


def _free_name(stem: str, files: Files) -> str:
    """Not there yet, also not in other capitals."""
    taken = {name.casefold() for name in files}
    names = (f"{stem}{f'-{number}' if number else ''}{MARKDOWN}" for number in range(len(files) + 1))
    return next(name for name in names if name.casefold() not in taken)
