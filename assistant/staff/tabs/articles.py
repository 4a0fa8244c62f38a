"""Artikelen: see how the articles are cut, write them, look before publishing, publish, and go back.

There is one thing to look at at a time: the list, an article, the boxes to write in, or what publishing would do.
Whatever changes the articles goes by way of that look.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr

from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.library.drafts import Draft
from assistant.staff.library.errors import ArticleChangedError, DraftError, LibraryError, NoSuchDraftError
from assistant.staff.library.preview import Compare
from assistant.staff.library.publishing import Publication
from assistant.staff.library.shown import (
    article_shown,
    draft_named,
    edition_named,
    recovery_shown,
    report_shown,
    shelf_shown,
    warnings_shown,
)
from assistant.staff.library.upload import KINDS
from assistant.staff.library.work import TAKING_OVER, Done, Told, work
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message, paragraphs
from assistant.staff.tabs.article_form import ArticleForm, typed
from assistant.staff.tabs.article_look import Look, LookPane, decided

if TYPE_CHECKING:
    from assistant.staff.page import Console

Updates = dict[Any, Any]

# Hears of each publication; the Markdown it gives is shown below the report.
Follow = Callable[[Publication], str]


class ArticlesTab:
    ID: ClassVar[str] = "artikelen"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._follow: list[Follow] = []
        self._at_start = self._recovered()
        self.draft = gr.State(None)
        self.look = gr.State(None)
        self.said = message()
        with gr.Column(elem_id="articles-list") as self._list:
            self._lay_out_list()
        with gr.Column(visible=False, elem_id="articles-read") as self._reading:
            self._lay_out_reading()
        with gr.Column(visible=False, elem_id="articles-write") as self._writing:
            self._lay_out_writing()
        with gr.Column(visible=False, elem_id="articles-look") as self._looking:
            self._pane = LookPane()
        self.opened: Sequence[Any] = [
            self._warnings,
            self._hand,
            self._table,
            self._article,
            self._draft_id,
            self._edition,
            self._go_back,
        ]

    def _lay_out_list(self) -> None:
        markdown(f"## {escape(texts.TAB_ARTICLES)}\n\n{escape(texts.ARTICLES_INTRO)}")
        self._warnings = markdown()
        self._hand = gr.Button(texts.HAND_LOOK, visible=False)
        with gr.Row():
            self._new = gr.Button(texts.ARTICLE_NEW, variant="primary", elem_id="article-new")
            self._upload = gr.UploadButton(texts.ARTICLE_UPLOAD, file_types=list(KINDS), elem_id="article-upload")
        markdown(escape(texts.ARTICLE_UPLOAD_INFO))
        self._table = markdown()
        with gr.Row():
            self._article = gr.Dropdown([], label=texts.ARTICLE_CHOOSE, elem_id="article-choose")
            self._read = gr.Button(texts.ARTICLE_READ, elem_id="article-read")
            self._edit = gr.Button(texts.ARTICLE_EDIT, elem_id="article-edit")
            self._remove = gr.Button(texts.ARTICLE_REMOVE, elem_id="article-remove")
        markdown(f"### {escape(texts.DRAFTS_TITLE)}")
        with gr.Row():
            self._draft_id = gr.Dropdown([], label=texts.DRAFT_CHOOSE, elem_id="draft-choose")
            self._resume = gr.Button(texts.DRAFT_OPEN, elem_id="draft-open")
        with gr.Accordion(texts.EDITIONS_TITLE, open=False, elem_id="articles-editions"):
            markdown(escape(texts.EDITIONS_INTRO))
            self._edition = gr.Dropdown([], label=texts.EDITION_CHOOSE, elem_id="edition-choose")
            self._go_back = gr.Button(texts.EDITION_LOOK, elem_id="edition-look")

    def _lay_out_reading(self) -> None:
        with gr.Row():
            self._edit_this = gr.Button(texts.ARTICLE_EDIT)
            self._stop_reading = gr.Button(texts.BACK_TO_LIST)
        self._outline = markdown(elem_id="article-outline")

    def _lay_out_writing(self) -> None:
        markdown(f"## {escape(texts.WRITING_TITLE)}")
        self._form = ArticleForm()
        with gr.Row():
            self._look_first = gr.Button(texts.DRAFT_LOOK, variant="primary", elem_id="draft-look")
            self._save = gr.Button(texts.DRAFT_SAVE, elem_id="draft-save")
            self._stop_writing = gr.Button(texts.BACK_TO_LIST, elem_id="draft-leave")
        with gr.Accordion(texts.DRAFT_DISCARD, open=False, elem_id="draft-discard"):
            self._discard = gr.Button(texts.DRAFT_DISCARD_SURE, variant="stop")

    @property
    def everything(self) -> list[Any]:
        """The outputs of an event that uses ``start``."""
        views = [self._list, self._reading, self._writing, self._looking]
        parts = [*self._form.shown, *self._pane.shown, self._outline]
        return [self.said, self.draft, self.look, *views, *self.opened, *parts]

    def connect(self, console: "Console") -> None:
        options: dict[str, Any] = {"outputs": self.everything, **PRIVATE}
        words = [self.draft, *self._form.fields]
        pane = self._pane
        self._new.click(self.on_new, None, **options)
        self._upload.upload(self.on_upload, self._upload, **options)
        self._read.click(self.on_read, self._article, **options)
        gr.on([self._edit.click, self._edit_this.click], self.on_edit, self._article, **options)
        self._remove.click(self.on_remove, self._article, **options)
        self._resume.click(self.on_resume, self._draft_id, **options)
        self._hand.click(self.on_hand, None, **options)
        self._go_back.click(self.on_go_back, self._edition, **options)
        self._save.click(self.on_save, words, **options)
        self._look_first.click(self.on_look, words, **options)
        self._stop_writing.click(self.on_stop_writing, words, **options)
        self._discard.click(self.on_discard, self.draft, **options)
        # Who goes from box to box leaves the next one while the last is being kept: that one must be kept, too.
        gr.on([field.blur for field in self._form.fields], self.on_blur, words, trigger_mode="always_last", **options)
        pane.publish.click(self.on_publish, self.look, **options)
        pane.again.click(self.on_again, [self.look, pane.moves, pane.lapses], **options)
        pane.settle.click(self.on_settle, self.look, **options)
        pane.write.click(self.on_write, self.draft, **options)
        gr.on([self._stop_reading.click, pane.leave.click], self.on_list, None, **options)

    def after_publishing(self, follow: Follow) -> None:
        """For other tabs: whatever it raises is said, and the publication stands."""
        self._follow.append(follow)

    def start(self, title: str, questions: Sequence[str], by: str = "") -> Updates:
        """For other tabs: a new draft, open to write in, with ``questions`` beside it. Raises ``LibraryError``."""
        return self._write(self._desk.library.begin(title, tuple(questions), by))

    # The list, and an article.

    def on_open(self) -> Updates:
        """The list anew; what is open stays open."""
        return self._safely(self._listed)

    def on_list(self) -> Updates:
        return self._safely(lambda: {self.said: "", **self._view(self._list), **self._listed()})

    def on_read(self, slug: str | None) -> Updates:
        return self._safely(lambda: {**self._shown(_chosen(slug)), self.said: "", **self._view(self._reading)})

    def _shown(self, slug: str) -> Updates:
        library = self._desk.library
        return {self._outline: article_shown(library.article(slug), library.outline(slug))}

    def _listed(self) -> Updates:
        library = self._desk.library
        shelf, drafts, editions = library.shelf(), library.drafts.all(), library.editions()[1:]
        warnings = warnings_shown(shelf, [path.name for path in library.drafts.damaged()])
        return {
            self._warnings: "\n\n".join(block for block in (self._at_start, warnings) if block),
            self._hand: gr.update(visible=shelf.is_changed_by_hand),
            self._table: shelf_shown(shelf),
            self._article: gr.update(choices=[(each.article.title, each.article.slug) for each in shelf.articles]),
            self._draft_id: gr.update(choices=[(draft_named(each), each.id) for each in drafts], value=None),
            self._edition: gr.update(choices=[(edition_named(each), each.number) for each in editions], value=None),
            self._go_back: gr.update(interactive=bool(editions)),
        }

    # Writing.

    def on_new(self, request: gr.Request) -> Updates:
        return self._safely(lambda: self.start("", (), _browser(request)))

    def on_upload(self, path: str | None, request: gr.Request) -> Iterator[Updates]:
        yield {self.said: escape(texts.UPLOAD_READING)}
        library, by = self._desk.library, _browser(request)
        yield self._safely(
            lambda: self._write(library.upload(Path(path), Path(path).name, by)) if path else {self.said: ""}
        )

    def on_edit(self, slug: str | None, request: gr.Request) -> Updates:
        return self._safely(lambda: self._write(self._desk.library.edit(_chosen(slug), _browser(request))))

    def on_resume(self, draft_id: str | None) -> Updates:
        return self._safely(lambda: self._write(self._desk.library.drafts.get(_chosen(draft_id))))

    def on_save(self, draft: Draft | None, request: gr.Request, *fields: str | None) -> Updates:
        return self._safely(lambda: self._saved(draft, fields, _browser(request)))

    def on_blur(self, draft: Draft | None, request: gr.Request, *fields: str | None) -> Updates:
        """Keep what was typed; not what was thrown away or published a moment ago."""

        def kept() -> Updates:
            try:
                self._desk.library.drafts.get(draft.id if draft else "")
            except NoSuchDraftError:
                return {}
            return self._saved(draft, fields, _browser(request))

        return self._safely(kept)

    def on_stop_writing(self, draft: Draft | None, request: gr.Request, *fields: str | None) -> Updates:
        """Nothing that was typed is lost on the way."""

        def left() -> Updates:
            saved = self._saved(draft, fields, _browser(request))
            return {**saved, self.said: "", **self._view(self._list), **self._listed()}

        return self._safely(left)

    def on_write(self, draft: Draft | None) -> Updates:
        return self._safely(lambda: self._write(draft) if draft else self.on_list())

    def on_discard(self, draft: Draft | None) -> Updates:
        def discarded() -> Updates:
            if draft:
                self._desk.library.drafts.discard(draft.id)
            said = {self.said: escape(texts.DRAFT_DISCARDED), self.draft: None}
            return {**said, **self._view(self._list), **self._listed()}

        return self._safely(discarded)

    def _write(self, draft: Draft) -> Updates:
        return {self.said: "", self.draft: draft, **self._form.show(draft), **self._view(self._writing)}

    def _saved(self, draft: Draft | None, fields: Sequence[str | None], by: str) -> Updates:
        saved = self._desk.library.save(typed(draft or Draft(), fields, by))
        return {self.draft: saved.draft, **self._form.saved(saved.draft, saved.is_copy)}

    # Looking before anything is done.

    def on_look(self, draft: Draft | None, request: gr.Request, *fields: str | None) -> Iterator[Updates]:
        try:
            updates = self._saved(draft, fields, _browser(request))
        except Exception as error:  # whatever it is, it is said in the tab
            yield {self.said: complaint(error)}
            return
        yield updates
        yield from self._look_at(Look(updates[self.draft]))

    def on_remove(self, slug: str | None) -> Iterator[Updates]:
        yield from self._look_at(Look(slug)) if slug else iter([{self.said: escape(texts.CHOOSE_FIRST)}])

    def on_go_back(self, number: int | None) -> Iterator[Updates]:
        yield from self._look_at(Look(number)) if number else iter([{self.said: escape(texts.CHOOSE_FIRST)}])

    def on_hand(self) -> Iterator[Updates]:
        yield from self._look_at(Look(None))

    def on_again(self, look: Look | None, moves: list[str] | None, lapses: list[str] | None) -> Iterator[Updates]:
        if look is None:
            return
        try:
            choices = decided(look, moves, lapses)
        except LibraryError as error:
            yield {self.said: complaint(error)}
            return
        yield from self._look_at(Look(look.subject, choices))

    def on_settle(self, look: Look | None) -> Iterator[Updates]:
        """Staff has seen what somebody else made of it meanwhile."""
        if look is None or not isinstance(look.subject, Draft):
            return
        library = self._desk.library
        try:
            draft = library.as_new(look.subject) if look.is_gone else library.on_top(look.subject)
        except Exception as error:  # whatever it is, it is said in the tab
            yield {self.said: complaint(error)}
            return
        yield {self.draft: draft}
        yield from self._look_at(replace(look, subject=draft))

    def _look_at(self, look: Look) -> Iterator[Updates]:
        clear = {**self._view(self._looking), **self._pane.clear(look.subject)}
        yield {self.said: escape(texts.PREVIEW_BUSY), self.look: None, **clear}
        try:
            for news in work(
                lambda told: self._desk.library.preview(look.subject, look.choices, self._compare(told), told)
            ):
                if not isinstance(news, Done):
                    yield {self.said: escape(news)}
                    continue
                preview = news.made
                said = texts.PREVIEW_STOPPED if preview.lost_notes else texts.PREVIEW_READY
                shown = self._pane.show(look.subject, preview)
                yield {self.said: escape(said), self.look: replace(look, lost=preview.lost_notes), **shown}
        except Exception as error:  # whatever it is, it is said in the tab
            yield self._refused(look, error)

    def _compare(self, told: Told) -> Compare | None:
        """How the test questions would be answered, against how they are now; None without any, which saves seconds."""
        if not self._desk.checks.all():
            return None
        now = self._desk.assistant
        return lambda then: self._desk.checks.compare(then, now, told.reached)

    def _refused(self, look: Look, error: Exception) -> Updates:
        """What the draft began from as it is now, when that is what is wrong."""
        updates: Updates = {self.said: complaint(error)}
        if isinstance(error, ArticleChangedError) and isinstance(look.subject, Draft):
            updates |= {self.look: replace(look, is_gone=error.is_gone)}
            updates |= self._pane.conflict(look.subject, error.is_gone, self._as_it_is(look.subject.slug))
        return updates

    def _as_it_is(self, slug: str) -> str:
        try:
            return paragraphs(self._desk.library.in_folder(slug).body)
        except LibraryError:
            return ""

    # Doing it.

    def on_publish(self, look: Look | None) -> Iterator[Updates]:
        if look is None:
            return
        yield {self.said: escape(texts.PUBLISHING), self._pane.publish: gr.update(visible=False)}
        try:
            for news in work(lambda told: self._publish(look, told)):
                yield {self.said: escape(news)} if not isinstance(news, Done) else self._published(news.made)
        except Exception as error:  # whatever it is, it is said in the tab
            yield {self._pane.publish: gr.update(visible=True), **self._refused(look, error)}

    def _publish(self, look: Look, told: Told) -> str:
        """What to say of it; on a thread that goes on when the page is closed."""
        titles = self._titles()
        publication = self._desk.library.publish(look.subject, look.choices, told)
        told.step(TAKING_OVER, total=0)
        self._desk.refresh()
        blocks = [escape(texts.PUBLISHED), report_shown(publication.report, titles | self._titles())]
        for follow in self._follow:
            try:
                blocks.append(follow(publication))
            except Exception as error:  # the publication stands
                blocks.append(complaint(error))
        return "\n\n".join(block for block in blocks if block)

    def _titles(self) -> dict[str, str]:
        return {slug: article.title for slug, article in self._desk.library.index.articles.items()}

    def _published(self, said: str) -> Updates:
        return {self.said: said, self.draft: None, self.look: None, **self._view(self._list), **self._listed()}

    # All of it.

    def _view(self, shown: gr.Column) -> Updates:
        views = (self._list, self._reading, self._writing, self._looking)
        return {view: gr.update(visible=view is shown) for view in views}

    def _safely(self, updates: Callable[[], Updates]) -> Updates:
        try:
            return updates()
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.said: complaint(error)}

    def _recovered(self) -> str:
        """What became of a publication that was broken off when the console last stopped."""
        try:
            return recovery_shown(self._desk.library.recover())
        except Exception as error:  # the rest of the console is worth having
            return complaint(error)


def _chosen(value: str | None) -> str:
    """Raises ``DraftError``."""
    if not value:
        raise DraftError(texts.CHOOSE_FIRST)
    return value


def _browser(request: gr.Request) -> str:
    return request.session_hash or ""
