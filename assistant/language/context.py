"""Whether what stands in a message is so, now, and of whom: negation, past, general questions, persons.

Each is judged for one stretch of the message: "geen koorts maar wel doof in mijn kruis" denies the fever only.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assistant.language.cues import Cues
from assistant.language.matching import Message, Span
from assistant.language.tokens import words

_MOST_ITEM_WORDS = 3
_MOST_AFTER = 5


class Status(StrEnum):
    PRESENT = "present"
    NEGATED = "negated"
    PAST = "past"
    GENERAL = "general"


class Person(StrEnum):
    SELF = "self"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """``cue`` are the tokens that made it so; empty when nothing did."""

    status: Status
    cue: Span = ()


class Context:
    """Judges stretches of one message."""

    def __init__(self, message: Message, cues: Cues) -> None:
        self._message = message
        self._cues = cues
        self._words = words(message.tokens)

    def judge(self, span: Span) -> Judgement:
        for status, cue in (
            (Status.NEGATED, self._negation(span)),
            (Status.PAST, self._past(span)),
            (Status.GENERAL, self._general(span)),
        ):
            if cue:
                return Judgement(status, cue)
        return Judgement(Status.PRESENT)

    def is_said_so(self, span: Span) -> bool:
        """Present, with no denial anywhere in between: "ik ga daar niet voor bellen" is no call."""
        inside = (place for place in range(span[0], span[-1] + 1) if place not in span)
        return self.judge(span).status is Status.PRESENT and not any(map(self._is_negation, inside))

    def person(self, span: Span) -> Person:
        return self._persons[span[0]]

    # --- negation ---

    def _negation(self, span: Span) -> Span:
        return (
            self._negation_before(span)
            or self._negation_inside(span)
            or self._negation_after(span)
            or self._negated_by_answer(span)
        )

    def _negation_before(self, span: Span) -> Span:
        """Walks back from ``span`` over words that may stand between "geen" and what it denies."""
        if self._is_negation(span[0]):
            return ()  # "nooit niet meer" says it twice and denies nothing
        words_in_item = 0
        in_list = False
        for place in range(span[0] - 1, self._message.sentence_of(span)[0] - 1, -1):
            if self._is_new_clause(place) and not self._is_listing(place, span):
                return ()
            if self._is_negation(place):
                return (place,)
            if self._is_new_clause(place) or self._goes_on_listing(place, span):
                in_list, words_in_item = True, 0
            if self._begins_anew(place) and not self._goes_on_listing(place, span):
                return ()
            words_in_item += self._is_content(place)
            if words_in_item > (_MOST_ITEM_WORDS if in_list else 0):
                return ()
        return ()

    def _is_new_clause(self, place: int) -> bool:
        """Does the word after this one stand behind a comma?"""
        return self._message.tokens[place].clause != self._message.tokens[place + 1].clause

    def _goes_on_listing(self, place: int, span: Span) -> bool:
        word = self._words[place]
        return word in self._cues.list_words or (word == "en" and self._is_last_noun(place, span))

    def _begins_anew(self, place: int) -> bool:
        return self._words[place] in self._cues.clause_words or self._words[place] in self._cues.now

    def _is_content(self, place: int) -> bool:
        word = self._words[place]
        is_light = word in self._message.lexicon.fillers or word in self._cues.between or word in self._cues.list_words
        return not (is_light or word == "en")

    def _negation_inside(self, span: Span) -> Span:
        """ "Mijn borst doet geen pijn": what is denied is part of the span, the denial is not."""
        for place in range(span[0] + 1, span[-1]):
            if place in span or not self._is_negation(place):
                continue
            following = next(after for after in range(place + 1, span[-1] + 1) if not self._is_light(after, span))
            if following in span:
                return (place,)
        return ()

    def _is_light(self, place: int, span: Span) -> bool:
        if place in span:
            return False
        word = self._words[place]
        return word in self._message.lexicon.fillers or word in self._cues.between

    def _is_negation(self, place: int) -> bool:
        return self._words[place] in self._cues.negations and place not in self._harmless

    def _is_listing(self, place: int, span: Span) -> bool:
        """Commas go on with what "geen" began only in a list that is closed with "of"."""
        sentence = self._message.sentence_of(span)
        behind = self._words[place + 1 : min(sentence[-1] + 1, span[-1] + _MOST_AFTER)]
        return any(word in self._cues.list_words for word in behind)

    def _is_last_noun(self, place: int, span: Span) -> bool:
        """ "geen koorts en rillingen", but not "geen koorts en kan niet plassen"."""
        if len(span) != 1 or self._message.words_between(place, span[0]):
            return False
        following = span[0] + 1
        is_end = following == len(self._words) or (
            self._message.tokens[following].clause != self._message.tokens[span[0]].clause
        )
        before = self._words[self._message.sentence_of(span)[0] : place]
        return is_end and any(word in self._cues.negated_nouns for word in before)

    def _negation_after(self, span: Span) -> Span:
        """ "koorts heb ik niet", "koorts of uitval is er niet": the denial ends its clause."""
        tokens = self._message.tokens
        clause = tokens[span[-1]].clause
        words_in_item = _MOST_ITEM_WORDS
        for place in range(span[-1] + 1, min(len(tokens), span[-1] + 1 + _MOST_AFTER + _MOST_ITEM_WORDS)):
            word = self._words[place]
            if tokens[place].clause != clause:
                return ()
            if self._is_negation(place) or word in self._cues.answers or self._says_fine(place):
                return (place,) if self._ends_here(place) else ()
            if word in self._cues.list_words:
                words_in_item = 0
            elif word not in self._cues.after_light and word not in self._message.lexicon.fillers:
                words_in_item += 1
                if words_in_item > _MOST_ITEM_WORDS:
                    return ()
        return ()

    def _says_fine(self, place: int) -> bool:
        """As "plassen gaat goed"; not "is een doof been normaal?"."""
        opening = self._words[self._message.sentence_of((place,))[0]]
        return self._words[place] in self._cues.fine and opening not in self._cues.question_openers

    def _ends_here(self, place: int) -> bool:
        """Nothing of weight comes after this denial before the clause, or a new one with "en" or "want", is over."""
        clause = self._message.tokens[place].clause
        for following in range(place + 1, min(len(self._words), place + 1 + _MOST_AFTER)):
            word = self._words[following]
            if self._message.tokens[following].clause != clause or word in {"en", "want", "and", "und"}:
                return True
            if word not in self._cues.after_tail:
                return False
        return True

    def _negated_by_answer(self, span: Span) -> Span:
        """ "Koorts? Nee." and "koorts of benauwdheid, allebei niet"; not "pijn op de borst. Geen koorts"."""
        following = self._message.sentence_of(span)[-1] + 1
        if following >= len(self._words) or following - span[-1] > _MOST_AFTER + _MOST_ITEM_WORDS:
            return ()
        answer = self._message.sentence_of((following,))
        opening = self._words[following]
        between = self._message.text[self._message.tokens[following - 1].end : self._message.tokens[following].start]
        is_short = len(answer) <= _MOST_ITEM_WORDS
        is_answer = (opening in self._cues.answers and "?" in between) or (
            is_short and opening in self._cues.answer_starts
        )
        no = next((place for place in answer[:_MOST_ITEM_WORDS] if self._denies_all(place)), None)
        return (no,) if is_answer and no is not None else ()

    def _denies_all(self, place: int) -> bool:
        """ "Nee", and "niet" where nothing follows that it could be about: not "geen hoofdpijn", not "geen idee"."""
        if self._words[place] not in self._cues.answers or place in self._harmless:
            return False
        return self._words[place] not in self._cues.negations or self._ends_here(place)

    @cached_property
    def _harmless(self) -> frozenset[int]:
        """Tokens of "geen idee", "niet normaal" and the like, which deny nothing."""
        return frozenset(place for span in self._message.find_any(self._cues.not_a_negation) for place in span)

    # --- past ---

    def _past(self, span: Span) -> Span:
        """A cue of long ago in the same part of the sentence, or one that says that it is over."""
        part = self._part_of(span)
        for cue in self._pasts:
            if cue[0] in part and not set(cue) & set(span) and self._dates(cue, span):
                return cue
        healed = next((cue for cue in self._healed if cue[0] in self._message.sentence_of(span)), ())
        if healed and not self._recents:
            return healed
        if self._recents or not any(self._words[place] in self._cues.past_verbs for place in part):
            return ()
        last = self._message.tokens[span[-1]].sentence
        return next((cue for cue in self._overs if 0 <= self._message.tokens[cue[0]].sentence - last <= 1), ())

    def _dates(self, cue: Span, span: Span) -> bool:
        """Behind a comma only what says nothing else does: "…, lang geleden", but not "trombose gehad in 2015, …"."""
        tokens = self._message.tokens
        clause = tokens[cue[0]].clause
        if clause in {tokens[place].clause for place in span}:
            return True
        return not any(
            tokens[place].clause == clause and place not in cue and self._is_content(place)
            for place in range(len(tokens))
        )

    def _part_of(self, span: Span) -> range:
        """The sentence up to a word as "nu" or "sindsdien", and from there on."""
        sentence = self._message.sentence_of(span)
        starts = [sentence[0], *(place for place in sentence if self._words[place] in self._cues.now)]
        start = max(place for place in starts if place <= span[0] or place == sentence[0])
        end = min((place for place in starts if place > max(span[0], start)), default=sentence[-1] + 1)
        return range(start, end)

    @cached_property
    def _pasts(self) -> list[Span]:
        return self._message.find_any(self._cues.past)

    @cached_property
    def _overs(self) -> list[Span]:
        return self._message.find_any(self._cues.over)

    @cached_property
    def _healed(self) -> list[Span]:
        return self._message.find_any(self._cues.healed)

    @cached_property
    def _recents(self) -> list[Span]:
        return self._message.find_any(self._cues.recent)

    # --- general questions ---

    def _general(self, span: Span) -> Span:
        """A question about an illness, asked by nobody in particular about nobody in particular; or about a film."""
        sentence = self._message.sentence_of(span)
        for cue in self._elsewheres:
            if cue[0] in sentence:
                return cue
        if any(self._words[place] in self._cues.experiencers for place in sentence) or self._is_worried:
            return ()
        # "Stijve nek en koorts, kan massage helpen?" tells first and asks then; "meningitis symptomen" asks.
        cues = (cue for cue in self._generals if cue[0] in sentence)
        return next((cue for cue in cues if cue[0] < span[0] or self._names_what_is_asked(cue)), ())

    def _names_what_is_asked(self, cue: Span) -> bool:
        return len(cue) == 1 and self._words[cue[0]] not in self._cues.question_openers

    @cached_property
    def _elsewheres(self) -> list[Span]:
        return self._message.find_any(self._cues.elsewhere)

    @cached_property
    def _is_worried(self) -> bool:
        return bool(self._message.find_any(self._cues.worried))

    @cached_property
    def _generals(self) -> list[Span]:
        return self._message.find_any(self._cues.general)

    # --- persons ---

    @cached_property
    def _persons(self) -> list[Person]:
        """Of whom each token speaks: the last person named before it."""
        persons: list[Person] = []
        person = Person.UNKNOWN
        for place, word in enumerate(self._words):
            following = self._words[place + 1] if place + 1 < len(self._words) else ""
            if word in self._cues.others:
                person = Person.OTHER
            elif word in self._cues.other_pronouns:
                person = Person.OTHER if person is not Person.SELF else person
            elif word in self._cues.self_words and following not in self._cues.others:
                person = Person.SELF
            persons.append(person)
        return persons
