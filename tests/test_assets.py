"""Styles and scripts: kept for good under the hash of what is in them, small on the line, and what pages ask for."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from html import unescape

import pytest
from event_stream import STREAM
from starlette.testclient import TestClient
from web_fakes import ARTICLE, site_client

from assistant.web.assets import ASSETS, Asset
from assistant.web.chat.html import dutch_page
from assistant.web.widget.loader import loader

IMMUTABLE = "public, max-age=31536000, immutable"
PAGES = (f"/bron/{ARTICLE.slug}", "/bron/niets", "/widget/panel", "/widget-demo", "/docs")
NO_COMPRESSION = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with site_client() as client:
        yield client


def names_of(asset: Asset) -> tuple[str, str, str]:
    """Its address by hash, without one, and with the hash of an earlier version."""
    stem, _, ending = asset.name.rpartition(".")
    return asset.path, f"/web/{asset.name}", f"/web/{stem}.0123456789ab.{ending}"


@pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS)
def test_only_the_right_hash_is_kept_for_good(client: TestClient, asset: Asset) -> None:
    hashed, plain, old = names_of(asset)
    assert hashlib.sha256(client.get(hashed).content).hexdigest()[:12] in hashed
    assert client.get(hashed).headers["cache-control"] == IMMUTABLE
    for address in (plain, old):
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache"
        assert response.content == client.get(hashed).content


@pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS)
def test_an_asset_says_what_it_is_and_can_be_asked_for_without_its_content(client: TestClient, asset: Asset) -> None:
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
    response = client.head(asset.path, headers=NO_COMPRESSION)
    assert response.headers["content-type"].startswith(kinds[asset.name.rpartition(".")[2]])
    assert int(response.headers["content-length"]) == len(asset.content)
    assert response.content == b""


@pytest.mark.parametrize("name", ["chat.css", "panel.js", "page.css"])
@pytest.mark.parametrize("template", ['"{}"', 'W/"{}"', '"x", "{}"', 'W/"x",W/"{}"'])
def test_who_has_it_already_is_not_sent_it_again(client: TestClient, name: str, template: str) -> None:
    asset = ASSETS[name]
    response = client.get(names_of(asset)[1], headers={"If-None-Match": template.format(asset.hash)})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == f'"{asset.hash}"'
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("garbage", ['""', '"x"', "x", "*x", '"0123456789ab"', "W/", '"' * 500, "é".encode()])
def test_who_has_something_else_is_sent_what_there_is(client: TestClient, garbage: str | bytes) -> None:
    response = client.get("/web/chat.css", headers={"If-None-Match": garbage})  # type: ignore[dict-item]
    assert response.status_code == 200
    assert response.content == ASSETS["chat.css"].content


@pytest.mark.parametrize(
    "name",
    [
        "niets.css",
        "niets.0123456789ab.css",
        "chat.0123456789AB.css",
        "chat.0123456789a.css",
        "chat.0123456789abc.css",
        "chat.\u0660123456789a.css",
        "chat",
        ".css",
        "",
        "panel",
        "panel.css.map",
        "reply.js",
        "panel/reply.js",
        "../pages.py",
        "%2e%2e/pages.py",
        "..%2fpages.py",
        "..%5cpages.py",
        "%252e%252e%252fpages.py",
        "chat.css%00",
    ],
)
def test_nothing_but_assets_can_be_had(client: TestClient, name: str) -> None:
    assert client.get(f"http://testserver/web/{name}").status_code == 404


# On the line


COMPRESSED = (
    *(ASSETS[name].path for name in ("chat.css", "panel.css", "panel.js", "chat.js")),
    *("/widget/panel", "/widget-demo", "/widget.js", f"/bron/{ARTICLE.slug}", "/docs/static/swagger-ui.css"),
)


@pytest.mark.parametrize("address", COMPRESSED)
def test_styles_scripts_and_pages_are_compressed_for_who_can_read_that(client: TestClient, address: str) -> None:
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
        sent = b"".join(response.iter_raw())
    plain = client.get(address, headers=NO_COMPRESSION)
    assert response.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in response.headers["vary"].lower()
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < len(plain.content) * 0.7
    assert "content-encoding" not in plain.headers


def test_pictures_and_crumbs_are_not_compressed_and_a_stream_never_is(client: TestClient) -> None:
    gzipped = {"Accept-Encoding": "gzip"}
    assert "content-encoding" not in client.get("/health", headers=gzipped).headers
    response = client.post(STREAM, json={"question": "x"}, headers=gzipped)
    assert "content-encoding" not in response.headers
    assert response.text.startswith("event: triage\n")


# What the pages ask for


def asked_for(html: str) -> set[str]:
    """Styles, scripts and pictures, from the root of the site."""
    found = re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]+)"', html)
    addresses = {unescape(address) for address in found if not address.startswith("data:")}
    return {"/" + address.removeprefix("..").removeprefix("./").removeprefix("/") for address in addresses}


@pytest.mark.parametrize("page", PAGES)
def test_everything_a_page_asks_for_is_there_and_ours_is_kept_for_good(client: TestClient, page: str) -> None:
    addresses = asked_for(client.get(page, headers={"Accept": "text/html"}).text)
    assert addresses
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        if address.startswith("/web/"):
            assert response.headers["cache-control"] == IMMUTABLE, address


def test_the_chat_page_asks_for_what_is_there(client: TestClient) -> None:
    addresses = asked_for(dutch_page('<html lang="en"><head></head><body></body></html>'))
    assert len(addresses) == 3
    for address in addresses:
        assert client.get(address).headers["cache-control"] == IMMUTABLE, address


def test_what_styles_refer_to_is_there(client: TestClient) -> None:
    for name in (name for name in ASSETS if name.endswith(".css")):
        for address in re.findall(r"url\(['\"]?([^)'\"]+)", ASSETS[name].content.decode()):
            assert address.startswith("data:") or client.get(f"/web/{address}").status_code == 200, (name, address)


# The loader that other sites include


def test_the_loader_can_be_pinned_and_its_integrity_is_right(client: TestClient) -> None:
    demo = client.get("/widget-demo").text
    pinned = re.search(r'/(widget-[0-9a-f]{12}\.js)"\s+integrity="(sha384-[^"]+)"', unescape(demo))
    assert pinned is not None
    response = client.get(f"/{pinned[1]}", headers=NO_COMPRESSION)
    digest = base64.b64encode(hashlib.sha384(response.content).digest()).decode()
    assert pinned[2] == f"sha384-{digest}"
    assert response.headers["cache-control"] == IMMUTABLE
    assert response.content == client.get("/widget.js").content == loader().content
    assert "immutable" not in client.get("/widget.js").headers["cache-control"]


@pytest.mark.parametrize("hash", ["0123456789ab", "", "x", "%2e%2e", "..%2fweb%2fchat", "0123456789ab%00"])
def test_a_loader_that_never_was_is_not_there(client: TestClient, hash: str) -> None:
    assert client.get(f"http://testserver/widget-{hash}.js").status_code == 404
