"""The vectors of an edition in one flat file, row by row, beside Chroma's index.

Chroma finds the nearest of all in milliseconds; to look up some vectors, or to find the nearest of
a few thousand allowed ones, takes it a hundred times as long as reading them here. A row is written
before the catalogue knows of it: what a crash leaves behind a known row is overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
# Rows gathered at once in a search: few enough to stay in the processor's cache, and for their
# product to be left to one thread, which on a busy machine two take five times as long for.
_ROWS = 512


class Flat:
    """Vectors of `dim` numbers by row. Reading needs no lock."""

    def __init__(self, path: Path, dim: int) -> None:
        self.path, self.dim = path, dim
        self._map: Any = None

    def write(self, first: int, vectors: Vectors) -> None:
        """Put vectors into the rows from `first` on, and make sure that they are on the disk."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        with os.fdopen(handle, "r+b") as out:
            out.seek(first * self.dim * 4)
            out.write(np.ascontiguousarray(vectors, np.float32).tobytes())
            out.flush()
            os.fsync(out.fileno())
        self._map = None

    def read(self, rows: Sequence[int] | NDArray[np.int64]) -> Vectors | None:
        """The vectors of some rows; None where the file does not hold them all."""
        wanted = np.asarray(rows, np.int64)
        held = self._held(int(wanted.max()) + 1 if len(wanted) else 0)
        return None if held is None else np.asarray(held[wanted], np.float32)

    def nearest(
        self, queries: Vectors, rows: NDArray[np.int64], k: int
    ) -> list[list[tuple[int, float]]] | None:
        """For each query the `k` nearest of `rows` as (row, cosine), nearest first; exact."""
        held = self._held(int(rows.max()) + 1 if len(rows) else 0)
        if held is None:
            return None
        cosines = np.empty((len(queries), len(rows)), np.float32)
        gathered = np.empty((_ROWS, self.dim), np.float32)
        for i in range(0, len(rows), _ROWS):
            wanted = rows[i : i + _ROWS]
            part = np.take(held, wanted, axis=0, out=gathered[: len(wanted)], mode="clip")
            cosines[:, i : i + _ROWS] = queries @ part.T
        k = min(k, len(rows))
        out = []
        for line in cosines:
            best = np.argpartition(-line, k - 1)[:k] if k < len(rows) else np.arange(len(rows))
            best = best[np.lexsort((rows[best], -line[best]))]
            out.append([(int(rows[i]), float(line[i])) for i in best])
        return out

    def _held(self, rows: int) -> Any:
        """The file as an array of at least so many rows, or None."""
        if self._map is None or len(self._map) < rows:
            try:
                size = self.path.stat().st_size // (4 * self.dim) if self.dim else 0
                held = np.memmap(self.path, np.float32, "r", shape=(size, self.dim))
                self._map = np.asarray(held)  # whose slices cost less than a memmap's
            except (OSError, ValueError):
                self._map = None
        return self._map if self._map is not None and len(self._map) >= rows else None
