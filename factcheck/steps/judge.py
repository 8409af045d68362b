"""Step 4: the analyst points at evidence sentences and classifies them; nothing is believed yet.

Pointers to sentences that do not exist are dropped here. A claim whose judging failed has a
proposal with an error; it will have no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from factcheck.analysts.base import Analyst, JudgeTask
from factcheck.models import Article, Claim, Evidence, Proposal


def judge(
    article: Article,
    claims: Sequence[Claim],
    evidence: Sequence[tuple[Evidence, ...]],
    analyst: Analyst,
    done: Callable[[Proposal], None] = lambda _: None,
) -> list[Proposal]:
    """One proposal for each claim, in order."""
    tasks = [
        JudgeTask(article=article, claim=c, evidence=e)
        for c, e in zip(claims, evidence, strict=True)
    ]
    answered = {p.claim: p for p in analyst.judge(tasks, done)}
    return [_checked(task, answered.get(task.claim.id)) for task in tasks]


def _checked(task: JudgeTask, proposal: Proposal | None) -> Proposal:
    if proposal is None:
        return Proposal(claim=task.claim.id, error="the analyst gave no answer for this claim")
    seen: set[int] = set()
    kept = []
    for pointer in proposal.pointers:
        if 0 <= pointer.evidence < len(task.evidence) and pointer.evidence not in seen:
            seen.add(pointer.evidence)
            kept.append(pointer)
    return Proposal(
        claim=proposal.claim,
        pointers=tuple(kept),
        checkable=proposal.checkable,
        error=proposal.error,
    )
