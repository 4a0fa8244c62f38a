"""The word lists by which two sentences are compared: ``lexicon.toml`` and ``wording.toml``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.language.files import RuleFile
from assistant.language.tokens import tokenise
from assistant.vocabulary.terms import Phrases, Term

_FOLDER = Path(__file__).parent
_DUTCH = "nl"
_LISTS = (
    "negation",
    "no_negation",
    "possible",
    "some",
    "absolute",
    "leads_to",
    "comes_from",
    "more_than",
    "diagnosis",
    "condition",
    "promise",
    "advice",
    "generic",
)


@dataclass(frozen=True)
class Lexicon:
    """``lists`` by name; ``often`` from never to always; ``opposites`` in pairs; ``article`` and ``says`` as in
    ``wording.toml``: their terms are the numbers of its entries."""

    lists: dict[str, Phrases]
    often: tuple[Phrases, ...]
    opposites: tuple[tuple[Phrases, Phrases], ...]
    article: Phrases
    says: Phrases


def load_lexicon(folder: Path = _FOLDER) -> Lexicon:
    """Raises ``RulesError`` with file, line and reason."""
    file = RuleFile(folder / "lexicon.toml")
    file.check_keys(file.data, (*_LISTS, "often", "opposites"))
    entries = list(_entries(RuleFile(folder / "wording.toml")))
    return Lexicon(
        lists={name: _phrases(_words(file, file.data.get(name), name)) for name in _LISTS},
        often=tuple(_phrases(_words(file, step, "often")) for step in _lists(file, "often")),
        opposites=tuple(_pair(file, pair) for pair in _lists(file, "opposites")),
        article=_numbered((number, article) for number, (article, _) in enumerate(entries)),
        says=_numbered((number, [*article, *says]) for number, (article, says) in enumerate(entries)),
    )


def _entries(file: RuleFile) -> Iterator[tuple[list[str], list[str]]]:
    file.check_keys(file.data, ("word",))
    for number, table in enumerate(file.tables("word"), 1):
        near = ("[[word]]",) * number
        file.check_keys(table, ("article", "says"), *near)
        yield _words(file, table.get("article"), *near, "article"), _words(file, table.get("says"), *near, "says")


def _lists(file: RuleFile, key: str) -> list[Any]:
    given = file.data.get(key)
    if not isinstance(given, list) or not given:
        raise file.error(f"'{key}' moet een lijst van lijsten zijn.", key)
    return given


def _pair(file: RuleFile, pair: Any) -> tuple[Phrases, Phrases]:
    if not isinstance(pair, list) or len(pair) != len(("one", "other")):
        raise file.error("bij 'opposites' horen telkens twee lijsten.", "opposites")
    one, other = (_phrases(_words(file, each, "opposites")) for each in pair)
    return one, other


def _words(file: RuleFile, given: Any, *near: str) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(each, str) and each.strip() for each in given):
        raise file.error(f"'{near[-1]}' moet een lijst van woorden zijn.", *near)
    for phrase in given:
        if not all(tokenise(word) for word in phrase.split()):
            raise file.error(f"in '{phrase}' staat iets wat geen woord is.", *near, f'"{phrase}"')
    return given


def _phrases(said: Iterable[str]) -> Phrases:
    return Phrases(_DUTCH, ((phrase, Term((phrase,))) for phrase in said))


def _numbered(entries: Iterable[tuple[int, Sequence[str]]]) -> Phrases:
    return Phrases(_DUTCH, ((phrase, Term((str(number),))) for number, said in entries for phrase in said))
