"""Where each word of a sentence stands in the sentences it should rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.verify.reading import Reading

SAME_WORD = 1.0
SAME_WORDING = 0.9
PART_OF_WORD = 0.75
WHOLE_OF_WORD = 0.5
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Partner:
    """The word at ``place`` of reading number ``reading`` that says the same; ``strength`` is from 0 to 1.

    ``is_opposite``: it says the contrary, which is the same where one of the two is denied.
    """

    reading: int
    place: int
    strength: float
    is_opposite: bool = False


def partners(sentence: Reading, sources: Sequence[Reading]) -> list[list[Partner]]:
    """For each word of ``sentence`` the words of ``sources`` that say the same."""
    found: list[list[Partner]] = [[] for _ in sentence.words]
    for number, source in enumerate(sources):
        for place, partner in _all(sentence, number, source):
            found[place].append(partner)
    return found


def _all(sentence: Reading, number: int, source: Reading) -> Iterator[tuple[int, Partner]]:
    for place, word in enumerate(sentence.words):
        same = {other for key in word.keys for other in source.places.get(key, ())}
        yield from ((place, Partner(number, other, SAME_WORD)) for other in same)
        if not same and word.is_content:
            yield from ((place, partner) for partner in _compounds(word.text, number, source))
    for entry, spans in sentence.as_wording.items():
        for start, _ in source.as_article.get(entry, ()):
            for from_, to in spans:
                yield from ((place, Partner(number, start, SAME_WORDING)) for place in range(from_, to))
    for (one, other), (source_one, source_other) in zip(sentence.sides, source.sides, strict=True):
        for mine, theirs in ((one - other, source_other - source_one), (other - one, source_one - source_other)):
            for place in mine:
                yield from ((place, Partner(number, there, SAME_WORDING, True)) for there in theirs)


def _compounds(text: str, number: int, source: Reading) -> Iterator[Partner]:
    """ "klachten" in "rugklachten" is said; of "rugklachten" only a part is, where the source says "klachten"."""
    if len(text) < _SHORTEST_PART:
        return
    for place, other in enumerate(source.words):
        if not other.is_content or len(other.text) < _SHORTEST_PART:
            continue
        if len(other.text) > len(text) and (other.text.startswith(text) or other.text.endswith(text)):
            yield Partner(number, place, PART_OF_WORD)
        elif len(text) > len(other.text) and (text.startswith(other.text) or text.endswith(other.text)):
            yield Partner(number, place, WHOLE_OF_WORD)
