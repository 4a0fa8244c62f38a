"""The practice's own test questions: kept as staff wrote them, put to the assistant, compared with what was right."""

import json
import shutil
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from checks_fakes import (
    NEK,
    NOTHING,
    NOW,
    TODAY,
    AnsweringFake,
    alarming,
    assistant,
    check,
    checks_in,
    citing,
    given,
    run,
    some_checks,
    typed,
)
from hypothesis import given as with_any
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.answer import AnswerKind, Urgency
from assistant.errors import EmptyQuestionError
from assistant.reply import Assistant, Role, Turn
from assistant.staff.checks import Check, Checks, Expectation, Origin
from assistant.staff.checks.changes import Changes
from assistant.staff.checks.check import tidy
from assistant.staff.checks.errors import (
    CheckRefusedError,
    ChecksBusyError,
    ChecksFileError,
    ChecksNotSavedError,
    KnownCheckError,
    NoSuchCheckError,
    RunUnusableError,
)
from assistant.staff.checks.file import ChecksFile
from assistant.staff.checks.history import MOST_RUNS
from assistant.staff.checks.run import FaultKind, judged
from ingest.read import read_corpus
from ingest.settings import PROJECT

WRITTEN_BY_HAND = """# Van ons

[[check]]  # de eerste
question = 'Warmte?'   # zo vragen ze het
kind = "answered"
article = "nek"

# hierna komt het moeilijke
[[check]]
id = "prijs"
question = "Prijs?"
kind = "not_found"

# einde
"""


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    return checks_in(tmp_path)


def written(checks: Checks, text: str) -> None:
    checks.path.write_text(text, "utf-8")


# The file


def test_without_a_file_there_are_no_questions(checks: Checks) -> None:
    assert checks.all() == ()


def test_a_question_that_was_added_is_there_with_what_the_visitor_said_before(checks: Checks) -> None:
    history = [Turn(Role.USER, "Ik heb nekpijn."), Turn(Role.ASSISTANT, "Wat vervelend.")]
    added = checks.add("  Helpt\nwarmte? ", history, NEK)
    assert checks.all() == (added,)
    assert (added.id, added.question, added.earlier) == ("helpt-warmte", "Helpt warmte?", ("Ik heb nekpijn.",))
    assert (added.expectation, added.added, added.origin) == (NEK, TODAY, Origin.CONSOLE)


def test_a_new_file_says_how_to_write_in_it(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    assert checks.path.read_text("utf-8").startswith("# Testvragen")


def test_what_staff_wrote_by_hand_stays_to_the_letter(checks: Checks) -> None:
    written(checks, WRITTEN_BY_HAND)
    checks.add("Kou?", [], NOTHING)
    text = checks.path.read_text("utf-8")
    with_name = WRITTEN_BY_HAND.replace("# de eerste\n", '# de eerste\nid = "warmte"\n')
    assert text.startswith(with_name.rstrip())
    assert [each.id for each in checks.all()] == ["warmte", "prijs", "kou"]


def test_comments_stay_when_the_question_above_them_goes(checks: Checks) -> None:
    written(checks, WRITTEN_BY_HAND)
    checks.remove("warmte")
    assert checks.path.read_text("utf-8") == (
        '# Van ons\n\n# hierna komt het moeilijke\n[[check]]\nid = "prijs"\nquestion = "Prijs?"\nkind = "not_found"\n\n'
        "# einde\n"
    )
    checks.remove("prijs")
    assert checks.all() == ()
    assert "# einde" in checks.path.read_text("utf-8")


def test_line_ends_of_windows_stay(checks: Checks) -> None:
    checks.path.write_bytes(WRITTEN_BY_HAND.replace("\n", "\r\n").encode())
    checks.add("Kou?", [], NOTHING)
    raw = checks.path.read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert len(checks.all()) == 3


@with_any(before=some_checks(), after=some_checks(), comment=typed.map(tidy))
@hypothesis_settings(max_examples=60)
def test_whatever_is_put_in_the_file_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, before: list[Check], after: list[Check], comment: str
) -> None:
    folder = tmp_path_factory.mktemp("file")
    file = ChecksFile(folder / "t.toml", folder / "lock")
    file.path.write_text(f"# {comment}\n", "utf-8")
    assert file.change(lambda _: before) == tuple(before) == file.read()
    assert file.change(lambda _: after) == file.read()
    assert set(file.read()) == set(after)
    assert file.path.read_text("utf-8").startswith(f"# {comment}")


