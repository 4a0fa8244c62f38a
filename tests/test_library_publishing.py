"""Publishing changes the articles and the index together, or not at all; what was can be gone back to."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder, write_article
from filelock import FileLock
from library_fakes import Practice
from pydantic import SecretStr

from assistant.staff.library.drafts import Draft
from assistant.staff.library.editions import KEPT_BEFORE, Cause
from assistant.staff.library.errors import (
    ArticleChangedError,
    BusyError,
    ChangedMeanwhileError,
    CorpusUnreadableError,
    FailedError,
    FolderUnusableError,
    LastArticleError,
    LibraryError,
    NoSuchArticleError,
    NoSuchEditionError,
    NotesLostError,
    NothingChangedError,
    TitleTakenError,
)
from assistant.staff.library.library import Library
from assistant.staff.library.notes import Choices
from ingest.build import is_up_to_date
from ingest.progress import NoProgress
from ingest.review_notes import NOTES_FILE
from ingest.stores import open_store

pytest_plugins = ("postgres_fixtures",)

WARMTH = "Warmte ontspant de spieren van de rug altijd."


@pytest.fixture(params=["files", "database"])
def practice(tmp_path: Path, request: pytest.FixtureRequest) -> Practice:
    """With its index in either store."""
    if request.param == "files":
        return Practice(tmp_path)
    return Practice(tmp_path, store=SecretStr(request.getfixturevalue("database").url))


@pytest.fixture
def library(practice: Practice) -> Library:
    return practice.library()


def new(library: Library, title: str = "Slapen", body: str = "Slaap op uw zij.", **fields: Any) -> Draft:
    return library.save(Draft(title=title, body=body, **fields)).draft


def test_a_new_article_is_in_the_folder_and_in_the_index(practice: Practice, library: Library) -> None:
    publication = library.publish(new(library, questions=("hoe lig ik?",)))
    assert (
        practice.corpus / "slapen.md"
    ).read_text() == '---\ntitle: "Slapen"\nslug: slapen\n---\n\nSlaap op uw zij.\n'
    assert practice.index().articles["slapen"].text == "Slaap op uw zij."
    report = publication.report
    assert (report.created, report.updated, report.removed) == (("slapen",), (), ())
    assert set(report.unchanged) == {"pijn-in-de-nek", "pijn-in-de-rug"}
    assert publication.edition.questions == ("hoe lig ik?",)
    assert library.drafts.all() == []
    assert is_up_to_date(practice.settings)


def test_only_what_is_new_is_embedded(practice: Practice, library: Library) -> None:
    practice.embedder.embedded.clear()
    library.publish(new(library))
    assert {text.split("\n")[-1] for text in practice.embedder.embedded} == {"Slaap op uw zij."}


def test_an_article_that_is_edited_keeps_its_file_and_its_slug(practice: Practice, library: Library) -> None:
    draft = replace(
        library.edit("pijn-in-de-nek"),
        title="Nekpijn",
        body="Rust helpt bij pijn in de nek.\n\nBeweeg de nek elke dag.\n\nNieuw.",
    )
    report = library.publish(library.save(draft).draft).report
    assert report.updated == ("pijn-in-de-nek",)
    assert practice.index().articles["pijn-in-de-nek"].title == "Nekpijn"
    assert sorted(practice.files()) == ["nek.md", "questions/nek.toml", NOTES_FILE, "rug.md"]


def test_an_article_from_another_kind_of_file_becomes_markdown_of_the_same_slug(practice: Practice) -> None:
    (practice.corpus / "arm.txt").write_text("Pijn in de arm\n\nRust de arm.\n")
    practice.ingest()
    library = practice.library()
    draft = library.edit("pijn-in-de-arm")
    assert library.publish(replace(draft, body="Rust de arm. Echt.")).report.updated == ("pijn-in-de-arm",)
    assert not (practice.corpus / "arm.txt").exists() and (practice.corpus / "arm.md").exists()


def test_a_draft_of_an_article_that_changed_since_is_refused_and_kept(practice: Practice, library: Library) -> None:
    draft = library.edit("pijn-in-de-nek")
    write_article(practice.folder, "nek.md", "Pijn in de nek", "Heel anders.", "Beweeg de nek elke dag.")
    before = practice.files()
    with pytest.raises(ArticleChangedError) as error:
        library.publish(draft)
    assert not error.value.is_gone
    assert practice.files() == before
    assert library.drafts.all() == [draft]
    assert library.publish(library.on_top(replace(draft, body=draft.body + "\n\nMeer."))).report.updated


def test_of_two_who_publish_the_same_article_the_second_is_told(practice: Practice, library: Library) -> None:
    mine = library.edit("pijn-in-de-nek")
    theirs = practice.library().save(replace(mine, id="", body=mine.body + "\n\nVan hen.")).draft
    practice.library().publish(theirs)
    with pytest.raises(ArticleChangedError):
        library.publish(replace(mine, body=mine.body + "\n\nVan mij."))
    assert "Van hen." in practice.index().articles["pijn-in-de-nek"].text


def test_a_draft_of_an_article_that_was_removed_can_be_an_article_of_its_own(library: Library) -> None:
    draft = library.edit("pijn-in-de-nek")
    library.publish("pijn-in-de-nek")
    with pytest.raises(ArticleChangedError) as error:
        library.publish(draft)
    assert error.value.is_gone
    assert library.publish(library.as_new(draft)).report.created == ("pijn-in-de-nek",)


def test_while_somebody_publishes_another_is_told_to_wait(practice: Practice, library: Library) -> None:
    draft, before = new(library), practice.files()
    with FileLock(practice.settings.staff_dir / "publishing.lock"), pytest.raises(BusyError):
        library.publish(draft)
    assert practice.files() == before
    assert library.drafts.all() == [draft]


def test_while_somebody_ingests_nothing_is_published(practice: Practice, library: Library) -> None:
    draft, before = new(library), practice.files()
    with open_store(practice.settings).draft(), pytest.raises(FailedError, match="al een index gemaakt"):
        library.publish(draft)
    assert practice.files() == before
    assert library.publish(draft).report.created


@pytest.mark.parametrize("title", ["Pijn in de nek", "PIJN in de NEK!"])
def test_a_second_article_of_the_same_name_is_refused(library: Library, title: str) -> None:
    with pytest.raises(TitleTakenError, match=r"nek\.md"):
        library.publish(new(library, title))


def test_a_second_article_of_the_same_name_as_one_in_the_folder_alone_is_refused(
    practice: Practice, library: Library
) -> None:
    write_article(practice.folder, "zz.md", "Slapen", "Van de hand.")
    with pytest.raises(TitleTakenError, match=r"zz\.md"):
        library.publish(new(library))


@pytest.mark.parametrize(
    ("title", "name"), [("CON", "artikel-con.md"), ("Readme", "artikel-readme.md"), ("../../x", "x.md")]
)
def test_a_file_is_named_so_that_every_system_can_have_it_and_ingest_reads_it(
    practice: Practice, library: Library, title: str, name: str
) -> None:
    library.publish(new(library, title))
    assert (practice.corpus / name).is_file()
    assert practice.index().manifest.sources[name]


def test_a_file_that_is_there_already_is_never_written_over(practice: Practice, library: Library) -> None:
    write_article(practice.folder, "Slapen.md", "Iets anders", "Van de hand.")
    library.publish(new(library))
    assert "Van de hand." in (practice.corpus / "Slapen.md").read_text()
    assert (practice.corpus / "slapen-1.md").is_file()


def test_nothing_that_changed_is_nothing_to_publish(library: Library) -> None:
    library.publish(library.save(replace(library.edit("pijn-in-de-nek"), tag="Nek")).draft)
    with pytest.raises(NothingChangedError):
        library.publish(library.edit("pijn-in-de-nek"))


class TestNotes:
    """A sentence with a note never changes without somebody saying what becomes of the note."""

    def edited(self, library: Library, body: str) -> Draft:
        return library.save(replace(library.edit("pijn-in-de-rug"), body=body)).draft

    def test_a_note_whose_sentence_would_be_gone_stops_it(self, practice: Practice, library: Library) -> None:
        before = practice.files()
        with pytest.raises(NotesLostError) as error:
            library.publish(self.edited(library, "Warmte ontspant de rug."))
        assert error.value.sentences == (WARMTH,)
        assert practice.files() == before

    def test_it_lapses_when_staff_says_so(self, practice: Practice, library: Library) -> None:
        library.publish(self.edited(library, "Kou helpt."), Choices(lapse=frozenset({WARMTH})))
        (note,) = practice.index().notes
        assert note.sentences == ("Beweeg de nek elke dag.",)

    def test_it_moves_to_the_new_wording_when_staff_says_so(self, practice: Practice, library: Library) -> None:
        wording = "Warmte ontspant de spieren van de rug vaak."
        library.publish(self.edited(library, wording), Choices(moves={WARMTH: wording}))
        assert practice.index().notes[0].sentences == (wording, "Beweeg de nek elke dag.")

    def test_a_note_whose_sentence_still_stands_cannot_be_made_to_lapse(
        self, practice: Practice, library: Library
    ) -> None:
        everything = Choices(lapse=frozenset({WARMTH, "Beweeg de nek elke dag."}))
        library.publish(self.edited(library, "Kou helpt."), everything)
        assert "Beweeg de nek elke dag." in (practice.corpus / NOTES_FILE).read_text()

    def test_a_note_cannot_be_moved_to_words_that_stand_nowhere(self, library: Library) -> None:
        with pytest.raises(NotesLostError):
            library.publish(self.edited(library, "Kou helpt."), Choices(moves={WARMTH: "Verzonnen."}))


class TestRemoval:
    def test_an_article_goes_with_its_questions_and_notes_and_nothing_else(
        self, practice: Practice, library: Library
    ) -> None:
        report = library.publish("pijn-in-de-nek").report
        assert report.removed == ("pijn-in-de-nek",)
        index = practice.index()
        assert [question.text for question in index.questions] == ["Wat doet warmte?"]
        assert [note.sentences for note in index.notes] == [(WARMTH,)]
        assert index.manifest.questions_left_out == ()

    def test_a_file_of_questions_without_any_left_goes_too(self, practice: Practice, library: Library) -> None:
        questions = practice.corpus / "questions" / "nek.toml"
        questions.write_text(questions.read_text().split("\n\n")[0] + "\n")
        library.publish("pijn-in-de-nek")
        assert not questions.exists()

    def test_the_last_article_stays(self, library: Library) -> None:
        library.publish("pijn-in-de-nek")
        with pytest.raises(LastArticleError):
            library.publish("pijn-in-de-rug")

    def test_an_article_that_is_not_there_is_not_removed(self, library: Library) -> None:
        with pytest.raises(NoSuchArticleError):
            library.publish("../nek")


class TestGoingBack:
    def test_everything_is_as_it_was_and_that_can_be_undone(self, practice: Practice, library: Library) -> None:
        before = practice.files()
        library.publish(new(library))
        library.publish("pijn-in-de-nek")
        after = practice.files()
        first = library.editions()[-1]
        assert first.cause is Cause.FOUND
        library.publish(first.number)
        assert practice.files() == before
        assert set(practice.index().articles) == {"pijn-in-de-nek", "pijn-in-de-rug"}
        library.publish(library.editions()[1].number)
        assert practice.files() == after

    def test_the_last_five_can_be_gone_back_to(self, practice: Practice, library: Library) -> None:
        for number in range(KEPT_BEFORE + 3):
            library.publish(new(library, f"Artikel {number}", f"Zin van artikel {number}."))
        editions = library.editions()
        assert [each.title for each in editions] == [f"Artikel {number}" for number in range(7, 1, -1)]
        library.publish(editions[-1].number)
        assert "artikel-3" not in practice.index().articles and "artikel-2" in practice.index().articles
        kept = {checksum for each in library.editions() for checksum in each.files.values()}
        assert {path.name for path in (practice.settings.staff_dir / "editions" / "blobs").iterdir()} == kept

    def test_what_was_changed_by_hand_is_an_edition_too(self, practice: Practice, library: Library) -> None:
        library.publish(new(library))
        write_article(practice.folder, "hand.md", "Met de hand", "Door een mens geschreven.")
        library.publish(new(library, "Zitten", "Zit rechtop."))
        assert [each.cause for each in library.editions()] == [
            Cause.PUBLISHED,
            Cause.BY_HAND,
            Cause.PUBLISHED,
            Cause.FOUND,
        ]
        assert {"met-de-hand", "zitten"} <= practice.index().articles.keys()
        library.publish("met-de-hand")
        library.publish(library.editions()[2].number)
        assert "met-de-hand" in practice.index().articles

    def test_what_was_changed_by_hand_can_be_published_as_it_is(self, practice: Practice, library: Library) -> None:
        write_article(practice.folder, "hand.md", "Met de hand", "Door een mens geschreven.")
        assert library.shelf().is_changed_by_hand
        assert library.publish(None).report.created == ("met-de-hand",)
        assert not library.shelf().is_changed_by_hand
        assert len(library.editions()) == 1

    def test_a_damaged_edition_changes_nothing(self, practice: Practice, library: Library) -> None:
        library.publish("pijn-in-de-nek")
        first = library.editions()[-1]
        blob = practice.settings.staff_dir / "editions" / "blobs" / first.files["nek.md"]
        blob.write_bytes(b"x" + blob.read_bytes()[1:])
        before = practice.files()
        with pytest.raises(NoSuchEditionError):
            library.publish(first.number)
        assert practice.files() == before

    @pytest.mark.parametrize("number", [0, -1, 99])
    def test_an_edition_that_is_not_there_is_said(self, library: Library, number: int) -> None:
        with pytest.raises(NoSuchEditionError):
            library.publish(number)


class Tampering(NoProgress):
    """Does something while the index is being made."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def step(self, name: str, total: int) -> None:
        if name == "opslaan":
            self._act()


