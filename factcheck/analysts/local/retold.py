"""What becomes of sentences that tell a story in order to deny it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local.difference import in_common
from factcheck.analysts.local.elements import Pair
from factcheck.analysts.local.stance import Judged
from factcheck.hearsay import denied, speaks_of_hearsay, told_as_untrue
from factcheck.models import Evidence, Stance

DENIED = "near, but one of the two denies"
RETOLD = "near, but the report retells it as untrue"
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
        if untrue := told_as_untrue(one):
            out[i] = replace(judged[i], stance=Stance.CONTEXT, reason=RETOLD)
            for j, other in enumerate(task.evidence):
                if other.reference.id == one.reference.id and _holds(other, untrue):
                    told = max(judged[i].score, out[j].score if out[j].reason == UNTRUE else 0.0)
                    out[j] = Judged(Stance.CONTRADICTS, UNTRUE, told)
        elif denied(pair.theirs, in_common(pair.theirs, pair.own)):
            out[i] = replace(judged[i], stance=Stance.CONTEXT, reason=DENIED)
    return out


def _holds(one: Evidence, places: Sequence[int]) -> bool:
    return any(one.passage.start <= a < one.passage.end for a in places)
