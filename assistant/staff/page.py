"""The console's page: its tabs in order, and what happens when one is opened."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, TypeVar

import gradio as gr

from assistant.staff import texts
from assistant.staff.desk import Desk
from assistant.staff.shown import PRIVATE
from assistant.staff.tabs.articles import ArticlesTab
from assistant.staff.tabs.checks import ChecksTab
from assistant.staff.tabs.conversations import ConversationsTab
from assistant.staff.tabs.gaps import GapsTab
from assistant.staff.tabs.question import QuestionTab
from assistant.staff.tabs.status import StatusTab

_AT_ONCE = 4
_MAX_WAITING = 100


class Tab(Protocol):
    """Made inside its open ``gr.Tab``, where it lays out its components."""

    ID: ClassVar[str]

    def __init__(self, desk: Desk) -> None: ...

    opened: Sequence[Any]
    """The components that ``on_open`` gives new values."""

    def on_open(self) -> Any:
        """What an event gives for ``opened``: fresh data, each time the tab is opened. Raises nothing."""

    def connect(self, console: "Console") -> None:
        """Its events, once all tabs are there."""


TabT = TypeVar("TabT", bound=Tab)


class Console:
    """The tabs, each by its name, for those that hand something on to another one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._tabs: list[tuple[gr.Tab, Tab]] = []
        with gr.Tabs(elem_id="tabs") as self.tabs:
            self.question = self._laid_out(texts.TAB_QUESTION, QuestionTab)
            self.articles = self._laid_out(texts.TAB_ARTICLES, ArticlesTab)
            self.checks = self._laid_out(texts.TAB_CHECKS, ChecksTab)
            self.conversations = self._laid_out(texts.TAB_CONVERSATIONS, ConversationsTab)
            self.gaps = self._laid_out(texts.TAB_GAPS, GapsTab)
            self.status = self._laid_out(texts.TAB_STATUS, StatusTab)

    def _laid_out(self, title: str, kind: type[TabT]) -> TabT:
        with gr.Tab(title, id=kind.ID) as tab:
            made = kind(self.desk)
        self._tabs.append((tab, made))
        return made

    def open(self, tab_id: str) -> dict[str, Any]:
        """The update for ``tabs`` that shows another tab: "artikelen"."""
        return gr.update(selected=tab_id)

    def connect(self, blocks: gr.Blocks) -> None:
        for tab, made in self._tabs:
            made.connect(self)
            tab.select(made.on_open, outputs=list(made.opened), **PRIVATE)
        blocks.load(self.question.on_open, outputs=list(self.question.opened), **PRIVATE)


def build_console(desk: Desk) -> gr.Blocks:
    blocks = gr.Blocks(title=texts.CONSOLE_TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        Console(desk).connect(blocks)
    blocks.queue(default_concurrency_limit=_AT_ONCE, max_size=_MAX_WAITING, api_open=False)
    return blocks
