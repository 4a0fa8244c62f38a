"""What publishing would do, before it is done, and what staff decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.staff import texts
from assistant.staff.checks.changes import Changes
from assistant.staff.checks.shown import changes_shown
from assistant.staff.library.drafts import Draft
from assistant.staff.library.errors import DraftError
from assistant.staff.library.library import UNDECIDED, Subject
from assistant.staff.library.notes import Choices, LostNote
from assistant.staff.library.preview import Preview
from assistant.staff.library.shown import lost_notes_shown, preview_shown
from assistant.staff.shown import escape

Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at, with what was decided about notes; ``lost`` are those that wait for a decision.

    ``is_gone``: the article that a draft came from is not there any more, so it can only be an article of its own.
    """

    subject: Subject
    choices: Choices = UNDECIDED
    lost: tuple[LostNote, ...] = ()
    is_gone: bool = False


class LookPane:
    """Lays itself out where it is made."""

    def __init__(self) -> None:
        gr.Markdown(f"## {escape(texts.PREVIEW_TITLE)}", latex_delimiters=[])
        with gr.Row():
            self.publish = gr.Button(texts.PUBLISH, variant="primary", elem_id="article-publish", visible=False)
            self.settle = gr.Button(texts.REPLACE_ANYWAY, elem_id="article-settle", visible=False)
            self.write = gr.Button(texts.KEEP_WRITING, elem_id="article-write")
            self.leave = gr.Button(texts.BACK_TO_LIST)
        with gr.Column(visible=False, elem_id="article-notes") as self._deciding:
            self._notes = gr.Markdown(latex_delimiters=[])
            self.moves = gr.CheckboxGroup([], label=texts.NOTES_MOVE, elem_id="notes-move")
            self.lapses = gr.CheckboxGroup([], label=texts.NOTES_LAPSE, elem_id="notes-lapse")
            with gr.Row():
                self.again = gr.Button(texts.NOTES_LOOK, variant="primary", elem_id="article-again")
        self._checks = gr.Markdown(latex_delimiters=[], elem_id="article-checks")
        self._preview = gr.Markdown(latex_delimiters=[], elem_id="article-preview")

    @property
    def shown(self) -> list[Any]:
        return [
            self.publish,
            self.settle,
            self.write,
            self._deciding,
            self._notes,
            self.moves,
            self.lapses,
            self._checks,
            self._preview,
        ]

    def clear(self, subject: Subject) -> Updates:
        """While it is being looked at."""
        return {
            self.publish: gr.update(visible=False),
            self.settle: gr.update(visible=False),
            self.write: gr.update(visible=isinstance(subject, Draft)),
            self._deciding: gr.update(visible=False),
            self._checks: "",
            self._preview: "",
        }

    def show(self, subject: Subject, preview: Preview) -> Updates:
        is_stopped, moves = bool(preview.lost_notes), _moves(preview.lost_notes)
        return {
            **self.clear(subject),
            self.publish: gr.update(visible=not is_stopped, value=_doing(subject)),
            self._deciding: gr.update(visible=is_stopped),
            self._notes: lost_notes_shown(preview.lost_notes) if is_stopped else "",
            self.moves: gr.update(choices=moves, value=[], visible=bool(moves)),
            self.lapses: gr.update(choices=_lapses(preview.lost_notes), value=[]),
            self._checks: _checks_shown(preview.answers) if preview.report else "",
            self._preview: preview_shown(preview),
        }

    def conflict(self, subject: Subject, is_gone: bool, now: str) -> Updates:
        """Somebody else was first; ``now`` is the article as it is, as Markdown."""
        return {
            **self.clear(subject),
            self.settle: gr.update(visible=True, value=texts.MAKE_NEW if is_gone else texts.REPLACE_ANYWAY),
            self._preview: f"## {escape(texts.NOW_TITLE)}\n\n{now}" if now else "",
        }


def decided(look: Look, moves: Sequence[str] | None, lapses: Sequence[str] | None) -> Choices:
    """Both are sentences. Raises ``DraftError`` when one was chosen twice."""
    nearest = {each.sentence: each.nearest for each in look.lost if each.nearest}
    moving, lapsing = set(moves or ()), set(lapses or ())
    if twice := moving & lapsing:
        raise DraftError(texts.NOTES_BOTH.format(sentence=min(twice)))
    moved = {sentence: nearest[sentence] for sentence in moving if sentence in nearest}
    return Choices(look.choices.lapse | lapsing, {**look.choices.moves, **moved})


def _doing(subject: Subject) -> str:
    if isinstance(subject, str):
        return texts.PUBLISH_REMOVAL
    return texts.PUBLISH_EDITION if isinstance(subject, int) else texts.PUBLISH


def _moves(lost: Sequence[LostNote]) -> list[tuple[str, str]]:
    return [
        (texts.NOTES_MOVE_ONE.format(sentence=each.sentence, nearest=each.nearest), each.sentence)
        for each in lost
        if each.nearest
    ]


def _lapses(lost: Sequence[LostNote]) -> list[tuple[str, str]]:
    return [(texts.NOTES_LAPSE_ONE.format(sentence=each.sentence), each.sentence) for each in lost]


def _checks_shown(changes: Changes | None) -> str:
    title = f"### {escape(texts.PREVIEW_CHECKS_TITLE)}\n\n"
    if changes is None or not changes.now.results:
        return title + escape(texts.PREVIEW_CHECKS_NONE)
    if not changes.changes:
        return title + escape(texts.PREVIEW_CHECKS_SAME.format(count=len(changes.now.results)))
    return title + changes_shown(changes)
