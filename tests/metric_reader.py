"""What Prometheus would read of an app."""

from prometheus_client.parser import text_string_to_metric_families

from assistant.web.metrics import Metrics


def measured(metrics: Metrics, name: str, **labels: str) -> float:
    """The value of the one sample with these labels, or 0 when there is none."""
    families = text_string_to_metric_families(metrics.exposition()[0].decode())
    found = [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert len(found) <= 1, f"{name} has more labels"
    return found[0] if found else 0.0
