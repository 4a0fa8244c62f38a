"""Settings come from the environment or ``.env``; a wrong one is named, in Dutch."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.ingredients import Ingredient
from assistant.settings import Settings
from ingest.errors import SettingsError
from ingest.settings import IngestSettings


def test_without_environment_the_chat_is_on_this_computer_only() -> None:
    settings = Settings.read()
    assert (settings.host, settings.port, settings.embedding_model) == ("127.0.0.1", 7860, "bundled")
    assert settings.corpus_dir.name == "corpus"
    assert settings.index_dir.parts[-2:] == ("var", "index")


def test_the_environment_sets_what_has_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_PORT", "8000")
    monkeypatch.setenv("rugpijn_max_words", "60")
    monkeypatch.setenv("RUGPIJN_RATE_LIMIT", "false")
    monkeypatch.setenv("RUGPIJN_INDEX_DIR", "/srv/index")
    settings = Settings.read()
    assert (settings.port, settings.max_words, settings.rate_limit) == (8000, 60, False)
    assert settings.index_dir == Path("/srv/index")


def test_a_variable_without_the_prefix_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("HOST", "0.0.0.0")
    assert (Settings.read().host, Settings.read().port) == ("127.0.0.1", 7860)


def test_a_variable_with_the_prefix_that_we_do_not_know_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_TOEKOMST", "1")
    assert Settings.read().port == 7860


@pytest.mark.parametrize(
    ("given", "without"),
    [
        ("vocabulary", {Ingredient.VOCABULARY}),
        (" spelling ,words,spelling,", {Ingredient.SPELLING, Ingredient.WORDS}),
        ("", set()),
        (",", set()),
    ],
)
def test_what_retrieval_is_to_do_without_is_named_with_commas_between(
    monkeypatch: pytest.MonkeyPatch, given: str, without: set[Ingredient]
) -> None:
    monkeypatch.setenv("RUGPIJN_WITHOUT", given)
    assert Settings.read().without == without


@pytest.mark.parametrize("ingredient", Ingredient)
def test_every_ingredient_can_be_named(monkeypatch: pytest.MonkeyPatch, ingredient: Ingredient) -> None:
    monkeypatch.setenv("RUGPIJN_WITHOUT", ingredient.value)
    assert Settings.read().without == {ingredient}


def test_retrieval_does_without_nothing_unless_it_is_asked() -> None:
    assert Settings.read().without == frozenset()


def test_of_the_ingredients_named_the_wrong_one_is_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_WITHOUT", "words,woordenboek")
    with pytest.raises(SettingsError, match="RUGPIJN_WITHOUT kan niet 'woordenboek' zijn"):
        Settings.read()


def test_ingest_and_chat_share_what_both_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_INDEX_DIR", "/srv/index")
    assert IngestSettings().index_dir == Settings.read().index_dir


def test_env_file_is_read_and_the_environment_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# poort\nRUGPIJN_PORT=8001\nRUGPIJN_HOST=0.0.0.0\nIETS_ANDERS=1\n", "utf-8")
    monkeypatch.setenv("RUGPIJN_PORT", "8002")
    settings = Settings(_env_file=env_file)
    assert (settings.host, settings.port) == ("0.0.0.0", 8002)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUGPIJN_PORT", "zevenduizend"),
        ("RUGPIJN_PORT", "65536"),
        ("RUGPIJN_PORT", ""),
        ("RUGPIJN_MAX_WORDS", "19"),
        ("RUGPIJN_MAX_WORDS", "401"),
        ("RUGPIJN_MAX_QUESTION_CHARS", "10001"),
        ("RUGPIJN_MAX_HISTORY_TURNS", "-1"),
        ("RUGPIJN_RATE_LIMIT", "misschien"),
        ("RUGPIJN_REPLY_TIMEOUT_SECONDS", "0"),
        ("RUGPIJN_QUESTIONS_PER_MINUTE", "0"),
        ("RUGPIJN_CONCURRENT_REPLIES", "65"),
        ("RUGPIJN_MAX_REQUEST_BYTES", "12.5"),
        ("RUGPIJN_WITHOUT", "woordenboek"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_where_to_look(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    assert f"{name} kan niet '{value}' zijn" in str(caught.value)
    assert ".env.example" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_PORT", "x")
    monkeypatch.setenv("RUGPIJN_MAX_WORDS", "3")
    with pytest.raises(SettingsError, match=r"RUGPIJN_PORT .*RUGPIJN_MAX_WORDS "):
        Settings.read()


def test_settings_cannot_be_changed_while_the_chat_runs() -> None:
    with pytest.raises(ValidationError):
        Settings.read().port = 1  # type: ignore[misc]


ADDRESS = "postgresql://chat:ge#he/im@db1,db2:5433/rugpijn?target_session_attrs=read-write&password=ook"


def test_the_index_is_in_files_unless_a_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.read()
    assert settings.store_address == "" and settings.store_place == str(settings.index_dir)
    monkeypatch.setenv("RUGPIJN_STORE", ADDRESS)
    assert Settings.read().store_address == ADDRESS


def test_the_password_of_the_database_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_STORE", ADDRESS)
    settings = Settings.read()
    for shown in (settings.store_place, repr(settings), str(settings), settings.model_dump_json()):
        assert "im@" not in shown and "ook" not in shown and "ge#he" not in shown
    assert "db1,db2:5433/rugpijn" in settings.store_place


@pytest.mark.parametrize("address", ["mysql://chat:geheim@db/rugpijn", "redis", "postgresql:geheim@db", ""])
def test_a_store_that_is_not_known_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("RUGPIJN_STORE", address)
    with pytest.raises(SettingsError, match="RUGPIJN_STORE") as caught:
        Settings.read()
    assert "geheim" not in str(caught.value)
