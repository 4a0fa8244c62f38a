"""What the visitors of a load say: small conversations of the development questions and messages."""

from collections.abc import Sequence
from random import Random

from assistant.evaluation.messages import alarm_messages, look_alikes
from assistant.evaluation.questions import Half, answerable, follow_ups, unanswerable

_SEED = 5
Talk = tuple[str, ...]


def conversations() -> tuple[Talk, ...]:
    """Of every ten: five ask the articles something twice, two ask on, one asks what no article answers, one tells of a
    harmless symptom, and one of an alarm after a question."""
    chance = Random(_SEED)
    known = [each.question for each in answerable()]
    asking_on = [(*each.earlier, each.question) for half in Half for each in follow_ups(half)]
    beside = [each.question for each in unanswerable()]
    calm = [each.messages for each in look_alikes()]
    alarms = [each.messages for each in alarm_messages()]
    talks: list[Talk] = []
    for _ in range(len(known) // 10):
        talks += [_two(known, chance) for _ in range(5)]
        talks += chance.sample(asking_on, 2)
        talks += [(chance.choice(known), chance.choice(beside)), chance.choice(calm)]
        talks.append((chance.choice(known), *chance.choice(alarms)))
    return tuple(talks)


def _two(questions: Sequence[str], chance: Random) -> Talk:
    first, second = chance.sample(questions, 2)
    return first, second
