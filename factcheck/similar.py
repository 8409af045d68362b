"""Earlier claims that say the same thing, in any language: a rumour that comes again is recognised.

Three signs are weighed: how near the meanings are; how much is shared of names, places, sources and
concepts (which are the same keys in every language), where sentences of one language, which are
nearer to each other whatever they say, give something back; and how many of the words that are asked
for the earlier claim has words for. The last tells most where somebody asks in few words. None of this
sees a number, a day or a "not", so what differs in those is read by the rules and said beside each hit.

The weights come from `python -m bench.similar`; docs/desk.md has the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck import compare, reading
from factcheck.analysts.local.aligned import aligned
from factcheck.embed import Units
from factcheck.evidence import near_countries
from factcheck.models import Note
from factcheck.noteindex import Kept, NoteIndex, Overlap, Progress
from factcheck.reading import Reading
from factcheck.text.figures import Figure
from factcheck.text.language import identify

# Weights of the signs: cosine, share of what is named, one language, words met; the bias.
_BY_WORDS = (21.67, 7.21, -2.17, 5.95, -21.79)
_WITHOUT = (39.93, 9.01, -1.97, -34.93)  # where the embedding model shows no words
SAME = 0.85  # the score from which a claim is shown
PERHAPS = 0.5  # the same where somebody asks in words of their own, and there is nothing surer
_FEW = 3  # of those
_LIKELY = 30  # claims, at least, that are held beside what is asked for word by word
_SPARE = 3  # of these for each that is to be shown: some are of another country
LIMIT = 10
_ROUNDING = 0.02  # share by which two roundings of one figure may differ


@dataclass(frozen=True, slots=True)
class Difference:
    """In what two claims of one subject differ. kind: figure, day, place, negation, act, side."""

    kind: str
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An earlier claim. `score` (0 to 1) is how likely it says the same; `differs` what is not the same
    in it."""

    claim: Kept
    score: float
    differs: tuple[Difference, ...] = ()

    @property
    def perhaps(self) -> bool:
        """It is shown because there is nothing surer."""
        return self.score < SAME


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim to look for, with what is known of where it stands."""

    text: str
    id: str = ""  # of the claim, where it is one of a note
    language: str = ""
    published: date | None = None
    near: frozenset[str] = frozenset()

    def read(self) -> Reading:
        language = self.language or identify(self.text)
        return reading.read(self.text, language, self.published, self.near)


def asked_of(note: Note) -> list[Asked]:
    """The claims of a note, to be looked for."""
    near = near_countries(note.article)
    return [
        Asked(
            a.claim.statement,
            a.claim.id,
            a.claim.language or note.article.language,
            note.article.published,
            near,
        )
        for a in note.assessments
    ]


def similar(
    asked: Sequence[Asked],
    notes: NoteIndex,
    *,
    unsigned: bool = False,
    languages: Collection[str] = (),
    without: str = "",
    limit: int = LIMIT,
    progress: Progress = lambda a, b: None,
) -> list[list[Hit]]:
    """For each claim the earlier ones that say the same, best first.

    Where somebody asks in words of their own and there is none, a few that are perhaps the same. Only
    those of signed notes, unless `unsigned`; in these `languages`, if any are named; none of
    the note `without` (its name in the index).
    """
    kept = [
        c
        for c in notes.kept(signed=not unsigned)
        if (not languages or c.language in languages) and c.path != without
    ]
    if not kept or not asked:
        return [[] for _ in asked]
    vectors = notes.vectors([c.n for c in kept], "statement", progress)
    queries = notes.embedder.queries([a.text for a in asked])
    filed = Overlap(notes, {c.n: i for i, c in enumerate(kept)})
    out = []
    for one, query in zip(asked, queries, strict=True):
        own = one.read()
        alike = np.array([c.language == own.language for c in kept])
        signs = vectors @ query, filed.likeness(reading.keys(own)), alike
        scores = score(*signs)
        likely = np.argsort(-scores, kind="stable")[: max(_LIKELY, _SPARE * limit)]
        met = _met(one.text, [kept[i].statement for i in likely], notes)
        if met is not None:
            scores = np.zeros(len(kept))
            cosine, shared, one_language = (s[likely] for s in signs)
            scores[likely] = score(cosine, shared, one_language, met)
        ranked = np.argsort(-scores, kind="stable")
        found = _hits(
            [i for i in ranked if scores[i] >= SAME], scores, kept, own, one, notes, limit
        )
        if not found and not one.id:
            perhaps = [i for i in ranked if scores[i] >= PERHAPS]
            found = _hits(perhaps, scores, kept, own, one, notes, min(limit, _FEW))
        out.append(found)
    return out


def _hits(
    chosen: Sequence[int],
    scores: NDArray[np.float64],
    kept: Sequence[Kept],
    own: Reading,
    asked: Asked,
    notes: NoteIndex,
    limit: int,
) -> list[Hit]:
    """The chosen claims, best first, without those of another country."""
    found: list[Hit] = []
    read = notes.read([kept[i].n for i in chosen])
    for i in chosen:
        if len(found) == limit:
            break
        there = read[kept[i].n].own
        if not _apart(own.countries or asked.near, there.countries or kept[i].near):
            found.append(Hit(kept[i], round(float(scores[i]), 3), differences(own, there)))
    return found


def _met(asked: str, there: Sequence[str], notes: NoteIndex) -> NDArray[np.float64] | None:
    """How much of what is asked for each of the texts has words for; None where the embedding model
    shows no words."""
    units = notes.embedder.units([asked, *there])
    return np.array([met(units[0], other) for other in units[1:]]) if units else None


def met(mine: Units, theirs: Units) -> float:
    """The share of a claim's words that another has words for."""
    side = aligned(mine, theirs)
    return side.met if side else 0.0


