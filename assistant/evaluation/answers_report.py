"""The measurement of the answers as one page that can be mailed: no script, no request, no file beside it."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from markupsafe import Markup

from assistant.evaluation.accepted import Comparison
from assistant.evaluation.answer_tables import (
    answer_tables,
    comparison_line,
    flip_table,
    key_table,
    made_of,
    miss_table,
)
from assistant.evaluation.answers import AnswerMeasurement
from assistant.evaluation.errors import PictureError
from assistant.evaluation.goals import key_figures
from assistant.evaluation.plots import Picture, pictures
from assistant.evaluation.questions import Half
from assistant.evaluation.report import HALVES, templates

Draw = Callable[[AnswerMeasurement], Iterable[Picture]]


def render_answers(measured: AnswerMeasurement, comparison: Comparison | None, on: date, draw: Draw = pictures) -> str:
    """HTML; where ``draw`` raises ``PictureError`` it says why there are no pictures."""
    try:
        drawn, no_pictures = [(each, Markup(each.svg)) for each in draw(measured)], ""
    except PictureError as error:
        drawn, no_pictures = [], str(error)
    in_short = key_table(measured).title
    return templates.get_template("answers.html").render(
        half=HALVES[measured.half],
        is_report=measured.half is Half.REPORT,
        date=f"{on.day}-{on.month}-{on.year}",
        made_of=made_of(measured),
        figures=key_figures(measured),
        tables=[table for table in answer_tables(measured) if table.title != in_short],
        pictures=drawn,
        no_pictures=no_pictures,
        compared=comparison_line(comparison) if comparison else "",
        flips=flip_table(comparison) if comparison else None,
        misses=miss_table(measured),
    )


def write_answers(path: Path, measured: AnswerMeasurement, comparison: Comparison | None, on: date) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_answers(measured, comparison, on), "utf-8")
