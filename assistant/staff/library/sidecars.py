"""Changing the files beside the articles, with every comment, order and line of staff's own left as it is."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from assistant.staff.library.errors import FailedError
from assistant.staff.texts import SIDECAR_BY_HAND
from ingest.wording import on_one_line


def with_sentences(text: str, table: str, key: str, sentences: Mapping[int, Sequence[str | None]]) -> str:
    """``text`` with other sentences in some entries: by number of the entry, from 0, one for each that is there.

    A sentence is None where it goes; an entry without any goes as a whole. Raises ``FailedError`` when the file is
    written in a way that cannot be changed like this.
    """
    wanted = [dict(entry) for entry in _entries(text, table)]
    for number, given in sentences.items():
        wanted[number][key] = [sentence for sentence in given if sentence is not None]
    emptied = {number for number, given in sentences.items() if not any(given)}
    changed = without_entries(_with_arrays(text, table, key, sentences), table, emptied)
    if _folded(_entries(changed, table)) != _folded([each for n, each in enumerate(wanted) if n not in emptied]):
        raise FailedError(SIDECAR_BY_HAND)
    return changed


def without_entries(text: str, table: str, numbers: Collection[int]) -> str:
    """Raises ``FailedError``, as ``with_sentences``."""
    if not numbers:
        return text
    wanted = [entry for number, entry in enumerate(_entries(text, table)) if number not in numbers]
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    for number in sorted(numbers, reverse=True):
        if number >= len(starts):
            break
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        while _says_nothing(lines[end - 1]):  # what is written above the next entry is about that one
            end -= 1
        del lines[starts[number] : end]
    changed = "\n".join(lines)
    if _entries(changed, table) != wanted:
        raise FailedError(SIDECAR_BY_HAND)
    return changed


def _with_arrays(text: str, table: str, key: str, sentences: Mapping[int, Sequence[str | None]]) -> str:
    try:
        document: Any = tomlkit.parse(text)
        for number, given in sentences.items():
            array = document[table][number][key]
            for position in range(len(given) - 1, -1, -1):
                sentence = given[position]
                if sentence is None:
                    del array[position]
                elif sentence != on_one_line(str(array[position])):
                    array[position] = sentence
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, IndexError, TypeError, ValueError) as error:
        raise FailedError(SIDECAR_BY_HAND) from error


def _entries(text: str, table: str) -> list[dict[str, Any]]:
    try:
        entries = tomllib.loads(text).get(table, [])
    except ValueError as error:
        raise FailedError(SIDECAR_BY_HAND) from error
    return entries if isinstance(entries, list) else []


def _folded(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As ingest reads them: white space in a sentence says nothing."""
    return [
        {
            key: [on_one_line(str(each)) for each in value] if isinstance(value, list) else value
            for key, value in entry.items()
        }
        for entry in entries
    ]


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
