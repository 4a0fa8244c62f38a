"""Review notes: read whole or refused, and never about a sentence that is gone."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder, content, ingest, ingest_settings, write_article, write_notes
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.build import build_index, is_up_to_date
from ingest.cli import print_report
from ingest.embed import Embedder
from ingest.errors import ReviewNotesError
from ingest.index import Index, load_index
from ingest.read import read_corpus
from ingest.review_notes import MEDICATION_ADVICE, NOTES_FILE, NoteKind, ReviewNote, read_notes
from ingest.sidecar import MAX_BYTES
from ingest.wording import on_one_line

ADVERT = "Onze massage helpt altijd."
PLAIN = "Rust helpt vaak."
LONG = "Pijn in de nek komt veel voor, vooral bij mensen die lang zitten, en gaat meestal vanzelf weer over."
PRAISE = {"kind": "promotional", "sentences": [ADVERT]}
DOUBT = {"kind": "contested", "sentences": [PLAIN], "note": "Dat is niet zeker.", "source": "Richtlijn 2021"}


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A folder with two articles, notes on a sentence of each, and their index."""
    write_article(
        tmp_path, "nek.md", "Nekpijn", f"{PLAIN} Warmte ook.", "## Thuis", "- Beweeg. Wandel elke dag.\n- Slaap"
    )
    write_article(tmp_path, "rug.md", "Rugpijn", ADVERT, "## Tip", "Blijf bewegen.")
    write_notes(tmp_path, PRAISE, DOUBT)
    ingest(tmp_path)
    return tmp_path


def load(folder: Path) -> Index:
    return load_index(folder / "index", FakeEmbedder())


def noted(index: Index) -> dict[str, list[NoteKind]]:
    """The kinds of the notes on each sentence that has any."""
    rows = index.note_places.sentences
    return {index.wording(index.sentence_rows[row]): [note.kind for note in rows[row]] for row in rows}


def refusal(folder: Path) -> ReviewNotesError:
    """Ingest refuses the notes by file name and says how to go on; the index that was there stays."""
    before = content(load(folder))
    with pytest.raises(ReviewNotesError) as caught:
        ingest(folder)
    assert content(load(folder)) == before
    assert NOTES_FILE in str(caught.value)
    assert "rugpijn ingest" in str(caught.value)
    return caught.value


def no_model() -> Embedder:
    pytest.fail("the model was loaded for nothing")


# What is read


def test_a_folder_without_notes_has_none(tmp_path: Path) -> None:
    assert (read_notes(tmp_path).notes, read_notes(tmp_path).file.digest) == ((), "")


def test_a_note_says_what_kind_it_is_what_it_is_about_and_what_to_show(practice: Path) -> None:
    praise, doubt = load(practice).notes
    assert praise == ReviewNote(kind=NoteKind.PROMOTIONAL, sentences=(ADVERT,))
    assert doubt.model_dump(exclude_defaults=True, mode="json") == DOUBT


