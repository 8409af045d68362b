"""Step 4: the analyst points at evidence sentences and classifies them; nothing is believed yet.

Pointers to sentences that do not exist are dropped here. What a model calls support is read a
second time by the rules: where they see another figure, day or place, a denial, or the act the
other way round, the two readers disagree and the sentence is cited for nothing. A claim whose
judging failed has a proposal with an error; it will have no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from factcheck.analysts.base import Analyst, JudgeTask
from factcheck.analysts.local.elements import Pair
from factcheck.analysts.local.judge import pairs
from factcheck.analysts.local.retold import hearsay_in
from factcheck.analysts.local.stance import Judged
from factcheck.analysts.local.stance import judge as read_by_rules
from factcheck.embed import Units
from factcheck.hearsay import speaks_of_hearsay
from factcheck.models import Article, Claim, Evidence, Pointer, Proposal, Stance

_RELATED = 0.8  # cosine below which a sentence must share something definite with its claim
_WEAK = 0.06  # score by the rules below which a sentence hardly speaks of the claim
# Score below which nothing is support. `bench/second_reader.py` measures what it costs and saves.
_FAINT = 0.25
# What the rules say of a sentence that a claim cannot rest on, whoever points at it.
_AGAINST = ("denies", "the other way round", "of another place", "of another day")


class SecondReading:
    """What the rules make of claims beside their evidence. A claim is read once, when it is first
    asked for: that may be while a model judges."""

    def __init__(self) -> None:
        self._read: dict[str, list[tuple[Pair, Judged]]] = {}

    def of(self, task: JudgeTask) -> list[tuple[Pair, Judged]]:
        """The pairs of a claim with each of its sentences, and what they were judged to be."""
        if task.claim.id not in self._read:
            self._read[task.claim.id] = [(p, read_by_rules(p)) for p in pairs(task)]
        return self._read[task.claim.id]


def judge(
    article: Article,
    claims: Sequence[Claim],
    evidence: Sequence[tuple[Evidence, ...]],
    analyst: Analyst,
    done: Callable[[Proposal], None] = lambda _: None,
    usual: Sequence[float | None] = (),
    units: Callable[[Sequence[str]], Sequence[Units] | None] | None = None,
    second: SecondReading | None = None,
) -> list[Proposal]:
    """One proposal for each claim, in order; `done` hears of each, checked, as it is ready.

    `usual`, one for each claim, is the cosine that the sentences nearest to it have, where the
    evidence alone does not tell that. `units` is for an analyst that has no model of its own.
    `second` may have read some of them already.
    """
    shown = None if analyst.model else units
    tasks = {
        c.id: JudgeTask(article=article, claim=c, evidence=e, usual=u, units=shown)
        for c, e, u in zip(claims, evidence, usual or [None] * len(claims), strict=True)
    }
    second = second or SecondReading()
    checked: dict[str, Proposal] = {}

    def tell(proposal: Proposal) -> None:
        task = tasks.get(proposal.claim)
        if task is None or proposal.claim in checked:
            return
        checked[proposal.claim] = _checked(task, proposal, second if analyst.model else None)
        done(checked[proposal.claim])

    for proposal in analyst.judge(list(tasks.values()), tell):
        tell(proposal)
    for id in tasks:
        tell(Proposal(claim=id, error="the analyst gave no answer for this claim"))
    return [checked[id] for id in tasks]


def _checked(task: JudgeTask, proposal: Proposal, second: SecondReading | None) -> Proposal:
    seen: set[int] = set()
    kept = []
    for pointer in proposal.pointers:
        if 0 <= pointer.evidence < len(task.evidence) and pointer.evidence not in seen:
            seen.add(pointer.evidence)
            kept.append(pointer)
    if second and kept:
        kept = _not_opposed(task, second.of(task), kept)
    return replace(proposal, pointers=tuple(kept))


def _not_opposed(
    task: JudgeTask, read: Sequence[tuple[Pair, Judged]], pointers: Sequence[Pointer]
) -> list[Pointer]:
    """The pointers that the rules have nothing against."""
    out, of_hearsay = [], bool(read) and speaks_of_hearsay(read[0][0].own)
    for pointer in pointers:
        pair, second = read[pointer.evidence]
        related = pair.similarity >= _RELATED or second.score >= _WEAK
        if not related:
            continue
        bears_out = pointer.stance in (Stance.SUPPORTS, Stance.QUALIFIES)
        if bears_out and not of_hearsay and hearsay_in(task.evidence[pointer.evidence], pair):
            continue
        if pointer.stance is Stance.SUPPORTS:
            if _disagrees(second):
                continue
            if "without the figure" in second.reason:
                pointer = replace(pointer, stance=Stance.QUALIFIES)
        out.append(pointer)
    return out


def _disagrees(second: Judged) -> bool:
    against = any(w in second.reason for w in _AGAINST)
    return second.stance is Stance.CONTRADICTS or against or second.score < _FAINT
