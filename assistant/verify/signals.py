"""What differs between a sentence and the sentences it should rest on, in numbers."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.verify.cover import SAME_WORDING, Partner, partners
from assistant.verify.quantities import Quantity
from assistant.verify.reading import Reading
from assistant.vocabulary.terms import Phrases, Topic
from ingest.embed import Vectors

Weigh = Callable[[Reading, int], float]

MOST_ROWS = 3
# A further sentence is taken as support when it covers so much of the weight that the others leave uncovered.
_WORTH_TAKING = 0.07
# Below this a word is hardly said.
_COVERED = 0.6
_HEAVY = 0.35
_OF_CONTEXT = 0.9
# A sentence that follows another so far was copied from it, and a word in the place of another is a slip.
_FOLLOWS = 0.6
# From here on a word is one of those that a sentence is about.
_TELLING = 0.3
# Where a likeness of this model begins to tell.
_LIKE = 0.85
# The step of ``often`` that leaves it open: adding it says less, not more.
_SOMETIMES = 2
_TOPICS = (Topic.BODY, Topic.MEDICINE, Topic.COMPLAINT, Topic.TREATMENT)
_COMPARED = frozenset(("meer", "minder"))
_SHORTEST_COMPARED = 4
_NEAR_DAN = 8
_MODALS = frozenset("kan kunnen kunt kon zal zullen zou zouden mag mogen".split())


class Signals(BaseModel):
    """All but the likenesses (cosines) are 0 where nothing differs. Shares are of the weight of all its words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    missing: float
    missing_words: float
    missing_in_passage: float
    heaviest_missing: float
    topic_missing: float
    medicine_missing: float
    likeness: float
    passage_likeness: float
    unsaid: float
    more_rows: float
    denied: float
    negation_added: float
    negation_dropped: float
    opposite: float
    replaced: float
    in_order: float
    possible_dropped: float
    some_dropped: float
    absolute_added: float
    often_added: float
    often_other: float
    quantity: float
    cause_added: float
    cause_turned: float
    compared: float
    diagnosis: float
    promise: float
    advice: float
    words: float


@dataclass(frozen=True)
class Evidence:
    """A passage to rest on: its sentences with their vectors, shape (sentences, dimension), row for row, its own
    ``vector``, and as ``context`` its title, headings and lead-in."""

    sentences: tuple[Reading, ...]
    vectors: Vectors
    vector: Vectors
    context: tuple[Reading, ...]


@dataclass(frozen=True)
class Comparison:
    """``support`` are the places in ``Evidence.sentences``, the most telling first; ``missing`` the words not found."""

    signals: Signals
    support: tuple[int, ...]
    missing: tuple[str, ...]


def compare(sentence: Reading, vector: Vectors, evidence: Evidence, weigh: Weigh, vocabulary: Phrases) -> Comparison:
    """``vector`` (dimension,) of length 1 is that of ``sentence``; ``weigh``: how much a word of it tells."""
    weights = np.array([weigh(sentence, place) for place in range(len(sentence.words))])
    likeness = evidence.vectors @ vector
    by_row = [partners(sentence, [row]) for row in evidence.sentences]
    in_context = _strengths(partners(sentence, evidence.context)) * _OF_CONTEXT
    support = _choose([_strengths(found) for found in by_row], in_context, weights, likeness)
    rows = [evidence.sentences[place] for place in support]
    found = partners(sentence, rows)
    around = [*rows, *evidence.context]
    strengths = np.maximum(_strengths(found), in_context)
    anywhere = np.maximum(np.max([_strengths(each) for each in by_row], axis=0), in_context)
    total = weights.sum() + 1e-9
    missing = [int(place) for place in np.flatnonzero((strengths < _COVERED) & (weights > 0))]
    heavy = [place for place in missing if weights[place] >= _HEAVY]
    back = partners(rows[0], [sentence])
    back_weights = np.array([weigh(rows[0], place) for place in range(len(rows[0].words))])
    replaced, in_order = _replaced(sentence, rows, found, weights)
    said = [name for name in ("possible", "some") if sentence.says(name)]
    causes = bool(sentence.says("leads_to") or sentence.says("comes_from"))
    steps = frozenset(step for reading in around for step in reading.often)
    signals = Signals(
        missing=float(((1 - strengths) * weights).sum() / total),
        missing_words=float(len(heavy)),
        missing_in_passage=float(((1 - anywhere) * weights).sum() / total),
        heaviest_missing=max((float(weights[place]) for place in missing), default=0.0),
        topic_missing=float(_missing_of(sentence, missing, vocabulary, _TOPICS)),
        medicine_missing=float(
            _missing_of(sentence, np.flatnonzero(_strengths(found) < SAME_WORDING), vocabulary, (Topic.MEDICINE,))
        ),
        likeness=float(likeness[list(support)].max()),
        passage_likeness=float(evidence.vector @ vector),
        unsaid=float(((1 - _strengths(back)) * back_weights).sum() / (back_weights.sum() + 1e-9)),
        more_rows=float(len(support) - 1),
        denied=_denied(sentence, rows, found, weights),
        negation_added=float(bool(sentence.negations) and not any(row.negations for row in rows)),
        negation_dropped=float(not sentence.negations and bool(rows[0].negations)),
        opposite=_opposite(sentence, rows, found, weights),
        replaced=replaced,
        in_order=in_order,
        possible_dropped=float("possible" not in said and any(row.says("possible") for row in rows)),
        some_dropped=float("some" not in said and any(row.says("some") for row in rows[:1])),
        absolute_added=float(len(_added(sentence, "absolute", around))),
        often_added=float(len({step for step in sentence.often - steps if step != _SOMETIMES})),
        often_other=float(bool(sentence.often) and bool(rows[0].often) and not sentence.often & steps),
        quantity=float(sum(1 for _ in _strange_quantities(sentence, around))),
        cause_added=float(causes and not any(row.says("leads_to") or row.says("comes_from") for row in around)),
        cause_turned=_turned(sentence, rows, found, weights),
        compared=float(_compares(sentence) and not any(_compares(row) for row in rows)),
        diagnosis=float(bool(_added(sentence, "diagnosis", rows)) and not sentence.says("condition")),
        promise=float(len(_added(sentence, "promise", around))),
        advice=float(bool(_added(sentence, "advice", around)) and not any(row.says("advice") for row in around)),
        words=float((weights >= _HEAVY).sum()),
    )
    return Comparison(signals, support, tuple(sentence.words[place].text for place in heavy))


