"""A store on a Chroma server or in Chroma Cloud, with a catalogue on this machine that follows it.

The server holds what is true, in a collection of its own beside the vectors' (a record's id says
what it is):

    r/ID           a report: its digest, its state (pending, ready, removing, removed), and a number
                   that every change raises, by which a catalogue catches up
    p/KEY/N        the report's fields in pieces that fit the cloud's documents
    f/KEY/E/N      its passages in edition E: where they stand and what they are filed under
    m/NAME         a value of the store's own, the editions among them
    l/N            the lease of the Nth writer
    clock          the generation, and the last number given

KEY is of a report and its digest: a new version never overwrites pieces of the old one, and one
write of `r/ID` makes it the report. Chroma has no locks, but `add` leaves an id alone that is there:
so whoever adds `l/N` first, N being one more than the last lease that has ended, is the Nth writer.
Times are the server's.
"""

from __future__ import annotations

import http.client
import json
import math
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from factcheck.errors import ConfigError, StoreBusy, StoreError
from factcheck.models import content_id
from factcheck.store import vectors
from factcheck.store.address import Address
from factcheck.store.catalogue import Catalogue
from factcheck.store.faults import failed, guarded
from factcheck.store.records import Editions, Filed, Record

_COLLECTION = "factcheck-reports"
_CLOCK = "clock"
_PIECE = 12_000  # bytes; the cloud takes documents of 16,384
_LEASE = 30.0  # seconds that a lease lasts without being renewed
_POLL = 0.25
_AGAIN = 4
_WINDOW = 250  # changes fetched at once
_TIMEOUT = 10.0
_UNREACHABLE = "Check that the server runs and that the address is right, or use another --store."


