"""Fixtures of the door tests: an isolated environment and a store that is cheap to build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factcheck.embed import CachedEmbedder, Embedder, Vectors
from factcheck.models import Passage, Reference, content_id
from factcheck.store import Entry, Store

VARIABLES = (
    "FACTCHECK_LANG",
    "FACTCHECK_ANALYST",
    "FACTCHECK_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
)


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own settings reaches a test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("FACTCHECK_STORE", str(tmp_path / "env-store"))
    monkeypatch.setenv("FACTCHECK_CACHE", str(tmp_path / "env-cache"))


class HashEmbedder(Embedder):
    """Unit vectors out of a hash of the text; it counts what it is asked for."""

    def __init__(self, name: str = "hash-1", dim: int = 16) -> None:
        self.name, self.dim = name, dim
        self.seen: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return self._vectors(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            row[:] = np.random.default_rng(seed).normal(size=self.dim)
            row /= np.linalg.norm(row)
        return rows


@pytest.fixture
def hash_embedder() -> Callable[..., HashEmbedder]:
    return HashEmbedder


def by_lines(reference: Reference) -> Sequence[Entry]:
    """One passage a line, filed under its words."""
    entries = []
    start = 0
    for line in reference.text.split("\n"):
        if line.strip():
            passage = Passage(
                id=content_id(reference.id, str(start), line),
                reference=reference.id,
                start=start,
                end=start + len(line),
                text=line,
            )
            entries.append(Entry(passage, line, tuple(line.lower().split())))
        start += len(line) + 1
    return entries


@pytest.fixture
def make_store(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Stores on one folder (another with `where`), each with an embedder of its own."""
    opened: list[Store] = []

    def make(embedder: Embedder | None = None, where: Path | None = None) -> Store:
        inner = embedder or HashEmbedder()
        # No two stores share cached vectors unless a test asks: what is embedded is counted.
        cached = CachedEmbedder(inner, tmp_path / f"cache-{len(opened)}" / "vectors.sqlite3")
        store = Store(where or tmp_path / "store", cached, by_lines)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def report() -> Callable[..., Reference]:
    plain = Reference(
        id="R1",
        publisher="Example Wire",
        kind="wire",
        title="A title",
        text="Rebels seized the base.\nThe army denied it.",
        language="en",
    )

    def make(id: str = "R1", text: str | None = None, **fields: object) -> Reference:
        given = fields if text is None else {**fields, "text": text}
        return replace(plain, id=id, **given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def small_store(make_store: Callable[..., Store], report: Callable[..., Reference]) -> Store:
    """A store with three reports of two sentences each."""
    store = make_store()
    store.add(
        [
            report("R1"),
            report("R2", "Aid reached Homs.\nقال المرصد السوري إن القتال استمر."),
            report("R3", "Sebanyak 130.000 orang mengungsi.\nMereka lari ke utara."),
        ]
    )
    return store
