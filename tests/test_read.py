"""Corpus folder → articles and refusals."""

import hashlib
import io
import logging
import os
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from ingest.article import Article
from ingest.errors import ArticleError
from ingest.read import Corpus, read_article, read_corpus, source_hashes

CORPUS = Path(__file__).parent.parent / "corpus"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path, content: str | bytes) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        read_article(write(path, content))
    error = caught.value
    assert error.path == path
    assert str(error).startswith(path.name)
    assert error.mend.endswith(".")
    return error


def outline(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, article.wording(block)) for block in article.blocks]


def refused(corpus: Corpus) -> list[str]:
    return [error.path.name for error in corpus.refused]


# Which files


def test_only_files_directly_in_the_folder_are_articles(tmp_path: Path) -> None:
    (tmp_path / "original").mkdir()
    write(tmp_path / "original" / "bron.txt", "Bron\n\nOude tekst.")
    for name in ("README.md", "readme.txt", ".verborgen.md", "~$nek.docx", ".~lock.nek.docx#", "nek.md~", "Thumbs.db"):
        write(tmp_path / name, "Niet lezen.")
    write(tmp_path / "nek.md", "Beweeg.")
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["nek.md"]
    assert corpus.refused == ()
    assert list(corpus.sources) == ["nek.md"]


def test_articles_and_refusals_come_in_order_of_file_name(tmp_path: Path) -> None:
    for name in ("c.md", "a.txt", "b.html"):
        write(tmp_path / name, f"Titel {name}\n\nBeweeg.")
    for name in ("z.odt", "d.doc"):
        write(tmp_path / name, "x")
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["a.txt", "b.html", "c.md"]
    assert refused(corpus) == ["d.doc", "z.odt"]


def test_a_suffix_in_capitals_is_read(tmp_path: Path) -> None:
    assert read_article(write(tmp_path / "NEK.MD", "Beweeg.")).text == "Beweeg."


@pytest.mark.parametrize("name", ["nek.doc", "nek.odt", "nek.rtf", "foto.jpg", "nek"])
def test_another_kind_of_file_is_refused_with_the_kinds_that_can_be_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "Beweeg.")
    (error,) = read_corpus(tmp_path).refused
    assert error.path.name == name
    assert ".md, .txt, .html, .docx of .pdf" in str(error)


def test_an_absent_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    corpus = read_corpus(tmp_path / "weg")
    assert corpus == Corpus(articles=(), refused=(), sources={})
    assert source_hashes(tmp_path / "weg") == {}


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a.pdf", "geen pdf")
    write(tmp_path / "b.md", "Beweeg.")
    write(tmp_path / "c.txt", b"\xff\xfe")
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["b.md"]
    assert refused(corpus) == ["a.pdf", "c.txt"]


# Hashes


