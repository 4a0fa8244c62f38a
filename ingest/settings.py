"""What ingest needs to know, from the environment or ``.env`` with the prefix ``RUGPIJN_``."""

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class IngestSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RUGPIJN_", env_file=PROJECT / ".env", extra="ignore", frozen=True)

    corpus_dir: Path = PROJECT / "corpus"
    index_dir: Path = PROJECT / "var" / "index"
    embedding_model: str = Field(default="bundled", description="'bundled', a hub id or a local folder")
    max_passage_words: int = Field(default=80, ge=20, le=400, description="paragraphs are joined up to this")
    max_article_bytes: int = Field(default=10_000_000, ge=1_000, description="larger article files are refused")

    @classmethod
    def read(cls) -> Self:
        """The settings of this machine. Raises ``SettingsError`` when a value cannot be."""
        try:
            return cls()
        except ValidationError as error:
            prefix = cls.model_config["env_prefix"]
            wrong = {f"{prefix}{problem['loc'][0]}".upper(): problem["input"] for problem in error.errors()}
            raise SettingsError(wrong) from error