@with_any(typed)
def test_a_text_that_was_tidied_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[[check]]\nquestion = "Warmte?\n', 2, "niet leesbaar"),
        ('[[check]]\nquestion = "W?"\nkind = "soms"\n', 3, "soms"),
        ('[[check]]\nkind = "not_found"\n', 1, "question"),
        ('[[check]]\nquestion = "W?"\nkind = "answered"\n', 1, "artikel"),
        ('[[check]]\nquestion = "W?"\nkind = "not_found"\nwords = ["a"]\n', 4, "Woorden"),
        ('[[check]]\nquestion = "W?"\nkind = "not_found"\nvraag = "a"\n', 4, "vraag"),
        ('[[check]]\nid = "a"\nquestion = "W?"\nkind = "not_found"\n' * 2, 6, "twee keer"),
        ('[[check]]\nid = "A b"\nquestion = "W?"\nkind = "not_found"\n', 2, "id"),
        ('[check]\nquestion = "W?"\n', 1, "check"),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_stays(checks: Checks, text: str, line: int, what: str) -> None:
    written(checks, text)
    with pytest.raises(ChecksFileError, match="Verbeter dit") as error:
        checks.all()
    assert f"test_questions.toml, regel {line}:" in str(error.value)
    assert what in str(error.value)
    with pytest.raises(ChecksFileError):
        checks.add("Kou?", [], NOTHING)
    assert checks.path.read_text("utf-8") == text


def test_a_list_on_one_line_is_read_but_not_changed(checks: Checks) -> None:
    text = 'check = [{question = "W?", kind = "not_found"}]\n'
    written(checks, text)
    assert len(checks.all()) == 1
    with pytest.raises(ChecksFileError, match="eigen regel"):
        checks.add("Kou?", [], NOTHING)
    assert checks.path.read_text("utf-8") == text


