"""The parts an assistant is made of, in the order in which a question meets them."""

from assistant.confidence import load_calibration
from assistant.extract import ExtractiveComposer, Limits
from assistant.reply import Assistant
from assistant.retrieve import HybridRetriever, Weights
from assistant.settings import Settings
from ingest.embed import SentenceTransformerEmbedder
from ingest.index import Index, load_index
from ingest.manifest import read_manifest


def build_assistant(settings: Settings, weights: Weights | None = None) -> Assistant:
    """Load model, index and calibration (seconds). Raises ``IngestError`` or ``CalibrationError``."""
    index = open_index(settings)
    calibration = load_calibration(settings.calibration_file, settings.embedding_model)
    retriever = HybridRetriever(index=index, calibration=calibration, weights=weights or Weights())
    composer = ExtractiveComposer(Limits(max_words=settings.max_words, max_list_words=settings.max_list_words))
    return Assistant(retriever, composer, settings.max_question_chars)


def open_index(settings: Settings) -> Index:
    """Load model and index. Raises ``IngestError``, for a missing index before the model is waited for."""
    read_manifest(settings.index_dir)
    return load_index(settings.index_dir, SentenceTransformerEmbedder(settings.embedding_model))
