"""The model that tests write the words for: it says them as OpenAI's would, and fails as it is told to."""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from scripted_model import ScriptedModel
from scripted_prompt import pieces_of, sentences
from scripted_steps import (
    Cut,
    Delta,
    End,
    Endless,
    Finish,
    Hang,
    Json,
    Raw,
    Say,
    Scenario,
    Status,
    Step,
    Wait,
    scenarios,
    step,
)

from assistant import texts
from assistant.evaluation.questions import answerable
from ingest.settings import PROJECT

_SOON_SECONDS = 5
_PROMPT = """Vraag: wat helpt?
<passage number="1">
Rust &amp; “stilte. Echt.” helpen. Bewegen helpt bij &lt;3 dagen pijn, o.a. lopen.Dat is alles!
</passage>
<passage number="2">
Dus let op:

• Drink geen alcohol.
• Eén
</passage>"""


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


def body(stream: bool = True, prompt: str = _PROMPT) -> Json:
    return {"model": "klein", "stream": stream, "messages": [{"role": "user", "content": prompt}]}


def ask(model: ScriptedModel, stream: bool = True) -> httpx.Response:
    return httpx.post(f"{model.url}/chat/completions", json=body(stream), timeout=_SOON_SECONDS)


def chunks(response: httpx.Response) -> list[Json]:
    """Of a stream that ends as it should."""
    *events, done, nothing = response.text.split("\n\n")
    assert (done, nothing) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def contents(response: httpx.Response) -> list[str]:
    deltas = [choice["delta"] for chunk in chunks(response) for choice in chunk["choices"]]
    return [delta["content"] for delta in deltas if delta.get("content")]


def said(model: ScriptedModel, *script: Step | Json) -> str:
    model.script = list(script)
    return "".join(contents(ask(model)))


