"""Embedding all reports again, with another model or another construction of the passages.

A next edition is built beside the one that serves: its own tables, its own collection, its own flat
file. The lock is held for a group of reports at a time, so that others may write in between; what
they add or remove meanwhile is caught up with. The switch is one write. Broken off at any moment,
the same command goes on with the reports that the next edition lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck.store import filling
from factcheck.store.filling import Meter
from factcheck.store.records import Edition, Editions, Progress, Reindexed

if TYPE_CHECKING:
    from factcheck.store.door import Store

_REPORTS = 64  # that the lock is held for


def reindex(store: Store, progress: Progress | None, *, force: bool) -> Reindexed:
    with store.writing():
        before = store._editions.current
        same = (before.embedding, before.layout) == (store.embedder.name, store.layout)
        if same and not force:
            _give_up(store)
            catalogue = store._open()
            passages = catalogue.passage_count(before.number)
            return Reindexed(
                before.embedding, before.embedding, catalogue.count(), passages, switched=False
            )
        after = _planned(store)
        catalogue = store._open()
        held = catalogue.passage_count(after.number)
        meter = Meter(progress, catalogue.characters("ready", after.number), held)
    while True:
        _embed_ahead(store, after)
        with store.writing():
            if store._editions.next != after:  # another reindexing was begun meanwhile
                after = _planned(store)
            catalogue = store._open()
            todo = catalogue.undone(after.number)
            part = todo[:_REPORTS]
            if part:
                digests = catalogue.digests()
                reports = [(i, digests[i]) for i in part]
                filling.run(store, after, reports, "ready", meter, ready=False)
                continue
            passages, count = catalogue.passage_count(after.number), catalogue.count()
            filling.switch(store, Editions(after))
            filling.tidy(store)
            return Reindexed(before.embedding, after.embedding, count, passages, switched=True)


def _planned(store: Store) -> Edition:
    """The edition that is being built: the one begun if it is of the wanted kind, else a new one."""
    editions = store._editions
    after = editions.next
    if after and (after.embedding, after.layout) == (store.embedder.name, store.layout):
        return after
    numbers = [*store._open().numbers(), *(e.number for e in editions.all())]
    after = Edition(max(numbers) + 1, store.embedder.name, store.layout)
    filling.switch(store, Editions(editions.current, after))
    return after


def _give_up(store: Store) -> None:
    """Drop an edition that is being built: the one that serves is what is wanted."""
    editions = store._editions
    if editions.next:
        filling.switch(store, Editions(editions.current))
        filling.tidy(store)


def _embed_ahead(store: Store, after: Edition) -> None:
    """Embed the next reports without the lock; the cache hands the vectors over."""
    catalogue = store._open()
    for id in catalogue.undone(after.number)[:_REPORTS]:
        reference = catalogue.reference(id)
        if reference is not None:
            store.embedder.passages([e.embed for e in store._index(reference)])
