"""Rules are written by people: a file that is broken is refused with its name, the line and the reason, in Dutch."""

from dataclasses import fields
from pathlib import Path

import pytest

from assistant.errors import RulesError
from assistant.language.cues import Cues
from assistant.language.files import LANGUAGE, Language, RuleFile


def rule_file(folder: Path, content: str | bytes) -> RuleFile:
    path = folder / "regels.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return RuleFile(path)


def assert_refused(error: RulesError, line: int | None, *reasons: str) -> None:
    assert (error.path.name, error.line) == ("regels.toml", line)
    where = f"regels.toml, regel {line}: " if line is not None else "regels.toml: "
    assert str(error).startswith(where)
    assert str(error).endswith("Verbeter het bestand en start opnieuw.")
    assert "\n" not in str(error)
    for reason in reasons:
        assert reason in error.reason


# What is no file of rules at all


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        RuleFile(tmp_path / "regels.toml")
    assert_refused(caught.value, None, "het bestand is niet te lezen")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "regels.toml").mkdir()
    with pytest.raises(RulesError) as caught:
        RuleFile(tmp_path / "regels.toml")
    assert_refused(caught.value, None, "het bestand is niet te lezen")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a = "x"\nb = "y\n', 2),
        ("a = 1\n\n[[finding]\n", 3),
        ("a = 1\nb = 2\na = 3\n", 3),
        ("# goed\nkoorts\n", 2),
        ('a = [\n  "x",\n', 3),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(RulesError) as caught:
        rule_file(tmp_path, content)
    assert_refused(caught.value, line, "dit is geen geldige TOML")
    assert "line" not in str(caught.value)


def test_what_was_not_saved_as_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        rule_file(tmp_path, 'a = "x"\nb = "caf\xe9"\n'.encode("latin-1"))
    assert_refused(caught.value, 2, "niet als UTF-8")


def test_a_mark_at_the_start_that_editors_leave_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        rule_file(tmp_path, "\ufeffa = 1\n")
    assert_refused(caught.value, 1, "dit is geen geldige TOML")


# What is read from it

TWICE = """
[een]
lijst = ["goed"]

[twee]
lijst = ["goed"]
kleur = "rood"
"""


def test_a_complaint_stands_at_the_line_of_what_it_is_about(tmp_path: Path) -> None:
    file = rule_file(tmp_path, TWICE)
    assert file.error("x.", "[een]", "lijst").line == 3
    assert file.error("x.", "[twee]", "lijst").line == 6
    assert file.error("x.").line is None


def test_what_is_not_known_is_named_with_what_is(tmp_path: Path) -> None:
    file = rule_file(tmp_path, TWICE)
    with pytest.raises(RulesError) as caught:
        file.check_keys(file.data["twee"], ("lijst", "naam"), "[twee]")
    assert_refused(caught.value, 7, "'kleur' is geen bekend gegeven", "lijst, naam")


@pytest.mark.parametrize("value", ["1", "true", '["x"]', '""', '" "'])
def test_a_text_that_is_none_or_empty_is_refused(tmp_path: Path, value: str) -> None:
    file = rule_file(tmp_path, f"[een]\nnaam = {value}\n")
    with pytest.raises(RulesError) as caught:
        file.text(file.data["een"], "naam", "[een]")
    assert_refused(caught.value, 1, "'naam' ontbreekt of is geen tekst")


def test_a_text_that_may_be_left_out_is_empty(tmp_path: Path) -> None:
    file = rule_file(tmp_path, "[een]\n")
    assert file.text(file.data["een"], "naam", optional=True) == ""
    with pytest.raises(RulesError):
        file.text(file.data["een"], "naam")


