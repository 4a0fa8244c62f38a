"""The words by which a message denies, dates, generalises and says of whom it speaks."""

from dataclasses import dataclass

from assistant.language.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Cues:
    """The words that decide; see ``language.toml``, which says what each is for."""

    negations: frozenset[str]
    negated_nouns: frozenset[str]
    between: frozenset[str]
    list_words: frozenset[str]
    clause_words: frozenset[str]
    after_light: frozenset[str]
    after_tail: frozenset[str]
    fine: frozenset[str]
    question_openers: frozenset[str]
    answers: frozenset[str]
    answer_starts: frozenset[str]
    not_a_negation: tuple[Pattern, ...]
    past: tuple[Pattern, ...]
    past_verbs: frozenset[str]
    recent: tuple[Pattern, ...]
    now: frozenset[str]
    over: tuple[Pattern, ...]
    healed: tuple[Pattern, ...]
    general: tuple[Pattern, ...]
    elsewhere: tuple[Pattern, ...]
    worried: tuple[Pattern, ...]
    experiencers: frozenset[str]
    others: frozenset[str]
    other_pronouns: frozenset[str]
    self_words: frozenset[str]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        past = (*self.past, *self.recent, *self.over, *self.healed)
        return (*self.not_a_negation, *past, *self.general, *self.elsewhere, *self.worried)
