"""Testvragen: the practice's own questions, run after every change, and what became of each."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr
from pydantic import ValidationError

from assistant.answer import AnswerKind
from assistant.reply import Role, Turn
from assistant.staff import texts
from assistant.staff.checks import Check, Expectation, Origin, Run
from assistant.staff.checks.checks import Imported
from assistant.staff.checks.errors import CheckRefusedError
from assistant.staff.checks.run import finished, results_of
from assistant.staff.checks.shown import changes_shown, history_shown, listed, outcome_of
from assistant.staff.desk import Desk
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message

if TYPE_CHECKING:
    from assistant.staff.page import Console

_SECONDS_BETWEEN_NEWS = 0.3
_WITH_LEVEL = (AnswerKind.ANSWERED, AnswerKind.URGENT)

Updates = dict[Any, Any]


class ChecksTab:
    ID: ClassVar[str] = "testvragen"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.run = gr.State(None)
        markdown(f"## {escape(texts.TAB_CHECKS)}\n\n{escape(texts.CHECKS_INTRO)}")
        with gr.Row():
            self.start = gr.Button(texts.CHECKS_RUN, variant="primary", elem_id="checks-run")
        self.said = message()
        self.outcome = markdown()
        with gr.Column(elem_id="checks-changes"):
            markdown(f"### {escape(texts.CHANGES_TITLE)}")
            self.changes = markdown()
            with gr.Row():
                self.accept = gr.Button(texts.CHECKS_ACCEPT, elem_id="checks-accept")
        markdown(f"### {escape(texts.CHECKS_LIST_TITLE)}")
        self.list = gr.Markdown(latex_delimiters=[], elem_id="checks-list")
        self._lay_out_adding()
        self._lay_out_removing()
        self._lay_out_csv()
        markdown(f"### {escape(texts.HISTORY_TITLE)}")
        self.history = markdown()
        self.opened: Sequence[Any] = [
            self.run,
            self.said,
            self.outcome,
            self.changes,
            self.accept,
            self.list,
            self.article,
            self.chosen,
            self.download,
            self.history,
        ]

    def _lay_out_adding(self) -> None:
        with gr.Accordion(texts.CHECK_ADD_TITLE, open=False, elem_id="checks-add"):
            self.question = gr.Textbox(label=texts.CHECK_QUESTION_LABEL, lines=1, max_lines=4)
            self.earlier = gr.Textbox(
                label=texts.CHECK_EARLIER_LABEL, info=texts.CHECK_EARLIER_INFO, lines=2, max_lines=6
            )
            kinds = [(label, value) for value, label in texts.CHECK_KINDS.items()]
            self.kind = gr.Radio(kinds, value=AnswerKind.ANSWERED.value, label=texts.CHECK_KIND_LABEL)
            self.article = gr.Dropdown([], label=texts.CHECK_ARTICLE_LABEL)
            self.words = gr.Textbox(label=texts.CHECK_WORDS_LABEL, info=texts.CHECK_WORDS_INFO, lines=2, max_lines=6)
            levels = [(texts.CHECK_LEVEL_ANY, ""), *((name, value) for value, name in texts.CHECK_LEVELS.items())]
            self.level = gr.Radio(levels, value="", label=texts.CHECK_LEVEL_LABEL)
            with gr.Row():
                self.add = gr.Button(texts.CHECK_ADD, elem_id="check-add")
            self.added = message()

    def _lay_out_removing(self) -> None:
        with gr.Accordion(texts.CHECK_REMOVE_TITLE, open=False, elem_id="checks-remove"):
            self.chosen = gr.Dropdown([], label=texts.CHECK_REMOVE_LABEL)
            with gr.Row():
                self.remove = gr.Button(texts.CHECK_REMOVE, variant="stop", elem_id="check-remove")
            self.removed = message()

    def _lay_out_csv(self) -> None:
        with gr.Accordion(texts.CSV_TITLE, open=False, elem_id="checks-csv"):
            markdown(escape(texts.CSV_INTRO))
            with gr.Row():
                self.download = gr.DownloadButton(texts.CSV_EXPORT, elem_id="checks-export")
                self.upload = gr.UploadButton(texts.CSV_IMPORT, file_types=[".csv", ".txt"], elem_id="checks-import")
            self.imported = message()

    def connect(self, console: "Console") -> None:
        everything = list(self.opened)
        adding = [self.question, self.earlier, self.kind, self.article, self.words, self.level]
        self.start.click(self.on_run, None, [self.start, *everything], **PRIVATE)
        self.accept.click(self.on_accept, self.run, everything, **PRIVATE)
        self.kind.change(self.on_kind, self.kind, [self.article, self.words, self.level], **PRIVATE)
        self.add.click(self.on_add, adding, [self.added, self.question, *everything], **PRIVATE)
        self.remove.click(self.on_remove, self.chosen, [self.removed, *everything], **PRIVATE)
        self.upload.upload(self.on_import, self.upload, [self.imported, *everything], **PRIVATE)

    def on_open(self) -> Updates:
        """As it is now."""
        try:
            return {self.said: "", **self._show(self._desk.checks.last())}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.said: complaint(error)}

    def on_run(self) -> Iterator[Updates]:
        yield {self.start: gr.update(interactive=False), self.said: ""}
        try:
            yield from self._run()
        except Exception as error:  # whatever it is, it is said in the tab
            yield {self.start: gr.update(interactive=True), self.said: complaint(error)}

    def _run(self) -> Iterator[Updates]:
        assistant, checks = self._desk.assistant, self._desk.checks.all()
        results, told = [], 0.0
        for result in results_of(assistant, checks):
            results.append(result)
            if time.monotonic() - told > _SECONDS_BETWEEN_NEWS:
                told = time.monotonic()
                yield {self.said: escape(texts.CHECKS_RUNNING.format(done=len(results), total=len(checks)))}
        if not checks:
            yield {self.start: gr.update(interactive=True), self.said: escape(texts.CHECKS_NONE)}
            return
        run = self._desk.checks.keep(finished(assistant, results))
        ran = escape(texts.CHECKS_RAN.format(passed=run.passed, total=len(run.results)))
        yield {self.start: gr.update(interactive=True), self.said: ran, **self._show(run)}

    def on_accept(self, run: Run | None) -> Updates:
        try:
            if run is None:
                return {self.said: escape(texts.CHECKS_NOTHING_TO_ACCEPT)}
            self._desk.checks.accept(run)
            return {self.said: escape(texts.CHECKS_ACCEPTED), **self._show(run)}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.said: complaint(error)}

    def on_kind(self, kind: str | None) -> list[dict[str, Any]]:
        """Only an answer comes from an article."""
        is_answer = kind == AnswerKind.ANSWERED
        return [gr.update(visible=is_answer), gr.update(visible=is_answer), gr.update(visible=kind in _WITH_LEVEL)]

    def on_add(
        self,
        question: str | None,
        earlier: str | None,
        kind: str | None,
        article: str | None,
        words: str | None,
        level: str | None,
    ) -> Updates:
        try:
            expectation = _expectation(kind, article, words, level)
            history = [Turn(Role.USER, said) for said in _lines(earlier)]
            added = self._desk.checks.add(question or "", history, expectation, Origin.HAND)
            said = escape(texts.CHECK_ADDED.format(question=added.question))
            return {self.added: said, self.question: "", **self._show(self._desk.checks.last())}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.added: complaint(error)}

    def on_remove(self, identifier: str | None) -> Updates:
        try:
            if not identifier:
                return {self.removed: escape(texts.CHECK_REMOVE_FIRST)}
            question = next((each.said for each in self._desk.checks.all() if each.id == identifier), identifier)
            self._desk.checks.remove(identifier)
            said = escape(texts.CHECK_REMOVED.format(question=question))
            return {self.removed: said, **self._show(self._desk.checks.last())}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.removed: complaint(error)}

    def on_import(self, path: str | None) -> Updates:
        try:
            if path is None:
                return {}
            imported = self._desk.checks.import_csv(Path(path).read_bytes())
            return {self.imported: _imported(imported), **self._show(self._desk.checks.last())}
        except Exception as error:  # whatever it is, it is said in the tab
            return {self.imported: complaint(error)}

    def _show(self, run: Run | None) -> Updates:
        """All of the tab but what was said last."""
        kept, assistant = self._desk.checks, self._desk.assistant
        checks = kept.all()
        titles = {slug: article.title for slug, article in assistant.index.articles.items()}
        articles = sorted((title, slug) for slug, title in titles.items())
        return {
            self.run: run,
            self.outcome: outcome_of(checks, run),
            self.changes: changes_shown(kept.changes(run)) if run else "",
            self.accept: gr.update(visible=run is not None),
            self.list: listed(checks, run, titles),
            self.article: gr.update(choices=articles),
            self.chosen: gr.update(choices=_choices(checks), value=None),
            self.download: str(_exported(kept.export_csv())),
            self.history: history_shown(kept.history()),
        }


def _expectation(kind: str | None, article: str | None, words: str | None, level: str | None) -> Expectation:
    """Raises ``CheckRefusedError``."""
    is_answer = kind == AnswerKind.ANSWERED
    given = {
        "kind": kind,
        "article": (article or "") if is_answer else "",
        "words": _lines(words) if is_answer else (),
        "urgency": level if level and kind in _WITH_LEVEL else None,
    }
    try:
        return Expectation.model_validate(given)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise CheckRefusedError([texts.CHECK_WRONG.format(name=texts.CSV_COLUMNS[key])]) from error


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _choices(checks: Sequence[Check]) -> list[tuple[str, str]]:
    return [(check.said, check.id) for check in checks]


def _imported(imported: Imported) -> str:
    said = escape(
        texts.CSV_IMPORTED.format(added=imported.added, changed=imported.changed, unchanged=imported.unchanged)
    )
    if not imported.refused:
        return said
    return "\n".join((said, "", escape(texts.CSV_REFUSED), "", *(f"- {escape(row.said)}" for row in imported.refused)))


def _exported(raw: bytes) -> Path:
    """In Gradio's temporary folder, which is emptied when the console starts; under a hash, as Gradio's own."""
    folder = Path(os.environ.get("GRADIO_TEMP_DIR", tempfile.gettempdir())) / hashlib.sha256(raw).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "testvragen.csv"
    path.write_bytes(raw)
    return path
