"""The word lists of the check: readable by the product, and refused with the line when somebody makes a mistake."""

import shutil
from pathlib import Path

import pytest

from assistant.errors import RulesError
from assistant.verify.lexicon import load_lexicon
from assistant.verify.verifier import PACKAGED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lexicon.toml", "wording.toml"):
        shutil.copy(PACKAGED.parent / name, tmp_path / name)
    return tmp_path


def test_the_lists_that_come_with_it_can_be_read() -> None:
    lexicon = load_lexicon()
    assert lexicon.lists["negation"].mentions(["dat", "helpt", "niet"])
    assert len(lexicon.often) == 5


@pytest.mark.parametrize(
    ("name", "wrong", "complaint"),
    [
        ("lexicon.toml", 'oeps = ["niet"]', "geen bekend gegeven"),
        ("wording.toml", '[[word]]\narticle = ["arts"]\nsays = []', "lijst van woorden"),
        ("wording.toml", '[[word]]\narticle = ["arts"]\nsays = ["%"]', "geen woord"),
        ("wording.toml", '[[word]]\narticle = "arts"\nsays = ["dokter"]', "lijst van woorden"),
        ("wording.toml", '[[word]]\narticle = ["arts"]\nzegt = ["dokter"]', "geen bekend gegeven"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(folder: Path, name: str, wrong: str, complaint: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    path.write_text(f"{wrong}\n{text}" if name == "lexicon.toml" else f"{text}\n{wrong}\n", "utf-8")
    with pytest.raises(RulesError, match=complaint) as raised:
        load_lexicon(folder)
    assert raised.value.line is not None
    assert name in str(raised.value)


@pytest.mark.parametrize("name", ["lexicon.toml", "wording.toml"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RulesError, match=name):
        load_lexicon(folder)
