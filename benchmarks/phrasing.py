"""``make bench-phrasing``: what the check of a language model's sentences costs, written into docs/benchmarks.md.

``python -m benchmarks.phrasing --quick`` takes a minute or so, prints, and writes nothing.
"""

import os
import platform
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import numpy as np
import psutil
import typer
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from rich.console import Console

from assistant.evaluation.claims import claims
from assistant.evaluation.questions import Half
from assistant.evaluation.verify import Example, examples, judge_examples
from assistant.parts import build_assistant
from assistant.phrasing.budgets import Budgets
from assistant.phrasing.line import Line
from assistant.phrasing.model import LanguageModel
from assistant.phrasing.phraser import Phraser, PhrasingLimits
from assistant.remarks import NOTHING_TOLD
from assistant.retrieve import Retrieval
from assistant.settings import Settings
from assistant.verify.verifier import Verifiers, load_verification
from ingest.settings import PROJECT

_DOCUMENT = PROJECT / "docs" / "benchmarks.md"
_SECTION = "A language model's sentences"
_TEXT = """## {section}

Measured on {date} by `make bench-phrasing` on {cores} cores ({machine}, Python {python}); the load of the machine was
{load:.1f} when it began. Milliseconds. The real check, index and embedding model. Checked are the {claims} claims of
the report half; the delays are of those that their passage supports, said at a steady pace over a line as visitors'
questions use, with a citation behind each. The end of a sentence is only certain with the token after it, for behind
"[1]" may come "[2]": at 8 tokens a second there is nothing to do for the first 125 ms.

| | n | p50 | p95 | bound |
|---|---|---|---|---|
{rows}
"""

_WARM_UP = 20
_FEWEST_CLAIMS = 3
_NO_LIMIT = 100_000
_ENDLESS = Budgets(first_seconds=600, between_seconds=600, total_seconds=3_600, most_chars=_NO_LIMIT)
# As the tokenisers of Dutch-capable models cut, on average: some four letters, the space before them included.
_TOKEN = re.compile(r"\s?\w{1,4}|\s?[^\w\s]")