def test_what_the_script_says_comes_in_chunks_between_a_role_and_the_reason_it_ends(server: ScriptedModel) -> None:
    server.script = [Say("Rust "), {"say": "helpt."}]
    response = ask(server)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    first, *told, last = chunks(response)
    assert first["choices"] == [
        {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None},
    ]
    assert [each["choices"][0]["delta"] for each in told] == [{"content": "Rust "}, {"content": "helpt."}]
    assert last["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert {(each["object"], each["model"]) for each in (first, *told, last)} == {("chat.completion.chunk", "klein")}


def test_whoever_asks_for_no_stream_gets_one_whole(server: ScriptedModel) -> None:
    server.script = [Say("Rust ", pieces=True), Say("{2:2}"), Finish("length")]
    answer = ask(server, stream=False).json()
    assert answer["object"] == "chat.completion"
    (choice,) = answer["choices"]
    assert choice["message"] == {"role": "assistant", "content": "Rust Drink geen alcohol."}
    assert choice["finish_reason"] == "length"


def test_a_text_comes_in_pieces_that_keep_no_citation_whole(server: ScriptedModel) -> None:
    text = "Coördineer één rugspier [1]. Het is 🙂👩‍⚕️ [12][3]."
    server.script = [Say(text, pieces=True)]
    pieces = contents(ask(server))
    assert "".join(pieces) == text
    assert pieces == pieces_of(text)
    assert max(map(len, pieces)) == 4
    assert not [piece for piece in pieces if "]" in piece.partition("[")[2]]


def test_a_text_is_said_as_often_as_asked(server: ScriptedModel) -> None:
    assert said(server, Say("en ", repeat=1_000)) == "en " * 1_000


# What it answers from


def test_a_placeholder_is_a_sentence_of_the_prompt_word_for_word(server: ScriptedModel) -> None:
    assert said(server, Say("{1}[1] {2:3}.")) == "Rust & “stilte. Echt.” helpen.[1] Eén."
    assert said(server, Say("{1:2} {1:3}")) == "Bewegen helpt bij <3 dagen pijn, o.a. lopen. Dat is alles!"
    assert said(server, Say("{2}|{2:2}|{2:3}", pieces=True)) == "Dus let op:|Drink geen alcohol.|Eén"


@pytest.mark.parametrize("text", ["{naam}", "{0}", "{{1}}", "{1:0}", "{ 1 }", "{123}", "\\frac{1}{2}", "{}", "{1:}"])
def test_other_braces_stay(server: ScriptedModel, text: str) -> None:
    assert said(server, Say(text)) == text
    assert not server.unknown


def test_a_placeholder_for_what_the_prompt_does_not_hold_stays_and_is_told() -> None:
    with ScriptedModel([Say("{1:9} {3} {1:3}")]) as model:
        assert "".join(contents(ask(model))) == "{1:9} {3} Dat is alles!"
        assert model.unknown == ["{1:9}", "{3}"]


def test_sentences_of_the_corpus_end_where_their_reader_ends_them() -> None:
    assert sentences("Onderzoeker: “Het helpt niet. Sterker nog”. Dat is o.a. zo. LET OP: niet doen…") == [
        "Onderzoeker: “Het helpt niet. Sterker nog”.",
        "Dat is o.a. zo.",
        "LET OP: niet doen…",
    ]


# What it can do wrong


def test_a_status_comes_instead_of_a_stream(server: ScriptedModel) -> None:
    server.script = [Status(429, '{"error": {}}', {"Retry-After": "20"}), Say("niets")]
    for stream in (True, False):
        response = ask(server, stream)
        assert (response.status_code, response.text) == (429, '{"error": {}}')
        assert response.headers["retry-after"] == "20"
    server.script = [{"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<h1>é</h1>"}]
    assert (ask(server).headers["content-type"], ask(server).text) == ("text/html", "<h1>é</h1>")


def test_what_is_raw_is_sent_as_it_stands(server: ScriptedModel) -> None:
    server.script = [Raw("data: {niet\n\n"), Raw("caf\udcc3"), End()]
    assert ask(server).content == b"data: {niet\n\ncaf\xc3"


def test_any_delta_can_be_sent(server: ScriptedModel) -> None:
    server.script = [Delta({"reasoning_content": "hm"}), Finish("tool_calls")]
    _, told, last = chunks(ask(server))
    assert told["choices"][0]["delta"] == {"reasoning_content": "hm"}
    assert last["choices"][0]["finish_reason"] == "tool_calls"


def test_an_empty_script_is_a_role_and_an_end(server: ScriptedModel) -> None:
    assert said(server) == ""
    assert len(chunks(ask(server))) == 2


@pytest.mark.parametrize("before", [[], [Say("Rust hel")], [Raw("data: {")]])
def test_a_cut_is_no_end(server: ScriptedModel, before: Sequence[Step]) -> None:
    server.script = [*before, Cut()]
    with pytest.raises(httpx.RemoteProtocolError):
        ask(server)
    assert not server.left.is_set()


def test_every_attempt_has_a_script_of_its_own_and_the_last_stays(server: ScriptedModel) -> None:
    server.scripts = [[Status(503)], [Cut()], [Say("ja")]]
    assert ask(server).status_code == 503
    with pytest.raises(httpx.RemoteProtocolError):
        ask(server)
    assert [contents(ask(server)) for _ in range(2)] == [["ja"], ["ja"]]


def test_a_wait_is_waited(server: ScriptedModel) -> None:
    began = time.monotonic()
    assert said(server, Wait(0.05), Say("abcd" * 3, pieces=True, pause=0.02)) == "abcd" * 3
    assert time.monotonic() - began >= 0.11


@pytest.mark.parametrize("last", [Hang(), Wait(30), Endless("en {1} "), Say("x" * 4_000, pieces=True, pause=0.1)])
def test_it_knows_that_a_client_left_in_the_middle(server: ScriptedModel, last: Step) -> None:
    server.script = [Say("Rust"), last]
    with httpx.stream("POST", f"{server.url}/chat/completions", json=body()) as response:
        pieces = response.iter_raw()  # when nobody holds it, httpx hangs up
        next(pieces)
        assert not server.left.is_set()
    assert server.left.wait(_SOON_SECONDS)
    assert said(server, Say("Verder")) == "Verder"


def test_it_knows_that_a_client_left_before_the_first_word(server: ScriptedModel) -> None:
    server.script = [Hang()]
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/chat/completions", json=body(), timeout=0.1)
    assert server.left.wait(_SOON_SECONDS)


def test_who_reads_to_the_end_did_not_leave(server: ScriptedModel) -> None:
    said(server, Say("Rust"))
    time.sleep(0.05)
    assert not server.left.is_set()


def test_what_has_no_end_goes_on_until_the_client_goes(server: ScriptedModel) -> None:
    server.script = [Endless("{2:3} ")]
    heard = ""
    with httpx.stream("POST", f"{server.url}/chat/completions", json=body()) as response:
        for piece in response.iter_text():
            heard += piece
            if heard.count("Eén") > 20:
                break
    assert server.left.wait(_SOON_SECONDS)
    assert ask(server, stream=False).json()["choices"][0]["finish_reason"] == "length"


def test_when_it_closes_nobody_is_left_waiting() -> None:
    others = set(threading.enumerate())
    with ThreadPoolExecutor(1) as pool:
        with ScriptedModel([Hang()]) as model:
            asked = pool.submit(ask, model)
            while not model.requests:
                time.sleep(0.01)
            before, left = time.monotonic(), model.left
        assert time.monotonic() - before < _SOON_SECONDS
        assert isinstance(asked.exception(_SOON_SECONDS), httpx.RemoteProtocolError)
    assert not left.is_set()
    assert set(threading.enumerate()) <= others


# What it was asked


def test_it_keeps_what_it_was_asked_by_many_at_once() -> None:
    with ScriptedModel([Say("ja")]) as model, ThreadPoolExecutor(8) as pool:
        assert {response.status_code for response in pool.map(lambda _: ask(model), range(40))} == {200}
        assert model.requests == [body()] * 40


def test_what_is_no_question_is_refused_and_not_kept() -> None:
    with ScriptedModel([Say("ja")]) as model:
        assert httpx.post(f"{model.url}/chat/completions", content=b"{").status_code == 400
        assert httpx.post(f"{model.url}/completions", json=body()).status_code == 404
        assert httpx.get(f"{model.url}/models").json()["data"][0]["id"] == "scripted"
        assert model.requests == []


@pytest.mark.parametrize("given", [{"zeg": "x"}, {"say": "x", "piece": True}, {"pieces": True, "say": "x"}])
def test_a_step_that_is_not_known_is_no_step(given: Json) -> None:
    with pytest.raises((KeyError, TypeError)):
        step(given)


# The scenarios


@pytest.fixture(scope="module")
def truth() -> str:
    """All that the articles and the assistant itself say."""
    articles = [file.read_text("utf-8") for file in sorted((PROJECT / "corpus").glob("[0-9]*.md"))]
    assert articles
    return "\n".join([*articles, *(str(value) for name, value in vars(texts).items() if name.isupper())])


def test_there_are_enough_of_them_and_each_is_one_of_its_own() -> None:
    names = [scenario.name for scenario in scenarios()]
    assert len(names) == len(set(names)) >= 70
    assert {scenario.engine for scenario in scenarios()} == {"llm", "extractive", "either"}


def test_they_ask_what_the_articles_answer() -> None:
    asked = tuple(each.question for each in answerable())
    assert not [scenario.name for scenario in scenarios() if not scenario.question.startswith(asked)]


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_what_is_forbidden_is_a_lie_that_is_told(scenario: Scenario, truth: str) -> None:
    told = "".join(_told(each) for each in scenario.script)
    assert scenario.about.endswith(".")
    for lie in scenario.forbidden:
        assert lie in told
        assert lie not in truth
    if scenario.engine == "llm":
        assert "{1" in told or "Een veel voorkomende fout" in told


def _told(each: Step) -> str:
    if isinstance(each, Say):
        return each.say * each.repeat
    if isinstance(each, Endless):
        return each.endless * 2
    return "".join(_texts_in(vars(each)))


def _texts_in(value: object) -> Iterator[str]:
    """At any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(inner)
    else:
        yield str(value)