def _strengths(found: Sequence[Sequence[Partner]]) -> Vectors:
    return np.array([max((each.strength for each in word), default=0.0) for word in found], dtype=np.float32)


def _choose(by_row: Sequence[Vectors], context: Vectors, weights: Vectors, likeness: Vectors) -> tuple[int, ...]:
    """Rows that cover the sentence together, each adding what those before it do not cover."""
    total = weights.sum() + 1e-9
    chosen: list[int] = []
    covered = np.zeros_like(context)
    while len(chosen) < min(MOST_ROWS, len(by_row)):
        gains = {
            row: float((np.maximum(covered, strengths) * weights).sum() - (covered * weights).sum()) / total
            + (max(0.0, float(likeness[row]) - _LIKE) if not chosen else 0.0)
            for row, strengths in enumerate(by_row)
            if row not in chosen
        }
        best = max(gains, key=lambda row: gains[row])
        if chosen and gains[best] < _WORTH_TAKING:
            break
        chosen.append(best)
        covered = np.maximum(covered, by_row[best])
    return tuple(chosen)


def _missing_of(sentence: Reading, missing: Iterable[int], vocabulary: Phrases, topics: Container[Topic | None]) -> int:
    """How many of the missing words are about one of these topics."""
    topical = {
        place
        for mention in vocabulary.mentions(sentence.texts)
        if mention.term.topic in topics
        for place in range(mention.start, mention.end)
        if sentence.words[place].is_content and place not in sentence.generic
    }
    return len(topical.intersection(missing))


def _compares(reading: Reading) -> bool:
    """ "vaker … dan", "net zo … als"."""
    if reading.says("more_than"):
        return True
    texts = reading.texts
    return any(
        (text in _COMPARED or (text.endswith("er") and len(text) > _SHORTEST_COMPARED))
        and "dan" in texts[place + 1 : place + _NEAR_DAN]
        for place, text in enumerate(texts)
    )


def _denied(sentence: Reading, rows: Sequence[Reading], found: Sequence[Sequence[Partner]], weights: Vectors) -> float:
    """The share of words, of those found, that are denied in one and not in the other."""
    agree: dict[int, float] = {}
    for place, word in enumerate(sentence.words):
        if weights[place] > 0 and found[place]:
            is_same = any(
                (sentence.is_denied(place) != rows[each.reading].is_denied(each.place)) == each.is_opposite
                for each in found[place]
            )
            agree[word.clause] = agree.get(word.clause, 0.0) + (0.0 if is_same else float(weights[place]))
    total = sum(float(weights[place]) for place in range(len(weights)) if found[place]) + 1e-9
    return sum(agree.values()) / total


