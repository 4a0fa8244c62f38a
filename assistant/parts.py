"""The parts an assistant is made of, in the order in which a message meets them."""

from collections.abc import Callable

from assistant.collection import Collection, Whole, collection_of
from assistant.confidence import Calibration, calibration_in
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
from assistant.verify.verifier import Verifiers, verification_in
from assistant.vocabulary import load_vocabulary
from ingest.embed import Embedder, SentenceTransformerEmbedder
from ingest.index import Index
from ingest.store import Store
from ingest.stores import open_store

Hide = Callable[[str], str]


def build_assistant(
    settings: Settings,
    model: Callable[[], Embedder] | None = None,
    hiding: Callable[[], Hide] | None = None,
    store: Store | None = None,
) -> Assistant:
    """Load rules, model, index and calibration (seconds); ``model`` gives one that may be loaded already, and ``store``
    may be open already.

    ``hiding`` makes what takes out of a question who asks; without it no language model elsewhere is asked.
    Raises ``IngestError`` or ``AssistantError``.
    """
    store = store or open_store(settings)
    collection = open_collection(settings, model, store)
    calibration = calibration_in(store, collection.manifest.model)
    return assistant_of(settings, collection, calibration, open_phraser(settings, collection, hiding, store))


def assistant_over(
    settings: Settings, index: Index, calibration: Calibration, phraser: Phraser | None = None
) -> Assistant:
    """From all of ``index``. Raises ``AssistantError``."""
    return assistant_of(settings, Whole(index), calibration, phraser)


def assistant_of(
    settings: Settings, collection: Collection, calibration: Calibration, phraser: Phraser | None = None
) -> Assistant:
    """Raises ``AssistantError``."""
    guards = build_guards(settings, collection)
    searcher = Searcher(collection, load_vocabulary(), calibration, settings.without)
    composer = ExtractiveComposer(Limits(max_words=settings.max_words))
    return Assistant(guards, HybridRetriever(searcher=searcher), composer, settings.max_question_chars, phraser)


def open_phraser(
    settings: Settings,
    collection: Collection,
    hiding: Callable[[], Hide] | None = None,
    store: Store | None = None,
) -> Phraser | None:
    """None when no language model is set. Raises ``LanguageModelError`` or ``CalibrationError``."""
    line = open_line(settings)
    if line is None:
        return None
    if line.model.is_remote and hiding is None:
        raise ModelConsentError(line.model.name, line.model.host)
    verifiers = Verifiers(verification_in(store or open_store(settings), collection.manifest.model))
    limits = PhrasingLimits(max_words=settings.max_words)
    return Phraser(line, verifiers, limits, hiding() if line.model.is_remote and hiding else str)


def build_guards(settings: Settings, collection: Collection) -> Guards:
    """Raises ``RulesError``, ``SecondOpinionError`` or ``UnknownIdsError``."""
    language = Language()
    rules = load_rulebook(language=language)
    check_ids(collection.notes, symptoms=rules.findings.keys(), flags=rules.flags.keys())
    return Guards(
        assessor=Assessor.load(
            rules, settings.second_opinion_file, settings.embedding_model, collection.embedder.query
        ),
        refusals=load_refusals(language=language),
        helplines=Helplines(settings.country, settings.spoedpost),
    )


def open_collection(
    settings: Settings, model: Callable[[], Embedder] | None = None, store: Store | None = None
) -> Collection:
    """Load the model, and open the version in use: all of it, or what answers from it as it is asked.

    Raises ``IngestError``, for a missing index before the model is waited for.
    """
    store = store or open_store(settings)
    store.manifest()
    embedder = model() if model else SentenceTransformerEmbedder(settings.embedding_model)
    return collection_of(store.open(embedder), embedder, settings.whole_passages)


def open_index(settings: Settings, model: Callable[[], Embedder] | None = None, store: Store | None = None) -> Index:
    """As ``open_collection``, all of it in memory. Raises ``CorpusTooLargeError`` as well."""
    return open_collection(settings, model, store).whole()
