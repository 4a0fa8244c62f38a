"""What a visitor is told before the first question, where that depends on what the operator switched on."""

from assistant import texts
from assistant.settings import Settings


def privacy_notice(settings: Settings) -> str:
    """What to leave out of a question, and whether it is kept."""
    days = settings.keep_conversations_days
    kept = texts.CHAT_IS_KEPT.format(days=days) if days else texts.CHAT_IS_NOT_KEPT
    return f"{texts.PRIVACY_NOTICE} {kept}"
