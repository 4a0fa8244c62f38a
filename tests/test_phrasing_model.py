"""Settings → a language model that a question may go to, or what the operator must mend; for each provider."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from phrasing_fakes import PATIENT, QUESTION, QUICK, Notary, as_ollama, as_openai, failure_of, heard
from scripted_model import ScriptedModel
from scripted_steps import Cut, End, Finish, Hang, Raw, Say, Status, Step

from assistant.errors import (
    LanguageModelError,
    ModelConsentError,
    ModelKeyError,
    ModelUnusableError,
    ProviderPackageError,
    UnknownProviderError,
)
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.line import Line
from assistant.phrasing.model import LanguageModel, open_model
from assistant.phrasing.nearby import is_nearby, is_nearby_address
from assistant.phrasing.wire import Wire
from assistant.settings import Settings
from ingest.errors import SettingsError
from ingest.settings import PROJECT

_KEYS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MISTRAL_API_KEY", "OLLAMA_API_KEY", "OLLAMA_HOST", "LANGSMITH_GATEWAY")


@pytest.fixture(autouse=True)
def nobodys_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


def opened(**settings: Any) -> LanguageModel:
    model = open_model(Settings(**settings))
    assert model
    return model


def line(**settings: Any) -> Line:
    return Line(opened(**settings), PATIENT)


# Whether there is one


def test_without_a_setting_there_is_no_model() -> None:
    assert open_model(Settings()) is None


def test_who_has_no_model_loads_no_package_of_a_provider() -> None:
    script = (
        "import sys, assistant.phrasing.line, assistant.phrasing.cutter, assistant.settings\n"
        "assert assistant.phrasing.line.open_line(assistant.settings.Settings(_env_file=None)) is None\n"
        "print(*(name for name in ('openai', 'ollama', 'langchain_openai', 'langchain') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_an_open_model_tells_what_it_is_and_where_but_not_its_key(server: ScriptedModel) -> None:
    model = opened(llm="openai:klein:7b", llm_base_url=server.url, llm_api_key="sk-geheim")
    assert (model.name, model.host, model.is_remote) == ("openai:klein:7b", "127.0.0.1", False)
    assert "geheim" not in repr(model)


# What the operator must mend


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUGPIJN_LLM", "llama3"),
        ("RUGPIJN_LLM", "ollama:"),
        ("RUGPIJN_LLM", "ollama: llama"),
        ("RUGPIJN_LLM_BASE_URL", "localhost:8080"),
        ("RUGPIJN_LLM_BASE_URL", "ftp://localhost"),
        ("RUGPIJN_LLM_BASE_URL", "http://"),
        ("RUGPIJN_LLM_BASE_URL", "http://localhost:99999"),
        ("RUGPIJN_LLM_BASE_URL", "http://localhost:x"),
        ("RUGPIJN_LLM_BASE_URL", "http://u:p@localhost"),
        ("RUGPIJN_LLM_BASE_URL", "http://localhost/v1?key=1"),
        ("RUGPIJN_LLM_BASE_URL", "http://[::1"),
        ("RUGPIJN_LLM_FIRST_SECONDS", "0"),
        ("RUGPIJN_LLM_BETWEEN_SECONDS", "-1"),
        ("RUGPIJN_LLM_TOTAL_SECONDS", "inf"),
        ("RUGPIJN_LLM_MAX_CHARS", "199"),
        ("RUGPIJN_LLM_CONCURRENCY", "0"),
        ("RUGPIJN_LLM_CONSENT", "misschien"),
    ],
)
def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name} kan niet "):
        Settings.read()


def complaint(kind: type[LanguageModelError], **settings: Any) -> str:
    with pytest.raises(kind) as caught:
        open_model(Settings(**settings))
    return str(caught.value)


def test_an_unknown_provider_is_named() -> None:
    assert "'verzonnen'" in complaint(UnknownProviderError, llm="verzonnen:klein")


@pytest.mark.parametrize(("provider", "package"), [("groq", "langchain-groq"), ("anthropic", "langchain-anthropic")])
def test_a_package_that_is_missing_is_named_with_how_to_install_it(provider: str, package: str) -> None:
    assert complaint(ProviderPackageError, llm=f"{provider}:klein").endswith(f"pip install {package}")


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_a_package_that_is_an_extra_is_installed_as_that(provider: str) -> None:
    """In a process in which it is not there."""
    script = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys(['langchain_{provider}', 'openai', 'langchain_community']))\n"
        "from assistant.phrasing.model import open_model\n"
        "from assistant.settings import Settings\n"
        f"open_model(Settings(_env_file=None, llm='{provider}:klein', llm_base_url='http://127.0.0.1:9/v1'))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert f'pip install "rugpijn-assistent[{provider}]"' in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("provider", ["openai", "mistralai"])
def test_a_provider_elsewhere_asks_for_a_key(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "van-een-ander-programma")
    assert "RUGPIJN_LLM_API_KEY" in complaint(ModelKeyError, llm=f"{provider}:klein", llm_consent=True)


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"llm": "openai:klein", "llm_api_key": "k"}, "api.openai.com"),
        ({"llm": "mistralai:klein", "llm_api_key": "k"}, "api.mistral.ai"),
        ({"llm": "openai:klein", "llm_base_url": "http://8.8.8.8:8080/v1"}, "8.8.8.8"),
        ({"llm": "openai:klein", "llm_base_url": "http://[2001:4860::8888]/v1"}, "2001:4860::8888"),
        ({"llm": "ollama:klein", "llm_base_url": "http://model.invalid"}, "model.invalid"),
        ({"llm": "ollama:groot-cloud"}, "127.0.0.1"),
        ({"llm": "ollama:groot:cloud"}, "127.0.0.1"),
    ],
)
def test_a_model_elsewhere_is_opened_with_consent_only(settings: dict[str, Any], host: str) -> None:
    told = complaint(ModelConsentError, **settings)
    assert host in told
    assert "RUGPIJN_LLM_CONSENT=true" in told
    model = opened(llm_consent=True, **settings)
    assert (model.is_remote, model.host) == (True, host)


def test_a_model_in_the_house_stays_that_with_consent(server: ScriptedModel) -> None:
    assert opened(llm="openai:klein", llm_base_url=server.url, llm_consent=True).is_remote is False


def test_what_langchain_would_send_past_its_gateway_goes_to_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://poort.invalid")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://ander.invalid")
    chat_model: Any = opened(llm="openai:klein", llm_api_key="k", llm_consent=True).chat_model
    assert str(chat_model.root_client.base_url) == "https://api.openai.com/v1/"


@pytest.mark.parametrize("given", ["http://a:b:c", "ssh://doos", "doos:poort"])
def test_an_address_of_ollama_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("OLLAMA_HOST", given)
    assert given in complaint(ModelUnusableError, llm="ollama:klein")


def test_what_a_package_does_not_take_is_an_error_without_what_was_given() -> None:
    told = complaint(ModelUnusableError, llm="ollama:klein", llm_base_url="http://127.0.0.1:9", llm_api_key="sk-\u20ac")
    assert "sk-" not in told


# Near or far


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "0.0.0.0", "::1", "fd00::1"]
    + ["fe80::1", "fe80::1%eth0", "::ffff:192.168.1.1"],
)
def test_addresses_of_this_computer_and_its_network_are_near(address: str) -> None:
    assert is_nearby_address(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.64.0.1", "192.0.2.1", "224.0.0.1", "2001:4860::8888", "2001::1", "2002:7f00:1::"]
    + ["::ffff:8.8.8.8", "64:ff9b::7f00:1"],
)
def test_other_addresses_are_far(address: str) -> None:
    assert not is_nearby_address(address)


@pytest.mark.parametrize(
    ("host", "near"),
    [("localhost", True), ("127.1", True), ("bestaat-niet.invalid", False), ("", False), ("a" * 300, False)],
)
def test_a_name_is_as_near_as_its_addresses(host: str, near: bool) -> None:
    assert is_nearby(host) is near


class LeadsAway(socket.socket):
    """A connection whose other end is not where its name was looked up to be."""

    def getpeername(self) -> tuple[str, int]:
        return "8.8.8.8", 443


def test_a_connection_that_leads_away_from_here_is_closed_before_anything_is_sent() -> None:
    """Where a name leads may change after it was looked up."""
    near, far = socket.socketpair()
    with LeadsAway(fileno=near.detach()) as connected, far:
        with pytest.raises(ModelFailedError) as caught:
            Wire().take(connected, must_be_nearby=True)
        assert caught.value.failure is Failure.NOT_NEARBY
        assert far.recv(1) == b""


# Each provider's own package


def test_ollama_is_where_it_says_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with Notary(as_ollama("Rust ", "helpt.")) as ollama:
        for given in (ollama.url, f"127.0.0.1:{ollama.port}", f":{ollama.port}", f"http://0.0.0.0:{ollama.port}/"):
            monkeypatch.setenv("OLLAMA_HOST", given)
            assert heard(line(llm="ollama:klein")) == "Rust helpt."


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("192.168.1.7", "http://192.168.1.7:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("https://10.0.0.7", "https://10.0.0.7:443"),
        ("http://10.0.0.7/ollama/", "http://10.0.0.7:80/ollama"),
    ],
)
def test_the_usual_address_of_ollama_is_its_own(monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
    monkeypatch.setenv("OLLAMA_HOST", given)
    chat_model: Any = opened(llm="ollama:klein").chat_model
    assert chat_model.base_url == url


def test_ollama_is_asked_for_its_likeliest_words_and_not_to_think_aloud() -> None:
    with Notary(as_ollama("Ja.")) as ollama:
        assert heard(line(llm="ollama:klein", llm_base_url=ollama.url, llm_api_key="k")) == "Ja."
        (request,) = ollama.received
    body = json.loads(request.body)
    assert request.path == "/api/chat"
    assert request.headers["authorization"] == "Bearer k"
    assert (body["model"], body["think"], body["options"]) == ("klein", False, {"temperature": 0})
    assert body["messages"] == [{"role": "user", "content": QUESTION[0].content}]


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        (as_ollama("Rust hel", done_reason=None), Failure.BROKEN_OFF, "Rust hel"),
        (as_ollama("Rust hel", done_reason="length"), Failure.TOO_LONG, "Rust hel"),
        (as_ollama(), Failure.EMPTY, ""),
        (as_ollama("Rust", done_reason=None) + b'{"error": "geheim"}\n', Failure.SERVER_ERROR, "Rust"),
        (as_ollama("Rust", done_reason=None) + b"{niet\n", Failure.MALFORMED, "Rust"),
        (b"<h1>nginx</h1>", Failure.MALFORMED, ""),
    ],
)
def test_what_goes_wrong_with_ollama_is_a_failure(answer: bytes, failure: Failure, said: str) -> None:
    with Notary(answer) as ollama:
        assert failure_of(line(llm="ollama:klein", llm_base_url=ollama.url)) == (failure, said)


def test_an_ollama_that_is_not_there_is_unreachable() -> None:
    with Notary() as gone:
        url = gone.url
    assert failure_of(line(llm="ollama:klein", llm_base_url=url)) == (Failure.UNREACHABLE, "")


@pytest.mark.parametrize(
    ("status", "failure", "tries"),
    [(404, Failure.REFUSED_REQUEST, 1), (401, Failure.UNAUTHORISED, 1), (503, Failure.SERVER_ERROR, 2)],
)
@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_a_status_means_the_same_of_every_provider(provider: str, status: int, failure: Failure, tries: int) -> None:
    with Notary(b'{"error": {"message": "geheim"}}', status) as there:
        assert failure_of(line(llm=f"{provider}:klein", llm_base_url=there.url)) == (failure, "")
        assert len(there.received) == tries


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_no_provider_is_followed_elsewhere(provider: str, status: int) -> None:
    with Notary() as elsewhere, Notary(status=status, headers={"Location": f"{elsewhere.url}/x"}) as there:
        assert failure_of(line(llm=f"{provider}:klein", llm_base_url=there.url)) == (Failure.REDIRECTED, "")
        assert elsewhere.received == []


@pytest.mark.parametrize("after", ["20", "Wed, 01 Jan 2098 00:00:00 GMT"])
@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_no_provider_is_waited_for_as_long_as_it_asks(provider: str, after: str) -> None:
    with Notary(b"{}", 429, {"Retry-After": after}) as there:
        assert failure_of(line(llm=f"{provider}:klein", llm_base_url=there.url)) == (Failure.RATE_LIMITED, "")
        assert len(there.received) == 1


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_the_key_of_another_program_is_not_sent(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    for name in ("OPENAI_API_KEY", "MISTRAL_API_KEY", "OLLAMA_API_KEY", "LANGSMITH_API_KEY"):
        monkeypatch.setenv(name, "sk-van-een-ander")
    answer = as_ollama("Ja.") if provider == "ollama" else as_openai("Ja.")
    with Notary(answer, headers={"Content-Type": "text/event-stream"}) as there:
        assert heard(line(llm=f"{provider}:klein", llm_base_url=there.url)) == "Ja."
        assert "sk-van-een-ander" not in str(there.received)


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_the_key_that_is_set_is_sent(provider: str) -> None:
    answer = as_ollama("Ja.") if provider == "ollama" else as_openai("Ja.")
    with Notary(answer, headers={"Content-Type": "text/event-stream"}) as there:
        assert heard(line(llm=f"{provider}:klein", llm_base_url=there.url, llm_api_key="sk-geheim")) == "Ja."
        assert there.received[0].headers["authorization"] == "Bearer sk-geheim"


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_no_provider_is_asked_for_an_answer_that_must_be_unpacked(provider: str) -> None:
    """A few bytes may unpack to gigabytes."""
    with Notary(status=400) as there:
        failure_of(line(llm=f"{provider}:klein", llm_base_url=there.url))
        assert there.received[0].headers["accept-encoding"] == "identity"


def test_mistral_speaks_over_the_same_line(server: ScriptedModel) -> None:
    mistral = line(llm="mistralai:klein", llm_base_url=server.url)
    server.script = [Say("<think>Hm.</think>Rust helpt. [1]", pieces=True)]
    assert heard(mistral) == "Rust helpt. [1]"
    assert server.requests[-1]["temperature"] == 0


@pytest.mark.parametrize(
    ("script", "failure", "said"),
    [
        ([Cut()], Failure.BROKEN_OFF, ""),
        ([Say("Rust"), Cut()], Failure.BROKEN_OFF, "Rust"),
        ([Say("Rust"), End()], Failure.BROKEN_OFF, "Rust"),
        ([Say("Rust"), Finish("length")], Failure.TOO_LONG, "Rust"),
        ([Raw("data: {niet\n\n")], Failure.MALFORMED, ""),
        ([Status(200, "<h1>nginx</h1>", {"Content-Type": "text/html"})], Failure.MALFORMED, ""),
        ([], Failure.EMPTY, ""),
    ],
)
def test_what_goes_wrong_with_mistral_is_a_failure(
    server: ScriptedModel, script: list[Step], failure: Failure, said: str
) -> None:
    server.script = script
    assert failure_of(line(llm="mistralai:klein", llm_base_url=server.url)) == (failure, said)


def test_a_mistral_that_hangs_is_given_up_and_stopped(server: ScriptedModel) -> None:
    server.script = [Hang()]
    model = opened(llm="mistralai:klein", llm_base_url=server.url)
    assert failure_of(Line(model, QUICK)) == (Failure.SLOW_FIRST, "")
    assert server.left.wait(5)


@pytest.mark.parametrize("provider", ["ollama", "openai", "mistralai"])
def test_no_provider_in_the_house_is_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    answer = as_ollama("Ja.") if provider == "ollama" else as_openai("Ja.")
    stream = {"Content-Type": "text/event-stream"}
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Notary(answer, headers=stream) as there, Notary(answer, headers=stream) as proxy:
        for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "OPENAI_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert heard(line(llm=f"{provider}:klein", llm_base_url=there.url)) == "Ja."
        assert (len(there.received), len(proxy.received)) == (1, 0)
        elsewhere = line(llm=f"{provider}:klein", llm_base_url="http://model.invalid", llm_consent=True)
        assert heard(elsewhere) == "Ja."
        assert len(proxy.received) == 1
