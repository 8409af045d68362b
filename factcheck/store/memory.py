"""What a store has read since somebody last wrote to it: none of it is read twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck.models import Passage, Reference
from factcheck.store.catalogue import Catalogue
from factcheck.store.records import Spot
from factcheck.store.within import Within

_REPORTS = 6000
_PASSAGES = 20_000


class Memory:
    """Reports, places of passages, counts, and the rows that a search is narrowed to."""

    def __init__(self) -> None:
        self._reports: dict[str, Reference] = {}
        self._spots: dict[str, Spot] = {}
        self._at_rows: dict[int, Spot] = {}
        self._sentences: dict[str, tuple[Passage, Reference]] = {}
        self._made: dict[str, Any] = {}
        self._allowed: tuple[Within, NDArray[np.bool_]] | None = None

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What costs a pass over the catalogue."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def reports(self, ids: Iterable[str], catalogue: Catalogue) -> dict[str, Reference]:
        """References by id; unknown ids are left out."""
        wanted = set(ids)
        found = {id: known for id in wanted if (known := self._reports.get(id))}
        missing = wanted - found.keys()
        if missing:
            fresh = {r.id: r for r in catalogue.references(sorted(missing))}
            if len(self._reports) + len(fresh) > _REPORTS:
                self._reports.clear()
            self._reports.update(fresh)
            found.update(fresh)
        return found

    def spots(self, ids: Sequence[str], catalogue: Catalogue, edition: int) -> dict[str, Spot]:
        """Where passages stand, in the order of `ids`; unknown ids are left out."""
        found = {id: spot for id in ids if (spot := self._spots.get(id))}
        missing = [id for id in ids if id not in found]
        found |= {s.id: s for s in self._learn(catalogue.passages(edition, missing))}
        return {id: found[id] for id in ids if id in found}

    def at_rows(self, rows: Sequence[int], catalogue: Catalogue, edition: int) -> dict[int, Spot]:
        """The passages in some rows; empty rows are left out."""
        found = {row: spot for row in rows if (spot := self._at_rows.get(row))}
        missing = [row for row in rows if row not in found]
        return found | {s.row: s for s in self._learn(catalogue.at_rows(edition, missing))}

    def sentences(
        self, ids: Sequence[str], catalogue: Catalogue, edition: int
    ) -> dict[str, tuple[Passage, Reference]]:
        """Passages by id, each with its report, in the order of `ids`; unknown ids are left out."""
        known = self._sentences
        missing = [id for id in ids if id not in known]
        if missing:
            spots = self.spots(missing, catalogue, edition)
            reports = self.reports({spot.report for spot in spots.values()}, catalogue)
            if len(known) + len(spots) > _PASSAGES:
                known = self._sentences = {id: known[id] for id in ids if id in known}
            for id, _, name, start, end in spots.values():
                if reference := reports.get(name):
                    text = reference.text[start:end]
                    passage = Passage(id=id, reference=name, start=start, end=end, text=text)
                    known[id] = passage, reference
        return {id: known[id] for id in ids if id in known}

    def _learn(self, spots: list[Spot]) -> list[Spot]:
        if len(self._spots) + len(spots) > _PASSAGES:
            self._spots.clear()
            self._at_rows.clear()
        self._spots.update((s.id, s) for s in spots)
        self._at_rows.update((s.row, s) for s in spots)
        return spots

    def allowed(self, within: Within, catalogue: Catalogue, edition: int) -> NDArray[np.bool_]:
        """For each row whether its passage is of a report that a search is narrowed to."""
        if self._allowed is None or self._allowed[0] is not within:
            self._allowed = within, catalogue.allowed(edition, within.references)
        return self._allowed[1]
