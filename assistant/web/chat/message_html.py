"""What stands out in a message of the chat page, as HTML, for Markdown has no marks for it.

Each is one line: Markdown takes a line that opens with a tag for a block of HTML and leaves it as it is.
"""

from assistant import texts
from assistant.answer import Alarm, LanguageNote
from assistant.web.encodable import encodable
from assistant.web.pages import render


def alarm_html(alarm: Alarm) -> str:
    """With ``role="alert"``: a screen reader says it the moment it comes in, before anything else."""
    return _one_line(render("alarm.html", alarm=alarm, sign=texts.ALARM_SIGNS[alarm.urgency]))


def safety_net_html(text: str) -> str:
    return _one_line(render("safety_net.html", text=text)) if text.strip() else ""


def language_note_html(note: LanguageNote | None) -> str:
    return _one_line(render("language_note.html", note=note)) if note else ""


def _one_line(html: str) -> str:
    return " ".join(encodable(html).split())
