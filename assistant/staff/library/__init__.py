"""The practice's articles on the console: drafts, a look before publishing, publishing, and the way back.

The way of an article: ``upload`` → ``drafts`` → ``plan`` → ``preview`` → ``publishing``, which leaves an edition.
"""

from assistant.staff.library.library import Library

__all__ = ["Library"]
