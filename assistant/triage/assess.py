"""All the visitor's messages → what is the matter: the rules first, then a second look."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.triage.judge import Raised, Triage, triage
from assistant.triage.rulebook import Combination, Flag, Rulebook
from assistant.triage.second_opinion import SecondOpinion, Suspicion, load_second_opinion
from ingest.embed import Vectors

# What the rules have no words for. Its level is that of the messages it is like.
SUSPICION = "vermoeden"

_MOST_CHARS = 2_000

Embed = Callable[[str], Vectors]


class Assessor:
    """Safe to call from several threads."""

    def __init__(
        self, rules: Rulebook, second_opinion: SecondOpinion | None = None, embed: Embed | None = None
    ) -> None:
        self.rules = rules
        self._second_opinion = second_opinion
        self._embed = embed

    @classmethod
    def load(cls, rules: Rulebook, own_second_opinion: Path, model: str, embed: Embed) -> "Assessor":
        """With the second opinion taught for the ``model`` that ``embed`` asks. Raises ``SecondOpinionError``."""
        return cls(rules, load_second_opinion(own_second_opinion, model), embed)

    def assess(self, messages: Sequence[str]) -> Triage:
        """``messages`` are the visitor's own, the last one last; at least one."""
        by_rules = triage(messages, self.rules)
        if by_rules.level is not None and by_rules.level.forbids_advice:
            return by_rules
        suspicion = None if by_rules.was_answered else self._suspicion(messages[by_rules.open_from :])
        if suspicion is None:
            return by_rules
        if self._second_opinion is not None and suspicion.certainty < self._second_opinion.alarm_from:
            return replace(by_rules, needs_safety_net=not by_rules.raised)
        return _with(by_rules, suspicion, self.rules)

    def _suspicion(self, messages: Sequence[str]) -> Suspicion | None:
        if self._second_opinion is None or self._embed is None:
            return None
        together = " ".join(messages)[-_MOST_CHARS:]
        texts = dict.fromkeys((messages[-1][-_MOST_CHARS:], together))
        return self._second_opinion.judge([(text, self._embed(_calm(text))) for text in texts])


def _calm(text: str) -> str:
    """To the model, a message in capitals alone means something else."""
    return text.lower() if text.isupper() else text


def _with(by_rules: Triage, suspicion: Suspicion, rules: Rulebook) -> Triage:
    level = suspicion.outcome.level
    assert level is not None
    flag = rules.flags.get(suspicion.outcome.value) or Flag(
        id=SUSPICION,
        name="Lijkt op berichten waarin iemand snel hulp nodig had",
        source="De ontwikkelberichten in assistant/evaluation/messages",
        reviewed_by="",
        combinations=(),
        one_level_up_with=frozenset(),
        unless=frozenset(),
    )
    raised = Raised(flag, level, Combination(level, frozenset()), certainty=suspicion.certainty)
    return replace(by_rules, raised=(raised, *by_rules.raised), needs_safety_net=False)
