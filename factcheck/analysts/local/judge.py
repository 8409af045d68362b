"""Evidence sentences pointed at, with a stance each."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from factcheck import compare
from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local import stance
from factcheck.analysts.local.aligned import aligned
from factcheck.analysts.local.elements import Pair
from factcheck.analysts.local.odd_one import ALL_ELSE
from factcheck.analysts.local.retold import retold
from factcheck.evidence import (
    lands_of,
    near_countries,
    read_claim,
    read_evidence,
    read_report,
    read_words,
    setting,
)
from factcheck.models import ClaimKind, Pointer, Proposal, Stance
from factcheck.reading import Reading

_KEPT = 6  # pointers of one stance
_TELLING = 0.75  # of the best support's score, from which a report of a part takes from it


def judge(task: JudgeTask) -> Proposal:
    """The stances of a claim's evidence."""
    claim = task.claim
    if claim.kind is ClaimKind.OPINION:
        return Proposal(claim=claim.id, checkable=False)
    near_countries(task.article)
    read = pairs(task)
    judged = list(enumerate(retold(task, read, [stance.judge(pair) for pair in read])))
    pointers: list[Pointer] = []
    for wanted in (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES):
        chosen = [(i, j) for i, j in judged if j.stance is wanted]
        if wanted is Stance.QUALIFIES and any(p.stance is Stance.SUPPORTS for p in pointers):
            least = _TELLING * max(p.confidence or 0.0 for p in pointers)
            chosen = [
                (i, j)
                for i, j in chosen
                if j.reason == "the report speaks of a part" and j.score >= least
            ]
        if wanted is Stance.CONTRADICTS:
            supported = max((p.confidence or 0.0 for p in pointers), default=0.0)
            chosen = [(i, j) for i, j in chosen if not _of_something_else(j, supported)]
        chosen.sort(key=lambda x: (-x[1].score, x[0]))
        pointers += [
            Pointer(evidence=i, stance=wanted, reason=j.reason, confidence=round(j.score, 4))
            for i, j in chosen[:_KEPT]
        ]
    forecast = claim.kind is ClaimKind.PREDICTION and not claim.attribution
    if forecast and not any(_announced(p) for p in pointers):
        return Proposal(claim=claim.id, checkable=False)  # nobody has announced it
    return Proposal(claim=claim.id, pointers=tuple(pointers))


_AS_LIKELY = 0.5


def _of_something_else(judged: stance.Judged, supported: float) -> bool:
    """It tells of another day or gives another figure, and tells much less of the claim than a
    sentence that bears it out: what happened again, when somebody told it, what else was counted."""
    day = judged.reason.startswith("another day")
    figure = judged.reason.startswith("another figure") and ALL_ELSE not in judged.reason
    return (day or figure) and judged.score < _AS_LIKELY * supported


_SHARED = 3  # kinds of things in common from which a sentence is held beside the claim, too
_LIKELY = 5  # sentences that are held beside a claim word by word


def _announced(pointer: Pointer) -> bool:
    """The sentence tells of the plan, or of one that differs from it in one thing: a figure of today
    is nothing to hold against one of next year."""
    if pointer.stance is Stance.CONTRADICTS:
        return "another figure" not in pointer.reason or ALL_ELSE in pointer.reason
    return pointer.stance is Stance.SUPPORTS


_FEW = 6  # sentences of which the median says what is usual
_OFF_TOPIC = 0.815  # cosine of a sentence on another matter


def _usual(cosines: Sequence[float]) -> float:
    """The cosine from which a sentence's margin counts: the median, where there are enough to have
    one; else it is made up with what a sentence on another matter has."""
    missing = max(0, _FEW - len(cosines))
    return statistics.median([*cosines, *[_OFF_TOPIC] * missing])


def pairs(task: JudgeTask) -> list[Pair]:
    """The claim beside each of its evidence sentences, read in their surroundings; beside the
    nearest of them word by word."""
    read = _read(task)
    if not task.units:
        return read
    likely = _likely(read)
    shown = task.units([read[0].own.text, *(read[i].theirs.text for i in likely)]) if read else None
    if shown:
        for i, other in zip(likely, shown[1:], strict=True):
            read[i] = replace(read[i], aligned=aligned(shown[0], other))
    return read


def _likely(read: Sequence[Pair]) -> list[int]:
    """The sentences nearest in meaning, and the one that shares most days, places, names and figures:
    across languages what is nearest may tell of another day of the same matter."""
    nearest = sorted(range(len(read)), key=lambda i: -read[i].similarity)
    rest = nearest[_LIKELY - 1 :]
    shared = {i: _in_common(read[i].own, read[i].theirs) for i in rest}
    best = max(rest, key=lambda i: shared[i] if shared[i] >= _SHARED else 0, default=None)
    return [*nearest[: _LIKELY - 1], *([best] if best is not None else [])]


def _in_common(own: Reading, theirs: Reading) -> int:
    """How many days, places, names and figures of weight two sentences share."""
    dates = any(a.overlaps(b) for a in compare.days(own) for b in compare.days(theirs))
    figures = {f.value for f in own.figures} & {f.value for f in theirs.figures}
    names = own.name_keys & theirs.name_keys
    places = {p for p in own.places & theirs.places if p.city}
    sources = own.source_names & theirs.source_names
    return dates + len(figures) + bool(names or places) + bool(sources)


def _read(task: JudgeTask) -> list[Pair]:
    near = lands_of(task.article, task.evidence)
    own = read_claim(task.claim, task.article, near)
    lands = setting(task.claim, task.article, near_countries(task.article))
    usual = task.usual
    if usual is None:
        usual = _usual([e.similarity for e in task.evidence])
    said = read_words(task.claim, task.article, near)
    return [
        Pair(
            claim=task.claim,
            own=own,
            theirs=read_evidence(e),
            report=read_report(e.reference),
            similarity=e.similarity,
            margin=e.similarity - usual,
            lands=lands,
            among_many=task.usual is not None or len(task.evidence) >= _FEW,
            said=said,
        )
        for e in task.evidence
    ]
