"""The parts an assistant is made of, in the order in which a message meets them."""

from collections.abc import Callable

from assistant.confidence import Calibration, load_calibration
from assistant.errors import ModelConsentError
from assistant.extract import ExtractiveComposer, Limits
from assistant.language.files import Language
from assistant.phrasing.line import open_line
from assistant.phrasing.phraser import Phraser, PhrasingLimits
from assistant.refusals import load_refusals
from assistant.remarks import check_ids
from assistant.reply import Assistant, Guards
from assistant.retrieve import HybridRetriever, Searcher
from assistant.settings import Settings
from assistant.triage.alarm import Helplines
from assistant.triage.assess import Assessor
from assistant.triage.rulebook import load_rulebook
from assistant.verify.verifier import Verifier, load_verification
from assistant.vocabulary import load_vocabulary
from ingest.embed import Embedder, SentenceTransformerEmbedder
from ingest.index import Index, load_index
from ingest.manifest import read_manifest

Hide = Callable[[str], str]


def build_assistant(
    settings: Settings, model: Callable[[], Embedder] | None = None, hiding: Callable[[], Hide] | None = None
) -> Assistant:
    """Load rules, model, index and calibration (seconds); ``model`` gives one that may be loaded already.

    ``hiding`` makes what takes out of a question who asks; without it no language model elsewhere is asked.
    Raises ``IngestError`` or ``AssistantError``.
    """
    index = open_index(settings, model)
    calibration = load_calibration(settings.index_dir, index.manifest.model)
    return assistant_over(settings, index, calibration, open_phraser(settings, index, hiding))


def assistant_over(
    settings: Settings, index: Index, calibration: Calibration, phraser: Phraser | None = None
) -> Assistant:
    """Raises ``AssistantError``."""
    guards = build_guards(settings, index)
    searcher = Searcher(index, load_vocabulary(), calibration, settings.without)
    composer = ExtractiveComposer(Limits(max_words=settings.max_words))
    return Assistant(guards, HybridRetriever(searcher=searcher), composer, settings.max_question_chars, phraser)


def open_phraser(settings: Settings, index: Index, hiding: Callable[[], Hide] | None = None) -> Phraser | None:
    """None when no language model is set. Raises ``LanguageModelError`` or ``CalibrationError``."""
    line = open_line(settings)
    if line is None:
        return None
    if line.model.is_remote and hiding is None:
        raise ModelConsentError(line.model.name, line.model.host)
    verifier = Verifier(index, load_verification(settings.index_dir, index.manifest.model))
    limits = PhrasingLimits(max_words=settings.max_words)
    return Phraser(line, verifier, limits, hiding() if line.model.is_remote and hiding else str)


def build_guards(settings: Settings, index: Index) -> Guards:
    """Raises ``RulesError``, ``SecondOpinionError`` or ``UnknownIdsError``."""
    language = Language()
    rules = load_rulebook(language=language)
    check_ids(index.notes, symptoms=rules.findings.keys(), flags=rules.flags.keys())
    return Guards(
        assessor=Assessor.load(rules, settings.second_opinion_file, settings.embedding_model, index.embedder.query),
        refusals=load_refusals(language=language),
        helplines=Helplines(settings.country, settings.spoedpost),
    )


def open_index(settings: Settings, model: Callable[[], Embedder] | None = None) -> Index:
    """Load model and index. Raises ``IngestError``, for a missing index before the model is waited for."""
    read_manifest(settings.index_dir)
    return load_index(settings.index_dir, model() if model else SentenceTransformerEmbedder(settings.embedding_model))
