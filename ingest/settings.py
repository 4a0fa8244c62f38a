"""What ingest needs to know, from the environment or ``.env`` with the prefix ``RUGPIJN_``."""

import re
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent
FILES = "faiss"

_POSTGRESQL = ("postgresql://", "postgres://")
# Of an address: what stands between the scheme and the host, and a password given behind the "?".
_USER = re.compile(r"(?<=://).*@")
_PASSWORD = re.compile(r"(?<=[?&]password=)[^&]*")


def without_password(address: str) -> str:
    """An address as it may be shown and logged."""
    return _PASSWORD.sub("…", _USER.sub("…@", address))


def _store(given: SecretStr) -> SecretStr:
    address = given.get_secret_value()
    if address != FILES and not address.startswith(_POSTGRESQL):
        raise ValueError("'faiss' or the address of a database")
    return given


class IngestSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RUGPIJN_", env_file=PROJECT / ".env", extra="ignore", frozen=True)

    corpus_dir: Path = PROJECT / "corpus"
    index_dir: Path = PROJECT / "var" / "index"
    store: Annotated[
        SecretStr, AfterValidator(_store), Field(description="'faiss' (files in index_dir) or postgresql://…")
    ] = SecretStr(FILES)
    embedding_model: str = Field(default="bundled", description="'bundled', a hub id or a local folder")
    max_passage_words: int = Field(default=80, ge=20, le=400, description="paragraphs are joined up to this")
    max_article_bytes: int = Field(default=10_000_000, ge=1_000, description="larger article files are refused")

    @property
    def store_address(self) -> str:
        """Of the database, password and all; "" for files."""
        address = self.store.get_secret_value()
        return "" if address == FILES else address

    def in_folder(self, index_dir: Path, **changes: Any) -> Self:
        """The same with an index of its own in a folder, whatever store is in use."""
        return self.model_copy(update={"index_dir": index_dir, "store": SecretStr(FILES), **changes})

    @property
    def store_place(self) -> str:
        """Where the index is, as it may be shown and logged."""
        return without_password(self.store_address) or str(self.index_dir)

    @classmethod
    def read(cls) -> Self:
        """The settings of this machine. Raises ``SettingsError`` when a value cannot be."""
        try:
            return cls()
        except ValidationError as error:
            prefix = cls.model_config["env_prefix"]
            names = [(str(problem["loc"][0]), problem["input"]) for problem in error.errors()]
            wrong = {f"{prefix}{name}".upper(): cls._shown(name, given) for name, given in names}
            # Not "from error": what pydantic says of it has the passwords in it.
            raise SettingsError(wrong) from None

    @classmethod
    def _shown(cls, name: str, given: object) -> str:
        """What was given for a setting, in so far as it is no secret."""
        field = cls.model_fields.get(name)
        is_secret = field is not None and field.annotation is SecretStr
        return "…" if is_secret and "://" not in str(given) else without_password(str(given))
