"""What became of the test questions between two runs."""

from dataclasses import dataclass

from assistant.staff.checks.check import Check, Expectation
from assistant.staff.checks.run import Result, Run


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is answered differently now."""

    before: Result
    now: Result

    @property
    def check(self) -> Check:
        return self.now.check

    @property
    def is_loss(self) -> bool:
        return self.before.passed and not self.now.passed

    @property
    def is_gain(self) -> bool:
        return not self.before.passed and self.now.passed

    @property
    def is_flip(self) -> bool:
        return self.is_loss or self.is_gain


@dataclass(frozen=True, slots=True)
class Changes:
    """Of ``now`` since ``before``: what turned red first, then what turned green, then other answers.

    ``new`` are results whose question or expectation is not in ``before``, ``gone`` the other way round.
    """

    before: Run
    now: Run
    changes: tuple[Change, ...]
    new: tuple[Result, ...]
    gone: tuple[Result, ...]

    @classmethod
    def of(cls, before: Run, now: Run) -> "Changes":
        earlier, later = _by_check(before), _by_check(now)
        pairs = [Change(earlier[key], result) for key, result in later.items() if key in earlier]
        changes = [each for each in pairs if each.is_flip or each.before.given != each.now.given]
        return cls(
            before=before,
            now=now,
            changes=tuple(sorted(changes, key=lambda each: (not each.is_loss, not each.is_gain))),
            new=tuple(result for key, result in later.items() if key not in earlier),
            gone=tuple(result for key, result in earlier.items() if key not in later),
        )

    @property
    def lost(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.is_loss)

    @property
    def gained(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.is_gain)

    @property
    def flips(self) -> tuple[Change, ...]:
        return (*self.lost, *self.gained)

    @property
    def others(self) -> tuple[Change, ...]:
        """Still red or still green, with another answer."""
        return tuple(each for each in self.changes if not each.is_flip)


def _by_check(run: Run) -> dict[tuple[tuple[str, ...], Expectation], Result]:
    """By what is asked and what is expected, so that a question that got another name is still the same one."""
    return {(result.check.asks, result.check.expectation): result for result in run.results}