def test_the_same_question_is_not_added_twice_but_may_follow_another_message(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    with pytest.raises(KnownCheckError, match="Warmte"):
        checks.add(" Warmte? ", [], NOTHING)
    after = checks.add("Warmte?", [Turn(Role.USER, "Nek.")], NEK)
    assert after.id == "warmte-2"


def test_what_does_not_go_together_is_refused_in_words(checks: Checks) -> None:
    with pytest.raises(CheckRefusedError, match="artikel"):
        checks.add("Warmte?", [], Expectation(kind=AnswerKind.ANSWERED))
    with pytest.raises(CheckRefusedError, match="alarm"):
        checks.add("Warmte?", [], Expectation(kind=AnswerKind.NOT_FOUND, urgency=Urgency.SPOED))
    with pytest.raises(CheckRefusedError, match="geen vraag"):
        checks.add(" \u200b ", [], NOTHING)
    with pytest.raises(CheckRefusedError, match="langer"):
        checks.add("a" * 2_001, [], NOTHING)
    assert not checks.path.exists()


def test_a_question_that_is_not_there_cannot_be_removed(checks: Checks) -> None:
    with pytest.raises(NoSuchCheckError, match="prijs"):
        checks.remove("prijs")


def test_a_full_disk_is_told_and_the_old_file_stays(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    checks.add("Warmte?", [], NEK)
    before = checks.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ChecksNotSavedError, match="test_questions.toml"):
        checks.add("Kou?", [], NOTHING)
    assert checks.path.read_bytes() == before
    assert [each.name for each in checks.path.parent.iterdir() if each.is_file()] == ["test_questions.toml"]


def test_who_finds_the_file_locked_is_told_to_try_again(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr("assistant.staff.checks.file._PATIENCE_SECONDS", 0.0)
    checks.add("Warmte?", [], NEK)
    with FileLock(checks.path.parent / "staff" / "test_questions.lock"), pytest.raises(ChecksBusyError):
        checks.add("Kou?", [], NOTHING)


def _add_some(folder: str, name: str) -> None:
    checks = checks_in(Path(folder))
    for number in range(10):
        checks.add(f"{name} {number}?", [], NOTHING)


def test_two_processes_that_add_at_once_lose_nothing(checks: Checks) -> None:
    context = get_context("spawn")
    workers = [context.Process(target=_add_some, args=(str(checks.path.parent), name)) for name in ("Een", "Twee")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert len(checks.all()) == 20


@pytest.mark.parametrize("name", ["test_questions.toml", "Test_questions.toml.txt", "test_questions (kopie).toml"])
def test_test_questions_beside_the_articles_are_no_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("# Testvragen\n", "utf-8")
    corpus = read_corpus(tmp_path)
    assert (corpus.articles, corpus.refused, corpus.sources) == ((), (), {})


# What passes


@pytest.mark.parametrize(
    ("expected", "got", "faults"),
    [
        ({"article": "nek"}, given(slug="nek"), []),
        ({"article": "nek"}, given(slug="rug"), [FaultKind.ARTICLE]),
        ({"article": "nek"}, given(kind=AnswerKind.NOT_FOUND), [FaultKind.KIND]),
        ({"words": ["WARMTE helpt"]}, given("Want warmte  helpt."), []),
        ({"words": ["kou"]}, given("Warmte helpt."), [FaultKind.WORDS]),
        ({"urgency": "huisarts"}, given(urgency=Urgency.HUISARTS), []),
        ({"urgency": "huisarts"}, given(), [FaultKind.URGENCY]),
    ],
)
def test_an_answer_must_cite_the_article_and_say_the_words(
    expected: dict[str, object], got: object, faults: list[FaultKind]
) -> None:
    assert [fault.kind for fault in judged(check(**expected), got).faults] == faults  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", list(Urgency))
@pytest.mark.parametrize("got", list(Urgency))
def test_an_alarm_may_be_more_urgent_than_was_asked_never_less(wanted: Urgency, got: Urgency) -> None:
    result = judged(
        Check(question="W?", kind=AnswerKind.URGENT, urgency=wanted), given(kind=AnswerKind.URGENT, urgency=got)
    )
    assert result.passed is (list(Urgency).index(got) >= list(Urgency).index(wanted))


def test_an_answer_below_an_alarm_is_an_alarm_too() -> None:
    urgent = Check(question="W?", kind=AnswerKind.URGENT, urgency=Urgency.HUISARTS)
    assert judged(urgent, given(urgency=Urgency.HUISARTS)).passed
    assert not judged(urgent, given()).passed


def test_every_fault_says_what_was_wanted_and_what_came() -> None:
    (fault,) = judged(check(), given(slug="rug")).faults
    assert "nek" in fault.said and "rug" in fault.said


def test_an_expectation_made_of_an_answer_is_met_by_it() -> None:
    fake = AnsweringFake({"W?": citing("rug", level=Urgency.HUISARTS), "A?": alarming(Urgency.CRISIS)})
    for question in ("W?", "A?", "Onbekend?"):
        expected = Expectation.of(fake.reply(question), fake.index)  # type: ignore[arg-type]
        assert not list(expected.contradictions())
        (result,) = _run(fake, Check(question=question, **expected.model_dump())).results
        assert result.passed


def _run(fake: AnsweringFake, *asked: Check) -> object:
    from assistant.staff.checks.run import run_of

    return run_of(fake, asked)  # type: ignore[arg-type]


# Runs


def test_a_run_asks_every_question_behind_what_was_said_before_and_without_a_language_model(checks: Checks) -> None:
    checks.add("Warmte?", [Turn(Role.USER, "Nekpijn.")], NEK)
    checks.add("Prijs?", [], NOTHING)
    fake = AnsweringFake({"Warmte?": citing("nek")})
    heard: list[tuple[int, int]] = []
    made = checks.run(fake, lambda *done: heard.append(done))  # type: ignore[arg-type]
    assert (made.passed, made.failed, heard) == (2, (), [(1, 2), (2, 2)])
    assert fake.asked == [("Warmte?", (Turn(Role.USER, "Nekpijn."),), None), ("Prijs?", (), None)]
    assert fake.phraser == "a language model"
    assert made.results[0].given.text == citing("nek").text
    assert made.results[0].given.slugs == ("nek",)


def test_a_question_that_fails_is_red_and_the_others_are_asked(
    checks: Checks, caplog: pytest.LogCaptureFixture
) -> None:
    checks.add("Stuk?", [], NEK)
    checks.add("Leeg?", [], NEK)
    checks.add("Warmte?", [], NEK)
    broken = assistant(Stuk=RuntimeError("Jan Jansen"), Leeg=EmptyQuestionError(), Warmte=citing())
    made = checks.run(broken)
    assert [result.passed for result in made.results] == [False, False, True]
    assert made.results[0].faults[0].kind is FaultKind.FAILED
    assert str(EmptyQuestionError()) in made.results[1].faults[0].said
    assert "Jansen" not in caplog.text + made.results[0].given.text


def test_a_run_is_kept_and_read_back_whole(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    made = checks.run(assistant(Warmte=citing()))
    assert checks.last() == made
    (summary,) = checks.history()
    assert (summary.at, summary.passed, summary.failed) == (made.at, 1, 0)


def test_the_last_two_hundred_runs_are_kept(checks: Checks) -> None:
    for number in range(MOST_RUNS + 3):
        checks.keep(run((check(), given()), at=NOW + timedelta(seconds=number)))
    kept = checks.history()
    assert len(kept) == MOST_RUNS
    assert kept[0].at == NOW + timedelta(seconds=3)
    assert kept[-1].at == NOW + timedelta(seconds=MOST_RUNS + 2)


def test_a_damaged_run_is_left_out_of_the_history(checks: Checks, tmp_path: Path) -> None:
    good = checks.keep(run((check(), given())))
    (tmp_path / "staff" / "runs" / "29990101T000000-000000.jsonl").write_bytes(b"\xff\n{")
    assert [each.at for each in checks.history()] == [NOW]
    assert checks.last() == good


def test_a_damaged_accepted_run_is_told(checks: Checks, tmp_path: Path) -> None:
    checks.accept(run((check(), given()), (check("Kou?"), given())))
    path = tmp_path / "staff" / "accepted_run.jsonl"
    whole = path.read_text("utf-8")
    path.write_text(whole.rsplit("\n", 2)[0] + "\n", "utf-8")  # a line short
    with pytest.raises(RunUnusableError, match="beschadigd"):
        checks.accepted()
    path.write_text(whole, "utf-8")
    assert checks.accepted() is not None
    assert all(json.loads(line) for line in whole.splitlines())


# Against the accepted run


def test_every_flip_since_the_accepted_run_is_named_losses_first() -> None:
    won, lost, same, other = check("Won?"), check("Verloren?"), check("Zelfde?"), check("Anders?")
    wrong = given("Iets.", slug="rug")
    before = run((won, wrong), (lost, given()), (same, given()), (other, given("A")), (check("Weg?"), given()))
    now = run((won, given()), (lost, wrong), (same, given()), (other, given("B")), (check("Nieuw?"), given()))
    changes = Changes.of(before, now)
    assert [each.check for each in changes.changes] == [lost, won, other]
    assert [each.check for each in changes.flips] == [lost, won]
    assert [each.check for each in changes.others] == [other]
    assert (changes.lost[0].before.given.text, changes.lost[0].now.given.text) == ("Warmte helpt.", "Iets.")
    assert [each.check.question for each in changes.new] == ["Nieuw?"]
    assert [each.check.question for each in changes.gone] == ["Weg?"]


def test_a_question_that_got_another_name_is_the_same_one_and_another_expectation_is_not() -> None:
    before = run((check(id="a"), given()))
    assert not Changes.of(before, run((check(id="b"), given()))).new
    assert Changes.of(before, run((check(article="rug"), given()))).new


def test_an_article_that_is_removed_turns_the_run_red_and_names_it(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    checks.accept(checks.run(assistant(Warmte=citing("nek"))))
    changes = checks.compare(assistant())
    assert [each.check.question for each in changes.lost] == ["Warmte?"]
    assert len(checks.history()) == 1  # comparing keeps nothing


def test_a_preview_may_be_compared_with_what_answers_now(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    changes = checks.compare(assistant(Warmte=citing("nek")), before=assistant())
    assert [each.check.question for each in changes.gained] == ["Warmte?"]


def test_before_anything_was_accepted_everything_is_new(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    changes = checks.compare(assistant(Warmte=citing()))
    assert (len(changes.new), changes.changes, changes.gone) == (1, (), ())


@with_any(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6))
def test_every_question_of_both_runs_is_counted_once(told: list[tuple[int, bool]]) -> None:
    before = run(*{n: (check(f"{n}?"), given(slug="nek" if good else "rug")) for n, good in told}.values())
    now = run(*{n: (check(f"{n}?"), given(slug="nek")) for n, _ in told[::2]}.values())
    changes = Changes.of(before, now)
    unchanged = len(now.results) - len(changes.new) - len(changes.changes)
    assert unchanged >= 0
    assert len(before.results) == len(changes.gone) + len(changes.changes) + unchanged
    assert {len(changes.lost) + len(changes.gained) + len(changes.others)} == {len(changes.changes)}


def test_of_a_group_only_new_questions_are_added(checks: Checks) -> None:
    checks.add("Warmte?", [], NEK)
    added = checks.add_all([check("Warmte?"), check("Kou?"), check("Kou?"), check("IJs?")])
    assert [each.question for each in added] == ["Kou?", "IJs?"]
    assert checks.add_all([check("Kou?")]) == ()
    assert [each.question for each in checks.all()] == ["Warmte?", "Kou?", "IJs?"]


@pytest.mark.model
def test_the_real_assistant_meets_what_was_expected_of_it(tmp_path: Path, assistant: Assistant) -> None:
    checks = checks_in(tmp_path)
    asked = ("Wat helpt tegen rugpijn?", "Wat kost een massage?", "Ik kan mijn plas niet meer ophouden en heb rugpijn")
    for question in asked:
        checks.add(question, [], Expectation.of(assistant.reply(question), assistant.index))
    made = checks.run(assistant)
    assert [result.faults for result in made.results] == [(), (), ()]
    assert {result.given.kind for result in made.results} >= {AnswerKind.ANSWERED, AnswerKind.URGENT}


@pytest.mark.model
def test_the_test_questions_that_come_with_the_project_all_pass(tmp_path: Path, assistant: Assistant) -> None:
    checks = checks_in(tmp_path)
    shutil.copy(PROJECT / "corpus" / "test_questions.toml", checks.path)
    made = checks.run(assistant)
    assert len(made.results) == 20
    assert [(result.check.said, result.faults) for result in made.failed] == []
