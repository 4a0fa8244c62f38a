"""What visitors say, and how the articles call it: one file per language, for staff to read and change."""

from assistant.vocabulary.terms import ARABIC, DUTCH, Term, Topic, Vocabulary, load_vocabulary

__all__ = ["ARABIC", "DUTCH", "Term", "Topic", "Vocabulary", "load_vocabulary"]
