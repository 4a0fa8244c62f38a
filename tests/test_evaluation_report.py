"""What was measured, told: the tables, every miss, the picture, the page and the command."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from evaluation_fakes import RULES, alarm, conversation, found, judge_by_words, look_alike, write_lines
from hypothesis import given
from hypothesis import strategies as st
from page_reader import PageReader
from typer.testing import CliRunner

from assistant.evaluation.cli import app
from assistant.evaluation.confusion import Confusion, confusion_picture
from assistant.evaluation.errors import PictureError
from assistant.evaluation.labels import FAULTS, LOOK_ALIKES, STYLES, VARIANTS, level_name
from assistant.evaluation.messages import AlarmMessage, LookAlike
from assistant.evaluation.misses import Miss, all_misses
from assistant.evaluation.questions import Half
from assistant.evaluation.report import render_report, write_report
from assistant.evaluation.tables import Table, all_tables, by_kind, by_level, by_style
from assistant.evaluation.triage import (
    Measurement,
    TurnFault,
    judge_conversation,
    judge_examples,
    judge_variants,
)
from assistant.evaluation.variants import Variant, VariantKind, additions, variants
from assistant.triage.judge import triage
from assistant.triage.rulebook import Level, Rulebook, load_rulebook

HOSTILE = "<>&'\"/=!-{}% scriptimgonerror"
TODAY = date(2026, 11, 24)
JUDGE = judge_by_words(koorts=Level.SPOED, druk=Level.EMERGENCY, steek=Level.DOUBT)
MEASURED = Measurement(
    half=Half.TUNE,
    alarms=tuple(
        judge_examples(
            [
                alarm("koorts", identifier="t1"),
                alarm("k0orts", identifier="t2", style="typo"),
                alarm("druk", identifier="t3", level=Level.EMERGENCY),
                alarm("druk", identifier="t4", level=Level.HUISARTS),
            ],
            JUDGE,
        )
    ),
    look_alikes=tuple(
        judge_examples(
            [
                look_alike("stijf", identifier="l1"),
                look_alike("koortslip", identifier="l2", kind="homonym"),
                look_alike("een steek", identifier="l3", kind="doubt"),
                look_alike("een stk", identifier="l4", kind="doubt"),
            ],
            JUDGE,
        )
    ),
    turns=tuple(judge_conversation(conversation(("koorts", Level.SPOED), ("dag", None)), JUDGE)),
    variants=tuple(
        judge_variants(
            [
                Variant(alarm("koorts", identifier="t1"), VariantKind.UPPER_CASE, ("KOORTS",)),
                Variant(alarm("koorts", identifier="t1"), VariantKind.ONE_TYPO, ("korts",)),
            ],
            JUDGE,
        )
    ),
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("rules") / "rules.toml"
    path.write_text(RULES, "utf-8")
    return load_rulebook(path)


def named(title: str) -> Table:
    (table,) = (table for table in all_tables(MEASURED) if table.title == title)
    return table


def shares(table: Table) -> dict[str, tuple[str, ...]]:
    """Of each row the values without their intervals."""
    return {name: tuple(value.split(" (")[0] for value in values) for name, *values in table.rows}


def misses_of(rules: Rulebook, *, alarms: Sequence[AlarmMessage] = (), others: Sequence[LookAlike] = ()) -> list[Miss]:
    judge = partial(triage, rules=rules)
    measured = Measurement(
        Half.TUNE, alarms=tuple(judge_examples(alarms, judge)), look_alikes=tuple(judge_examples(others, judge))
    )
    return list(all_misses(measured))


# Tables


def test_alarms_are_counted_per_level_and_the_acute_ones_together() -> None:
    assert shares(by_level(MEASURED.alarms)) == {
        "112": ("1", "100,0 %", "100,0 %", "100,0 %"),
        "spoed": ("2", "50,0 %", "50,0 %", "50,0 %"),
        "huisarts": ("1", "100,0 %", "0,0 %", "100,0 %"),
        "112, crisis en spoed samen": ("3", "66,7 %", "66,7 %", "66,7 %"),
        "alle": ("4", "75,0 %", "50,0 %", "75,0 %"),
    }


def test_alarms_are_counted_per_style_with_all_of_them_last() -> None:
    table = by_style(MEASURED.alarms)
    assert [(row[0], row[1]) for row in table.rows] == [(STYLES["plain"], "3"), (STYLES["typo"], "1"), ("alle", "4")]


def test_look_alikes_are_counted_per_kind() -> None:
    assert shares(by_kind(MEASURED.look_alikes)) == {
        LOOK_ALIKES["ordinary"]: ("1", "100,0 %", "100,0 %", "0,0 %"),
        LOOK_ALIKES["doubt"]: ("2", "100,0 %", "100,0 %", "50,0 %"),
        LOOK_ALIKES["homonym"]: ("1", "0,0 %", "0,0 %", "0,0 %"),
        "alle": ("4", "75,0 %", "75,0 %", "25,0 %"),
    }


def test_turns_of_conversations_are_counted_per_fault() -> None:
    counted = {name: (hits, total) for name, hits, total, _ in named("Gesprekken").rows}
    assert counted["beurten met het alarm dat erbij hoort"] == ("1", "2")
    assert counted["gesprekken waarin alles klopt"] == ("0", "1")
    assert counted[f"beurten: {FAULTS[TurnFault.REPEATED]}"] == ("1", "2")
    assert counted[f"beurten: {FAULTS[TurnFault.LOST]}"] == ("0", "2")


def test_variants_are_counted_per_kind_of_change() -> None:
    assert shares(named("Hetzelfde alarm, anders getypt of gezegd")) == {
        VARIANTS[VariantKind.ONE_TYPO]: ("1", "0,0 %"),
        VARIANTS[VariantKind.UPPER_CASE]: ("1", "100,0 %"),
        "alle": ("2", "50,0 %"),
    }


def test_every_row_has_a_value_for_every_column() -> None:
    assert all(len(row) == len(table.columns) for table in all_tables(MEASURED) for row in table.rows)


def test_what_was_not_measured_has_no_table() -> None:
    assert all_tables(Measurement(Half.TUNE)) == []


# Misses


def test_every_miss_is_listed_and_nothing_that_went_well() -> None:
    assert [(miss.id, miss.expected, miss.got) for miss in all_misses(MEASURED)] == [
        ("t2", "spoed", "geen alarm"),
        ("l2", "geen alarm", "spoed"),
        ("l4", "vangnetregel", "geen alarm"),
        ("c1", "geen alarm", "spoed"),
        ("t1", "spoed", "geen alarm"),
    ]


def test_a_miss_says_what_sort_of_message_it_is() -> None:
    abouts = [miss.about for miss in all_misses(MEASURED)]
    assert abouts == [
        "infectie, tikfouten",
        LOOK_ALIKES["homonym"],
        LOOK_ALIKES["doubt"],
        f"gesprek, beurt 2: {FAULTS[TurnFault.REPEATED]}",
        f"infectie, {STYLES['plain']}; {VARIANTS[VariantKind.ONE_TYPO]}",
    ]


def test_a_miss_shows_what_was_seen_in_which_words_and_what_denied_it(rules: Rulebook) -> None:
    (miss,) = misses_of(rules, alarms=(alarm("ik heb geen koorts"),))
    assert miss.seen == ("koorts “koorts” (ontkend: “geen”)",)


def test_a_miss_shows_what_the_second_look_made_of_it() -> None:
    suspected = found(Level.SPOED)
    suspected = replace(suspected, raised=(replace(suspected.raised[0], certainty=0.934),))
    measured = Measurement(Half.TUNE, look_alikes=tuple(judge_examples([look_alike("stijf")], lambda _: suspected)))
    (miss,) = all_misses(measured)
    assert miss.seen == ("tweede blik: spoed, vlag, voor 93% zeker",)


def test_a_miss_shows_what_earlier_messages_had_said(rules: Rulebook) -> None:
    (miss,) = misses_of(rules, others=(look_alike("koorts", "druk op mijn borst"),))
    assert miss.seen == ("borstpijn “druk op mijn borst”", "koorts (eerder)")


# The picture


def test_the_confusion_counts_every_message_once() -> None:
    confusion = Confusion.of(MEASURED)
    assert sum(map(sum, confusion.counts)) == len(MEASURED.examples)
    counted = dict(confusion.rows)
    assert counted["spoed"] == (0, 0, 1, 0, 0, 1)
    assert counted["geen alarm"] == (0, 0, 1, 0, 0, 1)
    assert counted["vangnetregel"] == (0, 0, 0, 0, 1, 1)
    assert counted["huisarts"] == (1, 0, 0, 0, 0, 0)


def test_the_picture_is_told_in_words_as_well() -> None:
    description = Confusion.of(MEASURED).description
    assert "Van 8 berichten kregen er 4 precies wat verwacht was, 2 minder dan verwacht en 2 meer." in description
    picture = confusion_picture(Confusion.of(MEASURED))
    labelled = 'role="img" aria-labelledby="confusion-title" aria-describedby="confusion-desc"'
    assert re.match(f'<svg [^>]*{labelled}><title id="confusion-title">', picture)
    assert f'<desc id="confusion-desc">{description}</desc>' in picture


def test_the_picture_is_drawn_in_lines_and_letters_and_the_same_every_time() -> None:
    picture = confusion_picture(Confusion.of(MEASURED))
    assert picture == confusion_picture(Confusion.of(MEASURED))
    assert "<image" not in picture and "base64" not in picture
    assert all(f">{level_name(level)}" in picture for level in (*Level, None))


def test_without_matplotlib_the_report_has_its_figures_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PictureError, match="pip install"):
        confusion_picture(Confusion.of(MEASURED))
    page = render_report(MEASURED, TODAY)
    assert "<svg" not in page and "Voor het plaatje is matplotlib nodig" in page and "Alarmen per niveau" in page


# The page


def no_picture(confusion: Confusion) -> str:
    raise PictureError


def test_the_page_stands_alone() -> None:
    reader = PageReader(render_report(MEASURED, TODAY))
    assert reader.fetched == []
    assert set(reader.tags).isdisjoint({"script", "img", "iframe", "link", "form", "object"})


def test_the_page_tells_date_half_sizes_tables_and_misses() -> None:
    seen = " ".join(PageReader(render_report(MEASURED, TODAY)).seen.split())
    assert "Gemeten op 24-11-2026, op de helft om op af te stellen: 4 berichten met een alarmsignaal" in seen
    assert "geen echte gesprekken" in seen
    assert all(table.title in seen for table in all_tables(MEASURED))
    assert "Elke misser (5)" in seen and "k0orts" in seen


def test_the_page_says_whether_only_the_rules_were_measured() -> None:
    both, rules_only = render_report(MEASURED, TODAY), render_report(replace(MEASURED, rules_only=True), TODAY)
    assert "Alleen de regels zijn gemeten" in rules_only and "wat een bezoeker krijgt" in " ".join(both.split())
    assert "Alleen de regels" not in both


def test_the_page_of_the_report_half_warns_who_would_tune_on_it() -> None:
    warning = "Stel geen regels af op de missers"
    assert warning in render_report(Measurement(Half.REPORT), TODAY)
    assert warning not in render_report(Measurement(Half.TUNE), TODAY)


@given(st.text(HOSTILE))
def test_what_a_message_says_is_shown_as_it_is_and_never_becomes_a_tag(said: str) -> None:
    plain, hostile = (
        Measurement(Half.TUNE, alarms=tuple(judge_examples([message], JUDGE)))
        for message in (alarm("niets"), alarm(f"({said})"))
    )
    expected, reader = (PageReader(render_report(measured, TODAY, no_picture)) for measured in (plain, hostile))
    assert reader.tags == expected.tags
    assert f"({said})" in reader.seen


def test_the_report_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "triage.html"
    write_report(path, MEASURED, TODAY)
    assert path.read_text("utf-8") == render_report(MEASURED, TODAY)


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Messages of the report half, and rules that find one of the two alarms."""
    line = {"flag": "infectie", "level": "spoed", "style": "plain"}
    write_lines(
        tmp_path / "alarms_x.jsonl",
        {"id": "t1", "messages": ["Ik heb koorts."], **line},
        {"id": "t2", "messages": ["[red]Ik gloei[/red]"], **line},
    )
    write_lines(tmp_path / "look_alikes.jsonl", {"id": "l1", "messages": ["stijf"], "kind": "ordinary"})
    (tmp_path / "rules.toml").write_text(RULES, "utf-8")
    return tmp_path


