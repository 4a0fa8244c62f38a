"""A file that staff chooses becomes a draft, or a Dutch sentence that says why not; never anything else."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_fakes import Practice
from upload_files import pdf, pdf_of, word

from assistant.staff.library.errors import UploadError
from assistant.staff.library.library import Library
from assistant.staff.library.upload import readable_stem
from ingest.apart import read_apart
from ingest.errors import ArticleError

MARKDOWN = b"---\ntitle: Nekpijn\nreviewed: 2026-03-15\n---\n\nRust *helpt*.\n"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


@pytest.fixture
def library(practice: Practice) -> Library:
    return practice.library()


def chosen(practice: Practice, content: bytes) -> Path:
    """Where the browser's file was put, under a name that says nothing."""
    path = practice.folder / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "title", "body"),
    [
        ("a.md", MARKDOWN, "Nekpijn", "Rust *helpt*."),
        ("a.MD", "\ufeffRust helpt.".encode(), "A", "Rust helpt."),
        ("a.txt", b"Nekpijn\r\n\r\nRust helpt.\r\n\r\n- zit\r\n- lig\r\n", "Nekpijn", "Rust helpt.\n\n- zit\n- lig"),
        (
            "a.html",
            b"<title>x</title><h1>Nekpijn</h1><h2>Nu</h2><p>Rust <b>helpt</b>.",
            "Nekpijn",
            "## Nu\n\nRust helpt.",
        ),
        ("nek-pijn.docx", word("Rust helpt.", "Echt."), "Nek pijn", "Rust helpt.\n\nEcht."),
        ("a.pdf", pdf_of("Nekpijn", "", "", "Rust helpt altijd."), "Nekpijn", "Rust helpt altijd."),
    ],
)
def test_every_kind_of_article_becomes_text_to_edit(
    practice: Practice, library: Library, name: str, content: bytes, title: str, body: str
) -> None:
    draft = library.upload(chosen(practice, content), name)
    assert (draft.title, draft.body, draft.slug, draft.base) == (title, body, "", None)
    assert library.drafts.all() == [draft]


def test_what_stands_at_the_top_of_a_file_is_filled_in(practice: Practice, library: Library) -> None:
    assert library.upload(chosen(practice, MARKDOWN), "a.md").reviewed == "15-3-2026"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.md",
        "..\\..\\CON.md",
        "/etc/passwd.md",
        "a\x00b.md",
        "a\nb.md",
        "x" * 5_000 + ".md",
        "\u202egnp.exe.md",
        "👩‍⚕️.md",
        "half \ud83d.md",
        ".md.md",
        "CON.md",
        "<img src=x onerror=alert(1)>.md",
        "~$nek.md",
    ],
)
def test_the_name_of_a_file_is_a_title_at_most(practice: Practice, library: Library, name: str) -> None:
    before = practice.files()
    draft = library.upload(chosen(practice, b"Rust helpt."), name)
    assert draft.title and len(draft.title) <= 100 and not set(draft.title) & set("/\\<>\x00\n\u202e")
    assert practice.files() == before
    library.publish(draft if draft.title.isascii() else library.save(draft).draft) if _has_letters(
        draft.title
    ) else None
    assert all(path.parent in (practice.corpus, practice.corpus / "questions") for path in practice.corpus.rglob("*.*"))


def _has_letters(title: str) -> bool:
    return any(letter.isascii() and letter.isalnum() for letter in title)


@given(st.text(max_size=300))
def test_no_name_is_a_path(name: str) -> None:
    stem = readable_stem(name)
    assert 0 < len(stem) <= 80 and Path(stem).name == stem and stem not in (".", "..")
    stem.encode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.doc", b"x", ".docx"),
        ("a.exe", b"MZ", ".docx"),
        ("zonder-soort", b"x", ".docx"),
        ("a.toml", b"[[note]]", ".docx"),
        ("a.md", b"", "leeg"),
        ("a.md", b"\xff\xfe\x00", "UTF-8"),
        ("a.md", b"---\ntitle: x\n", "niet afgesloten"),
        ("a.txt", b"a\x00b", "geen tekst"),
        ("a.pdf", b"geen pdf", "geen PDF"),
        ("a.pdf", b"%PDF-1.4\nrommel", "a.pdf"),
        ("a.docx", b"geen word", "beschadigd"),
        ("a.docx", pdf_of("Nek"), "beschadigd"),
        ("a.html", b"<script>alert(1)</script>", "leesbare tekst"),
    ],
)
def test_a_file_that_makes_no_article_is_refused_in_dutch(
    practice: Practice, library: Library, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(UploadError) as error:
        library.upload(chosen(practice, content), name)
    assert says in str(error.value)
    assert library.drafts.all() == []


def test_a_file_of_fifty_megabytes_is_refused_unread(practice: Practice, library: Library) -> None:
    path = chosen(practice, b"")
    with path.open("r+b") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(UploadError, match="groter dan 10 MB"):
        library.upload(path, "groot.md")
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_zip_bomb_is_refused(practice: Practice, library: Library) -> None:
    bomb = word("Rust.", word__media__a=bytes(120_000_000))
    assert len(bomb) < 1_000_000
    with pytest.raises(UploadError, match="uitgepakt groter"):
        library.upload(chosen(practice, bomb), "a.docx")


def test_a_zip_that_lies_of_its_size_is_refused(practice: Practice, library: Library) -> None:
    file = bytearray(word("Rust.", word__big=bytes(110_000_000)))
    for size in (at for at in range(len(file) - 4) if file[at : at + 4] == (110_000_000).to_bytes(4, "little")):
        file[size : size + 4] = (10).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(file))) as archive:
        assert archive.getinfo("word/big").file_size == 10
    draft_or_refusal(library, chosen(practice, bytes(file)), "a.docx")


def draft_or_refusal(library: Library, path: Path, name: str) -> None:
    try:
        assert library.upload(path, name).body == "Rust."
    except UploadError:
        assert library.drafts.all() == []


def test_a_pdf_that_unpacks_to_more_than_the_machine_has_stops_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "bom.pdf"
    path.write_bytes(pdf(b"% " + bytes(400_000_000)))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ArticleError, match="beschadigd|tijd of geheugen"):
        read_apart(path, 10_000_000, max_memory_bytes=400_000_000)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word("Rust."))
    with pytest.raises(ArticleError, match="te veel tijd"):
        read_apart(path, 10_000_000, max_seconds=0.05)
