"""`Store`, the door to the collection: what is written, in which order, and what is found.

A report is taken up in the catalogue as `pending` first; then its vectors go to Chroma; then its
passages are filed and it is `ready`, in one transaction. Nobody sees it before. What a crash left
pending is finished by the next writer, what it left half removed is removed. Two processes that
hold a Chroma client and write lose vectors silently, so the lock is taken before the client exists
and kept until after it is closed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck.embed import CachedEmbedder
from factcheck.kept import Shelf
from factcheck.models import Passage, Reference
from factcheck.store import filling, opening, portable, reindex, searching
from factcheck.store.address import Address, parse
from factcheck.store.catalogue import Catalogue
from factcheck.store.faults import failed, guarded
from factcheck.store.flat import Flat
from factcheck.store.memory import Memory
from factcheck.store.places import Folder, Place
from factcheck.store.records import (
    Added,
    Edition,
    Editions,
    Entry,
    Progress,
    Record,
    Reindexed,
)
from factcheck.store.server import Server
from factcheck.store.vectors import Chroma
from factcheck.store.within import Within

_LOCK_SECONDS = 30.0


class Store:
    """A collection of references in a folder or on a Chroma server. Reading needs no lock;
    `writing()` takes it.

    `path` is a folder or an address (see `address.parse`); `token` opens the server, and `cache` is
    where a server's catalogue is followed. `index` turns a reference into its entries; it is given
    from above, since how a report is cut and keyed is not this door's business; `layout` is the
    number of that construction. `shelf` is where readings of its reports are kept.
    """

    def __init__(
        self,
        path: Path | str,
        embedder: CachedEmbedder,
        index: Callable[[Reference], Sequence[Entry]],
        *,
        layout: int = 1,
        token: str | None = None,
        cache: Path | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        where = parse(path)
        self.place: Place
        if isinstance(where, Address):
            self.path: Path | str = where.text
            self.place = Server(where, token, cache or Path.home() / ".cache" / "factcheck")
        else:
            self.path = where
            self.place = Folder(where)
        self.embedder = embedder
        self.layout = layout
        self.shelf = shelf or Shelf()
        self._index = index
        self._chroma = Chroma(
            self.place.connect, self.place.name, limit=self.place.limit, cloud=self.place.cloud
        )
        self._catalogue: Catalogue | None = None
        self._editions = Editions(Edition(1, embedder.name, layout))
        self._flats: dict[int, Flat] = {}
        self._seen = ""
        self._look_again = 0.0
        self._writing = False
        self._any_embedding = False  # a reindexing may open what another model built
        self._remembered = Memory()

    # ------------------------------------------------------------ life

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and connections; the store may be used again afterwards."""
        self._close()
        if not self._writing:
            self._chroma.close()
            self.place.close()

    def _close(self) -> None:
        """Let go of what has to be opened again after a writing. A folder's Chroma client goes: it
        knows nothing of what another one wrote. A server's stays."""
        if not self.place.mirrored:
            self._chroma.close()
        self._look_again = 0.0
        self._flats.clear()
        self._forget()
        if self._catalogue is not None:
            self._catalogue.close()
            self._catalogue = None

    def _forget(self) -> None:
        self._remembered = Memory()

    def _memory(self) -> Memory:
        """What was read since somebody last wrote; of whoever is writing, nothing is kept."""
        return Memory() if self._writing else self._remembered

    @contextmanager
    def writing(
        self, *, wait: float = _LOCK_SECONDS, progress: Progress | None = None
    ) -> Iterator[Store]:
        """Hold the write lock; what a crash left half done is done first, with its `progress`.
        Raises StoreBusy when another process keeps the lock for `wait` seconds."""
        if self._writing:
            yield self
            return
        self._close()
        if self.place.read_only:
            raise failed(self.place.name, "cannot be written", OSError("it is read-only"))
        with self.place.writing(wait):
            try:
                self._writing = True
                self._open()
                filling.tidy(self, progress)
                yield self
            finally:
                self._close()
                self._writing = False

    def _open(self) -> Catalogue:
        """The catalogue as it is now; opened again when somebody has written since."""
        if self._catalogue is not None and (self._writing or time.monotonic() < self._look_again):
            return self._catalogue
        seen = self.place.generation()
        self._look_again = time.monotonic() + self.place.look
        if self._catalogue is not None and seen == self._seen:
            return self._catalogue
        writing = self._writing
        self._close()
        self._look_again = time.monotonic() + self.place.look
        read_only = self.place.read_only
        if not read_only:
            self.place.make()
        with guarded(self.place.name, "cannot be opened"):
            catalogue = Catalogue(self.place.folder / "catalog.sqlite3", read_only=read_only)
            self._catalogue = catalogue
            if opening.is_old(self, catalogue) and not writing:
                with self.writing():
                    pass
                return self._open()
            self.place.follow(catalogue)
            self._editions = opening.editions_of(self, catalogue, any_embedding=self._any_embedding)
        self._seen = seen
        return catalogue

    def _flat(self, edition: Edition) -> Flat | None:
        """The flat file of an edition; None where there is none, as for a server's vectors."""
        if self.place.mirrored or not self.embedder.dim:
            return None
        if edition.number not in self._flats:
            path = self.place.folder / f"vectors-{edition.number}.f32"
            self._flats[edition.number] = Flat(path, self.embedder.dim)
        return self._flats[edition.number]

    # ------------------------------------------------------------ writing

    def add(
        self,
        references: Sequence[Reference],
        *,
        starter: bool = False,
        progress: Progress | None = None,
    ) -> Added:
        """Store references; one whose content is already there costs nothing.

        A reference with a known id and other content replaces the old one. `progress(done, total)`
        counts passages; the total is estimated until all reports are cut. Raises StoreBusy,
        StoreError.
        """
        started = time.monotonic()
        with self.writing():
            known = self._open().digests()
            records = [Record.of(r, starter=starter) for r in references]
            fresh = [r for r in records if known.get(r.id) != r.digest]
            changed = sum(r.id in known for r in fresh)
            computed = self.embedder.computed
            filling.begin(self, fresh)
            passages = filling.finish(self, progress)
            return Added(
                len(fresh) - changed,
                changed,
                len(references) - len(fresh),
                passages,
                self.embedder.computed - computed,
                time.monotonic() - started,
            )

    def remove(self, reference: str) -> bool:
        """Take a reference out of the store. False when it was not there."""
        with self.writing():
            return filling.remove(self, reference)

    def reindex(self, progress: Progress | None = None, *, force: bool = False) -> Reindexed:
        """Embed all reports again with this store's embedder and layout, beside the edition that
        serves; it serves on until the new one is complete. Broken off, it goes on where it was.
        `force` does so too where nothing has changed. Raises StoreBusy, StoreError."""
        self._any_embedding = True
        try:
            self._close()
            return reindex.reindex(self, progress, force=force)
        finally:
            self._any_embedding = False
            self._close()

    def export(self, file: Path, progress: Progress | None = None) -> portable.Moved:
        """Write everything, vectors included, into one file. Raises StoreError, InputError."""
        return portable.export(self, file, progress)

    def take(self, file: Path, progress: Progress | None = None) -> portable.Moved:
        """Add everything that an exported file holds; embedded again where it comes from another
        model. Raises InputError for a file that is damaged or no export, StoreError."""
        return portable.take(self, file, progress)

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            self.place.set_meta(key, value)
            catalogue = self._open()
            with guarded(self.place.name, "cannot be written"), catalogue.change():
                catalogue.set_meta(key, value)

    # ------------------------------------------------------------ reading reports

    def is_new(self) -> bool:
        """Nothing has ever been stored here."""
        with guarded(self.place.name, "cannot be read"):
            return self._open().is_empty()

    def meta(self, key: str) -> str | None:
        with guarded(self.place.name, "cannot be read"):
            return self._open().meta(key)

    def count(self) -> int:
        """How many references there are."""
        with guarded(self.place.name, "cannot be read"):
            return int(self._keep("count", lambda c: c.count()))

    def reference(self, id: str) -> Reference | None:
        """One reference with its text, or None."""
        with guarded(self.place.name, "cannot be read"):
            return self._reports([id]).get(id)

    def some(self, ids: Iterable[str]) -> dict[str, Reference]:
        """References with their texts by id; unknown ids are left out."""
        with guarded(self.place.name, "cannot be read"):
            return self._reports(ids)

    def references(self) -> list[Reference]:
        """All references with their texts, by id; `headers` are cheaper."""
        with guarded(self.place.name, "cannot be read"):
            return list(self._open().references())

    def headers(self) -> list[Reference]:
        """All references without their texts, by id: `text` is "", `sha256` that of the text."""
        with guarded(self.place.name, "cannot be read"):
            return list(self._keep("headers", lambda c: tuple(c.headers())))

    def within(self, fits: Callable[[Reference], bool]) -> Within:
        """The references that `fits` holds for, judged by their headers: what `dense` and
        `lexical` can be narrowed to."""
        return Within(r.id for r in self.headers() if fits(r))

    def stats(self) -> dict[str, Any]:
        """Counts: references, passages, by kind and language, oldest and newest publication."""
        headers = self.headers()
        dated = [r.published for r in headers if r.published]
        edition = self._editions.current
        passages = self._keep("passages", lambda c: c.passage_count(edition.number))
        starters = self._keep("starter", lambda c: c.starters())
        return {
            "store": str(self.path),
            "references": len(headers),
            "passages": int(passages),
            "starter": len(starters),
            "kinds": _count(r.kind for r in headers),
            "languages": _count(r.language for r in headers),
            "oldest": min(dated).isoformat() if dated else None,
            "newest": max(dated).isoformat() if dated else None,
            "undated": len(headers) - len(dated),
            "embedding": edition.embedding,
            "layout": edition.layout,
            "outdated": edition.layout != self.layout,
            "reindexing": self._editions.next.embedding if self._editions.next else None,
            "fingerprint": self.fingerprint(),
        }

    def fingerprint(self) -> str:
        """A hash over all references: two stores with the same one give the same evidence."""
        with guarded(self.place.name, "cannot be read"):
            return str(self._keep("fingerprint", lambda c: c.fingerprint()))

    def _keep(self, name: str, make: Callable[[Catalogue], Any]) -> Any:
        """What costs a pass over the catalogue, made once a generation."""
        catalogue = self._open()
        return self._memory().once(name, lambda: make(catalogue))

    def _reports(self, ids: Iterable[str]) -> dict[str, Reference]:
        catalogue = self._open()  # first: what is remembered may go by it
        return self._memory().reports(ids, catalogue)

    # ------------------------------------------------------------ reading passages

    def passages_of(self, reference: Reference) -> list[Passage]:
        """The stored sentences of a reference, in order."""
        with guarded(self.place.name, "cannot be read"):
            catalogue = self._open()
            filed = catalogue.filed(self._editions.current.number, reference.id)
        return [
            Passage(
                id=f.id,
                reference=reference.id,
                start=f.start,
                end=f.stop,
                text=reference.text[f.start : f.stop],
            )
            for _, f in filed
        ]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        return {id: passage for id, (passage, _) in self.sentences(ids).items()}

    def sentences(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Reference]]:
        """Passages by id, each with its report; unknown ids are left out."""
        with guarded(self.place.name, "cannot be read"):
            catalogue, memory = self._open(), self._memory()
            return memory.sentences(ids, catalogue, self._editions.current.number)

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of passages; of no length where the store has no embedding model."""
        if not ids:
            return {}
        with guarded(self.place.name, "cannot be read"):
            return searching.vectors(self, ids)

    # ------------------------------------------------------------ finding

    def dense(
        self, vectors: NDArray[np.float32], k: int, within: Within | None = None
    ) -> list[list[tuple[str, float]]]:
        """For each query vector the `k` nearest passages as (id, cosine), nearest first; of some
        references only where the search is narrowed to them."""
        if not len(vectors):
            return []
        with guarded(self.place.name, "cannot be searched"):
            return searching.dense(self, vectors, k, within)

    def lexical(
        self, keys: Sequence[str], k: int, within: Within | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best passages that share some of `keys`, as (id, score), best first (BM25); of
        some references only where the search is narrowed to them."""
        with guarded(self.place.name, "cannot be searched"):
            return searching.lexical(self, keys, k, within)


def built_with(path: Path | str, cache: Path) -> str | None:
    """The embedding model that a store was built with, as far as this machine knows; None for one
    that is new, or on a server and not yet opened here."""
    where = parse(path)
    folder = Server.folder_of(where, cache) if isinstance(where, Address) else where
    file = folder / "catalog.sqlite3"
    if not file.is_file():
        return None
    try:
        catalogue = Catalogue(file, read_only=True)
    except sqlite3.Error:
        return None
    try:
        editions = catalogue.editions()
        return editions.current.embedding if editions else catalogue.meta("embedding")
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return None
    finally:
        catalogue.close()


def _count(values: Iterator[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for value in values:
        out[value] = out.get(value, 0) + 1
    return dict(sorted(out.items(), key=lambda kv: (-kv[1], kv[0])))