def evaluation(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


def evaluate_triage(folder: Path, *more: str) -> Result:
    files = {"--messages": folder, "--rules": folder / "rules.toml", "--report": folder / "out" / "triage.html"}
    return evaluation("triage", "--rules-only", *(str(part) for pair in files.items() for part in pair), *more)


def test_the_command_prints_the_figures_and_writes_the_report(folder: Path) -> None:
    result = evaluate_triage(folder)
    assert result.exit_code == 0, result.output
    assert "50,0 % (9,5–90,5)" in result.output
    assert all(title in result.output for title in ("Alarmen per niveau", "Tijd per triage, in milliseconden"))
    page = (folder / "out" / "triage.html").read_text("utf-8")
    assert "[red]Ik gloei[/red]" in page and "<svg" in page
    assert str(folder / "out" / "triage.html") in result.output


def test_the_command_names_messages_only_when_asked_to(folder: Path) -> None:
    assert "Ik gloei" not in evaluate_triage(folder).output
    told = evaluate_triage(folder, "--misses").output
    assert f"t2 (infectie, {STYLES['plain']}): verwacht spoed, kreeg geen alarm" in told
    assert "[red]Ik gloei[/red]" in told


def test_only_alarms_that_are_raised_as_written_are_varied(folder: Path) -> None:
    write_lines(folder / "additions.jsonl", {"kind": "small_talk_before", "text": "Hoi! {message}"})
    assert "Hoi! Ik heb koorts." not in evaluate_triage(folder, "--misses").output
    page = (folder / "out" / "triage.html").read_text("utf-8")
    counted = re.search(r"(\d+) alarmberichten die anders", " ".join(page.split()))
    assert counted is not None and int(counted[1]) == len(
        list(variants(alarm("Ik heb koorts."), additions(None, folder)))
    )


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("rules.toml", "rules.toml, regel 1"),
        ("alarms_x.jsonl", "alarms_x.jsonl, regel 1"),
        ("look_alikes.jsonl", "look_alikes.jsonl, regel 1"),
    ],
)
def test_a_broken_file_is_told_in_one_line_and_nothing_is_written(folder: Path, broken: str, complaint: str) -> None:
    (folder / broken).write_text("[[", "utf-8")
    result = evaluate_triage(folder)
    assert result.exit_code == 1
    assert complaint in result.output and "Traceback" not in result.output
    assert not (folder / "out").exists()


def test_a_folder_without_messages_is_told(folder: Path) -> None:
    for path in folder.glob("*.jsonl"):
        path.unlink()
    result = evaluate_triage(folder)
    assert result.exit_code == 1
    assert "geen berichten" in result.output


@pytest.mark.parametrize("command", ["triage", "refusals", "calibrate", "noise"])
def test_every_measurement_is_a_command_with_dutch_help(command: str) -> None:
    assert command in evaluation("--help").output
    assert "Usage" in evaluation(command, "--help").output
