"""Hiaten: what visitors asked that got no answer, by topic, and the way from there to an article."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr

from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.gaps import Gaps, View, make_lasting
from assistant.staff.gaps.shown import choices, group_shown, lasting_shown, left_over, progress
from assistant.staff.library.publishing import Publication
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message

if TYPE_CHECKING:
    from assistant.staff.page import Console

_SECONDS_BETWEEN_NEWS = 0.5

Updates = dict[Any, Any]


class GapsTab:
    ID: ClassVar[str] = "hiaten"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._gaps: Gaps | None = None
        self._console: Console | None = None
        self.view = gr.State(None)
        markdown(f"## {escape(texts.TAB_GAPS)}\n\n{escape(texts.GAPS_INTRO)}")
        self.said = message()
        with gr.Column(visible=False, elem_id="gaps") as self.found:
            with gr.Row():
                self.others = gr.Checkbox(label=texts.GAPS_WITH_OTHERS, value=False)
                self.again = gr.Button(texts.GAPS_LOOK)
            self.choice = gr.Radio([], label=texts.GAPS_CHOOSE, elem_id="gaps-choice")
            self.left_over = markdown()
            with gr.Column(visible=False, elem_id="gap") as self.chosen:
                self.group = markdown()
                with gr.Row():
                    self.start = gr.Button(texts.GAP_START, variant="primary", elem_id="gap-start")
                    self.keep = gr.Button(texts.GAP_KEEP, elem_id="gap-keep")
                self.note = markdown(escape(texts.GAP_KEEP_NOTE))
                self.kept = message()
        self.opened: Sequence[Any] = [
            self.view,
            self.said,
            self.found,
            self.others,
            self.choice,
            self.left_over,
            self.chosen,
            self.kept,
        ]

    def connect(self, console: "Console") -> None:
        shown = [self.chosen, self.group, self.keep, self.note]
        gr.on([self.others.input, self.again.click], self.on_look, self.others, list(self.opened), **PRIVATE)
        self.choice.input(self.on_choose, [self.choice, self.view], [*shown, self.kept], **PRIVATE)
        self.view.change(self.on_change, [self.choice, self.view], shown, **PRIVATE)
        self.keep.click(self.on_keep, [self.choice, self.view], self.kept, **PRIVATE)
        if console.articles is not None:
            self._console = console
            console.articles.after_publishing(self.on_published)
            shown_there = [console.tabs, self.kept, *console.articles.everything]
            self.start.click(self.on_start, [self.choice, self.view], shown_there, **PRIVATE)

    def on_open(self) -> Iterator[Updates]:
        yield {self.others: False, self.choice: gr.update(value=None), self.chosen: gr.update(visible=False)}
        yield from self.on_look(False)

    def on_look(self, with_others: bool | None) -> Iterator[Updates]:
        """What is there at once, and more as it comes."""
        told = 0.0
        try:
            for view in self._looking(bool(with_others)):
                if view.is_finished or time.monotonic() - told > _SECONDS_BETWEEN_NEWS:
                    told = time.monotonic()
                    yield self._show(view)
        except Exception as error:  # whatever it is, it is said in the tab
            yield {self.said: complaint(error)}

    def on_choose(self, number: int | None, view: View | None) -> Updates:
        return {self.kept: "", **self.on_change(number, view)}

    def on_change(self, number: int | None, view: View | None) -> Updates:
        """The group that was chosen, as it is known by now."""
        if number is None:  # perhaps one was chosen since: what that shows must stay
            return {self.chosen: gr.update()}
        group = view.group_of(number) if view else None
        if group is None:
            return {self.chosen: gr.update(visible=False)}
        return {
            self.chosen: gr.update(visible=True),
            self.group: group_shown(group, self._titles()),
            self.keep: gr.update(visible=bool(group.answered)),
            self.note: gr.update(visible=bool(group.answered)),
        }

    def on_start(self, number: int | None, view: View | None) -> Updates:
        """A draft with the questions of the group beside it, in the tab where it is written."""
        try:
            group = view.group_of(number) if view else None
            if group is None or self._console is None:
                return {self.kept: escape(texts.GAP_CHOOSE_FIRST)}
            title = group.name.rstrip("?").strip()
            begun = self._console.articles.start(title, group.questions)
            return {self.kept: "", self._console.tabs: self._console.open("artikelen"), **begun}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.kept: complaint(error)}

    def on_published(self, publication: Publication) -> str:
        """The questions that an article was written for become tests, where it answers them. Raises ``ChecksError``."""
        edition = publication.edition
        if not edition.questions:
            return ""
        self._desk.refresh()
        lasting = make_lasting(self._desk.assistant, self._desk.checks, edition.questions, edition.slug)
        return f"### {escape(texts.LASTING_TITLE)}\n\n{lasting_shown(lasting)}"

    def on_keep(self, number: int | None, view: View | None) -> str:
        try:
            group = view.group_of(number) if view else None
            if group is None:
                return escape(texts.GAP_CHOOSE_FIRST)
            asked = [gap.asked.question for gap in group.answered]
            return lasting_shown(make_lasting(self._desk.assistant, self._desk.checks, asked))
        except Exception as error:  # whatever it is, it is said in the tab
            return complaint(error)

    def _looking(self, with_others: bool) -> Iterator[View]:
        if self._gaps is None:
            self._gaps = Gaps(self._desk.records, self._desk.embedder)
        return self._gaps.look(self._desk.assistant, with_others)

    def _show(self, view: View) -> Updates:
        is_kept = self._desk.settings.keep_conversations_days > 0 or view.questions > 0
        return {
            self.view: view,
            self.said: progress(view) if is_kept else escape(texts.GAPS_NOT_KEPT),
            self.found: gr.update(visible=is_kept),
            self.choice: gr.update(choices=choices(view.groups)),
            self.left_over: left_over(view),
        }

    def _titles(self) -> dict[str, str]:
        return {slug: article.title for slug, article in self._desk.assistant.index.articles.items()}
