"""Whether a passage says what a sentence says: what is not sure to be supported is not shown."""

import re
import unicodedata
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import CalibrationError
from assistant.verify.lexicon import Lexicon, load_lexicon
from assistant.verify.reading import Reading
from assistant.verify.signals import Comparison, Evidence, Signals, compare
from assistant.vocabulary.terms import DUTCH, Phrases, load_vocabulary
from ingest.index import Index
from ingest.manifest import ModelCard
from ingest.store import Store

PACKAGED = Path(__file__).parent / "calibration.json"
OWN = "verification.json"

_MOST_CHARS = 400
# A sentence this like another, with no more of its words missing there, was meant to say the same (tuning half).
_NEAR = 0.9
_MOST_MISSING = 0.4
# Of the words of a sentence so many may be denied where its support does not; one may be by a clumsy comma.
_MOST_DENIED = 0.1
_MOST_TURNED = 0.5
_FEWEST_WORDS = 2
# Addresses, and what a page could take for more than text.
_LINK = re.compile(r"https?:|www\.|\w@\w|\b[\w-]+\.(?:nl|com|be|org|net|eu|info|io|example)\b|!\[|\]\(", re.IGNORECASE)
_MARKUP = re.compile(r"[<>{}\[\]`|\\^~#*_=]")
_PLAIN_CATEGORIES = frozenset("LNPSZM")
_GENERIC_WEIGHT = 0.15
_LEAST_WEIGHT = 0.3


class Fault(StrEnum):
    """Why a sentence may not be shown."""

    LINK = "link"
    MARKUP = "markup"
    LENGTH = "length"
    QUESTION = "question"
    QUANTITY = "quantity"
    DIAGNOSIS = "diagnosis"
    PROMISE = "promise"
    ABSOLUTE = "absolute"
    OFTEN = "often"
    NEGATION = "negation"
    OPPOSITE = "opposite"
    REPLACED = "replaced"
    MEDICINE = "medicine"
    CAUSE = "cause"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``fault`` None: the sentence may be shown, and rests on ``support``: rows of the index, the most telling first.

    ``certainty`` is from 0 to 1; ``missing`` are words that the support does not say. ``is_near``: the sentence tries
    to say what the first of the support says.
    """

    fault: Fault | None
    support: tuple[int, ...] = ()
    certainty: float = 0.0
    missing: tuple[str, ...] = ()
    is_near: bool = False

    @property
    def is_supported(self) -> bool:
        return self.fault is None


class Verification(BaseModel):
    """``certainty = 1 / (1 + exp(−(intercept + weights · signals)))``; a sentence is supported from the threshold up.

    Learned by ``rugpijn calibrate`` on the tuning half of the claims, for one embedding model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: ModelCard
    weights: dict[str, float]
    intercept: float
    threshold: Annotated[float, Field(ge=0, le=1)]

    def certainty(self, signals: Signals) -> float:
        given = signals.model_dump()
        logit = self.intercept + sum(weight * given[name] for name, weight in self.weights.items())
        return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))


def load_verification(index_dir: Path, model: ModelCard) -> Verification:
    """The one saved with the index when the practice made it, else the packaged one.

    Raises ``CalibrationError`` when it is unreadable or made for another model than the index.
    """
    own = index_dir / OWN
    return _read(own if own.exists() else PACKAGED, model)


def verification_in(store: Store, model: ModelCard) -> Verification:
    """As ``load_verification``, from wherever the index is kept. Raises ``IngestError`` as well."""
    own = store.beside(OWN)
    return _read(PACKAGED, model) if own is None else _fitting(own, OWN, model)


def _read(path: Path, model: ModelCard) -> Verification:
    try:
        return _fitting(path.read_bytes(), path, model)
    except OSError as error:
        raise CalibrationError(path, "het bestand is onleesbaar of beschadigd.") from error


def _fitting(raw: bytes, path: Path | str, model: ModelCard) -> Verification:
    try:
        verification = Verification.model_validate_json(raw)
    except ValidationError as error:
        raise CalibrationError(path, "het bestand is onleesbaar of beschadigd.") from error
    if not verification.model.is_same_model(model):
        raise CalibrationError(path, f"hij is gemaakt voor het taalmodel '{verification.model.name}'.")
    return verification