class TestFailure:
    """Whatever goes wrong: the articles and the index are as they were, and the draft is there."""

    def test_a_model_that_breaks_down(self, practice: Practice) -> None:
        class Broken(FakeEmbedder):
            def passages(self, *_: Any, **__: Any) -> Any:
                raise RuntimeError("out of memory: bezoeker vroeg …")

        library = Library(practice.settings, Broken())
        draft, before, version = new(library), practice.files(), practice.index().manifest.version
        with pytest.raises(FailedError) as error:
            library.publish(draft)
        assert "bezoeker" not in str(error.value)
        self.assert_untouched(practice, library, draft, before, version)

    def test_a_file_that_is_changed_by_hand_meanwhile(self, practice: Practice, library: Library) -> None:
        draft = library.save(replace(library.edit("pijn-in-de-nek"), tag="Nek")).draft
        hand = (practice.corpus / "nek.md").read_text().replace("Rust helpt", "Rust hielp")

        def change() -> None:
            (practice.corpus / "nek.md").write_text(hand)

        with pytest.raises(ChangedMeanwhileError):
            library.publish(draft, progress=Tampering(change))
        assert (practice.corpus / "nek.md").read_text() == hand
        assert "Rust hielp" in practice.index().articles["pijn-in-de-nek"].text
        assert is_up_to_date(practice.settings)

    def test_a_page_that_is_closed_halfway(self, practice: Practice, library: Library) -> None:
        draft, before, version = new(library), practice.files(), practice.index().manifest.version

        def leave() -> None:
            raise GeneratorExit

        with pytest.raises(GeneratorExit):
            library.publish(draft, progress=Tampering(leave))
        self.assert_untouched(practice, library, draft, before, version)

    @pytest.mark.parametrize("place", [0, 1])
    def test_a_folder_that_cannot_be_written_when_it_matters(
        self, practice: Practice, library: Library, monkeypatch: pytest.MonkeyPatch, place: int
    ) -> None:
        """A full disk after the first of two files, or before it."""
        draft = library.save(replace(library.edit("pijn-in-de-rug"), body="Kou helpt.")).draft
        before = practice.files()
        replace_file, placed = Path.replace, []

        def full(path: Path, target: Path) -> Path:
            if target.parent == practice.corpus and len(placed) == place and not monkeypatched:
                monkeypatched.append(target)
                raise OSError(28, "No space left on device", str(target))
            placed.append(target) if target.parent == practice.corpus else None
            return replace_file(path, target)

        monkeypatched: list[Path] = []
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(FolderUnusableError):
            library.publish(draft, Choices(lapse=frozenset({WARMTH})))
        assert monkeypatched
        assert practice.files() == before
        assert practice.index().articles["pijn-in-de-rug"].text == WARMTH
        assert is_up_to_date(practice.settings)
        assert library.drafts.all() == [draft]

    def test_notes_that_a_colleague_broke_by_hand(self, practice: Practice, library: Library) -> None:
        (practice.corpus / NOTES_FILE).write_text("[[note]]\nkind = 3")
        draft, before = new(library), practice.files()
        with pytest.raises(Exception, match="review_notes"):
            library.publish(draft)
        assert practice.files() == before

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_cannot_be_read(self, practice: Practice, library: Library) -> None:
        (practice.corpus / "rug.md").chmod(0)
        with pytest.raises(CorpusUnreadableError, match=r"rug\.md"):
            library.publish(new(library))

    def test_a_folder_in_the_place_of_an_article(self, practice: Practice, library: Library) -> None:
        draft = new(library)
        (practice.corpus / "map.md").mkdir()
        with pytest.raises(CorpusUnreadableError, match=r"map\.md"):
            library.publish(draft)

    def test_a_staff_folder_that_is_a_file(self, practice: Practice, library: Library) -> None:
        practice.settings.staff_dir.write_text("")
        with pytest.raises(LibraryError):
            library.publish("pijn-in-de-nek")
        assert (practice.corpus / "nek.md").exists()

    def assert_untouched(
        self, practice: Practice, library: Library, draft: Draft, before: dict[str, bytes], version: str
    ) -> None:
        assert practice.files() == before
        assert practice.index().manifest.version == version
        assert library.drafts.all() == [draft]
        assert library.recover() is None
        assert {path.name for path in practice.settings.staff_dir.iterdir()} <= {
            "drafts",
            "editions",
            "publishing.lock",
        }
