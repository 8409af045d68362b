"""Any LangChain `Embeddings`, by import path.

The path is the user's own setting and names code that is run: it is taken from the environment, the
configuration file and the command line, never from a store, an export or anything else received.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from langchain_core.embeddings import Embeddings

from factcheck.embed.base import Embedder, Vectors, checked, clean
from factcheck.errors import ConfigError, FactcheckError, ServiceError


class ForeignEmbedder(Embedder):
    """`module:Class` or `module:factory`, called without arguments and asked through LangChain's
    interface. Raises ConfigError where the path leads to no `Embeddings`."""

    dim = 0

    def __init__(self, path: str) -> None:
        self.name = path
        self._path = path
        self._inner: Embeddings | None = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._run(lambda inner, t: inner.embed_documents(t), texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._run(lambda inner, t: [inner.embed_query(x) for x in t], texts)

    def _run(self, call: object, texts: Sequence[str]) -> Vectors:
        inner = self._load()
        if not texts:
            return checked([], 0, self.dim, source=self.name)
        try:
            rows = call(inner, [clean(t) for t in texts])  # type: ignore[operator]
        except FactcheckError:
            raise
        except Exception as error:
            raise ServiceError(
                f"the embedding model {self.name} failed: {type(error).__name__}: {error}",
                hint="See its own documentation; FACTCHECK_EMBEDDING names another one.",
            ) from error
        return checked(rows, len(texts), self.dim, source=self.name)

    def _load(self) -> Embeddings:
        if self._inner is None:
            module, _, name = self._path.partition(":")
            hint = "Write FACTCHECK_EMBEDDING=module:Class, importable by this Python."
            try:
                made = getattr(import_module(module), name)()
            except Exception as error:
                raise ConfigError(
                    f"the embedding model {self._path} cannot be loaded:"
                    f" {type(error).__name__}: {error}",
                    hint=hint,
                ) from error
            if not isinstance(made, Embeddings):
                raise ConfigError(
                    f"{self._path} makes a {type(made).__name__}, not a LangChain Embeddings",
                    hint=hint,
                )
            self._inner = made
        return self._inner
