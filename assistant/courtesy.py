"""Messages that are nothing but politeness: they ask for no article and get no "dit staat niet in onze artikelen"."""

from assistant.language.tokens import tokenise, words

_POLITE = frozenset(
    "hallo hoi hey hi hee goedemorgen goedemiddag goedenavond goeiemorgen goeiemiddag goeieavond goededag dag goeden "
    "morgen middag avond dank bedankt dankje dankjewel dankuwel merci thanks thank you danke bitte vielen hello "
    "bonjour bonsoir salut merhaba selam tesekkurler tesekkur ederim dziekuje czesc dzien dobry شكرا مرحبا "
    "je jij u wel zeer heel erg veel hartelijk alvast voor het de uw jouw antwoord hulp uitleg informatie info ok oke "
    "okay prima top super fijn goed duidelijk helder doei tot ziens groetjes fijne nog".split()
)
_MOST_WORDS = 8


def is_courtesy(message: str) -> bool:
    """ "Dank u wel!", "Goedemorgen": a few words, and every one of them polite."""
    said = words(tokenise(message))
    return 0 < len(said) <= _MOST_WORDS and all(word in _POLITE for word in said)