class Comparer:
    """Compares sentences with the passages of an index. Safe to call from several threads."""

    def __init__(self, index: Index, lexicon: Lexicon | None = None, vocabulary: Phrases | None = None) -> None:
        self._index = index
        self._lexicon = lexicon or load_lexicon()
        self._vocabulary = vocabulary or load_vocabulary().phrases(DUTCH)
        self.rows = [Reading(index.wording(row), self._lexicon) for row in index.sentence_rows]
        self._known_in = Counter(key for reading in self.rows for key in reading.places)
        self._of_everywhere = log(len(self.rows) + 1)
        self._evidence = lru_cache(maxsize=256)(self._make_evidence)

    def compare(self, sentence: str, rows: frozenset[int]) -> Comparison:
        """With these rows, all of one passage, under its headings. ``support`` are rows of the index."""
        reading = Reading(sentence, self._lexicon)
        evidence, numbers = self._evidence(rows)
        found = compare(reading, self._index.embedder.query(sentence), evidence, self._weigh, self._vocabulary)
        return Comparison(found.signals, tuple(numbers[place] for place in found.support), found.missing)

    def _make_evidence(self, rows: frozenset[int]) -> tuple[Evidence, tuple[int, ...]]:
        numbers = tuple(sorted(rows))
        passage_row = self._index.sentence_rows[numbers[0]].passage
        passage = self._index.passages[passage_row]
        article = self._index.articles[passage.slug]
        lead_in = [passage.wording(article, passage.lead_in)] if passage.lead_in else []
        context = (passage.title, *passage.heading_path, *lead_in)
        return Evidence(
            sentences=tuple(self.rows[row] for row in numbers),
            vectors=self._index.vectors.sentences[list(numbers)],
            vector=self._index.vectors.passages[passage_row],
            context=tuple(Reading(text, self._lexicon) for text in context),
        ), numbers

    def _weigh(self, reading: Reading, place: int) -> float:
        """0 to 1: how much a word tells; one that the articles do not know tells most."""
        word = reading.words[place]
        if not word.is_content or place in reading.negations:
            return 0.0
        if place in reading.generic:
            return _GENERIC_WEIGHT
        known_in = max(self._known_in.get(key, 0) for key in word.keys)
        return _LEAST_WEIGHT + (1 - _LEAST_WEIGHT) * (1 - log(1 + known_in) / self._of_everywhere)


class Verifier:
    """Judges sentences against passages of an index. Safe to call from several threads."""

    def __init__(self, index: Index, verification: Verification, comparer: Comparer | None = None) -> None:
        self._index = index
        self._verification = verification
        self._comparer = comparer or Comparer(index)

    def check(self, sentence: str, rows: Set[int]) -> Verdict:
        """Whether these rows of the index, all of one passage and at least one, say what ``sentence`` says."""
        fault = _fault_of_form(sentence)
        if fault is not None:
            return Verdict(fault)
        exact = self._exact(sentence, rows)
        if exact is not None:
            return Verdict(None, (exact,), 1.0)
        compared = self._comparer.compare(sentence, frozenset(rows))
        certainty = self._verification.certainty(compared.signals)
        fault = fault_of_content(compared.signals)
        if fault is None and certainty < self._verification.threshold:
            fault = Fault.UNSUPPORTED
        is_near = compared.signals.likeness >= _NEAR and compared.signals.missing <= _MOST_MISSING
        return Verdict(fault, compared.support, certainty, compared.missing, is_near)

    def _exact(self, sentence: str, rows: Set[int]) -> int | None:
        """The row that is this sentence word for word."""
        wanted = _bare(sentence)
        return next((row for row in sorted(rows) if _bare(self._comparer.rows[row].text) == wanted), None)


class Verifiers:
    """A ``Verifier`` over any index: all of a small corpus, or what was found of a large one for a question.

    Safe to call from several threads.
    """

    def __init__(self, verification: Verification) -> None:
        self._verification = verification
        self._lexicon = load_lexicon()
        self._vocabulary = load_vocabulary().phrases(DUTCH)
        self._last: tuple[Index, Verifier] | None = None

    def over(self, index: Index) -> Verifier:
        """How telling a word is, is counted over the sentences of ``index``."""
        last = self._last
        if last is None or last[0] is not index:
            comparer = Comparer(index, self._lexicon, self._vocabulary)
            last = self._last = index, Verifier(index, self._verification, comparer)
        return last[1]


def fault_of_content(signals: Signals) -> Fault | None:
    """What no likeness makes good."""
    counted = {
        Fault.QUANTITY: signals.quantity,
        Fault.DIAGNOSIS: signals.diagnosis,
        Fault.PROMISE: signals.promise,
        Fault.ABSOLUTE: signals.absolute_added,
        Fault.OFTEN: signals.often_added + signals.often_other,
        Fault.NEGATION: signals.negation_added + signals.negation_dropped + (signals.denied > _MOST_DENIED),
        Fault.OPPOSITE: signals.opposite,
        Fault.REPLACED: signals.replaced,
        Fault.MEDICINE: signals.medicine_missing,
        Fault.CAUSE: signals.cause_turned > _MOST_TURNED,
    }
    return next((fault for fault, count in counted.items() if count), None)


def _fault_of_form(sentence: str) -> Fault | None:
    if _LINK.search(sentence):
        return Fault.LINK
    if _MARKUP.search(sentence) or not all(_is_plain(char) for char in sentence):
        return Fault.MARKUP
    if len(sentence) > _MOST_CHARS or len(sentence.split()) < _FEWEST_WORDS:
        return Fault.LENGTH
    return Fault.QUESTION if sentence.rstrip("”\"'’ ").endswith("?") else None


def _is_plain(char: str) -> bool:
    """A letter, digit, mark, space or punctuation; nothing that hides, turns or is not there."""
    return unicodedata.category(char)[0] in _PLAIN_CATEGORIES and unicodedata.category(char) not in ("Zl", "Zp")


def _bare(sentence: str) -> str:
    return " ".join(sentence.casefold().split()).strip(" .!…\"“”‘’'")
