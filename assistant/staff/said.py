"""Conversations and feedback as staff reads them: Markdown in which everything that was typed is escaped."""

from datetime import date, datetime

from assistant import texts as visitor_texts
from assistant.records.reading import Conversation, Listed, Rated
from assistant.staff import texts
from assistant.staff.shown import escape, moment, paragraphs, share, table

_MOST_CHARS_OF_LINE = 110
_DAY_FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


def day_typed(typed: str) -> date | None:
    """None for nothing. Raises ``ValueError`` for what is no day."""
    if not typed.strip():
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(typed.strip(), form).date()
        except ValueError:
            continue
    raise ValueError("no day")


def conversation_line(listed: Listed) -> str:
    """One line of a list, as text."""
    told = [moment(listed.at), texts.CHECK_KINDS.get(listed.kind, listed.kind)]
    if listed.urgency:
        told.append(texts.CHECK_LEVELS.get(listed.urgency, listed.urgency))
    if listed.helpful is not None:
        told.append(texts.SAID_HELPED if listed.helpful else texts.SAID_NOT_HELPED)
    return f"{_short(listed.question)} ({', '.join(told)})"


def rating_line(rated: Rated) -> str:
    """One line of a list, as text."""
    rating = rated.rating
    about = texts.SAID_ABOUT.format(kind=texts.CHECK_KINDS.get(rating.kind, rating.kind))
    comment = f": “{_short(rating.comment)}”" if rating.comment else ""
    return f"{_opinion_line(rated)}, {about}{comment}"


def conversation_shown(conversation: Conversation) -> str:
    """The whole of it; the answer as text, as it was given then."""
    exchange = conversation.exchange
    rows = [
        (texts.SAID_WHEN, moment(exchange.at)),
        (texts.SAID_GOES, moment(exchange.delete_at)),
        (texts.SAID_KIND, texts.CHECK_KINDS.get(exchange.kind, exchange.kind)),
        (texts.SAID_LEVEL, texts.CHECK_LEVELS.get(exchange.urgency or "", texts.NO_ALARM)),
        (texts.SAID_WHERE, texts.SAID_CHANNELS.get(exchange.channel, exchange.channel)),
    ]
    blocks = [
        f"### {escape(texts.SAID_QUESTION)}",
        paragraphs(exchange.question),
        f"### {escape(texts.SAID_ANSWER)}",
        paragraphs(exchange.answer),
        f"### {escape(texts.SAID_OPINIONS)}",
        *(_opinion(each) for each in conversation.ratings),
    ]
    if not conversation.ratings:
        blocks.append(escape(texts.SAID_NO_OPINION))
    return "\n\n".join((*blocks, table(texts.SAID_HEADERS, rows)))


def helpful_share(helpful: int, not_helpful: int) -> str:
    """A line on how many found that an answer helped; "" when nobody said anything."""
    total = helpful + not_helpful
    if not total:
        return escape(texts.RATINGS_NONE)
    return escape(texts.RATINGS_COUNT.format(total=total, helpful=helpful, share=share(helpful / total)))


def _opinion(rated: Rated) -> str:
    comment = f"\n\n{paragraphs(rated.rating.comment)}" if rated.rating.comment else ""
    return f"{escape(_opinion_line(rated))}{comment}"


def _opinion_line(rated: Rated) -> str:
    rating = rated.rating
    opinion = texts.SAID_HELPED if rating.helpful else texts.SAID_NOT_HELPED
    reason = visitor_texts.NOT_HELPFUL_REASONS.get(rating.reason, "") if rating.reason else ""
    return ", ".join(part for part in (moment(rating.at), opinion, reason) if part)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_CHARS_OF_LINE else f"{line[:_MOST_CHARS_OF_LINE].rstrip()}…"
