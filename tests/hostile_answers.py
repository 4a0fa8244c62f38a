"""An assistant, and an article, of which every word is hostile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from answer_fakes import HOSTILE
from chat_fakes import LIST_ANSWER
from hostile_inputs import messages
from web_fakes import FakeLibrary

from assistant.answer import (
    Alarm,
    Answer,
    AnswerKind,
    Call,
    Citation,
    LanguageNote,
    Part,
    Remark,
    Sentence,
    Shape,
    Triaged,
    Urgency,
    parts_of,
)
from assistant.reply import Turn
from ingest.article import Article, Block, BlockKind

_LONGEST = 250
_A_BATCH = 16
# Where a link may lead: all but the last are no place for a link of ours.
_ADDRESSES = (
    "javascript:window.hacked=1",
    "java\nscript:window.hacked=1",
    "data:text/html,<script>window.hacked=1</script>",
    "vbscript:msgbox(1)",
    "//evil.example/x",
    "/\\evil.example/x",
    '/bron/x" onclick="window.hacked=1',
    "/bron/x) ![y](https://evil.example/y.png",
    "",
    "/bron/boos?c=0-5-00000000#citaat",
)


@cache
def hostile_texts() -> tuple[str, ...]:
    """Without half surrogate pairs: an article is a text in UTF-8."""
    typed = [each.text for each in messages() if each.outcome == "reply" and len(each.text) < _LONGEST]
    return (*HOSTILE, *typed)


def _batches() -> Iterator[tuple[str, ...]]:
    texts = iter(hostile_texts())
    while batch := tuple(islice(texts, _A_BATCH)):
        yield batch


def _citation(number: int, text: str) -> Citation:
    return Citation(number, text, text, text, text, 0, 5, _ADDRESSES[number % len(_ADDRESSES)])


def _alarm(urgency: Urgency, batch: tuple[str, ...]) -> Alarm:
    calls = tuple(Call(text, "javascript:112") for text in batch[:4])
    return Alarm(urgency, batch, " ".join(batch[:3]), batch, calls)


def _said(batch: tuple[str, ...]) -> Answer:
    shapes = (Shape.TEXT, Shape.LEAD_IN, Shape.ITEM, Shape.ITEM)
    sentences = [
        Sentence(text, (number,), shapes[number % 4], number % 3 == 0, text if number % 5 == 0 else "")
        for number, text in enumerate(batch, 1)
    ]
    return Answer(
        AnswerKind.ANSWERED,
        tuple(sentences),
        tuple(_citation(number, text) for number, text in enumerate(batch, 1)),
        notice="\n\n".join(batch[:4]),
        alarm=_alarm(Urgency.HUISARTS, batch),
        remarks=tuple(Remark(text, text, (number,) if number % 2 else ()) for number, text in enumerate(batch, 1)),
        suggestions=batch[:6],
        safety_net=" ".join(batch[:4]),
        language_note=LanguageNote(batch[0], " ".join(batch[4:8])),
        stand_alone_question=batch[0],
    )


@cache
def hostile_answers() -> tuple[Answer, ...]:
    """Every text stands in every field that holds several, and most in the others."""
    urgent = [
        Answer(AnswerKind.URGENT, alarm=_alarm(level, batch)) for level, batch in zip(_URGENT, _batches(), strict=False)
    ]
    return (*(_said(batch) for batch in _batches()), *urgent)


_URGENT = (Urgency.SPOED, Urgency.CRISIS, Urgency.EMERGENCY)


def hostile_article() -> Article:
    text, blocks = "", []
    kinds = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM)
    for number, words in enumerate(hostile_texts()):
        kind = kinds[number % len(kinds)]
        blocks.append(Block(kind, len(text), len(text) + len(words), 1 + (kind is BlockKind.HEADING)))
        text += f"{words}\n\n"
    title = " ".join(hostile_texts()[:4])
    return Article(
        "boos", title, text, tuple(blocks), "boos.md", tag=title, url="https://evil.example/", reviewer=title
    )


@dataclass
class HostileAssistant:
    """Asked "antwoord 3" it gives the third of ``hostile_answers``, and else a decent answer."""

    collection: FakeLibrary = field(default_factory=lambda: FakeLibrary({"boos": hostile_article()}))

    def examples(self, count: int) -> tuple[str, ...]:
        return ('</script><script>window.hacked=1</script>"', "<img src=x onerror=window.hacked=1>")[:count]

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        word, _, number = question.partition(" ")
        answer = hostile_answers()[int(number)] if word == "antwoord" else LIST_ANSWER
        yield Triaged(answer.alarm)
        yield from parts_of(answer)