class Server:
    """A Chroma server as a place for a store."""

    look = 1.0
    mirrored = True
    read_only = False

    def __init__(self, address: Address, token: str | None, cache: Path) -> None:
        self.address, self.name = address, address.text
        self.cloud = address.cloud
        self.limit = 300 if address.cloud else 2000
        self._token = _checked_token(token, address)
        self._folder = self.folder_of(address, cache)
        self._client: Any = None
        self._records: Any = None
        self._lease: _Lease | None = None
        self._seq: int | None = None  # the last number given; not known before following

    @property
    def folder(self) -> Path:
        return self._folder

    @staticmethod
    def folder_of(address: Address, cache: Path) -> Path:
        """Where the catalogue of a server's store lies on this machine."""
        return cache / "servers" / content_id(address.text)

    def make(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failed(str(self._folder), "cannot be created", error) from error

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

    # ------------------------------------------------------------ the server's own records

    def _collection(self) -> Any:
        if self._records is None:
            client = self.connect()
            with guarded(self.name, "cannot be opened"):
                self._records = client.get_or_create_collection(
                    _COLLECTION, embedding_function=None
                )
        return self._records

    def _get(self, ids: Sequence[str], *, documents: bool = False) -> dict[str, tuple[Any, str]]:
        """Records by id, as (metadata, document)."""
        out: dict[str, tuple[Any, str]] = {}
        include = ["metadatas", "documents"] if documents else ["metadatas"]
        for i in range(0, len(ids), self.limit):
            found = self._collection().get(ids=list(ids[i : i + self.limit]), include=include)
            texts = found["documents"] if documents else [""] * len(found["ids"])
            out.update(zip(found["ids"], zip(found["metadatas"], texts, strict=True), strict=True))
        return out

    def _put(self, records: Sequence[tuple[str, dict[str, Any], str]]) -> None:
        """Write records, given as (id, metadata, document)."""
        self._mine()
        for i in range(0, len(records), self.limit):
            part = records[i : i + self.limit]
            self._collection().upsert(
                ids=[id for id, _, _ in part],
                metadatas=[m for _, m, _ in part],
                documents=[d for _, _, d in part],
                embeddings=[_spread(id) for id, _, _ in part],
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

    # ------------------------------------------------------------ one writer

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        self.make()
        with guarded(self.name, "cannot be locked"):
            lease = self._take(wait)
        self._lease, self._seq = lease, None
        try:
            lease.start()
            yield
        finally:
            try:
                with suppress(Exception):
                    self._tick()
                lease.stop()
                with suppress(Exception):
                    self._end(lease)
            finally:
                self._lease = None

    def _take(self, wait: float) -> _Lease:
        deadline = time.monotonic() + wait
        holder = secrets.token_hex(8)
        while True:
            now = self._now()
            leases = self._collection().get(where={"what": "lease"}, include=["metadatas"])
            last = max(leases["metadatas"], key=lambda m: m["number"], default=None)
            if last is None or last["until"] < now:
                number = last["number"] + 1 if last else 1
                id = f"l/{number:012d}"
                self._collection().add(
                    ids=[id],
                    embeddings=[_spread(id)],
                    metadatas=[self._lease_of(number, holder, now + _LEASE)],
                )
                if self._get([id])[id][0]["holder"] == holder:
                    old = [i for i in leases["ids"] if i != id]
                    if old:
                        self._collection().delete(ids=old)
                    return _Lease(self, number, holder)
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"the store {self.name} is being written to by another process",
                    hint="Wait until it is done (a writer that died is forgotten after"
                    f" {_LEASE:.0f} seconds), or use another one with --store.",
                )
            time.sleep(_POLL)

    @staticmethod
    def _lease_of(number: int, holder: str, until: float) -> dict[str, Any]:
        return {"what": "lease", "number": number, "holder": holder, "until": until}

    def _now(self) -> float:
        return float(self.connect().heartbeat()) / 1e9

    def _end(self, lease: _Lease) -> None:
        """Give the lease back."""
        if not lease.lost:
            self._collection().update(
                ids=[lease.id], metadatas=[self._lease_of(lease.number, lease.holder, 0.0)]
            )

    def _mine(self) -> None:
        """Raise StoreError when another writer has taken over."""
        if self._lease is not None:
            nobody = not self._get([f"l/{self._lease.number + 1:012d}"])
            if self._lease.lost or not nobody:
                self._lease.lost = True
                raise StoreError(
                    f"the store {self.name} was taken over by another writer: this machine had"
                    " been silent for too long",
                    hint="Run the same command again.",
                )

    # ------------------------------------------------------------ following

    def generation(self) -> str:
        with guarded(self.name, "cannot be read"):
            clock = self._get([_CLOCK])
        return str(clock[_CLOCK][0]["generation"]) if clock else ""

    def _tick(self) -> None:
        if self._seq is None:
            return
        generation = int(self.generation() or 0) + 1
        self._put([(_CLOCK, {"what": "clock", "generation": generation, "seq": self._seq}, "")])

    def follow(self, catalogue: Catalogue) -> None:
        from filelock import FileLock

        with FileLock(str(self._folder / "follow.lock"), timeout=600):
            for attempt in range(_AGAIN):
                try:
                    with catalogue.change():
                        self._follow(catalogue)
                    return
                except _MissingError as error:
                    if attempt == _AGAIN - 1 or self._lease is not None:
                        raise StoreError(
                            f"the store {self.name} lacks a part of a report ({error})",
                            hint="Add that report again: factcheck refs add.",
                        ) from error
                    time.sleep(_POLL)  # replaced while we were reading

    def _follow(self, catalogue: Catalogue) -> None:
        metas = self._collection().get(where={"what": "meta"}, include=["metadatas"])
        for meta in metas["metadatas"]:
            if meta["name"] == "editions":
                catalogue.set_editions(Editions.loaded(meta["value"]))
            else:
                catalogue.set_meta(meta["name"], meta["value"])
        editions = catalogue.editions()
        seen = top = int(catalogue.meta("seq") or 0)
        clock = self._get([_CLOCK])
        last = int(clock[_CLOCK][0]["seq"]) if clock else 0
        # A writer that died before it wrote the clock has changed more than the clock tells.
        while editions and (seen < last or self._changes(seen, None)):
            heads = self._changes(seen, seen + _WINDOW)
            self._apply(catalogue, editions, heads)
            top = max([top, *(int(h["seq"]) for h in heads)])
            seen += _WINDOW
        self._seq = max(top, last)
        catalogue.set_meta("seq", str(self._seq))
        if editions:
            self._file(catalogue, editions)

    def _changes(self, after: int, upto: int | None) -> list[dict[str, Any]]:
        """The reports whose last change has a number in (after, upto]."""
        bounds: list[dict[str, Any]] = [{"seq": {"$gt": after}}]
        if upto is not None:
            bounds.append({"seq": {"$lte": upto}})
        where = bounds[0] if upto is None else {"$and": bounds}
        found = self._collection().get(where=where, limit=self.limit, include=["metadatas"])
        return sorted(
            (m for m in found["metadatas"] if m["what"] == "report"), key=lambda m: int(m["seq"])
        )

    def _apply(
        self, catalogue: Catalogue, editions: Editions, heads: Sequence[dict[str, Any]]
    ) -> None:
        known = {s: catalogue.digests(s) for s in ("ready", "pending")}
        wanted: list[dict[str, Any]] = []
        gone: list[str] = []
        leaving: list[str] = []
        for head in heads:
            id, state = head["id"], head["state"]
            if state in ("removing", "removed"):
                (leaving if state == "removing" else gone).append(id)
            elif known.get(state, {}).get(id) != head["digest"]:
                wanted.append(head)
        fields = self._pieces([(f"p/{_key(h['id'], h['digest'])}", h["pieces"]) for h in wanted])
        records = [
            Record(h["id"], h["digest"], bool(h["starter"]), text)
            for h, text in zip(wanted, fields, strict=True)
        ]
        catalogue.begin(records, editions)
        catalogue.call_ready([h["id"] for h in wanted if h["state"] == "ready"])
        catalogue.removing(gone, editions)
        catalogue.removed()
        catalogue.removing(leaving, editions)
        for edition in editions.all():
            catalogue.clear_leftovers(edition.number)

    def _file(self, catalogue: Catalogue, editions: Editions) -> None:
        """File the passages of the reports that the catalogue lacks them of."""
        number = editions.current.number
        todo = catalogue.undone(number)
        digests = catalogue.digests()
        for i in range(0, len(todo), _WINDOW):
            part = todo[i : i + _WINDOW]
            bases = [f"f/{_key(id, digests[id])}/{number}" for id in part]
            firsts = self._get([f"{b}/0" for b in bases])
            for base in bases:
                if f"{base}/0" not in firsts:
                    raise _MissingError(base)
            counts = [(b, int(firsts[f"{b}/0"][0]["of"])) for b in bases]
            texts = self._pieces(counts)
            catalogue.publish(
                number,
                [
                    (id, digests[id], [Filed(p[0], p[1], p[2], tuple(p[3])) for p in json.loads(t)])
                    for id, t in zip(part, texts, strict=True)
                ],
            )

    def _pieces(self, wanted: Sequence[tuple[str, int]]) -> list[str]:
        """Texts put together out of their pieces, given as (first part of the ids, how many)."""
        ids = [f"{base}/{n}" for base, count in wanted for n in range(count)]
        found = self._get(ids, documents=True)
        for id in ids:
            if id not in found:
                raise _MissingError(id)
        return ["".join(found[f"{base}/{n}"][1] for n in range(count)) for base, count in wanted]

    # ------------------------------------------------------------ writing

    def set_meta(self, key: str, value: str) -> None:
        self._put([(f"m/{key}", {"what": "meta", "name": key, "value": value}, "")])

    def switch(self, editions: Editions) -> None:
        self.set_meta("editions", editions.dumped())
        used = [e.number for e in editions.all()]
        self._collection().delete(where={"$and": [{"what": "filed"}, {"edition": {"$nin": used}}]})

    def begin(self, records: Sequence[Record]) -> None:
        pieces, heads = [], []
        for record in records:
            key = _key(record.id, record.digest)
            parts = _cut(record.fields)
            pieces += [(f"p/{key}/{n}", _of(record.id, record.digest), p) for n, p in parts]
            heads.append(
                self._head(record.id, record.digest, "pending", record.starter, len(parts))
            )
        self._put(pieces)
        self._put(heads)

    def publish(
        self, edition: int, reports: Sequence[tuple[str, str, Sequence[Filed]]], *, ready: bool
    ) -> None:
        pieces = []
        for id, digest, filed in reports:
            text = json.dumps([[f.id, f.start, f.stop, f.keys] for f in filed], ensure_ascii=False)
            parts = _cut(text)
            base = f"f/{_key(id, digest)}/{edition}"
            about = {**_of(id, digest), "what": "filed", "edition": edition, "of": len(parts)}
            pieces += [(f"{base}/{n}", about, part) for n, part in parts]
        self._put(pieces)
        if ready:
            self._change_heads([id for id, _, _ in reports], "ready")
            for id, digest, _ in reports:
                self._collection().delete(
                    where={"$and": [{"report": id}, {"digest": {"$ne": digest}}]}
                )

    def removing(self, ids: Sequence[str]) -> None:
        self._change_heads(ids, "removing")

    def removed(self, ids: Sequence[str]) -> None:
        for id in ids:
            self._collection().delete(where={"report": id})
        self._change_heads(ids, "removed")

    def _head(
        self, id: str, digest: str, state: str, starter: bool, pieces: int
    ) -> tuple[str, dict[str, Any], str]:
        self._seq = (self._seq or 0) + 1
        return f"r/{id}", {
            "what": "report", "id": id, "digest": digest, "state": state, "starter": starter,
            "pieces": pieces, "seq": self._seq,
        }, ""  # fmt: skip

    def _change_heads(self, ids: Sequence[str], state: str) -> None:
        heads = self._get([f"r/{id}" for id in ids])
        self._put(
            [
                self._head(m["id"], m["digest"], state, bool(m["starter"]), m["pieces"])
                for m, _ in heads.values()
            ]
        )


class _MissingError(Exception):
    """A piece is not there (any longer); its id."""


class _Lease:
    """The right to write, renewed by a thread of its own while it is held."""

    def __init__(self, server: Server, number: int, holder: str) -> None:
        self._server, self.number, self.holder = server, number, holder
        self.id = f"l/{number:012d}"
        self.lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=_TIMEOUT)

    def _renew(self) -> None:
        server = Server(self._server.address, self._server._token, self._server._folder.parents[1])
        try:
            while not self._over.wait(_LEASE / 4):
                with suppress(Exception):  # tried again; the next write finds out if it was lost
                    until = server._now() + _LEASE
                    server._collection().update(
                        ids=[self.id],
                        metadatas=[server._lease_of(self.number, self.holder, until)],
                    )
        finally:
            server.close()


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


def _key(id: str, digest: str) -> str:
    return content_id(id, digest)


def _of(id: str, digest: str) -> dict[str, Any]:
    return {"what": "piece", "report": id, "digest": digest}


def _cut(text: str) -> list[tuple[int, str]]:
    """A text in numbered pieces of at most _PIECE bytes; an empty one has one piece."""
    data = text.encode("utf-8")
    parts: list[str] = []
    start = 0
    while start < len(data) or not parts:
        end = min(start + _PIECE, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:  # not inside a character
            end -= 1
        parts.append(data[start:end].decode("utf-8"))
        start = end
    return list(enumerate(parts))


def _spread(id: str) -> list[float]:
    """A point on the circle: Chroma wants a vector with each record, and these are never sought."""
    angle = int(content_id(id)[:8], 16) / 2**32 * 2 * math.pi
    return [math.cos(angle), math.sin(angle)]
