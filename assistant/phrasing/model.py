"""The language model that the operator chose: opened so that a question goes to it, and to nobody else."""

import logging
import os
import ssl
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel

from assistant.errors import (
    ModelConsentError,
    ModelKeyError,
    ModelUnusableError,
    ProviderPackageError,
    UnknownProviderError,
)
from assistant.phrasing.nearby import is_nearby
from assistant.phrasing.wire import hooks
from assistant.settings import Settings

_CONNECT_SECONDS = 5.0
# For a server that asks for none: without any, the packages look for one of another program in the environment.
_NO_KEY = "-"
# At their most talkative these log what they send and get.
_TALKATIVE = ("openai", "httpx", "httpx2", "httpcore", "httpcore2")


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Ask it through a ``Line`` only: what keeps a question in hand is on its ``stream``, not on its other methods.

    ``name`` is as the operator wrote it. ``host`` is "" when the provider's package decides that. It ``is_remote``
    unless it is known to be on this computer or in its network. ``tells_why_it_stops`` if it is known to, so that an
    answer that just ends was broken off.
    """

    chat_model: BaseChatModel = field(repr=False)
    name: str
    host: str
    is_remote: bool
    tells_why_it_stops: bool


def open_model(settings: Settings) -> LanguageModel | None:
    """None when no model is set. Makes no connection, but looks up where the model is.

    Raises ``LanguageModelError``: an unknown provider, a package or key that is missing, or a model elsewhere without
    the operator's consent.
    """
    if not settings.llm:
        return None
    provider, _, name = settings.llm.partition(":")
    place = _Place(_url(settings), is_remote(settings))
    options = _GUARDED.get(provider, _other)
    chat_model = _made(provider, name, lambda: options(place, settings))
    if place.is_remote and not settings.llm_consent:
        raise ModelConsentError(settings.llm, _host(place.url))
    return LanguageModel(chat_model, settings.llm, _host(place.url), place.is_remote, provider in _GUARDED)


def is_remote(settings: Settings) -> bool:
    """Whether questions go to a model that is not known to be on this computer or in its network."""
    return bool(settings.llm) and (_is_elsewhere(settings) or not is_nearby(_host(_url(settings))))


def _is_elsewhere(settings: Settings) -> bool:
    """Whatever the address. Ollama hands some of its models on to its cloud, and tells so in the name; what another
    provider's package does with redirects and proxies is not known here."""
    provider, _, name = settings.llm.partition(":")
    is_handed_on = provider == "ollama" and name.endswith(("-cloud", ":cloud"))
    is_cloud = provider in _CLOUDS and not settings.llm_base_url
    return is_handed_on or is_cloud or provider not in _GUARDED


def _made(provider: str, name: str, options: Callable[[], Mapping[str, Any]]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # a second to import, for who has a model only

    try:
        made: BaseChatModel = init_chat_model(name, model_provider=provider, temperature=0, **options())
    except ImportError as error:
        raise ProviderPackageError(provider, _package(error, provider)) from error
    except ModelKeyError:
        raise
    except Exception as error:
        if isinstance(error, ValueError) and str(error).startswith("Unsupported provider"):
            raise UnknownProviderError(provider) from None
        # Its message may quote what was given, the key included.
        raise ModelUnusableError(f"{provider}:{name}", type(error).__name__) from None
    _hush()
    return made


def _hush() -> None:
    """What is asked and answered, and the key, stay out of logs."""
    for logger in _TALKATIVE:
        logging.getLogger(logger).setLevel(logging.WARNING)
    # It quotes an answer that is not of the form the package expects.
    warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning)


def _package(error: ImportError, provider: str) -> str:
    """As pip calls it."""
    missing = error.__cause__ if isinstance(error.__cause__, ImportError) else error
    name = (missing.name or f"langchain_{provider}").partition(".")[0]
    return name.replace("_", "-")


# What each package wants to be told


