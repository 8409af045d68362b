"""What a store finds: by nearness of vectors, by keys, and both narrowed to some reports.

Chroma finds the nearest among many in milliseconds. Its index is approximate, and a graph that is
built in parallel may hold an entry that no path leads to: among few, be it in a small store or of
few reports, each vector in the flat file is looked at instead. Narrowed to many reports, Chroma is
asked for more than are wanted, and the others are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import StoreError
from factcheck.store.catalogue import Catalogue
from factcheck.store.memory import Memory
from factcheck.store.records import Edition, Spot
from factcheck.store.within import Within

if TYPE_CHECKING:
    from factcheck.store.door import Store

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Hits = list[tuple[str, float]]  # passages with their scores, best first
_FEW = 16_000  # passages up to which a search looks at each: in 6 ms, or 25 queries in 13
_MOST = 2000  # nearest passages fetched to choose the allowed ones from


@dataclass(frozen=True, slots=True)
class _View:
    """A store as it is when a search begins."""

    store: Store
    catalogue: Catalogue
    memory: Memory
    edition: Edition

    @classmethod
    def of(cls, store: Store) -> _View:
        catalogue = store._open()  # first: the others may change by it
        return cls(store, catalogue, store._memory(), store._editions.current)

    def spots(self, ids: Sequence[str]) -> dict[str, Spot]:
        return self.memory.spots(ids, self.catalogue, self.edition.number)

    def at_rows(self, rows: Iterable[int], within: Within | None) -> dict[int, Spot]:
        """The passages in some rows. A row may have been given to another report since it was
        found; one that is not allowed is left out."""
        wanted = list(dict.fromkeys(rows))
        found = self.memory.at_rows(wanted, self.catalogue, self.edition.number)
        if within is None:
            return found
        return {row: spot for row, spot in found.items() if spot.report in within}

    def allowed(self, within: Within) -> NDArray[np.bool_]:
        return self.memory.allowed(within, self.catalogue, self.edition.number)


def dense(store: Store, queries: Vectors, k: int, within: Within | None) -> list[Hits]:
    """For each query the `k` nearest passages, with their cosines."""
    view = _View.of(store)
    catalogue, edition = view.catalogue, view.edition
    count = int(view.memory.once("passages", lambda: catalogue.passage_count(edition.number)))
    if not count or edition.embedding == "none":
        return [[] for _ in queries]
    if within is None:
        return _of_all(view, queries, k, count)
    rows = np.flatnonzero(view.allowed(within))
    if not len(rows):
        return [[] for _ in queries]
    wanted = -(-k * count * 3 // (2 * len(rows)))  # half as many again as a fair share
    if wanted > _MOST or (len(rows) <= _FEW and store._flat(edition) is not None):
        return _exact(view, queries, k, within, rows)
    return _passing_over(view, queries, k, within, rows, min(wanted, count))


def lexical(store: Store, keys: Sequence[str], k: int, within: Within | None) -> Hits:
    """The `k` passages that are filed under some of `keys` and fit them best (BM25)."""
    view = _View.of(store)
    allowed = None if within is None else view.allowed(within)
    scorer = view.catalogue.scorer(view.edition.number)
    hits = scorer.search([x for x in keys if x.strip()], k, allowed)
    spots = view.at_rows((row for row, _ in hits), within)
    return [(spots[row].id, score) for row, score in hits if row in spots]


def vectors(store: Store, ids: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of passages by id; of no length where the store has no embedding model."""
    view = _View.of(store)
    spots = view.spots(ids)
    if not spots:
        return {}
    if view.edition.embedding == "none":
        return {id: np.empty(0, np.float32) for id in spots}
    flat = store._flat(view.edition)
    held = flat.read([spot.row for spot in spots.values()]) if flat else None
    if held is not None:
        return dict(zip(spots, held, strict=True))
    return store._chroma.get(view.edition, list(spots))


def _of_all(view: _View, queries: Vectors, k: int, count: int) -> list[Hits]:
    """The nearest of a whole store: each looked at where these are few, and where Chroma cannot
    open its folder, because it may not write there."""
    sealed = view.catalogue.read_only
    if sealed or (count <= _FEW and view.store._flat(view.edition) is not None):
        rows = np.flatnonzero(view.catalogue.owners(view.edition.number) >= 0)
        with suppress(StoreError) if not sealed else nullcontext():
            return _look_at(view, queries, k, None, rows)
    return _nearest(view, queries, min(k, count))


def _nearest(view: _View, queries: Vectors, k: int) -> list[Hits]:
    """The nearest by Chroma's index. What a crash left in Chroma, or a writer is about to take out of it, does
    not crowd out what is there."""
    chroma, edition = view.store._chroma, view.edition
    if not view.memory.once("crowded", lambda: view.catalogue.is_crowded(edition.number)):
        return chroma.nearest(edition, queries, k)
    wanted = k
    while True:
        found = chroma.nearest(edition, queries, wanted)
        there = view.spots(_all(found))
        kept = [[(i, c) for i, c in hits if i in there][:k] for hits in found]
        enough = min(map(len, kept)) >= k
        if enough or wanted >= view.store.place.limit or len(found[0]) < wanted:
            return kept
        wanted *= 2


def _passing_over(
    view: _View, queries: Vectors, k: int, within: Within, rows: Rows, wanted: int
) -> list[Hits]:
    """The allowed ones among the `wanted` nearest; where these are far too few, each allowed one is
    looked at after all."""
    found = view.store._chroma.nearest(view.edition, queries, wanted)
    spots = view.spots(_all(found))
    kept = [
        [(i, c) for i, c in hits if i in spots and spots[i].report in within][:k] for hits in found
    ]
    short = [n for n, hits in enumerate(kept) if len(hits) < min(k, len(rows)) // 2]
    if short:
        for n, hits in zip(short, _exact(view, queries[short], k, within, rows), strict=True):
            kept[n] = hits
    return kept


def _exact(view: _View, queries: Vectors, k: int, within: Within, rows: Rows) -> list[Hits]:
    """The nearest of the allowed passages, each looked at: here, or by the server."""
    if view.store._flat(view.edition) is not None:
        return _look_at(view, queries, k, within, rows)
    where = {"reference": {"$in": sorted(within.references)}}
    return view.store._chroma.nearest(view.edition, queries, min(k, len(rows)), where)


def _look_at(
    view: _View, queries: Vectors, k: int, within: Within | None, rows: Rows
) -> list[Hits]:
    """The nearest of some rows, each looked at."""
    if not len(rows):
        return [[] for _ in queries]
    flat = view.store._flat(view.edition)
    found = flat.nearest(queries, rows, k) if flat else None
    if found is None:
        raise StoreError(
            f"the store {view.store.path} lacks a part of its vectors",
            hint="Embed its reports again: factcheck refs reindex --force.",
        )
    spots = view.at_rows((row for hits in found for row, _ in hits), within)
    return [[(spots[row].id, c) for row, c in hits if row in spots] for hits in found]


def _all(found: Sequence[Hits]) -> list[str]:
    """Every passage that some query found, once."""
    return list(dict.fromkeys(id for hits in found for id, _ in hits))
