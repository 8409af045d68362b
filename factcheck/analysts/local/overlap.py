"""How much of a claim's wording a sentence of its own language holds, and in what order.

Where both speak one language the words themselves can be laid side by side, function words left
out. A claim whose words are nearly all there, in their order, is told; one that denies what the
same words affirm is contradicted. The weights come from `bench/calibrate_overlap.py`, which fits
them to pairs of sentences with a label.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib import resources

from factcheck.analysts.local.aligned import Aligned
from factcheck.analysts.local.difference import negators
from factcheck.reading import Reading
from factcheck.text import lexicon
from factcheck.text.words import Word

_MANY, _FAR = 5, 3.0  # words missing, and words between per word of the claim, that count as most


@dataclass(frozen=True, slots=True)
class Overlap:
    """The words of a claim beside those of a sentence in its language, as numbers from about 0 to 3.

    `similarity` is the embedding's cosine, counted from .84 in steps of .03; `covered` the share of
    the claim's words that the sentence has (or words of their meaning), `order` the share that stands
    there in the claim's order and `longest` in one piece; `scattered` how many other words stand
    between those, for each word of the claim; `denies` is 1 when the claim holds a negator, `parted`
    when only one of the two does.
    """

    similarity: float
    covered: float
    whole: float
    missing: float
    order: float
    longest: float
    scattered: float
    parted: float
    denies: float
    missing_figures: float
    figures: float
    words: float
    goes_further: float
    missing_names: float
    met: float | None = None  # shares of the claim by what its words mean, where that is known
    unmet: float | None = None

    @property
    def by_word(self) -> bool:
        """What the words mean is known."""
        return self.met is not None

    @property
    def numbers(self) -> dict[str, float]:
        """What the score is made of."""
        known = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in known if value is not None}

    @property
    def score(self) -> float:
        """How likely it is that the sentence says what the claim says, from 0 to 1."""
        table = weights(by_word=self.by_word)
        z = table["bias"] + sum(table[n] * v for n, v in self.numbers.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def overlap(
    own: Reading, theirs: Reading, cosine: float, meant: Aligned | None = None
) -> Overlap | None:
    """The claim's words beside the sentence's, with the cosine of the two; None where the languages
    differ or one has no words. `meant` has them side by side by what they mean."""
    mine, other = content(own), content(theirs)
    if own.language != theirs.language or not mine or not other:
        return None
    stems = {w.stem for w in other}
    told = lexicon.broadened(theirs.concepts)
    concepts = {m.start: lexicon.broadened([m.concept.name]) for m in own.mentions}
    there = [w.stem in stems or bool(concepts.get(w.start, frozenset()) & told) for w in mine]
    missing = [w for w, found in zip(mine, there, strict=True) if not found]
    blocks = SequenceMatcher(
        None, [w.stem for w in mine], [w.stem for w in other], autojunk=False
    ).get_matching_blocks()[:-1]
    matched = sum(b.size for b in blocks)
    spread = blocks[-1].b + blocks[-1].size - blocks[0].b if blocks else 0
    numbers = {(f.value, f.unit) for f in theirs.figures}
    denies, denied = bool(negators(own)), bool(negators(theirs))
    return Overlap(
        similarity=(cosine - 0.84) / 0.03,
        covered=sum(there) / len(mine),
        whole=float(all(there)),
        missing=min(len(missing), _MANY) / 3,
        order=matched / len(mine),
        longest=max((b.size for b in blocks), default=0) / len(mine),
        scattered=min((spread - matched) / len(mine), _FAR),
        parted=float(denies != denied),
        denies=float(denies),
        missing_figures=float(min(2, sum((f.value, f.unit) not in numbers for f in own.figures))),
        figures=float(bool(own.figures)),
        words=len(mine) / 10,
        goes_further=float(bool(_wholes(own) - _wholes(theirs))),
        missing_names=float(any(w.text[0].isupper() and w.start > 0 for w in missing)),
        met=meant.met if meant else None,
        unmet=meant.unmet if meant else None,
    )


@lru_cache(maxsize=4_096)
def content(reading: Reading) -> tuple[Word, ...]:
    """The words that tell what a sentence is about."""
    left_out = _listed(reading.language, "words")
    kept = tuple(w for w in reading.words if w.text.casefold() not in left_out)
    return kept or reading.words


@lru_cache(maxsize=2)
def weights(*, by_word: bool = False) -> dict[str, float]:
    """The calibrated weights, the bias and the thresholds; `by_word` where it is known what the words
    mean."""
    path = resources.files("factcheck").joinpath("lexicon", "overlap.json")
    tables = json.loads(path.read_text(encoding="utf-8"))
    table: dict[str, float] = tables["by_word" if by_word else "weights"]
    return table


def _wholes(reading: Reading) -> set[str]:
    known = _listed(reading.language, "whole")
    return {w.text.casefold() for w in reading.words} & known


def _listed(language: str, key: str) -> frozenset[str]:
    return lexicon.function_words(language, key)
