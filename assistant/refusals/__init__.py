"""What the assistant does not answer, and how it says so: decided by rules that staff can read.

``refusals.toml`` → ``rulebook``; a message without its disguise (``disguise``) → ``reading`` → ``judge``.
"""

from assistant.refusals.judge import Refusal, Refusals, load_refusals
from assistant.refusals.rulebook import Reason

__all__ = ["Reason", "Refusal", "Refusals", "load_refusals"]
