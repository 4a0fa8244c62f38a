"""Names of people as visitors type them: without capitals, after "ik ben", at the end after "groetjes"."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.records.personal import Personal, Span
from assistant.records.wordlists import Wordlists

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 3
_SHORTEST_ALONE = 4
_MOST_WORDS = 6
_MOST_LAST_WORDS = 3
_CUE_CHARS = 40
# "van der" and another word is a name wherever it stands.
_SURE_SMALL_WORDS = 2

# Behind these stands a name, whatever it is.
_TOLD = re.compile(
    r"(?:\b(?:(?:mijn|m'?n|zijn|haar) (?:volledige )?naam is|naam ?(?:is ?)?:|ik heet|heet ik"
    r"|(?:voor|achter)naam(?: is)?:?|op naam van|(?:ten name|t\.?n\.?v\.?) ?(?:van)?|genaamd"
    r"|(?:u|je) spreekt? met|spreekt? (?:u|je) met"
    r"|my name is|mein name ist|ich hei(?:ß|ss)e|je m['’]appelle|(?:benim )?adım|nazywam się|mam na imię)|^naam) *$",
    re.IGNORECASE,
)
# Behind these a message ends with who wrote it.
_SIGNED = re.compile(
    r"\b(?:groet|groeten|groetjes?|groetjs|grtz?|grtjs|gr|mvg|m\.v\.g|liefs|hoogachtend|x+)\b[.,!]?(?: van)?[ ,.:!-]*$",
    re.IGNORECASE,
)
# Behind these a word that can be a first name is one, and behind a title a word that can be a surname.
_RELATIVES = (
    "man|vrouw|zoon|zoontje|dochter|dochtertje|moeder|vader|mama|papa|mam|pap|ma|pa|zus|zusje|broer|broertje|oma|opa"
    "|tante|oom|nicht|neef|vriend|vriendin|schoonmoeder|schoonvader|schoonzus|zwager|buurman|buurvrouw|collega"
    "|kleinzoon|kleindochter|partner|kindje|baby"
)
_TITLES = (
    "mevrouw|mevr|mw|mej|meneer|mijnheer|heer|dhr|dokter|dr|drs|prof|huisarts|arts|fysio|fysiotherapeute?|masseur"
    "|masseuse|therapeute?|osteopaat|chiropractor|specialist|orthopeed|neuroloog|zuster|verpleegkundige"
)
_NEAR = re.compile(
    rf"(?:\b(?:(?:ik )?ben|dit is|hier is|namens|(?:mijn|m'?n|me|onze?|zijn|haar|de) (?:\w+ )?(?:{_RELATIVES}))"
    r"|^(?:\w+ )?met|^(?:hoi|hallo|hey|hi|dag|beste|lieve),?) *\(?$",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"\b(?:{_TITLES})\.? $", re.IGNORECASE)


class Trust(IntEnum):
    """How much the words before it say that a name follows."""

    NONE = 0
    NEAR = 1
    TITLED = 2
    TOLD = 3


@dataclass(frozen=True, slots=True)
class Word:
    """``lower`` as in the lists; ``joins``: nothing ends between it and the word before."""

    lower: str
    start: int
    end: int
    joins: bool
    is_capital: bool


class People:
    """``is_dutch`` tells of a word in lower case whether a dictionary has it."""

    def __init__(self, lists: Wordlists, is_dutch: Callable[[str], bool]) -> None:
        self._lists = lists
        self._is_dutch = is_dutch

    def spans(self, text: str) -> Iterator[Span]:
        words = _words(text)
        at = 0
        while at < len(words):
            count = self._name(words[at : at + _MOST_WORDS], _trust(text, words, at))
            if count:
                yield Span(words[at].start, words[at + count - 1].end, Personal.NAME)
            at += count or 1

    def _name(self, words: Sequence[Word], trust: Trust) -> int:
        """How many of ``words`` are one name, from the first; 0 when it is none."""
        count = self._opening(words, trust)
        while count and (more := self._surname(words[count:], max(trust, Trust.TITLED))):
            count += more
        return count

    def _opening(self, words: Sequence[Word], trust: Trust) -> int:
        word = words[0].lower
        if len(word) == 1 and trust is not Trust.NONE:  # an initial
            return 1 + more if (more := self._surname(words[1:], Trust.TOLD)) else 0
        is_first = {
            Trust.NONE: self._is_sure_name,
            Trust.NEAR: self._can_be_first_name,
            Trust.TITLED: self._can_be_first_name,
            Trust.TOLD: self._can_be_unheard_of,
        }[trust](word)
        return 1 if is_first else self._surname(words, trust, opens=True)

    def _is_sure_name(self, word: str) -> bool:
        return word in self._lists.sure_names or (
            len(word) >= _SHORTEST_ALONE and word in self._lists.first_names and self._is_rare(word)
        )

    def _can_be_first_name(self, word: str) -> bool:
        return word in self._lists.first_names and word not in self._lists.no_names and word not in self._lists.ordinary

    def _can_be_unheard_of(self, word: str) -> bool:
        return len(word) >= _SHORTEST and word not in self._lists.ordinary

    def _surname(self, words: Sequence[Word], trust: Trust, opens: bool = False) -> int:
        """How many of ``words`` are a surname: "de boer", "bakker"; unless it ``opens`` they go on with a name."""
        for at, word in enumerate(words):
            if not (word.joins or (opens and at == 0)):
                return 0
            if word.lower not in self._lists.interfixes:
                return at + 1 if len(word.lower) > 1 and self._can_be_surname(word, at, trust) else 0
        return 0

    def _can_be_surname(self, word: Word, small: int, trust: Trust) -> bool:
        """``small`` words such as "van der" stand before it."""
        if word.lower not in self._lists.surnames and word.lower not in self._lists.first_names:
            return False
        if trust is Trust.TOLD:
            return word.is_capital or word.lower not in self._lists.ordinary
        if trust is Trust.TITLED and small:  # "karin de wolf"
            return True
        return (trust is Trust.TITLED or small >= _SURE_SMALL_WORDS) and self._is_rare(word.lower)

    def _is_rare(self, word: str) -> bool:
        return not (word in self._lists.ordinary or word in self._lists.no_names or self._is_dutch(word))


def _trust(text: str, words: Sequence[Word], at: int) -> Trust:
    start = words[at].start
    before = text[:start] if start <= _CUE_CHARS else "…" + text[start - _CUE_CHARS : start]
    if _TOLD.search(before) or (_SIGNED.search(before) and len(words) - at <= _MOST_LAST_WORDS):
        return Trust.TOLD
    if _TITLED.search(before):
        return Trust.TITLED
    return Trust.NEAR if _NEAR.search(before) else Trust.NONE


def _words(text: str) -> list[Word]:
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        joins = text[end : match.start()] in {" ", "-", ". ", ".", " - "}
        words.append(Word(match[0].casefold(), match.start(), match.end(), joins, match[0][0].isupper()))
        end = match.end()
    return words
