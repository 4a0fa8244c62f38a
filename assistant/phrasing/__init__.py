"""A language model may phrase the answer: from messages on a wire to sentences with the passages they cite.

``model`` opens the model and ``prompt`` asks it; ``line`` streams what it says within ``budgets``, over a ``wire`` that
can be cut and behind a ``circuit``; ``cutter`` cuts that into cited sentences. Whether the passages bear them out is
for ``assistant.verify``.
"""
