"""Text that can be sent: JSON and UTF-8 know no half surrogate pairs, which a browser can send us all the same."""


def encodable(text: str) -> str:
    """``text`` with "?" for every half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")