@pytest.mark.parametrize("value", ['"x"', "1", '["x", 1]', '[["x"]]', "{a = 1}"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    file = rule_file(tmp_path, f"[een]\nnaam = 1\nlijst = {value}\n")
    with pytest.raises(RulesError) as caught:
        file.lines(file.data["een"], "lijst", "[een]")
    assert_refused(caught.value, 3, "'lijst' moet een lijst van teksten zijn")


def test_a_pattern_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    file = rule_file(tmp_path, '[een]\nlijst = [\n  "goed",\n  "pijn …",\n]\n')
    with pytest.raises(RulesError) as caught:
        file.patterns(file.data["een"], "lijst", "[een]")
    assert_refused(caught.value, 4, "in 'pijn …' ontbreekt een woord")


# The shared language

# Every list of cues there is, with one word in it.
CUES = "\n".join(f'{field.name} = ["{field.name.replace("_", "")}"]' for field in fields(Cues))
SMALL = f"""
[words]
fillers = ["mijn een"]
barriers = ["maar"]
no_barrier_after = ["gaat"]

[cues]
{CUES}

[idioms]
phrases = ["hart onder de riem"]

[groups]
rug = ["rug", "onderrug"]
"""


def language(folder: Path, content: str = SMALL) -> Language:
    return Language(rule_file(folder, content).path)


def line_of(words: str, content: str = SMALL) -> int:
    return content[: content.index(words)].count("\n") + 1


def test_the_language_of_the_project_can_be_read() -> None:
    assert LANGUAGE.name == "language.toml"
    found = Language()
    assert {"rug", "nek", "schouder", "borst"} <= found.groups.keys()
    assert {"geen", "niet"} <= found.cues.negations


def test_a_small_language_is_a_language(tmp_path: Path) -> None:
    found = language(tmp_path)
    assert found.cues.answers == {"answers"}
    lexicon = found.lexicon(found.file, {}, ())
    assert lexicon.fillers == {"mijn", "een"}
    assert set(lexicon.groups) == {"rug"}


def test_a_cue_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        language(tmp_path, SMALL.replace('answers = ["answers"]\n', ""))
    assert_refused(caught.value, line_of("[cues]"), "answers")


def test_a_cue_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        language(tmp_path, SMALL.replace("answers =", "antwoorden ="))
    assert_refused(caught.value, line_of("[cues]"), "antwoorden")


@pytest.mark.parametrize("part", ["words", "cues", "idioms"])
def test_a_part_that_is_missing_is_named(tmp_path: Path, part: str) -> None:
    parts = SMALL.split("\n[")
    without = "\n[".join(each for each in parts if not each.startswith(f"{part}]"))
    with pytest.raises(RulesError) as caught:
        language(tmp_path, without)
    assert f"de kop [{part}] ontbreekt" in caught.value.reason


def test_a_list_of_small_words_that_does_not_exist_is_named(tmp_path: Path) -> None:
    renamed = SMALL.replace("barriers", "grenzen")
    with pytest.raises(RulesError) as caught:
        language(tmp_path, renamed)
    assert_refused(caught.value, line_of("grenzen", renamed), "'grenzen' is geen bekend gegeven", "barriers")


def test_a_part_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        language(tmp_path, SMALL + "\n[spreuken]\n")
    line = line_of("[spreuken]", SMALL + "\n[spreuken]")
    assert_refused(caught.value, line, "'spreuken' is geen bekend gegeven", "cues, groups, idioms, words")


def test_a_group_that_does_not_exist_is_named_where_it_is_used(tmp_path: Path) -> None:
    found = language(tmp_path, SMALL.replace('"hart onder de riem"', '"<hartje>"'))
    with pytest.raises(RulesError) as caught:
        found.lexicon(found.file, {}, ())
    assert_refused(caught.value, line_of('"hart onder'), "de woordgroep <hartje> bestaat niet")


def test_a_group_that_comes_back_to_itself_is_named_where_it_does(tmp_path: Path) -> None:
    found = language(tmp_path, SMALL.replace('"onderrug"', '"<rug>"'))
    with pytest.raises(RulesError) as caught:
        found.lexicon(found.file, {}, ())
    assert_refused(caught.value, line_of('"onderrug"'), "de woordgroep <rug> verwijst naar zichzelf")


def test_the_words_of_a_file_go_before_the_shared_ones(tmp_path: Path) -> None:
    found = language(tmp_path)
    own = RuleFile(tmp_path / "regels.toml")
    own.data["words"] = {"rug": ["staart"]}
    lexicon = found.lexicon(own, own.groups("words"), ())
    assert [pattern.text for pattern in lexicon.groups["rug"]] == ["staart"]
