"""A search narrowed to some reports."""

from __future__ import annotations

from collections.abc import Iterable


class Within:
    """The reports that a search is narrowed to, by id. Made once for many searches: what it means
    in rows of the catalogue is then worked out once too."""

    __slots__ = ("references",)

    def __init__(self, references: Iterable[str]) -> None:
        self.references = frozenset(references)

    def __contains__(self, reference: str) -> bool:
        return reference in self.references

    def __len__(self) -> int:
        return len(self.references)
