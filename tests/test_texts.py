"""Every word a visitor can read is Dutch, says "u" and has its gaps filled."""

import ast
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import texts
from assistant.answer import Urgency
from assistant.vocabulary import DUTCH, load_vocabulary

PACKAGE = Path(texts.__file__).parent
TEXTS = {name: value for name, value in vars(texts).items() if name.isupper()}
FILLED_BY_GRADIO = {"QUEUE_POSITION": {frozenset({"position", "size"})}}
INFORMAL = {"je", "jij", "jou", "jouw", "jullie", "jezelf"}
ENGLISH = set(
    "a about an and answer are article ask at by can cannot could error failed find for found from has have here how "
    "if invalid it loading missing no not on or page please question reload request send server should sorry source "
    "submit that the this to try unknown was we what when where which wrong you your with".split()
) - {"we"}  # "we" is Dutch too


# In the visitor's own language.
FOREIGN = {"LANGUAGE_NOTES", "LANGUAGE_NOTES_WITHOUT_ANSWER", "ALARM_NOTES", "WIDGET_BUTTON"}


def wordings() -> list[tuple[str, str]]:
    return [(name, wording) for name, value in TEXTS.items() for wording in _strings(value)]


def dutch_wordings() -> list[tuple[str, str]]:
    return [(name, wording) for name, wording in wordings() if name not in FOREIGN]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        assert isinstance(value, tuple | dict)
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def words(wording: str) -> set[str]:
    """Without gaps and without what is quoted: 'Content-Type' is no word of ours."""
    return set(re.findall(r"[a-zà-ÿ]+", re.sub(r"\{.*?\}|'.*?'", " ", wording).casefold()))


def gaps(wording: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(wording) if field}


def sources() -> dict[Path, str]:
    kinds = {".py", ".html", ".js"}
    return {
        path: path.read_text("utf-8") for path in PACKAGE.rglob("*") if path.suffix in kinds and path.name != "texts.py"
    }


def fillings() -> dict[str, set[frozenset[str]]]:
    """By name of the text, or "" when it is not named there: the gaps that ``.format`` fills."""
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for path, source in sources().items():
        for node in ast.walk(ast.parse(source)) if path.suffix == ".py" else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                of = node.func.value
                named = isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == "texts"
                given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
                found[of.attr if named and isinstance(of, ast.Attribute) else ""].add(given)
    return found


@pytest.mark.parametrize(("name", "wording"), dutch_wordings())
def test_every_text_says_u(name: str, wording: str) -> None:
    assert words(wording) & INFORMAL == set()


@pytest.mark.parametrize(("name", "wording"), dutch_wordings())
def test_no_text_is_english(name: str, wording: str) -> None:
    assert words(wording) & ENGLISH == set()


@pytest.mark.parametrize(("name", "wording"), wordings())
def test_every_text_is_readable(name: str, wording: str) -> None:
    assert wording.strip()
    assert "  " not in wording
    assert "\n" not in wording
    sentences = re.split(r"(?<=[.?!:]) ", wording)
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_every_text_is_used_somewhere() -> None:
    everything = "\n".join(sources().values())
    assert [name for name in TEXTS if not re.search(rf"\b{name}\b", everything)] == []


def test_every_gap_is_filled_where_the_text_is_used() -> None:
    filled = fillings() | FILLED_BY_GRADIO
    for name, wording in wordings():
        if not gaps(wording):
            assert filled.get(name, set()) == set(), f"{name} has no gap to fill"
        elif name in filled:
            assert filled[name] == {frozenset(gaps(wording))}, name
        else:
            assert frozenset(gaps(wording)) in filled[""], f"nobody fills {gaps(wording)} of {name}"


def test_what_is_said_instead_of_an_answer_promises_nothing_made_up() -> None:
    assert "niet in onze artikelen" in texts.NOT_FOUND
    assert "huisarts" in texts.NOT_FOUND


def test_every_language_with_a_vocabulary_has_its_lines() -> None:
    languages = set(load_vocabulary().languages) - {DUTCH}
    for notes in (texts.LANGUAGE_NOTES, texts.LANGUAGE_NOTES_WITHOUT_ANSWER, *texts.ALARM_NOTES.values()):
        assert set(notes) == languages
    assert set(texts.ALARM_NOTES) == set(Urgency)


def test_there_are_twelve_months() -> None:
    assert len(set(texts.MONTHS)) == 12