@given(words=st.lists(st.text(st.characters(exclude_categories=("C",)), min_size=1), min_size=1))
def test_any_sentence_that_is_written_is_read_on_one_line(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    sentence = " \n ".join(words)
    if not on_one_line(sentence):
        return
    folder = tmp_path_factory.mktemp("notes")
    (folder / "corpus").mkdir()
    write_notes(folder, {"kind": "promotional", "sentences": [sentence]})
    (note,) = read_notes(folder / "corpus").notes
    assert note.sentences == (on_one_line(sentence),)


@settings(max_examples=200)
@given(raw=st.one_of(st.binary(), st.text().map(lambda text: f"[[note]]\n{text}".encode("utf-8", "replace"))))
def test_a_file_is_read_or_refused_whatever_is_in_it(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("notes")
    (folder / NOTES_FILE).write_bytes(raw)
    try:
        assert isinstance(read_notes(folder).notes, tuple)
    except ReviewNotesError as error:
        assert error.complaints


# What is refused

MISTAKES: dict[str, tuple[dict[str, Any], str, int]] = {
    "no kind": ({"sentences": [PLAIN]}, "'kind' ontbreekt", 1),
    "a kind that is none": ({"kind": "reclame", "sentences": [PLAIN]}, "'reclame' is geen soort", 2),
    "no sentences": ({"kind": "promotional"}, "'sentences' ontbreekt", 1),
    "an empty list": ({"kind": "promotional", "sentences": []}, "'sentences' klopt niet", 3),
    "an empty sentence": ({"kind": "promotional", "sentences": [" "]}, "'sentences' klopt niet", 3),
    "one text for the list": ({"kind": "promotional", "sentences": PLAIN}, "'sentences' klopt niet", 3),
    "a typing error": ({"kind": "promotional", "sentences": [PLAIN], "bron": "x"}, "'bron' is onbekend", 4),
    "contested without a note": ({"kind": "contested", "sentences": [PLAIN], "source": "NICE"}, "ontbreekt 'note'", 1),
    "a note without a source": ({**PRAISE, "note": "Niet bewezen."}, "ontbreekt 'source'", 1),
    "medication without a note": (
        {"kind": "medication", "sentences": [PLAIN], "source": "NICE"},
        "ontbreekt 'note'",
        1,
    ),
    "medication without the advice": (
        {"kind": "medication", "sentences": [PLAIN], "note": "Pas op.", "source": "NICE"},
        "niet dat de bezoeker moet overleggen",
        4,
    ),
    "unsafe for nobody": ({"kind": "unsafe_as_reassurance", "sentences": [PLAIN]}, "ontbreekt 'symptoms'", 1),
    "a doctor for nobody": ({"kind": "see_doctor", "sentences": [PLAIN]}, "ontbreekt 'flags'", 1),
    "symptoms where they do nothing": ({**PRAISE, "symptoms": ["koorts"]}, "'symptoms' hoort niet bij", 4),
    "flags where they do nothing": ({**PRAISE, "flags": ["kanker"]}, "'flags' hoort niet bij", 4),
    "a symptom that is no id": (
        {"kind": "unsafe_as_reassurance", "sentences": [PLAIN], "symptoms": ["Pijn op de borst"]},
        "'symptoms' klopt niet",
        4,
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_line_what_is_wrong_and_what_to_do(practice: Path, mistake: str) -> None:
    note, reason, line = MISTAKES[mistake]
    write_notes(practice, note)
    (complaint,) = refusal(practice).complaints
    assert reason in complaint.reason
    assert complaint.line == line
    assert complaint.mend.endswith((".", '".'))


def test_all_mistakes_are_told_at_once_each_with_its_own_line(practice: Path) -> None:
    write_notes(practice, DOUBT, {"kind": "reclame", "sentences": [PLAIN]}, {"kind": "contested", "sentences": [PLAIN]})
    assert [complaint.line for complaint in refusal(practice).complaints] == [8, 11, 11]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        *(("[[note]]\nkind = promotional\n", 2), ('[[note]]\nkind = "a"\nkind = "b"\n', 3), ("\n[[note]\n", 2)),
        *(('[[note]]\nsentences = [\n"a",\n\n', 3), ("[[note]]\nkind = " + "9" * 5_000, None)),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(practice: Path, text: str, line: int | None) -> None:
    (practice / "corpus" / NOTES_FILE).write_text(text)
    (complaint,) = refusal(practice).complaints
    assert (complaint.line, "niet leesbaar" in complaint.reason) == (line, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [('\nkind = "contested"\n', 2), ('[note]\nkind = "contested"\n', 1), ('# x\n[[notes]]\nkind = "contested"\n', 2)],
)
def test_a_note_that_does_not_stand_below_its_heading_is_refused(practice: Path, text: str, line: int) -> None:
    (practice / "corpus" / NOTES_FILE).write_text(text)
    (complaint,) = refusal(practice).complaints
    assert ("[[note]]" in complaint.mend, complaint.line) == (True, line)


@pytest.mark.parametrize("name", [f"{NOTES_FILE}.txt", "Review_Notes.toml", "review_notes (1).toml"])
def test_notes_under_another_name_are_refused_rather_than_lost(practice: Path, name: str) -> None:
    (practice / "corpus" / NOTES_FILE).rename(practice / "corpus" / name)
    assert name in refusal(practice).complaints[0].reason


def test_notes_that_cannot_be_opened_are_refused(practice: Path) -> None:
    (practice / "corpus" / NOTES_FILE).unlink()
    (practice / "corpus" / NOTES_FILE).mkdir()
    assert "kan niet worden geopend" in refusal(practice).complaints[0].reason


def test_a_file_that_is_no_file_of_notes_is_refused_before_it_is_read(practice: Path) -> None:
    path = practice / "corpus" / NOTES_FILE
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "groter dan 1 MB" in refusal(practice).complaints[0].reason
    path.unlink()
    os.mkfifo(path)
    assert "kan niet worden geopend" in refusal(practice).complaints[0].reason


def test_a_link_to_notes_that_are_gone_is_refused(practice: Path) -> None:
    path = practice / "corpus" / NOTES_FILE
    path.unlink()
    path.symlink_to("weg.toml")
    assert "kan niet worden geopend" in refusal(practice).complaints[0].reason
    assert not is_up_to_date(ingest_settings(practice))


def test_notes_in_another_encoding_are_refused_with_the_line(practice: Path) -> None:
    (practice / "corpus" / NOTES_FILE).write_bytes("[[note]]\n# reclame: één\n".encode("latin-1"))
    assert refusal(practice).complaints[0].line == 2


# Where the sentences stand


def test_a_note_about_a_sentence_that_is_gone_names_line_sentence_and_what_it_was_meant_to_be(practice: Path) -> None:
    gone = "Onze massage helpt bijna altijd."
    write_notes(practice, DOUBT, {"kind": "promotional", "sentences": ["Blijf bewegen.", gone]})
    (complaint,) = refusal(practice).complaints
    assert f"'{gone}'" in complaint.reason
    assert f"Bedoelt u '{ADVERT}'?" in complaint.mend
    assert complaint.line == 9


def test_an_article_that_changes_under_its_note_is_refused_until_the_note_is_changed(practice: Path) -> None:
    write_article(practice, "rug.md", "Rugpijn", "Onze massage helpt soms.")
    assert f"'{ADVERT}'" in str(refusal(practice))
    write_notes(practice, {**PRAISE, "sentences": ["Onze massage helpt soms."]}, DOUBT)
    ingest(practice)
    assert noted(load(practice))["Onze massage helpt soms."] == [NoteKind.PROMOTIONAL]


def test_a_sentence_like_nothing_in_the_articles_is_refused_without_a_guess(practice: Path) -> None:
    write_notes(practice, {"kind": "promotional", "sentences": ["Bel 020-1234567!"]})
    assert "Bedoelt u" not in refusal(practice).complaints[0].mend


@settings(max_examples=20)
@given(data=st.data())
def test_of_the_practices_articles_every_sentence_can_be_noted_and_no_altered_one(
    corpus_index: Index, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    from ingest.note_places import check_places

    wordings = [on_one_line(corpus_index.wording(row)) for row in corpus_index.sentence_rows]
    sentence = data.draw(st.sampled_from(wordings))
    cut = data.draw(st.integers(0, len(sentence) - 1))
    altered = on_one_line(sentence[:cut] + sentence[cut + 1 :])
    folder = tmp_path_factory.mktemp("notes")
    (folder / "corpus").mkdir()
    write_notes(folder, {"kind": "promotional", "sentences": [sentence]})
    check_places(read_notes(folder / "corpus"), corpus_index.passages, corpus_index.articles)
    if altered and altered not in wordings:
        write_notes(folder, {"kind": "promotional", "sentences": [altered]})
        with pytest.raises(ReviewNotesError, match="staat niet"):
            check_places(read_notes(folder / "corpus"), corpus_index.passages, corpus_index.articles)


def test_a_note_holds_wherever_its_sentence_stands(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", f"{ADVERT} Strek de arm.")
    ingest(practice)
    index = load(practice)
    assert [index.sentence_rows[row].passage for row in index.note_places.sentences] == [0, 1, 3]


def test_a_note_holds_for_a_passage_that_stands_in_two_articles(practice: Path) -> None:
    for name in ("een.md", "twee.md"):
        write_article(practice, name, f"Artikel {name}", LONG)
    write_notes(practice, {"kind": "promotional", "sentences": [LONG]})
    report = ingest(practice)
    assert report.manifest.counts.merged == 1
    assert noted(load(practice)) == {LONG: [NoteKind.PROMOTIONAL]}


def test_a_list_item_can_be_noted_whole_or_by_the_sentence(practice: Path) -> None:
    write_notes(practice, {"kind": "promotional", "sentences": ["Beweeg. Wandel elke dag."]}, DOUBT)
    ingest(practice)
    assert [*noted(load(practice))] == [PLAIN, "Beweeg.", "Wandel elke dag."]
    write_notes(practice, {"kind": "promotional", "sentences": ["Wandel elke dag."]}, DOUBT)
    ingest(practice)
    assert [*noted(load(practice))] == [PLAIN, "Wandel elke dag."]


def test_headings_and_titles_can_be_noted_and_a_heading_above_a_list_is_its_lead_in(practice: Path) -> None:
    write_notes(practice, {"kind": "promotional", "sentences": ["Rugpijn", "Tip", "Thuis"]})
    ingest(practice)
    index = load(practice)
    assert noted(index) == {}
    assert [index.passages[row].heading_path for row in index.note_places.lead_ins] == [("Thuis",)]


def test_a_sentence_may_have_several_notes(practice: Path) -> None:
    medicine = {"kind": "medication", "sentences": [ADVERT, PLAIN], "note": MEDICATION_ADVICE, "source": "NICE"}
    write_notes(practice, PRAISE, DOUBT, medicine)
    ingest(practice)
    assert noted(load(practice)) == {
        PLAIN: [NoteKind.CONTESTED, NoteKind.MEDICATION],
        ADVERT: [NoteKind.PROMOTIONAL, NoteKind.MEDICATION],
    }


# In the index


def test_notes_are_no_article(practice: Path) -> None:
    for name in (f"{NOTES_FILE}.bak", f"{NOTES_FILE}~"):
        shutil.copy(practice / "corpus" / NOTES_FILE, practice / "corpus" / name)
    corpus = read_corpus(practice / "corpus")
    assert [article.source for article in corpus.articles] == ["nek.md", "rug.md"]
    assert corpus.refused == ()


def test_a_changed_note_makes_a_new_index_and_embeds_nothing(practice: Path) -> None:
    assert is_up_to_date(ingest_settings(practice))
    write_notes(practice, PRAISE)
    assert not is_up_to_date(ingest_settings(practice))
    report = ingest(practice)
    assert (report.embedded, report.wrote_nothing, report.manifest.counts.notes) == (0, False, 1)
    assert [note.kind for note in load(practice).notes] == [NoteKind.PROMOTIONAL]


def test_notes_that_are_taken_away_leave_the_index(practice: Path) -> None:
    (practice / "corpus" / NOTES_FILE).unlink()
    ingest(practice)
    assert load(practice).notes == ()
    assert noted(load(practice)) == {}


def test_the_report_of_an_ingest_counts_the_notes(practice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for rebuild in (True, False):
        print_report(ingest(practice, rebuild=rebuild))
        assert "2 aantekeningen" in capsys.readouterr().out


def test_broken_notes_are_told_without_waiting_for_the_model(practice: Path) -> None:
    write_notes(practice, {"kind": "reclame", "sentences": [PLAIN]})
    with pytest.raises(ReviewNotesError):
        build_index(ingest_settings(practice), no_model)
