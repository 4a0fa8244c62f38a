"""The files beside the articles are changed where they must be, and nowhere else."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.staff.library.errors import FailedError
from assistant.staff.library.sidecars import with_sentences, without_entries

NOTES = """# Bovenaan.

# Over een.
[[note]]
kind = "promotional"
sentences = [
  "Een.",  # dit is een
  # los
  "Twee.",
]

# Over drie.
[[note]]
kind = "contested"
sentences = ["Drie  is\\t\\"zo\\"."]
note = "n"
source = "s"

# Over vier.
[[note]]
kind = "promotional"
sentences = ["Vier.", 'Vijf.']
"""


def test_a_sentence_that_goes_takes_nothing_with_it() -> None:
    assert with_sentences(NOTES, "note", "sentences", {0: [None, "Twee."], 2: ["Vier.", None]}) == (
        NOTES.replace('  "Een.",  # dit is een\n', "").replace(", 'Vijf.'", "")
    )


def test_a_sentence_that_reads_another_way_is_changed_in_its_place() -> None:
    changed = with_sentences(NOTES, "note", "sentences", {0: ["Een.", 'Zeg "twee".']})
    assert changed == NOTES.replace('"Twee."', '"Zeg \\"twee\\"."')


def test_a_note_without_any_sentence_goes_and_what_is_written_above_the_next_stays() -> None:
    changed = with_sentences(NOTES, "note", "sentences", {1: [None]})
    start, end = NOTES.index('[[note]]\nkind = "contested"'), NOTES.index("\n# Over vier.")
    assert changed == NOTES[:start] + NOTES[end:]


def test_a_file_that_cannot_be_changed_line_by_line_is_left_alone() -> None:
    with pytest.raises(FailedError):
        without_entries('note = [{kind = "a", sentences = ["Een."]}, {kind = "b", sentences = []}]\n', "note", {0})


def test_a_table_name_within_a_text_is_no_entry() -> None:
    text = '[[question]]\nanswer = []\nasked = ["""\n[[question]]\n"""]\n\n[[question]]\nanswer = []\nasked = ["b"]\n'
    with pytest.raises(FailedError):
        without_entries(text, "question", {1})


SENTENCE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(
    lambda each: each.split()
)


@given(st.lists(st.lists(SENTENCE, min_size=1, max_size=3, unique=True), min_size=1, max_size=4), st.data())
def test_only_what_was_named_changes(entries: list[list[str]], data: st.DataObject) -> None:
    folded = [[" ".join(each.split()) for each in sentences] for sentences in entries]
    text = "\n".join(
        f"# {n}\n[[note]]\nsentences = [{', '.join(map(_quoted, each))}]\n" for n, each in enumerate(folded)
    )
    gone = {
        number: [data.draw(st.sampled_from([each, None, "Nieuw."])) for each in sentences]
        for number, sentences in enumerate(folded)
    }
    changed = with_sentences(text, "note", "sentences", gone)
    kept = [[each for each in sentences if each is not None] for sentences in gone.values()]
    assert [each["sentences"] for each in tomllib.loads(changed).get("note", [])] == [each for each in kept if each]
    assert all(f"# {number}\n" in changed for number in gone)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
