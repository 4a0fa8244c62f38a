"""The parts an assistant is made of, in the order in which a question meets them."""

from assistant.confidence import load_calibration
from assistant.extract import ExtractiveComposer, Limits
from assistant.reply import Assistant
from assistant.retrieve import HybridRetriever, Weights
from assistant.settings import Settings
from ingest.embed import SentenceTransformerEmbedder
from ingest.index import load_index
from ingest.manifest import read_manifest


def build_assistant(settings: Settings, weights: Weights | None = None) -> Assistant:
    """Load model, index and calibration (seconds). Raises ``IngestError`` or ``CalibrationError``."""
    read_manifest(settings.index_dir)  # no need to wait for the model when there is no index
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    index = load_index(settings.index_dir, embedder)
    calibration = load_calibration(settings.calibration_file, settings.embedding_model)
    retriever = HybridRetriever(index=index, calibration=calibration, weights=weights or Weights())
    composer = ExtractiveComposer(Limits(max_words=settings.max_words, max_list_words=settings.max_list_words))
    return Assistant(retriever, composer, settings.max_question_chars)
