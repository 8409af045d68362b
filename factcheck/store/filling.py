"""How reports get into a store and out of it, so that a crash at any moment leaves each whole or
not at all. Whoever calls holds the lock."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from factcheck.store.faults import guarded
from factcheck.store.records import Edition, Editions, Entry, Filed, Progress, Record
from factcheck.store.vectors import collection_of

if TYPE_CHECKING:
    from factcheck.store.door import Store

Vectors = NDArray[np.float32]
GROUP = 512  # passages that are embedded and stored together, at most
_FIRST = 64  # in the first group: nothing is embedded before it is cut
STALE = "stale"  # meta: there are collections that no edition uses any longer


@dataclass
class Group:
    """Reports that are stored together: (id, digest, passages), and what to embed."""

    reports: list[tuple[str, str, list[Filed]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, id: str, digest: str, entries: Sequence[Entry]) -> None:
        self.reports.append((id, digest, [Filed.of(e) for e in entries]))
        self.texts += [e.embed for e in entries]

    @property
    def passages(self) -> int:
        return sum(len(filed) for _, _, filed in self.reports)


def tidy(store: Store, progress: Progress | None = None) -> None:
    """What a crash left half done: removals are carried out, additions completed, what no edition
    uses any longer is dropped."""
    catalogue = store._open()
    with guarded(store.place.name, "cannot be written"):
        if catalogue.editions() is None:
            store.place.switch(store._editions)
            with catalogue.change():
                catalogue.set_editions(store._editions)
        used = {e.number for e in store._editions.all()}
        stale = [n for n in catalogue.numbers() if n not in used]
        if stale:
            with catalogue.change():
                for number in stale:
                    catalogue.drop_edition(number)
        for file in store.place.folder.glob("vectors-*.f32"):
            number_ = file.stem.removeprefix("vectors-")
            if not number_.isdigit() or int(number_) not in used:
                file.unlink()
    if catalogue.meta(STALE):
        drop_stale(store)
    if store.place.mirrored:
        _sweep_after_others(store)
    finish_removals(store)
    if store._editions.current.embedding == store.embedder.name:
        finish(store, progress)


def drop_stale(store: Store) -> None:
    """Drop the collections that no edition uses any longer."""
    used = {collection_of(e) for e in store._editions.all()}
    for name in store._chroma.names():
        if name not in used:
            store._chroma.drop(name)
    catalogue = store._open()
    if catalogue.meta(STALE):
        with guarded(store.place.name, "cannot be written"), catalogue.change():
            catalogue.set_meta(STALE, "")


def _sweep_after_others(store: Store) -> None:
    """A report that another machine left half done may have vectors that this one's catalogue has
    never heard of: all of its vectors go, and are made again."""
    catalogue = store._open()
    ids = [*catalogue.ids("pending"), *catalogue.ids("removing")]
    for edition in store._editions.all():
        if ids and edition.embedding != "none":
            store._chroma.delete_where(edition, {"reference": {"$in": ids}})


def begin(store: Store, records: Sequence[Record]) -> None:
    """Take reports up as pending, all or none."""
    if not records:
        return
    catalogue = store._open()
    with guarded(store.place.name, "cannot be written"):
        store.place.begin(records)
        with catalogue.change():
            catalogue.begin(records, store._editions)
    sweep(store)


def sweep(store: Store) -> None:
    """Take vectors out of Chroma that belong to no passage any longer."""
    catalogue = store._open()
    for edition in store._editions.all():
        ids = catalogue.leftovers(edition.number)
        if ids and edition.embedding != "none":
            store._chroma.delete(edition, ids)
        with guarded(store.place.name, "cannot be written"), catalogue.change():
            catalogue.clear_leftovers(edition.number)


def finish(store: Store, progress: Progress | None) -> int:
    """Give every pending report its passages and vectors, then call it ready. The number of
    passages. While one group is embedded the next is cut and the last stored."""
    catalogue = store._open()
    if not catalogue.count("pending"):
        return 0
    sweep(store)
    meter = Meter(progress, catalogue.characters("pending"))
    pending = list(catalogue.digests("pending").items())
    return run(store, store._editions.current, pending, "pending", meter, ready=True)


def run(
    store: Store,
    edition: Edition,
    reports: Sequence[tuple[str, str]],
    state: str,
    meter: Meter,
    *,
    ready: bool,
) -> int:
    """Cut, embed and store reports, given as (id, digest), in an edition."""
    total = 0
    ahead: tuple[Group, Future[Vectors]] | None = None
    with _short_turns(), ThreadPoolExecutor(1) as pool:
        try:
            for group in _groups(store, reports, state, meter):
                coming = pool.submit(_embedded, store, group, meter)
                if ahead:
                    total += save(store, edition, ahead[0], ahead[1].result(), ready=ready)
                ahead = (group, coming)
            if ahead:
                total += save(store, edition, ahead[0], ahead[1].result(), ready=ready)
        except BaseException:
            meter.stop()
            raise
    return total


@contextmanager
def _short_turns() -> Iterator[None]:
    """A model that computes two texts at a time waits for the interpreter between them: for as long
    as the thread that cuts the next group may keep it, by default 5 ms, ten times here."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 10)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _groups(
    store: Store, reports: Sequence[tuple[str, str]], state: str, meter: Meter
) -> Iterator[Group]:
    catalogue = store._open()
    group, enough = Group(), _FIRST
    for id, digest in reports:
        reference = catalogue.reference(id, state)
        if reference is None:
            continue
        entries = store._index(reference)
        group.add(id, digest, entries)
        meter.cut(len(reference.text), len(entries))
        if group.passages >= min(enough, GROUP):
            yield group
            group, enough = Group(), 2 * enough
    if group.reports:
        yield group


