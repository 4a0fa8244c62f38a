"""Dutch names of what is measured, for who reads the tables."""

from assistant.evaluation.triage import TurnFault
from assistant.evaluation.variants import VariantKind
from assistant.triage.rulebook import Level

# From the lightest to the most urgent.
LEVELS = (Level.HUISARTS, Level.SPOED, Level.CRISIS, Level.EMERGENCY)

_LANGUAGES = {
    "english": "Engels",
    "german": "Duits",
    "french": "Frans",
    "turkish": "Turks",
    "polish": "Pools",
    "arabic": "Arabisch",
}

STYLES = {
    "lay": "gewone woorden",
    "plain": "kort en eenvoudig",
    "formal": "formeel",
    "keywords": "steekwoorden",
    "sloppy": "slordig",
    "typo": "tikfouten",
    "no_punctuation": "zonder leestekens",
    "indirect": "omfloerst",
    "minimised": "kleiner gemaakt",
    "question": "als vraag",
    "detailed": "uitgebreid",
    "other_person": "over een ander",
    "spread": "verdeeld over berichten",
    "flemish": "Vlaams",
    **_LANGUAGES,
    "mixed": "talen door elkaar",
}

QUESTION_STYLES = {
    "plain": "gewoon gesteld",
    "yes_no": "ja of nee",
    "list": "vraagt om een lijst",
    "keyword": "steekwoorden",
    "informal": "slordig",
    "flemish": "Vlaams",
    "indirect": "klacht in de ik-vorm",
    "synonym": "met andere woorden",
    **_LANGUAGES,
}

UNANSWERABLE = {
    "near_miss": "over het onderwerp",
    "other_health": "andere gezondheid",
    "off_topic": "iets anders",
}

FOLLOW_UPS = {
    "pronoun": "verwijst terug",
    "ellipsis": "half gesteld",
    "and": "begint met ‘en’",
    "chain": "derde bericht",
    "change": "ander onderwerp",
    "nothing": "niet in de artikelen",
}

LOOK_ALIKES = {
    "negation": "ontkend",
    "past": "vroeger, nu over",
    "general": "algemene vraag",
    "other_person": "van een ander, niet nu",
    "idiom": "beeldspraak",
    "homonym": "woord met twee betekenissen",
    "ordinary": "gewone klacht",
    "doubt": "twijfel",
    "flemish_ordinary": "gewone klacht, Vlaams",
    "foreign_ordinary": "gewone klacht, andere taal",
    "foreign_negation": "ontkend, andere taal",
    "foreign_general": "algemene vraag, andere taal",
}

VARIANTS = {
    VariantKind.ONE_TYPO: "één tikfout",
    VariantKind.TWO_TYPOS: "twee tikfouten",
    VariantKind.ONE_SPACE_LESS: "één spatie te weinig",
    VariantKind.TWO_SPACES_LESS: "twee spaties te weinig",
    VariantKind.UPPER_CASE: "in hoofdletters",
    VariantKind.LOWER_CASE: "zonder hoofdletters",
    VariantKind.NO_PUNCTUATION: "zonder leestekens",
    VariantKind.SMALL_TALK_BEFORE: "praatje ervoor",
    VariantKind.SMALL_TALK_AFTER: "praatje erachter",
    VariantKind.SMALL_TALK_NEXT: "praatje in een volgend bericht",
    VariantKind.MINIMISING_BEFORE: "ervoor kleiner gemaakt",
    VariantKind.MINIMISING_AFTER: "erachter kleiner gemaakt",
}

FAULTS = {
    TurnFault.MISSED: "alarm gemist of te laag",
    TurnFault.LOST: "alarm te vroeg weg",
    TurnFault.REPEATED: "alarm herhaald na het antwoord",
    TurnFault.FALSE: "alarm te hoog of onterecht",
}


def level_name(level: Level | None) -> str:
    """``Level.DOUBT`` is what a visitor gets of it: the safety-net line."""
    if level is None:
        return "geen alarm"
    return "vangnetregel" if level is Level.DOUBT else level.value
