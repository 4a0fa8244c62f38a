from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from web_fakes import ARTICLE, QUOTE, FakeAssistant, FakeLibrary, site_client, words_of

from assistant import texts
from assistant.links import citation_url, quote_hash
from assistant.web.article_view import Item, ItemList, Line, Span, Stretch, view
from assistant.web.assets import ASSETS
from ingest.article import Article, Block, BlockKind

PAGE = f"/bron/{ARTICLE.slug}"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with site_client() as client:
        yield client


def cited(start: int, end: int) -> str:
    return citation_url(ARTICLE.slug, start, end, ARTICLE.text[start:end])


def place_of(words: str) -> tuple[int, int]:
    start = ARTICLE.text.index(words)
    return start, start + len(words)


def test_the_article_is_a_readable_dutch_page(client: TestClient) -> None:
    response = client.get(PAGE)
    html = response.text
    assert response.status_code == 200
    assert '<html lang="nl">' in html
    assert "<h1>Nek &amp; &lt;rug&gt;</h1>" in html
    assert "<h2>Wat kunt u zelf doen?</h2>" in html
    assert '<p class="caption">Een plaatje van een rug</p>' in html
    assert "Gepubliceerd op 1 maart 2026" in html
    assert "Nagekeken op 12 april 2026 door onze fysiotherapeut" in html
    assert 'href="https://praktijk.example/nek"' in html
    assert texts.SOURCE_BACK in html
    assert texts.DISCLAIMER in html
    assert "<mark" not in html
    assert "<script" not in html


def test_lists_are_real_lists_nested_and_numbered_as_written(client: TestClient) -> None:
    html = "".join(line.strip() for line in client.get(PAGE).text.splitlines())
    assert "<li>Wissel af:<ul><li>zitten;</li><li>staan.</li></ul></li><li>Slaap goed.</li></ul>" in html
    assert '<ol><li value="1">Ga liggen.</li><li value="2">Sta op.</li></ol>' in html


def test_an_article_without_facts_says_nothing_of_them() -> None:
    bare = replace(ARTICLE, tag="", url=None, published=None, reviewed=None, reviewer=None)
    with site_client(FakeAssistant(collection=FakeLibrary({bare.slug: bare}))) as client:
        html = client.get(PAGE).text
    for absent in ("Gepubliceerd", "Nagekeken", texts.SOURCE_ORIGINAL, "None", 'class="tag"'):
        assert absent not in html


def test_the_cited_words_are_marked_once_and_can_be_linked_to(client: TestClient) -> None:
    page = words_of(client.get(cited(0, len(QUOTE))).text)
    assert page.marked == [QUOTE]
    assert [attributes["id"] for tag, attributes in page.tags if tag == "mark"] == ["citaat"]
    assert texts.SOURCE_CITED in page.text


def test_a_quote_over_several_blocks_is_marked_stretch_by_stretch(client: TestClient) -> None:
    start, end = place_of("helpt:\n\n• Blijf bewegen.\n• Wissel af:\n  • zitten")
    page = words_of(client.get(cited(start, end)).text)
    marks = [attributes for tag, attributes in page.tags if tag == "mark"]
    assert page.marked == ["helpt:", "Blijf bewegen.", "Wissel af:", "zitten"]
    assert [mark.get("id") for mark in marks] == ["citaat", None, None, None]
    assert "data-opens" in marks[0] and "data-closes" in marks[-1]


def test_an_article_that_changed_says_so_and_marks_nothing(client: TestClient) -> None:
    page = words_of(client.get(f"{PAGE}?c=0-18-{quote_hash('Kou helpt vaak.')}").text)
    assert texts.SOURCE_CHANGED in page.text
    assert page.marked == []


@pytest.mark.parametrize(
    "nonsense", ["", "x", "0-18", "5-2-0d153769", "0-0-e3b0c442", "-1-18-0d153769", "0-18-0D153769", "٠-١-0d153769"]
)
def test_a_nonsensical_citation_is_the_page_without_mark(client: TestClient, nonsense: str) -> None:
    response = client.get(PAGE, params={"c": nonsense})
    page = words_of(response.text)
    assert response.status_code == 200
    assert page.marked == []
    assert texts.SOURCE_CHANGED not in page.text


@pytest.mark.parametrize("far", ["999999990-999999999-0d153769", "0-999999999-0d153769"])
def test_a_citation_beyond_the_end_is_a_changed_article(client: TestClient, far: str) -> None:
    assert texts.SOURCE_CHANGED in client.get(f"{PAGE}?c={far}").text


