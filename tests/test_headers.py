"""What every response says to a browser: what it may load, who may show it, and who may read it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chat_fakes import ChatFake
from event_stream import STREAM
from starlette.testclient import TestClient
from web_fakes import ARTICLE, FakeAssistant, reception, site_client

from assistant.web.chat.guard import guard_chat
from assistant.web.chat.page import mount_chat
from assistant.web.limits import QuestionLimits
from assistant.web.site import build_site
from assistant.web.widget.loader import loader

PRACTICE = "https://praktijk.nl"
EVIL = "https://evil.example"
JSON = {"Content-Type": "application/json"}
LOADERS = ("/widget.js", f"/widget-{loader().hash}.js")
OURS = (
    "/health",
    "/ready",
    "/openapi.json",
    "/docs",
    "/docs/static/swagger-ui.css",
    f"/bron/{ARTICLE.slug}",
    "/web/chat.css",
    "/widget/panel",
    "/widget-demo",
    *LOADERS,
)
GRADIOS = ("/", "/config", "/theme.css", "/gradio_api/info", "/gradio_api/app_id", "/gradio_api/startup-events")
NOT_THERE = (
    "/niets",
    "/api/niets",
    "/metrics",
    "/bron/niets",
    "/web/niets.css",
    "/gradio_api/upload",
    "/assets/niets.js",
)


def whole_app(**changes: Any) -> TestClient:
    """API, pages and the Gradio page, as they are served."""
    desk = reception(ChatFake(usual_seconds=0), **changes)
    site = build_site(desk)
    mount_chat(site, desk)
    guard_chat(site)
    return TestClient(site, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with whole_app() as client:
        yield client


def policy_of(response: Any) -> dict[str, list[str]]:
    """Sources by directive."""
    directives = [each.split() for each in response.headers["content-security-policy"].split(";")]
    assert len({name for name, *_ in directives}) == len(directives)
    return {name: sources for name, *sources in directives}


def assert_is_locked_down(response: Any) -> None:
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"]
    assert policy.get("object-src", policy["default-src"]) == ["'none'"]
    assert "frame-ancestors" in policy and "base-uri" in policy and "form-action" in policy
    allowed = {source for sources in policy.values() for source in sources}
    assert not {"*", "'unsafe-eval'", "https:", "http:", "blob:"} & allowed
    assert "'unsafe-inline'" not in policy.get("script-src", [])
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone"):
        assert f"{feature}=()" in response.headers["permissions-policy"]
    assert response.headers["cache-control"]
    assert "set-cookie" not in response.headers
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize("path", [*OURS, *GRADIOS, *NOT_THERE])
def test_every_answer_is_locked_down_whatever_the_method(client: TestClient, path: str, accept: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "WAT"):
        response = client.request(method, path, headers={"Accept": accept, "Cookie": "a=b"})
        assert response.status_code < 500, method
        assert_is_locked_down(response)


def explode(question: str) -> None:
    raise RuntimeError


def refusals() -> Iterator[Any]:
    """A response of every status that refuses."""
    with site_client() as client:
        yield client.post("/api/ask", content=b"{", headers=JSON)
        yield client.post("/api/ask", content=b"{}", headers={"Content-Type": "text/plain"})
        yield client.post("/api/ask", json={})
        yield client.post("/api/ask", content=b"x" * 300_000, headers=JSON)
        yield client.get("/api/ask")
        yield client.get("/niets")
        yield client.post(
            "/api/ask", content=b"{}", headers={**JSON, "Transfer-Encoding": "chunked", "Content-Length": "2"}
        )
    with site_client(FakeAssistant(before=explode)) as client:
        yield client.post("/api/ask", json={"question": "x"})
        yield client.post(STREAM, json={"question": "x"})
    with site_client(pause_file=__file__) as client:
        yield client.post("/api/ask", json={"question": "x"})
    with site_client(rate=1) as client:
        client.post("/api/ask", json={"question": "x"})
        yield client.post("/api/ask", json={"question": "x"})
        yield client.options("/api/ask", headers={"Origin": EVIL, "Access-Control-Request-Method": "POST"})


def test_so_is_every_refusal() -> None:
    responses = list(refusals())
    assert {400, 404, 405, 413, 415, 422, 429, 500, 503} == {response.status_code for response in responses}
    for response in responses:
        assert_is_locked_down(response)


def test_so_is_an_answer_and_an_answer_in_parts(client: TestClient) -> None:
    for path in ("/api/ask", STREAM):
        response = client.post(path, json={"question": "x"})
        assert response.status_code == 200
        assert_is_locked_down(response)


# Who may show it


def test_nothing_may_be_shown_in_a_frame_but_the_panel_and_that_only_by_us(client: TestClient) -> None:
    for path in (*OURS, *GRADIOS, *NOT_THERE):
        ancestors = policy_of(client.get(path, headers={"Accept": "text/html", "Origin": EVIL}))["frame-ancestors"]
        assert ancestors == (["'self'"] if path == "/widget/panel" else ["'none'"]), path


def test_the_websites_in_the_settings_may_show_the_panel_and_nothing_else() -> None:
    with site_client(frame_ancestors=f"{PRACTICE},https://*.praktijk.be") as client:
        panel = policy_of(client.get("/widget/panel"))
        article = policy_of(client.get(f"/bron/{ARTICLE.slug}"))
    assert panel["frame-ancestors"] == ["'self'", PRACTICE, "https://*.praktijk.be"]
    assert article["frame-ancestors"] == ["'none'"]


# What it may load


def test_the_panel_runs_nothing_inline_and_makes_no_html_of_text(client: TestClient) -> None:
    response = client.get("/widget/panel")
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["'none'"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", response.text)


@pytest.mark.parametrize("path", [f"/bron/{ARTICLE.slug}", "/bron/niets"])
def test_an_article_runs_no_script_at_all(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert "script-src" not in policy_of(response)
    assert "<script" not in response.text


def test_the_chat_page_runs_only_its_own_scripts_by_a_nonce_that_is_new_each_time(client: TestClient) -> None:
    nonces = set()
    for _ in range(3):
        response = client.get("/")
        assert response.status_code == 200
        (nonce,) = re.findall(r"'nonce-([\w-]{20,})'", response.headers["content-security-policy"])
        assert policy_of(response)["script-src"] == ["'self'", f"'nonce-{nonce}'"]
        scripts = re.findall(r"<script\b([^>]*)>", response.text)
        assert len(scripts) > 3
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_the_chat_page_connects_to_nobody_else_and_sends_no_form_elsewhere(client: TestClient) -> None:
    policy = policy_of(client.get("/"))
    assert policy["connect-src"] == policy["form-action"] == policy["base-uri"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]


# Who may read it


ORIGINS = (EVIL, "null", "http://localhost:3000", "http://127.0.0.1", "https://testserver.evil.example", "file://", "")


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("host", ["testserver", "localhost", "127.0.0.1:7860", "chat.praktijk.nl"])
def test_no_other_site_may_read_anything_but_the_loader(client: TestClient, origin: str, host: str) -> None:
    asking = {"Origin": origin, "Host": host}
    responses = [client.get(path, headers=asking) for path in (*OURS, *GRADIOS) if path not in LOADERS]
    responses += [client.post(path, json={"question": "x"}, headers=asking) for path in ("/api/ask", STREAM)]
    for response in responses:
        assert not [name for name in response.headers if name.startswith("access-control-")]
    for path in ("/api/ask", STREAM, "/api/feedback", "/config", "/gradio_api/queue/join", "/"):
        preflight = client.options(path, headers={**asking, "Access-Control-Request-Method": "POST"})
        assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize("path", LOADERS)
def test_any_site_may_read_the_loader_so_that_it_can_check_its_integrity(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Origin": EVIL})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_sites_in_the_settings_may_use_the_api_and_no_others() -> None:
    with whole_app(api_origins=f"{PRACTICE},http://localhost:3000") as client:
        for origin in (PRACTICE, "http://localhost:3000"):
            asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            preflight = client.options("/api/ask", headers={**asking, "Access-Control-Request-Headers": "content-type"})
            assert preflight.status_code == 200
            answer = client.post("/api/ask", json={"question": "x"}, headers={"Origin": origin})
            assert answer.headers["access-control-expose-headers"] == "Reply-Id"
            for response in (preflight, answer):
                assert response.headers["access-control-allow-origin"] == origin
                assert "origin" in response.headers["vary"].lower()
                assert "access-control-allow-credentials" not in response.headers
        for origin in (
            *ORIGINS[:2],
            f"{PRACTICE}.evil.example",
            f"{PRACTICE}:444",
            "http://praktijk.nl",
            f"{PRACTICE}/",
        ):
            response = client.post("/api/ask", json={"question": "x"}, headers={"Origin": origin})
            assert "access-control-allow-origin" not in response.headers, origin


def test_a_site_that_may_ask_may_also_read_why_it_gets_no_answer() -> None:
    desk = reception(FakeAssistant(), api_origins=PRACTICE)
    desk.limits = QuestionLimits(visitor=1)
    client = TestClient(build_site(desk))
    responses = [client.post("/api/ask", json={"question": "x"}, headers={"Origin": PRACTICE}) for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 429]
    assert {response.headers["access-control-allow-origin"] for response in responses} == {PRACTICE}
