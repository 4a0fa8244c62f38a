"""Known questions: read whole or refused, placed where their answers stand, and left out by name where they do not."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeEmbedder, content, ingest, ingest_settings, write_article, write_questions
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.build import build_index, is_up_to_date
from ingest.cli import print_report
from ingest.embed import Embedder, Vectors
from ingest.errors import KnownQuestionsError
from ingest.index import Index, load_index
from ingest.known_questions import FOLDER, KnownQuestions, read_known_questions
from ingest.question_places import UNANSWERED, place_questions
from ingest.sidecar import MAX_BYTES
from ingest.versions import version_in_use
from ingest.wording import on_one_line

REST = "Rust helpt vaak bij pijn in de nek."
HEAT = "Warmte ontspant de spieren."
MOVE = "Bewegen helpt het meest."
LIMIT = "Let altijd op uw pijngrens."
FILE = "nek.toml"
KNOWN = {"answer": [REST], "asked": ["Helpt rust?", "stilliggen bij nekpijn"]}
UNKNOWN: dict[str, list[str]] = {"answer": [], "asked": ["Wat kost een behandeling?"]}


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A folder with two articles, questions beside them, and their index."""
    write_article(
        tmp_path,
        "nek.md",
        "Nekpijn",
        f"{REST} {HEAT}",
        "## Thuis",
        "Dit kunt u doen:\n\n- Wandel elke dag. Begin rustig.\n- Slaap genoeg",
        "## Oorzaken",
        "- lang zitten\n- een verkeerd kussen",
        "## Tip",
        f"Zoek hulp op tijd. {LIMIT}",
    )
    write_article(tmp_path, "rug.md", "Rugpijn", f"{MOVE} {LIMIT}")
    write_questions(tmp_path, FILE, KNOWN, UNKNOWN)
    ingest(tmp_path)
    return tmp_path


def load(folder: Path) -> Index:
    return load_index(folder / "index", FakeEmbedder())


def places(index: Index, question: str) -> list[list[str]]:
    """Per passage in which it is known, the wordings that answer this question."""
    return [
        [index.wording(index.sentence_rows[row]) for row in known.sentences]
        for known in index.questions
        if known.text == question
    ]


def answers(folder: Path, *answer: str) -> list[list[str]]:
    """Where a question with this answer is known after an ingest."""
    write_questions(folder, FILE, {"answer": list(answer), "asked": ["Wat nu?"]})
    ingest(folder)
    return places(load(folder), "Wat nu?")


def left_out(folder: Path, *answer: str) -> str:
    """The one line about the second of three entries, which has this answer; the ingest goes on with the others."""
    write_questions(folder, FILE, KNOWN, {"answer": list(answer), "asked": ["Wat nu?"]}, UNKNOWN)
    report = ingest(folder)
    assert [known.text for known in load(folder).questions] == [*KNOWN["asked"], *UNKNOWN["asked"]]
    (line,) = report.questions_left_out
    return line


def refusal(folder: Path, name: str = FILE) -> KnownQuestionsError:
    """Ingest refuses the questions by file name and says how to go on, and the index that was there stays."""
    before = content(load(folder))
    with pytest.raises(KnownQuestionsError) as caught:
        build_index(ingest_settings(folder), no_model)
    assert content(load(folder)) == before
    assert name in str(caught.value)
    assert "rugpijn ingest" in str(caught.value)
    assert all(each.reason.endswith(".") and each.mend for each in caught.value.complaints)
    return caught.value


def no_model() -> Embedder:
    pytest.fail("the model was loaded for nothing")


# What is read


def test_a_folder_without_questions_has_none(practice: Path) -> None:
    shutil.rmtree(practice / "corpus" / FOLDER)
    assert read_known_questions(practice / "corpus") == ()
    assert ingest(practice).manifest.counts.questions == 0
    assert load(practice).questions == ()
    assert load(practice).question_store.vectors.shape == (0, FakeEmbedder().dimension)


def test_every_file_is_read_by_name_and_every_entry_in_order(practice: Path) -> None:
    write_questions(practice, "arm.TOML", UNKNOWN)
    arm, nek = read_known_questions(practice / "corpus")
    assert (arm.file.path.name, nek.file.path.name) == ("arm.TOML", FILE)
    assert nek.entries == (KnownQuestions(**KNOWN), KnownQuestions(**UNKNOWN))


