"""Below the conversation: did this help, why not, and anything to add? Buttons of ours, for Gradio's have no names."""

from typing import Any

import gradio as gr

from assistant import texts
from assistant.web.bodies import MOST_COMMENT_CHARS
from assistant.web.chat.opinion import Rateable, Step
from assistant.web.chat.render import escape
from assistant.web.reception import Reason


class RatingBar:
    """The components, one group for each step, and which of them are shown."""

    def __init__(self, hint: str) -> None:
        """``hint`` says what becomes of what is written."""
        with gr.Column(elem_id="rating", visible=False) as self.bar:
            with gr.Row(elem_classes="step", visible=False) as self.asking:
                _words(texts.HELPFUL)
                self.yes = gr.Button(texts.YES, elem_classes="quiet")
                self.no = gr.Button(texts.NO, elem_classes="quiet")
            with gr.Row(elem_classes="step", visible=False) as self.why:
                _words(texts.NOT_HELPFUL_WHY)
                self.reasons = {
                    Reason(reason): gr.Button(text, elem_classes="chip")
                    for reason, text in texts.NOT_HELPFUL_REASONS.items()
                }
            with gr.Row(elem_classes="step", visible=False) as self.telling:
                self.box = gr.Textbox(
                    label=texts.COMMENT_LABEL, lines=3, max_lines=6, max_length=MOST_COMMENT_CHARS, elem_id="comment"
                )
                _words(hint)
                self.send = gr.Button(texts.COMMENT_SEND, elem_classes="chip")
                self.skip = gr.Button(texts.COMMENT_SKIP, elem_classes="chip")
            self.thanks = gr.Markdown(escape(texts.THANKS), elem_id="rating-thanks", visible=False, latex_delimiters=[])

    @property
    def outputs(self) -> list[Any]:
        return [self.bar, self.asking, self.why, self.telling, self.box, self.thanks]

    def show(self, reply: Rateable | None) -> dict[Any, Any]:
        """``reply`` is the last one of the conversation, once it is whole and while nothing else is being said."""
        step = reply.step if reply else Step.NOTHING
        is_thanked = reply is not None and step is Step.NOTHING and not reply.answer.alarm
        updates = {
            self.bar: gr.update(visible=step is not Step.NOTHING or is_thanked),
            self.asking: gr.update(visible=step is Step.HELPFUL),
            self.why: gr.update(visible=step is Step.WHY),
            self.telling: gr.update(visible=step is Step.WORDS),
            self.thanks: gr.update(visible=is_thanked),
        }
        return updates if step is Step.WORDS else {**updates, self.box: ""}


def _words(text: str) -> None:
    gr.Markdown(escape(text), elem_classes="words", latex_delimiters=[])
