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
write of `r/ID` makes it the report.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from factcheck.errors import StoreError
from factcheck.models import content_id
from factcheck.store import lease as leases
from factcheck.store.address import Address
from factcheck.store.catalogue import Catalogue
from factcheck.store.faults import failed, guarded
from factcheck.store.records import Editions, Filed, Record
from factcheck.store.remote import Remote

_CLOCK = "clock"
_PIECE = 12_000  # bytes; the cloud takes documents of 16,384
_POLL = 0.25
_AGAIN = 4
_WINDOW = 250  # changes fetched at once


class Server:
    """A Chroma server as a place for a store."""

    look = 1.0
    mirrored = True
    read_only = False

    def __init__(self, address: Address, token: str | None, cache: Path) -> None:
        self.address, self.name = address, address.text
        self.cloud = address.cloud
        self._remote = Remote(address, token)
        self.limit = self._remote.limit
        self._folder = self.folder_of(address, cache)
        self._lease: leases.Lease | None = None
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
        return self._remote.connect()

    def close(self) -> None:
        self._remote.close()

    def _put(self, records: Sequence[tuple[str, dict[str, Any], str]]) -> None:
        """Write records, as long as this is the only writer."""
        if self._lease is not None:
            self._lease.check()
        self._remote.put(records)

    # ------------------------------------------------------------ one writer

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        self.make()
        with guarded(self.name, "cannot be locked"):
            lease = leases.take(self._remote, wait)
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
                    lease.end()
            finally:
                self._lease = None

    # ------------------------------------------------------------ following

    def generation(self) -> str:
        with guarded(self.name, "cannot be read"):
            clock = self._remote.get([_CLOCK])
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
        metas = self._remote.collection().get(where={"what": "meta"}, include=["metadatas"])
        for meta in metas["metadatas"]:
            if meta["name"] == "editions":
                catalogue.set_editions(Editions.loaded(meta["value"]))
            else:
                catalogue.set_meta(meta["name"], meta["value"])
        editions = catalogue.editions()
        seen = top = int(catalogue.meta("seq") or 0)
        clock = self._remote.get([_CLOCK])
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
        found = self._remote.collection().get(where=where, limit=self.limit, include=["metadatas"])
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
            firsts = self._remote.get([f"{b}/0" for b in bases])
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
        found = self._remote.get(ids, documents=True)
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
        self._remote.collection().delete(
            where={"$and": [{"what": "filed"}, {"edition": {"$nin": used}}]}
        )

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
                self._remote.collection().delete(
                    where={"$and": [{"report": id}, {"digest": {"$ne": digest}}]}
                )

    def removing(self, ids: Sequence[str]) -> None:
        self._change_heads(ids, "removing")

    def removed(self, ids: Sequence[str]) -> None:
        for id in ids:
            self._remote.collection().delete(where={"report": id})
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
        heads = self._remote.get([f"r/{id}" for id in ids])
        self._put(
            [
                self._head(m["id"], m["digest"], state, bool(m["starter"]), m["pieces"])
                for m, _ in heads.values()
            ]
        )


class _MissingError(Exception):
    """A piece is not there (any longer); its id."""


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
