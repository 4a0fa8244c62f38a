import asyncio
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr
import pytest
from answer_fakes import answers
from chat_fakes import LIST_ANSWER, NOT_FOUND, NOTED, REFUSED, REMARKS, SUGGESTED, WARNED, ChatFake
from gradio.queueing import Queue
from hypothesis import given
from starlette.testclient import TestClient
from web_fakes import reception

from assistant import texts
from assistant.answer import Answer
from assistant.reply import Role
from assistant.web.chat.dialogue import Conversation, Dialogue, Progress
from assistant.web.chat.page import MOST_CONVERSATIONS, ChatPage, build_chat, mount_chat
from assistant.web.chat.render import escape, render_answer, render_partial
from assistant.web.limits import QuestionLimits
from assistant.web.site import build_site

DISCLAIMER = escape(texts.DISCLAIMER)
HOSTILE = '<img src=x onerror="alert(1)"> ![x](http://evil.example/x.png)'


@dataclass
class Visitor:
    """Asks in one conversation, and remembers what stood there after each step."""

    assistant: ChatFake = field(default_factory=lambda: ChatFake(usual_seconds=0))
    rate: int | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dialogue = Dialogue(reception(self.assistant, self.rate, **self.options))
        self.conversation = self.dialogue.new_conversation()

    def ask(self, question: str, **options: Any) -> list[str]:
        return asyncio.run(self._ask(question, **options))

    async def _ask(self, question: str, stop_after: int = 0, root: str = "") -> list[str]:
        shown = []
        async for exchange in self.dialogue.ask(question, self.conversation, "192.0.2.1", root):
            shown.append(exchange.shown)
            if len(shown) == stop_after:
                self.conversation.stop()
        return shown

    @property
    def reply(self) -> str:
        return self.conversation.messages()[-1]["content"]

    @property
    def progress(self) -> Progress:
        return self.conversation.exchanges[-1].progress


def test_a_reply_grows_sentence_by_sentence_until_it_is_whole() -> None:
    searching, *growing, whole = Visitor().ask("Wat zijn oorzaken?")
    assert escape(texts.SEARCHING) in searching
    parts = [LIST_ANSWER.sentences[:count] for count in range(1, len(LIST_ANSWER.sentences))]
    assert growing == [render_partial(replace(LIST_ANSWER, sentences=part)) for part in parts]
    assert whole == render_answer(LIST_ANSWER)


def test_every_state_of_a_reply_ends_with_the_disclaimer() -> None:
    visitor = Visitor(rate=6)
    for question in ("Wat zijn oorzaken?", "onbekend", "spoed", "boem", "", "x" * 2_000, "een te veel"):
        assert all(shown.endswith(DISCLAIMER) for shown in visitor.ask(question))


def test_eight_sentences_are_said_within_about_a_second() -> None:
    start = time.monotonic()
    Visitor().ask("Wat zijn oorzaken?")
    assert 0.5 < time.monotonic() - start < 1.5


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", texts.QUESTION_EMPTY),
        ("x" * 1_001, texts.QUESTION_TOO_LONG.format(limit=1_000)),
        ("\ud800", texts.QUESTION_NOT_READABLE),
    ],
)
def test_what_is_wrong_with_a_question_is_said_in_dutch(question: str, said: str) -> None:
    visitor = Visitor()
    visitor.ask(question)
    assert visitor.reply.startswith(escape(said))
    assert visitor.progress is Progress.REFUSED


def test_who_asks_too_often_is_told_to_wait_and_the_assistant_is_left_alone() -> None:
    visitor = Visitor(rate=1)
    visitor.ask("eerste")
    visitor.ask("tweede")
    assert "Wacht" in visitor.reply
    assert [question for question, _ in visitor.assistant.asked] == ["eerste"]


def test_a_reply_that_takes_too_long_is_given_up_and_its_question_kept() -> None:
    visitor = Visitor(ChatFake(slow_seconds=0.5), options={"reply_timeout_seconds": 0.05})
    visitor.ask("traag")
    assert visitor.reply.startswith(escape(texts.TOO_SLOW))
    assert visitor.progress is Progress.REFUSED


