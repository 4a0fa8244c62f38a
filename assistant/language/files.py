"""Rules as people write them: TOML files, read with an eye for who has to mend them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import RulesError
from assistant.language.cues import Cues
from assistant.language.matching import Lexicon
from assistant.language.patterns import Pattern, PatternError, groups_in_order, parse_pattern
from assistant.language.tokens import fold

LANGUAGE = Path(__file__).parent / "language.toml"
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class RuleFile:
    """One file of rules. Everything that is wrong with it becomes a ``RulesError`` with the line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._text = path.read_text("utf-8")
            self.data: dict[str, Any] = tomllib.loads(self._text)
        except OSError as error:
            raise RulesError(path, f"het bestand is niet te lezen ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise RulesError(path, "er staat een letter die niet als UTF-8 is opgeslagen.", line) from error
        except tomllib.TOMLDecodeError as error:
            raise RulesError(path, _complaint(error), _line_of(error, self._text)) from error

    def error(self, reason: str, *near: str) -> RulesError:
        """A complaint at the line where the texts ``near`` stand, one behind the other."""
        at = behind = 0
        for text in near:
            found = self._text.find(text, behind)
            if found >= 0:
                at, behind = found + text.count("\n"), found + len(text)
        return RulesError(self.path, reason, self._text.count("\n", 0, at) + 1 if near else None)

    def check_keys(self, table: Mapping[str, Any], known: Iterable[str], *near: str) -> None:
        known = set(known)
        for key in table:
            if key not in known:
                reason = f"'{key}' is geen bekend gegeven; kies uit: {', '.join(sorted(known))}."
                raise self.error(reason, *near, self._written(key))

    def table(self, key: str) -> dict[str, Any]:
        """The table ``[key]``; it must be there."""
        table = self.data.get(key)
        if not isinstance(table, dict):
            raise self.error(f"de kop [{key}] ontbreekt, of er staat geen lijst met namen onder.", key)
        return table

    def text(self, table: Mapping[str, Any], key: str, *near: str, optional: bool = False) -> str:
        value = table.get(key, "" if optional else None)
        if not isinstance(value, str) or not (value.strip() or optional):
            raise self.error(f"'{key}' ontbreekt of is geen tekst tussen aanhalingstekens.", *near)
        return value

    def lines(self, table: Mapping[str, Any], key: str, *near: str) -> list[str]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
            raise self.error(f'\'{key}\' moet een lijst van teksten zijn: ["…", "…"].', *near, self._written(key))
        return value

    def patterns(self, table: Mapping[str, Any], key: str, *near: str) -> tuple[Pattern, ...]:
        patterns = []
        for line in self.lines(table, key, *near):
            try:
                patterns.append(parse_pattern(line))
            except PatternError as error:
                raise self.error(f"{error}.", *near, line) from error
        return tuple(patterns)

    def phrases(self, key: str) -> tuple[Pattern, ...]:
        """The patterns under the heading ``[key]``; none when it is not there."""
        table = self.table(key) if key in self.data else {}
        self.check_keys(table, ("phrases",), f"[{key}]")
        return self.patterns(table, "phrases", f"[{key}]")

    def tables(self, key: str) -> list[dict[str, Any]]:
        """What stands below each ``[[key]]``; at least one."""
        tables = self.data.get(key, [])
        if not tables:
            raise self.error(f"er staat geen enkele [[{key}]] in.")
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error(f"schrijf de kop met dubbele haken: [[{key}]].", key)
        return tables

    def flag(self, table: Mapping[str, Any], key: str, *near: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"'{key}' moet true of false zijn.", *near, key)
        return value

    def groups(self, key: str) -> dict[str, tuple[Pattern, ...]]:
        table = self.table(key) if key in self.data else {}
        return {name: self.patterns(table, name, f"[{key}]") for name in table}

    def _written(self, key: str) -> str:
        """``key`` as it stands at the start of a line, where it does."""
        return f"\n{key}" if f"\n{key}" in self._text else key


class Language:
    """``language.toml``: small words, cues, figures of speech and the word groups that all rules share."""

    def __init__(self, path: Path = LANGUAGE) -> None:
        self.file = RuleFile(path)
        self.file.check_keys(self.file.data, ("words", "cues", "idioms", "groups"))
        words = self.file.table("words")
        self._words = {key: self._word_set(words, key) for key in ("fillers", "barriers", "no_barrier_after")}
        self.file.check_keys(words, self._words, "[words]")
        self.idioms = self.file.patterns(self.file.table("idioms"), "phrases", "[idioms]")
        self.groups = self.file.groups("groups")
        self.cues = self._cues(self.file.table("cues"))

    def lexicon(
        self, file: RuleFile, groups: Mapping[str, tuple[Pattern, ...]], patterns: Iterable[Pattern]
    ) -> Lexicon:
        """The shared words together with those of ``file``. Raises ``RulesError`` for a group that does not exist."""
        both = {**self.groups, **groups}
        patterns = [*patterns, *self.idioms, *self.cues.patterns]
        self._check_groups(file, both, patterns)
        return Lexicon(both, patterns, self._words["fillers"], self._words["barriers"], self._words["no_barrier_after"])

    def _check_groups(
        self, file: RuleFile, groups: Mapping[str, tuple[Pattern, ...]], patterns: Iterable[Pattern]
    ) -> None:
        try:
            groups_in_order(groups)
        except PatternError as error:
            raise file.error(f"{error}.", *re.findall(r"<[a-z_0-9]+>", str(error))) from error
        for pattern in patterns:
            for element in pattern.all_elements:
                for name in element.groups:
                    if name not in groups:
                        raise file.error(f"de woordgroep <{name}> bestaat niet.", pattern.text)

    def _word_set(self, table: Mapping[str, Any], key: str) -> frozenset[str]:
        return frozenset(fold(word) for line in self.file.lines(table, key) for word in line.split())

    def _cues(self, table: Mapping[str, Any]) -> Cues:
        patterns = ("not_a_negation", "past", "recent", "over", "healed", "general", "elsewhere", "worried")
        read: dict[str, Any] = {key: self.file.patterns(table, key, "[cues]") for key in patterns}
        read |= {key: self._word_set(table, key) for key in table if key not in patterns}
        try:
            return Cues(**read)
        except TypeError as error:
            raise self.file.error(f"onder [cues] klopt een naam niet ({error}).", "[cues]") from error


def _complaint(error: tomllib.TOMLDecodeError) -> str:
    return f"dit is geen geldige TOML: {_AT_LINE.sub('', str(error)).strip()}."


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    match = _AT_LINE.search(str(error))
    return int(match[1]) if match and match[1] else text.count("\n") + 1
