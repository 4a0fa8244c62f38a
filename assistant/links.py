"""Where a quote can be read: the address of an article's page with the quote marked on it."""

import hashlib
from urllib.parse import quote as url_quote

ANCHOR = "citaat"


def citation_url(slug: str, start: int, end: int, quote: str) -> str:
    """``/bron/<slug>?c=<start>-<end>-<hash>#citaat``: everything is in the address, so it survives a reload.

    The hash tells the page whether the article still says at these offsets what was quoted.
    """
    return f"/bron/{url_quote(slug)}?c={start}-{end}-{quote_hash(quote)}#{ANCHOR}"


def quote_hash(quote: str) -> str:
    """First eight hexadecimal digits of the SHA-256 of the quoted text."""
    return hashlib.sha256(quote.encode()).hexdigest()[:8]