def test_an_exploding_assistant_is_a_dutch_message_and_the_log_keeps_the_question_to_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    visitor = Visitor()
    with caplog.at_level(logging.DEBUG):
        visitor.ask("boem: mijn geheime klacht")
    assert visitor.reply.startswith(escape(texts.SOMETHING_WRONG))
    assert "RuntimeError" in caplog.text
    assert "geheime" not in caplog.text


def test_stopping_keeps_what_was_said_and_nothing_follows() -> None:
    visitor = Visitor()
    shown = visitor.ask("Wat zijn oorzaken?", stop_after=3)
    assert len(shown) == 4
    assert shown[-1] == visitor.reply
    assert LIST_ANSWER.sentences[1].text.split()[0] in visitor.reply
    assert escape(texts.STOPPED) in visitor.reply
    assert visitor.reply.endswith(DISCLAIMER)


def test_stopping_before_the_first_sentence_says_so() -> None:
    visitor = Visitor()
    assert len(visitor.ask("Wat zijn oorzaken?", stop_after=1)) == 2
    assert visitor.reply == f"*{escape(texts.STOPPED)}*\n\n---\n\n{DISCLAIMER}"


def test_a_slow_search_is_stopped_at_once() -> None:
    visitor = Visitor(ChatFake(slow_seconds=2))
    start = time.monotonic()
    visitor.ask("traag", stop_after=1)
    assert time.monotonic() - start < 1


def test_a_reply_to_a_conversation_that_was_begun_anew_leaves_nothing_behind(page: ChatPage) -> None:
    conversation = page.dialogue.new_conversation()

    async def begin_anew() -> list[dict[Any, Any]]:
        shown = []
        async for update in page.on_ask("Wat zijn oorzaken?", conversation, gr.Request()):
            shown.append(update)
            if len(shown) == 3:
                await page.on_restart(conversation, gr.Request())
        return shown

    *_, last = asyncio.run(begin_anew())
    assert last[page.log] == []
    assert last[page.send]["visible"] and not last[page.stop]["visible"]


def test_a_reply_nobody_waits_for_any_more_counts_as_stopped() -> None:
    visitor = Visitor()

    async def leave() -> None:
        asking = visitor.dialogue.ask("Wat zijn oorzaken?", visitor.conversation, "192.0.2.1")
        await anext(asking)
        await asking.aclose()  # type: ignore[attr-defined]

    asyncio.run(leave())
    assert visitor.progress is Progress.STOPPED


def test_the_assistant_gets_the_history_of_this_conversation_only() -> None:
    assistant = ChatFake(usual_seconds=0)
    one, other = Visitor(assistant), Visitor(assistant)
    one.ask("onbekend een")
    other.ask("onbekend ander")
    one.ask("onbekend twee")
    assert [turn.content for turn in assistant.asked[-1][1]] == ["onbekend een", NOT_FOUND.text]
    assert [turn.role for turn in assistant.asked[-1][1]] == [Role.USER, Role.ASSISTANT]


def test_every_message_of_the_visitor_is_history_also_when_it_got_no_answer() -> None:
    visitor = Visitor(ChatFake(usual_seconds=0, slow_seconds=0.3), options={"reply_timeout_seconds": 0.1})
    without_answer = ["boem", "y" * 1_001, "traag", "half \ud800 teken"]
    for question in (*without_answer, "", "  "):
        visitor.ask(question)
    visitor.ask("gestopt", stop_after=1)
    visitor.ask("voetbal")
    visitor.ask("onbekend")
    history = visitor.assistant.asked[-1][1]
    typed = [turn.content for turn in history if turn.role is Role.USER]
    assert typed == [*without_answer[:-1], "half ? teken", "gestopt", "voetbal"]
    assert [turn.content for turn in history if turn.role is Role.ASSISTANT] == [REFUSED.text]


