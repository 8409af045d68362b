"""A Chroma server's own collection: records by id, with what is said about each."""

from __future__ import annotations

import http.client
import math
from collections.abc import Sequence
from typing import Any

from factcheck.errors import ConfigError, StoreError
from factcheck.models import content_id
from factcheck.store import vectors
from factcheck.store.address import Address
from factcheck.store.faults import guarded

_COLLECTION = "factcheck-reports"
_TIMEOUT = 10.0
_UNREACHABLE = "Check that the server runs and that the address is right, or use another --store."


class Remote:
    """The records of a store on a server. A record is its metadata and a document; Chroma wants a
    vector with each, and these are never sought."""

    def __init__(self, address: Address, token: str | None) -> None:
        self.address, self.name = address, address.text
        self.limit = 300 if address.cloud else 2000  # records that are taken or given at once
        self._token = _checked_token(token, address)
        self._client: Any = None
        self._records: Any = None

    def again(self) -> Remote:
        """The same with a connection of its own, for another thread."""
        return Remote(self.address, self._token)

    def connect(self) -> Any:
        if self._client is None:
            self._knock()
            with guarded(self.name, "cannot be opened"):
                self._client = vectors.remote(self.address, self._token)
        return self._client

    def close(self) -> None:
        if self._client is not None:
            vectors.close(self._client)
        self._client = self._records = None

    def now(self) -> float:
        """The server's clock, in seconds."""
        return float(self.connect().heartbeat()) / 1e9

    def collection(self) -> Any:
        if self._records is None:
            client = self.connect()
            with guarded(self.name, "cannot be opened"):
                self._records = client.get_or_create_collection(
                    _COLLECTION, embedding_function=None
                )
        return self._records

    def get(self, ids: Sequence[str], *, documents: bool = False) -> dict[str, tuple[Any, str]]:
        """Records by id, as (metadata, document)."""
        out: dict[str, tuple[Any, str]] = {}
        include = ["metadatas", "documents"] if documents else ["metadatas"]
        for i in range(0, len(ids), self.limit):
            found = self.collection().get(ids=list(ids[i : i + self.limit]), include=include)
            texts = found["documents"] if documents else [""] * len(found["ids"])
            out.update(zip(found["ids"], zip(found["metadatas"], texts, strict=True), strict=True))
        return out

    def put(self, records: Sequence[tuple[str, dict[str, Any], str]]) -> None:
        """Write records, given as (id, metadata, document)."""
        for i in range(0, len(records), self.limit):
            part = records[i : i + self.limit]
            self.collection().upsert(
                ids=[id for id, _, _ in part],
                metadatas=[m for _, m, _ in part],
                documents=[d for _, _, d in part],
                embeddings=[spread(id) for id, _, _ in part],
            )

    def _knock(self) -> None:
        """Ask, with a time limit of our own, whether a Chroma server of today is there and has the
        database."""
        a = self.address
        status, body = self._request("/api/v2/heartbeat")
        if status in (401, 403):
            raise StoreError(
                f"the store {self.name} refused the token ({status})"
                if self._token
                else f"the store {self.name} asks for a token ({status})",
                hint="Set CHROMA_API_KEY." if a.cloud else "Set FACTCHECK_STORE_TOKEN.",
            )
        if status != 200 or b"heartbeat" not in body:
            raise StoreError(
                f"the store {self.name} is no Chroma server of version 1 or newer"
                f" (it answered {status})",
                hint=_UNREACHABLE,
            )
        status, _ = self._request(f"/api/v2/tenants/{a.tenant}/databases/{a.database}")
        if status != 200:
            raise StoreError(
                f"the store {self.name} has no database {a.database} of a tenant {a.tenant}"
                f" that may be opened ({status})",
                hint="Make it there first, or check its name and the token.",
            )

    def _request(self, path: str) -> tuple[int, bytes]:
        a = self.address
        kind = http.client.HTTPSConnection if a.tls else http.client.HTTPConnection
        connection = kind(a.host, a.port, timeout=_TIMEOUT)
        try:
            connection.request("GET", path, headers=_headers(self._token, a))
            answer = connection.getresponse()
            return answer.status, answer.read(2000)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = "no answer in time" if isinstance(error, TimeoutError) else str(error)
            raise StoreError(
                f"the store {self.name} cannot be reached: {reason or type(error).__name__}",
                hint=_UNREACHABLE,
            ) from error
        finally:
            connection.close()


def _checked_token(token: str | None, address: Address) -> str | None:
    name = "CHROMA_API_KEY" if address.cloud else "FACTCHECK_STORE_TOKEN"
    if token is not None and not (token.isascii() and token.isprintable() and token.strip()):
        raise ConfigError(
            f"{name} holds something that is no token", hint="Set it to the token alone."
        )
    if address.cloud and token is None:
        raise ConfigError("Chroma Cloud needs a key", hint="Set CHROMA_API_KEY.")
    return token


def _headers(token: str | None, address: Address) -> dict[str, str]:
    if not token:
        return {}
    return {
        "X-Chroma-Token": token,
        **({} if address.cloud else {"Authorization": f"Bearer {token}"}),
    }


def spread(id: str) -> list[float]:
    """A point on the circle: Chroma wants a vector with each record, and these are never sought."""
    angle = int(content_id(id)[:8], 16) / 2**32 * 2 * math.pi
    return [math.cos(angle), math.sin(angle)]
