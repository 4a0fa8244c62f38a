"""An assistant for the chat page: what it says depends on a word in the question."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from web_fakes import ARTICLE, FakeLibrary

from assistant import texts
from assistant.answer import Answer, AnswerKind, Citation, Sentence, Shape
from assistant.links import citation_url
from assistant.question import clean_question
from assistant.reply import Turn

CAUSES = "Door wat wordt hoge rugpijn veroorzaakt?"
PILLS = "Waarom pijnstillers geen goeie keuze zijn tegen rugklachten"

_SENTENCES = (
    Sentence("Hoge rugklachten en rugpijn ontstaan in de meeste gevallen geleidelijk.", (1,)),
    Sentence("Oorzaken van hoge rugklachten en rugpijn:", (2,), Shape.LEAD_IN),
    Sentence("Een (langdurige) verkeerde werkhouding", (2,), Shape.ITEM),
    Sentence("Eenzijdig gebruik van de armen (bijvoorbeeld strijken)", (2,), Shape.ITEM),
    Sentence("Veel boven het hoofd werken (bijvoorbeeld schilderen)", (2,), Shape.ITEM),
    Sentence("Spanning of stress", (2,), Shape.ITEM),
    Sentence("Paracetamol geeft weinig maag- en darmklachten.", (3,), opens_paragraph=True),
    Sentence("Lees de bijsluiter!", (3,)),
)


def citation(number: int, article: str, section: str) -> Citation:
    quote = ARTICLE.title
    url = citation_url(ARTICLE.slug, 0, len(quote), quote)
    return Citation(number, f"{article}-{section}", article, section, quote, 0, len(quote), url)


LIST_ANSWER = Answer(
    AnswerKind.ANSWERED,
    _SENTENCES,
    (
        citation(1, CAUSES, "Oorzaken van hoge rugklachten"),
        citation(2, CAUSES, "Oorzaken van hoge rugklachten"),
        citation(3, PILLS, "Paracetamol niet veel beter dan placebo"),
    ),
)
URGENT = Answer(AnswerKind.URGENT, LIST_ANSWER.sentences, LIST_ANSWER.citations, notice="Bel nu 112. Wacht niet.")
NOT_FOUND = Answer(AnswerKind.NOT_FOUND, notice=texts.NOT_FOUND)


@dataclass
class ChatFake:
    """Slow at "traag", explodes at "boem", urgent at "spoed"; finds nothing at "onbekend" or at a bracket."""

    index: FakeLibrary = field(default_factory=FakeLibrary)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    slow_seconds: float = 5.0
    usual_seconds: float = 0.2

    def examples(self, count: int) -> tuple[str, ...]:
        questions = (
            "Wat zijn de oorzaken van hoge rugpijn?",
            "Helpt paracetamol tegen rugpijn?",
            "Wat kan ik zelf doen tegen een stijve nek?",
            "Wanneer moet ik met schouderpijn naar de dokter?",
        )
        return questions[:count]

    def reply(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        asked = clean_question(question, 1_000)
        self.asked.append((asked, tuple(history)))
        time.sleep(self.slow_seconds if "traag" in asked else self.usual_seconds)
        if "boem" in asked:
            raise RuntimeError(asked)
        if "spoed" in asked:
            return URGENT
        return NOT_FOUND if "onbekend" in asked or set("<[") & set(asked) else LIST_ANSWER
