"""What the server gives to websites that show the chat."""

import re

import pytest
from web_fakes import site_client

from assistant import texts
from assistant.web.widget.loader import loader


def test_any_website_may_load_the_script_but_not_keep_it_long() -> None:
    response = site_client().get("/widget.js")
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0].endswith("/javascript")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=600"
    assert all(words[0] in response.text for words in texts.WIDGET_BUTTON.values())


def test_a_pinned_script_never_changes_and_one_that_never_was_is_not_there() -> None:
    client = site_client()
    response = client.get(f"/widget-{loader().hash}.js")
    assert response.content == loader().content
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert client.get("/widget-000000000000.js").status_code == 404


@pytest.mark.parametrize("sites", ["", "https://praktijk.nl", "https://praktijk.nl,https://www.praktijk.nl"])
def test_no_website_may_show_the_panel_but_those_that_are_named(sites: str) -> None:
    policy = site_client(frame_ancestors=sites).get("/widget/panel").headers["content-security-policy"]
    (ancestors,) = re.findall(r"frame-ancestors ([^;]*)", policy)
    assert ancestors.split() == ["'self'", *filter(None, sites.split(","))]
    assert "unsafe" not in policy


def test_the_page_that_shows_how_has_the_lines_to_copy() -> None:
    page = site_client().get("/widget-demo").text
    assert f"/widget-{loader().hash}.js" in page
    assert loader().integrity in page
    assert "script-src http://testserver; frame-src http://testserver" in page
