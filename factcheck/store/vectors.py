"""Chroma behind one small door: vectors of our own by id, embedded in a folder or on a server.

Chroma's traps, measured: two processes that hold a client on one folder and write lose vectors
silently (so a lock is held around a client's whole life); an existing collection keeps its old
configuration whatever is asked for; metadata filters cost hundreds of milliseconds in a large
collection (so nothing is filtered here); at most 5,461 records are taken at once, 300 in the cloud.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import StoreMismatch
from factcheck.store.address import Address
from factcheck.store.faults import guarded
from factcheck.store.records import Edition

Vectors = NDArray[np.float32]
PREFIX = "passages"
_HNSW = {"space": "cosine", "ef_search": 300, "ef_construction": 200}
_TIMEOUT = 60.0  # seconds for one answer of a server; the client's own default is for ever


def embedded(folder: Path) -> Any:
    """A client on a folder."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def remote(address: Address, token: str | None) -> Any:
    """A client of a server or of Chroma Cloud."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if address.cloud:
        client = chromadb.CloudClient(
            tenant=address.tenant, database=address.database, api_key=token, settings=settings
        )
    else:
        if not address.tls:
            settings.chroma_server_ssl_verify = False  # else certificates are loaded for nothing
        headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        client = chromadb.HttpClient(
            host=address.host,
            port=address.port,
            ssl=address.tls,
            headers=headers,
            settings=settings,
            tenant=address.tenant,
            database=address.database,
        )
    for session in _sessions(client):
        session.timeout = _TIMEOUT
    return client


def close(client: Any) -> None:
    """Let go of a client, its connections included, which its own `close` leaves open."""
    sessions = _sessions(client)
    with suppress(Exception):
        client.close()
    for session in sessions:
        with suppress(Exception):
            session.close()


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions of a server's client: it has one for itself and one for its database."""
    servers = [
        getattr(c, "_server", None) for c in (client, getattr(client, "_admin_client", None))
    ]
    return [s for s in (getattr(x, "_session", None) for x in servers) if s is not None]


def collection_of(edition: Edition) -> str:
    """The collection that holds an edition's vectors."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", edition.embedding).strip("-")[:60]
    return f"{PREFIX}-{edition.number}-{slug}".rstrip("-")


class Chroma:
    """The collections of one store. Every failure is a StoreError that names the store."""

    def __init__(
        self, connect: Callable[[], Any], name: str, *, limit: int, cloud: bool = False
    ) -> None:
        self._connect, self._name = connect, name
        self._limit, self._cloud = limit, cloud
        self._client: Any = None
        self._open: dict[str, Any] = {}

    def close(self) -> None:
        """Let go of the client; it is made again when it is needed."""
        if self._client is not None:
            close(self._client)
        self._client = None
        self._open.clear()

    def client(self) -> Any:
        """The client, made on first use, since that costs most of a second."""
        if self._client is None:
            with guarded(self._name, "cannot open its vectors"):
                self._client = self._connect()
        return self._client

    def collection(self, edition: Edition) -> Any:
        """The collection of an edition, made where there is none. Raises StoreMismatch when it was
        built by another model or measures another distance."""
        name = collection_of(edition)
        if name not in self._open:
            with guarded(self._name, "cannot open its vectors"):
                found = self.client().get_or_create_collection(
                    name,
                    embedding_function=None,
                    metadata={"embedder": edition.embedding},
                    configuration={"spann": {"space": "cosine"}}
                    if self._cloud
                    else {"hnsw": dict(_HNSW)},
                )
            configured = found.configuration.get("hnsw") or found.configuration.get("spann") or {}
            space, built = configured.get("space"), (found.metadata or {}).get("embedder")
            if space != "cosine" or built != edition.embedding:
                raise StoreMismatch(
                    f"the vectors in {self._name} were built with {built} ({space})",
                    hint="Embed the reports again: factcheck refs reindex.",
                )
            self._open[name] = found
        return self._open[name]

    def names(self) -> list[str]:
        """The collections of passages that there are."""
        with guarded(self._name, "cannot open its vectors"):
            return [c.name for c in self.client().list_collections() if c.name.startswith(PREFIX)]

    def drop(self, name: str) -> None:
        self._open.pop(name, None)
        with guarded(self._name, "cannot drop its old vectors"):
            self.client().delete_collection(name)

    def upsert(
        self, edition: Edition, ids: Sequence[str], vectors: Vectors, metadatas: Sequence[Any]
    ) -> None:
        collection = self.collection(edition)
        with guarded(self._name, "did not take the vectors"):
            for part in self._parts(len(ids)):
                collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=list(metadatas[part]),
                )

    def delete(self, edition: Edition, ids: Sequence[str]) -> None:
        collection = self.collection(edition)
        with guarded(self._name, "did not give its old vectors up"):
            for part in self._parts(len(ids)):
                collection.delete(ids=list(ids[part]))

    def delete_where(self, edition: Edition, where: dict[str, Any]) -> None:
        collection = self.collection(edition)
        with guarded(self._name, "did not give its old vectors up"):
            collection.delete(where=where)

    def nearest(
        self, edition: Edition, queries: Vectors, k: int, where: dict[str, Any] | None = None
    ) -> list[list[tuple[str, float]]]:
        """For each query the `k` nearest as (id, cosine), nearest first."""
        collection = self.collection(edition)
        with guarded(self._name, "cannot be searched"):
            found = collection.query(
                query_embeddings=queries,
                n_results=min(k, self._limit),
                where=where,
                include=["distances"],
            )
        return [
            [(str(i), 1.0 - float(d)) for i, d in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def get(self, edition: Edition, ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors by id; unknown ids are left out."""
        collection = self.collection(edition)
        out: dict[str, Vectors] = {}
        with guarded(self._name, "cannot be read"):
            for part in self._parts(len(ids)):
                found = collection.get(ids=list(ids[part]), include=["embeddings"])
                for i, v in zip(found["ids"], found["embeddings"], strict=True):
                    out[str(i)] = np.asarray(v, np.float32)
        return out

    def _parts(self, count: int) -> Iterator[slice]:
        for i in range(0, count, self._limit):
            yield slice(i, i + self._limit)
