"""What is counted and timed, for the operator's Prometheus; never a word of a question, nor who asked."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.answer import Answer

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One set per app, so that two apps in a process do not count for each other."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._replies = Counter(
            "rugpijn_replies", "Replies, by kind and urgency.", ("channel", "kind", "urgency"), registry=registry
        )
        self._turned_away = Counter(
            "rugpijn_turned_away", "Questions that got no reply, by reason.", ("channel", "reason"), registry=registry
        )
        self._phrasing = Counter(
            "rugpijn_phrasing",
            "Answers a language model was asked to phrase, by how it went.",
            ("outcome",),
            registry=registry,
        )
        self._dropped = Counter(
            "rugpijn_dropped_sentences", "What a language model said and no visitor saw.", ("fault",), registry=registry
        )
        self._feedback = Counter(
            "rugpijn_feedback", "Answers found helpful or not.", ("helpful", "reason"), registry=registry
        )
        self._first = Histogram(
            "rugpijn_first_part_seconds", "Until the first part.", ("channel",), buckets=_SECONDS, registry=registry
        )
        self._whole = Histogram(
            "rugpijn_reply_seconds", "Until the whole reply.", ("channel",), buckets=_SECONDS, registry=registry
        )
        self._requests = Histogram(
            "rugpijn_request_seconds", "HTTP requests.", ("method", "status"), buckets=_SECONDS, registry=registry
        )
        self.open_replies = Gauge("rugpijn_open_replies", "Replies being made or waited for.", registry=registry)
        self.index_swaps = Counter("rugpijn_index_swaps", "Times a new index was taken into use.", registry=registry)
        self.index_failures = Counter(
            "rugpijn_index_failures", "Times a new index could not be taken into use.", registry=registry
        )
        self.limits_alone = Counter(
            "rugpijn_limits_alone",
            "Questions counted by this process alone, its limits being out of reach.",
            registry=registry,
        )
        self.store_lost = Gauge("rugpijn_store_lost", "1 while the database does not answer.", registry=registry)
        self.store_lag = Gauge(
            "rugpijn_store_lag_seconds", "How far what is read may be behind what was published.", registry=registry
        )
        self.records_lost = Counter(
            "rugpijn_records_lost", "Feedback or conversations that could not be kept.", registry=registry
        )

    def replied(self, channel: str, answer: Answer, first_seconds: float, seconds: float) -> None:
        self._replies.labels(channel, answer.kind, answer.urgency or "").inc()
        if answer.phrasing is not None:
            self._phrasing.labels(answer.phrasing.outcome).inc()
            for dropped in answer.phrasing.dropped:
                self._dropped.labels(dropped.fault).inc()
        self._first.labels(channel).observe(first_seconds)
        self._whole.labels(channel).observe(seconds)

    def turned_away(self, channel: str, reason: str) -> None:
        self._turned_away.labels(channel, reason).inc()

    def rated(self, *, helpful: bool, reason: str) -> None:
        self._feedback.labels("yes" if helpful else "no", reason).inc()

    def served(self, method: str, status: int, seconds: float) -> None:
        self._requests.labels(method, str(status)).observe(seconds)

    def exposition(self) -> tuple[bytes, str]:
        """The text Prometheus reads, and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
