"""Vraag: ask as a visitor would, see the reply and why it is that, and keep the question as a test."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr

from assistant import texts as visitor_texts
from assistant.answer import Answer, AnswerKind, Engine, Urgency
from assistant.errors import AssistantError
from assistant.explain import Explanation, explain
from assistant.reply import Role, Turn
from assistant.staff import texts
from assistant.staff.checks import Expectation
from assistant.staff.desk import Desk
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message
from assistant.staff.why import verdict, why
from assistant.web.chat.render import render_answer
from ingest.index import Index

if TYPE_CHECKING:
    from assistant.staff.page import Console

_WITH_LEVEL = (AnswerKind.ANSWERED, AnswerKind.URGENT)

Updates = dict[Any, Any]


class TooManyEarlierError(AssistantError):
    def __init__(self, count: int, most: int) -> None:
        super().__init__(texts.EARLIER_TOO_MANY.format(count=count, most=most))


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be kept as a test: what was asked, and the level of the alarm that it got."""

    question: str
    history: tuple[Turn, ...]
    urgency: Urgency | None


class QuestionTab:
    ID: ClassVar[str] = "vraag"
    opened: Sequence[Any] = ()

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.asked = gr.State(None)
        markdown(f"## {escape(texts.QUESTION_HEADING)}\n\n{escape(texts.QUESTION_INTRO)}")
        self._lay_out_asking()
        self.said = message()
        with gr.Column(visible=False, elem_id="why-result") as self.result:
            self._lay_out_reply()
            self._lay_out_keeping()
            with gr.Accordion(texts.WHY_TITLE, open=False, elem_id="why"):
                self.why = markdown()

    def _lay_out_asking(self) -> None:
        self.box = gr.Textbox(
            label=texts.ASK_LABEL, placeholder=texts.ASK_PLACEHOLDER, lines=1, max_lines=5, elem_id="why-question"
        )
        with gr.Accordion(texts.EARLIER_TITLE, open=False, elem_id="why-earlier"):
            self.earlier = gr.Textbox(label=texts.EARLIER_LABEL, info=texts.EARLIER_INFO, lines=3, max_lines=8)
        self.ask = gr.Button(texts.ASK_BUTTON, variant="primary", elem_id="why-ask")

    def _lay_out_reply(self) -> None:
        """Under "log", where the chat's own style sheet draws a reply."""
        self.outcome = markdown()
        with gr.Row(elem_id="log"):
            with gr.Column(min_width=300):
                self.reply_title = markdown()
                self.reply = markdown(elem_classes="reply")
                self.suggestions = markdown(elem_classes="suggestions")
            with gr.Column(min_width=300, visible=False) as self.beside:
                markdown(f"### {escape(texts.REPLY_QUOTED_TITLE)}")
                self.quoted = markdown(elem_classes="reply")

    def _lay_out_keeping(self) -> None:
        """Two clicks: open, and confirm what is proposed."""
        with gr.Accordion(texts.KEEP_BUTTON, open=False, elem_id="why-keep"):
            markdown(escape(texts.KEEP_INTRO))
            kinds = [(label, value) for value, label in texts.CHECK_KINDS.items()]
            self.kind = gr.Radio(kinds, label=texts.KEEP_KIND)
            self.article = gr.Dropdown([], label=texts.KEEP_ARTICLE)
            self.level = markdown()
            self.keep = gr.Button(texts.KEEP_CONFIRM)
            self.kept = message()

    def connect(self, console: "Console") -> None:
        shown = [
            self.asked,
            self.said,
            self.result,
            self.outcome,
            self.reply_title,
            self.reply,
            self.suggestions,
            self.beside,
            self.quoted,
            self.why,
            self.kind,
            self.article,
            self.level,
            self.kept,
        ]
        gr.on([self.box.submit, self.ask.click], self.on_ask, [self.box, self.earlier], shown, **PRIVATE)
        self.kind.change(self.on_kind, self.kind, self.article, **PRIVATE)
        self.keep.click(self.on_keep, [self.asked, self.kind, self.article], self.kept, **PRIVATE)

    def on_open(self) -> None:
        """What was asked stays."""

    def on_ask(self, question: str | None, earlier: str | None) -> Iterator[Updates]:
        yield {self.said: escape(texts.ASKING), self.result: gr.update(visible=False)}
        try:
            history = self._history(earlier or "")
            assistant = self._desk.assistant
            explained = explain(assistant, question or "", history)
            asked = Asked(question or "", history, explained.answer.urgency)
            updates = {**self._show(explained), **self._propose(asked, explained.answer, assistant.index)}
        except Exception as error:  # whatever it is, it is said in the tab
            updates = {self.said: complaint(error)}
        yield updates

    def on_kind(self, kind: str | None) -> dict[str, Any]:
        """Only an answer comes from an article."""
        return gr.update(visible=kind == AnswerKind.ANSWERED)

    def on_keep(self, asked: Asked | None, kind: str | None, article: str | None) -> str:
        if asked is None:
            return ""
        try:
            expected = AnswerKind(kind or "")
            expectation = Expectation(
                kind=expected,
                article=article or "" if expected is AnswerKind.ANSWERED else "",
                urgency=asked.urgency if expected in _WITH_LEVEL else None,
            )
            self._desk.checks.add(asked.question, asked.history, expectation)
        except Exception as error:  # whatever it is, it is said in the tab
            return complaint(error)
        return escape(texts.KEPT)

    def _history(self, earlier: str) -> tuple[Turn, ...]:
        """Raises ``TooManyEarlierError``."""
        messages = [line.strip() for line in earlier.splitlines() if line.strip()]
        most = self._desk.settings.max_history_turns
        if len(messages) > most:
            raise TooManyEarlierError(len(messages), most)
        return tuple(Turn(Role.USER, each) for each in messages)

    def _show(self, explained: Explanation) -> Updates:
        quoted = explained.quoted if explained.answer.engine is Engine.LLM else None
        title = texts.REPLY_BY_MODEL_TITLE if quoted else texts.REPLY_TITLE
        return {
            self.said: escape(texts.ASKED),
            self.result: gr.update(visible=True),
            self.outcome: f"**{escape(texts.OUTCOME_TITLE)}.** {verdict(explained)}",
            self.reply_title: f"### {escape(title)}",
            self.reply: render_answer(explained.answer),
            self.suggestions: _suggestions(explained.answer),
            self.beside: gr.update(visible=quoted is not None),
            self.quoted: render_answer(quoted) if quoted else "",
            self.why: why(explained),
        }

    def _propose(self, asked: Asked, answer: Answer, index: Index) -> Updates:
        """That it stays as it is."""
        expected = Expectation.of(answer, index)
        articles = sorted((article.title, slug) for slug, article in index.articles.items())
        is_answered = expected.kind is AnswerKind.ANSWERED
        has_level = expected.urgency is not None and expected.kind in _WITH_LEVEL
        return {
            self.asked: asked,
            self.kind: expected.kind.value,
            self.article: gr.update(choices=articles, value=expected.article or None, visible=is_answered),
            self.level: escape(texts.KEEP_LEVEL.format(level=expected.urgency)) if has_level else "",
            self.kept: "",
        }


def _suggestions(answer: Answer) -> str:
    """Buttons below the reply, on the chat page."""
    lines = (f"- {escape(suggestion)}" for suggestion in answer.suggestions)
    return "\n".join((f"{escape(visitor_texts.SUGGESTIONS)}\n", *lines)) if answer.suggestions else ""
