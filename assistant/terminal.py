"""An ``Answer`` in a terminal, and a conversation of them."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from rich.box import HEAVY, ROUNDED
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from assistant import texts
from assistant.answer import Alarm, Answer, Citation, Urgency
from assistant.errors import QuestionError

if TYPE_CHECKING:
    from assistant.reply import Turn

_ORDERS = {"Cc", "Cs"}  # controls such as escape, and half surrogate pairs, which cannot be written at all


def converse(reply: "Callable[[str, Sequence[Turn]], Answer]", questions: Iterable[str], console: Console) -> None:
    """Show what ``reply`` says to each question and all before it."""
    from assistant.reply import Role, Turn

    history: list[Turn] = []
    for question in questions:
        earlier = tuple(history)
        history.append(Turn(Role.USER, question))  # also when it cannot be taken: it may tell of a symptom
        try:
            answer = reply(question, earlier)
        except QuestionError as error:
            console.print(f"{error}\n\n{texts.DISCLAIMER}", markup=False)
            continue
        show(answer, console)
        history.append(Turn(Role.ASSISTANT, answer.text))


def show(answer: Answer, console: Console) -> None:
    """In the order of ``Answer.text``, with the sources before the disclaimer."""
    if answer.alarm:
        console.print(_alarm(answer.alarm))
    language_note = answer.language_note.text if answer.language_note else ""
    parts = (language_note, answer.notice, answer.body, *answer.remark_lines, answer.suggestion_list, answer.safety_net)
    said = "\n\n".join(part for part in parts if part)
    if said:
        console.print(_text(said))
    if answer.citations:
        console.print(f"\n{texts.SOURCES}", style="bold")
        for citation in answer.citations:
            console.print(_text(_source(citation)), style="dim")
    console.print(Panel(Text(answer.disclaimer), border_style="yellow"))


def show_markdown(markdown: str, console: Console) -> None:
    """Headings and tables as a terminal draws them; HTML is left out."""
    console.print(Markdown(_harmless(markdown)))


def _alarm(alarm: Alarm) -> Panel:
    """The word in its frame and the frame itself say how urgent it is, also where there are no colours."""
    is_calm = alarm.urgency is Urgency.HUISARTS
    calls = _text("\n".join(call.text for call in alarm.calls), style="bold")
    parts = (_text(alarm.title, style="bold"), *map(_text, alarm.paragraphs), *[calls] * bool(alarm.calls))
    return Panel(
        Text("\n\n").join(parts),
        title=Text(texts.ALARM_SIGNS[alarm.urgency], style="bold"),
        title_align="left",
        box=ROUNDED if is_calm else HEAVY,
        border_style="yellow" if is_calm else "bold red",
    )


def _text(said: str, style: str = "") -> Text:
    """Without markup, and without what could give the terminal an order."""
    return Text(_harmless(said), style)


def _harmless(said: str) -> str:
    return "".join(char for char in said if char.isspace() or unicodedata.category(char) not in _ORDERS)


def _source(citation: Citation) -> str:
    where = " › ".join(part for part in (citation.article, citation.section) if part)
    return f"[{citation.number}] {where}"
