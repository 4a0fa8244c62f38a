"""The boxes in which staff writes an article, and what visitors asked beside them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.staff import texts
from assistant.staff.library.drafts import Draft
from assistant.staff.library.shown import questions_shown, saved_shown
from assistant.staff.shown import escape

Updates = dict[Any, Any]


class ArticleForm:
    """Lays itself out where it is made. ``fields`` are in the order of ``typed``."""

    def __init__(self) -> None:
        with gr.Row():
            with gr.Column(scale=3, min_width=320):
                self._title = gr.Textbox(label=texts.FIELD_LABELS["title"], max_lines=1, elem_id="article-title")
                self._body = gr.Textbox(
                    label=texts.BODY_LABEL, info=texts.BODY_INFO, lines=16, max_lines=40, elem_id="article-body"
                )
            with gr.Column(scale=1, min_width=240, visible=False) as self._beside:
                self._questions = gr.Markdown(latex_delimiters=[])
        with gr.Accordion(texts.MORE_FIELDS, open=False, elem_id="article-more"):
            with gr.Row():
                self._tag = _line("tag", texts.TAG_INFO)
                self._url = _line("url", texts.URL_INFO)
            with gr.Row():
                self._published = _line("published", texts.DATE_INFO)
                self._reviewed = _line("reviewed", texts.DATE_INFO)
                self._reviewer = _line("reviewer", texts.REVIEWER_INFO)
        self._saved = gr.Markdown(latex_delimiters=[])

    @property
    def fields(self) -> list[Any]:
        return [self._title, self._body, self._tag, self._url, self._published, self._reviewed, self._reviewer]

    @property
    def shown(self) -> list[Any]:
        """What ``show`` and ``saved`` give values for."""
        return [*self.fields, self._beside, self._questions, self._saved]

    def show(self, draft: Draft) -> Updates:
        return {
            **dict(zip(self.fields, draft.words, strict=True)),
            self._beside: gr.update(visible=bool(draft.questions)),
            self._questions: questions_shown(draft.questions),
            **self.saved(draft),
        }

    def saved(self, draft: Draft, is_copy: bool = False) -> Updates:
        beside = f"{escape(texts.DRAFT_SAVED_BESIDE)} " if is_copy else ""
        return {self._saved: f"{beside}{saved_shown(draft)}"}


def typed(draft: Draft, fields: Sequence[str | None], by: str) -> Draft:
    """``draft`` with what stands in the boxes now."""
    title, body, tag, url, published, reviewed, reviewer = (each or "" for each in fields)
    return replace(
        draft,
        title=title,
        body=body,
        tag=tag,
        url=url,
        published=published,
        reviewed=reviewed,
        reviewer=reviewer,
        saved_by=by,
    )


def _line(name: str, info: str) -> gr.Textbox:
    return gr.Textbox(label=texts.FIELD_LABELS[name], info=info, max_lines=1, min_width=200)
