"""The tab Artikelen in a browser: written, published and taken back by somebody with a keyboard alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from test_browser_axe import RULES, SETTLED

from assistant.staff.desk import Desk

pytestmark = pytest.mark.browser
pytest_plugins = ("browser_fixtures", "staff_fixtures")

WIDTHS = (768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ATTACK = "<img src=x onerror=\"document.title='mis'\"><script>document.title='mis'</script> [x](javascript:alert(1))"


@pytest.fixture
def page(browser: Browser, console_url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.goto(console_url)
    page.get_by_role("tab", name="Artikelen").click()
    expect(page.get_by_role("cell", name="Rugpijn, wat te doen?")).to_be_visible(timeout=20_000)
    yield page
    page.close()


def press(page: Page, name: str) -> None:
    """Reach a button with the keyboard's focus, and press it."""
    button = page.get_by_role("button", name=name, exact=True).locator("visible=true")
    button.focus()
    page.keyboard.press("Enter")


def choose(page: Page, label: str, option: str) -> None:
    """Type until one is left, and take it."""
    box = page.get_by_label(label, exact=True)
    box.focus()
    page.keyboard.press("ArrowDown")
    box.press_sequentially(option, delay=20)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value(re.compile(re.escape(option)))


def said(page: Page) -> Locator:
    return page.locator(".block.message").locator("visible=true")


def violations(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"too wide at {width}"
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            for rule in Axe().run(page, options=RULES).response["violations"]:
                found += [f"{rule['id']} at {width}, {scheme}: {node['html'][:300]}" for node in rule["nodes"]]
    return found


def test_an_article_is_written_published_and_taken_back(page: Page, desk: Desk) -> None:
    press(page, "Nieuw artikel")
    page.get_by_label("Titel").fill("Slapen")
    page.get_by_label("Tekst").fill("Slaap op uw zij.\n\n## Kussen\n\nKies een kussen dat uw nek steunt.")
    press(page, "Bekijk eerst")
    expect(said(page)).to_contain_text("nog niet gepubliceerd")
    expect(page.get_by_role("heading", name="Stuk 2: Kussen — Nieuw")).to_be_visible()
    assert "slapen" not in desk.assistant.index.articles
    press(page, "Publiceer")
    expect(said(page)).to_contain_text("Gepubliceerd")
    expect(page.get_by_role("cell", name="Slapen", exact=True).first).to_be_visible()
    assert "slapen" in desk.assistant.index.articles

    page.locator("#articles-editions > button").press("Enter")
    choose(page, "Versie", "zoals het was")
    press(page, "Bekijk wat er dan verandert")
    expect(said(page)).to_contain_text("nog niet gepubliceerd")
    press(page, "Zet deze versie terug")
    expect(said(page)).to_contain_text("Gepubliceerd")
    assert "slapen" not in desk.assistant.index.articles


def test_an_uploaded_file_is_open_to_edit_and_a_wrong_one_is_explained(page: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "nek.txt", tmp_path / "nek.pdf"
    good.write_text("Nekpijn\n\nRust helpt bij pijn in de nek.\n")
    bad.write_text("geen pdf")
    page.locator("#articles-list input[type=file]").set_input_files(bad)
    expect(said(page)).to_contain_text("geen PDF")
    page.locator("#articles-list input[type=file]").set_input_files(good)
    expect(page.get_by_label("Titel")).to_have_value("Nekpijn")
    expect(page.get_by_label("Tekst")).to_have_value("Rust helpt bij pijn in de nek.")


def test_what_was_typed_is_there_after_the_page_is_loaded_anew(page: Page) -> None:
    press(page, "Nieuw artikel")
    page.get_by_label("Titel").fill("Half")
    page.get_by_label("Tekst").fill("Nog niet af.")
    page.get_by_label("Titel").focus()
    expect(page.get_by_text(re.compile("Bewaard op"))).to_be_visible()
    page.wait_for_timeout(1_000)
    page.reload()
    page.get_by_role("tab", name="Artikelen").click()
    expect(page.get_by_role("cell", name="Rugpijn, wat te doen?")).to_be_visible()
    choose(page, "Concept", "Half")
    press(page, "Verder schrijven")
    expect(page.get_by_label("Tekst")).to_have_value("Nog niet af.")


def test_no_view_has_anything_against_it_and_nothing_written_is_markup(page: Page, desk: Desk) -> None:
    found = violations(page)
    choose(page, "Artikel", "Schouderpijn")
    press(page, "Bekijken")
    expect(page.get_by_role("heading", name="Stuk 1", exact=True).first).to_be_visible()
    found += violations(page)
    press(page, "Wijzigen")
    expect(page.get_by_label("Tekst")).to_have_value(re.compile("schouder"))
    found += violations(page)
    text = page.get_by_label("Tekst").input_value()
    page.get_by_label("Tekst").fill(
        text.replace("Wilt u dat uw slaap niet meer verstoord wordt?", f"Slaapt u slecht? \\{ATTACK}")
    )
    press(page, "Bekijk eerst")
    expect(said(page)).to_contain_text("Beslis eerst")
    found += violations(page)
    page.locator("#notes-lapse input").check()
    press(page, "Kijk opnieuw")
    expect(said(page)).to_contain_text("nog niet gepubliceerd")
    found += violations(page)
    assert found == []
    assert page.title() != "mis" and page.locator(".prose img, .prose script").count() == 0
