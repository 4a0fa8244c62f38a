"""The line to a model that does all that can go wrong, over a real connection: text, or one failure, always in time."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from phrasing_fakes import PATIENT, QUESTION, QUICK, Notary, failure_of, heard, stubborn
from scripted_model import ScriptedModel
from scripted_steps import Cut, Delta, End, Endless, Finish, Hang, Json, Raw, Say, Status, Step, Wait

from assistant.phrasing.circuit import Circuit
from assistant.phrasing.failure import Failure, ModelFailedError
from assistant.phrasing.line import Line, open_line
from assistant.phrasing.model import LanguageModel, open_model
from assistant.settings import Settings
from ingest.settings import PROJECT

_SOON_SECONDS = 5.0


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


@pytest.fixture(scope="module")
def model(server: ScriptedModel) -> LanguageModel:
    opened = open_model(Settings(llm="openai:klein", llm_base_url=server.url))
    assert opened
    return opened


@pytest.fixture
def line(model: LanguageModel) -> Line:
    return Line(model, PATIENT)


@pytest.fixture
def quick(model: LanguageModel) -> Line:
    return Line(model, QUICK)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SOON_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# What comes


def test_the_text_comes_as_the_model_says_it(server: ScriptedModel, line: Line) -> None:
    server.script = [Say("Rust helpt. [1]\n\n- Warmte ook [2]", pieces=True)]
    pieces = list(line.stream(QUESTION))
    assert "".join(pieces) == "Rust helpt. [1]\n\n- Warmte ook [2]"
    assert len(pieces) > 5


def test_what_only_looks_like_the_beginning_of_a_thought_is_said(server: ScriptedModel, line: Line) -> None:
    server.script = [Say("Rust <thi")]
    assert heard(line) == "Rust <thi"


def test_a_piece_is_not_kept_until_the_next(server: ScriptedModel, line: Line) -> None:
    server.script = [Say("Rust"), Hang()]
    began = time.monotonic()
    assert next(line.stream(QUESTION)) == "Rust"
    assert time.monotonic() - began < PATIENT.between_seconds


def test_the_model_is_asked_for_its_likeliest_words_and_nothing_that_other_servers_do_not_know(
    server: ScriptedModel, line: Line
) -> None:
    server.script = [Say("Ja.")]
    assert heard(line) == "Ja."
    (request,) = server.requests[-1:]
    assert request["temperature"] == 0
    assert request["messages"] == [{"role": "user", "content": QUESTION[0].content}]
    assert set(request) == {"model", "messages", "temperature", "stream"}


@pytest.mark.parametrize(
    "script",
    [
        [Delta({"reasoning_content": "Hm."}), Delta({"reasoning": "Hm."}), Say("Rust helpt.")],
        [Say("<think>Hm. </think>\n\nRust", pieces=True), Say(" helpt.<think>Klaar.")],
        [Delta({"content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Rust helpt."}]})],
        [Delta({"content": [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]}), Say("Rust helpt.")],
        [Say("Rust helpt."), Delta({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "b"}}]})],
        [Delta({"refusal": "Nee."}), Say("Rust helpt.")],
        [Say(" \n"), Say("\n Rust helpt.")],
        [Say("Rust helpt."), Finish("stop"), Say(" Niet waar.")],
        [Say("Rust helpt."), Finish("stop"), Hang()],
        [Say("Rust helpt."), Finish("stop"), Cut()],
        [Say("Rust helpt."), Finish("eos_token")],
        [Raw(": hart\n\n"), Say("Rust"), Say(""), Say(" helpt.")],
    ],
)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_only_what_is_said_up_to_the_end_is_text(server: ScriptedModel, line: Line, script: list[Step]) -> None:
    server.script = script
    assert heard(line) == "Rust helpt."


# What goes wrong


def refusing(status: int, headers: Mapping[str, str] | None = None) -> list[Step]:
    return [Status(status, '{"error": {"message": "geheim"}}', headers or {})]


@pytest.mark.parametrize(
    ("script", "failure", "said"),
    [
        (refusing(400), Failure.REFUSED_REQUEST, ""),
        (refusing(401), Failure.UNAUTHORISED, ""),
        (refusing(403), Failure.UNAUTHORISED, ""),
        (refusing(404), Failure.REFUSED_REQUEST, ""),
        (refusing(413), Failure.REFUSED_REQUEST, ""),
        (refusing(429), Failure.RATE_LIMITED, ""),
        (refusing(500), Failure.SERVER_ERROR, ""),
        (refusing(529), Failure.SERVER_ERROR, ""),
        ([Say("x" * 401)], Failure.TOO_LONG, ""),
        ([Say("Rust."), Say("x" * 396)], Failure.TOO_LONG, "Rust."),
        ([Say("Rust."), Say(" " * 396)], Failure.TOO_LONG, "Rust."),
        ([Say("<think>" + "x" * 400)], Failure.TOO_LONG, ""),
        ([Say("Rust hel"), Finish("length")], Failure.TOO_LONG, "Rust hel"),
        ([Say("wortelkanaal", repeat=200_000)], Failure.TOO_LONG, ""),
        ([Say("Rust"), Finish("content_filter")], Failure.REFUSED_REQUEST, "Rust"),
        ([Cut()], Failure.BROKEN_OFF, ""),
        ([Say("Rust hel"), Cut()], Failure.BROKEN_OFF, "Rust hel"),
        ([Say("Rust hel"), End()], Failure.BROKEN_OFF, "Rust hel"),
        ([Say("Rust"), Raw("data: {niet\n\n")], Failure.MALFORMED, "Rust"),
        ([Raw("data: {}\n\ndata: 3\n\n")], Failure.MALFORMED, ""),
        ([Status(200, "<h1>nginx</h1>", {"Content-Type": "text/html"})], Failure.MALFORMED, ""),
        ([Raw('data: {"error": {"message": "geheim"}}\n\n')], Failure.SERVER_ERROR, ""),
        ([], Failure.EMPTY, ""),
        ([Say(" \n ")], Failure.EMPTY, ""),
        ([Say("<think>Hm.")], Failure.EMPTY, ""),
        ([Delta({"refusal": "Nee."})], Failure.EMPTY, ""),
        ([Delta({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "b"}}]})], Failure.EMPTY, ""),
    ],
)
def test_whatever_goes_wrong_is_one_failure(
    server: ScriptedModel, line: Line, script: list[Step], failure: Failure, said: str
) -> None:
    server.script = script
    assert failure_of(line) == (failure, said)


@pytest.mark.parametrize(
    ("script", "failure", "said"),
    [
        ([Hang()], Failure.SLOW_FIRST, ""),
        ([Say(""), Hang()], Failure.SLOW_FIRST, ""),
        ([Raw(": hart\n\n"), Wait(0.3), Raw(": hart\n\n"), Wait(0.3), Say("Te laat.")], Failure.SLOW_FIRST, ""),
        ([Say(" "), Wait(0.3), Say("\n"), Wait(0.3), Say("Te laat.")], Failure.SLOW_FIRST, ""),
        ([Say("<think>"), Wait(0.3), Say("Hm. "), Wait(0.3), Say("</think>Te laat.")], Failure.SLOW_FIRST, ""),
        ([Say("Rust"), Hang()], Failure.SLOW_BETWEEN, "Rust"),
        ([Say("Rust"), Wait(0.3), Say(""), Wait(0.3), Say("laat")], Failure.SLOW_BETWEEN, "Rust"),
        ([Say("Rust helpt.", pieces=True, pause=0.2), Hang()], Failure.SLOW_BETWEEN, "Rust helpt."),
    ],
)
def test_what_is_too_slow_is_given_up_in_time(
    server: ScriptedModel, quick: Line, script: list[Step], failure: Failure, said: str
) -> None:
    server.script = script
    began = time.monotonic()
    assert failure_of(quick) == (failure, said)
    assert time.monotonic() - began < QUICK.total_seconds + 0.5


def test_a_drip_of_words_that_are_each_in_time_ends_with_the_whole_time(server: ScriptedModel, quick: Line) -> None:
    server.script = [Say("Rust " * 40, pieces=True, pause=0.1)]
    began = time.monotonic()
    failure, said = failure_of(quick)
    assert failure is Failure.SLOW_TOTAL
    assert said.startswith("Rust")
    assert QUICK.total_seconds <= time.monotonic() - began < QUICK.total_seconds + 0.5


def test_what_has_no_end_is_hung_up_on(server: ScriptedModel, line: Line) -> None:
    server.script = [Endless("Rust helpt. [1] ")]
    failure, said = failure_of(line)
    assert failure is Failure.TOO_LONG
    assert 0 < len(said) <= QUICK.most_chars
    assert server.left.wait(_SOON_SECONDS)


def test_a_flood_that_never_becomes_a_token_is_not_kept(server: ScriptedModel, line: Line) -> None:
    server.script = [*([Raw("data: " + "x" * 1_000_000)] * 12), Hang()]
    assert failure_of(line) == (Failure.TOO_LONG, "")


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with Notary() as gone:
        url = gone.url
    opened = open_model(Settings(llm="openai:klein", llm_base_url=url))
    assert opened
    assert failure_of(Line(opened, PATIENT)) == (Failure.UNREACHABLE, "")


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    settings = Settings(llm="openai:klein", llm_base_url="http://model.invalid/v1", llm_consent=True)
    opened = open_model(settings)
    assert opened
    assert failure_of(Line(opened, PATIENT)) == (Failure.UNREACHABLE, "")


def test_a_server_without_a_certificate_is_not_spoken_to(server: ScriptedModel) -> None:
    opened = open_model(Settings(llm="openai:klein", llm_base_url=server.url.replace("http:", "https:")))
    assert opened
    assert failure_of(Line(opened, PATIENT)) == (Failure.TLS, "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: ScriptedModel, line: Line, status: int) -> None:
    with Notary() as elsewhere:
        server.script = [Status(status, "", {"Location": f"{elsewhere.url}/v1/chat/completions"})]
        assert failure_of(line) == (Failure.REDIRECTED, "")
        assert elsewhere.received == []


def test_an_error_of_a_kind_nobody_knows_is_a_failure_too() -> None:
    model = stubborn(threading.Event(), fails_with=RuntimeError("iets met de vraag erin"))
    assert failure_of(Line(model, PATIENT)) == (Failure.UNKNOWN, "")


def test_a_failure_says_nothing_of_what_was_asked_or_answered(server: ScriptedModel, line: Line) -> None:
    server.script = refusing(400)
    with pytest.raises(ModelFailedError) as caught:
        heard(line)
    assert str(caught.value) == "refused_request"
    assert caught.value.__cause__ is caught.value.__context__ is None


# One more try


@pytest.mark.parametrize(
    "first",
    [*map(refusing, (429, 500, 502, 503, 504)), [Cut()], [Raw("data: {"), Cut()], refusing(429, {"Retry-After": "0"})],
)
def test_what_may_pass_is_tried_once_more(server: ScriptedModel, line: Line, first: list[Step]) -> None:
    server.scripts = [first, [Say("Rust helpt.")]]
    before = len(server.requests)
    assert heard(line) == "Rust helpt."
    assert len(server.requests) == before + 2


def test_a_short_wait_that_is_asked_for_is_waited(server: ScriptedModel, line: Line) -> None:
    server.scripts = [refusing(503, {"Retry-After": "1"}), [Say("Rust helpt.")]]
    began = time.monotonic()
    assert heard(line) == "Rust helpt."
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    "first",
    [
        *(refusing(429, {"Retry-After": after}) for after in ("4", "20", "Wed, 01 Jan 2098 00:00:00 GMT", "-1", "nan")),
        *map(refusing, (400, 401, 404)),
        [Say("Rust"), Cut()],
        [Say("Rust"), End()],
        [Say("x" * 401)],
        [],
        [Raw("data: {niet\n\n")],
        [Status(302, "", {"Location": "http://127.0.0.1:9/"})],
    ],
)
def test_what_does_not_pass_in_time_and_what_has_begun_is_not_tried_again(
    server: ScriptedModel, line: Line, first: list[Step]
) -> None:
    server.scripts = [first, [Say("Rust helpt.")]]
    before = len(server.requests)
    failure_of(line)
    assert len(server.requests) == before + 1


def test_there_is_no_more_try_than_there_is_time_for(server: ScriptedModel, quick: Line) -> None:
    server.scripts = [refusing(503, {"Retry-After": "1"}), [Say("Rust helpt.")]]
    assert failure_of(quick) == (Failure.SERVER_ERROR, "")
    server.scripts = [[Hang()], [Say("Rust helpt.")]]
    assert failure_of(quick) == (Failure.SLOW_FIRST, "")


def test_there_is_no_third_try(server: ScriptedModel, line: Line) -> None:
    server.scripts = [refusing(503), refusing(500), [Say("Rust helpt.")]]
    assert failure_of(line) == (Failure.SERVER_ERROR, "")


# Who leaves, and who waits


def test_who_closes_the_stream_stops_the_model(server: ScriptedModel, line: Line) -> None:
    server.script = [Say("Rust"), Hang()]
    stream = line.stream(QUESTION)
    assert next(stream) == "Rust"
    assert not server.left.is_set()
    stream.close()
    assert server.left.wait(_SOON_SECONDS)


@pytest.mark.parametrize("script", [[Hang()], [Say("Rust"), Hang()], [Say("Rust "), Raw(": hart\n\n"), Hang()]])
def test_a_model_that_is_given_up_is_stopped(server: ScriptedModel, quick: Line, script: list[Step]) -> None:
    server.script = script
    failure_of(quick)
    assert server.left.wait(_SOON_SECONDS)


def test_a_second_try_can_be_stopped_as_well(server: ScriptedModel, line: Line) -> None:
    """It is on a connection of its own, not on what was left of the first."""
    server.scripts = [refusing(503), [Say("Rust"), Hang()]]
    stream = line.stream(QUESTION)
    assert next(stream) == "Rust"
    stream.close()
    assert server.left.wait(_SOON_SECONDS)


def test_a_stream_that_nobody_reads_asks_nothing(server: ScriptedModel, line: Line) -> None:
    before = len(server.requests)
    line.stream(QUESTION).close()
    assert len(server.requests) == before


def open_streams(line: Line, count: int) -> list[Generator[str, None, None]]:
    streams = [line.stream(QUESTION) for _ in range(count)]
    for stream in streams:
        next(stream)
    return streams


def test_who_finds_no_place_is_told_soon_and_gets_one_when_another_leaves(
    server: ScriptedModel, model: LanguageModel
) -> None:
    line = Line(model, PATIENT, at_once=2)
    server.script = [Say("Rust"), Hang()]
    first, second = open_streams(line, 2)
    began = time.monotonic()
    assert failure_of(line) == (Failure.BUSY, "")
    assert time.monotonic() - began < PATIENT.first_seconds / 4
    first.close()
    wait_until(lambda: _has_place(line))
    second.close()


def _has_place(line: Line) -> bool:
    stream = line.stream(QUESTION)
    try:
        next(stream)
    except ModelFailedError as error:
        assert error.failure is Failure.BUSY
        return False
    stream.close()
    return True


def test_a_request_that_cannot_be_stopped_keeps_its_place_until_it_has_ended() -> None:
    may_go_on = threading.Event()
    line = Line(stubborn(may_go_on), QUICK, at_once=1)
    assert failure_of(line) == (Failure.SLOW_BETWEEN, "Rust")
    assert failure_of(line) == (Failure.BUSY, "")
    may_go_on.set()
    wait_until(lambda: _has_place(line))
    assert heard(line) == "Rust helpt."


def test_many_ask_at_once_and_each_gets_the_answer(server: ScriptedModel, model: LanguageModel) -> None:
    line = Line(model, PATIENT, at_once=8)
    server.script = [Say("Rust helpt. [1]", pieces=True)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: heard(line), range(40))) == {"Rust helpt. [1]"}


def test_no_thread_is_left_behind(server: ScriptedModel, line: Line, quick: Line) -> None:
    server.script = [Say("Rust helpt.")]
    heard(line)
    for script in ([Hang()], [Say("Rust"), Hang()], refusing(500)):
        server.script = script
        failure_of(quick)
    wait_until(lambda: not [thread for thread in threading.enumerate() if thread.name == "language-model"])


# A model that keeps failing


def test_a_model_that_keeps_failing_is_asked_no_more_until_one_trial_succeeds(
    server: ScriptedModel, model: LanguageModel
) -> None:
    clock = [0.0]
    line = Line(model, QUICK, circuit=Circuit(most_failures=2, open_seconds=30.0, now=lambda: clock[0]))
    server.script = [Hang()]
    assert [failure_of(line)[0] for _ in range(3)] == [Failure.SLOW_FIRST] * 2 + [Failure.CIRCUIT_OPEN]
    asked = len(server.requests)
    assert failure_of(line)[0] is Failure.CIRCUIT_OPEN
    assert len(server.requests) == asked
    clock[0] = 30.0
    server.script = [Say("NIET GEVONDEN")]
    assert [heard(line) for _ in range(5)] == ["NIET GEVONDEN"] * 5


def test_visitors_who_leave_do_not_close_the_line_for_others(server: ScriptedModel, model: LanguageModel) -> None:
    line = Line(model, PATIENT, circuit=Circuit(most_failures=1))
    server.script = [Say("Rust"), Hang()]
    for _ in range(3):
        (stream,) = open_streams(line, 1)
        stream.close()
    server.script = [Say("Rust helpt.")]
    assert heard(line) == "Rust helpt."


# What is nobody's business


def test_nothing_that_is_asked_or_answered_is_logged(
    server: ScriptedModel, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    opened = open_model(Settings(llm="openai:klein", llm_base_url=server.url, llm_api_key="sk-geheim"))
    assert opened
    line = Line(opened, PATIENT)
    server.script = [Say("Ontspanning"), Raw("data: {bokkig\n\n")]
    failure_of(line)
    told = caplog.text + "".join(capfd.readouterr()) + repr(opened)
    for secret in ("stijve", "Ontspanning", "bokkig", "sk-geheim"):
        assert secret not in told


# In a process of its own, as in one that serves: here the packages have read the environment already.
_ASK = """
import sys
from langchain_core.tracers.langchain import wait_for_all_tracers
from phrasing_fakes import PATIENT, QUESTION
from assistant.phrasing.line import Line
from assistant.phrasing.model import open_model
from assistant.settings import Settings
model = open_model(Settings(llm="openai:klein", llm_base_url=sys.argv[1]))
if sys.argv[2] == "line":
    print("".join(Line(model, PATIENT).stream(QUESTION)))
