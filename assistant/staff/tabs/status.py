"""Stand: how the chat is doing, and the switch that pauses it for visitors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import gradio as gr

from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.shown import PRIVATE, complaint, escape, markdown, message
from assistant.staff.standing import days_shown, file_shown, index_shown, replies_shown
from assistant.web.encodable import encodable
from assistant.web.pause import PauseSwitch

if TYPE_CHECKING:
    from assistant.staff.page import Console

_PERIODS = (7, 30, 90)
_USUAL_DAYS = 30
_MOST_NOTICE_CHARS = 500

Updates = dict[Any, Any]


class StatusTab:
    ID: ClassVar[str] = "stand"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pause = PauseSwitch(desk.settings.pause_file)
        markdown(f"## {escape(texts.STATUS_TITLE)}")
        self._lay_out_switch()
        self.said = message()
        markdown(f"## {escape(texts.STATUS_REPLIES_TITLE)}")
        periods = [(texts.STATUS_DAYS.format(days=days), days) for days in _PERIODS]
        self.days = gr.Radio(periods, value=_USUAL_DAYS, label=texts.STATUS_PERIOD, elem_id="status-days")
        self.replies = markdown()
        with gr.Accordion(texts.STATUS_BY_DAY, open=False):
            self.by_day = gr.Markdown(latex_delimiters=[], elem_id="status-by-day")
        markdown(f"## {escape(texts.STATUS_INDEX_TITLE)}")
        self.index = markdown()
        markdown(f"## {escape(texts.STATUS_FILE_TITLE)}")
        self.file = markdown()
        self._figures = [self.replies, self.by_day, self.index, self.file]
        self._switch = [self.state, self.notice, self.pause, self.resume]
        self.opened: Sequence[Any] = [*self._switch, *self._figures, self.said]

    def _lay_out_switch(self) -> None:
        self.state = markdown()
        self.notice = gr.Textbox(
            label=texts.PAUSE_NOTICE_LABEL,
            info=texts.PAUSE_NOTICE_INFO,
            max_length=_MOST_NOTICE_CHARS,
            lines=1,
            max_lines=4,
            elem_id="pause-notice",
        )
        with gr.Row():
            self.pause = gr.Button(texts.PAUSE, variant="stop", elem_id="pause")
            self.resume = gr.Button(texts.RESUME, variant="primary", elem_id="resume", visible=False)

    def connect(self, console: "Console") -> None:
        self.days.input(self.on_days, self.days, [*self._figures, self.said], **PRIVATE)
        self.pause.click(self.on_pause, self.notice, [*self._switch, self.said], **PRIVATE)
        self.resume.click(self.on_resume, None, [*self._switch, self.said], **PRIVATE)

    def on_open(self) -> Updates:
        return self._switched("") | self.on_days(_USUAL_DAYS)

    def on_days(self, days: Any) -> Updates:
        shown = {self.said: "", self.index: self._index()}
        try:
            found = self._desk.records.statistics(days if days in _PERIODS else _USUAL_DAYS)
        except Exception as error:  # whatever is wrong with the file, the rest is shown
            nothing = dict.fromkeys((self.replies, self.by_day), "")
            return {**shown, **nothing, self.file: complaint(error)}
        return {
            **shown,
            self.replies: replies_shown(found),
            self.by_day: days_shown(found),
            self.file: file_shown(found, self._desk.settings.keep_conversations_days),
        }

    def on_pause(self, notice: Any) -> Updates:
        """The text comes from a browser, so it may be anything."""
        written = " ".join(encodable(str(notice or "")).split())[:_MOST_NOTICE_CHARS]
        try:
            self._pause.pause(written)
        except OSError as error:
            return self._switched(_not_written(self._desk.settings.pause_file, error))
        return self._switched(escape(texts.PAUSED_DONE))

    def on_resume(self) -> Updates:
        try:
            self._pause.resume()
        except OSError as error:
            return self._switched(_not_written(self._desk.settings.pause_file, error))
        return self._switched(escape(texts.RESUMED_DONE))

    def _switched(self, said: str) -> Updates:
        """As the switch is now: someone else, or the command, may have turned it."""
        notice = self._pause.notice
        state = texts.STATUS_PAUSED.format(notice=notice) if notice else texts.STATUS_RUNNING
        return {
            self.state: f"**{escape(state)}**",
            self.notice: gr.update(visible=not notice),
            self.pause: gr.update(visible=not notice),
            self.resume: gr.update(visible=bool(notice)),
            self.said: said,
        }

    def _index(self) -> str:
        try:
            return index_shown(self._desk.assistant.index, is_behind=self._desk.is_behind)
        except Exception as error:
            return complaint(error)


def _not_written(path: object, error: OSError) -> str:
    return escape(texts.PAUSE_NOT_WRITTEN.format(path=path, reason=error.strerror or type(error).__name__))
