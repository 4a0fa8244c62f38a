"""A message as words, with where they stand and which of them belong together."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’‘`´][^\W\d_]+)*")
# "…" is how people pause; a full stop is how they end.
_PAUSE = re.compile(r"…|\.{2,}|[,:()/]|\s[-–—]\s")
_STOP = re.compile(r"(?<!\.)\.(?!\.)|[!?;\n\r]")
# Letters that Unicode does not take apart into a base letter and a mark; it would make "½" a 1 and a 2.
_BASE_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "ß": "ss", "œ": "oe", "æ": "ae", "đ": "d", "ـ": "", "½": "half"}
)
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_NUMBER_WORDS = {
    word: float(number)
    for number, words in {
        0.5: "half halve",
        1: "een eentje one eine un bir jeden",
        1.5: "anderhalf anderhalve",
        2: "twee two zwei deux iki dwa dwie",
        3: "drie three drei trois uc trzy",
        4: "vier four quatre dort cztery",
        5: "vijf five funf cinq bes piec",
        6: "zes six sechs alti szesc",
        7: "zeven seven sieben sept yedi siedem",
        8: "acht eight huit sekiz osiem",
        9: "negen nine neun neuf dokuz dziewiec",
        10: "tien ten zehn dix on dziesiec",
        11: "elf",
        12: "twaalf twelve zwolf douze dwanascie",
        13: "dertien",
        14: "veertien",
        15: "vijftien fifteen quinze",
        16: "zestien",
        18: "achttien",
        20: "twintig twenty zwanzig vingt yirmi dwadziescia",
        24: "vierentwintig",
        30: "dertig thirty dreissig trente otuz trzydziesci",
        40: "veertig forty",
        50: "vijftig fifty",
        60: "zestig sixty",
        65: "vijfenzestig",
        70: "zeventig seventy",
        75: "vijfenzeventig",
        80: "tachtig eighty",
        90: "negentig ninety",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Token:
    """``message[start:end]``, folded in ``text``.

    ``clause`` counts up at commas, ``sentence`` at full stops and at "maar", ``stop`` at full stops only; ``value`` is
    set for "39,5" and "veertien".
    """

    text: str
    start: int
    end: int
    clause: int
    sentence: int
    stop: int
    value: float | None = None


def fold(word: str) -> str:
    """Lower case without accents, apostrophes or letters held down: "Dóóóf" → "doof", "m'n" → "mn"."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_BASE_LETTERS)).casefold()
    letters = "".join(char for char in plain if char.isalnum()).translate(_BASE_LETTERS).translate(_ARABIC)
    return _REPEATED.sub(r"\1\1", letters)


def tokenise(message: str) -> list[Token]:
    return list(_tokens(message))


def _tokens(message: str) -> Iterator[Token]:
    clause = sentence = end = 0
    for match in _TOKEN.finditer(message):
        between = message[end : match.start()]
        if end:
            sentence += bool(_STOP.search(between))
            clause += bool(_STOP.search(between) or _PAUSE.search(between))
        end = match.end()
        text = fold(match[0]) if not match[0][0].isdigit() else match[0].replace(",", ".")
        if text:
            yield Token(text, match.start(), end, clause, sentence, sentence, _value(text))


def _value(text: str) -> float | None:
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else _NUMBER_WORDS.get(text)


def words(tokens: Sequence[Token]) -> list[str]:
    return [token.text for token in tokens]