def test_an_unknown_article_is_a_dutch_page_not_found(client: TestClient) -> None:
    response = client.get("/bron/bestaat-niet")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert texts.SOURCE_NOT_FOUND in response.text
    assert texts.DISCLAIMER in response.text


def test_the_page_asks_nothing_of_other_sites(client: TestClient) -> None:
    page = words_of(client.get(PAGE).text)
    loaded = [a.get("src") or a.get("href") or "" for tag, a in page.tags if tag in {"link", "script", "img"}]
    assert loaded == [ASSETS["favicon.png"].path, ASSETS["page.css"].path]
    assert "//" not in client.get("/web/page.css").text


def test_links_keep_the_prefix_of_a_proxy() -> None:
    with site_client() as client:
        html = TestClient(client.app, root_path="/hulp").get(f"/hulp{PAGE}").text
    assert f'href="/hulp{ASSETS["page.css"].path}"' in html
    assert 'href="/hulp/"' in html


@given(st.text(max_size=60) | st.from_regex(r"\d{1,3}-\d{1,3}-[0-9a-f]{8}", fullmatch=True), st.text(max_size=10))
def test_any_citation_gives_a_page_without_an_unescaped_word_of_it(client: TestClient, c: str, name: str) -> None:
    payload = "<i id=x>" + c
    response = client.get(f"{PAGE}?{quote(name)}={quote(payload)}&c={quote(payload)}&c={quote(c)}")
    assert response.status_code < 500
    assert "<i " not in response.text


@given(st.text(st.characters(exclude_characters="/?#"), min_size=1, max_size=40))
def test_any_slug_gives_a_dutch_page_without_an_unescaped_word_of_it(client: TestClient, slug: str) -> None:
    response = client.get(
        f"/bron/{quote('<i id=x>' + slug, safe='', errors='replace')}", headers={"accept": "text/html"}
    )
    assert response.status_code in {404, 200}
    assert "<i " not in response.text
    assert texts.DISCLAIMER in response.text


@given(st.integers(0, len(ARTICLE.text)), st.integers(1, len(ARTICLE.text)))
def test_marking_never_changes_the_words_of_the_page(client: TestClient, start: int, length: int) -> None:
    end = min(start + length, len(ARTICLE.text))
    marked = words_of(client.get(cited(start, end)).text).text
    for notice in (texts.SOURCE_CITED, texts.SOURCE_JUMP):
        marked = marked.replace(notice, "")
    assert marked.split() == words_of(client.get(PAGE).text).text.split()


@given(st.integers(0, len(ARTICLE.text)), st.integers(1, len(ARTICLE.text)))
def test_what_is_marked_is_what_was_quoted(start: int, length: int) -> None:
    """Bullets and the white space between blocks stand outside every block, so they are in no stretch."""
    end = min(start + length, len(ARTICLE.text))
    stretches = list(_stretches(view(ARTICLE, Span(start, end))))
    inside = "".join(ARTICLE.text[max(b.start, start) : min(b.end, end)] for b in ARTICLE.blocks if b.start < end)
    assert "".join(stretch.text for stretch in stretches if stretch.cited) == inside
    assert sum(stretch.opens for stretch in stretches) == sum(stretch.closes for stretch in stretches) <= 1


def test_every_block_is_shown_once_and_in_order() -> None:
    shown = [stretch.text for stretch in _stretches(view(ARTICLE))]
    assert shown == [ARTICLE.wording(block) for block in ARTICLE.blocks]


def test_a_list_that_starts_deep_is_shown_whole() -> None:
    article = _article_of_items((2, "diep"), (1, "ondiep"), (3, "diepst"))
    assert [stretch.text for stretch in _stretches(view(article))] == ["diep", "ondiep", "diepst"]


def _article_of_items(*items: tuple[int, str]) -> Article:
    text, blocks = "", []
    for level, words in items:
        text += "  " * (level - 1) + "• "
        blocks.append(Block(BlockKind.ITEM, len(text), len(text) + len(words), level))
        text += words + "\n"
    return Article("x", "x", text, tuple(blocks), "x.md")


def _stretches(elements: tuple[Line | ItemList, ...]) -> Iterator[Stretch]:
    for element in elements:
        if isinstance(element, Line):
            yield from element.stretches
        else:
            yield from _in_items(element.items)


def _in_items(items: tuple[Item, ...]) -> Iterator[Stretch]:
    for item in items:
        yield from item.stretches
        for inner in item.lists:
            yield from _in_items(inner.items)
