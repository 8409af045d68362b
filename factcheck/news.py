"""Which claims in a folder of notes new reports bear on, without searching for each of them.

Two looks. The index proposes (`proposed`): a sentence whose meaning, names, places, days, figures and
concepts come near a claim's, whatever note it stands in. Where the rules analyse, they then read each
proposed sentence beside the claim (`read_beside`), and what says nothing to it is left out; a model
is not asked for that, so with one all that is proposed is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from factcheck import reading
from factcheck.analysts.local import stance
from factcheck.analysts.local.elements import Pair
from factcheck.claimread import ClaimRead
from factcheck.compare import figure_pairs
from factcheck.evidence import read_passage, read_report, recall
from factcheck.models import Claim, ClaimKind, Passage, Reference, Stance, Verdict
from factcheck.noteindex import Kept, NoteIndex, Progress, Vectors, quantities, told_by
from factcheck.steps.find import EVIDENCE
from factcheck.store import Store
from factcheck.timeline import is_one_count

# From `python -m bench.standing --fit`, on the pairs that the rules find something in; what it costs
# and misses is in docs/desk.md.
WEIGHTS = {"margin": 118.0, "all": 2.7, "hard": 4.5, "concepts": 3.6, "figure": 2.5}
PROPOSED = 2.1  # score from which the rules read a sentence beside a claim
ASKED = 3.2  # the same where a model would have to be asked
_WEIGHT = {"n": 1.5, "p": 0.7, "q": 2.0, "s": 1.2, "c": 1.3, "f": 3.0, "d": 1.5}
_CONCEPTS = 6  # shared concepts of which more tell nothing
_SERIES = 4.0  # how many times one figure of a count may be another
_OFF_TOPIC = 0.815  # cosine of a sentence on another matter, where there is nothing to compare with


@dataclass(frozen=True, slots=True)
class News:
    """A sentence of a new report that may bear on a claim. `cosine` is that of their meanings,
    `margin` how far that is above what is usual for the claim; `told` says that it takes a stance, or
    may, `counts` that it gives a figure of the claim's quantity."""

    passage: Passage
    reference: Reference
    cosine: float
    margin: float
    told: bool = True
    counts: bool = False


ByNote = Mapping[str, Mapping[str, Sequence[News]]]  # by note, by claim


def added_on(reference: Reference) -> date | None:
    """The day a report came into the collection; where that is not known, the day it came out."""
    if reference.retrieved:
        try:
            return date.fromisoformat(reference.retrieved[:10])
        except ValueError:
            pass
    return reference.published


def new_reports(store: Store, since: date) -> list[Reference]:
    """The reports that came into the collection on that day or later."""
    return [r for r in store.references() if (day := added_on(r)) and day >= since]


def shaken(notes: NoteIndex, store: Store) -> set[str]:
    """The notes that cite a report which is gone or was edited since."""
    now: dict[str, str | None] = {}
    out = set()
    for reference, told, path in notes.cited():
        if reference not in now:
            stored = store.reference(reference)
            now[reference] = told_by(stored) if stored else None
        if now[reference] != told:
            out.add(path)
    return out


def concerned(
    notes: NoteIndex,
    store: Store,
    reports: Sequence[Reference],
    *,
    rules: bool = True,
    progress: Progress = lambda a, b: None,
) -> ByNote:
    """The claims that new reports bear on, with the sentences that do.

    `rules`: the rules analyse, and read what the index proposes; else nobody does so beforehand.
    """
    claims = notes.kept()
    passages = [(p, r) for r in reports for p in store.passages_of(r)]
    if not claims or not passages:
        return {}
    recall(passages, store.shelf)
    found = proposed(notes, store, claims, passages, PROPOSED if rules else ASKED, progress)
    found = _read(found, notes, rules, progress)
    out: dict[str, dict[str, list[News]]] = {}
    for claim, news in found:
        best = sorted(news, key=lambda n: (-n.cosine, n.passage.id))[:EVIDENCE]
        out.setdefault(claim.path, {})[claim.id] = best
    return out


Found = list[tuple[Kept, list[News]]]


def _read(found: Found, notes: NoteIndex, rules: bool, progress: Progress) -> Found:
    """What is left of the proposed without what tells of other countries, and, with `rules`, without
    what says nothing to the claim."""
    out: Found = []
    for done in range(0, len(found), _TOLD):
        part = found[done : done + _TOLD]
        read = notes.read([claim.n for claim, _ in part])
        for claim, proposed in part:
            own = read[claim.n]
            lands = claim.near | own.own.countries | own.lands.countries
            news = [n for n in proposed if not elsewhere(lands, n.reference)]
            if rules:
                news = read_beside(claim, own, news)
            if news:
                out.append((claim, news))
        progress(done + len(part), len(found))
    return out


def elsewhere(lands: Collection[str], report: Reference) -> bool:
    """A report tells of some country, and of none of `lands`, which a claim and its article speak of.
    What it says, in however like words ("the minister condemned the theft"), it says of others."""
    there = read_report(report).countries
    return bool(lands and there) and there.isdisjoint(lands)


_TOLD = 200  # claims after which progress is told


# ---------------------------------------------------------------- what the index proposes


