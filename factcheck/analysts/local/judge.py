"""Evidence sentences pointed at, with a stance each."""

from __future__ import annotations

from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local import stance
from factcheck.evidence import near_countries, read_claim, read_evidence, read_report
from factcheck.models import ClaimKind, Pointer, Proposal, Stance

_KEPT = 6  # pointers of one stance


def judge(task: JudgeTask) -> Proposal:
    """The stances of a claim's evidence. Weak agreement is dropped where there is a full one."""
    claim = task.claim
    if claim.kind in (ClaimKind.OPINION, ClaimKind.PREDICTION):
        return Proposal(claim=claim.id, checkable=False)
    own = read_claim(claim, task.article, near_countries(task.article))
    judged = [
        (
            i,
            stance.judge(
                claim, own, read_evidence(e), read_report(e.reference), e.similarity
            ),
            e,
        )
        for i, e in enumerate(task.evidence)
    ]
    supported = any(j.stance is Stance.SUPPORTS for _, j, _ in judged)
    pointers: list[Pointer] = []
    for wanted in (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES):
        chosen = [x for x in judged if x[1].stance is wanted]
        if wanted is Stance.QUALIFIES and supported:
            chosen = [x for x in chosen if x[1].reason != "confirms a part"]
        chosen.sort(key=lambda x: (-x[1].coverage, -x[2].score))
        pointers += [
            Pointer(evidence=i, stance=wanted, reason=j.reason) for i, j, _ in chosen[:_KEPT]
        ]
    return Proposal(claim=claim.id, pointers=tuple(pointers))
