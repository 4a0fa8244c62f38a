"""A look before publishing shows what publishing would do, and does none of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fakes import write_article
from library_fakes import Practice
from pydantic import SecretStr

from assistant.reply import Assistant
from assistant.staff.desk import Desk
from assistant.staff.library.drafts import Draft
from assistant.staff.library.errors import ArticleChangedError
from assistant.staff.library.library import Library
from assistant.staff.library.notes import Choices
from assistant.staff.library.preview import Fate
from assistant.staff.library.shelf import OnDisk, is_stale
from ingest.review_notes import NOTES_FILE

WARMTH = "Warmte ontspant de spieren van de rug altijd."
LONG = " ".join(["Wie de nek elke dag rustig beweegt, heeft daar veel minder last van."] * 6)

pytest_plugins = ("postgres_fixtures", "staff_fixtures")


@pytest.fixture(params=["files", "database"])
def practice(tmp_path: Path, request: pytest.FixtureRequest) -> Practice:
    """With its index in either store."""
    if request.param == "files":
        return Practice(tmp_path)
    return Practice(tmp_path, store=SecretStr(request.getfixturevalue("database").url))


@pytest.fixture
def library(practice: Practice) -> Library:
    return practice.library()


def everything(practice: Practice) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in practice.folder.rglob("*") if path.is_file()}


def test_a_look_changes_nothing(practice: Practice, library: Library) -> None:
    draft = library.save(Draft(title="Slapen", body="Slaap op uw zij.")).draft
    before = everything(practice)
    preview = library.preview(draft)
    assert preview.report is not None and preview.report.created == ("slapen",)
    assert everything(practice) == before
    assert not [path for path in practice.settings.staff_dir.iterdir() if path.is_dir() and path.name != "drafts"]


def test_only_what_is_new_is_embedded_for_a_look(practice: Practice, library: Library) -> None:
    practice.embedder.embedded.clear()
    library.preview(Draft(title="Slapen", body="Slaap op uw zij."))
    assert {text.split("\n")[-1] for text in practice.embedder.embedded} == {"Slaap op uw zij."}


def test_each_passage_says_whether_it_is_new_changed_unchanged_or_gone(library: Library) -> None:
    one, two, three = (
        "## Een\n\nRust is goed voor de nek.",
        "## Twee\n\nBeweeg elke dag een uur.",
        "## Drie\n\nSlaap genoeg.",
    )
    slug = library.publish(Draft(title="Nieuw", body=f"{one}\n\n{two}\n\n{three}")).edition.slug
    draft = replace(
        library.edit(slug), body=f"{one}\n\n{two.replace('een', 'twee')}\n\n## Vier\n\nHeel andere woorden hier."
    )
    cuts = library.preview(draft).cuts
    assert [(cut.fate, cut.passage.text) for cut in cuts] == [
        (Fate.UNCHANGED, "Rust is goed voor de nek."),
        (Fate.CHANGED, "Beweeg elke dag twee uur."),
        (Fate.NEW, "Heel andere woorden hier."),
        (Fate.GONE, "Slaap genoeg."),
    ]
    assert cuts[1].former == "Beweeg elke dag een uur."


def test_a_note_whose_sentence_would_be_gone_is_named_with_the_sentence_it_became(library: Library) -> None:
    preview = library.preview(
        replace(library.edit("pijn-in-de-rug"), body="Warmte ontspant de spieren van de rug soms.")
    )
    (lost,) = preview.lost_notes
    assert (lost.sentence, lost.nearest) == (WARMTH, "Warmte ontspant de spieren van de rug soms.")
    assert preview.report is None and preview.cuts


def test_after_a_choice_for_each_note_the_look_goes_on(library: Library) -> None:
    draft = replace(library.edit("pijn-in-de-rug"), body="Kou helpt.")
    preview = library.preview(draft, Choices(lapse=frozenset({WARMTH})))
    assert not preview.lost_notes and preview.report is not None


def test_questions_that_would_not_be_used_any_more_are_named(library: Library) -> None:
    draft = replace(library.edit("pijn-in-de-nek"), body="Iets heel anders.\n\nBeweeg de nek elke dag.")
    (complaint,) = library.preview(draft).questions_left_out
    assert "Rust helpt bij pijn in de nek." in complaint and "nek.toml" in complaint


def test_the_assistant_as_it_would_be_is_asked(desk: Desk) -> None:
    asked: list[str] = []

    def compare(assistant: Assistant) -> str:
        asked.extend(assistant.index.articles)
        return assistant.reply("Hoe slaap ik goed op mijn zij?").text

    preview = desk.library.preview(Draft(title="Slapen", body="Slaap goed op uw zij."), compare=compare)
    assert "slapen" in asked and "slapen" not in desk.assistant.index.articles
    assert "Slaap goed op uw zij." in preview.answers


def test_a_look_at_a_removal_says_what_goes_with_it(library: Library) -> None:
    preview = library.preview("pijn-in-de-nek")
    assert preview.report is not None and preview.report.removed == ("pijn-in-de-nek",)
    assert preview.questions_left_out == ()


def test_a_look_at_an_earlier_edition_says_what_comes_back(library: Library) -> None:
    library.publish("pijn-in-de-nek")
    preview = library.preview(library.editions()[-1].number)
    assert preview.report is not None and preview.report.created == ("pijn-in-de-nek",)


def test_a_look_at_a_draft_of_an_article_that_changed_says_so(practice: Practice, library: Library) -> None:
    draft = library.edit("pijn-in-de-nek")
    write_article(practice.folder, "nek.md", "Pijn in de nek", "Anders.")
    with pytest.raises(ArticleChangedError):
        library.preview(draft)


def test_what_a_look_left_behind_when_it_was_killed_is_cleared_at_the_next_start(practice: Practice) -> None:
    left = practice.settings.staff_dir / "voorbeeld-abc" / "corpus"
    left.mkdir(parents=True)
    practice.library().recover()
    assert not left.exists()


class TestShelf:
    def test_it_says_what_was_done_by_hand_and_is_not_in_the_chat(self, practice: Practice, library: Library) -> None:
        assert not library.shelf().is_changed_by_hand
        write_article(practice.folder, "zon.md", "De zon", "Nieuw.")
        write_article(practice.folder, "nek.md", "Pijn in de nek", "Anders.")
        (practice.corpus / "rug.md").unlink()
        shelf = library.shelf()
        assert [each.on_disk for each in shelf.articles] == [OnDisk.CHANGED, OnDisk.GONE]
        assert shelf.added == ("zon.md",) and shelf.is_changed_by_hand and not shelf.beside_changed

    def test_notes_and_questions_changed_by_hand_count_too(self, practice: Practice, library: Library) -> None:
        (practice.corpus / NOTES_FILE).write_text("# leeg\n")
        assert library.shelf().beside_changed

    def test_an_article_is_outlined_with_its_notes_and_questions(self, library: Library) -> None:
        library.publish(Draft(title="Slapen", body=f"{LONG}\n\n## Dus\n\n{WARMTH}"))
        whole = library.article("slapen").text
        passages = library.outline("slapen")
        assert [whole[each.start : each.end] for each in passages] == [each.text for each in passages]
        assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
        (rug,) = library.outline("pijn-in-de-rug")
        assert [each.note.kind for each in rug.notes] == ["promotional"]
        assert rug.questions == ("Wat doet warmte?",)

    @pytest.mark.parametrize(
        ("reviewed", "stale"),
        [
            (None, True),
            (date(2024, 9, 21), True),
            (date(2024, 9, 22), False),
            (date(2026, 9, 20), False),
            (date(2027, 1, 1), False),
        ],
    )
    def test_an_article_is_stale_from_the_day_on(self, reviewed: date | None, stale: bool) -> None:
        assert is_stale(reviewed, date(2026, 9, 21), 24) is stale
