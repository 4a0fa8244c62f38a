"""A message as it reads, whatever was done to hide its words: "hоеvееl", "n3geer", "z e g", "para*cetamol"."""

import re
import unicodedata

from assistant.question import INVISIBLE

_MARKS = {"Mn", "Me"}
# Cyrillic and Greek letters, each with the Latin one that it is drawn like.
_LOOK_ALIKES = str.maketrans(
    dict(
        pair.split(":")
        for pair in (
            "а:a в:b г:r е:e з:z и:n і:i ї:i ј:j к:k м:m н:h о:o п:n р:p с:c т:t у:y х:x ѕ:s ԁ:d һ:h ԛ:q ԝ:w ь:b я:r "
            "А:A В:B Е:E З:Z И:N І:I Ј:J К:K М:M Н:H О:O П:N Р:P С:C Т:T У:Y Х:X Ѕ:S Һ:H Я:R "
            "α:a β:b γ:y ε:e η:n ι:i κ:k ν:v ο:o ρ:p τ:t υ:u χ:x ω:w ϲ:c "
            "Α:A Β:B Ε:E Ζ:Z Η:H Ι:I Κ:K Μ:M Ν:N Ο:O Ρ:P Τ:T Υ:Y Χ:X"
        ).split()
    )
)
_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}

_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}+")
_LATIN = re.compile("[A-Za-z]")
# Not "2x50mg".
_DIGITS_IN_WORD = re.compile(
    rf"(?<={_LETTER})[{''.join(_DIGITS)}]{{1,2}}(?={_LETTER})(?!m[gl]|gr?\b|x\b)", re.IGNORECASE
)
_ORNAMENT_IN_WORD = re.compile(rf"(?<={_LETTER})[*~^·•|]+(?={_LETTER})")
_SPREAD_LETTERS = re.compile(rf"(?<!\w){_LETTER}(?:[ .\-_*·•]{_LETTER}){{3,}}(?!\w)")


def undisguised(text: str) -> str:
    """``text`` without invisible characters, marks and tricks with letters; line breaks stay."""
    seen = "".join(char for char in unicodedata.normalize("NFKD", text) if _is_seen(char))
    latin = _WORD.sub(_as_latin, seen)
    spelled = _ORNAMENT_IN_WORD.sub(
        "", _DIGITS_IN_WORD.sub(lambda digits: "".join(_DIGITS[digit] for digit in digits[0]), latin)
    )
    joined = _SPREAD_LETTERS.sub(lambda spread: "".join(filter(str.isalpha, spread[0])), spelled)
    return unicodedata.normalize("NFC", joined)


def _is_seen(char: str) -> bool:
    return char in "\n\r\t" or unicodedata.category(char) not in INVISIBLE | _MARKS


def _as_latin(word: re.Match[str]) -> str:
    """A word with letters of two alphabets was meant to look Latin; one in another alphabet is left alone."""
    return word[0].translate(_LOOK_ALIKES) if _LATIN.search(word[0]) else word[0]
