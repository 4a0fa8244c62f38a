"""An ``Explanation`` as Markdown that people read: each part in plain Dutch, every word of others escaped."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from assistant.answer import Dropped
from assistant.explain import Alarms, Explanation, Found, Judged, Mark, Outcome, Push, Rule, Sureness, Understood
from assistant.staff import texts
from assistant.staff.shown import bar, escape, number, share, table

_MOST_CHARS = 140
_MOST_PASSED_OVER = 12
_NO_EFFECT = 0.005
_OUTCOMES_WITHOUT_ANSWER = {Outcome.UNSURE, Outcome.HELPED}


def verdict(explained: Explanation) -> str:
    """One paragraph: what decided the reply."""
    sureness = explained.sureness
    numbers = {"confidence": share(sureness.confidence), "threshold": share(sureness.threshold)} if sureness else {}
    return escape(texts.OUTCOMES[explained.outcome].format(**numbers))


def why(explained: Explanation) -> str:
    """All that there is to tell, under headings of the third level."""
    parts = (
        (texts.WHY_QUESTION, _question(explained)),
        (texts.WHY_ALARMS, _alarms(explained.alarms)),
        (texts.WHY_SURENESS, _sureness(explained.sureness)),
        (texts.WHY_PASSAGES, _passages(explained.passages)),
        (texts.WHY_SENTENCES, _chosen(explained)),
        (texts.WHY_PASSED_OVER, _passed_over(explained.passed_over)),
        (texts.WHY_MODEL, _model(explained)),
        (texts.WHY_TIMINGS, _timings(explained)),
    )
    return "\n\n".join(f"### {escape(heading)}\n\n{text}" for heading, text in parts if text)


def _question(explained: Explanation) -> str:
    if explained.understood is None:
        return ""
    rows = [*_understood(explained.understood), *_refused(explained)]
    return table(texts.UNDERSTOOD_HEADERS, ((texts.UNDERSTOOD[name], said) for name, said in rows if said))


def _understood(understood: Understood) -> Iterator[tuple[str, str]]:
    yield "alone", texts.ALONE_SAME if understood.alone == understood.asked else understood.alone
    yield "language", texts.LANGUAGES.get(understood.language, understood.language)
    yield "mended", ", ".join(texts.MENDED.format(typed=typed, read=read) for typed, read in understood.mended)
    yield "terms", ", ".join(understood.terms)
    yield "searched_with", understood.searched_with or texts.NOT_SEARCHED


def _refused(explained: Explanation) -> Iterator[tuple[str, str]]:
    refusal = explained.refusal
    if refusal is not None and explained.outcome is Outcome.REFUSED:
        yield "refusal", texts.REFUSAL_REASONS[refusal.reason]
        yield "rule", refusal.rule
        yield "words", refusal.words


def _alarms(alarms: Alarms | None) -> str:
    if alarms is None:
        return ""
    rows = [
        (
            seen.name,
            seen.words,
            texts.SEEN_PLACE.format(start=seen.start + 1, end=seen.end),
            texts.SEEN_STATUS[seen.status],
            seen.because,
            texts.SEEN_PERSON[seen.person],
        )
        for seen in alarms.seen
    ]
    holding = texts.HOLDING.format(findings=", ".join(alarms.holding)) if alarms.holding else ""
    said = (table(texts.SEEN_HEADERS, rows) or escape(texts.NOTHING_SEEN), escape(holding), *_outcome_of(alarms))
    return "\n\n".join(part for part in said if part)


def _outcome_of(alarms: Alarms) -> Iterator[str]:
    yield "\n".join(f"- {escape(_rule(rule))}" for rule in alarms.rules)
    if alarms.was_answered:
        yield escape(texts.ALARM_WAS_ANSWERED)
    elif not alarms.rules:
        yield escape(texts.NO_ALARM_RAISED)
    if alarms.needs_safety_net:
        yield escape(texts.SAFETY_NET_SHOWN)


def _rule(rule: Rule) -> str:
    if rule.certainty is not None:
        because = texts.RULE_SECOND_LOOK.format(certainty=share(rule.certainty))
    else:
        together = texts.RULE_FINDINGS if len(rule.findings) > 1 else texts.RULE_FINDING
        because = together.format(findings=" + ".join(rule.findings))
    signed = texts.RULE_SIGNED.format(name=rule.reviewed_by) if rule.reviewed_by else texts.RULE_UNSIGNED
    return texts.RULE.format(level=rule.level, name=rule.name, why=because, source=rule.source, signed=signed)


def _sureness(sureness: Sureness | None) -> str:
    if sureness is None:
        return ""
    said = texts.SURENESS.format(
        confidence=share(sureness.confidence), threshold=share(sureness.threshold), risk=texts.RISKS[sureness.risk]
    )
    return f"{escape(said)}\n\n{table(texts.PUSH_HEADERS, map(_push, sureness.pushes))}"


def _push(push: Push) -> Sequence[str]:
    value = texts.PUSH_NONE if push.value is None else number(push.value)
    effect = texts.PUSH_UP if push.effect > 0 else texts.PUSH_DOWN
    said = effect.format(effect=f"{push.effect:+.1f}".replace(".", ",").replace("-", "−"))
    return texts.PUSHES[push.name], value, number(push.usual), said if _is_felt(push) else texts.PUSH_NOTHING


def _is_felt(push: Push) -> bool:
    return abs(push.effect) >= _NO_EFFECT


def _passages(passages: Sequence[Found]) -> str:
    """Not ``table``: these cells have bars in them."""
    if not passages:
        return ""
    names = [name for name in texts.PASSAGE_SIGNALS if name in passages[0].marks]
    headers = (texts.PASSAGE_HEADER, texts.RELEVANCE_HEADER, *(texts.PASSAGE_SIGNALS[name] for name in names))
    rows = (
        (_passage(found), _mark(found.relevance), *(_mark(found.marks[name]) for name in names)) for found in passages
    )
    lines = ([escape(header) for header in headers], ["---"] * len(headers), *rows)
    return "\n\n".join((escape(texts.PASSAGES_INTRO), "\n".join(f"| {' | '.join(line)} |" for line in lines)))


def _passage(found: Found) -> str:
    where = " › ".join(part for part in (found.title, found.section) if part)
    return f"**{escape(where)}** {escape(_cut(found.text))}"


def _mark(mark: Mark) -> str:
    return f"**{escape(texts.RANK.format(rank=mark.rank))}** {escape(number(mark.value))} {bar(mark.strength)}"


def _chosen(explained: Explanation) -> str:
    if not explained.sentences:
        return ""
    intro = texts.WOULD_BE_CHOSEN if explained.outcome in _OUTCOMES_WITHOUT_ANSWER and explained.chosen else ""
    intro = texts.CHOSEN_FOR_QUOTES if explained.quoted else intro
    return "\n\n".join(part for part in (escape(intro), _sentences(explained.chosen)) if part) or escape(
        texts.NONE_CHOSEN
    )


def _passed_over(sentences: Sequence[Judged]) -> str:
    if not sentences:
        return ""
    best = sentences[:_MOST_PASSED_OVER]
    counts = Counter(texts.FATES[sentence.fate] for sentence in sentences).most_common()
    intro = texts.PASSED_OVER_INTRO.format(shown=len(best), count=len(sentences))
    return "\n\n".join((escape(intro), _sentences(best), table(texts.REASON_HEADERS, counts)))


def _sentences(sentences: Iterable[Judged]) -> str:
    return table(texts.SENTENCE_HEADERS, ((each.text, each.article, texts.FATES[each.fate]) for each in sentences))


def _model(explained: Explanation) -> str:
    phrasing = explained.answer.phrasing
    if phrasing is None:
        return escape(texts.MODEL_NOT_ASKED) if explained.has_model and explained.outcome is not Outcome.ALARM else ""
    failed = texts.MODEL_FAILED.format(why=texts.MODEL_FAILURES.get(phrasing.outcome, phrasing.outcome))
    said = escape(texts.MODEL_OUTCOMES.get(phrasing.outcome, failed))
    dropped = table(texts.DROPPED_HEADERS, map(_dropped, phrasing.dropped))
    return "\n\n".join(part for part in (said, dropped) if part)


def _dropped(dropped: Dropped) -> Sequence[str]:
    reason = texts.DROPPED_WHY.get(dropped.fault, dropped.fault)
    if dropped.missing:
        reason = texts.DROPPED_MISSING.format(why=reason, missing=", ".join(dropped.missing))
    return dropped.text, reason, texts.DROPPED_QUOTED if dropped.is_quoted else texts.DROPPED_NOTHING


def _timings(explained: Explanation) -> str:
    timings = explained.answer.timings
    return table(
        texts.TIMING_HEADERS,
        ((said, f"{getattr(timings, name):.1f}".replace(".", ",")) for name, said in texts.TIMINGS.items()),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARS else text[:_MOST_CHARS].rsplit(" ", 1)[0] + " …"
