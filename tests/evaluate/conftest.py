"""Small files of labelled data, and an embedder that needs no model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.embed import Embedder, Vectors
from factcheck.text.words import tokens


class Words(Embedder):
    """Texts are as near as the words they share; counts how many it was given."""

    name, dim = "words", 256

    def __init__(self) -> None:
        self.given: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return np.array([self._vector(t) for t in texts], np.float32).reshape(-1, self.dim)

    queries = passages

    def _vector(self, text: str) -> Vectors:
        out = np.full(self.dim, 0.01, np.float32)
        for word, _, _ in tokens(text.casefold()):
            out[hashlib.sha256(word.encode()).digest()[0]] += 1.0
        return out / np.linalg.norm(out)


@pytest.fixture
def embedder() -> Words:
    return Words()


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Any, name: str = "data.jsonl") -> Path:
        path = tmp_path / name
        lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write
