"""The chat page: what stands on it, and which buttons do what. The conversation itself is in ``dialogue.py``."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware

from assistant import texts
from assistant.web.chat.dialogue import Conversation, Dialogue, Progress
from assistant.web.chat.html import DutchPage
from assistant.web.chat.opinion import Rateable
from assistant.web.chat.queue import QueueDoor, remember_at_most
from assistant.web.chat.rating_bar import RatingBar
from assistant.web.chat.render import escape
from assistant.web.chat.theme import THEME
from assistant.web.encodable import encodable
from assistant.web.notices import comment_notice, privacy_notice
from assistant.web.reception import Reason, Reception

_EXAMPLES = 4
# A reply that is being said mostly sleeps; how many are being made at once is the reply pool's business.
_STREAMS_PER_REPLY = 16
_MAX_WAITING = 200
# Kept at a time, some 70 kB each; the one that was silent longest goes first. Gradio itself would keep 10,000, for it
# forgets nobody who leaves.
MOST_CONVERSATIONS = 1_000

Updates = dict[Any, Any]


class ChatPage:
    """The components of the page, and what an event changes in them."""

    def __init__(self, dialogue: Dialogue, examples: tuple[str, ...]) -> None:
        self.dialogue = dialogue
        self.privacy_notice = privacy_notice(dialogue.reception.settings)
        self.conversation = gr.State(dialogue.new_conversation())
        self._lay_out_welcome(examples)
        self.log = gr.Chatbot(
            label=texts.CONVERSATION_LABEL,
            show_label=False,
            elem_id="log",
            height=None,
            autoscroll=False,
            buttons=["copy"],
            allow_tags=False,
            latex_delimiters=[],
            line_breaks=False,
            allow_file_downloads=False,
            group_consecutive_messages=False,
            feedback_options=None,
        )
        self.rating = RatingBar(comment_notice(dialogue.reception.settings))
        self._lay_out_composer()

    def _lay_out_welcome(self, examples: tuple[str, ...]) -> None:
        _markdown(f"# {escape(texts.PAGE_TITLE)}\n\n{escape(texts.PAGE_INTRO)}", "welcome")
        notices = f"**{escape(texts.AI_NOTICE)}** {escape(self.privacy_notice)}\n\n{escape(texts.NOT_A_DEVICE)}"
        _markdown(notices, "notice")
        with gr.Column(elem_id="examples", visible=bool(examples)) as self.examples:
            _markdown(f"## {escape(texts.EXAMPLES_LABEL)}", "examples-label")
            self.chips = [gr.Button(question, elem_classes="chip") for question in examples]

    def _lay_out_composer(self) -> None:
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask"):
                self.box = gr.Textbox(
                    label=texts.QUESTION_LABEL,
                    placeholder=texts.QUESTION_PLACEHOLDER,
                    lines=1,
                    max_lines=5,
                    interactive=True,
                    elem_id="box",
                )
                self.send = gr.Button(texts.SEND, variant="primary", elem_id="send")
                self.stop = gr.Button(texts.STOP, variant="stop", elem_id="stop", visible=False)
            self.restart = gr.Button(texts.NEW_CONVERSATION, elem_id="restart", visible=False)
            _markdown(escape(texts.DISCLAIMER), "disclaimer")

    def connect(self, max_streams: int) -> None:
        """Every event goes through the queue; what is shown comes from the conversation on the server alone."""
        everything = [self.log, self.box, self.examples, self.send, self.stop, self.restart, *self.rating.outputs]
        options: dict[str, Any] = {"outputs": everything, "show_progress": "hidden", "api_visibility": "private"}
        asking: dict[str, Any] = {"concurrency_limit": max_streams, "concurrency_id": "ask", **options}
        for triggers, question in self._questions():
            gr.on(triggers, self.on_ask, inputs=[question, self.conversation], **asking)
        self.log.option_select(self.on_suggestion, inputs=self.conversation, **asking)
        # Not ``cancels=``: in Gradio 6.31 one in four left the page waiting for ever, with its event stream closed.
        for button, react in ((self.stop, self.on_stop), (self.restart, self.on_restart)):
            button.click(react, inputs=self.conversation, concurrency_limit=None, **options)
        self._connect_rating({**options, "outputs": self.rating.outputs, "concurrency_limit": None})

    def _connect_rating(self, options: dict[str, Any]) -> None:
        rating = self.rating
        for button, react in ((rating.yes, self.on_yes), (rating.no, self.on_no), (rating.skip, self.on_skip)):
            button.click(react, inputs=self.conversation, **options)
        for reason, button in rating.reasons.items():
            button.click(self.on_reason(reason), inputs=self.conversation, **options)
        rating.send.click(self.on_comment, inputs=[rating.box, self.conversation], **options)

    def _questions(self) -> list[tuple[list[Any], gr.Textbox | gr.Button]]:
        """What asks, and where its question stands."""
        typed: list[tuple[list[Any], gr.Textbox | gr.Button]] = [([self.box.submit, self.send.click], self.box)]
        return typed + [([chip.click], chip) for chip in self.chips]

    async def on_ask(
        self, question: str | None, conversation: Conversation, request: gr.Request
    ) -> AsyncIterator[Updates]:
        address, root = _sender(request)
        is_first = True
        async for exchange in self.dialogue.ask(question or "", conversation, address, root):
            updates = self._show(conversation)
            if is_first or exchange.progress is Progress.REFUSED:
                # A question that was not taken goes back into the box, to be mended.
                updates[self.box] = "" if is_first else encodable(question or "")
            is_first = False
            yield updates

    async def on_suggestion(
        self, conversation: Conversation, chosen: gr.SelectData, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """Asks the suggestion. It comes from the browser, so it may be any text, like a question that was typed."""
        async for updates in self.on_ask(str(chosen.value), conversation, request):
            yield updates

    async def on_stop(self, conversation: Conversation) -> Updates:
        """The reply that is running sees that it was stopped, and shows it last."""
        conversation.stop()
        return self._show(conversation)

    async def on_restart(self, conversation: Conversation, request: gr.Request) -> Updates:
        self.dialogue.settle(conversation, _sender(request)[0])
        conversation.clear()
        return self._show(conversation)

    async def on_yes(self, conversation: Conversation, request: gr.Request) -> Updates:
        return self._rate(conversation, lambda reply: self.dialogue.opinions.helped(reply, _sender(request)[0]))

    async def on_no(self, conversation: Conversation) -> Updates:
        return self._rate(conversation, self.dialogue.opinions.did_not_help)

    def on_reason(self, reason: Reason) -> Callable[[Conversation, gr.Request], Awaitable[Updates]]:
        """What the button of that reason does."""
        opinions = self.dialogue.opinions

        async def react(conversation: Conversation, request: gr.Request) -> Updates:
            return self._rate(conversation, lambda reply: opinions.because(reply, reason, _sender(request)[0]))

        return react

    async def on_comment(self, comment: str | None, conversation: Conversation, request: gr.Request) -> Updates:
        opinions, address = self.dialogue.opinions, _sender(request)[0]
        return self._rate(conversation, lambda reply: opinions.write(reply, comment or "", address))

    async def on_skip(self, conversation: Conversation, request: gr.Request) -> Updates:
        return await self.on_comment("", conversation, request)

    def _rate(self, conversation: Conversation, say: Callable[[Rateable], None]) -> Updates:
        if reply := conversation.last_reply:
            say(reply)
        return self.rating.show(conversation.last_reply)

    def _show(self, conversation: Conversation) -> Updates:
        """The conversation as it is now, whichever event asks: so the last update is right, however they overtake."""
        has_begun, is_answering = bool(conversation.exchanges), conversation.is_answering
        return {
            self.log: conversation.messages(),
            self.examples: gr.update(visible=bool(self.chips) and not has_begun),
            self.send: gr.update(visible=not is_answering),
            self.stop: gr.update(visible=is_answering),
            self.restart: gr.update(visible=has_begun),
            **self.rating.show(conversation.last_reply),
        }


def _markdown(text: str, elem_id: str) -> None:
    gr.Markdown(text, elem_id=elem_id, latex_delimiters=[])


def _sender(request: gr.Request) -> tuple[str, str]:
    """The address to count, and the path that a proxy gives the app."""
    http = request.request  # ``gr.Request`` itself would copy the whole scope through JSON
    if http is None:
        return "", ""
    return (http.client.host if http.client else ""), http.scope.get("root_path", "")


def build_chat(reception: Reception) -> gr.Blocks:
    settings = reception.settings
    max_streams = settings.concurrent_replies * _STREAMS_PER_REPLY
    blocks = gr.Blocks(title=texts.PAGE_TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        page = ChatPage(Dialogue(reception), reception.assistant.examples(_EXAMPLES))
        page.connect(max_streams)
    blocks.queue(default_concurrency_limit=settings.concurrent_replies, max_size=_MAX_WAITING, api_open=False)
    return blocks


def mount_chat(app: FastAPI, reception: Reception) -> None:
    """Put the chat at "/" of ``app``, which serves our static files at "/web".

    Mount it last: it answers every path that is still free.
    """
    blocks = build_chat(reception)
    blocks.state_session_capacity = MOST_CONVERSATIONS
    remember_at_most(blocks._queue, MOST_CONVERSATIONS)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        app_kwargs={"middleware": [Middleware(DutchPage), Middleware(QueueDoor, events=frozenset(blocks.fns))]},
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size="1kb",
        i18n=gr.I18n(nl=_gradio_words()),
        theme=THEME,
    )


def _gradio_words() -> dict[str, str]:
    """Gradio's own strings that its Dutch lacks and this page can show."""
    return {
        "chatbot.copy_message": texts.COPY_ANSWER,
        "chatbot.copied_message": texts.COPIED,
        "blocks.lost_connection": texts.CONNECTION_LOST,
        "status.queue_position": texts.QUEUE_POSITION,
        "common.loading": texts.LOADING,
    }
