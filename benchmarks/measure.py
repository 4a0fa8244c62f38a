"""The measurements. Each runs alone, on an index of its own, and returns plain numbers."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import numpy as np
import psutil

from assistant.evaluation.questions import AnswerableQuestion, Half, all_questions
from assistant.reply import Assistant
from assistant.settings import PROJECT, Settings
from benchmarks.stock import StockRecipe
from ingest.build import IngestReport, build_index
from ingest.embed import Embedder

_PORT = 7899
_WAIT_SECONDS = 120
_WARM_UP = 20
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Answers:
    """How one way of answering did on the report half. Milliseconds; shares are 0 to 1; ``words`` is a median."""

    p50: float
    p95: float
    gold: float
    refused: float
    words: float


@dataclass(frozen=True)
class Server:
    """A served process: seconds from start to listening and to ready, and its resident megabytes after questions."""

    listening: float
    ready: float
    megabytes: float


@dataclass(frozen=True)
class Ingest:
    """Seconds of work, without loading the model."""

    cold: float
    unchanged: float
    edited: float
    edited_embedded: int


def answers(ask: Ask) -> Answers:
    """``ask`` returns the words of the answer proper, or nothing when it refuses."""
    questions = all_questions(Half.REPORT)
    for question in questions[:_WARM_UP]:
        ask(question.question)
    said, milliseconds = [], []
    for question in questions:
        start = time.perf_counter()
        said.append(ask(question.question))
        milliseconds.append((time.perf_counter() - start) * 1000)
    pairs = list(zip(questions, said, strict=True))
    gold = [_has_gold(text, question.gold) for question, text in pairs if isinstance(question, AnswerableQuestion)]
    refused = [not text for question, text in pairs if not isinstance(question, AnswerableQuestion)]
    return Answers(
        p50=float(np.percentile(milliseconds, 50)),
        p95=float(np.percentile(milliseconds, 95)),
        gold=float(np.mean(gold)),
        refused=float(np.mean(refused)),
        words=float(np.median([len(text.split()) for text in said if text])),
    )


def by_assistant(assistant: Assistant) -> Ask:
    return lambda question: "\n".join(sentence.text for sentence in assistant.reply(question).sentences)


def by_stock_recipe(recipe: StockRecipe, k: int) -> Ask:
    return lambda question: "\n".join(recipe.search(question, k))


def ingest(settings: Settings, embedder: Embedder, work: Path) -> Ingest:
    """From nothing, again without a change, and with one paragraph edited."""
    corpus = work / "corpus"
    corpus.mkdir()
    for article in settings.corpus_dir.glob("*.md"):
        (corpus / article.name).write_bytes(article.read_bytes())
    own = settings.in_folder(work / "index", corpus_dir=corpus)
    cold, _ = _timed(lambda: build_index(own, lambda: embedder))
    unchanged, _ = _timed(lambda: build_index(own, lambda: embedder))
    first = sorted(corpus.glob("0*.md"))[0]
    first.write_text(first.read_text("utf-8").replace("geleidelijk.", "meestal geleidelijk."), "utf-8")
    edited, report = _timed(lambda: build_index(own, lambda: embedder))
    return Ingest(cold, unchanged, edited, report.embedded)


def server() -> Server:
    """``python app.py`` as an operator starts it, on the index that is there."""
    command = [sys.executable, "app.py", "--port", str(_PORT), "--no-rate-limit"]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) as process:
        try:
            listening = _wait_for("/health", start)
            ready = _wait_for("/ready", start)
            _ask_over_http(question.question for question in all_questions(Half.REPORT))
            megabytes = psutil.Process(process.pid).memory_info().rss / 1e6
        finally:
            process.terminate()
    return Server(listening, ready, megabytes)


def question_count() -> int:
    return len(all_questions(Half.REPORT))


def _timed(work: Callable[[], IngestReport]) -> tuple[float, IngestReport]:
    start = time.perf_counter()
    report = work()
    return time.perf_counter() - start, report


def _ask_over_http(questions: Iterable[str]) -> None:
    for question in questions:
        body = json.dumps({"question": question}).encode()
        request = Request(f"http://127.0.0.1:{_PORT}/api/ask", body, {"Content-Type": "application/json"})
        with urlopen(request) as response:
            response.read()


def _wait_for(path: str, start: float) -> float:
    while time.perf_counter() - start < _WAIT_SECONDS:
        try:
            with urlopen(f"http://127.0.0.1:{_PORT}{path}") as response:
                if response.status == 200:  # noqa: PLR2004
                    return time.perf_counter() - start
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise TimeoutError(f"{path} did not answer within {_WAIT_SECONDS} s")


def _has_gold(text: str, gold: Iterable[str]) -> bool:
    folded = " ".join(text.split())
    return any(" ".join(quote.split()) in folded for quote in gold)
