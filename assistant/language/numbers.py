"""Ages, temperatures, durations and amounts in a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.tokens import Token

_DAYS = {
    "dag": 1, "dagen": 1, "dgn": 1, "day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "jours": 1, "dni": 1,
    "week": 7, "weken": 7, "wkn": 7, "wk": 7, "weeks": 7, "wochen": 7, "semaines": 7, "hafta": 7, "haftadir": 7,
    "tygodni": 7, "tygodnie": 7, "maand": 30, "maanden": 30, "mnd": 30, "months": 30, "monate": 30, "monaten": 30,
    "mois": 30, "ay": 30, "aydir": 30, "miesiecy": 30, "miesiace": 30, "jaar": 365, "jaren": 365, "jr": 365,
    "years": 365, "jahre": 365, "jahren": 365, "ans": 365, "yil": 365, "lat": 365,
}  # fmt: skip
# Several of them, without a number: "al maanden".
_MANY = {"dagen": 3, "weken": 21, "maanden": 90, "jaren": 730, "wekenlang": 42, "maandenlang": 90, "jarenlang": 730}
_YEARS_OLD = frozenset("jaar jarige jr years year jahre ans yasinda lat rok oud".split())
_MONTHS_OLD = frozenset("maand maanden mnd".split())
_OLD = frozenset("oud oude jong old alt".split())
_YEAR = 365
_NOT_A_DURATION_AFTER = frozenset("geleden terug ago oud oude jong zwanger ver onderweg pregnant schwanger".split())
_SINCE = frozenset("al sinds reeds zeker ongeveer zon bijna ruim meer seit depuis for over na od".split())
_LASTING = frozenset("last lang pijn rugpijn nekpijn klachten schouderpijn zeer ermee bezig".split())
# "12 jaar geleden" and "al 12 jaar last" are no ages.
_NOT_AN_AGE_AFTER = frozenset(
    "geleden lang last ago terug getrouwd gewerkt rugpijn nekpijn pijn klachten ervaring".split()
)
_NOT_AN_AGE_BEFORE = frozenset("al sinds na over om de elke voor seit since depuis binnen tot per ongeveer".split())
_I_AM = frozenset("ben word werd wordt is bijna pas am im bin suis was van".split())
_SMALL = frozenset("wel nu al pas ook bijna ruim ongeveer net inmiddels".split())
_PERSONS = frozenset(
    "moeder vader ma pa mam pap mama papa oma opa bomma bompa grootmoeder grootvader schoonmoeder schoonvader man "
    "vrouw buurvrouw buurman tante oom zus broer zusje broertje dochter zoon dochtertje zoontje kleinzoon "
    "kleindochter kind vriend vriendin kereltje menneke manneke meiske meisje jongetje jongen baby peuter "
    "kleuter".split()
)
_OLDEST = 115
_COLDEST, _HOTTEST = 34.0, 43.0
_DEGREES = frozenset(
    "graden gr celsius c koorts fever fieber fievre ates goraczka temperatuur temp krts griep griepje rillen".split()
)
_NEAR = 4


class Quantity(StrEnum):
    """What a number counts; the Dutch names are those used in patterns."""

    AGE = "leeftijd"
    DAYS = "duur"
    DEGREES = "graden"
    AMOUNT = "aantal"


@dataclass(frozen=True, slots=True)
class Measure:
    """``value`` in years, days, degrees Celsius or pieces; ``span`` are the tokens that say it."""

    quantity: Quantity
    value: float
    span: tuple[int, ...]


def measures(tokens: Sequence[Token]) -> list[Measure]:
    return list(_measures(tokens))


def _measures(tokens: Sequence[Token]) -> Iterator[Measure]:
    for position, token in enumerate(tokens):
        if token.value is None:
            if token.text in _MANY and (not position or tokens[position - 1].value is None):
                yield Measure(Quantity.DAYS, _MANY[token.text], (position,))
            continue
        following = _text(tokens, position + 1)
        yield Measure(Quantity.AMOUNT, token.value, (position,))
        if following in _DAYS and _is_duration(tokens, position):
            yield Measure(Quantity.DAYS, token.value * _DAYS[following], (position, position + 1))
        if _COLDEST <= token.value < _HOTTEST and _is_temperature(tokens, position):
            yield Measure(Quantity.DEGREES, token.value, (position,))
        age = _age(tokens, position, token.value)
        if age is not None:
            yield Measure(Quantity.AGE, age, (position,))


def _is_duration(tokens: Sequence[Token], position: int) -> bool:
    """ "al 6 weken", "3 jaar last"; not "6 weken geleden", "30 weken zwanger" or "45 jaar"."""
    before, unit, after = (_text(tokens, position + step) for step in (-1, 1, 2))
    if after in _NOT_A_DURATION_AFTER:
        return False
    return _DAYS[unit] < _YEAR or before in _SINCE or after in _LASTING


def _is_temperature(tokens: Sequence[Token], position: int) -> bool:
    """ "39 koorts", "38,5", "koorts van 39"; not "39 jaar"."""
    if _text(tokens, position + 1) in _YEARS_OLD | _DAYS.keys():
        return False
    near = {_text(tokens, position + step) for step in range(-_NEAR, _NEAR + 1)}
    return "." in tokens[position].text or bool(near & _DEGREES)


def _age(tokens: Sequence[Token], position: int, value: float) -> float | None:
    after, later = _text(tokens, position + 1), _text(tokens, position + 2)
    if value > _OLDEST or later in _NOT_AN_AGE_AFTER:
        return None
    if after in _MONTHS_OLD:
        return value / 12 if later in _OLD or _text(tokens, position - 1) == "van" else None
    if after in _YEARS_OLD:
        return value if later in _OLD or _text(tokens, position - 1) not in _NOT_AN_AGE_BEFORE else None
    if after in _DAYS or after in _DEGREES or "." in tokens[position].text:
        return None
    return value if _is_somebodys(tokens, position) else None


def _is_somebodys(tokens: Sequence[Token], position: int) -> bool:
    """ "moeder 76", "een meisje van 4", "ik ben 71 en …"."""
    before, after = _word_before(tokens, position), _text(tokens, position + 1)
    if before in _PERSONS or (before == "van" and _text(tokens, position - 2) in _PERSONS):
        return True
    if after in {"e", "ste"}:  # "op mijn 70e"
        return True
    is_last = position + 1 == len(tokens) or tokens[position + 1].clause != tokens[position].clause
    return before in _I_AM and (is_last or after in {"en", "met", "heb", "heeft", "and", "und", "maar"})


def _word_before(tokens: Sequence[Token], position: int) -> str:
    """ "Ik ben wel 75": the word that counts."""
    before = position - 1
    while _text(tokens, before) in _SMALL:
        before -= 1
    return _text(tokens, before)


def _text(tokens: Sequence[Token], position: int) -> str:
    return tokens[position].text if 0 <= position < len(tokens) else ""
