"""The rules are a file that a doctor reads and changes; what is wrong with it is told with file, line and reason."""

from pathlib import Path

import pytest
from triage_fakes import RULES, rulebook, write_rules

from assistant.answer import Urgency
from assistant.errors import RulesError
from assistant.triage.rulebook import Combination, Level, Rulebook, load_rulebook
from ingest.review_notes import read_notes
from ingest.settings import PROJECT


def refused(folder: Path, rules: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        rulebook(folder, rules)
    return caught.value


def line_of(words: str, rules: str = RULES, *, last: bool = False) -> int:
    return rules[: rules.rindex(words) if last else rules.index(words)].count("\n") + 1


@pytest.fixture(scope="module")
def real() -> Rulebook:
    return load_rulebook()


# What is read


def test_a_rulebook_has_what_the_file_says(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    fever = rules.findings["koorts"]
    assert [pattern.text for pattern in fever.phrases] == ["koorts", "{graden>=38}"]
    assert [pattern.text for pattern in fever.exceptions] == ["koorts van hond"]
    assert [pattern.text for pattern in fever.denials] == ["temperatuur is normaal"]
    assert (fever.counts_when_past, rules.findings["kanker"].counts_when_past) == (False, True)
    infection = rules.flags["infectie"]
    assert infection.combinations == (
        Combination(Level.SPOED, frozenset({"koorts", "rugpijn"})),
        Combination(Level.DOUBT, frozenset({"koorts"})),
    )
    assert (infection.unless, rules.flags["val"].one_level_up_with) == ({"griep"}, {"bloedverdunner"})


def test_the_most_urgent_combinations_come_first_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    rules = RULES.replace(
        '112 = ["borstpijn + zweten"]\nspoed = ["borstpijn"]', 'spoed = ["borstpijn"]\n112 = ["borstpijn + zweten"]'
    )
    assert rules != RULES
    levels = [combination.level for combination in rulebook(tmp_path, rules).flags["hart"].combinations]
    assert levels == [Level.EMERGENCY, Level.SPOED]


def test_phrases_in_other_languages_are_phrases_too(tmp_path: Path) -> None:
    rules = RULES.replace('phrases = ["moe"]', 'other_languages = ["tired"]')
    assert [pattern.text for pattern in rulebook(tmp_path, rules).findings["moe"].phrases] == ["tired"]


def test_a_rulebook_is_signed_when_every_flag_is(tmp_path: Path) -> None:
    assert not rulebook(tmp_path).is_signed
    assert rulebook(tmp_path, RULES.replace('reviewed_by = ""', 'reviewed_by = "dr. De Wit"')).is_signed


def test_a_combination_reads_as_it_was_written() -> None:
    assert str(Combination(Level.SPOED, frozenset({"rugpijn", "koorts"}))) == "koorts + rugpijn"


# Levels


def test_levels_climb_from_doubt_to_112() -> None:
    assert [level.rank for level in (Level.DOUBT, Level.HUISARTS, Level.SPOED, Level.CRISIS, Level.EMERGENCY)] == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_every_level_but_doubt_is_an_urgency() -> None:
    assert Level.DOUBT.urgency is None
    assert {level.urgency for level in Level} - {None} == set(Urgency)


def test_only_from_spoed_on_advice_is_forbidden() -> None:
    assert {level for level in Level if level.forbids_advice} == {Level.SPOED, Level.CRISIS, Level.EMERGENCY}


def test_one_level_up_ends_at_112_and_leaves_a_crisis_a_crisis() -> None:
    assert [level.one_up for level in Level] == [
        Level.HUISARTS,
        Level.SPOED,
        Level.EMERGENCY,
        Level.CRISIS,
        Level.EMERGENCY,
    ]


# What is wrong


@pytest.mark.parametrize(
    ("old", "new", "near", "reason"),
    [
        ("name = \"moe\"", "naam = \"moe\"", "naam", "'naam' is geen bekend gegeven"),
        ('spoed = ["borstpijn"]', 'direct = ["borstpijn"]', "direct", "'direct' is geen bekend gegeven"),
        ("[belgium]", "[belgie]", "[belgie]", "'belgie' is geen bekend gegeven"),
        ('"kanker + rugpijn"', '"kanker + rugpin"', "rugpin", "de bevinding 'rugpin' bestaat niet"),
        ('"kanker + rugpijn"', '"kanker +"', "kanker +", "de bevinding '' bestaat niet"),
        ('unless = ["griep"]', 'unless = ["gripe"]', "unless", "de bevinding 'gripe' bestaat niet"),
        ('with = ["bloedverdunner"]', 'with = ["verdunner"]', "one_level_up_with", "'verdunner' bestaat niet"),
        ('phrases = ["zweet"]', 'phrases = ["zweet …"]', "zweet …", "in 'zweet …' ontbreekt een woord"),
        ('"{graden>=38}"', '"{warmte>=38}"', "warmte", "'warmte' is geen soort getal"),
        ('"koorts van hond"', '"ko*"', '"ko*"', "staan minstens 3 letters"),
        ('phrases = ["<rug>"]', 'phrases = ["<rugg>"]', "<rugg>", "de woordgroep <rugg> bestaat niet"),
        ('"onderrug"', '"<rug>"', '"<rug>"', "de woordgroep <rug> verwijst naar zichzelf"),
        ('"onderrug"', '"pijn …"', "rug = ", "in 'pijn …' ontbreekt een woord"),
        ("history = true", 'history = "ja"', "history", "'history' moet true of false zijn"),
        ('phrases = ["moe"]', 'phrases = "moe"', 'phrases = "moe"', "'phrases' moet een lijst van teksten zijn"),
        ('twijfel = ["moe"]', "twijfel = 1", "twijfel = 1", "'twijfel' moet een lijst van teksten zijn"),
        ('rug = ["rug", "rugpijn", "onderrug"]', "rug = 3", "rug = 3", "'rug' moet een lijst van teksten zijn"),
        ('huisarts = ["gevallen"]', "huisarts = 1", "huisarts = 1", "'huisarts' moet een lijst van teksten zijn"),
        ('phrases = ["moe"]', "phrases = []", 'id = "moe"', "bij 'moe' staat geen enkele zin"),
        ('name = "moe"', "", 'id = "moe"', "'name' ontbreekt"),
        ('name = "moe"', "name = 3", 'id = "moe"', "'name' ontbreekt of is geen tekst"),
        ('name = "Een val"\nsource = "voorbeeld"', 'name = "Een val"', 'id = "val"', "'source' ontbreekt"),
        ('name = "Een val"\nsource = "voorbeeld"', 'name = "Een val"\nsource = ""', 'id = "val"', "'source' ontbreekt"),
        ('twijfel = ["moe"]', "", 'id = "twijfel"', "heeft geen enkel niveau"),
        ('id = "zweten"', 'id = "Zweten"', '"Zweten"', "mag alleen kleine letters"),
        ('id = "zweten"', 'id = "zwe ten"', '"zwe ten"', "mag alleen kleine letters"),
        ("[answered]\nphrases", "[answered]\nzinnen", "zinnen", "'zinnen' is geen bekend gegeven"),
        ("[belgium]", "[[belgium]]", "belgium", "de kop [belgium] ontbreekt"),
        ('unless = ["griep"]', 'unless = ["griep + moe"]', '"griep + moe"', "elke bevinding apart"),
        ('"gevallen", "viel"', '"gevallen" "viel"', '"gevallen" "viel"', "dit is geen geldige TOML"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line_and_reason(tmp_path: Path, old: str, new: str, near: str, reason: str) -> None:
    rules = RULES.replace(old, new, 1)
    assert rules != RULES
    error = refused(tmp_path, rules)
    assert error.path.name == "regels.toml"
    assert reason in error.reason
    assert error.line == line_of(near, rules)
    assert str(error).startswith(f"regels.toml, regel {error.line}: ")


def test_an_id_that_stands_there_twice_is_told_at_its_second_place(tmp_path: Path) -> None:
    rules = RULES.replace('id = "zweten"', 'id = "borstpijn"', 1)
    error = refused(tmp_path, rules)
    assert "de id 'borstpijn' komt twee keer voor" in error.reason
    assert error.line == line_of('id = "borstpijn"', rules, last=True)


@pytest.mark.parametrize("kind", ["finding", "flag"])
def test_a_heading_with_single_brackets_says_how_it_is_written(tmp_path: Path, kind: str) -> None:
    opening = RULES.index(f"[[{kind}]]")
    following = RULES.index("[[flag]]" if kind == "finding" else "[answered]")
    rules = f'{RULES[:opening]}[{kind}]\nid = "een"\nname = "Een"\n\n{RULES[following:]}'
    error = refused(tmp_path, rules)
    assert f"schrijf de kop met dubbele haken: [[{kind}]]" in error.reason
    assert error.line == line_of(f"[{kind}]", rules)


@pytest.mark.parametrize("value", ["3", '"x"', '["x"]'])
def test_a_list_of_findings_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    assert "dubbele haken: [[finding]]" in refused(tmp_path, f"finding = {value}\n").reason


@pytest.mark.parametrize(("kind", "kept"), [("finding", ""), ("flag", RULES[: RULES.index("[[flag]]")])])
def test_a_file_without_findings_or_flags_is_refused(tmp_path: Path, kind: str, kept: str) -> None:
    assert f"er staat geen enkele [[{kind}]] in" in refused(tmp_path, kept).reason


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="niet te lezen"):
        load_rulebook(tmp_path / "weg.toml")
    path = write_rules(tmp_path)
    path.write_bytes(RULES.replace("voorbeeld", "bron \xe9").encode("latin-1", "ignore"))
    with pytest.raises(RulesError, match="UTF-8") as caught:
        load_rulebook(path)
    assert caught.value.line == line_of("voorbeeld")


# The file of the project


def test_every_flag_names_its_source_and_awaits_a_doctor(real: Rulebook) -> None:
    assert len(real.flags) > 20
    for flag in real.flags.values():
        assert len(flag.source) > 3
        assert flag.reviewed_by == ""
    assert not real.is_signed


def test_every_flag_of_the_table_is_there_at_its_level(real: Rulebook) -> None:
    levels = {flag.id: {combination.level for combination in flag.combinations} for flag in real.flags.values()}
    for emergency in (
        "hart",
        "aortadissectie",
        "aaa",
        "longen",
        "beroerte_dissectie",
        "trauma",
        "meningitis",
        "ruggenmerg_nek",
    ):
        assert Level.EMERGENCY in levels[emergency]
    for urgent in (
        "cauda_equina", "beenuitval", "fractuur", "infectie", "septische_artritis", "schouderluxatie",
        "reuscelarteriitis", "zwangerschap", "kind", "overdosis", "bloedverdunner",
    ):  # fmt: skip
        assert Level.SPOED in levels[urgent]
    for soft in ("kanker", "pmr", "houdt_aan"):
        assert levels[soft] == {Level.HUISARTS}
    assert levels["suicide"] == levels["geweld"] == {Level.CRISIS}


def test_every_finding_does_some_work(real: Rulebook) -> None:
    """In a flag, or in a note beside the articles."""
    at_work = {each for flag in real.flags.values() for part in flag.combinations for each in part.findings}
    at_work |= {each for flag in real.flags.values() for each in flag.unless | flag.one_level_up_with}
    at_work |= {symptom for note in read_notes(PROJECT / "corpus").notes for symptom in note.symptoms}
    assert real.findings.keys() - at_work == set()
