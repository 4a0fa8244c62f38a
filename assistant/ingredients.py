"""What retrieval is made of; each can be left out, to see what it adds: ``RUGPIJN_WITHOUT=vocabulary,spelling``."""

from enum import StrEnum


class Ingredient(StrEnum):
    QUESTIONS = "questions"
    UNANSWERED = "unanswered"
    METRIC = "metric"
    SENTENCES = "sentences"
    WORDS = "words"
    VOCABULARY = "vocabulary"
    SPELLING = "spelling"
    LANGUAGES = "languages"
    FOLLOW_UPS = "follow_ups"
