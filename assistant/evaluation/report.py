"""The measurement of triage as one page that can be mailed: no script, no request, no file beside it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.evaluation.confusion import Confusion, confusion_picture
from assistant.evaluation.errors import PictureError
from assistant.evaluation.misses import all_misses
from assistant.evaluation.questions import Half
from assistant.evaluation.tables import all_tables
from assistant.evaluation.triage import Measurement

HALVES = {Half.REPORT: "de helft om over te rapporteren", Half.TUNE: "de helft om op af te stellen"}

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_report(measured: Measurement, on: date, draw: Callable[[Confusion], str] = confusion_picture) -> str:
    """HTML; where ``draw`` raises ``PictureError`` it says why there is no picture."""
    try:
        picture, no_picture = Markup(draw(Confusion.of(measured))), ""
    except PictureError as error:
        picture, no_picture = Markup(), str(error)
    return templates.get_template("triage.html").render(
        half=HALVES[measured.half],
        is_report=measured.half is Half.REPORT,
        date=f"{on.day}-{on.month}-{on.year}",
        measured=measured,
        conversations=len({turn.conversation.id for turn in measured.turns}),
        tables=all_tables(measured),
        picture=picture,
        no_picture=no_picture,
        misses=list(all_misses(measured)),
    )


def write_report(path: Path, measured: Measurement, on: date) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_report(measured, on), "utf-8")