def _apart(here: frozenset[str], there: frozenset[str]) -> bool:
    """Both are known to be of some country, and of none in common."""
    return bool(here and there) and not here & there


def score(cosine: Any, shared: Any, one_language: Any, met: Any = None) -> Any:
    """How likely it is that two claims say the same, from 0 to 1: numbers, or arrays of them."""
    signs = (cosine, shared, one_language) if met is None else (cosine, shared, one_language, met)
    *weights, bias = _WITHOUT if met is None else _BY_WORDS
    z = bias + sum(w * s for w, s in zip(weights, signs, strict=True))
    return 1.0 / (1.0 + np.exp(-z))


def differences(here: Reading, there: Reading) -> tuple[Difference, ...]:
    """What two claims that look alike say differently, as far as the rules can read it."""
    out = [*_figures(here, there)]
    if compare.date_match(here, there) is compare.Match.DIFFER:
        out.append(Difference("day", _days(here), _days(there)))
    if compare.place_match(here, there) is compare.Match.DIFFER:
        out.append(Difference("place", _places(here), _places(there)))
    if here.negated != there.negated:
        out.append(Difference("negation", _denied(here), _denied(there)))
    if opposite := compare.opposed(here, there):
        out.append(Difference("act", *(name.replace("_", " ") for name in opposite)))
    if act := compare.reversed_direction(here, there):
        out.append(Difference("side", act.replace("_", " ")))
    return tuple(out)


def _figures(here: Reading, there: Reading) -> list[Difference]:
    """Figures of one quantity that are not the same; one that a side does not give is silence."""
    out = []
    for mine in here.figures:
        theirs = [f for f in there.figures if _alike(mine, f, here, there)]
        if theirs and not any(_same(mine, f) for f in theirs):
            out.append(Difference("figure", mine.text, theirs[0].text))
    return out


def _alike(mine: Figure, theirs: Figure, here: Reading, there: Reading) -> bool:
    """The two figures may be of one quantity."""
    if mine.unit != theirs.unit:
        return False
    if mine.counts and theirs.counts:
        return bool(mine.counts & theirs.counts)
    alone = (f.counts or len(r.figures) == 1 for f, r in ((mine, here), (theirs, there)))
    return mine.counts == theirs.counts or all(alone)


def _same(mine: Figure, theirs: Figure) -> bool:
    """One figure, roundly. That "more than 100,000" does not exclude 125,000 is another matter:
    who says the one does not say the other."""
    low, high = sorted((mine.value, theirs.value))
    if high - low <= _ROUNDING * high:
        return True
    ranges = [f for f in (mine, theirs) if f.bound == "range"]
    return any(r.low <= f.value <= r.high for r in ranges for f in (mine, theirs) if f is not r)


def _days(read: Reading) -> str:
    return ", ".join(str(w.first) for w in compare.days(read))


def _places(read: Reading) -> str:
    return ", ".join(dict.fromkeys(n.text for n in read.names if n.place))


def _denied(read: Reading) -> str:
    return "denies" if read.negated else "asserts"
