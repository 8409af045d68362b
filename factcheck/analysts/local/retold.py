"""What becomes of sentences that tell a story in order to deny it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local.difference import in_common, negated_act
from factcheck.analysts.local.elements import Pair
from factcheck.analysts.local.stance import Judged
from factcheck.hearsay import denied, only_a_tale, speaks_of_hearsay, told_as_untrue
from factcheck.models import Evidence, Stance

_BESIDE = 400  # characters between a story and a sentence that denies it

DENIED = "near, but one of the two denies"
RETOLD = "near, but the report retells it as untrue"
TALE = "near, but the report only retells what is told"
BESIDE = "near, but the report says beside it that it is not so"
UNTRUE = "the report calls it untrue"


def retold(task: JudgeTask, pairs: Sequence[Pair], judged: Sequence[Judged]) -> list[Judged]:
    """The judgements, with none borne out by a story that its report calls untrue, or by a sentence
    in which somebody denies it. The sentences that call a story untrue contradict the claim, where
    they are before the analyst. A claim that itself denies, or tells of a story, is left alone."""
    out = list(judged)
    if pairs and speaks_of_hearsay(pairs[0].own):
        return out
    for i, (one, pair) in enumerate(zip(task.evidence, pairs, strict=True)):
        if judged[i].stance not in (Stance.SUPPORTS, Stance.QUALIFIES):
            continue
        reason = hearsay_in(one, pair)
        if not reason and _denied_beside(i, task.evidence, pairs):
            reason = BESIDE
        if not reason:
            continue
        out[i] = replace(judged[i], stance=Stance.CONTEXT, reason=reason)
        for j in _saying_so(task.evidence, one):
            told = max(judged[i].score, out[j].score if out[j].reason == UNTRUE else 0.0)
            out[j] = Judged(Stance.CONTRADICTS, UNTRUE, told)
    return out


def hearsay_in(one: Evidence, pair: Pair) -> str:
    """Why the sentence bears out nothing that it tells; "" where it may."""
    if told_as_untrue(one):
        return RETOLD
    places = _matter(pair)
    if denied(pair.theirs, places):
        return DENIED
    return TALE if only_a_tale(pair.theirs, places) else ""


def _denied_beside(i: int, evidence: Sequence[Evidence], pairs: Sequence[Pair]) -> bool:
    """A sentence beside it in the report denies an act that both it and the claim tell of."""
    one, own = evidence[i], pairs[i].own
    return any(
        other.reference.id == one.reference.id
        and abs(other.passage.start - one.passage.start) < _BESIDE
        and j != i
        and negated_act(pairs[j].theirs, own)
        and not negated_act(pairs[i].theirs, own)
        for j, other in enumerate(evidence)
    )


def _saying_so(evidence: Sequence[Evidence], story: Evidence) -> list[int]:
    """The sentences of a story's report that call it untrue."""
    places = told_as_untrue(story)
    return [
        j
        for j, other in enumerate(evidence)
        if other.reference.id == story.reference.id
        and any(other.passage.start <= a < other.passage.end for a in places)
    ]


def _matter(pair: Pair) -> list[int]:
    """Where the sentence tells what the claim tells: acts, things and figures, and where there are
    none of these, names."""
    own, theirs = pair.own, pair.theirs
    shared = in_common(theirs, own)
    named = {n.start for n in theirs.names} | {n.start for n in theirs.sources}
    values = {f.value for f in own.figures}
    told = [p for p in shared if p not in named]
    return [*told, *(f.start for f in theirs.figures if f.value in values)] or shared
