"""Embeddings of OpenAI and of any server that speaks its protocol, through LangChain."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from factcheck.embed.base import Embedder, Vectors, checked, clean
from factcheck.errors import ConfigError, ServiceError

_KNOWN = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_TOKENS = 60_000  # of one request, by our count: under any server's limit
_BATCH = 128  # texts of one request
_TRIES = 5
_LONGEST = 30.0  # seconds waited before a further try
_CHARS_A_TOKEN = 3


class OpenAIEmbedder(Embedder):
    """`openai:MODEL`, or `openai:MODEL,QUERY_MODEL` where a server tells them apart by name.

    `prefixes` are put before a query and before a passage: models of the e5 family want
    "query: " and "passage: ", and LangChain's own `embed_query` does not tell the two apart.
    Raises ServiceError for every fault of the server.
    """

    batch = _BATCH

    def __init__(
        self,
        model: str,
        *,
        address: str | None = None,
        key: str | None = None,
        prefixes: tuple[str, str] = ("", ""),
        timeout: float = 60.0,
        wait: float = 1.0,
    ) -> None:
        passage, _, query = model.partition(",")
        if not passage:
            raise ConfigError(
                "the embedding model has no name", hint="Write openai:text-embedding-3-small."
            )
        self._passage_model, self._query_model = passage, query or passage
        self.address = address
        self._key, self._prefixes = key, prefixes
        self._timeout, self._wait = timeout, wait
        self._clients: dict[str, Any] = {}
        marked = f"[{prefixes[0]}|{prefixes[1]}]" if any(prefixes) else ""
        self.name = f"openai:{model}{marked}"
        self.dim = 0 if address else _KNOWN.get(passage, 0)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(self._passage_model, self._prefixes[1], texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(self._query_model, self._prefixes[0], texts)

    def _embed(self, model: str, prefix: str, texts: Sequence[str]) -> Vectors:
        cleaned = [prefix + clean(t) for t in texts]
        rows: list[Any] = []
        for part in _batches(cleaned):
            got = self._ask(model, part)
            rows.extend(checked(got, len(part), self.dim, source=self._named(model)))
        return checked(rows, len(cleaned), self.dim, source=self._named(model))

    def _ask(self, model: str, texts: list[str]) -> Any:
        """One request, tried again after a fault that may pass."""
        for attempt in range(_TRIES):
            try:
                return self._client(model).embed_documents(texts)
            except Exception as error:  # every client and server has kinds of its own
                fault, wait = self._fault(error, model)
                if wait is None or attempt == _TRIES - 1:
                    raise fault from error
                backoff = self._wait * 2**attempt * (1 + random.random() / 4)  # noqa: S311
                time.sleep(min(_LONGEST, max(wait, backoff)))
        raise AssertionError("unreachable")

    def _client(self, model: str) -> Any:
        if model not in self._clients:
            from langchain_openai import OpenAIEmbeddings
            from pydantic import SecretStr

            if not self._key and not self.address:
                raise ConfigError(
                    f"the embedding model {model} needs a key",
                    hint="Set OPENAI_API_KEY, or FACTCHECK_EMBEDDING_URL to a server without one.",
                )
            self._clients[model] = OpenAIEmbeddings(
                model=model,
                base_url=self.address or "https://api.openai.com/v1",
                api_key=SecretStr(self._key or "none"),
                check_embedding_ctx_length=False,  # tiktoken would download its tables
                max_retries=0,  # tried again here and nowhere else
                timeout=self._timeout,
                chunk_size=_BATCH,
            )
        return self._clients[model]

    def _named(self, model: str) -> str:
        where = urlsplit(self.address).netloc.rpartition("@")[2] if self.address else ""
        return f"{model} at {where}" if where else model

    def _fault(self, error: Exception, model: str) -> tuple[Exception, float | None]:
        """What a failure means, and how long to wait before the next try (None: no use)."""
        if isinstance(error, ConfigError | ServiceError):
            return error, None
        status = getattr(error, "status_code", None)
        code = str(getattr(error, "code", "") or "")
        kind = type(error).__name__
        named = self._named(model)
        if status in (401, 403):
            return ConfigError(
                f"the embedding model {named} refused the key ({status})",
                hint="Set FACTCHECK_EMBEDDING_KEY (or OPENAI_API_KEY) to a key that may use it.",
            ), None
        if status == 404:
            return ConfigError(
                f"there is no embedding model {named} (404)",
                hint="Check the model's name and FACTCHECK_EMBEDDING_URL, which often ends in /v1.",
            ), None
        if code == "insufficient_quota":
            return ServiceError(
                f"the account at {named} has no credit left",
                hint="Add credit, or use another model with FACTCHECK_EMBEDDING.",
            ), None
        if status == 429:
            return ServiceError(
                f"the embedding model {named} is asked too often (429)",
                hint="Try again later: what is embedded is kept and not asked for again.",
            ), _retry_after(error)
        if status is not None and status >= 500:
            return ServiceError(
                f"the embedding model {named} failed ({status})",
                hint="Try again later: what is embedded is kept and not asked for again.",
            ), 0.0
        if status is not None:
            return ServiceError(
                f"the embedding model {named} did not take the texts ({status})",
                hint="Check that the name is that of an embedding model.",
            ), None
        if "Timeout" in kind or "Connection" in kind:
            what = "did not answer in time" if "Timeout" in kind else "cannot be reached"
            return ServiceError(
                f"the embedding model {named} {what}",
                hint="Check FACTCHECK_EMBEDDING_URL and that the server is running.",
            ), 0.0
        return ServiceError(
            f"the embedding model {named} returned something that is no list of vectors",
            hint="Check that FACTCHECK_EMBEDDING_URL is an OpenAI-compatible address (.../v1).",
        ), None


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", {}) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except (TypeError, ValueError):
        return 0.0


def _batches(texts: Sequence[str]) -> list[list[str]]:
    """Texts in requests of at most _BATCH texts and _TOKENS tokens, in order."""
    out: list[list[str]] = []
    room = 0
    for text in texts:
        tokens = len(text) // _CHARS_A_TOKEN + 1
        if not out or len(out[-1]) >= _BATCH or room < tokens:
            out.append([])
            room = _TOKENS
        out[-1].append(text)
        room -= tokens
    return out
