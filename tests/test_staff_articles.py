"""The tab Artikelen: whatever happens is said in it, in Dutch, and what anybody wrote is shown as text."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from fakes import write_article
from upload_files import word

from assistant.answer import AnswerKind
from assistant.staff import texts
from assistant.staff.checks import Expectation
from assistant.staff.desk import Desk
from assistant.staff.library.drafts import Draft
from assistant.staff.library.editions import Cause, Edition
from assistant.staff.library.journal import Change, Intent, Journal
from assistant.staff.library.publishing import Publication
from assistant.staff.tabs.article_look import Look
from assistant.staff.tabs.articles import ArticlesTab

pytest_plugins = ("staff_fixtures",)

HIGH = "door-wat-wordt-hoge-rugpijn-veroorzaakt"
ATTACK = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **vet**"
ME: Any = SimpleNamespace(session_hash="ik")


@pytest.fixture
def tab(desk: Desk) -> ArticlesTab:
    with gr.Blocks():
        return ArticlesTab(desk)


def after(updates: Iterable[dict[Any, Any]]) -> dict[Any, Any]:
    """What the page shows when an event is done."""
    shown: dict[Any, Any] = {}
    for each in updates:
        shown |= each
    return shown


def is_open(shown: dict[Any, Any], view: Any) -> bool:
    return bool(shown[view]["visible"])


def words(title: str, body: str) -> tuple[str, ...]:
    return title, body, "", "", "", "", ""


def write(tab: ArticlesTab, title: str, body: str) -> dict[Any, Any]:
    draft = tab.on_new(ME)[tab.draft]
    return after(tab.on_look(draft, ME, *words(title, body)))


def test_an_article_is_written_looked_at_and_published(tab: ArticlesTab, desk: Desk) -> None:
    looked = write(tab, "Slapen", "Slaap goed op uw zij.")
    assert is_open(looked, tab._looking) and looked[tab._pane.publish]["visible"]
    assert "slapen" not in desk.assistant.index.articles
    done = after(tab.on_publish(looked[tab.look]))
    assert is_open(done, tab._list) and "Slapen" in done[tab._table]
    assert done[tab.said].startswith("Gepubliceerd")
    assert "slapen" in desk.assistant.index.articles


def test_the_look_says_which_test_questions_would_be_answered_differently(tab: ArticlesTab, desk: Desk) -> None:
    question = "Hoe slaap ik goed op mijn zij?"
    desk.checks.add(question, (), Expectation.of(desk.assistant.reply(question), desk.assistant.index))
    looked = write(tab, "Slapen", "Hoe slaap ik goed op mijn zij? Slaap goed op uw zij.")
    assert question.rstrip("?") in looked[tab._pane._checks]


def test_a_look_without_any_change_in_the_test_questions_says_so(tab: ArticlesTab, desk: Desk) -> None:
    desk.checks.add("Wat kost het?", (), Expectation(kind=AnswerKind.NOT_FOUND))
    looked = write(tab, "Fietsen", "Het zadel van een fiets kan hoger.")
    assert "Alle 1 testvragen" in looked[tab._pane._checks] or "Wat kost het" in looked[tab._pane._checks]


def test_a_note_waits_for_a_decision_before_anything_can_be_published(tab: ArticlesTab, desk: Desk) -> None:
    draft = tab.on_edit("schouderpijn-wees-er-meteen-vanaf", ME)[tab.draft]
    body = draft.body.replace("Wilt u dat uw slaap niet meer verstoord wordt?", "Slaapt u slecht?")
    assert body != draft.body
    looked = after(tab.on_look(draft, ME, *words(draft.title, body)))
    assert not looked[tab._pane.publish]["visible"] and looked[tab._pane._deciding]["visible"]
    (lost,) = looked[tab.look].lost
    decided = after(tab.on_again(looked[tab.look], [], [lost.sentence]))
    assert decided[tab._pane.publish]["visible"]
    assert after(tab.on_publish(decided[tab.look]))[tab.said].startswith("Gepubliceerd")


def test_a_note_cannot_both_move_and_lapse(tab: ArticlesTab) -> None:
    shown = after(tab.on_again(Look("x"), ["Zin."], ["Zin."]))
    assert "Zin" in shown[tab.said] and tab.look not in shown


def test_who_was_overtaken_sees_the_article_as_it_is_and_can_go_on(tab: ArticlesTab, desk: Desk) -> None:
    draft = tab.on_edit(HIGH, ME)[tab.draft]
    path = desk.settings.corpus_dir / draft.base.source
    path.write_text(path.read_text("utf-8") + "\nEn dit schreef een collega.\n", "utf-8")
    looked = after(tab.on_look(draft, ME, *words(draft.title, draft.body + "\n\nEn dit schreef ik.")))
    assert "intussen veranderd" in looked[tab.said] and "collega" in looked[tab._pane._preview]
    assert not looked[tab._pane.publish]["visible"] and looked[tab._pane.settle]["visible"]
    settled = after(tab.on_settle(looked[tab.look]))
    assert settled[tab._pane.publish]["visible"]
    after(tab.on_publish(settled[tab.look]))
    assert "En dit schreef ik." in path.read_text("utf-8")


def test_an_article_is_removed_and_put_back(tab: ArticlesTab, desk: Desk) -> None:
    looked = after(tab.on_remove(HIGH))
    assert looked[tab._pane.publish]["value"] == texts.PUBLISH_REMOVAL
    after(tab.on_publish(looked[tab.look]))
    assert HIGH not in desk.assistant.index.articles
    before = desk.library.editions()[1].number
    back = after(tab.on_publish(after(tab.on_go_back(before))[tab.look]))
    assert HIGH in desk.assistant.index.articles and back[tab._go_back]["interactive"]


def test_what_was_changed_by_hand_is_told_and_can_be_published(tab: ArticlesTab, desk: Desk) -> None:
    (desk.settings.corpus_dir / "hand.md").write_text("# Met de hand\n\nDoor een mens geschreven.\n")
    listed = tab.on_open()
    assert "hand\\.md" in listed[tab._warnings] and listed[tab._hand]["visible"]
    after(tab.on_publish(after(tab.on_hand())[tab.look]))
    assert "met-de-hand" in desk.assistant.index.articles
    assert not tab.on_open()[tab._hand]["visible"]


def test_an_uploaded_word_file_is_open_to_edit(tab: ArticlesTab, tmp_path: Path) -> None:
    path = tmp_path / "nekpijn.docx"
    path.write_bytes(word("Rust helpt."))
    shown = after(tab.on_upload(str(path), ME))
    assert is_open(shown, tab._writing) and shown[tab.draft].body == "Rust helpt."


def test_an_upload_that_is_no_article_leaves_the_list_open(tab: ArticlesTab, tmp_path: Path) -> None:
    path = tmp_path / f"{'x' * 50}<b>.pdf"
    path.write_bytes(b"geen pdf")
    shown = after(tab.on_upload(str(path), ME))
    assert "geen PDF" in shown[tab.said] and "<b>" not in shown[tab.said] and tab._writing not in shown


def test_another_tab_begins_an_article_and_hears_of_its_publication(tab: ArticlesTab, desk: Desk) -> None:
    heard: list[Publication] = []
    tab.after_publishing(lambda publication: heard.append(publication) or "Ook gezien.")  # type: ignore[func-returns-value]
    started = tab.start("Slapen", ("hoe lig ik?", ATTACK))
    assert is_open(started, tab._writing) and set(started) <= set(tab.everything)
    assert "hoe lig ik" in started[tab._form._questions]
    draft = replace(started[tab.draft], body="Slaap op uw zij.")
    done = after(tab.on_publish(after(tab._look_at(Look(desk.library.save(draft).draft)))[tab.look]))
    assert heard[0].edition.questions == ("hoe lig ik?", ATTACK) and "Ook gezien." in done[tab.said]


def test_a_tab_that_fails_after_a_publication_does_not_undo_it(tab: ArticlesTab, desk: Desk) -> None:
    def fail(_: Publication) -> str:
        raise RuntimeError("kapot")

    tab.after_publishing(fail)
    done = after(tab.on_publish(write(tab, "Slapen", "Slaap op uw zij.")[tab.look]))
    assert done[tab.said].startswith("Gepubliceerd") and "kapot" not in done[tab.said]
    assert "slapen" in desk.assistant.index.articles


def test_what_was_typed_is_kept_when_a_box_is_left_but_not_after_it_was_thrown_away(
    tab: ArticlesTab, desk: Desk
) -> None:
    draft = tab.on_new(ME)[tab.draft]
    tab.on_blur(draft, ME, *words("Half", "een zin"))
    assert [each.title for each in desk.library.drafts.all()] == ["Half"]
    tab.on_discard(draft)
    tab.on_blur(draft, ME, *words("Half", "een zin"))
    assert desk.library.drafts.all() == []


@pytest.mark.parametrize("value", [None, "", "../../etc/passwd", "0123456789ab"])
def test_what_is_not_in_a_list_is_said(tab: ArticlesTab, value: Any) -> None:
    for shown in (
        tab.on_read(value),
        tab.on_edit(value, ME),
        tab.on_resume(value),
        after(tab.on_remove(value)),
    ):
        assert shown[tab.said] and "Traceback" not in shown[tab.said]
    assert after(tab.on_go_back(None))[tab.said] and after(tab.on_go_back(99))[tab.said]


def test_whatever_is_written_is_shown_as_text(tab: ArticlesTab, desk: Desk) -> None:
    write_article(desk.settings.corpus_dir.parent, "x.md", f"'Titel {ATTACK}'", f"Zin. {ATTACK}")
    after(tab.on_publish(after(tab.on_hand())[tab.look]))
    (slug,) = (slug for slug, article in desk.assistant.index.articles.items() if article.source == "x.md")
    desk.library.save(Draft(title=ATTACK, questions=(ATTACK,)))
    shown = [tab.on_open(), tab.on_read(slug), after(tab.on_remove(slug)), tab.on_edit(slug, ME)]
    markdown = [value for each in shown for component, value in each.items() if isinstance(component, gr.Markdown)]
    assert any("onerror" in each for each in markdown)
    for each in markdown:
        assert "<img" not in each.replace("\\<", "") and "](javascript" not in each and "**vet**" not in each


def test_a_publication_that_was_broken_off_is_told_when_the_console_starts(desk: Desk) -> None:
    desk.settings.staff_dir.mkdir(parents=True, exist_ok=True)
    edition = Edition(number=1, at=0, cause=Cause.REMOVED, files={})
    intent = Intent(edition=edition, changes={"nek.md": Change(before="", after="a")})
    Journal(desk.settings.staff_dir / "publication.json").write(intent)
    with gr.Blocks():
        tab = ArticlesTab(desk)
    assert "werd afgebroken" in tab.on_open()[tab._warnings]
