"""What a visitor's words look like to rules: tokens, spelling, numbers, and patterns that people can read.

Knows nothing of illness; ``assistant.triage`` and ``assistant.refusals`` bring the patterns.
"""