@dataclass(frozen=True, slots=True)
class _Place:
    url: str
    is_remote: bool

    @property
    def client_options(self) -> dict[str, Any]:
        """For a client of httpx or of httpx2. A proxy may stand between here and elsewhere, not within the house."""
        options: dict[str, Any] = {
            "event_hooks": hooks(must_be_nearby=not self.is_remote),
            "follow_redirects": False,
            "trust_env": self.is_remote,
        }
        # A server in the house may have a certificate that only this computer knows.
        return options if self.is_remote else options | {"verify": ssl.create_default_context()}


def _openai(place: _Place, settings: Settings) -> Mapping[str, Any]:
    from openai import DefaultHttpxClient, Timeout

    return {
        "base_url": place.url,
        "api_key": _key("openai", settings),
        "http_client": DefaultHttpxClient(**place.client_options),
        "timeout": Timeout(_read_seconds(settings), connect=_CONNECT_SECONDS),
        "max_retries": 0,
        # From the environment it would come beside our client, which the package refuses.
        "openai_proxy": None,
        # What servers that only resemble OpenAI's do not know.
        "use_responses_api": False,
        "stream_usage": False,
    }


def _mistralai(place: _Place, settings: Settings) -> Mapping[str, Any]:
    from httpx import Client, Timeout

    key = _key("mistralai", settings)
    client = Client(
        base_url=place.url,
        headers={"Accept": "application/json", "Authorization": f"Bearer {key}"},
        timeout=Timeout(_read_seconds(settings), connect=_CONNECT_SECONDS),
        **place.client_options,
    )
    return {"base_url": place.url, "api_key": key, "client": client, "max_retries": 0}


def _ollama(place: _Place, settings: Settings) -> Mapping[str, Any]:
    from httpx import Timeout

    return {
        "base_url": place.url,
        "sync_client_kwargs": {
            **place.client_options,
            "timeout": Timeout(_read_seconds(settings), connect=_CONNECT_SECONDS),
            "headers": {"Authorization": f"Bearer {settings.llm_api_key.get_secret_value() or _NO_KEY}"},
        },
        # What it thinks is not shown, and takes the time for the answer.
        "reasoning": False,
    }


def _other(place: _Place, settings: Settings) -> Mapping[str, Any]:
    """What the packages have in common; for the rest each has an environment of its own."""
    key = settings.llm_api_key.get_secret_value()
    given = {"base_url": place.url, "api_key": key}
    return {"max_retries": 0} | {name: value for name, value in given.items() if value}


# The providers whose packages let their connections be guarded, and where the models of some are if nothing is set.
_GUARDED: Mapping[str, Callable[[_Place, Settings], Mapping[str, Any]]] = {
    "ollama": _ollama,
    "openai": _openai,
    "mistralai": _mistralai,
}
_CLOUDS = {"openai": "https://api.openai.com/v1", "mistralai": "https://api.mistral.ai/v1"}


def _url(settings: Settings) -> str:
    provider = settings.llm.partition(":")[0]
    if settings.llm_base_url or provider != "ollama":
        return settings.llm_base_url or _CLOUDS.get(provider, "")
    return _ollama_url()


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _ollama_url() -> str:
    """As Ollama's own programs read it: a host, a port or both, with or without a scheme."""
    given = os.environ.get("OLLAMA_HOST", "").strip()
    has_scheme = "://" in given
    try:
        parts = urlsplit(given if has_scheme else f"http://{given}")
        port = parts.port or ({"http": 80, "https": 443}[parts.scheme] if has_scheme else 11434)
    except (ValueError, KeyError):
        raise ModelUnusableError("ollama", f"OLLAMA_HOST={given}") from None
    host = parts.hostname or "127.0.0.1"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}{parts.path.rstrip('/')}"


def _key(provider: str, settings: Settings) -> str:
    """Raises ``ModelKeyError``."""
    key = settings.llm_api_key.get_secret_value()
    if not key and not settings.llm_base_url:
        raise ModelKeyError(provider)
    return key or _NO_KEY


def _read_seconds(settings: Settings) -> float:
    """Longer than is waited: it is only there for a request that cannot be cut."""
    return max(settings.llm_first_seconds, settings.llm_between_seconds) + _CONNECT_SECONDS
