"""Sentences as exact slices of an article, ready to be quoted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simplemma import split_sentences

# "belast.Je moet": a full stop glued to the next sentence. Two lowercase letters before it and one after the
# capital keep abbreviations and names such as "m.b.t." or "J.W." whole.
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{2}[.?!])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_ENDS = re.compile(r"[.?!:;…][”\"’')\]]*$")
_WORD = re.compile(r"\w+")

# Without closing punctuation, fewer words than this are a caption or a left-over, not a sentence.
_FRAGMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """``Article.text[start:end]``; ``item`` is its list item, counted from 0, or None in running text."""

    start: int
    end: int
    item: int | None = None


def word_count(text: str) -> int:
    return len(_WORD.findall(text))


def sentences_in(text: str, start: int, end: int, item: int | None = None) -> Iterator[Sentence]:
    """The quotable sentences of ``text[start:end]``, in order; fragments such as captions are left out.

    A list item counts as a sentence even without a verb or full stop, but what is glued behind its last full stop
    ("uw arts.Checklist") does not.
    """
    pieces = list(_pieces(text, start, end))
    for position, (left, right) in enumerate(pieces):
        whole_item = item is not None and position == 0
        if whole_item or not _is_fragment(text[left:right]):
            yield Sentence(left, right, item)


def _is_fragment(piece: str) -> bool:
    return not _ENDS.search(piece) and word_count(piece) < _FRAGMENT_WORDS


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    cursor = start
    held: int | None = None
    for sentence in split_sentences(text[start:end], "nl"):
        left = text.index(sentence, cursor)
        cursor = left + len(sentence)
        left = held if held is not None else left
        held = left if _quotation_is_open(text[left:cursor], text[cursor:end]) else None
        if held is None:
            yield from _unglued(text, left, cursor)
    if held is not None:
        yield from _unglued(text, held, cursor)


def _quotation_is_open(so_far: str, rest: str) -> bool:
    opened = so_far.count("“") + so_far.count("„")
    return opened > so_far.count("”") and "”" in rest


def _unglued(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    cuts = [left, *(left + match.start() for match in _GLUED.finditer(text[left:right])), right]
    yield from zip(cuts, cuts[1:], strict=False)
