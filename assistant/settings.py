"""All settings, from the environment or ``.env`` with the prefix ``RUGPIJN_``; validated once, then frozen."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_settings import NoDecode

from assistant.ingredients import Ingredient
from assistant.triage.alarm import Country
from ingest.settings import PROJECT, IngestSettings


def _split(given: object) -> object:
    """Names with commas between them, as they stand in the environment."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given


def _unquoted(given: object) -> object:
    """Some readers of ``.env`` files keep the quotes that a shell needs around a "$"."""
    return given.strip().strip("'\"") if isinstance(given, str) else given


# Scheme, host and perhaps a port; "https://*.example.nl" is every site below it.
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.*\[\]:-]+$")]


# Without scheme or port.
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$|^\[[0-9A-Fa-f:.]+\]$")]


def _base_url(given: str) -> str:
    """A key has a setting of its own: in an address it would end up in logs."""
    if given:
        parts = urlsplit(given)
        port_is_possible = parts.port is None or parts.port > 0
        extras = parts.username or parts.password or parts.query or parts.fragment
        if parts.scheme not in ("http", "https") or not parts.hostname or extras or not port_is_possible:
            raise ValueError("the address of a server")
    return given


def _redis(given: SecretStr) -> SecretStr:
    if given.get_secret_value() and not given.get_secret_value().startswith(("redis://", "rediss://")):
        raise ValueError("the address of a Redis server")
    return given


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Settings(IngestSettings):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    max_question_chars: Annotated[int, Field(ge=50, le=10_000)] = 1_000
    max_history_turns: Annotated[int, Field(ge=0, le=500, description="turns beyond this are refused")] = 100
    max_request_bytes: Annotated[int, Field(ge=1_000, description="size of a request body")] = 256_000
    country: Annotated[Country, Field(description="whose helplines an alarm names")] = Country.NETHERLANDS
    spoedpost: Annotated[str, Field(pattern=r"^[0-9+ ()-]*$", description="number of the out-of-hours service")] = ""
    without: Annotated[
        Annotated[frozenset[Ingredient], NoDecode],
        BeforeValidator(_split),
        Field(description="what retrieval is to do without, to see what it adds"),
    ] = frozenset()
    second_opinion_file: Annotated[Path, Field(description="the second look at messages, taught for another model")] = (
        PROJECT / "var" / "second_opinion.npz"
    )
    whole_passages: Annotated[
        int,
        Field(ge=0, description="up to this number all passages are compared with a question, above it the nearest"),
    ] = 2_000
    max_words: Annotated[int, Field(ge=20, le=400, description="words in an answer")] = 120
    reply_timeout_seconds: Annotated[float, Field(gt=0, description="for a reply, waiting its turn included")] = 20.0
    rate_limit: Annotated[bool, Field(description="limit the questions per visitor, per address and per day")] = True
    limits: Annotated[
        SecretStr, AfterValidator(_redis), Field(description="redis://… or rediss://…: counted for all processes there")
    ] = SecretStr("")
    questions_per_minute: Annotated[int, Field(ge=1, description="of one visitor")] = 20
    questions_per_minute_per_address: Annotated[int, Field(ge=1, description="of all visitors at one address")] = 60
    questions_per_day: Annotated[int, Field(ge=1, description="of everybody together")] = 20_000
    concurrent_replies: Annotated[int, Field(ge=1, le=64, description="replies made at the same time")] = 4
    open_replies: Annotated[int, Field(ge=1, description="replies being made or waited for, before it is too busy")] = (
        256
    )
    request_seconds: Annotated[float, Field(gt=0, description="to send a request body in")] = 10.0
    pause_file: Annotated[Path, Field(description="while it is there, visitors read a notice instead")] = (
        PROJECT / "var" / "paused"
    )
    public_hosts: Annotated[
        tuple[HostName, ...], NoDecode, BeforeValidator(_split), Field(description="names the chat may be asked for by")
    ] = ()
    frame_ancestors: Annotated[
        tuple[Origin, ...], NoDecode, BeforeValidator(_split), Field(description="sites that may show the widget")
    ] = ()
    api_origins: Annotated[
        tuple[Origin, ...], NoDecode, BeforeValidator(_split), Field(description="sites whose scripts may use the API")
    ] = ()
    trusted_proxies: Annotated[str, Field(description="addresses whose X-Forwarded-For is believed")] = "127.0.0.1,::1"
    metrics_token: Annotated[SecretStr, Field(description="who shows this may read /metrics")] = SecretStr("")
    log_format: Annotated[LogFormat, Field(description="lines for people, or JSON for programs")] = LogFormat.TEXT
    index_check_seconds: Annotated[float, Field(gt=0, description="how often to look for a new index")] = 5.0
    replica_lag_seconds: Annotated[
        float, Field(gt=0, description="further behind, a process that reads from a replica is not ready")
    ] = 60.0
    drain_seconds: Annotated[
        float, Field(ge=0, le=300, description="from the signal to stop until no more is taken on")
    ] = 0.0
    llm: Annotated[
        str, Field(pattern=r"^([a-z_]+:\S+)?$", description="language model that phrases the answers: provider:model")
    ] = ""
    llm_base_url: Annotated[str, AfterValidator(_base_url), Field(description="its server, if not the usual one")] = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_consent: Annotated[bool, Field(description="questions may go to a model outside this network")] = False
    llm_first_seconds: Annotated[float, Field(gt=0, le=600, description="from the question to the first text")] = 20.0
    llm_between_seconds: Annotated[float, Field(gt=0, le=600, description="between two pieces of text")] = 10.0
    llm_total_seconds: Annotated[float, Field(gt=0, le=600, description="for the whole answer")] = 45.0
    llm_max_chars: Annotated[int, Field(ge=200, le=20_000, description="of what the model says")] = 2_000
    llm_concurrency: Annotated[int, Field(ge=1, le=64, description="questions to the model at the same time")] = 2
    keep_conversations_days: Annotated[int, Field(ge=0, le=3_650, description="0 keeps none")] = 0
    records_file: Annotated[Path, Field(description="feedback, and conversations if they are kept")] = (
        PROJECT / "var" / "records.sqlite3"
    )

    staff_host: Annotated[str, Field(description="where the staff console listens")] = "127.0.0.1"
    staff_port: Annotated[int, Field(ge=0, le=65535)] = 7861
    staff_password_hash: Annotated[
        SecretStr, BeforeValidator(_unquoted), Field(description="who knows its password may open the console")
    ] = SecretStr("")
    staff_hosts: Annotated[
        tuple[HostName, ...], NoDecode, BeforeValidator(_split), Field(description="names the console may be asked by")
    ] = ()
    staff_idle_minutes: Annotated[int, Field(ge=1, le=1_440, description="before who does nothing is logged out")] = 60
    staff_session_hours: Annotated[int, Field(ge=1, le=168, description="before everyone logs in again")] = 12
    staff_dir: Annotated[Path, Field(description="drafts, earlier editions, runs of the test questions")] = (
        PROJECT / "var" / "staff"
    )
    staff_stale_months: Annotated[int, Field(ge=1, le=240, description="after which an article is due for review")] = 24
    test_questions_file: Annotated[Path, Field(description="the practice's own test questions")] = (
        PROJECT / "corpus" / "test_questions.toml"
    )

    @property
    def whole_reply_seconds(self) -> float:
        """For a reply, with what a language model may take."""
        return self.reply_timeout_seconds + (self.llm_total_seconds if self.llm else 0.0)

    @property
    def reply_threads(self) -> int:
        """Who waits for a language model keeps nobody waiting who does not."""
        return self.concurrent_replies + (self.llm_concurrency if self.llm else 0)
