"""An assistant for the chat page: what it says depends on a word in the question."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from web_fakes import ARTICLE, FakeLibrary

from assistant import texts
from assistant.answer import (
    Alarm,
    Answer,
    AnswerKind,
    Call,
    Citation,
    Part,
    Remark,
    Sentence,
    Shape,
    Triaged,
    Urgency,
    parts_of,
)
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
NOT_FOUND = Answer(AnswerKind.NOT_FOUND, notice=texts.NOT_FOUND)

EMERGENCY = Alarm(
    Urgency.EMERGENCY,
    ("hart",),
    "Bel nu 112",
    ("Wat u schrijft, kan levensgevaarlijk zijn. Wacht niet.", "Kunt u niet praten? Gebruik de app 112NL."),
    (Call("Bel 112", "112"),),
)
TODAY = Alarm(
    Urgency.SPOED,
    ("cauda",),
    "Bel nu uw huisarts",
    (
        "Is die dicht? Bel de huisartsenspoedpost. Wacht niet tot morgen. Neem eerst geen massage.",
        "Wordt het snel erger? Bel 112.",
    ),
    (Call("Wordt het snel erger?", "112"),),
)
CRISIS = Alarm(
    Urgency.CRISIS,
    ("zelfdoding",),
    "Denkt u aan zelfdoding? U bent niet alleen",
    ("Bel gratis en anoniem 113, dag en nacht. Of chat via 113.nl.", "Bent u nu in gevaar? Bel 112."),
    (Call("113 Zelfmoordpreventie", "0800-0113"), Call("In gevaar", "112")),
)
SOON = Alarm(
    Urgency.HUISARTS,
    ("houdt_aan",),
    "Maak binnen een paar dagen een afspraak met uw huisarts",
    ("Uw klachten duren al lang. Wordt het erger? Bel meteen.",),
    (),
)
REMARKS = (
    Remark("Alleen paracetamol helpt vaak niet genoeg. Stop niet zelf met medicijnen.", "NICE NG59", (3,)),
    Remark("Of houding de oorzaak is, is niet bewezen.", "", (1, 2)),
)
SAFETY_NET = "Kunt u ineens niet goed plassen of lopen? Bel dan meteen uw huisarts."
NOTED = replace(
    LIST_ANSWER,
    sentences=(
        *LIST_ANSWER.sentences,
        Sentence("De massage werkt altijd.", (3,), opens_paragraph=True, attribution=texts.ATTRIBUTION),
    ),
    remarks=REMARKS,
    safety_net=SAFETY_NET,
)
WARNED = replace(NOTED, alarm=SOON)
SUGGESTED = ("Wat is een frozen shoulder?", "Hoe lang duurt lage rugpijn?", "Helpt warmte tegen een stijve nek?")
REFUSED = Answer(
    AnswerKind.OUT_OF_SCOPE,
    notice="Hier kan ik u niet mee helpen. Ik geef alleen informatie over rug, nek en schouder.",
    suggestions=SUGGESTED,
)


def urgent(alarm: Alarm) -> Answer:
    return Answer(AnswerKind.URGENT, alarm=alarm)


# By a word in the question; the first that is there counts.
_REPLIES = {
    "spoed": urgent(TODAY),
    "levensgevaar": urgent(EMERGENCY),
    "crisis": urgent(CRISIS),
    "weken": WARNED,
    "paracetamol": NOTED,
    "voetbal": REFUSED,
    "onbekend": NOT_FOUND,
    "<": NOT_FOUND,
    "[": NOT_FOUND,
}


@dataclass
class ChatFake:
    """Slow at "traag", explodes at "boem"; else by ``_REPLIES``, or a list."""

    collection: FakeLibrary = field(default_factory=FakeLibrary)
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

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        asked = clean_question(question, 1_000)
        self.asked.append((asked, tuple(history)))
        time.sleep(self.slow_seconds if "traag" in asked else self.usual_seconds)
        if "boem" in asked:
            raise RuntimeError(asked)
        answer = next((answer for word, answer in _REPLIES.items() if word in asked), LIST_ANSWER)
        yield Triaged(answer.alarm)
        yield from parts_of(answer)
