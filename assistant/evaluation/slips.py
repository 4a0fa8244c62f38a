"""Sentences of the articles with one thing changed: what a model that copies well may still get wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from ingest.index import Index

_FINITE = re.compile(
    r"\b(?:is|zijn|wordt|worden|heeft|hebben|kan|kunt|kunnen|moet|moeten|geeft|geven|helpt|helpen|komt|komen|zorgt|gaat)\b"
)
# (kind, what stands there, what a slip makes of it)
_SWAPS = [
    (kind, re.compile(rf"\b{before}\b"), after)
    for kind, before, after in (
        ("negation", r"niet ", ""),
        ("negation", "geen", "een"),
        ("negation", "zonder", "met"),
        ("certainty", "kan", "zal altijd"),
        ("certainty", "kunnen", "zullen altijd"),
        ("certainty", "(?:misschien|wellicht|waarschijnlijk)", "zeker"),
        ("often", "vaak", "zelden"),
        ("often", "(?:soms|meestal|regelmatig)", "altijd"),
        ("often", "(?:veel|sommige|de meeste)", "alle"),
        ("often", "(?:altijd|nooit)", "soms"),
        ("direction", "meer", "minder"),
        ("direction", "minder", "meer"),
        ("direction", "erger", "beter"),
        ("direction", "beter", "slechter"),
        ("direction", "verlaagt", "verhoogt"),
        ("direction", "verminder(?:t|en|ing)", "toename"),
        ("direction", "langer", "korter"),
        ("direction", "lage", "hoge"),
        ("direction", "hoge", "lage"),
        ("body", "rug", "nek"),
        ("body", "nek", "knie"),
        ("body", "schouders?", "heup"),
        ("body", "onderrug", "bovenrug"),
        ("body", "armen?", "benen"),
        ("body", "schouderblad", "sleutelbeen"),
        ("body", "(?:schouderklachten|rugklachten)", "nekklachten"),
        ("body", "(?:rugpijn|schouderpijn)", "hoofdpijn"),
        ("medicine", "(?:paracetamol|ibuprofen)", "diclofenac"),
        ("medicine", "NSAID[’']?[sS]?", "antibiotica"),
        ("medicine", "pijnstillers?", "antibiotica"),
        ("number", r"\d+", "38"),
        ("number", "(?:twee|drie|vijf)", "zeven"),
        ("duration", "(?:dagen|dag)", "maanden"),
        ("duration", "(?:jaar|week)", "dag"),
        ("person", "(?:arts|dokter|huisarts|specialist)", "masseur"),
    )
]
_TAILS = (
    "en daarom moet u elke dag tien kilometer hardlopen",
    "zeker bij oudere mensen met suikerziekte",
    "vooral in de winter",
    "en dat is bij vrouwen erger",
    "waardoor u hogere koorts krijgt",
    "zoals blijkt uit onderzoek in Zweden",
    "mits u genoeg magnesium slikt",
    "tenzij u zwanger bent",
    "en dan helpt een hete douche",
    "wat meestal vanzelf overgaat",
    "en daar is een operatie voor nodig",
    "omdat de zenuwen er dichter bij elkaar liggen",
)
_KEPT = [
    (re.compile(rf"\b{before}\b ?", re.IGNORECASE), after)
    for before, after in (
        ("(?:je|jij)", "u "),
        ("jouw", "uw "),
        ("(?:ook|dan ook|echter|daarnaast|dus|namelijk|juist|toch|gewoon)", ""),
        ("erg", "zeer "),
        ("omdat", "doordat "),
    )
]
_FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Slip:
    """``sentence`` was made from the sentence in ``row`` of the index; ``supported``: it still says the same."""

    row: int
    sentence: str
    supported: bool
    kind: str


def slips(index: Index, passages: frozenset[int]) -> list[Slip]:
    """Of the sentences in these passages (rows of the index)."""
    tails = cycle(_TAILS)
    return [
        slip
        for row, each in enumerate(index.sentence_rows)
        if each.passage in passages
        for slip in _slips(row, index.wording(each), next(tails))
    ]


def _slips(row: int, wording: str, tail: str) -> Iterator[Slip]:
    if len(wording.split()) < _FEWEST_WORDS or wording.endswith("?"):
        return
    verb = _FINITE.search(wording)
    if verb:
        yield Slip(row, f"{wording[: verb.end()]} niet{wording[verb.end() :]}", False, "negation")
    for kind, before, after in _SWAPS:
        changed = before.sub(after, wording, count=1)
        if changed != wording:
            yield Slip(row, changed, False, kind)
    yield Slip(row, f"{wording.rstrip(' .!…')}, {tail}.", False, "tail")
    for before, after in _KEPT:
        changed = before.sub(after, wording)
        if changed != wording:
            yield Slip(row, changed[:1].upper() + changed[1:], True, "kept")