def test_sources_has_the_sha256_of_every_file_also_of_refused_ones(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Beweeg.")
    write(tmp_path / "b.doc", "oud")
    write(tmp_path / "c.md", "")
    expected = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.md", "b.doc", "c.md")}
    assert read_corpus(tmp_path).sources == expected == source_hashes(tmp_path)


def test_hashes_change_when_a_file_is_edited_added_or_removed(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Beweeg.")
    seen = [source_hashes(tmp_path)]
    for change in (
        lambda: write(tmp_path / "a.md", "Beweeg!"),
        lambda: write(tmp_path / "b.md", "Beweeg!"),
        lambda: (tmp_path / "a.md").unlink(),
    ):
        change()
        seen.append(source_hashes(tmp_path))
    assert all(before != after for before, after in zip(seen, seen[1:], strict=False))


def test_a_file_without_readable_bytes_still_has_its_place_in_the_hashes(tmp_path: Path) -> None:
    (tmp_path / "map.md").mkdir()
    (tmp_path / "weg.md").symlink_to(tmp_path / "nergens.md")
    assert source_hashes(tmp_path) == {"map.md": "", "weg.md": ""}


def test_looking_for_changes_and_reading_markdown_load_no_converter(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Beweeg.")
    code = (
        "import sys, pathlib; from ingest.read import read_corpus, source_hashes; "
        "source_hashes(pathlib.Path(sys.argv[1])); read_corpus(pathlib.Path(sys.argv[1])); "
        "sys.exit('markitdown' in sys.modules or 'bs4' in sys.modules)"
    )
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code, tmp_path], cwd=root, check=False).returncode == 0


# Files that are no readable file


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    for name in ("a.md", "b.txt", "c.html", "d.docx", "e.pdf"):
        assert "is leeg" in refusal(tmp_path / name, b" \n").reason


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Beweeg.")
    write(tmp_path / "b.md", "Beweeg!!")
    corpus = read_corpus(tmp_path, max_bytes=7)
    assert [article.source for article in corpus.articles] == ["a.md"]
    assert "groter dan" in corpus.refused[0].reason


def test_a_file_over_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "groot.pdf"
    with path.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(ArticleError, match="groter dan 10 MB"):
        read_article(path)


def test_a_folder_with_the_name_of_an_article_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.md").mkdir()
    assert "dit is een map" in read_corpus(tmp_path).refused[0].reason


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weg.md").symlink_to(tmp_path / "nergens.md")
    assert "is er niet (meer)" in read_corpus(tmp_path).refused[0].reason


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kring.md").symlink_to(tmp_path / "kring.md")
    assert "kan niet worden geopend" in read_corpus(tmp_path).refused[0].reason


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.md")
    assert "geen gewoon bestand" in read_corpus(tmp_path).refused[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "dicht.md", "Beweeg.").chmod(0)
    assert "mag niet worden gelezen" in read_corpus(tmp_path).refused[0].reason


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails on reading")
def test_a_file_that_fails_while_it_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stuk.md").symlink_to("/proc/self/mem")
    corpus = read_corpus(tmp_path)
    assert "kan niet worden geopend" in corpus.refused[0].reason
    assert corpus.sources == {"stuk.md": ""}


def test_a_file_name_that_is_no_text_is_refused_under_a_name_that_can_be_printed(tmp_path: Path) -> None:
    try:
        write(tmp_path / os.fsdecode(b"pati\xebnt.md"), "Beweeg.")
    except OSError:
        pytest.skip("this file system has only names that are text")
    corpus = read_corpus(tmp_path)
    assert refused(corpus) == ["pati?nt.md"] == list(corpus.sources)
    assert str(corpus.refused[0]).encode()


# Two files, one slug


def test_of_two_files_with_one_slug_the_first_is_read_and_the_second_refused_naming_both(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "# Nekpijn\n\nEerste.")
    write(tmp_path / "b.txt", "Nekpijn!\n\nTweede.")
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["a.md"]
    assert refused(corpus) == ["b.txt"]
    assert "a.md" in str(corpus.refused[0]) and "nekpijn" in str(corpus.refused[0])


def test_the_file_that_already_stands_in_the_index_keeps_its_slug(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        write(tmp_path / name, f"# Nekpijn\n\nTekst van {name}.")
    corpus = read_corpus(tmp_path, prefer={"nekpijn": "b.md"})
    assert [article.source for article in corpus.articles] == ["b.md"]
    assert refused(corpus) == ["a.md", "c.md"]
    assert all("als b.md" in error.reason for error in corpus.refused)


def test_an_indexed_file_that_has_become_unreadable_keeps_its_slug(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "# Nekpijn\n\nNieuw.")
    write(tmp_path / "b.md", b"\xff")
    corpus = read_corpus(tmp_path, prefer={"nekpijn": "b.md"})
    assert corpus.articles == ()
    assert refused(corpus) == ["a.md", "b.md"]


@pytest.mark.parametrize("other", [None, "# Rugpijn\n\nTekst."])
def test_a_slug_is_free_when_the_indexed_file_is_gone_or_has_another_slug(tmp_path: Path, other: str | None) -> None:
    write(tmp_path / "a.md", "# Nekpijn\n\nNieuw.")
    if other:
        write(tmp_path / "b.md", other)
    assert read_corpus(tmp_path, prefer={"nekpijn": "b.md"}).articles[0].source == "a.md"


# Encoding


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_text_that_is_not_utf8_is_refused_with_the_line_of_the_first_wrong_byte(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path / name, b"\xef\xbb\xbfNekpijn\r\n\r\nBeweeg.\n" + "patiënt".encode("cp1252"))
    assert error.line == 4
    assert "sla het bestand op als UTF-8" in error.mend


def test_utf16_as_notepad_writes_it_is_refused(tmp_path: Path) -> None:
    assert "UTF-8" in refusal(tmp_path / "a.txt", "Nekpijn".encode("utf-16")).mend


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x93", "\ufffd"])
def test_a_character_that_is_no_text_is_refused_with_its_line(tmp_path: Path, name: str, character: str) -> None:
    error = refusal(tmp_path / name, f"Nekpijn\r\n\r\nBe{character}weeg.")
    assert error.line == 3


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_byte_order_mark_and_windows_line_ends_leave_no_trace(tmp_path: Path, name: str) -> None:
    article = read_article(write(tmp_path / name, "\ufeff---\r\ntitle: Nek\r\n---\r\nBeweeg,\r\nrust.\r\n\r\nEn lach."))
    assert (article.title, article.text) == ("Nek", "Beweeg, rust.\n\nEn lach.")


# Plain text


def txt(tmp_path: Path, text: str) -> Article:
    return read_article(write(tmp_path / "pijn-in-de-nek.txt", text))


def test_the_first_line_of_a_text_file_is_its_title(tmp_path: Path) -> None:
    article = txt(
        tmp_path, "\n\nSchouderpijn? Wees er meteen vanaf!\nTekst, direct eronder en een stuk langer dan dat."
    )
    assert article.title == "Schouderpijn? Wees er meteen vanaf!"
    assert article.text == "Tekst, direct eronder en een stuk langer dan dat."


def test_a_text_file_may_start_with_front_matter(tmp_path: Path) -> None:
    article = txt(tmp_path, "---\ntitle: Nek\ntag: Nekpijn\n---\nEerste zin.\n\nKop\n\nTweede zin.")
    assert (article.title, article.tag) == ("Nek", "Nekpijn")
    assert outline(article) == [("paragraph", "Eerste zin."), ("heading", "Kop"), ("paragraph", "Tweede zin.")]


def test_a_tag_line_above_the_title_as_in_the_original_is_the_tag(tmp_path: Path) -> None:
    article = txt(tmp_path, "Tag : Rugpijn\n\nNekpijn\n\nTekst.")
    assert (article.tag, article.title, article.text) == ("Rugpijn", "Nekpijn", "Tekst.")


def test_a_first_line_that_is_a_sentence_is_title_and_text(tmp_path: Path) -> None:
    article = txt(tmp_path, "Nekpijn is vervelend.\n\nBeweeg.")
    assert (article.title, article.text) == ("Nekpijn is vervelend.", "Nekpijn is vervelend.\n\nBeweeg.")


@pytest.mark.parametrize("text", ["- rust\n- warmte", "Pijn in de nek is een veel\nvoorkomende klacht.", "lang " * 50])
def test_a_first_line_that_cannot_be_a_title_stays_text(tmp_path: Path, text: str) -> None:
    article = txt(tmp_path, text)
    assert article.title == "Pijn in de nek"
    assert article.text.replace("• ", "").split() == text.replace("- ", "").split()


def test_a_text_file_with_only_a_title_is_refused(tmp_path: Path) -> None:
    assert "geen leesbare tekst" in refusal(tmp_path / "a.txt", "Nekpijn\n").reason


@pytest.mark.parametrize("bullet", ["•", "*", "-", "–", "  •", "\t-"])
def test_bullets_become_list_items(tmp_path: Path, bullet: str) -> None:
    article = txt(tmp_path, f"Nek\n\nLet op:\n{bullet} rust\n{bullet} warmte,\n   en thee\nVerder niets.")
    assert outline(article) == [
        ("paragraph", "Let op:"),
        ("item", "rust"),
        ("item", "warmte, en thee"),
        ("paragraph", "Verder niets."),
    ]


def test_a_dash_at_the_start_of_a_wrapped_line_is_no_bullet(tmp_path: Path) -> None:
    wrapped = "Oefeningen die u iedere dag doet helpen goed, samen met voldoende\n– en echte – rust."
    assert outline(txt(tmp_path, f"Nek\n\n{wrapped}")) == [("paragraph", wrapped.replace("\n", " "))]


def test_numbered_lines_become_numbered_items(tmp_path: Path) -> None:
    article = txt(tmp_path, "Nek\n\nOefening\n\n1. Ga zitten\n2. Sta op\n\nKlaar nu.")
    assert article.text == "Oefening\n\n1. Ga zitten\n2. Sta op\n\nKlaar nu."
    assert outline(article)[0] == ("heading", "Oefening")


def test_a_numbered_heading_keeps_its_number(tmp_path: Path) -> None:
    article = txt(tmp_path, "Nek\n\n1. Oorzaken\n\nEr zijn er veel.\n\n2. Gevolgen\n\nDie ook.")
    assert [words for kind, words in outline(article) if kind == "heading"] == ["1. Oorzaken", "2. Gevolgen"]


@pytest.mark.parametrize(
    "line", ["Beknelling", "Wat kunt u doen?", "een twee drie vier vijf zes zeven acht negen tien elf twaalf"]
)
def test_a_short_line_between_empty_lines_with_text_below_is_a_heading(tmp_path: Path, line: str) -> None:
    assert outline(txt(tmp_path, f"Nek\n\nInleiding.\n\n{line}  \n\nTekst hier."))[1] == ("heading", line)


@pytest.mark.parametrize(
    "line",
    [
        *("Dus let op:", "Beweeg.", "Let op!", "Tot slot…", "Rust;", "Ten eerste,"),
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien",
        "twee\nregels",
        "12-34",
    ],
)
def test_a_line_that_closes_or_is_long_is_no_heading(tmp_path: Path, line: str) -> None:
    article = txt(tmp_path, f"Nek\n\nInleiding.\n\n{line}\n\nTekst hier.")
    assert "heading" not in [kind for kind, _ in outline(article)]


@pytest.mark.parametrize(
    "text", ["Inleiding.\n\nSlotregel", "Inleiding.\n\nKop\nTekst hier.", "Inleiding.\nKop\n\nTekst."]
)
def test_a_short_line_without_text_below_or_empty_lines_around_is_no_heading(tmp_path: Path, text: str) -> None:
    assert "heading" not in [kind for kind, _ in outline(txt(tmp_path, f"Nek\n\n{text}"))]


def test_characters_that_mean_something_in_markdown_survive_in_a_text_file(tmp_path: Path) -> None:
    prose = (
        r"# VAS < 3 & *pijn* _x_ __y__ `z` [a](b) ![c](d) ~~e~~ &amp; &copy; <b>f</b> | g | \ 50% > 2 + 2 = 4 ^ {h} $i"
    )
    assert txt(tmp_path, f"Nek\n\n{prose}.").text == f"{prose}."


@pytest.mark.parametrize(
    "prose", ["> citaat,", "+ plus,", "    ingesprongen,", "#hek,", "1) x,\n\nen,", "| a | b |,", "```code,"]
)
def test_a_line_of_a_text_file_that_begins_like_markdown_survives(tmp_path: Path, prose: str) -> None:
    assert txt(tmp_path, f"Nek\n\n{prose}").text.split() == prose.split()


def test_lines_of_one_paragraph_are_joined_and_a_line_that_ends_early_ends_the_paragraph(tmp_path: Path) -> None:
    article = txt(
        tmp_path,
        "Nek\n\nPijn in de nek is een veel voorkomende klacht die door\nNederlandse artsen goed bekend is.\n"
        "Wees dus voorzichtig, ook als u ze zonder recept koopt.",
    )
    assert [words.split()[0] for _, words in outline(article)] == ["Pijn", "Wees"]


def test_lines_of_only_dashes_or_stars_separate_paragraphs(tmp_path: Path) -> None:
    assert outline(txt(tmp_path, "Nek\n====\nEen zin.\n-----\nTwee zinnen.\n* * *\nDrie.")) == [
        ("paragraph", "Een zin."),
        ("paragraph", "Twee zinnen."),
        ("paragraph", "Drie."),
    ]


def test_the_articles_in_the_original_text_file_get_the_headings_that_were_set_by_hand(tmp_path: Path) -> None:
    original = (CORPUS / "original" / "rugpijn.txt").read_text(encoding="utf-8-sig")
    articles = read_corpus(CORPUS).articles
    starts = [original.index(f"\n{article.title}") + 1 for article in articles]
    for article, start, end in zip(articles, starts, [*starts[1:], len(original)], strict=True):
        as_txt = txt(tmp_path, original[start:end])
        by_hand = [words for kind, words in outline(article) if kind == "heading" and not words.endswith(":")]
        assert as_txt.title == article.title
        assert [words for kind, words in outline(as_txt) if kind == "heading" and words != "rugpijn"] == by_hand
        assert [words for kind, words in outline(as_txt) if kind == "item"] == [
            words for kind, words in outline(article) if kind == "item"
        ]


# HTML


def page(tmp_path: Path, html: str | bytes, name: str = "pijn-in-de-nek.html") -> Article:
    return read_article(write(tmp_path / name, html))


def test_an_html_page_keeps_its_structure_and_loses_what_surrounds_it(tmp_path: Path) -> None:
    article = page(
        tmp_path,
        "<html><head><title>Praktijk</title><style>p{}</style></head><body><nav>Menu <form>Zoek</form></nav>"
        "<header>Logo</header><main><h1>Nekpijn</h1><p>Beweeg <b>rustig</b>.</p><h2>Oefeningen</h2>"
        "<ul><li>draai<ul><li>links</li></ul></li><li>strek</li></ul><p hidden>geheim</p>"
        "<figure><img src=a.png><figcaption>Oefening <i>1</i></figcaption></figure>"
        "<script>alert(1)</script></main><footer>Contact</footer></body></html>",
    )
    assert article.title == "Nekpijn"
    assert article.text == "Beweeg rustig.\n\nOefeningen\n\n• draai\n  • links\n• strek\n\nOefening 1"
    assert outline(article)[-1] == ("caption", "Oefening 1")


def test_without_a_heading_the_title_of_the_page_and_else_the_file_name_is_the_title(tmp_path: Path) -> None:
    assert page(tmp_path, "<title> Nek &amp;\n rug </title><p>Beweeg.").title == "Nek & rug"
    assert page(tmp_path, "<p>Beweeg.", "nek.htm").title == "Nek"


def test_html_prose_that_looks_like_markdown_or_front_matter_survives(tmp_path: Path) -> None:
    prose = "VAS < 3 en > 5, # *ster* _x_ [a](b) & \\ | `q` <br> 1. x ~~y~~"
    escaped = prose.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert page(tmp_path, f"<p>{escaped}</p><p>1. begin</p><p>- streep</p>").text == f"{prose}\n\n1. begin\n\n- streep"
    assert page(tmp_path, "<hr><p>title: x</p><hr><p>Beweeg.</p>").text == "title: x\n\nBeweeg."


def test_an_html_page_may_declare_another_encoding(tmp_path: Path) -> None:
    html = '<meta charset="{}"><p>De patiënt zei “au”.</p>'
    assert page(tmp_path, html.format("windows-1252").encode("cp1252")).text == "De patiënt zei “au”."
    assert page(tmp_path, html.format("iso-8859-1").encode("cp1252")).text == "De patiënt zei “au”."


@pytest.mark.parametrize("charset", ["", "<meta charset=onzin>", "<meta charset=utf-8>", "<meta charset=base64>"])
def test_an_html_page_in_an_unknown_encoding_is_refused(tmp_path: Path, charset: str) -> None:
    assert "UTF-8" in refusal(tmp_path / "a.html", charset.encode() + b"<p>pati\xebnt</p>").mend


def test_html_nested_too_deep_is_refused(tmp_path: Path) -> None:
    assert "niet te lezen" in refusal(tmp_path / "a.html", "<div>" * 5000 + "Beweeg.").reason


def test_html_without_words_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.html", "<html><body><img src=a.png></body></html>")


# Word

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def paragraph(words: str, style: str = "", list_id: int = 0, level: int = 0, look: str = "") -> str:
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_id:
        about += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def relations(**parts: str) -> str:
    kinds = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>' for kind, target in parts.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{kinds}</Relationships>'


def word_parts(body: str, title: str = "") -> dict[str, str]:
    """The styles have the names that a Dutch Word gives them: heading 1 has the id Kop1."""
    names = {"Titel": "Title", "Kop1": "heading 1", "Kop2": "heading 2", "Bijschrift": "caption"}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
        for style, name in names.items()
    )
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>' for level in range(2))
        + "</w:abstractNum>"
        for number, kind in enumerate(("bullet", "decimal"))
    )
    lists = "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(2))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": relations(styles="styles.xml", numbering="numbering.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}">{levels}{lists}</w:numbering>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    if title:
        core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c>'
        parts["docProps/core.xml"] = core
    return parts


def zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(tmp_path: Path, body: str, title: str = "") -> Article:
    return read_article(write(tmp_path / "pijn-in-de-nek.docx", zipped(word_parts(body, title))))


def test_a_dutch_word_document_keeps_headings_lists_tables_and_captions(tmp_path: Path) -> None:
    article = docx(
        tmp_path,
        paragraph("Nekpijn", "Kop1")
        + paragraph("Beweeg rustig.")
        + paragraph("Oefeningen", "Kop2")
        + paragraph("draai", list_id=1)
        + paragraph("links", list_id=1, level=1)
        + paragraph("ga zitten", list_id=2)
        + paragraph("Figuur 1", "Bijschrift")
        + f"<w:tbl>{row('Klacht', 'Duur')}{row('nek', '2 weken')}</w:tbl>",
    )
    assert (article.title, article.source) == ("Nekpijn", "pijn-in-de-nek.docx")
    assert outline(article) == [
        ("paragraph", "Beweeg rustig."),
        ("heading", "Oefeningen"),
        ("item", "draai"),
        ("item", "links"),
        ("item", "ga zitten"),
        ("caption", "Figuur 1"),
        ("item", "Klacht | Duur"),
        ("item", "nek | 2 weken"),
    ]


def test_a_word_document_is_titled_by_its_title_style_else_its_property_else_its_name(tmp_path: Path) -> None:
    text = paragraph("Beweeg.")
    assert docx(tmp_path, paragraph("Nek", "Titel") + text, "Eigenschap").title == "Nek"
    assert docx(tmp_path, text, "Nek &amp; rug").title == "Nek & rug"
    assert docx(tmp_path, text).title == "Pijn in de nek"


def test_word_prose_that_looks_like_markdown_survives(tmp_path: Path) -> None:
    prose = "# VAS &lt; 3 *ster* _x_ [a](b) &amp;amp; `q` | ~~y~~"
    article = docx(tmp_path, paragraph(prose) + paragraph("1. begin") + paragraph("---"))
    assert article.text.startswith("# VAS < 3 *ster* _x_ [a](b) &amp; `q` | ~~y~~\n\n1. begin")


def test_text_struck_out_in_word_is_left_out(tmp_path: Path) -> None:
    assert docx(tmp_path, paragraph("Rust.") + paragraph("Zes weken.", look="<w:strike/>")).text == "Rust."


@pytest.mark.parametrize(
    "content",
    [
        b"rommel",
        b"PK\x03\x04rommel",
        zipped({"x": "y"}),
        zipped(word_parts("<w:p>")),
        zipped(word_parts("Beweeg."))[:-40],
    ],
)
def test_a_damaged_word_document_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "beschadigd" in refusal(tmp_path / "a.docx", content).reason


def test_an_old_or_locked_word_document_is_refused_with_what_to_do(tmp_path: Path) -> None:
    error = refusal(tmp_path / "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "wachtwoord" in error.reason and ".docx" in error.mend


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    parts = word_parts(paragraph("Beweeg.")) | {"word/media/image1.bmp": "0" * 101_000_000}
    content = zipped(parts)
    assert len(content) < 1_000_000
    assert "uitgepakt groter dan 100 MB" in refusal(tmp_path / "a.docx", content).reason


def test_an_xml_bomb_is_refused(tmp_path: Path) -> None:
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    parts = word_parts(paragraph("&e9;"))
    parts["word/document.xml"] = f"<!DOCTYPE d [{entities}]>{parts['word/document.xml']}"
    assert refusal(tmp_path / "a.docx", zipped(parts))


# PDF


def pdf_bytes(*lines: str) -> bytes:
    """One page; an empty line leaves white space."""
    shown = " ".join(f"({line}) Tj T*" if line else "T*" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    file = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    return file + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )


ARTICLE_PDF = pdf_bytes(
    *("Nekpijn", "", "", "Pijn in de nek komt veel voor bij pati\u00ebnten die", "lang zitten.", "", ""),
    *("Wat te doen?", "", "", "\u2022 bewegen", "\u2022 rusten"),
)


def rewritten(content: bytes, password: str | None = None) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(content))
    if password is not None:
        writer.encrypt(password, "eigenaar", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_pdf_is_read_with_its_title_headings_and_lists(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a.pdf", ARTICLE_PDF))
    assert article.title == "Nekpijn"
    assert outline(article) == [
        ("paragraph", "Pijn in de nek komt veel voor bij patiënten die lang zitten."),
        ("heading", "Wat te doen?"),
        ("item", "bewegen"),
        ("item", "rusten"),
    ]


def test_a_pdf_without_headings_is_titled_by_its_name(tmp_path: Path) -> None:
    content = pdf_bytes("Pijn in de nek komt veel voor.", "", "", "Beweeg dus.")
    assert read_article(write(tmp_path / "pijn-in-de-nek.pdf", content)).title == "Pijn in de nek"


def test_pdf_prose_that_looks_like_markdown_survives(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "a.pdf", pdf_bytes("# VAS < 3 *ster* _x_ [a] & `q`, dus rust.")))
    assert article.text == "# VAS < 3 *ster* _x_ [a] & `q`, dus rust."


def test_a_pdf_with_a_password_is_refused_and_says_so(tmp_path: Path) -> None:
    assert "wachtwoord" in refusal(tmp_path / "a.pdf", rewritten(ARTICLE_PDF, "geheim")).reason


def test_a_pdf_that_anyone_may_open_but_not_change_is_read(tmp_path: Path) -> None:
    assert read_article(write(tmp_path / "a.pdf", rewritten(ARTICLE_PDF, ""))).title == "Nekpijn"


def test_a_scanned_pdf_without_text_is_refused_as_a_scan(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(612, 792)
    file = io.BytesIO()
    writer.write(file)
    assert "scan" in refusal(tmp_path / "a.pdf", file.getvalue()).reason


@pytest.mark.parametrize("content", [b"Beweeg.", b"<html>Beweeg.</html>", b"PK\x03\x04"])
def test_a_pdf_that_is_no_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "geen PDF" in refusal(tmp_path / "a.pdf", content).reason


def test_a_damaged_pdf_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for content in (b"%PDF-1.7 rommel", b"%PDF-1.4\n" + bytes(range(256)) * 20):
            assert refusal(tmp_path / "a.pdf", content)
    assert caplog.text == ""


# What holds for every file

ANY_TEXT = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                "Nekpijn",
                "\n",
                "\n\n",
                "• a",
                "- ",
                "1. b\n",
                "---\n",
                "title: x\n",
                "Tag : y\n",
                "Zin, ja.",
                "#",
                "*",
                "  ",
                "?",
            ]
            + [
                "\u00ad",
                "\u2028",
                "\r\n",
                "<p>",
                "</p>",
                "<h1>",
                "<nav>",
                "<figcaption>",
                "&#0;",
                "&shy;",
                "“",
                "…",
                "\ufeff",
            ]
        ),
        max_size=20,
    ).map(lambda parts: "".join(parts).encode()),
)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.docx", "a.pdf"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=ANY_TEXT)
def test_any_file_gives_an_article_with_ordered_blocks_or_an_article_error(
    tmp_path: Path, name: str, content: bytes
) -> None:
    try:
        article = read_article(write(tmp_path / name, content))
    except ArticleError as error:
        assert error.path.name == name
        return
    end = 0
    for block in article.blocks:
        assert end <= block.start < block.end <= len(article.text)
        end = block.end
    assert article.title and article.slug and article.text


PROSE = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"], exclude_characters="\ufffd"
    ),
    min_size=1,
    max_size=80,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(prose=PROSE)
def test_any_prose_in_a_text_file_survives_letter_for_letter(tmp_path: Path, prose: str) -> None:
    sentence = f"Dus {prose} en verder niets."
    article = txt(tmp_path, f"Nek\n\n{sentence}")
    assert article.text.split() == unicodedata.normalize("NFC", sentence).split()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=20),
    cut=st.integers(0, 3000),
)
@pytest.mark.parametrize("name", ["a.docx", "a.pdf"])
def test_a_document_with_damaged_bytes_gives_an_article_or_an_article_error(
    tmp_path: Path, name: str, flips: list[tuple[int, int]], cut: int
) -> None:
    sound = ARTICLE_PDF if name == "a.pdf" else zipped(word_parts(paragraph("Nek", "Kop1") + paragraph("Beweeg.")))
    damaged = bytearray(sound[: len(sound) - cut % 50])
    for position, value in flips:
        damaged[position % len(damaged)] = value
    try:
        assert read_article(write(tmp_path / name, bytes(damaged))).text
    except ArticleError as error:
        assert error.path.name == name
