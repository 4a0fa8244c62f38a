"""What triage found → the banner: fixed words from ``texts``, and the numbers that work where the visitor is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant import texts
from assistant.answer import Alarm, Call, Urgency
from assistant.triage.judge import Raised, Triage


class Country(StrEnum):
    NETHERLANDS = "nl"
    BELGIUM = "be"


@dataclass(frozen=True, slots=True)
class Helplines:
    """Where the practice is, and the number of its out-of-hours service ("" when none is set)."""

    country: Country = Country.NETHERLANDS
    spoedpost: str = ""


@dataclass(frozen=True, slots=True)
class _Notice:
    """One thing to do: a title, what to know, and whom to call."""

    title: str
    text: str
    calls: tuple[Call, ...]


_CALL_112 = Call(texts.CALL_112, "112")
_CALL_112_IF_WORSE = Call(texts.CALL_112_IF_WORSE, "112")
_HUISARTS = _Notice(texts.ALARM_HUISARTS_TITLE, texts.ALARM_HUISARTS, ())
_LESS_THAN_112 = (texts.ALARM_SPOED_TITLE, texts.ALARM_PREGNANT_TITLE)
_SUICIDE, _PREGNANCY, _OVERDOSE = "suicide", "zwangerschap", "overdosis"


def alarm(found: Triage, helplines: Helplines) -> Alarm | None:
    """The banner for what stands open; None when nothing does.

    Below the most urgent notice stand the others that may not be left out: 113 with an overdose, for one.
    """
    urgent = [raised for raised in found.raised if raised.level.forbids_advice]
    open_ = urgent or [raised for raised in found.raised if raised.level.urgency is Urgency.HUISARTS]
    if not open_:
        return None
    belgian = found.is_belgian or helplines.country is Country.BELGIUM
    notices = list(dict.fromkeys(_notice(raised, helplines, belgian) for raised in open_))
    first, *others = notices
    urgency = open_[0].level.urgency
    assert urgency is not None
    return Alarm(
        urgency=urgency,
        flags=tuple(dict.fromkeys(raised.flag.id for raised in open_)),
        title=first.title,
        paragraphs=(first.text, *_paragraphs(urgency, others), *_again(found, open_)),
        calls=tuple(_calls(notices)),
    )


def _notice(raised: Raised, helplines: Helplines, belgian: bool) -> _Notice:
    match raised.level.urgency:
        case Urgency.EMERGENCY:
            return _Notice(texts.ALARM_112_TITLE, texts.ALARM_112_BE if belgian else texts.ALARM_112, (_CALL_112,))
        case Urgency.CRISIS:
            return _suicide(belgian) if raised.flag.id == _SUICIDE else _violence(belgian)
        case Urgency.SPOED:
            return _spoed(raised.flag.id, helplines, belgian)
        case _:
            return _HUISARTS


def _suicide(belgian: bool) -> _Notice:
    if belgian:
        zelfmoordlijn = Call(texts.CALL_1813_BE, "1813")
        return _Notice(texts.ALARM_SUICIDE_TITLE_BE, texts.ALARM_SUICIDE_BE, (zelfmoordlijn, _CALL_112))
    calls = (Call(texts.CALL_113, "113"), Call(texts.CALL_113_FREE, "0800-0113"), _CALL_112)
    return _Notice(texts.ALARM_SUICIDE_TITLE, texts.ALARM_SUICIDE, calls)


def _violence(belgian: bool) -> _Notice:
    if belgian:
        calls = (Call(texts.CALL_1712_BE, "1712"), _CALL_112)
        return _Notice(texts.ALARM_VIOLENCE_TITLE_BE, texts.ALARM_VIOLENCE_BE, calls)
    return _Notice(
        texts.ALARM_VIOLENCE_TITLE, texts.ALARM_VIOLENCE, (Call(texts.CALL_VEILIG_THUIS, "0800-2000"), _CALL_112)
    )


def _spoed(flag: str, helplines: Helplines, belgian: bool) -> _Notice:
    out_of_hours = tuple(_out_of_hours(helplines, belgian))
    if flag == _PREGNANCY:
        return _Notice(texts.ALARM_PREGNANT_TITLE, texts.ALARM_PREGNANT, (_CALL_112_IF_WORSE,))
    if flag == _OVERDOSE:
        poison = (Call(texts.CALL_POISON_BE, "070 245 245"),) if belgian else ()
        title = texts.ALARM_OVERDOSE_TITLE_BE if belgian else texts.ALARM_OVERDOSE_TITLE
        return _Notice(title, texts.ALARM_OVERDOSE, (*poison, *out_of_hours, _CALL_112_IF_WORSE))
    text = texts.ALARM_SPOED_BE if belgian else texts.ALARM_SPOED
    return _Notice(texts.ALARM_SPOED_TITLE, text, (*out_of_hours, _CALL_112_IF_WORSE))


def _out_of_hours(helplines: Helplines, belgian: bool) -> Iterator[Call]:
    if helplines.spoedpost:
        yield Call(texts.CALL_SPOEDPOST, helplines.spoedpost)
    if belgian:
        yield Call(texts.CALL_WACHT_BE, "1733")


def _paragraphs(urgency: Urgency, others: Sequence[_Notice]) -> Iterator[str]:
    """What less urgent notices add; at 112 only what is about another kind of help."""
    for notice in others:
        if urgency is not Urgency.EMERGENCY or notice.title not in _LESS_THAN_112:
            yield f"{notice.title}. {notice.text}"


def _again(found: Triage, open_: Sequence[Raised]) -> Iterator[str]:
    if not any(raised.is_new for raised in open_):
        yield texts.ALARM_AGAIN


def _calls(notices: Sequence[_Notice]) -> Iterator[Call]:
    """Each number once."""
    seen: set[str] = set()
    for call in (call for notice in notices for call in notice.calls):
        if call.number not in seen:
            seen.add(call.number)
            yield call
