"""Dutch names of how a language model's answers end and of what is wrong with its sentences."""

from collections.abc import Mapping

OUTCOMES = {
    "phrased": "verwoord door het taalmodel",
    "not_found": "volgens het taalmodel niet te vinden",
    "too_little": "te weinig zinnen over",
    "failed": "fout in het verwoorden",
    "unreachable": "taalmodel niet te bereiken",
    "tls": "beveiligde verbinding mislukt",
    "not_nearby": "taalmodel staat niet dichtbij",
    "redirected": "doorverwezen naar een ander adres",
    "unauthorised": "sleutel niet aanvaard",
    "rate_limited": "te veel gevraagd",
    "refused_request": "vraag geweigerd",
    "server_error": "fout bij het taalmodel",
    "slow_first": "te lang wachten op het eerste woord",
    "slow_between": "te lang stil onderweg",
    "slow_total": "te lang bezig",
    "too_long": "te lange tekst",
    "broken_off": "afgebroken",
    "malformed": "onleesbaar antwoord",
    "empty": "leeg antwoord",
    "busy": "taalmodel bezet",
    "circuit_open": "niet gevraagd na een rij mislukkingen",
    "unknown": "onbekende fout",
}

SENTENCE_FAULTS = {
    "no_citation": "noemt geen passage",
    "unknown_citation": "noemt een passage die er niet is",
    "repeated": "stond er al",
    "too_much": "te veel woorden",
    "link": "bevat een link",
    "markup": "bevat opmaak of onzichtbare tekens",
    "length": "te lang of te kort",
    "question": "is een vraag",
    "quantity": "ander getal of andere eenheid",
    "diagnosis": "stelt een diagnose",
    "promise": "belooft genezing",
    "absolute": "te stellig",
    "often": "vaker of minder vaak",
    "negation": "ontkend, of juist niet",
    "opposite": "zegt het tegendeel",
    "replaced": "een woord in plaats van een ander",
    "medicine": "noemt een ander medicijn",
    "cause": "oorzaak en gevolg omgedraaid",
    "unsupported": "te weinig steun in de passage",
}


def label(names: Mapping[str, str], name: str) -> str:
    """A name that is new since is shown as it is: a measurement of hours must not end on it."""
    return names.get(name, name)
