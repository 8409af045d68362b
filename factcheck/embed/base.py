"""What an embedder is, and text that one can take."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from factcheck.errors import ServiceError

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

_MAX_CHARS = 8_000  # beyond some 2,000 tokens a passage only gets slower, not better


@dataclass(frozen=True, slots=True)
class Units:
    """A text's words as the model sees them where they stand.

    `spans` are offsets into the text, `weights` how surprising each word is (in nats, by the
    tokenizer's model; a small word has little), `vectors` of shape (words, width) are not unit
    vectors. Words of another language that mean the same lie near one another.
    """

    spans: tuple[tuple[int, int], ...]
    weights: NDArray[np.float32]
    vectors: NDArray[np.float16]


class Embedder(Embeddings):
    """A LangChain `Embeddings` with a name, a dimension and array results.

    `dim` is 0 where there are no vectors at all, and until it is known where a server decides it.
    """

    name: str
    dim: int
    batch: int = 64  # texts that are worth handing over at once

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, shape (len(texts), dim)."""
        raise NotImplementedError

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of queries, shape (len(texts), dim)."""
        raise NotImplementedError

    def units(self, texts: Sequence[str]) -> list[Units] | None:
        """The words of each text; None for a model that shows no words."""
        return None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self.queries([text])[0]]


class NoEmbedder(Embedder):
    """No vectors: what is found is found by its words, names and figures alone."""

    name = "none"
    dim = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.empty((len(texts), 0), np.float32)

    queries = passages


def clean(text: str) -> str:
    """Text that the model can take: NFC, no NUL, no lone surrogate, not empty, not too long."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return unicodedata.normalize("NFC", text).strip()[:_MAX_CHARS] or "."


def checked(rows: object, count: int, dim: int, *, source: str) -> Vectors:
    """Vectors that a server or another's code returned: as many as asked for, of one length,
    finite, and made unit length. Raises ServiceError, naming `source`."""

    def wrong(what: str) -> ServiceError:
        return ServiceError(
            f"the embedding model {source} returned {what}",
            hint="Check that its address and name are those of an embedding model.",
        )

    try:
        vectors = np.asarray(rows, np.float32)
    except (ValueError, TypeError) as error:
        raise wrong("vectors of different lengths, or no numbers") from error
    if count == 0:
        return np.empty((0, dim), np.float32)
    if vectors.ndim != 2 or vectors.shape[0] != count:
        got = vectors.shape[0] if vectors.ndim else 0
        raise wrong(f"{got} vectors for {count} texts")
    if vectors.shape[1] == 0 or (dim and vectors.shape[1] != dim):
        raise wrong(f"vectors of {vectors.shape[1]} numbers, not {dim or 'one or more'}")
    if not np.isfinite(vectors).all():
        raise wrong("a vector with something in it that is no number")
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (length > 0).all():
        raise wrong("a vector of zeros")
    return np.asarray(vectors / length, np.float32)
