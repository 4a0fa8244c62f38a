"""What a visitor is told before the first question, where that depends on what the operator switched on."""

from assistant import texts
from assistant.phrasing.model import is_remote
from assistant.records.archive import DAYS_OF_COMMENTS
from assistant.settings import Settings


def privacy_notice(settings: Settings) -> str:
    """What to leave out of a question, whether it is kept, and whether it goes to a model somewhere else."""
    days = settings.keep_conversations_days
    kept = texts.CHAT_IS_KEPT.format(days=days) if days else texts.CHAT_IS_NOT_KEPT
    far = texts.CHAT_GOES_ELSEWHERE if is_remote(settings) else ""
    return " ".join(filter(None, (texts.PRIVACY_NOTICE, kept, far)))


def comment_notice(settings: Settings) -> str:
    """What becomes of what a visitor writes with feedback."""
    return texts.COMMENT_HINT.format(days=settings.keep_conversations_days or DAYS_OF_COMMENTS)