def test_a_message_that_came_too_fast_is_history_once_there_may_be_asked_again() -> None:
    visitor = Visitor(rate=1)
    for question in ("eerste", "tweede"):
        visitor.ask(question)
    visitor.dialogue.reception.limits = QuestionLimits()
    visitor.ask("derde")
    assert [turn.content for turn in visitor.assistant.asked[-1][1] if turn.role is Role.USER] == ["eerste", "tweede"]


def test_a_message_sent_while_the_one_before_it_is_still_being_answered_knows_that_one() -> None:
    visitor = Visitor()

    async def ask_two_at_once() -> None:
        first = visitor.dialogue.ask("ik ben gevallen", visitor.conversation, "192.0.2.1")
        await anext(first)
        await visitor._ask("onbekend")
        await first.aclose()  # type: ignore[attr-defined]

    asyncio.run(ask_two_at_once())
    assert [turn.content for turn in visitor.assistant.asked[-1][1]] == ["ik ben gevallen"]


def test_of_a_stopped_answer_what_was_seen_is_history() -> None:
    visitor = Visitor()
    visitor.ask("Wat zijn oorzaken?", stop_after=3)
    visitor.ask("onbekend")
    asked, said = visitor.assistant.asked[-1][1]
    assert asked.content == "Wat zijn oorzaken?"
    assert LIST_ANSWER.sentences[1].text in said.content
    assert LIST_ANSWER.sentences[2].text not in said.content


def test_an_alarm_comes_at_once_and_with_its_whole_answer() -> None:
    for question, answer in (("al zes weken", WARNED), ("spoed", None)):
        searching, *growing, whole = Visitor().ask(question)
        assert escape(texts.SEARCHING) in searching
        assert growing == []
        assert 'role="alert"' in whole
        assert answer is None or whole == render_answer(answer)


def test_a_remark_comes_with_the_first_sentence_it_is_about() -> None:
    _, *growing, whole = Visitor().ask("Helpt paracetamol?")
    for shown in (*growing, whole):
        for remark, cited in zip(REMARKS, ("[3]", "[1]"), strict=True):
            assert (escape(remark.text) in shown) == (escape(cited) in shown)
        assert escape(NOTED.safety_net) not in shown and NOTED.safety_net in shown


def test_suggestions_can_be_chosen_once_the_reply_is_whole() -> None:
    visitor = Visitor()
    visitor.ask("voetbal")
    choice = visitor.conversation.messages()[-1]["options"]
    assert [option["value"] for option in choice] == [option["label"] for option in choice] == list(SUGGESTED)
    visitor.ask("voetbal", stop_after=1)
    assert "options" not in visitor.conversation.messages()[-1]
    visitor.ask("Wat zijn oorzaken?")
    assert "options" not in visitor.conversation.messages()[-1]


@given(answers)
def test_whatever_is_said_can_be_sent_and_suggestions_stay_as_they_are(answer: Answer) -> None:
    conversation = Visitor().conversation
    conversation.open("vraag").finish(answer)
    *_, message = json.loads(json.dumps(conversation.messages()))
    assert [option["label"] for option in message.get("options", [])] == list(answer.suggestions)


def test_half_a_surrogate_pair_in_a_suggestion_does_not_break_the_page() -> None:
    conversation = Visitor().conversation
    conversation.open("vraag").finish(replace(REFUSED, suggestions=("rug\ud800pijn?",)))
    assert conversation.messages()[-1]["options"][0]["label"] == "rug?pijn?"


