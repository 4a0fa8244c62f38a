"""An article that nobody collected questions for: ``python -m benchmarks.unseen [tune|report]``.

Each article in turn loses its file of known questions, as a new one of the practice has none. Prints how many
development questions about it are answered, and how many of those that no article answers are refused (minutes).
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from assistant.answer import AnswerKind
from assistant.confidence import load_calibration
from assistant.evaluation.gold import gold_passages
from assistant.evaluation.questions import AnswerableQuestion, Half, Question, all_questions
from assistant.evaluation.rates import Rate
from assistant.parts import assistant_over
from assistant.reply import Assistant
from assistant.settings import Settings
from ingest.build import build_index
from ingest.embed import Embedder, SentenceTransformerEmbedder
from ingest.index import Index, load_index
from ingest.known_questions import FOLDER


def without(questions_file: Path, settings: Settings, embedder: Embedder, folder: Path) -> Assistant:
    shutil.copytree(settings.corpus_dir, folder / "corpus")
    shutil.copytree(settings.index_dir, folder / "index")  # so that nothing is embedded again
    (folder / "corpus" / FOLDER / questions_file.name).unlink()
    build_index(settings.in_folder(folder / "index", corpus_dir=folder / "corpus"), lambda: embedder)
    index = load_index(folder / "index", embedder)
    return assistant_over(settings, index, load_calibration(settings.index_dir, index.manifest.model))


def is_about(slug: str, question: Question, index: Index) -> bool:
    """Whether that article alone answers it."""
    if not isinstance(question, AnswerableQuestion):
        return False
    found = gold_passages(index, question.gold)
    return {passage.slug for passage, holds in zip(index.passages, found, strict=True) if holds} == {slug}


def main(half: Half) -> None:
    settings, console = Settings.read(), Console()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    questions = list(all_questions(half))
    answered: list[bool] = []
    refused: list[bool] = []
    slugs = {
        Path(article.source).stem: slug for slug, article in load_index(settings.index_dir, embedder).articles.items()
    }
    files = [file for file in sorted((settings.corpus_dir / FOLDER).glob("*.toml")) if file.stem in slugs]
    for file in track(files, "Artikelen zonder vragen", console=console):
        with TemporaryDirectory() as folder:
            assistant = without(file, settings, embedder, Path(folder))
            for question in questions:
                if not isinstance(question, AnswerableQuestion):
                    refused.append(assistant.reply(question.question).kind is not AnswerKind.ANSWERED)
                elif is_about(slugs[file.stem], question, assistant.index):
                    reply = assistant.reply(question.question)
                    answered.append(reply.kind is AnswerKind.ANSWERED or reply.alarm is not None)
    console.print(f"beantwoord, of een alarm: {Rate.of(answered)} van {len(answered)}", highlight=False)
    console.print(f"geweigerd wat er niet in staat: {Rate.of(refused)} van {len(refused)}", highlight=False)


if __name__ == "__main__":
    main(Half(sys.argv[1]) if len(sys.argv) > 1 else Half.TUNE)
