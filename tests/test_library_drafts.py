"""Drafts: what staff types is kept, whatever happens, and becomes exactly the article that it says."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from library_fakes import Practice

from assistant.staff.library.drafts import Base, Draft
from assistant.staff.library.errors import DraftTooLongError, DraftUnreadableError, NoSuchDraftError
from assistant.staff.library.to_markdown import markdown_of
from assistant.staff.library.writing import draft_of, written
from ingest.errors import ArticleError
from ingest.front_matter import FrontMatter
from ingest.markdown import compose_article
from ingest.read import read_article, read_corpus
from ingest.settings import PROJECT
from ingest.wording import on_one_line

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


def test_a_draft_survives_a_restart_word_for_word(practice: Practice) -> None:
    draft = practice.library().begin("Slapen", ("hoe lig ik goed?",))
    words = Draft(**{**_fields(draft), "body": "Zin.\n\n- a\n", "reviewed": "geen datum", "tag": "“x”"})
    kept = practice.library().save(words).draft
    assert practice.library().drafts.all() == [kept]
    assert (kept.body, kept.reviewed, kept.questions) == ("Zin.\n\n- a\n", "geen datum", ("hoe lig ik goed?",))


def test_a_draft_that_somebody_else_saved_meanwhile_becomes_one_beside_it(practice: Practice) -> None:
    library = practice.library()
    begun = library.begin("Slapen", by="een")
    theirs = library.save(Draft(**{**_fields(begun), "body": "Van twee.", "saved_by": "twee"}))
    mine = library.save(Draft(**{**_fields(begun), "body": "Van een."}))
    assert not theirs.is_copy and mine.is_copy
    assert {each.body for each in library.drafts.all()} == {"Van een.", "Van twee."}


def test_one_browser_that_saves_twice_at_once_has_one_draft(practice: Practice) -> None:
    library = practice.library()
    begun = library.begin("Slapen", by="een")
    for body in ("Een.", "Een twee."):
        assert not library.save(Draft(**{**_fields(begun), "body": body})).is_copy
    assert [each.body for each in library.drafts.all()] == ["Een twee."]


@pytest.mark.parametrize("draft_id", ["../../etc/passwd", "", "A" * 12, "0123456789ab/..", "0123456789ab"])
def test_what_is_no_id_of_a_draft_names_no_file(practice: Practice, draft_id: str) -> None:
    with pytest.raises(NoSuchDraftError):
        practice.library().drafts.get(draft_id)


def test_a_damaged_draft_is_named_and_the_others_are_there(practice: Practice) -> None:
    library = practice.library()
    good, bad = library.begin("Goed"), library.begin("Stuk")
    path = practice.settings.staff_dir / "drafts" / f"{bad.id}.json"
    path.write_text(path.read_text()[:50])
    assert [each.id for each in library.drafts.all()] == [good.id]
    assert library.drafts.damaged() == [path]


def test_a_text_that_ingest_would_refuse_for_its_size_is_not_kept(tmp_path: Path) -> None:
    library = Practice(tmp_path, max_article_bytes=1_000).library()
    with pytest.raises(DraftTooLongError):
        library.save(Draft(title="Lang", body="é" * 500))
    assert library.drafts.all() == []


def test_half_a_character_from_a_browser_does_not_stop_a_save(practice: Practice) -> None:
    assert practice.library().save(Draft(title="a", body="x \ud83d y")).draft.id
    assert practice.library().drafts.all()[0].body == "x ? y"


def test_a_markdown_article_that_is_edited_keeps_every_character_that_was_not(practice: Practice) -> None:
    path = practice.corpus / "arm.md"
    path.write_text('---\ntitle: "Arm?"\nslug: arm\ntag: Arm\n---\n\nEen **vette** [link](https://a.nl).\n\n* los\n')
    article = read_article(path)
    draft = draft_of(article, path.read_bytes(), Base("arm.md", ""))
    raw, again = written(draft, "arm.md")
    assert raw == path.read_bytes()
    assert again == article


@pytest.mark.parametrize("article", read_corpus(PROJECT / "corpus").articles, ids=lambda each: each.source)
def test_every_article_of_the_practice_reads_the_same_from_its_draft(article: object) -> None:
    path = PROJECT / "corpus" / article.source  # type: ignore[attr-defined]
    raw, again = written(draft_of(article, path.read_bytes(), Base(path.name, "")), path.name)  # type: ignore[arg-type]
    assert (again, raw.decode()) == (article, path.read_text("utf-8"))


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "# Kop",
                "- a",
                "  - b",
                "1. een",
                "2) twee",
                "Zin. *schuin*",
                "*bijschrift*",
                "",
                "a_b_c",
                "---",
                "![alt](x.png)",
                "| a | b |",
                "|---|---|",
                "&amp; <b>",
                "10. x",
                "> q",
                "```",
                "    code",
                "#",
            ]
        ),
        max_size=12,
    ).map("\n".join)
)
def test_markdown_of_an_article_is_read_as_the_same_article(body: str) -> None:
    """A Word file that becomes a draft loses no word, heading or list item."""
    about = FrontMatter(title="Titel", slug="titel")
    try:
        article = compose_article(body, Path("a.docx"), about)
    except ArticleError:
        return
    markdown = markdown_of(article)
    again = compose_article(markdown, Path("a.docx"), about)
    assert (again.text, again.blocks) == (article.text, article.blocks)


def test_prose_stays_readable_as_markdown(practice: Practice) -> None:
    path = practice.corpus / "arm.txt"
    path.write_text(
        "De arm\n\nBel ons (020-123 45 67)! Wat nu? 5 x 3 = 15, of a/b.\n\nZo gaat het:\n\n- eerst rust\n- dan werk.\n"
    )
    article = read_article(path)
    assert draft_of(article, path.read_bytes(), None).body == (
        "Bel ons (020-123 45 67)! Wat nu? 5 x 3 = 15, of a/b.\n\nZo gaat het:\n\n- eerst rust\n- dan werk."
    )


@given(title=LINE, tag=LINE, reviewer=LINE)
@example(title="A", tag="\xad", reviewer="\xad")
@example(title="\xad", tag="", reviewer="")
def test_whatever_is_typed_beside_the_text_is_what_the_article_says_or_is_refused(
    title: str, tag: str, reviewer: str
) -> None:
    try:
        _, article = written(Draft(title=title, tag=tag, reviewer=reviewer, body="Een zin."), "a.md")
    except DraftUnreadableError:
        return
    said = (article.title, article.tag, article.reviewer or "")
    assert [each.split() for each in said] == [on_one_line(each).split() for each in (title, tag, reviewer)]


@pytest.mark.parametrize("typed", ["15-3-2026", "15/03/2026", "2026-03-15"])
def test_a_day_may_be_written_as_people_do(typed: str) -> None:
    _, article = written(Draft(title="A", body="Een zin.", reviewed=typed), "a.md")
    assert str(article.reviewed) == "2026-03-15"


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft(body="Zin."), "Titel"),
        (Draft(title="x" * 201, body="Zin."), "titel"),
        (Draft(title="???", body="Zin."), "letters"),
        (Draft(title="A", body="  \n"), "leesbare tekst"),
        (Draft(title="A", body="Zin.", reviewed="31-2-2026"), "Nagekeken op"),
        (Draft(title="A", body="Zin.", url="geen adres"), "Adres op de website"),
        (Draft(title="A", body="\n\nEen.\n\nTwee \x07 drie."), "Regel 5 van de tekst"),
    ],
)
def test_what_makes_no_article_is_said_where_staff_typed_it(draft: Draft, says: str) -> None:
    with pytest.raises(DraftUnreadableError) as error:
        written(draft, "a.md")
    assert says in str(error.value)


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in Draft.__slots__}