@pytest.mark.parametrize(("max_turns", "remembered"), [(0, []), (1, []), (2, ["onbekend 3"]), (100, None)])
def test_history_is_bounded(max_turns: int, remembered: list[str] | None) -> None:
    visitor = Visitor(options={"max_history_turns": max_turns})
    asked = [f"onbekend {number}" for number in range(5)]
    for question in asked:
        visitor.ask(question)
    history = [turn.content for turn in visitor.assistant.asked[-1][1] if turn.role is Role.USER]
    assert history == (asked[:4] if remembered is None else remembered)
    assert len(visitor.conversation.exchanges) <= max(1, max_turns // 2 + 1)


def test_an_endless_question_is_neither_kept_nor_shown_in_full() -> None:
    visitor = Visitor()
    visitor.ask("x" * 100_000)
    assert len(visitor.conversation.exchanges[0].question) <= 1_001
    assert visitor.conversation.messages()[0]["content"] == "x" * 1_000 + "…"


def test_an_empty_question_is_answered_without_an_empty_bubble_and_only_once() -> None:
    visitor = Visitor()
    visitor.ask("  ")
    visitor.ask("")
    assert [message["role"] for message in visitor.conversation.messages()] == ["assistant"]


def test_a_hostile_question_is_shown_escaped() -> None:
    visitor = Visitor()
    visitor.ask(HOSTILE)
    assert visitor.conversation.messages()[0]["content"] == escape(HOSTILE)


def test_links_to_articles_follow_the_path_a_proxy_gives_the_app() -> None:
    visitor = Visitor()
    visitor.ask("Wat zijn oorzaken?", root="/chat")
    assert "](/chat/bron/" in visitor.reply
    assert "](/bron/" not in visitor.reply


@pytest.fixture(scope="module")
def page() -> ChatPage:
    dialogue = Dialogue(reception(ChatFake(usual_seconds=0)))
    with gr.Blocks(analytics_enabled=False):
        return ChatPage(dialogue, ("Een voorbeeld?",))


def updates_of(page: ChatPage, question: str | None, conversation: Conversation) -> list[dict[Any, Any]]:
    async def collect() -> list[dict[Any, Any]]:
        return [update async for update in page.on_ask(question, conversation, gr.Request())]

    return asyncio.run(collect())


def test_sending_empties_the_box_once_and_shows_stop_only_while_answering(page: ChatPage) -> None:
    first, *between, last = updates_of(page, "Wat zijn oorzaken?", page.dialogue.new_conversation())
    assert first[page.box] == ""
    assert all(page.box not in update for update in (*between, last))
    assert first[page.stop]["visible"] and not first[page.send]["visible"]
    assert last[page.send]["visible"] and not last[page.stop]["visible"]


def test_a_question_that_was_not_taken_goes_back_into_the_box(page: ChatPage) -> None:
    *_, last = updates_of(page, "x" * 2_000, page.dialogue.new_conversation())
    assert last[page.box] == "x" * 2_000


def test_a_missing_question_is_an_empty_one(page: ChatPage) -> None:
    *_, last = updates_of(page, None, page.dialogue.new_conversation())
    assert escape(texts.QUESTION_EMPTY) in last[page.log][0]["content"]


def test_a_suggestion_asks_its_question(page: ChatPage) -> None:
    conversation = page.dialogue.new_conversation()
    chosen = gr.SelectData(None, {"index": 0, "value": SUGGESTED[1]})

    async def choose() -> list[dict[Any, Any]]:
        return [update async for update in page.on_suggestion(conversation, chosen, gr.Request())]

    *_, last = asyncio.run(choose())
    question, reply = last[page.log]
    assert question["content"] == escape(SUGGESTED[1])
    assert reply["content"] == render_answer(LIST_ANSWER)


def test_examples_are_gone_after_the_first_question_and_back_in_a_new_conversation(page: ChatPage) -> None:
    conversation = page.dialogue.new_conversation()
    *_, last = updates_of(page, "onbekend", conversation)
    assert not last[page.examples]["visible"]
    fresh = asyncio.run(page.on_restart(conversation, gr.Request()))
    assert fresh[page.examples]["visible"]
    assert fresh[page.log] == []
    assert conversation.history() == ()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    assistant = ChatFake()
    desk = reception(assistant)
    site = build_site(desk)
    mount_chat(site, desk)
    with TestClient(site) as client:
        yield client


@pytest.fixture
def queue(client: TestClient) -> Queue:
    app = next(route.app for route in client.app.routes if hasattr(getattr(route, "app", None), "state_holder"))
    return app.get_blocks()._queue


def test_the_page_is_dutch_and_ours_from_its_first_byte(client: TestClient) -> None:
    page = client.get("/").text
    assert page.count("<html") == 1
    assert 'lang="nl"' in page and 'lang="en"' not in page
    assert f"<title>{texts.PAGE_TITLE}</title>" in page
    assert "og:title" not in page and "twitter:" not in page and "githubusercontent" not in page
    assert texts.NO_SCRIPT in page


def test_what_the_page_loads_first_is_there(client: TestClient) -> None:
    for path in ("/web/chat.css", "/web/alarm.css", "/web/phone.svg", "/web/chat.js", "/web/favicon.png"):
        assert client.get(path).status_code == 200


def test_no_answer_but_the_page_is_changed(client: TestClient) -> None:
    assert client.get("/config").json()["title"] == texts.PAGE_TITLE
    assert client.head("/").status_code == 200


def test_visitors_who_left_do_not_fill_the_memory(client: TestClient) -> None:
    holder = next(
        route.app.state_holder for route in client.app.routes if hasattr(getattr(route, "app", None), "state_holder")
    )
    for number in range(MOST_CONVERSATIONS + 5):
        holder[f"bezoeker{number}"]
    assert len(holder.session_data) == len(holder.time_last_used) == MOST_CONVERSATIONS
    assert "bezoeker0" not in holder and f"bezoeker{MOST_CONVERSATIONS}" in holder


def test_the_queue_remembers_no_more_sessions_than_the_page(queue: Queue) -> None:
    fresh = vars(gr.Blocks().queue()._queue)
    assert {"pending_messages_per_session", "pending_event_ids_session", "ANALYTICS_MAX_EVENTS"} <= fresh.keys()
    for number in range(MOST_CONVERSATIONS + 5):
        queue.pending_messages_per_session[f"bezoeker{number}"] = asyncio.Queue()
        queue.pending_event_ids_session[f"bezoeker{number}"] = set()
    assert len(queue.pending_messages_per_session) == len(queue.pending_event_ids_session) == MOST_CONVERSATIONS
    assert queue.ANALYTICS_MAX_EVENTS == MOST_CONVERSATIONS


def test_the_queue_forgets_who_was_silent_longest_not_who_came_first(queue: Queue) -> None:
    for sessions in (queue.pending_messages_per_session, queue.pending_event_ids_session):
        for number in range(MOST_CONVERSATIONS):
            sessions[f"bezoeker{number}"] = set()
        sessions["bezoeker0"].add("an answer")
        sessions["nieuw"] = set()
        assert sessions["bezoeker0"] == {"an answer"}
        assert "bezoeker1" not in sessions and "bezoeker2" in sessions and "nieuw" in sessions


def test_the_page_is_hardened(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["footer_links"] == []
    assert config["max_file_size"] == 1_000 or config["max_file_size"] == 1_024
    flags = ("run_history", "show_error", "dev_mode", "analytics_enabled", "pwa")
    assert {flag: config[flag] for flag in flags} == dict.fromkeys(flags, False)
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    assert client.get("/monitoring/summary").status_code in {403, 404}


def test_the_browser_sends_only_a_question_and_its_session(client: TestClient) -> None:
    """History is no input of any event: it cannot be forged."""
    config = client.get("/config").json()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    sent = {kinds[number] for event in config["dependencies"] for number in event["inputs"]}
    assert sent == {"textbox", "button", "state"}


def test_replies_are_bounded_by_the_queue() -> None:
    blocks = build_chat(reception(ChatFake(), concurrent_replies=3))
    assert blocks.default_config is not None
    assert blocks.api_open is False
    assert blocks._queue.max_size is not None
    assert blocks._queue.default_concurrency_limit == 3
