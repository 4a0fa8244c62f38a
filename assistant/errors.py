"""What can go wrong between a question and its answer. A "not found" is an answer, not an error.

AssistantError
├── CalibrationError           the confidence model does not fit the index
├── RulesError                 a file of rules (red flags, refusals, language) is broken
├── CorpusTooLargeError        … for what works on all of it at once
├── UnknownIdsError            the notes beside the articles name what the rules do not know
├── LanguageModelError         the language model that is set cannot be used
│   ├── UnknownProviderError
│   ├── ProviderPackageError       … its package is not installed
│   ├── ModelKeyError              … it asks for a key
│   ├── ModelConsentError          … it is elsewhere, and nobody said that it may be
│   └── ModelUnusableError
└── QuestionError              the visitor's message cannot be taken
    ├── EmptyQuestionError
    ├── QuestionTooLongError
    └── UnreadableQuestionError
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import texts

# Providers of language models whose packages this project can install itself; see pyproject.toml.
_EXTRAS = ("ollama", "openai", "mistralai")


class AssistantError(Exception):
    """Base of all errors of this package; ``str(error)`` is Dutch."""


class CalibrationError(AssistantError):
    """Shown to staff, not to visitors."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"De afstelling in {path} is niet bruikbaar: {reason} Maak hem opnieuw met: rugpijn calibrate")


class RulesError(AssistantError):
    """A file of rules cannot be used; ``line`` counts from 1. Shown to staff, not to visitors."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        where = f"{path.name}, regel {line}" if line is not None else path.name
        super().__init__(f"{where}: {reason} Verbeter het bestand en start opnieuw.")


class UnknownIdsError(AssistantError):
    """``unknown`` maps a key of the review notes to the ids under it that no rule has. Shown to staff."""

    def __init__(self, unknown: Mapping[str, Sequence[str]]) -> None:
        self.unknown = unknown
        named = " en ".join(f"{key} = {', '.join(ids)}" for key, ids in unknown.items() if ids)
        super().__init__(
            f"De aantekeningen bij de artikelen noemen iets wat niet in red_flags.toml staat: {named}. "
            "Verbeter review_notes.toml en lees opnieuw in met: rugpijn ingest"
        )


class SecondOpinionError(AssistantError):
    """The weights of the second look at messages cannot be used. Shown to staff."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"De tweede blik op alarmsignalen kan niet worden geladen uit {path}: {reason}. "
            "Maak het bestand opnieuw met: rugpijn calibrate"
        )


class LanguageModelError(AssistantError):
    """Shown to staff when the program starts."""


class UnknownProviderError(LanguageModelError):
    def __init__(self, provider: str) -> None:
        self.provider = provider
        super().__init__(
            f"RUGPIJN_LLM noemt '{provider}', en dat is geen aanbieder die LangChain kent. "
            "Schrijf bijvoorbeeld ollama:…, openai:… of mistralai:…"
        )


class ProviderPackageError(LanguageModelError):
    """``package`` is the name that pip knows; what this project has an extra for, is installed by that."""

    def __init__(self, provider: str, package: str) -> None:
        self.provider = provider
        extra = f'"rugpijn-assistent[{provider}]"' if provider in _EXTRAS else package
        super().__init__(
            f"Voor het taalmodel van '{provider}' ontbreekt een pakket. "
            f"Installeer het met: .venv/bin/pip install {extra}"
        )


class ModelKeyError(LanguageModelError):
    def __init__(self, provider: str) -> None:
        self.provider = provider
        super().__init__(
            f"Voor het taalmodel van '{provider}' is een sleutel nodig. Zet die in RUGPIJN_LLM_API_KEY. "
            "Draait het model op een eigen server? Zet dan het adres in RUGPIJN_LLM_BASE_URL."
        )


class ModelConsentError(LanguageModelError):
    """``host`` is "" when it is not known where the model is."""

    def __init__(self, name: str, host: str) -> None:
        self.host = host
        where = f"Het taalmodel {name} op {host}" if host else f"Het taalmodel {name}"
        super().__init__(
            f"{where} staat niet op deze computer of in uw netwerk, of is daar nu niet te vinden. "
            "Elke vraag van een bezoeker gaat dan naar een ander bedrijf. "
            "Is dat de bedoeling? Zet dan RUGPIJN_LLM_CONSENT=true."
        )


class ModelUnusableError(LanguageModelError):
    """``reason`` is a word of the provider's package, without what was given to it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"Het taalmodel {name} kan niet worden geopend ({reason}). Kijk de instellingen RUGPIJN_LLM, "
            "RUGPIJN_LLM_BASE_URL en RUGPIJN_LLM_API_KEY na."
        )


class QuestionError(AssistantError):
    """The question cannot be taken; ``str(error)`` can be shown to the visitor."""


class EmptyQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_EMPTY)


class QuestionTooLongError(QuestionError):
    def __init__(self, limit: int) -> None:
        super().__init__(texts.QUESTION_TOO_LONG.format(limit=limit))


class UnreadableQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_NOT_READABLE)


class CorpusTooLargeError(AssistantError):
    """This part of the program works on all of a corpus at once, and it has too many ``passages`` for that."""

    def __init__(self, passages: int, most: int) -> None:
        super().__init__(
            f"Dit onderdeel leest alle artikelen tegelijk en kan dat tot {most} passages; dit zijn er {passages}. "
            "De chat zelf werkt gewoon. Zie docs/scaling.md voor wat er bij zo veel artikelen anders gaat."
        )
