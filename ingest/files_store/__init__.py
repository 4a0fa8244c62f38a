"""A corpus in files: a folder per version, searched with FAISS."""

from ingest.files_store.store import FilesStore

__all__ = ["FilesStore"]
