"""The whole way from a message to an answer as a LangChain ``Runnable``, to be put in a graph of one's own."""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import Answer, Part
from assistant.reply import Assistant, Role, Turn


class Asked(TypedDict, total=False):
    """``history`` are the messages before ``question``, the oldest first."""

    question: str
    history: Sequence[BaseMessage]


ChainInput = str | Asked | Sequence[BaseMessage]


class ReplyChain(Runnable[ChainInput, Any]):
    """``invoke`` gives the whole ``Answer``; ``stream`` its parts as they stand, the ``Answer`` last.

    Takes a question, a question with what was said before it, or a conversation that ends with a question; of what was
    said before only the visitor's own words count. Raises ``QuestionError`` for a question that cannot be taken, and
    ``ValueError`` for a conversation that does not end with one.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def invoke(self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        question, history = _read(input)
        answer: Answer = self._call_with_config(lambda _: self._assistant.reply(question, history), input, config)
        return answer

    def stream(self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Part]:
        question, history = _read(input)
        yield from self._assistant.stream(question, history)


def _read(given: ChainInput) -> tuple[str, tuple[Turn, ...]]:
    if isinstance(given, str):
        return given, ()
    if isinstance(given, dict):
        return given["question"], _turns(given.get("history", ()))
    messages = list(given)
    if not messages or not isinstance(messages[-1], HumanMessage):
        raise ValueError("a conversation ends with the visitor's question: a HumanMessage")
    return messages[-1].text, _turns(messages[:-1])


def _turns(messages: Sequence[BaseMessage]) -> tuple[Turn, ...]:
    roles = {HumanMessage: Role.USER, AIMessage: Role.ASSISTANT}
    return tuple(
        Turn(role, message.text) for message in messages for kind, role in roles.items() if isinstance(message, kind)
    )
