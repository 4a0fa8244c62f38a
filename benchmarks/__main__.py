"""``make bench``: measure, print, and write docs/benchmarks.md."""

import os
import platform
import tempfile
from datetime import date
from pathlib import Path

import psutil
from rich.console import Console
from rich.markdown import Markdown

from assistant.parts import build_assistant
from assistant.settings import PROJECT, Settings
from benchmarks import measure
from benchmarks.stock import StockRecipe
from ingest.embed import SentenceTransformerEmbedder

_PAGE = """# Benchmarks

Measured on {date} by `make bench` on {cores} cores ({machine}, Python {python}). Timings are of one noisy machine:
compare columns, not runs.

## A reply, server-side

The report half of the development questions ({questions}), one after another, warm. "Gold" is the share of answerable
questions whose gold quote stands in the reply, "refused" the share of unanswerable ones that got no answer.

| | p50 ms | p95 ms | gold | refused | words (median) |
|---|---|---|---|---|---|
{replies}

The stock recipe is RecursiveCharacterTextSplitter (500/50), the same embedding model, FAISS similarity search; its
reply is the chunks it finds.

## The process

| | measured | bound |
|---|---|---|
| listening after | {server.listening:.1f} s | – |
| ready after (second start) | {server.ready:.1f} s | 15 s |
| resident memory after all questions | {server.megabytes:.0f} MB | 800 MB |

## Ingest of the corpus, model loaded

| | measured | bound |
|---|---|---|
| from nothing | {ingest.cold:.1f} s | 15 s |
| nothing changed | {ingest.unchanged:.3f} s, 0 texts embedded | 1 s |
| one sentence edited | {ingest.edited:.1f} s, {ingest.edited_embedded} texts embedded | – |
"""


def main() -> None:
    console = Console()
    settings = Settings()
    with console.status("Proces meten"):
        server = measure.server()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    with console.status("Ingest meten"), tempfile.TemporaryDirectory() as folder:
        ingest = measure.ingest(settings, embedder, Path(folder))
    with console.status("Antwoorden meten"):
        assistant, recipe = build_assistant(settings), StockRecipe(settings, embedder)
        ways = {
            "this project": measure.by_assistant(assistant),
            "stock recipe, k = 1": measure.by_stock_recipe(recipe, 1),
            "stock recipe, k = 4": measure.by_stock_recipe(recipe, 4),
        }
        rows = [_row(name, measure.answers(ask)) for name, ask in ways.items()]
    page = _PAGE.format(
        date=date.today().isoformat(),
        cores=os.cpu_count(),
        machine=f"{platform.machine()}, {psutil.virtual_memory().total / 1e9:.0f} GB",
        python=platform.python_version(),
        questions=measure.question_count(),
        replies="\n".join(rows),
        server=server,
        ingest=ingest,
    )
    (PROJECT / "docs" / "benchmarks.md").write_text(page, "utf-8")
    console.print(Markdown(page))


def _row(name: str, found: measure.Answers) -> str:
    return (
        f"| {name} | {found.p50:.0f} | {found.p95:.0f} | {found.gold:.0%} | {found.refused:.0%} | {found.words:.0f} |"
    )


main()
