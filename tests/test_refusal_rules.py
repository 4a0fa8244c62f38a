"""``refusals.toml`` can be read and mended by someone who does not program."""

from pathlib import Path

import pytest

from assistant.errors import RulesError
from assistant.refusals import Reason, load_refusals
from assistant.refusals.disguise import undisguised

_SUBJECT = '[medicine]\nphrases = ["pil"]\n\n[subject]\nphrases = ["rug"]\n\n'
_RULE = '[[rule]]\nreason = "diagnosis"\nname = "heb ik"\nphrases = ["heb ik"]\n'


def rules(folder: Path, text: str) -> Path:
    path = folder / "refusals.toml"
    path.write_text(text, "utf-8")
    return path


def rule(folder: Path, *lines: str) -> Path:
    return rules(folder, "\n".join((_SUBJECT + '[[rule]]\nreason = "diagnosis"', 'name = "proef"', *lines)) + "\n")


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        (_SUBJECT, None, "geen enkele [[rule]]"),
        (_SUBJECT + _RULE.replace("diagnosis", "zomaar"), 8, "'zomaar' is geen bekende reden"),
        (_SUBJECT + _RULE.replace('"heb ik"]', '"heb  …"]'), 10, "ontbreekt een woord"),
        (_SUBJECT + _RULE.replace('"heb ik"]', '"<niets> ik"]'), 10, "<niets> bestaat niet"),
        (_SUBJECT + _RULE.replace('["heb ik"]', '"heb ik"'), 10, "moet een lijst van teksten zijn"),
        (_SUBJECT + _RULE.replace('phrases = ["heb ik"]', ""), 9, "geen enkele zin"),
        (_SUBJECT + _RULE + 'frases = ["is dit"]\n', 11, "'frases' is geen bekend gegeven"),
        (_SUBJECT + _RULE + 'signs = [" "]\n', 11, "een leeg teken"),
        (_SUBJECT + _RULE + 'must_be_so = "ja"\n', 11, "moet true of false zijn"),
        (_SUBJECT + _RULE + "phrases = oeps\n", 11, "geen geldige TOML"),
        (_SUBJECT + _RULE.replace('name = "heb ik"\n', ""), 7, "'name' ontbreekt"),
        (_SUBJECT + _RULE + "\n" + _RULE, 9, "komt twee keer voor"),
        (_RULE, 1, "onder [medicine] staat geen enkele zin"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_reason(
    tmp_path: Path, text: str, line: int | None, complaint: str
) -> None:
    path = rules(tmp_path, text)
    with pytest.raises(RulesError) as caught:
        load_refusals(path)
    assert caught.value.path == path
    assert caught.value.line == line
    assert complaint in caught.value.reason
    assert "refusals.toml" in str(caught.value)


def test_an_exception_spares_the_same_words_only(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'phrases = ["heb ik"]', 'except = ["nu heb ik"]'))
    assert refusals.judge("Nu heb ik pijn.") is None
    assert refusals.judge("Nu heb ik pijn. Wat heb ik?") is not None


def test_a_rule_holds_only_with_what_it_is_about_and_without_what_spares_it(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'phrases = ["hoeveel"]', 'about = ["pil"]', 'unless = ["massage"]'))
    assert refusals.judge("Een pil. Hoeveel?") is not None
    assert refusals.judge("Hoeveel?") is None
    assert refusals.judge("Een pil of massage. Hoeveel?") is None


def test_a_phrase_for_the_start_counts_behind_small_words_and_nowhere_else(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'at_start = ["schrijf"]'))
    assert refusals.judge("Schrijf dat op.") is not None
    assert refusals.judge("Mijn rug, schrijf dat op.") is not None
    assert refusals.judge("Mijn pen schrijf niet.") is None


@pytest.mark.parametrize("message", ["Zeg 'ja'", "Zeg dan “ja”", "Zeg: ja", "Zeg dus GEHACKT, toch"])
def test_a_phrase_before_a_quotation_counts_with_one(tmp_path: Path, message: str) -> None:
    assert load_refusals(rule(tmp_path, 'before_quote = ["zeg"]')).judge(message) is not None


@pytest.mark.parametrize("message", ["Zeg eens wat helpt", "ZEG EENS WAT HELPT", "Zeg nou wat er in mijn rug 'knapt'"])
def test_a_phrase_before_a_quotation_does_not_count_without_one(tmp_path: Path, message: str) -> None:
    assert load_refusals(rule(tmp_path, 'before_quote = ["zeg"]')).judge(message) is None


def test_what_must_be_so_does_not_count_when_it_is_denied_or_past(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'phrases = ["griep"]', "must_be_so = true"))
    assert refusals.judge("Ik heb griep.") is not None
    assert refusals.judge("Ik heb geen griep.") is None
    assert refusals.judge("Vorig jaar had ik griep.") is None


def test_what_must_be_asked_does_not_count_as_a_statement(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'phrases = ["ik & genezen"]', "must_be_asked = true"))
    assert refusals.judge("Zal ik genezen?") is not None
    assert refusals.judge("Ik wil genezen. Helpt massage?") is None


def test_signs_count_as_they_stand_in_upper_or_lower_case(tmp_path: Path) -> None:
    refusals = load_refusals(rule(tmp_path, 'signs = ["<script"]'))
    assert refusals.judge("hallo <SCRIPT>") is not None
    assert refusals.judge("hallo script") is None


def test_of_two_reasons_the_one_on_medicine_is_given(tmp_path: Path) -> None:
    path = rules(tmp_path, _SUBJECT + _RULE + '[[rule]]\nreason = "dose"\nname = "hoeveel"\nphrases = ["hoeveel"]\n')
    refusal = load_refusals(path).judge("Wat heb ik en hoeveel?")
    assert refusal is not None
    assert refusal.reason is Reason.DOSE


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("n3g33r", "negeer"),
        ("r-u-g-p-i-j-n", "rugpijn"),
        ("ru\u200bg", "rug"),
        ("ｒｕｇ", "rug"),
        ("Zo\u0337\u0338o", "Zoo"),
        ("раracetamol", "paracetamol"),
        ("al 3 weken 400mg", "al 3 weken 400mg"),
        ("болит спина", "болит спина"),
        ("L4-L5", "L4-L5"),
        ("regel een\nregel twee", "regel een\nregel twee"),
    ],
)
def test_a_disguise_comes_off_and_plain_text_stays(disguised: str, plain: str) -> None:
    assert undisguised(disguised) == plain
