"""What a pattern can tell: mail addresses, and numbers of telephones, citizens, accounts, and dates of birth.

deduce knows most of these as a hospital writes them; these are as visitors do: "06/12 34 56 78", "jan (at) live.nl".
"""

import re
from collections.abc import Iterator

from assistant.records.personal import Personal, Span

_GAP = r"[\s().\-–/]{0,3}"
_DOT = r" ?(?:\.|\b(?:punt|dot)\b) ?"
_LOCAL = r"(?<![\w.%+~'-])[\w.%+~'-]{1,64}"
_HOST = r"[\w-]{1,64}"
_AT = r"(?:[(\[{] ?at ?[)\]}]|\bapenstaart(?:je)?\b)"
_EMAIL = re.compile(
    rf"{_LOCAL}@[\w.-]*\w"
    rf"|(?:(?<!\w)\w{{1,30}} (?:punt|dot) ){{0,2}}{_LOCAL} ?{_AT} ?{_HOST}(?:{_DOT}{_HOST}){{1,3}}"
    rf"|{_LOCAL} at {_HOST}(?:\.{_HOST}){{1,3}}",
    re.IGNORECASE,
)
# A name on a social network.
_HANDLE = re.compile(r"(?<!\w)@\w[\w.]{2,}")
_PHONE = re.compile(
    rf"(?<![\d,])\(?0(?:{_GAP}\d){{8,9}}(?!\d)"  # Dutch and Belgian, with the trunk zero
    rf"|(?:\+|(?<!\d)00)(?:{_GAP}\d){{8,13}}(?!\d)"
    r"|(?<![\d,.])6(?:[\s.-]?\d){8}(?!\d|,\d)"  # a mobile number without its zero
)
_BSN = re.compile(r"(?<![\d.,-])(?:\d(?:[\s.-]?\d){8}|\d{8})(?!\d)")
_BSN_CUE = re.compile(r"\b(?:bsn|burger\s?service|sofi)", re.IGNORECASE)
_CUE_CHARS = 30
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\s?\d{2}\s?(?:[a-z]{4}\s?)?\d(?:[\s.]?\d){8,25}(?!\d)", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<![\d,.+-])[1-9]\d{3}(?P<gap>\s?)(?P<letters>[a-z]{2})(?!\w)", re.IGNORECASE)
# What two letters behind a number mean otherwise.
_UNITS = frozenset("mg ml kg km cm mm gr ie kj mb gb cc ms".split())
_SHORT_WORDS = frozenset(
    "al as au da de di do dr du ed ei el en er ex ga ge ha he hé hm ho ie ik in is ja je jr la le ma me mi mn na ne nl "
    "no nr nu of oh ok om op ou pa pp re ro se so ta te ti to tv ui un uw va wa wc we wk wo xl ze zn zo".split()
)
_MONTH = (
    "jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DAY = rf"\d{{1,2}}(?:e|ste|de)?\s*(?:[-/.]\s*\d{{1,2}}|[-/.]?\s*(?:{_MONTH})\b\.?)(?:\s*[-/.]?\s*'?\d{{2,4}}(?!\d))?"
_BORN = re.compile(rf"\b(?:geb\b\.?|geboren|geboorte\w*|jarig|verjaar\w*)[^\d\n]{{0,20}}(?P<day>{_DAY})", re.IGNORECASE)


def identifiers(text: str) -> Iterator[Span]:
    for pattern, kind in (
        (_EMAIL, Personal.EMAIL),
        (_HANDLE, Personal.NAME),
        (_PHONE, Personal.PHONE),
        (_IBAN, Personal.IBAN),
    ):
        yield from (Span(*match.span(), kind) for match in pattern.finditer(text))
    yield from (Span(*match.span(), Personal.BSN) for match in _BSN.finditer(text) if _is_bsn(match))
    yield from (Span(*match.span(), Personal.ADDRESS) for match in _POSTCODE.finditer(text) if _is_postcode(match))
    yield from (Span(*match.span("day"), Personal.DATE) for match in _BORN.finditer(text))


def passes_eleven_test(digits: str) -> bool:
    """The check every citizen service number meets, with 0 before one of eight digits."""
    number = digits.zfill(len(_WEIGHTS))
    return sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True)) % 11 == 0


def _is_bsn(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _CUE_CHARS) : match.start()]
    after = match.string[match.end() : match.end() + _CUE_CHARS]
    said_to_be = _BSN_CUE.search(before) or _BSN_CUE.search(after)
    return bool(said_to_be) or passes_eleven_test(re.sub(r"\D", "", match[0]))


def _is_postcode(match: re.Match[str]) -> bool:
    letters = match["letters"]
    if letters.casefold() in _UNITS:
        return False
    return letters.isupper() or not match["gap"] or letters.casefold() not in _SHORT_WORDS