def _opposite(
    sentence: Reading, rows: Sequence[Reading], found: Sequence[Sequence[Partner]], weights: Vectors
) -> float:
    """How many words say the contrary of what the support says, without either being denied."""
    return float(
        sum(
            1
            for place in range(len(sentence.words))
            if found[place]
            and all(
                each.is_opposite and sentence.is_denied(place) == rows[each.reading].is_denied(each.place)
                for each in found[place]
            )
        )
    )


def _replaced(
    sentence: Reading, rows: Sequence[Reading], found: Sequence[Sequence[Partner]], weights: Vectors
) -> tuple[float, float]:
    """How many words stand where the support has other ones, and the share of the words that follow its order."""
    best = (0.0, 0.0)
    mine = [place for place in range(len(weights)) if weights[place] >= _TELLING]
    for number, row in enumerate(rows):
        theirs = [place for place, word in enumerate(row.words) if word.is_content and place not in row.generic]
        same = {(place, each.place) for place in mine for each in found[place] if each.reading == number}
        pairs = _longest(mine, theirs, same)
        in_order = len(pairs) / max(1, len(mine))
        if in_order > best[1] or not best[1]:
            best = (float(_swapped(pairs, len(mine), len(theirs))), in_order)
    return best if best[1] >= _FOLLOWS else (0.0, best[1])


def _longest(mine: Sequence[int], theirs: Sequence[int], same: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest common subsequence, as positions in ``mine`` and ``theirs``."""
    lengths = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for one in reversed(range(len(mine))):
        for other in reversed(range(len(theirs))):
            is_same = (mine[one], theirs[other]) in same
            lengths[one][other] = (
                1 + lengths[one + 1][other + 1] if is_same else max(lengths[one + 1][other], lengths[one][other + 1])
            )
    pairs, one, other = [], 0, 0
    while one < len(mine) and other < len(theirs):
        if (mine[one], theirs[other]) in same:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif lengths[one + 1][other] >= lengths[one][other + 1]:
            one += 1
        else:
            other += 1
    return pairs


def _swapped(pairs: Sequence[tuple[int, int]], mine: int, theirs: int) -> int:
    """Words between two that match, on both sides: one stands where the other did."""
    bounds = [(-1, -1), *pairs, (mine, theirs)]
    return sum(
        min(here[0] - before[0] - 1, here[1] - before[1] - 1) for before, here in zip(bounds, bounds[1:], strict=False)
    )


def _added(sentence: Reading, name: str, rows: Sequence[Reading]) -> list[int]:
    """Where ``sentence`` says something of the list that no row says in these words."""
    known = {key for row in rows for key, places in row.places.items() if not row.harmless.issuperset(places)}
    spans = sentence.says(name)
    return [
        start
        for start, end in spans
        if not all(sentence.words[at].keys & known for at in range(start, end))
        and start - 1 not in sentence.negations
        and not any(start <= place < end for place in sentence.harmless)
    ]


def _strange_quantities(sentence: Reading, rows: Sequence[Reading]) -> Iterator[Quantity]:
    known = [quantity for row in rows for quantity in row.quantities]
    return (each for each in sentence.quantities if not any(each.is_as(other) for other in known))


def _turned(sentence: Reading, rows: Sequence[Reading], found: Sequence[Sequence[Partner]], weights: Vectors) -> float:
    """The share of words that are cause here and effect there, or the other way round."""
    mine = _roles(sentence)
    theirs = [_roles(row) for row in rows]
    turned = told = 0.0
    for place, role in mine.items():
        roles = {theirs[each.reading].get(each.place) for each in found[place]} - {None}
        if roles:
            told += float(weights[place])
            turned += 0.0 if role in roles else float(weights[place])
    return turned / told if told else 0.0


def _roles(reading: Reading) -> dict[int, bool]:
    """For each word that is cause (True) or effect (False), as far as its place tells."""
    spans = [(start, end, True) for start, end in reading.says("leads_to")]
    spans += [(start, end, False) for start, end in reading.says("comes_from")]
    if not spans:
        return {}
    start, end, leads = min(spans, key=lambda span: (span[0], -span[1]))
    places = [place for place, word in enumerate(reading.words) if word.is_content]
    before, after = [p for p in places if p < start], [p for p in places if p >= end]
    if not after:
        modal = next((place for place in range(start) if reading.texts[place] in _MODALS), None)
        if modal is None:
            return {}
        before, after = [p for p in before if p < modal], [p for p in before if p > modal]
    elif not before:
        clause = reading.words[start].clause
        after, before = (
            [p for p in after if reading.words[p].clause == clause],
            [p for p in after if reading.words[p].clause != clause],
        )
        if not before:
            after, before = after[:1], after[1:]
    return {**dict.fromkeys(before, leads), **dict.fromkeys(after, not leads)}