else:
    print("".join(chunk.text for chunk in model.chat_model.stream(QUESTION)))
wait_for_all_tracers()
"""


def ask_elsewhere(url: str, way: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = {"PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'tests'}"}
    command = [sys.executable, "-c", _ASK, url, way]
    return subprocess.run(command, env=os.environ | paths | environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(("way", "is_traced"), [("line", False), ("past the line", True)])
def test_what_traces_all_that_langchain_does_hears_nothing_of_it(
    server: ScriptedModel, way: str, is_traced: bool
) -> None:
    server.script = [Say("Rust helpt.")]
    with Notary() as langsmith:
        traced = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": langsmith.url, "LANGSMITH_API_KEY": "sleutel"}
        assert ask_elsewhere(server.url, way, **traced).stdout == "Rust helpt.\n"
        assert bool(langsmith.received) is is_traced


def test_packages_that_are_told_to_be_talkative_print_nothing_of_it(server: ScriptedModel) -> None:
    server.script = [Say("Ontspanning"), Delta({"content": 424242}), Finish("stop")]
    done = ask_elsewhere(server.url, "line", OPENAI_LOG="debug")
    assert done.stdout == ""
    assert "ModelFailedError: malformed" in done.stderr
    for secret in ("stijve", "Ontspanning", "424242"):
        assert secret not in done.stderr


# As it is set


def test_the_line_is_opened_as_it_is_set(server: ScriptedModel) -> None:
    assert open_line(Settings()) is None
    settings: Json = {"llm": "openai:klein", "llm_base_url": server.url, "llm_max_chars": 200, "llm_concurrency": 1}
    line = open_line(Settings(**settings))
    assert line
    assert line.model.name == "openai:klein"
    server.script = [Say("x" * 201)]
    assert failure_of(line) == (Failure.TOO_LONG, "")
    server.script = [Say("Rust"), Hang()]
    (stream,) = open_streams(line, 1)
    assert failure_of(line) == (Failure.BUSY, "")
    stream.close()


@pytest.mark.parametrize(
    ("name", "script", "failure"),
    [
        ("llm_first_seconds", [Hang()], Failure.SLOW_FIRST),
        ("llm_between_seconds", [Say("Rust"), Hang()], Failure.SLOW_BETWEEN),
        ("llm_total_seconds", [Say("Rust"), Hang()], Failure.SLOW_TOTAL),
    ],
)
def test_each_time_is_the_one_that_is_set(
    server: ScriptedModel, name: str, script: list[Step], failure: Failure
) -> None:
    settings: Json = {"llm": "openai:klein", "llm_base_url": server.url, name: 0.5}
    line = open_line(Settings(**settings))
    assert line
    server.script = script
    assert failure_of(line)[0] is failure
