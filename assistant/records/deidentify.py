"""Taking out of a message who wrote it: what deduce finds, and what it misses in the way visitors write."""

import importlib
import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import simplemma

from assistant.question import legible
from assistant.records.addresses import Addresses
from assistant.records.identifiers import identifiers
from assistant.records.people import People
from assistant.records.personal import Personal, Span, masked
from assistant.records.wordlists import Wordlists

# Streets in every spelling, and institutions: 95 % of deduce's memory (1 GB) and of the 84 s it takes to build them.
# Streets with a number are found by ``Addresses``; the name of a clinic says little of who wrote.
_LEFT_OUT = ("locations/lst_street", "institutions/lst_healthcare_institution")
# How old somebody is tells much about a complaint, and little about who it is.
_DISABLED = {"ages"}
# deduce takes seconds, or gives up, when a thousand characters are one name after another.
_WINDOW_CHARS = 140
_OVERLAP_CHARS = 60
_KINDS = {
    "persoon": Personal.NAME,
    "patient": Personal.NAME,
    "locatie": Personal.PLACE,
    "ziekenhuis": Personal.PLACE,
    "zorginstelling": Personal.PLACE,
    "datum": Personal.DATE,
    "telefoonnummer": Personal.PHONE,
    "emailadres": Personal.EMAIL,
    "url": Personal.LINK,
    "bsn": Personal.BSN,
}


class Deidentifier:
    """A message without names, addresses, phone numbers, mail addresses, citizen numbers and the like."""

    def __init__(self, lists: Path) -> None:
        """Takes some seconds; ``lists`` is ``deduce_lists()``."""
        words = Wordlists.read(lists)
        self._people = People(words, _is_dutch)
        self._addresses = Addresses(words, _is_dutch)
        self._deduce = _build_deduce(lists)

    def __call__(self, message: str) -> str:
        text = " ".join(legible(message).split())
        return masked(text, self._spans(text))

    def _spans(self, text: str) -> Iterator[Span]:
        yield from identifiers(text)
        yield from self._people.spans(text)
        yield from self._addresses.spans(text)
        for start, window in windows(text):
            for found in self._deduce.deidentify(window, disabled=_DISABLED).annotations:
                yield Span(start + found.start_char, start + found.end_char, _KINDS.get(found.tag, Personal.NUMBER))


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Stretches of ``text`` and where they begin: whole words, overlapping by more than a name or number is long."""
    start = 0
    while len(text) - start > _WINDOW_CHARS:
        end = text.rfind(" ", start + _OVERLAP_CHARS + 1, start + _WINDOW_CHARS)
        end = end if end > 0 else start + _WINDOW_CHARS
        yield start, text[start:end]
        start = text.find(" ", end - _OVERLAP_CHARS, end) + 1 or end - _OVERLAP_CHARS
    yield start, text[start:]


def _is_dutch(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="nl"))


def _build_deduce(lists: Path) -> Any:
    """deduce with the lists that are small, from a copy that it may write its cache beside."""
    with TemporaryDirectory() as folder, _left_as_they_are():
        deduce: Any = importlib.import_module("deduce")
        source = Path(folder) / "src"
        shutil.copytree(lists, source)
        for each in _LEFT_OUT:
            shutil.rmtree(source / each)
            (source / each).mkdir()
            (source / each / "items.txt").touch()
        return deduce.Deduce(lookup_data_path=folder, cache_path=folder, build_lookup_structs=True)


@contextmanager
def _left_as_they_are() -> Iterator[None]:
    """deduce, when imported, makes every library log all it does to standard output, and shows every warning."""
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)  # ``basicConfig`` does nothing where there is one
    try:
        with warnings.catch_warnings():
            yield
    finally:
        root.removeHandler(silent)
