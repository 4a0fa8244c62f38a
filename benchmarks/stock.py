"""The stock recipe: split by length, embed, search by similarity, show the hits. Same model, same text."""

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.settings import Settings
from ingest.embed import Embedder, LangChainEmbeddings
from ingest.read import read_corpus
from ingest.vectors import FaissStore

_CHUNK_CHARS = 500
_OVERLAP_CHARS = 50


class StockRecipe:
    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK_CHARS, chunk_overlap=_OVERLAP_CHARS)
        texts = [
            text for article in read_corpus(settings.corpus_dir).articles for text in splitter.split_text(article.text)
        ]
        self._store = FaissStore.from_texts(texts, LangChainEmbeddings(embedder))

    def search(self, question: str, k: int) -> list[str]:
        """The ``k`` nearest chunks, whatever the question: the recipe refuses nothing."""
        return [document.page_content for document in self._store.similarity_search(question, k)]
