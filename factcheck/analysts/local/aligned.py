"""A claim's words beside those of a sentence of any language, by what they mean where they stand.

The embedding model's states of single words, centred on what the two texts have in common, lie near
one another where words mean the same in two languages: "vuelo" and "flight", "primer" and "first"
(M. Jalili Sabet et al., "SimAlign", Findings of EMNLP 2020, whose finding that a middle layer aligns
best held here for layer 9 of 12). It is as blind to negation as any embedding, and puts opposites
not far from each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factcheck.embed import Units

SAME = 0.5  # similarity from which two words mean the same, by and large
NAMED = 0.7  # the same for names: those of two others of a kind come to .5
_APART, _SURE = 0.3, 0.6  # similarities from which a word begins to count, and counts whole
_MET, _UNTOLD = 0.6, 0.35  # shares met and unmet, from which a sentence tells all of a claim
_TELLING, _WORDS = 6.0, 4  # weight of a word that tells something, and how many a claim needs
MATTER = 0.42  # share met from which it speaks of the same matter
_UNMET = 0.4  # below which nothing in the sentence answers a word
_SMALL, _MOST = 4.0, 10.0  # surprise of a word that tells nothing, and what more of it can add


@dataclass(frozen=True, slots=True)
class Aligned:
    """The words of a claim (`spans` into its text), each with the sentence's nearest word (`theirs`, a
    span of the sentence), its similarity, and a weight by how much the claim's word tells."""

    spans: tuple[tuple[int, int], ...]
    theirs: tuple[tuple[int, int], ...]
    nearest: NDArray[np.float32]
    weights: NDArray[np.float32]

    @property
    def met(self) -> float:
        """Share of the claim, by weight, that the sentence has words for."""
        sure = np.clip((self.nearest - _APART) / (_SURE - _APART), 0.0, 1.0)
        return float((self.weights * sure).sum() / self.weights.sum())

    @property
    def unmet(self) -> float:
        """Share of the claim, by weight, that nothing in the sentence answers."""
        return float((self.weights * (self.nearest < _UNMET)).sum() / self.weights.sum())

    @property
    def told(self) -> bool:
        """The sentence has words for nearly all that the claim says, and the claim says something."""
        enough = int((self.weights >= _TELLING).sum()) >= _WORDS
        return enough and self.met >= _MET and self.unmet <= _UNTOLD

    def without(self, parts: Iterable[tuple[int, int]]) -> Aligned | None:
        """The same for the rest of the claim; None where there is none."""
        left_out = list(parts)
        kept = [
            i
            for i, (a, b) in enumerate(self.spans)
            if not any(a < end and start < b for start, end in left_out)
        ]
        if not kept:
            return None
        return Aligned(
            tuple(self.spans[i] for i in kept),
            tuple(self.theirs[i] for i in kept),
            self.nearest[kept],
            self.weights[kept],
        )

    def at(self, start: int, end: int) -> float:
        """How near the sentence comes to the words of a stretch of the claim: the least of its words'
        similarities; 0 where no word stands there."""
        inside = [
            float(s)
            for (a, b), s in zip(self.spans, self.nearest, strict=True)
            if a < end and start < b
        ]
        return min(inside, default=0.0)


def aligned(own: Units, theirs: Units) -> Aligned | None:
    """The claim's words beside the sentence's; None where one of the two has none."""
    if not own.spans or not theirs.spans:
        return None
    mine, other = own.vectors.astype(np.float32), theirs.vectors.astype(np.float32)
    middle = np.concatenate([mine, other]).mean(axis=0)
    likeness = _unit(mine - middle) @ _unit(other - middle).T
    weights = np.clip(own.weights - _SMALL, 0.0, _MOST) + 1e-3
    return Aligned(
        own.spans,
        tuple(theirs.spans[i] for i in likeness.argmax(axis=1)),
        likeness.max(axis=1),
        weights.astype(np.float32),
    )


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6))
