"""Alarm before answer: which messages mean that someone needs help now, decided by rules a doctor can read.

``red_flags.toml`` → ``rulebook``; a message → ``reading`` (what it says); all messages → ``judge`` → ``alarm``.
"""
