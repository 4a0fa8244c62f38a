"""The console's login: who is let in, for how long, and what others in the same browser or network cannot do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff_login_fakes import BROWSER, HASH, OWN, PASSWORD, URL, Clock, behind_login, log_in

from assistant.staff import texts
from assistant.staff.login import ATTEMPTS, COOKIE
from assistant.staff.passwords import HashUnusableError, Password, PasswordUnfitError, hash_password
from assistant.staff.sessions import Sessions


def test_a_browser_that_is_not_logged_in_is_sent_to_the_login_page() -> None:
    with behind_login() as client:
        response = client.get("/", headers=BROWSER)
        assert (response.status_code, response.headers["location"]) == (303, "/inloggen")
        assert "Wachtwoord" in client.get("/inloggen", headers=BROWSER).text


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/gradio_api/queue/data",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload_progress",
        "/bron/nek",
        "/inloggen/",
        "/inloggen/../config",
        "//config",
        "/INLOGGEN",
        "/health/x",
        "/ready%2f..%2fconfig",
        "/web",
    ],
)
def test_nothing_is_answered_without_logging_in(path: str) -> None:
    with behind_login() as client:
        assert client.get(path).status_code == 401
        assert client.post(path, headers=OWN).status_code == 401
        assert "binnen" not in client.get(path, headers=BROWSER).text


def test_the_right_password_lets_in_and_logging_out_ends_it() -> None:
    with behind_login() as client:
        response = log_in(client)
        assert (response.status_code, response.headers["location"]) == (303, "/")
        assert client.get("/").text == "binnen"
        token = client.cookies[COOKIE]
        assert client.get("/inloggen").status_code == 303
        response = client.post("/uitloggen", headers=OWN)
        assert (response.status_code, response.headers["location"]) == (303, "/inloggen")
        client.cookies.set(COOKIE, token)
        assert client.get("/").status_code == 401, "the cookie of before still opens the console"


def test_a_link_cannot_log_out() -> None:
    with behind_login() as client:
        log_in(client)
        client.get("/uitloggen")
        assert client.get("/").text == "binnen"


@pytest.mark.parametrize("password", ["", "fout", PASSWORD[:-1], PASSWORD + "\0", PASSWORD.upper(), "x" * 9_000])
def test_another_password_lets_nobody_in(password: str) -> None:
    with behind_login() as client:
        response = log_in(client, password)
        assert response.status_code == 401
        assert texts.LOGIN_WRONG in response.text
        assert COOKIE not in response.cookies
        assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"wachtwoord",
        b"a=1&b=2&c=3&d=4&e=5&f=6",
        b"wachtwoord=a&wachtwoord=b",
        b"\xff\xfe",
        b"{}",
        b"%",
        b"x" * 10_001,
    ],
)
def test_a_form_that_is_none_is_said_in_dutch(body: bytes) -> None:
    with behind_login() as client:
        response = client.post("/inloggen", content=body, headers=OWN | BROWSER)
        assert response.status_code in (400, 401)
        assert 'role="alert"' in response.text


def test_the_cookie_is_kept_from_scripts_and_other_sites() -> None:
    with behind_login() as client:
        attributes = log_in(client).headers["set-cookie"].lower()
        assert "httponly" in attributes
        assert "samesite=strict" in attributes
        assert "secure" not in attributes
        assert "path=/" in attributes


def test_behind_https_the_cookie_goes_over_https_alone() -> None:
    with behind_login(url="https://beheer.praktijk.example") as client:
        response = log_in(client, origin="https://beheer.praktijk.example")
        assert "secure" in response.headers["set-cookie"].lower()


def test_a_token_is_long_and_never_the_same() -> None:
    sessions = Sessions(60, 60)
    tokens = {sessions.begin() for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 43


def test_who_does_nothing_is_logged_out() -> None:
    clock = Clock()
    with behind_login(clock, staff_idle_minutes=30) as client:
        log_in(client)
        clock.now += 29 * 60
        assert client.get("/").text == "binnen"
        clock.now += 29 * 60
        assert client.get("/").text == "binnen", "who is at work stays logged in"
        clock.now += 31 * 60
        assert client.get("/").status_code == 401


def test_a_login_ends_however_busy_one_is() -> None:
    clock = Clock()
    with behind_login(clock, staff_idle_minutes=60, staff_session_hours=1) as client:
        log_in(client)
        for _ in range(6):
            clock.now += 10 * 60
            assert client.get("/").text == "binnen"
        clock.now += 1
        assert client.get("/").status_code == 401


def test_logging_in_anew_ends_the_login_before() -> None:
    with behind_login() as client:
        log_in(client)
        before = client.cookies[COOKIE]
        log_in(client)
        client.cookies.clear()
        client.cookies.set(COOKIE, before)
        assert client.get("/").status_code == 401


def test_a_cookie_that_somebody_chose_does_not_become_a_login() -> None:
    with behind_login() as client:
        client.cookies.set(COOKIE, "gekozen")
        log_in(client)
        client.cookies.clear()
        client.cookies.set(COOKIE, "gekozen")
        assert client.get("/").status_code == 401


def test_sessions_do_not_grow_without_end() -> None:
    sessions = Sessions(60, 60, most=3)
    first, *others = (sessions.begin() for _ in range(4))
    assert len(sessions) == 3
    assert not sessions.is_open(first)
    assert all(map(sessions.is_open, others))


@given(st.text())
def test_no_made_up_token_opens_a_session(token: str) -> None:
    sessions = Sessions(60, 60)
    sessions.begin()
    assert not sessions.is_open(token)


def test_after_too_many_attempts_the_right_password_waits_too() -> None:
    with behind_login() as client:
        for _ in range(ATTEMPTS):
            assert log_in(client, "fout").status_code == 401
        response = log_in(client)
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0
        assert re.search(r"over \d+ minuten", response.text)
        assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://elders.example"},
        {"origin": "http://127.0.0.1:7860"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://localhost:7861"},
        {"origin": "http://127.0.0.1:7861.elders.example"},
        {"origin": "http://127.0.0.1:7861@elders.example"},
        {"origin": "http://127.0.0.1:7861/"},
        {"origin": "ftp://127.0.0.1:7861"},
        {"origin": "http://127.0.0.1:99999"},
        {"origin": "http://[::1"},
        {"origin": URL, "sec-fetch-site": "cross-site"},
        {"origin": URL, "sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/inloggen", "/uitloggen", "/gradio_api/queue/join"])
def test_a_page_of_another_origin_can_send_nothing(path: str, headers: dict[str, str]) -> None:
    with behind_login() as client:
        log_in(client)
        assert client.post(path, data={"wachtwoord": PASSWORD}, headers=headers).status_code == 403
        assert client.get("/").text == "binnen"


def test_a_page_of_another_origin_can_read_nothing() -> None:
    with behind_login() as client:
        log_in(client)
        assert client.get("/", headers={"origin": "http://127.0.0.1:7860"}).status_code == 403
        assert client.options("/", headers={"origin": "https://elders.example"}).status_code == 403
        assert client.get("/").headers["cross-origin-resource-policy"] == "same-origin"


def test_behind_a_proxy_that_changes_the_host_the_named_origin_counts() -> None:
    with behind_login(staff_hosts="beheer.praktijk.example") as client:
        assert log_in(client, origin="https://beheer.praktijk.example").status_code == 303
        assert log_in(client, origin="https://elders.example").status_code == 403


def test_behind_a_proxy_that_ends_https_the_origin_is_that_of_the_browser() -> None:
    with behind_login(url="http://beheer.praktijk.example") as client:
        assert log_in(client, origin="https://beheer.praktijk.example").status_code == 303


def test_the_login_page_runs_no_script_and_stands_in_no_frame() -> None:
    with behind_login() as client:
        response = client.get("/inloggen", headers=BROWSER)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "<script" not in response.text
        assert response.headers["cache-control"] == "no-store"


def test_a_password_is_known_again_however_the_keyboard_writes_it() -> None:
    password = Password(hash_password("caf\u00e9 met koffie"))
    assert password.is_right("cafe\u0301 met koffie")
    assert not password.is_right("cafe met koffie")


@pytest.mark.parametrize("password", ["", "elf tekens.", "x" * 501])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(PasswordUnfitError, match="12 tot 500"):
        hash_password(password)


@pytest.mark.parametrize(
    "hashed",
    ["geheim", "$argon2id$", HASH[:-5] + "!!!!!", "$2b$12$abcdefghijklmnopqrstuv", HASH.replace("argon2id", "x")],
)
def test_a_hash_that_is_none_is_refused_at_the_start(hashed: str) -> None:
    with pytest.raises(HashUnusableError, match="rugpijn staff-password"):
        Password(hashed)


def test_the_hash_of_no_password_at_all_is_refused() -> None:
    from argon2 import PasswordHasher

    with pytest.raises(HashUnusableError):
        Password(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(b""))
