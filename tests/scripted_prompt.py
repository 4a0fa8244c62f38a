"""What a scripted model answers from: the passages of the prompt that it got."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from scripted_steps import Json

from ingest.sentences import sentences_in

_PASSAGE = re.compile(r'<passage number="(\d+)"[^<>]*>\n(.*?)\n</passage>', re.DOTALL)
_PLACEHOLDER = re.compile(r"(?<![\w{}])\{([1-9]\d?)(?::([1-9]\d?))?\}(?![\w{}])")  # not those of "\\frac{1}{2}"
_BULLET = re.compile(r"^\s*[•*-]\s+")
_PIECE = re.compile(r"[^\[]{0,3}\[|[^\[]{1,4}")  # "[" ends its piece: no "[1]" stays whole


@dataclass(frozen=True)
class Prompt:
    """The passages that were received, each in its sentences."""

    passages: Mapping[int, Sequence[str]]

    @classmethod
    def of(cls, request: Json) -> Self:
        """Passages stand in the last message that has any; of two with one number the first counts."""
        passages: dict[int, list[str]] = {}
        for message in reversed(request.get("messages", [])):
            for number, text in _PASSAGE.findall(_text_of(message)):
                passages.setdefault(int(number), sentences(html.unescape(text)))
            if passages:
                break
        return cls(passages)

    def filled(self, text: str) -> str:
        """``text`` with the sentences its placeholders stand for; one that stands for nothing stays."""
        return _PLACEHOLDER.sub(self._sentence, text)

    def unknown(self, text: str) -> list[str]:
        """The placeholders that stand for nothing."""
        return [found[0] for found in _PLACEHOLDER.finditer(text) if self._sentence(found) == found[0]]

    def _sentence(self, found: re.Match[str]) -> str:
        said = self.passages.get(int(found[1]), [])
        position = int(found[2] or 1) - 1
        return said[position] if position < len(said) else found[0]


def _text_of(message: Json) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def sentences(text: str) -> list[str]:
    """Cut as the articles are; the items of a list without their bullets."""
    return [sentence for line in text.split("\n") for sentence in _of_line(_BULLET.sub("", line), line)]


def _of_line(wording: str, line: str) -> list[str]:
    item = 0 if wording != line else None
    return [wording[found.start : found.end] for found in sentences_in(wording, 0, len(wording), item)]


def pieces_of(text: str) -> list[str]:
    return _PIECE.findall(text)