def proposed(
    notes: NoteIndex,
    store: Store,
    claims: Sequence[Kept],
    passages: Sequence[tuple[Passage, Reference]],
    least: float,
    progress: Progress = lambda a, b: None,
) -> Found:
    """The claims with the sentences whose score reaches `least`, or that give a comparable figure."""
    out: dict[int, list[News]] = {}
    for (passage, report), cosines, values, counts in scores(
        notes, store, claims, passages, progress
    ):
        score = sum(WEIGHTS[name] * values[name] for name in WEIGHTS)
        likely = np.asarray(score >= least)
        for i in np.flatnonzero(likely | counts):
            margin = float(values["margin"][i])
            news = News(
                passage, report, float(cosines[i]), margin, bool(likely[i]), bool(counts[i])
            )
            out.setdefault(int(i), []).append(news)
    return [(claims[i], out[i]) for i in sorted(out)]


Values = Mapping[str, NDArray[np.float64]]


def scores(
    notes: NoteIndex,
    store: Store,
    claims: Sequence[Kept],
    passages: Sequence[tuple[Passage, Reference]],
    progress: Progress = lambda a, b: None,
) -> Iterator[tuple[tuple[Passage, Reference], Vectors, Values, NDArray[np.bool_]]]:
    """For each sentence: the cosine of its meaning with each claim's, what WEIGHTS are given to, and
    whether it gives a figure of the claim's quantity. Arrays go over the claims."""
    order = {c.n: i for i, c in enumerate(claims)}
    vectors = notes.vectors([c.n for c in claims], "sentence", progress)
    stored = store.vectors([p.id for p, _ in passages])
    nothing = np.zeros(vectors.shape[1], np.float32)
    usual = notes.usual([c.n for c in claims], partial(_middle, store), progress)
    filed = _Filed(notes, order)
    for passage, report in passages:
        own = read_passage(passage, report)
        vector = stored.get(passage.id, nothing)
        cosines = vectors @ (vector if len(vector) else nothing)
        counts = np.zeros(len(claims), bool)
        lands = own.countries or read_report(report).countries
        for what, land, value in quantities(own, lands):
            for n in notes.counting(what, land, value / _SERIES, value * _SERIES):
                if n in order:
                    counts[order[n]] = True
        values = {
            "margin": np.asarray(cosines - usual, np.float64),
            "figure": counts.astype(np.float64),
            **filed.shared(reading.keys(own)),
        }
        yield (passage, report), cosines, values, counts


def _middle(store: Store, vectors: Vectors) -> list[float]:
    """For each vector the cosine in the middle of what is nearest to it in the collection."""
    found = store.dense(vectors, EVIDENCE, store.within(lambda _: True))
    return [float(np.median([c for _, c in hits])) if hits else _OFF_TOPIC for hits in found]


class _Filed:
    """What claims share with a sentence of the keys they are filed under, weighed as the parts of a
    claim are when the rules look for them in a sentence (`analysts.local.elements`)."""

    def __init__(self, notes: NoteIndex, order: Mapping[int, int]) -> None:
        self._known = {
            key: np.array([order[n] for n in found if n in order], np.int64)
            for key, found in notes.postings("cnpsfd").items()
        }
        self._all = np.full(len(order), 1e-9)
        self._hard = np.full(len(order), 1e-9)
        for key, claims in self._known.items():
            self._all[claims] += _weight(key)
            if key[0] != "c":
                self._hard[claims] += _weight(key)

    def shared(self, keys: Iterable[str]) -> dict[str, NDArray[np.float64]]:
        """The share of all that a claim is filed under, that of the names, places, sources, days and
        figures alone, and how many of its concepts there are (of _CONCEPTS)."""
        every, hard, concepts = (np.zeros(len(self._all)) for _ in range(3))
        for key in set(keys) & self._known.keys():
            claims = self._known[key]
            every[claims] += _weight(key)
            if key[0] == "c":
                concepts[claims] += 1
            else:
                hard[claims] += _weight(key)
        return {
            "all": every / self._all,
            "hard": hard / self._hard,
            "concepts": np.minimum(concepts, _CONCEPTS) / _CONCEPTS,
        }


def _weight(key: str) -> float:
    return _WEIGHT["q" if key[0] == "p" and len(key) > len("pXX") else key[0]]


# ---------------------------------------------------------------- what the rules read


def read_beside(claim: Kept, read: ClaimRead, news: Sequence[News]) -> list[News]:
    """Of the sentences, those that take a stance on the claim, or give a figure of its quantity, by
    the rules."""
    if claim.verdict == Verdict.NOT_CHECKABLE:
        return []  # an opinion, which no report changes
    alone = Claim(
        id=claim.id, start=0, end=len(claim.said), said=claim.said, statement=claim.statement,
        kind=ClaimKind.EVENT, sentence=0,
    )  # fmt: skip
    out = []
    for one in news:
        theirs, report = read_passage(one.passage, one.reference), read_report(one.reference)
        told = counts = False
        if one.told:
            pair = Pair(
                claim=alone, own=read.own, theirs=theirs, report=report, similarity=one.cosine,
                margin=one.margin, lands=read.lands, said=read.said,
            )  # fmt: skip
            told = stance.judge(pair).stance is not Stance.CONTEXT
        if read.own.figures and theirs.figures:
            pairs = figure_pairs(read.own, theirs, report, read.lands)
            counts = any(is_one_count(p) for p in pairs)
        if told or counts:
            out.append(replace(one, told=told, counts=counts))
    return out
