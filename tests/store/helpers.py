"""Embedders and a construction of passages that cost nothing, also for processes of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from langchain_core.embeddings import Embeddings

from factcheck.embed import Embedder, Vectors
from factcheck.models import Passage, Reference, content_id
from factcheck.store import Entry


class HashEmbedder(Embedder):
    """Unit vectors out of a hash of the text; it counts what it is asked for."""

    def __init__(self, name: str = "hash-1", dim: int = 16) -> None:
        self.name, self.dim = name, dim
        self.seen: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return hashed(texts, self.dim, self.name)

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return hashed(texts, self.dim, self.name)


def hashed(texts: Sequence[str], dim: int, name: str = "hash-1") -> Vectors:
    rows = np.empty((len(texts), dim), np.float32)
    salt = "" if name == "hash-1" else name
    for row, text in zip(rows, texts, strict=True):
        seed = int.from_bytes(hashlib.sha256((salt + text).encode()).digest()[:8], "big")
        row[:] = np.random.default_rng(seed).normal(size=dim)
        row /= np.linalg.norm(row)
    return rows


class HashEmbeddings(Embeddings):
    """The same behind LangChain's interface, to be named by import path."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in hashed(texts, 16)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class OtherEmbeddings(Embeddings):
    """Another model of another dimension."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in hashed(texts, 24, "other")]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def no_embeddings() -> str:
    return "this is no Embeddings"


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


def by_pairs(reference: Reference) -> Sequence[Entry]:
    """Another construction: the same passages, filed and embedded in other words."""
    return [
        Entry(
            replace(e.passage, id=content_id("pair", e.passage.id)),
            f"pair: {e.embed}",
            (*e.keys, "pair"),
        )
        for e in by_lines(reference)
    ]


PLAIN = Reference(
    id="R1",
    publisher="Example Wire",
    kind="wire",
    title="A title",
    text="Rebels seized the base.\nThe army denied it.",
    language="en",
)


def report(id: str = "R1", text: str | None = None, **fields: object) -> Reference:
    given = fields if text is None else {**fields, "text": text}
    return replace(PLAIN, id=id, **given)  # type: ignore[arg-type]
