"""An ``Answer`` as Markdown for the chat page; everything but our own marks is escaped.

One shape for every reply, so that the style sheet can tell the parts by their place::

    <div class="alarm …">             (HTML, as ``message_html`` makes it)
    <p class="language-note">
    the answer, with its numbers
    > a remark on what was quoted
    <p class="safety-net">
    ---  **Bronnen**  and a list      (finished answers only)
    ---  the disclaimer               (always)

Suggestions are no part of it: they are buttons below the reply.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from assistant import texts
from assistant.answer import Answer, Citation, Remark, Sentence, Shape
from assistant.web.chat.message_html import alarm_html, language_note_html, safety_net_html
from assistant.web.encodable import encodable

_ASCII_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LOCAL_OR_WEB = re.compile(r"/(?!/)|https?://")
_RULE = "---"
_NO_BREAK_SPACE = "\u00a0"


def escape(text: str) -> str:
    """``text`` on one line, so that a Markdown renderer shows exactly these words.

    CommonMark takes a backslash before any ASCII punctuation mark, and no tag, link, bare address, image, list, table
    or heading starts without such a mark.
    """
    return _ASCII_PUNCTUATION.sub(r"\\\1", " ".join(encodable(text).split()))


def render_question(question: str, max_chars: int) -> str:
    """What the visitor typed, with its line breaks, cut at ``max_chars``."""
    shown = question if len(question) <= max_chars else question[:max_chars] + "…"
    lines = (escape(line) for line in shown.splitlines())
    return "\\\n".join(line for line in lines if line)


def render_answer(answer: Answer) -> str:
    """The finished reply: with its sources."""
    return _with_disclaimer(*_said(answer), *_sources(answer.citations))


def render_partial(answer: Answer, note: str = "") -> str:
    """A reply that has not been said to the end: no list of sources yet. ``note`` says what happened to it."""
    return _with_disclaimer(*_said(answer), _emphasised(note))


def render_note(note: str) -> str:
    """A remark about the chat itself, such as that it is searching."""
    return _with_disclaimer(_emphasised(note))


def render_error(message: str) -> str:
    return _with_disclaimer(*_paragraphs(message))


def _with_disclaimer(*blocks: str) -> str:
    """Every rendering ends here."""
    return "\n\n".join(block for block in (*blocks, _RULE, escape(texts.DISCLAIMER)) if block)


def _said(answer: Answer) -> Iterator[str]:
    if answer.alarm:
        yield alarm_html(answer.alarm)
    yield language_note_html(answer.language_note)
    yield from _paragraphs(answer.notice)
    by_number = {citation.number: citation for citation in answer.citations}
    for index, lines in enumerate(_blocks(answer.sentences)):
        said = [" ".join(_cited(sentence, by_number) for sentence in line) for line in lines]
        # Another bullet than the list before it, or Markdown would join the two.
        bullet = "-*"[index % 2]
        yield "\n".join(f"{bullet} {item}" for item in said) if lines[0][0].shape is Shape.ITEM else said[0]
    if answer.remarks:
        yield "\n>\n".join(f"> {_remark(remark, by_number)}" for remark in answer.remarks)
    yield safety_net_html(answer.safety_net)


def _blocks(sentences: Iterable[Sentence]) -> list[list[list[Sentence]]]:
    """Paragraphs of one line, and lists of a line per item; a line holds the sentences that follow each other."""
    blocks: list[list[list[Sentence]]] = []
    for sentence in sentences:
        if not blocks or sentence.opens_paragraph:
            blocks.append([[sentence]])
        elif sentence.shape is not Shape.ITEM:
            blocks[-1][-1].append(sentence)
        elif blocks[-1][0][0].shape is Shape.ITEM:
            blocks[-1].append([sentence])
        else:
            blocks.append([[sentence]])
    return blocks


def _cited(sentence: Sentence, by_number: dict[int, Citation]) -> str:
    return _NO_BREAK_SPACE.join([escape(sentence.said), *_numbers(sentence.citations, by_number)])


def _remark(remark: Remark, by_number: dict[int, Citation]) -> str:
    numbers = _numbers(remark.citations, by_number)
    opening, _, closing = (texts.REMARK_ABOUT if numbers else texts.REMARK).partition("{numbers}")
    about = _NO_BREAK_SPACE.join([escape(opening), *numbers]) + escape(closing)
    return f"**{about}** {escape(remark.said)}"


def _numbers(numbers: Iterable[int], by_number: dict[int, Citation]) -> list[str]:
    return [_number(by_number[number]) for number in numbers if number in by_number]


def _number(citation: Citation) -> str:
    """``[1]``, a link to the quote; its title says which article that is."""
    return _link(f"[{citation.number}]", citation.url, _where(citation))


def _sources(citations: Iterable[Citation]) -> Iterator[str]:
    by_passage: dict[str, list[Citation]] = {}
    for citation in citations:
        by_passage.setdefault(citation.passage_id, []).append(citation)
    if by_passage:
        yield _RULE
        yield f"**{escape(texts.SOURCES)}**"
        yield "\n".join(f"- {_source(cited)}" for cited in by_passage.values())


def _source(citations: list[Citation]) -> str:
    first = citations[0]
    numbers = _NO_BREAK_SPACE.join(_number(citation) for citation in citations)
    section = f" · {escape(first.section)}" if first.section else ""
    return f"{numbers} {_link(first.article, first.url)}{section}"


def _where(citation: Citation) -> str:
    return " · ".join(part for part in (citation.article, citation.section) if part)


def _link(label: str, url: str, title: str = "") -> str:
    """A link, or only its label where ``url`` is neither on this site nor on the web (``javascript:`` and the like)."""
    if not _LOCAL_OR_WEB.match(url):
        return escape(label)
    address = quote(url.encode("utf-8", "replace"), safe="/?#=&%:@+,~")
    return f'[{escape(label)}]({address} "{escape(title)}")' if title else f"[{escape(label)}]({address})"


def _paragraphs(text: str) -> list[str]:
    return [escape(paragraph) for paragraph in text.split("\n\n") if paragraph.strip()]


def _emphasised(text: str) -> str:
    return f"*{escape(text)}*" if text else ""
