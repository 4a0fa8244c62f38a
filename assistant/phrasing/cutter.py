"""What a model says, cut into sentences with the passages they cite, each as soon as it is whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.phrasing.prompt import NOT_FOUND
from ingest.sentences import sentences_in

# A plain sentence is far shorter. What is longer is none, and is not kept in memory to see where it ends.
_MOST_CHARS = 1_000
# So much of the next word is waited for, to see whether a full stop ended a sentence or an abbreviation.
_ENOUGH_OF_A_WORD = 30

# White space, but not the separators among the control characters: those stay, to be seen.
_SPACE = r"[^\S\x1c-\x1f]"
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_BLANKS = re.compile(f"{_SPACE}+")
_WORD = re.compile(r"(?:\S|[\x1c-\x1f])+")

_NUMBER = re.compile(r"[0-9]+")
# "[1, 2]", but not "[1](", which opens a link.
_CITATION = rf"\[{_SPACE}*[0-9]{{1,3}}(?:{_SPACE}*[,;]{_SPACE}*[0-9]{{1,3}})*{_SPACE}*\](?!\()"
_HALF_CITATION = re.compile(rf"\[{_SPACE}*(?:[0-9]{{1,3}}{_SPACE}*[,;]{_SPACE}*)*(?:[0-9]{{1,3}}{_SPACE}*)?")
# "Rust helpt. [1]."
_STOP_AGAIN = re.compile(rf"(?<=[.!?…])((?:{_SPACE}*{_CITATION})+)\.(?![.\w])")
_SPACED_CITATION = re.compile(rf"{_SPACE}*{_CITATION}")
_CITATIONS = re.compile(rf"(?:{_SPACE}*{_CITATION})*{_SPACE}*")

# "Rust![1]" ends with a mark, "![kop](adres)" begins with one.
_STOP = rf"(?:[.?…]|!(?!\[(?!{_SPACE}*[0-9])))+[”\"’'»)*_]*"
_POSSIBLE_END = re.compile(rf"(?P<cited>(?:{_CITATION}{_SPACE}*)+)?(?P<stop>{_STOP})|{_CITATION}")
_IMAGE = "!["
# Behind a citation: what belongs to the sentence before it, and what else shows that a sentence without a full stop is
# not over.
_BELONGS = frozenset(",;.!?…)”’»")
_GOES_ON = _BELONGS | frozenset(":'\"(%/&+=")

_LIST_MARK = re.compile(rf"(?:[-*•‣◦·–]|[0-9]{{1,2}}[.)]){_SPACE}")
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*_])")
_WORDS_OF_NOT_FOUND = NOT_FOUND.casefold().split()


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """``numbers`` are those of the passages it cites, as the model wrote them: they need not exist.

    ``text`` is what the model wrote but for white space, citations, a second full stop behind one, the mark of a list
    item and emphasis around whole words. All other markup, and what cannot be seen, still stands in it.
    """

    text: str
    numbers: tuple[int, ...]

    @property
    def is_not_found(self) -> bool:
        """Whether the model says that the passages do not answer."""
        return re.findall(r"\w+", self.text.casefold()) == _WORDS_OF_NOT_FOUND


class Cutter:
    """Of one answer. However the text is cut into pieces, the sentences are the same.

    A citation is of the sentence it stands in or right behind, on the same line. What has no end is given in parts that
    cite nothing.
    """

    def __init__(self) -> None:
        self._held = ""
        self._refused = 0
        self._begins_line = True
        self._is_overlong = False

    def feed(self, text: str) -> list[CitedSentence]:
        """The sentences that are whole now."""
        return [sentence for char in text for sentence in self._take(char)]

    def finish(self) -> list[CitedSentence]:
        """At the end of the answer: what is left."""
        return list(self._end_line())

    def _take(self, char: str) -> Iterator[CitedSentence]:
        if char in _LINE_ENDS:
            yield from self._end_line()
            return
        if not self._held and _BLANKS.fullmatch(char):
            return
        self._held += char
        if _BLANKS.fullmatch(char) and _CITATIONS.fullmatch(self._held):
            self._held = ""  # they stand in front of what comes, and are of nothing
        if self._begins_line and _LIST_MARK.fullmatch(self._held):
            self._held = ""
            self._begins_line = False
        yield from self._whole(is_all=False)
        if len(self._held) > _MOST_CHARS:
            self._is_overlong = True
            yield from self._cut(len(self._held))
            self._is_overlong = True

    def _end_line(self) -> Iterator[CitedSentence]:
        yield from self._whole(is_all=True)
        yield from self._cut(len(self._held))
        self._begins_line = True

    def _whole(self, is_all: bool) -> Iterator[CitedSentence]:
        """Those of which the end is certain; ``is_all`` says that nothing more comes on this line."""
        while (end := self._next_end(is_all)) is not None:
            yield from self._cut(end)

    def _cut(self, end: int) -> Iterator[CitedSentence]:
        cites = not self._is_overlong
        raw, self._held = self._held[:end], self._held[end:]
        self._refused, self._begins_line, self._is_overlong = 0, False, False
        sentence = _sentence(raw)
        if sentence.text:
            yield sentence if cites else CitedSentence(sentence.text, ())

    def _next_end(self, is_all: bool) -> int | None:
        """Where the first sentence of what is held ends, with its citations; None while that is not certain."""
        while end := _POSSIBLE_END.search(self._held, self._refused):
            behind = _end_of_citations(self._held, end.end())
            is_end = self._is_end(end, behind, is_all)
            if is_end is None:
                return None
            if is_end:
                return behind
            self._refused = behind
        return None

    def _is_end(self, end: re.Match[str], behind: int, is_all: bool) -> bool | None:
        """``behind`` its citations. None while it depends on what comes."""
        rest = self._held[behind:]
        if not rest:
            return None
        if not is_all and (_HALF_CITATION.fullmatch(rest) or rest == _IMAGE[0]):
            return None
        if end["stop"] is None:
            is_over = rest[0].isupper() or not (rest[0].isalnum() or rest[0] in _GOES_ON)
            return is_over or rest.startswith(_IMAGE)
        if end["cited"] or "[" in self._held[end.end() : behind]:
            goes_on = rest[0].islower() or rest[0] in _BELONGS
            return not goes_on or rest.startswith(_IMAGE)
        return self._is_end_uncited(end.end(), behind, is_all)

    def _is_end_uncited(self, end: int, behind: int, is_all: bool) -> bool | None:
        """As the sentences of the articles end; but a quotation is not cut, for what of it is still to come."""
        if self._quotation_is_open(end):
            return False
        word = _WORD.match(self._held, behind, behind + _ENOUGH_OF_A_WORD)
        if word is None:
            return None
        if not is_all and word.end() == len(self._held) < behind + _ENOUGH_OF_A_WORD:
            return None
        text = self._held[: word.end()]
        return any(sentence.end == end for sentence in sentences_in(text, 0, len(text)))

    def _quotation_is_open(self, end: int) -> bool:
        said = self._held[:end]
        return said.count("“") + said.count("„") > said.count("”")


def _sentence(raw: str) -> CitedSentence:
    """A citation that stands in front is of nothing."""
    raw = raw[_end_of_citations(raw, 0) :]
    numbers = [int(number) for cited in _SPACED_CITATION.findall(raw) for number in _NUMBER.findall(cited)]
    text = _SPACED_CITATION.sub(_left_by_citation, _STOP_AGAIN.sub(r"\1", raw))
    text = _EMPHASIS.sub(r"\2", _BLANKS.sub(" ", text).strip(" "))
    return CitedSentence(text, tuple(dict.fromkeys(numbers)))


def _left_by_citation(cited: re.Match[str]) -> str:
    """The words around it stay apart."""
    next_char = cited.string[cited.end() : cited.end() + 1]
    return "" if not next_char or next_char.isspace() or next_char in _GOES_ON else " "


def _end_of_citations(text: str, start: int) -> int:
    found = _CITATIONS.match(text, start)
    return found.end() if found else start