def _embedded(store: Store, group: Group, meter: Meter) -> Vectors:
    meter.within(0)
    vectors = store.embedder.passages(group.texts, meter.within)
    meter.done(len(group.texts))
    return vectors


def save(store: Store, edition: Edition, group: Group, vectors: Vectors, *, ready: bool) -> int:
    """Store a group: vectors first, then the passages, by which it is there."""
    catalogue = store._open()
    filed = [f for _, _, passages in group.reports for f in passages]
    if filed and edition.embedding != "none":
        flat = store._flat(edition)
        if flat is not None:
            with guarded(store.place.name, "cannot be written"):
                flat.write(catalogue.next_row(edition.number), vectors)
        store._chroma.upsert(
            edition,
            [f.id for f in filed],
            vectors,
            [
                {"reference": id, "digest": digest}
                for id, digest, passages in group.reports
                for _ in passages
            ],
        )
    with guarded(store.place.name, "cannot be written"):
        store.place.publish(edition.number, group.reports, ready=ready)
        with catalogue.change():
            catalogue.publish(edition.number, group.reports, ready=ready)
    return len(filed)


def remove(store: Store, id: str) -> bool:
    """Take a report out, together with its vectors."""
    catalogue = store._open()
    if id not in catalogue.digests():
        return False
    with guarded(store.place.name, "cannot be written"):
        store.place.removing([id])
        with catalogue.change():
            catalogue.removing([id], store._editions)
    finish_removals(store)
    return True


def finish_removals(store: Store) -> None:
    """Carry out the removals that were begun."""
    catalogue = store._open()
    ids = catalogue.ids("removing")
    if not ids:
        return
    sweep(store)
    with guarded(store.place.name, "cannot be written"):
        store.place.removed(ids)
        with catalogue.change():
            catalogue.removed()


def switch(store: Store, editions: Editions) -> None:
    """Make other editions the store's own, in one write."""
    catalogue = store._open()
    with guarded(store.place.name, "cannot be written"):
        store.place.switch(editions)
        with catalogue.change():
            catalogue.set_editions(editions)
            catalogue.set_meta(STALE, "yes")
    store._editions = editions


class Stopped(Exception):
    """The embedding thread's way out when the other one has failed."""


class Meter:
    """Counts passages for a progress bar. How many there will be is estimated by length until all
    reports are cut."""

    def __init__(self, progress: Progress | None, characters: int, before: int = 0) -> None:
        self._progress, self._characters = progress, max(characters, 1)
        self._seen = self._passages = 0
        self._done = self._before = before
        self._stopped = threading.Event()

    def cut(self, characters: int, passages: int) -> None:
        self._seen += characters
        self._passages += passages

    def within(self, done: int, total: int = 0) -> None:
        """Progress inside a group. Raises Stopped once the work has been broken off."""
        if self._stopped.is_set():
            raise Stopped
        if done:
            self._tell(self._done + done)

    def done(self, passages: int) -> None:
        """A group is embedded."""
        self._done += passages
        self._tell(self._done)

    def stop(self) -> None:
        self._stopped.set()

    def _tell(self, done: int) -> None:
        if self._progress and self._passages:
            share = max(self._characters / max(self._seen, 1), 1.0)
            total = self._before + round(self._passages * share)
            self._progress(done, max(total, done))
