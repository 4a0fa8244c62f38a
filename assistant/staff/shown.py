"""How the tabs show what they know: text as text, numbers and days as Dutch staff writes them, tables.

Everything here gives Markdown for ``gr.Markdown``. Whatever did not come from ``texts`` goes through ``escape`` or
``paragraphs``; ``table`` does so for every cell.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape as escape_html
from typing import Any

import gradio as gr

from assistant import texts as visitor_texts
from assistant.errors import AssistantError
from assistant.staff import texts
from assistant.web.chat.render import escape as escape  # for the tabs
from assistant.web.encodable import encodable
from assistant.web.handlers import log_without_words
from ingest.errors import IngestError

# For every event: it is no part of an API, and the tab itself says that it is working.
PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

_KILO = 1_000


def message(text: str = "") -> gr.Markdown:
    """Where a tab says what happened; a screen reader says it, too. Give it Markdown that is escaped."""
    return markdown(text, elem_classes="message")


def markdown(text: str = "", **placing: Any) -> gr.Markdown:
    """Give it Markdown that is escaped; ``placing`` are ids and classes."""
    return gr.Markdown(text, latex_delimiters=[], **placing)


def complaint(error: Exception) -> str:
    """Escaped Dutch for ``message``. What nobody expected is logged, without the words of a visitor."""
    if isinstance(error, AssistantError | IngestError):
        return escape(str(error))
    log_without_words(error)
    return escape(texts.SOMETHING_WRONG)


def paragraphs(text: str) -> str:
    """Text of several lines, each line where it was."""
    blocks = (block.splitlines() for block in encodable(text).replace("\r\n", "\n").split("\n\n"))
    return "\n\n".join("\\\n".join(escape(line) for line in lines if line.strip()) for lines in blocks if lines)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table in which every cell is shown as it is; "" without rows. Numbers stand to the right."""
    cells = [[cell if isinstance(cell, int | float) else str(cell) for cell in row] for row in rows]
    if not cells:
        return ""
    rules = ("---:" if isinstance(cell, int | float) else "---" for cell in cells[0])
    shown = ([number(cell) if isinstance(cell, int | float) else escape(cell) for cell in row] for row in cells)
    lines = ([escape(header) for header in headers], list(rules), *shown)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bar(part: float, label: str = "") -> str:
    """HTML of a bar from 0 to 1, for Markdown; the figure it shows must stand beside it, or be its ``label``."""
    percent = round(100 * min(max(part, 0.0), 1.0))
    return f'<span class="bar"><span style="width: {percent}%"></span></span>{escape_html(encodable(label))}'


def number(value: float) -> str:
    """1234567 → "1.234.567"; 0.8312 → "0,83"."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}".replace(",", ".")
    return f"{value:.2f}".replace(".", ",")


def share(part: float) -> str:
    """0.831 → "83 %", with a space that does not break."""
    return f"{round(100 * part)}\u00a0%"


def size(count: int) -> str:
    """Bytes as "1,2 MB"."""
    value, units = float(count), iter(("bytes", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while value >= _KILO and (larger := next(units, None)):
        value, unit = value / _KILO, larger
    return f"{value:.1f}\u00a0{unit}".replace(".", ",") if unit != "bytes" else f"{count}\u00a0bytes"


def day(when: date) -> str:
    """ "3 maart 2026"."""
    return visitor_texts.DATE.format(day=when.day, month=visitor_texts.MONTHS[when.month - 1], year=when.year)


def moment(seconds: float) -> str:
    """ "3 maart 2026, 14:05" from seconds since 1970, on the clock of this machine."""
    when = datetime.fromtimestamp(seconds)
    return f"{day(when)}, {when:%H:%M}"
