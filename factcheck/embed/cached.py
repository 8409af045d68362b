"""Vectors kept on disk under their text's hash: no text is embedded twice."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.cachefile import CacheFile
from factcheck.embed.base import Embedder, Progress, Units, Vectors, clean
from factcheck.errors import FactcheckError, ServiceError

_TABLES = """
CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB);
CREATE TABLE IF NOT EXISTS dimension (name TEXT PRIMARY KEY, dim INTEGER);
CREATE TABLE IF NOT EXISTS units (key BLOB PRIMARY KEY, value BLOB);
"""


class _Coming:
    """What one thread computes, for others that want it: when it is over, and the fault it met."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.fault: FactcheckError | None = None


class CachedEmbedder(Embedder):
    """An embedder whose vectors are kept on disk under the content's hash.

    A damaged or locked cache only costs time: it is then done without. `computed` counts the texts
    that had to be embedded. What another thread is computing is waited for; its fault is one's own.
    """

    def __init__(self, inner: Embedder, path: Path) -> None:
        self.inner, self.name = inner, inner.name
        self.computed = 0
        self._file = CacheFile(path, _TABLES)
        self._lock = threading.Lock()
        self._coming: dict[bytes, _Coming] = {}  # what threads compute now
        self._dim = inner.dim
        self._asked = bool(inner.dim) or inner.name == "none"

    @property
    def dim(self) -> int:  # type: ignore[override]
        """The length of a vector: stated, remembered from another run, or seen in one; 0 before."""
        if not self._asked:
            self._asked = True
            self._dim = self._remembered()
        return self._dim

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._through("p", texts, self.inner.passages, progress)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._through("q", texts, self.inner.queries, None)

    def units(self, texts: Sequence[str]) -> list[Units] | None:
        if type(self.inner).units is Embedder.units:  # shows none
            return None
        keys = [
            hashlib.sha256(f"{self.name}\0u\0{t}".encode(errors="replace")).digest() for t in texts
        ]
        known = self._read_units(keys)
        todo = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        fresh = dict(zip(todo, self.inner.units(list(todo.values())) or (), strict=True))
        self._write_units(fresh)
        return [(known.get(k) or fresh[k]) for k in keys]

    def _through(
        self,
        kind: str,
        texts: Sequence[str],
        compute: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
    ) -> Vectors:
        if self.name == "none":
            return np.empty((len(texts), 0), np.float32)
        keys = [hashlib.sha256(f"{self.name}\0{kind}\0{clean(t)}".encode()).digest() for t in texts]
        known: dict[bytes, Any] = {}
        while todo := {k: t for k, t in zip(keys, texts, strict=True) if k not in known}:
            coming = _Coming()
            with self._lock:  # a text comes out of the file, or is claimed by one thread
                known |= self._read(list(todo))
                todo = {k: t for k, t in todo.items() if k not in known}
                others = {self._coming[k] for k in todo if k in self._coming}
                mine = {k: t for k, t in todo.items() if k not in self._coming}
                self._coming |= dict.fromkeys(mine, coming)
            try:
                known |= self._computed(mine, compute, progress, len(keys))
            except FactcheckError as error:
                coming.fault = error
                raise
            finally:
                with self._lock:
                    for k in mine:
                        del self._coming[k]
                coming.over.set()
            for other in others:
                other.over.wait()
                if other.fault is not None:  # it was tried more than once
                    raise other.fault
        if not keys:
            return np.empty((0, self.dim), np.float32)
        return np.stack([known[k] for k in keys])

    def _computed(
        self,
        todo: Mapping[bytes, str],
        compute: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
        total: int,
    ) -> dict[bytes, Any]:
        made: dict[bytes, Any] = {}
        pending, step = list(todo.items()), self.inner.batch
        for i in range(0, len(pending), step):
            part = pending[i : i + step]
            vectors = compute([t for _, t in part])
            self._fits(vectors)
            fresh = dict(zip((k for k, _ in part), vectors, strict=True))
            self.computed += len(fresh)
            self._write(fresh)
            made.update(fresh)
            if progress:
                progress(total - len(pending) + len(made), total)
        return made

    def _fits(self, vectors: Vectors) -> None:
        """Hold what was computed against the dimension; the first result decides an unknown one."""
        got = vectors.shape[1]
        if not self.dim:
            self._dim = got
            self._remember(got)
        elif got != self.dim:
            raise ServiceError(
                f"the embedding model {self.name} returned vectors of {got} numbers, not {self.dim}",
                hint="Another model answers under that name: give the store one of its own name,"
                " or embed again with `factcheck refs reindex`.",
            )

    # ------------------------------------------------------------ the file

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Any]:
        dim = self.dim

        def work(db: sqlite3.Connection) -> dict[bytes, Any]:
            found: dict[bytes, Any] = {}
            for i in range(0, len(keys), 500):
                part = list(keys[i : i + 500])
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM vector WHERE key IN ({marks})"  # noqa: S608
                for key, value in db.execute(query, part):
                    if len(value) == 4 * dim:
                        found[bytes(key)] = np.frombuffer(value, np.float32)
            return found

        return self._file.use(work, {}) if dim and keys else {}

    def _write(self, fresh: dict[bytes, Any]) -> None:
        rows = [(k, np.asarray(v, np.float32).tobytes()) for k, v in fresh.items()]

        def work(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

        self._file.use(work, None)

    def _read_units(self, keys: Sequence[bytes]) -> dict[bytes, Units]:
        def work(db: sqlite3.Connection) -> dict[bytes, Units]:
            found = {}
            for key in set(keys):
                row = db.execute("SELECT value FROM units WHERE key = ?", (key,)).fetchone()
                if row and (units := _unpacked(row[0])):
                    found[key] = units
            return found

        known: dict[bytes, Units] = self._file.use(work, {}) if keys else {}
        return known

    def _write_units(self, fresh: dict[bytes, Units]) -> None:
        rows = [(k, _packed(u)) for k, u in fresh.items()]
        if rows:
            add = "INSERT OR REPLACE INTO units VALUES (?, ?)"

            def work(db: sqlite3.Connection) -> None:
                db.executemany(add, rows)

            self._file.use(work, None)

    def _remembered(self) -> int:
        query = "SELECT dim FROM dimension WHERE name = ?"

        def work(db: sqlite3.Connection) -> Any:
            return db.execute(query, (self.name,)).fetchone()

        row = self._file.use(work, None)
        return int(row[0]) if row and isinstance(row[0], int) and row[0] > 0 else 0

    def _remember(self, dim: int) -> None:
        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO dimension VALUES (?, ?)", (self.name, dim))

        self._file.use(work, None)


def _packed(units: Units) -> bytes:
    """The number of words, then spans, weights and vectors, one array after the other."""
    spans = np.array(units.spans, np.int32).reshape(-1, 2)
    parts = (np.array([len(spans)], np.int32), spans, units.weights, units.vectors)
    return b"".join(np.ascontiguousarray(p).tobytes() for p in parts)


def _unpacked(value: bytes) -> Units | None:
    """None for what is damaged."""
    if len(value) < 4:
        return None
    count = int(np.frombuffer(value, np.int32, 1)[0])
    head = 4 + count * 12
    if count < 0 or len(value) < head or (count and (len(value) - head) % (2 * count)):
        return None
    spans = np.frombuffer(value, np.int32, 2 * count, 4).reshape(-1, 2)
    weights = np.frombuffer(value, np.float32, count, 4 + 8 * count)
    vectors = (
        np.frombuffer(value, np.float16, offset=head).reshape(count, -1)
        if count
        else (np.empty((0, 0), np.float16))
    )
    return Units(tuple((int(a), int(b)) for a, b in spans), weights, vectors)
