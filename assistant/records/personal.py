"""What would say who somebody is, and the words that stand in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant import texts


class Personal(StrEnum):
    """In order of how much it tells: where two were found in the same words, the first is named."""

    BSN = "bsn"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    ADDRESS = "address"
    PLACE = "place"
    DATE = "date"
    LINK = "link"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` is personal."""

    start: int
    end: int
    kind: Personal


def masked(text: str, spans: Iterable[Span]) -> str:
    """``text`` with "[naam]" and the like instead of each span; spans that touch or overlap become one."""
    said, end = "", 0
    for span in _joined(text, spans):
        said += text[end : span.start] + texts.MASKS[span.kind]
        end = span.end
    return said + text[end:]


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if joined and (span.start < joined[-1].end or _continues(text, joined[-1], span)):
            last = joined.pop()
            joined.append(Span(last.start, max(last.end, span.end), _telling(last, span)))
        else:
            joined.append(span)
    return joined


def _continues(text: str, span: Span, other: Span) -> bool:
    """First name and surname, say, found apart."""
    return span.kind is other.kind and not text[span.end : other.start].strip()


def _telling(span: Span, other: Span) -> Personal:
    """The kind of the longer; of equals, of what tells more."""
    order = list(Personal)
    return min(span, other, key=lambda each: (each.start - each.end, order.index(each.kind))).kind
