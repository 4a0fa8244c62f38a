"""The page about the answers, its pictures, and the command that makes them."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result as Outcome
from hypothesis import given
from hypothesis import strategies as st
from outcome_fakes import FOLLOWING, asking, not_in_there, outcome
from page_reader import PageReader
from typer.testing import CliRunner

from assistant.answer import Urgency
from assistant.evaluation.accepted import Comparison, Run, load_accepted
from assistant.evaluation.answer_tables import answer_tables, comparison_line
from assistant.evaluation.answers import AnswerMeasurement
from assistant.evaluation.answers_report import render_answers, write_answers
from assistant.evaluation.cli import app
from assistant.evaluation.errors import PictureError
from assistant.evaluation.noise import NOISE
from assistant.evaluation.plots import Picture, pictures
from assistant.evaluation.questions import Half
from assistant.reply import Assistant
from assistant.settings import Settings

TODAY = date(2026, 11, 24)
HOSTILE = "<>&'\"/=!-{}% scriptimgonerror"
MEASURED = AnswerMeasurement(
    half=Half.TUNE,
    outcomes=(
        outcome(1, question=asking("a1"), words=40, confidence=0.9, has_gold=True, composed_gold=True),
        outcome(2, question=asking("a2", style="arabic"), words=60, confidence=0.8),
        outcome(question=asking("a3"), urgency=Urgency.EMERGENCY, confidence=0.4),
        outcome(question=not_in_there("u1"), confidence=0.1),
        outcome(question=not_in_there("u2", "off_topic"), words=130, confidence=0.75),
        outcome(question=not_in_there("u3", "other_health"), confidence=0.3),
        outcome(question=FOLLOWING, words=20, milliseconds=500.0),
    ),
    model="model",
)
NOTHING = AnswerMeasurement(Half.TUNE, ())


def no_pictures(measured: AnswerMeasurement) -> Iterator[Picture]:
    raise PictureError


def page(measured: AnswerMeasurement = MEASURED, comparison: Comparison | None = None) -> str:
    return render_answers(measured, comparison, TODAY)


def seen_in(html: str) -> str:
    return " ".join(PageReader(html).seen.split())


def lost(identifier: str) -> Comparison:
    """One question was right before."""
    now = Run.of(MEASURED, TODAY)
    was = now.results[identifier].model_copy(update={"right": True})
    return Comparison.of(now.model_copy(update={"results": now.results | {identifier: was}}), now)


# Pictures


def test_there_is_a_picture_of_styles_risk_separation_words_and_time() -> None:
    assert len(list(pictures(MEASURED))) == 5
    assert list(pictures(NOTHING)) == []


def test_every_picture_is_told_in_words_as_well() -> None:
    for picture in pictures(MEASURED):
        name = re.search(r'aria-labelledby="(\w+)-title"', picture.svg)
        assert name is not None
        assert re.match(rf'<svg [^>]*role="img" [^>]*aria-describedby="{name[1]}-desc">', picture.svg)
        assert f'<title id="{name[1]}-title">{picture.title}</title>' in picture.svg
        assert picture.text in PageReader(picture.svg).seen


def test_pictures_are_drawn_in_lines_and_letters_in_the_colours_of_the_page_and_the_same_every_time() -> None:
    once, again = ([picture.svg for picture in pictures(MEASURED)] for _ in range(2))
    assert once == again
    for svg in once:
        assert "<image" not in svg and "base64" not in svg and "var(--ink)" in svg
        assert "#01010" not in svg and "#000000" not in svg and "#ffffff" not in svg.lower()


def test_no_two_things_on_the_page_have_the_same_name_and_every_name_used_is_there() -> None:
    html = page()
    ids = PageReader(html).ids
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', html)) <= set(ids)


def test_without_matplotlib_the_page_has_its_figures_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    html = page()
    assert "<svg" not in html and "Voor het plaatje is matplotlib nodig" in html and "Vervolgvragen" in html


# The page


def test_the_page_stands_alone() -> None:
    reader = PageReader(page(comparison=lost("a2")))
    assert reader.fetched == []
    assert set(reader.tags).isdisjoint({"script", "img", "iframe", "link", "form", "object"})
    assert "default-src 'none'" in page()


def test_the_page_tells_date_half_sizes_figures_tables_and_misses() -> None:
    seen = seen_in(page())
    assert "Gemeten op 24-11-2026, op de helft om op af te stellen: 3 vragen die in de artikelen staan" in seen
    assert "geen vragen van bezoekers" in seen and "doel: minstens 95 %" in seen
    tables = [table for table in answer_tables(MEASURED) if table.title != "In het kort"]
    assert len(tables) == 6 and all(table.title in seen for table in tables)
    assert "Wat misgaat (4)" in seen and "Vraag u2?" in seen


def test_the_page_names_every_question_that_changed() -> None:
    comparison = lost("a2")
    seen = seen_in(page(comparison=comparison))
    assert comparison_line(comparison) in seen
    assert seen.index("Vraag a2?") < seen.index("In beeld")
    assert "geen geaccepteerde meting" in seen_in(page())


def test_the_page_of_the_report_half_warns_who_would_tune_on_it() -> None:
    warning = "Stel niets af op de vragen"
    assert warning in page(replace(MEASURED, half=Half.REPORT))
    assert warning not in page()


def test_a_page_about_nothing_is_a_page() -> None:
    assert "Niets." in seen_in(page(NOTHING))


@given(st.text(HOSTILE))
def test_what_was_asked_is_shown_as_it_is_and_never_becomes_a_tag(said: str) -> None:
    plain, hostile = (
        render_answers(AnswerMeasurement(Half.TUNE, (outcome(question=asking("a1", words)),)), None, TODAY, no_pictures)
        for words in ("niets", f"({said})")
    )
    assert PageReader(hostile).tags == PageReader(plain).tags
    assert f"({said})" in PageReader(hostile).seen


def test_the_report_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "answers.html"
    write_answers(path, MEASURED, None, TODAY)
    assert path.read_text("utf-8") == page()


# The command


def evaluation(*arguments: str) -> Outcome:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


def test_the_help_names_every_option_in_dutch() -> None:
    shown = evaluation("--help").output
    options = ("--half", "--misses", "--without", "--embedding-model", "--accept", "--report", "--json")
    assert all(option in shown for option in options)
    assert "Meet hoe goed de antwoorden zijn" in shown


def test_without_an_index_the_command_that_makes_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_INDEX_DIR", str(tmp_path / "nothing"))
    result = evaluation("--report", str(tmp_path / "answers.html"))
    assert result.exit_code == 1
    assert "rugpijn ingest" in result.output and "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [["--half", "tune"], ["--without", "words"], ["--embedding-model", "other"]],
    ids=["half", "less", "model"],
)
def test_only_the_whole_report_half_can_be_accepted(options: list[str]) -> None:
    result = evaluation("--accept", *options)
    assert result.exit_code == 2
    assert "--accept" in result.output


def test_an_ingredient_that_there_is_not_is_refused() -> None:
    result = evaluation("--without", "nonsense")
    assert result.exit_code == 2
    assert "vocabulary" in result.output


def test_an_option_of_the_answers_before_another_command_is_refused_not_ignored() -> None:
    result = evaluation("--half", "tune", "triage")
    assert result.exit_code == 2
    assert "achter 'triage'" in result.output


# The answers themselves


@pytest.fixture(scope="module")
def evaluated(
    assistant: Assistant, real_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, Path]:
    """What the command said of the report half, and the folder with what it wrote (a minute)."""
    folder = tmp_path_factory.mktemp("evaluated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUGPIJN_INDEX_DIR", str(real_settings.index_dir))
        result = evaluation("--report", str(folder / "answers.html"), "--json", str(folder / "answers.json"))
    return result, folder


@pytest.mark.model
def test_the_command_prints_every_table_and_writes_the_page_and_the_numbers(evaluated: tuple[Outcome, Path]) -> None:
    result, folder = evaluated
    assert result.exit_code == 0, result.output
    assert all(title in result.output for title in ("In het kort", "Vervolgvragen", "Sinds de geaccepteerde meting"))
    assert "<svg" in (folder / "answers.html").read_text("utf-8")
    assert json.loads((folder / "answers.json").read_bytes())["half"] == Half.REPORT


@pytest.mark.model
def test_the_answers_are_no_worse_than_those_accepted_but_for_the_noise(evaluated: tuple[Outcome, Path]) -> None:
    """Made worse on purpose, or better? ``python -m assistant.evaluation --accept``."""
    assert load_accepted() is not None
    comparison = json.loads((evaluated[1] / "answers.json").read_bytes())["comparison"]
    lost_ids, gained_ids = ([flip["id"] for flip in comparison[which]] for which in ("lost", "gained"))
    assert len(lost_ids) - len(gained_ids) <= NOISE, f"niet meer goed: {lost_ids}; nu wel: {gained_ids}"


@pytest.mark.model
def test_the_accepted_run_is_of_the_questions_there_are(evaluated: tuple[Outcome, Path]) -> None:
    """Else what got worse hides behind what is new."""
    comparison = json.loads((evaluated[1] / "answers.json").read_bytes())["comparison"]
    assert (comparison["new"], comparison["gone"]) == (0, 0)