@pytest.mark.parametrize("name", ["README.md", ".nek.toml", ".DS_Store", "~$nek.toml", "nek.toml~", "Thumbs.db"])
def test_what_nobody_means_to_be_read_is_not_read(practice: Path, name: str) -> None:
    (practice / "corpus" / FOLDER / name).write_bytes(b"\xff")
    (practice / "corpus" / FOLDER / "oud").mkdir()
    assert [each.file.path.name for each in read_known_questions(practice / "corpus")] == [FILE]
    assert is_up_to_date(ingest_settings(practice))


@pytest.mark.parametrize("rewrite", [b"\r\n", b"\r", b"\xef\xbb\xbf"], ids=["CRLF", "CR", "BOM"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(practice: Path, rewrite: bytes) -> None:
    path = practice / "corpus" / FOLDER / FILE
    raw = path.read_bytes()
    path.write_bytes(rewrite + raw if rewrite.startswith(b"\xef") else raw.replace(b"\n", rewrite))
    report = ingest(practice)
    assert (report.embedded, report.wrote_nothing, report.questions_left_out) == (0, False, ())
    assert places(load(practice), "Helpt rust?") == [[REST]]


def test_an_empty_file_has_no_questions(practice: Path) -> None:
    (practice / "corpus" / FOLDER / FILE).write_text("# nog te doen\n")
    assert ingest(practice).manifest.counts.questions == 0


@given(
    words=st.lists(st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=50), min_size=1, max_size=4)
)
def test_any_question_that_is_written_is_read_on_one_line(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    question = " \n ".join(words)
    if not on_one_line(question):
        return
    folder = tmp_path_factory.mktemp("questions")
    (folder / "corpus").mkdir()
    write_questions(folder, FILE, {"answer": [], "asked": [question]})
    (file,) = read_known_questions(folder / "corpus")
    assert file.entries[0].asked == (on_one_line(question),)


@settings(max_examples=200)
@given(raw=st.one_of(st.binary(), st.text().map(lambda text: f"[[question]]\n{text}".encode("utf-8", "replace"))))
def test_a_file_is_read_or_refused_whatever_is_in_it(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("questions")
    (folder / FOLDER).mkdir()
    (folder / FOLDER / FILE).write_bytes(raw)
    try:
        assert len(read_known_questions(folder)) == 1
    except KnownQuestionsError as error:
        assert error.complaints


# What is refused

MISTAKES: dict[str, tuple[dict[str, Any], str, int]] = {
    "no answer": ({"asked": ["Helpt rust?"]}, "'answer' ontbreekt", 1),
    "no questions": ({"answer": [REST]}, "'asked' ontbreekt", 1),
    "an empty list of questions": ({"answer": [REST], "asked": []}, "'asked' klopt niet", 3),
    "an empty question": ({"answer": [REST], "asked": ["Helpt rust?", " \n"]}, "'asked' klopt niet", 3),
    "an invisible question": ({"answer": [REST], "asked": ["\u200b\u00ad"]}, "'asked' klopt niet", 3),
    "an empty answer": ({"answer": [""], "asked": ["Helpt rust?"]}, "'answer' klopt niet", 2),
    "one text for the list": ({"answer": REST, "asked": ["Helpt rust?"]}, "'answer' klopt niet", 2),
    "a number for a question": ({"answer": [], "asked": [7]}, "'asked' klopt niet", 3),
    "a question that is a story": ({"answer": [], "asked": ["waarom " * 60]}, "'asked' klopt niet", 3),
    "a question that ends for the model": ({"answer": [], "asked": ["Helpt\0rust?"]}, "'asked' klopt niet", 3),
    "a typing error": ({"answer": [REST], "asked": ["Helpt rust?"], "antwoord": "ja"}, "'antwoord' is onbekend", 4),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_line_what_is_wrong_and_what_to_do(practice: Path, mistake: str) -> None:
    entry, reason, line = MISTAKES[mistake]
    write_questions(practice, FILE, entry)
    (complaint,) = refusal(practice).complaints
    assert reason in complaint.reason
    assert complaint.line == line
    assert "answer" in complaint.mend or "asked" in complaint.mend


def test_all_mistakes_of_a_file_are_told_at_once_each_with_its_own_line(practice: Path) -> None:
    write_questions(practice, FILE, KNOWN, {"answer": [REST]}, {"asked": []})
    assert [complaint.line for complaint in refusal(practice).complaints] == [5, 8, 9]


def test_of_many_questions_the_line_of_the_wrong_one_is_told(practice: Path) -> None:
    long = "waarom " * 60
    text = f'[[question]]\nanswer = []\nasked = [\n  "Helpt rust?",\n  "{long.strip()}",\n]\n'
    (practice / "corpus" / FOLDER / FILE).write_text(text)
    assert refusal(practice).complaints[0].line == 5


@pytest.mark.parametrize(
    "text",
    [
        'question = [{answer = [], asked = ["Helpt rust?"], bron = ""}]',
        '[[question]]\nanswer = []\nasked = ["""\n[[question]]\n"""]\nbron = ""',
    ],
)
def test_no_line_is_told_where_the_lines_do_not_show_which_question_is_which(practice: Path, text: str) -> None:
    (practice / "corpus" / FOLDER / FILE).write_text(text)
    (complaint,) = refusal(practice).complaints
    assert ("'bron' is onbekend" in complaint.reason, complaint.line) == (True, None)
    (practice / "corpus" / FOLDER / FILE).write_text('question = [{answer = ["Weg."], asked = ["Helpt rust?"]}]')
    assert ingest(practice).questions_left_out[0].startswith(f"{FILE}: ")


def test_thousands_of_mistakes_are_told_in_a_message_that_can_be_read(practice: Path) -> None:
    (practice / "corpus" / FOLDER / FILE).write_text("[[question]]\n" * 20_000)
    error = refusal(practice)
    assert len(error.complaints) == 40_000
    assert str(error).count("\n") < 100 and str(error).endswith("andere.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[question]]\nanswer = geen\n", 2),
        ("[[question]]\nanswer = []\nanswer = []\n", 3),
        ("\n[[question]\n", 2),
        ('[[question]]\nanswer = []\nasked = [\n  "Helpt rust?",\n\n', 4),
        ('[[question]]\nanswer = ["Rust helpt.\n', 2),
        ("[[question]]\nanswer = " + "[" * 5_000 + "\n", None),
        ("[[question]]\nanswer = " + "9" * 5_000 + "\n", None),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(practice: Path, text: str, line: int | None) -> None:
    (practice / "corpus" / FOLDER / FILE).write_text(text)
    (complaint,) = refusal(practice).complaints
    assert (complaint.line, "niet leesbaar" in complaint.reason) == (line, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('# nek\nanswer = ["Rust helpt."]\n', 2),
        ("[question]\nanswer = []\n", 1),
        ("\n[[vraag]]\nanswer = []\n", 2),
        ('[[note]]\nkind = "contested"\n', 1),
        ('question = "Helpt rust?"\n', 1),
    ],
)
def test_a_question_that_does_not_stand_below_its_heading_is_refused(practice: Path, text: str, line: int) -> None:
    (practice / "corpus" / FOLDER / FILE).write_text(text)
    (complaint,) = refusal(practice).complaints
    assert "[[question]]" in complaint.mend
    assert complaint.line == line


def test_questions_in_another_encoding_are_refused_with_the_line(practice: Path) -> None:
    path = practice / "corpus" / FOLDER / FILE
    path.write_bytes("[[question]]\n# één vraag\n".encode("latin-1"))
    assert refusal(practice).complaints[0].line == 2
    path.write_text("[[question]]", "utf-16")
    assert "UTF-8" in refusal(practice).complaints[0].mend


def test_a_file_that_is_too_large_is_refused_before_it_is_read(practice: Path) -> None:
    path = practice / "corpus" / FOLDER / FILE
    path.write_bytes(b"#" * MAX_BYTES)
    assert ingest(practice).manifest.counts.questions == 0
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "groter dan 1 MB" in refusal(practice).complaints[0].reason


@pytest.mark.parametrize("name", ["nek.toml.txt", "nek.docx", "nek", "nek.toml.bak", "nek .toml (1)"])
def test_questions_under_another_name_are_refused_rather_than_lost(practice: Path, name: str) -> None:
    (practice / "corpus" / FOLDER / FILE).rename(practice / "corpus" / FOLDER / name)
    assert ".toml" in refusal(practice, name).complaints[0].mend


def test_a_file_whose_name_is_damaged_is_refused(practice: Path) -> None:
    path = os.fsencode(practice / "corpus" / FOLDER) + b"/n\xebk.toml"
    Path(os.fsdecode(path)).write_text("[[question]]\n")
    assert "bestandsnaam" in refusal(practice, "n?k.toml").complaints[0].reason


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("weg.toml"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe": lambda path: os.mkfifo(path),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_opened_is_refused(practice: Path, what: str) -> None:
    path = practice / "corpus" / FOLDER / FILE
    path.unlink()
    UNREADABLE[what](path)
    assert "kan niet worden geopend" in refusal(practice).complaints[0].reason


def test_a_file_in_the_place_of_the_folder_is_refused(practice: Path) -> None:
    shutil.rmtree(practice / "corpus" / FOLDER)
    (practice / "corpus" / FOLDER).write_text("")
    assert "kan niet worden geopend" in refusal(practice, FOLDER).complaints[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", [FOLDER, f"{FOLDER}/{FILE}"])
def test_what_may_not_be_read_is_refused(practice: Path, name: str) -> None:
    (practice / "corpus" / name).chmod(0)
    assert "kan niet worden geopend" in refusal(practice, name.split("/")[-1]).complaints[0].reason


def test_questions_among_the_articles_are_refused_with_the_folder_they_belong_in(practice: Path) -> None:
    (practice / "corpus" / FOLDER / FILE).rename(practice / "corpus" / FILE)
    (complaint,) = ingest(practice).refused
    assert FILE in complaint and f"'{FOLDER}'" in complaint


# Where the answers stand


def test_a_question_is_known_with_the_sentence_that_answers_it(practice: Path) -> None:
    index = load(practice)
    assert places(index, "Helpt rust?") == places(index, "stilliggen bij nekpijn") == [[REST]]
    assert [question.is_answered for question in index.questions] == [True, True, False]


def test_a_question_without_an_answer_is_known_in_no_passage(practice: Path) -> None:
    assert places(load(practice), "Wat kost een behandeling?") == [[]]
    assert load(practice).passage_of_question.tolist() == [0, 0, UNANSWERED]


def test_several_sentences_of_one_passage_are_one_answer_in_reading_order(practice: Path) -> None:
    assert answers(practice, HEAT, REST, HEAT) == [[REST, HEAT]]


def test_white_space_in_an_answer_makes_no_difference(practice: Path) -> None:
    assert answers(practice, f"  {REST.replace(' ', chr(10))}\t") == [[REST]]


def test_a_list_item_answers_whole_or_by_the_sentence(practice: Path) -> None:
    assert answers(practice, "Wandel elke dag. Begin rustig.") == [["Wandel elke dag.", "Begin rustig."]]
    assert answers(practice, "Begin rustig.", "Slaap genoeg") == [["Begin rustig.", "Slaap genoeg"]]


def test_the_line_or_heading_above_a_list_means_all_of_it(practice: Path) -> None:
    assert answers(practice, "Dit kunt u doen:") == [["Wandel elke dag.", "Begin rustig.", "Slaap genoeg"]]
    assert answers(practice, "Oorzaken") == [["lang zitten", "een verkeerd kussen"]]


def test_an_answer_in_two_passages_is_known_in_both(practice: Path) -> None:
    assert answers(practice, LIMIT) == [[LIMIT], [LIMIT]]
    assert load(practice).passage_of_question.tolist() == [3, 4]


def test_two_sentences_that_stand_together_in_one_of_their_passages_are_known_there(practice: Path) -> None:
    assert answers(practice, MOVE, LIMIT) == [[MOVE, LIMIT]]


def test_an_answer_holds_for_a_passage_that_stands_in_two_articles(practice: Path) -> None:
    write_article(practice, "nek2.md", "Nog eens nekpijn", f"{REST} {HEAT}")
    assert ingest(practice).manifest.counts.merged == 1
    assert places(load(practice), "Helpt rust?") == [[REST]]


def test_a_question_that_is_asked_twice_for_one_answer_is_known_once(practice: Path) -> None:
    write_questions(practice, FILE, KNOWN, {"answer": [REST], "asked": ["Helpt  rust?", "Helpt rust?"]})
    ingest(practice)
    assert [question.text for question in load(practice).questions] == KNOWN["asked"]


def test_sentences_of_two_passages_are_left_out_with_the_reason(practice: Path) -> None:
    line = left_out(practice, REST, MOVE)
    assert line.startswith("nek.toml, regel 6: ") and "niet samen in één stuk tekst" in line


def test_a_sentence_that_is_gone_is_left_out_with_its_line_and_what_it_was_meant_to_be(practice: Path) -> None:
    line = left_out(practice, "Bewegen helpt bijna het meest.")
    assert line.startswith("nek.toml, regel 6: ") and "'Bewegen helpt bijna het meest.'" in line
    assert f"Bedoelt u '{MOVE}'?" in line


def test_of_two_sentences_the_one_that_is_gone_is_named(practice: Path) -> None:
    assert "'Rust roest altijd.'" in left_out(practice, REST, "Rust roest altijd.")


def test_a_sentence_like_nothing_in_the_articles_is_left_out_without_a_guess(practice: Path) -> None:
    assert "Bedoelt u" not in left_out(practice, "Bel 020-1234567!")


@pytest.mark.parametrize("named", ["Tip", "Rugpijn"])
def test_a_title_or_heading_without_a_list_is_no_answer_and_is_called_that(practice: Path, named: str) -> None:
    line = left_out(practice, named)
    assert f"'{named}' is een titel of kop" in line and "Bedoelt u" not in line


def test_an_article_may_change_under_its_questions_and_the_rest_is_known(practice: Path) -> None:
    write_article(practice, "nek.md", "Nekpijn", HEAT)
    report = ingest(practice)
    (line,) = report.questions_left_out
    assert REST in line
    assert report.updated == ("nekpijn",)
    assert [question.text for question in load(practice).questions] == UNKNOWN["asked"]
    assert ingest(practice).questions_left_out == (line,)
    write_article(practice, "nek.md", "Nekpijn", REST)
    assert ingest(practice).questions_left_out == ()
    assert places(load(practice), "Helpt rust?") == [[REST]]


def test_another_article_before_it_moves_the_rows_and_not_the_answers(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    assert ingest(practice).created == ("armpijn",)
    assert places(load(practice), "Helpt rust?") == [[REST]]


@settings(max_examples=20)
@given(data=st.data())
def test_of_the_practices_articles_every_sentence_can_be_an_answer_and_no_altered_one(
    corpus_index: Index, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    wordings = [on_one_line(corpus_index.wording(row)) for row in corpus_index.sentence_rows]
    row = data.draw(st.integers(0, len(wordings) - 1), "row")
    folder = tmp_path_factory.mktemp("questions")
    (folder / "corpus").mkdir()
    altered = f"{wordings[row]} Niet waar."
    asked = [{"answer": [answer], "asked": [answer]} for answer in (wordings[row], altered)]
    write_questions(folder, FILE, *asked)
    files = read_known_questions(folder / "corpus")
    placed = place_questions(files, corpus_index.passages, corpus_index.articles)
    assert (corpus_index.passage_of_sentence[row], (row,)) in [(each.passage, each.sentences) for each in placed.known]
    assert {each.text for each in placed.known} == {wordings[row]}
    assert len(placed.left_out) == 1 and altered in placed.left_out[0]


# In the report


def test_the_report_of_an_ingest_counts_the_questions_and_names_what_is_left_out(
    practice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_questions(practice, FILE, KNOWN, {"answer": ["Weg."], "asked": ["Wat nu?"]})
    for _ in range(2):  # the second time nothing has changed
        print_report(ingest(practice))
        printed = capsys.readouterr().out
        assert "2 vragen" in printed
        assert "Vraag niet gebruikt: nek.toml, regel 6: " in printed


# In the index


def test_questions_that_did_not_change_are_not_embedded_again(practice: Path) -> None:
    assert build_index(ingest_settings(practice), no_model).wrote_nothing
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    embedder = FakeEmbedder()
    ingest(practice, embedder)
    assert embedder.asked == []


def test_only_new_questions_are_embedded_when_questions_change(practice: Path) -> None:
    write_questions(practice, "rug.toml", {"answer": [MOVE], "asked": ["Helpt rust?", "Wat helpt?"]})
    write_questions(practice, FILE, {**KNOWN, "asked": ["Helpt rust?", "Helpt rust echt?"]})
    embedder = FakeEmbedder()
    report = ingest(practice, embedder)
    assert embedder.embedded == embedder.asked == ["Helpt rust echt?", "Wat helpt?"]
    assert (report.embedded, report.unchanged) == (2, ("nekpijn", "rugpijn"))


def test_another_answer_to_the_same_questions_embeds_nothing(practice: Path) -> None:
    write_questions(practice, FILE, {**KNOWN, "answer": [HEAT]}, UNKNOWN)
    assert ingest(practice).embedded == 0
    assert places(load(practice), "Helpt rust?") == [[HEAT]]


class TwoFaces(FakeEmbedder):
    """What asks lies opposite to what tells, as in models that are trained with a prompt for each."""

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        return -super().queries(texts, progress)


def test_a_question_and_a_sentence_in_the_same_words_have_vectors_of_their_own(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", "Wat helpt?")
    write_questions(practice, FILE, {"answer": [REST], "asked": ["Wat helpt?"]})
    for rebuild in (True, False):
        ingest(practice, TwoFaces(), rebuild=rebuild)
        index = load(practice)
        (row,) = (row for row, each in enumerate(index.sentence_rows) if index.wording(each) == "Wat helpt?")
        assert np.allclose(index.question_store.vectors[0], -index.sentence_store.vectors[row])
        write_article(practice, "arm.md", "Armpijn", "Wat helpt? Strekken.")


@pytest.mark.model
def test_the_real_model_takes_known_questions_for_questions_and_not_for_sentences() -> None:
    from ingest.embed import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder()
    texts = [
        f"Helpt {what} tegen rugpijn?" for what in "rust warmte kou slaap zwemmen massage fietsen thee yoga".split()
    ]
    done: list[int] = []
    known = embedder.queries(texts, done.append)
    assert np.allclose(known, [embedder.query(text) for text in texts], atol=1e-5)
    assert np.abs(known - embedder.passages(texts)).max(axis=1).min() > 0.01
    assert sum(done) == len(texts)


def test_a_question_that_is_taken_away_leaves_nothing_behind(practice: Path) -> None:
    write_questions(practice, FILE, UNKNOWN)
    ingest(practice)
    index = load(practice)
    assert len(index.questions) == len(index.question_store) == len(index.question_store.vectors) == 1
    assert index.lexical.stems.relevance("stilliggen").tolist() == [0] * len(index.passages)
    files = [path for path in version_in_use(practice / "index")[0].rglob("*") if path.is_file()]
    assert not [path for path in files if b"stilliggen" in path.read_bytes()]


def test_a_passage_and_a_sentence_are_found_by_the_words_of_their_questions_too(practice: Path) -> None:
    lexical = load(practice).lexical
    assert np.flatnonzero(lexical.stems.relevance("stilliggen")).tolist() == [0]
    for part in (lexical.groups, lexical.sentence_groups):
        first, *others = part.relevance("stilligen")
        assert first > max(others)


def test_words_that_are_only_asked_without_an_answer_find_nothing(practice: Path) -> None:
    lexical = load(practice).lexical
    for part in (lexical.stems, lexical.groups, lexical.sentence_groups):
        assert not part.relevance("kost").any()


def test_the_documents_of_questions_name_the_passage_that_answers_them(practice: Path) -> None:
    index = load(practice)
    found = {
        document.page_content: document.metadata for document in index.question_store.similarity_search("rust", k=9)
    }
    assert found == {
        "Helpt rust?": {"passage": index.passages[0].id},
        "stilliggen bij nekpijn": {"passage": index.passages[0].id},
        "Wat kost een behandeling?": {},
    }


CHANGES: dict[str, Callable[[Path], object]] = {
    "another question": lambda folder: write_questions(folder.parent.parent, FILE, UNKNOWN),
    "a remark": lambda folder: (folder / FILE).write_text((folder / FILE).read_text() + "# nagekeken\n"),
    "another file": lambda folder: (folder / "leeg.toml").write_text(""),
    "another name": lambda folder: (folder / FILE).rename(folder / "hals.toml"),
    "a file less": lambda folder: (folder / FILE).unlink(),
    "no folder": lambda folder: shutil.rmtree(folder),
    "a broken file": lambda folder: (folder / FILE).write_bytes(b"\xff"),
    "a folder for a file": lambda folder: (folder / "map.toml").mkdir(),
    "a file that is not read": lambda folder: (folder / "nek.txt").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_index_is_up_to_date_until_the_questions_change(practice: Path, change: str) -> None:
    assert is_up_to_date(ingest_settings(practice))
    CHANGES[change](practice / "corpus" / FOLDER)
    assert not is_up_to_date(ingest_settings(practice))
