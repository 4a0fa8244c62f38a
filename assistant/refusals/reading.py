"""One message as the rules of refusals look at it."""

import re
from collections.abc import Collection, Iterator

from assistant.language.context import Context, Status
from assistant.language.matching import Message, Span
from assistant.language.patterns import Pattern
from assistant.refusals.disguise import undisguised
from assistant.refusals.rulebook import RefusalRules, Rule

_QUOTE = re.compile(r"""["“”„‘«»`]|(?<!\w)['’]""")
_WORDS_BEFORE_QUOTE = 2
_SHORTEST_SHOUT = 6
_END = re.compile(r"[.!?\n](?=\s|$)|\?")
_NOT_SO = {Status.NEGATED, Status.PAST}
_STRETCH = 2_000
_OVERLAP = 200


class Read:
    """A message; a long one in stretches that overlap, for patterns cost more than their share in those."""

    def __init__(self, text: str, rules: RefusalRules) -> None:
        plain = undisguised(text)
        self._rules = rules
        self._folded = plain.casefold()
        self._stretches = [Message(stretch, rules.lexicon) for stretch in _stretches(plain)]

    def has(self, patterns: Collection[Pattern]) -> bool:
        return any(stretch.find(pattern) for pattern in patterns for stretch in self._stretches)

    def trigger(self, rule: Rule) -> str | None:
        """The words, or the sign, that make the rule look at this message."""
        sign = next((sign for sign in rule.signs if sign in self._folded), None)
        if sign is not None:
            return sign
        return next((words for stretch in self._stretches if (words := self._words(rule, stretch)) is not None), None)

    def _words(self, rule: Rule, message: Message) -> str | None:
        spans = message.find_any(rule.phrases)
        spans += [span for span in message.find_any(rule.at_start) if self._is_at_start(span, message)]
        spans += [span for span in message.find_any(rule.before_quote) if _is_before_quote(span, message)]
        if not spans:
            return None
        excepted = {place for span in message.find_any(rule.exceptions) for place in span}
        spans = [span for span in spans if excepted.isdisjoint(span)]
        if rule.must_be_so:
            context = Context(message, self._rules.cues)
            spans = [span for span in spans if context.judge(span).status not in _NOT_SO]
        if rule.must_be_asked:
            spans = [span for span in spans if _is_asked(span, message)]
        return message.quote(spans[0]) if spans else None

    def _is_at_start(self, span: Span, message: Message) -> bool:
        """Is all that stands before it in its part of the sentence as empty as "en kunt u even"?"""
        clause = message.tokens[span[0]].clause
        skipped = self._rules.openers | message.lexicon.fillers
        before = (token for token in message.tokens[: span[0]] if token.clause == clause)
        return all(token.text in skipped for token in before)


def _is_before_quote(span: Span, message: Message) -> bool:
    """Does a colon follow, or within a few words a quotation or a word in capitals?"""
    text, last = message.text, message.tokens[span[-1]]
    following = message.tokens[span[-1] + 1 : span[-1] + 2 + _WORDS_BEFORE_QUOTE]
    reach = following[-1].start if following else len(text)
    words = (text[token.start : token.end] for token in following if token.clause == last.clause)
    is_quote = text.startswith(":", last.end) or bool(_QUOTE.search(text, last.end, reach))
    return is_quote or any(_is_shouted(word, text) for word in words)


def _is_shouted(word: str, text: str) -> bool:
    """A word in capitals, in a text that is not written in capitals throughout."""
    return len(word) >= _SHORTEST_SHOUT and word.isupper() and sum(map(str.isupper, text)) < sum(map(str.islower, text))


def _is_asked(span: Span, message: Message) -> bool:
    end = _END.search(message.text, message.tokens[span[-1]].end)
    return end is not None and end[0] == "?"


def _stretches(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), _STRETCH - _OVERLAP):
        yield text[start : start + _STRETCH]
