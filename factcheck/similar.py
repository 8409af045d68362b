"""Earlier claims that say the same thing, in any language: a rumour that comes again is recognised.

Two signs are added: how near the meanings are, and how much is shared of names, places, sources and
concepts (which are the same keys in every language); sentences of one language, which are nearer to
each other whatever they say, give something back. None of this sees a number, a day or a "not", so
what differs in those is read by the rules and said beside each hit.

The weights and the threshold come from `bench/similar.py`; docs/desk.md has the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from factcheck import compare, reading
from factcheck.evidence import near_countries
from factcheck.models import Note
from factcheck.noteindex import Kept, NoteIndex, Overlap, Progress
from factcheck.reading import Reading
from factcheck.text.figures import Figure
from factcheck.text.language import identify

SHARED = 0.05  # what sharing everything adds to the cosine
ONE_LANGUAGE = 0.03  # what sentences of one language are nearer to each other than translations
SAME = 0.895  # the score from which a claim is shown
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
    """An earlier claim. `score` is about a cosine, at most 1; `differs` what is not the same in it."""

    claim: Kept
    score: float
    differs: tuple[Difference, ...] = ()


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

    Only those of signed notes, unless `unsigned`; in these `languages`, if any are named; none of
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
        scores = score(vectors @ query, filed.likeness(reading.keys(own)), alike)
        found: list[Hit] = []
        near_enough = [i for i in np.argsort(-scores, kind="stable") if scores[i] >= SAME]
        read = notes.read([kept[i].n for i in near_enough])
        for i in near_enough:
            if len(found) == limit:
                break
            there = read[kept[i].n].own
            if not _apart(own.countries or one.near, there.countries or kept[i].near):
                found.append(
                    Hit(kept[i], round(min(float(scores[i]), 1.0), 3), differences(own, there))
                )
        out.append(found)
    return out


def _apart(here: frozenset[str], there: frozenset[str]) -> bool:
    """Both are known to be of some country, and of none in common."""
    return bool(here and there) and not here & there


def score(cosine: Any, shared: Any, one_language: Any) -> Any:
    """How much two claims say the same: numbers, or arrays of them; from SAME on they are shown."""
    return cosine + SHARED * shared - ONE_LANGUAGE * one_language


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