@dataclass(frozen=True)
class Course:
    """How much is measured: ``answers`` at each of ``paces``, in tokens a second."""

    paces: tuple[int, ...] = (8, 40)
    answers: int = 20


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds until a sentence was given out, from its last token and from the one after that."""

    from_last: float
    from_next: float
    is_first: bool


class Speaker(BaseChatModel):
    """Says ``answer`` at ``pace`` tokens a second; ``said`` tells when each token left, and last when it ended."""

    answer: str
    pace: float
    said: Any

    @property
    def _llm_type(self) -> str:
        return "speaker"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError("it only streams")

    def _stream(self, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        for token in tokens_of(self.answer):
            time.sleep(1 / self.pace)
            self.said.append((time.perf_counter(), token))
            yield ChatGenerationChunk(message=AIMessageChunk(content=token))
        time.sleep(1 / self.pace)
        self.said.append((time.perf_counter(), ""))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata={"finish_reason": "stop"}))


def main(quick: Annotated[bool, typer.Option(help="a minute or so; writes nothing")] = False) -> None:
    console = Console(width=160, highlight=False)
    load = psutil.getloadavg()[0]
    text = _section(_QUICK if quick else _FULL, load)
    console.print(text, markup=False)
    if not quick:
        _DOCUMENT.write_text(with_section(_DOCUMENT.read_text("utf-8"), text), "utf-8")


def tokens_of(text: str) -> list[str]:
    return _TOKEN.findall(text)


def delays(said: Sequence[tuple[float, str]], given_out: Sequence[float]) -> list[Delay]:
    """For each sentence that something came of; ``said`` are the tokens of one answer, all times in seconds.

    What is given out belongs to the last citation before it that was not the last token yet.
    """
    ends = [place for place, (_, token) in enumerate(said[:-1]) if token.endswith("]")]
    found: dict[int, Delay] = {}
    for moment in given_out:
        place = max(place for place in ends if said[place + 1][0] <= moment)
        from_last, from_next = ((moment - said[place + after][0]) * 1000 for after in (0, 1))
        found.setdefault(place, Delay(from_last, from_next, is_first=not found))
    return list(found.values())


def with_section(page: str, section: str) -> str:
    """``page`` with ``section`` in place of the one it has, or at its end."""
    before, _, old = page.partition(f"## {_SECTION}\n")
    _, heading, after = old.partition("\n## ")
    kept = f"\n{heading.lstrip()}{after}" if heading else ""
    return f"{before.rstrip()}\n\n{section.strip()}\n{kept}"


def _section(course: Course, load: float) -> str:
    settings = Settings.read().model_copy(update={"llm": ""})
    assistant = build_assistant(settings)
    index = assistant.index
    verifiers = Verifiers(load_verification(settings.index_dir, index.manifest.model))
    told = [each for each in examples(index, claims(Half.REPORT)) if not each.is_slip]
    milliseconds = [each.milliseconds for each in judge_examples(told, index, verifiers.over(index).check)[_WARM_UP:]]
    rows = [_row("a sentence checked", milliseconds, "30")]
    found = assistant.retrieve("Wat helpt tegen rugpijn?")
    for pace in course.paces:
        measured = [
            delay
            for rows_of, sentences in _answers(told, course.answers)
            for delay in _spoken(verifiers, _only(found, rows_of), sentences, pace)
        ]
        first = [delay for delay in measured if delay.is_first]
        at = f"at {pace} tokens/s"
        rows += [
            _row(f"{at}, first sentence, from its last token", [each.from_last for each in first], "100"),
            _row(f"{at}, first sentence, from the token after that", [each.from_next for each in first], "–"),
            _row(f"{at}, any sentence, from its last token", [each.from_last for each in measured], "–"),
            _row(f"{at}, any sentence, from the token after that", [each.from_next for each in measured], "–"),
        ]
    return _TEXT.format(
        section=_SECTION,
        date=date.today().isoformat(),
        cores=os.cpu_count(),
        machine=f"{platform.machine()}, {psutil.virtual_memory().total / 1e9:.0f} GB",
        python=platform.python_version(),
        load=load,
        claims=len(told),
        rows="\n".join(rows),
    )


def _answers(told: Sequence[Example], most: int) -> list[tuple[frozenset[int], list[str]]]:
    """For a passage, by its rows, the claims that it supports; only passages with some."""
    by_passage: dict[frozenset[int], list[str]] = {}
    for example in told:
        if example.supported:
            by_passage.setdefault(example.rows, []).append(example.sentence)
    return [each for each in by_passage.items() if len(each[1]) >= _FEWEST_CLAIMS][:most]


def _only(found: Retrieval, rows: frozenset[int]) -> Retrieval:
    """As if the passage with these rows were what is most relevant."""
    passage = found.index.sentence_rows[min(rows)].passage
    relevance = np.zeros_like(found.passage_relevance)
    relevance[passage] = 1
    return replace(found, passage_relevance=relevance)


def _spoken(verifiers: Verifiers, found: Retrieval, sentences: Sequence[str], pace: float) -> list[Delay]:
    speaker = Speaker(answer=" ".join(f"{sentence} [1]" for sentence in sentences), pace=pace, said=[])
    line = Line(LanguageModel(speaker, "speaker", "", is_remote=False, tells_why_it_stops=True), _ENDLESS)
    phraser = Phraser(line, verifiers, PhrasingLimits(max_words=_NO_LIMIT))
    given_out = [time.perf_counter() for _ in phraser.phrase(found, NOTHING_TOLD)]
    return delays(speaker.said, given_out)


def _row(name: str, milliseconds: Sequence[float], bound: str) -> str:
    p50, p95 = np.percentile(milliseconds, (50, 95))
    return f"| {name} | {len(milliseconds)} | {p50:.0f} | {p95:.0f} | {bound} |"


_FULL = Course()
_QUICK = Course(paces=(40,), answers=3)

if __name__ == "__main__":
    typer.run(main)
