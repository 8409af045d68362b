"""Evidence pointed at by a language model: claims in groups, their sentences numbered once a group.

Claims that stand near each other in an article share much of their evidence, so a group shows each
sentence once. A claim that nothing was found for, and an opinion, cost no call. A group that is too
long for the model is judged in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from factcheck import prompts
from factcheck.analysts.base import JudgeTask
from factcheck.analysts.llm.extract import about, reason_of
from factcheck.analysts.llm.parts import Asker, halves
from factcheck.analysts.llm.shapes import JudgeReply, PointerShape
from factcheck.errors import FactcheckError
from factcheck.evidence import read_evidence
from factcheck.models import Claim, ClaimKind, Evidence, Pointer, Proposal, Stance
from factcheck.provider import Question
from factcheck.text.machine import addresses_machine, readable

GROUP = 9  # claims a call
EVIDENCE = 5  # sentences shown for a claim
_LONG = 700  # characters of one sentence that are shown
_TITLE = 70
# What differs, in the words by which `verify` names it.
_DIFFERS = {
    "figure": "another figure",
    "date": "another day",
    "place": "another place",
    "direction": "the other way round",
    "speaker": "somebody else",
}
LEFT_OUT = "the model gave no answer for this claim"


@dataclass(frozen=True)
class _Group:
    """Claims judged together: `offered` maps a claim's number to its sentences' numbers."""

    tasks: tuple[JudgeTask, ...]
    sentences: tuple[Evidence, ...]
    offered: tuple[dict[int, int], ...]  # number in the prompt -> index in the task's evidence


def judge(
    tasks: Sequence[JudgeTask], asker: Asker, done: Callable[[Proposal], None]
) -> list[Proposal]:
    """One proposal a task; `done` hears of each as its group is answered."""
    out: list[Proposal] = []

    def tell(proposal: Proposal) -> None:
        out.append(proposal)
        done(proposal)

    asked: list[JudgeTask] = []
    for task in tasks:
        claim = task.claim
        forecast = claim.kind is ClaimKind.PREDICTION and not claim.attribution
        if claim.kind is ClaimKind.OPINION or forecast:
            tell(Proposal(claim=claim.id, checkable=False))
        elif _shown(task):
            asked.append(task)
        elif stopped := asker.stopped():  # the search may have been left off: nothing is known
            tell(Proposal(claim=claim.id, error=reason_of(stopped)))
        else:
            tell(Proposal(claim=claim.id))
    for group, reply in asker.ask(_groups(asked), _question, _halves):
        for at, task in enumerate(group.tasks):
            tell(_proposal(group, at, task, reply))
    return out


def _groups(tasks: Sequence[JudgeTask]) -> list[_Group]:
    count = -(-len(tasks) // GROUP) if tasks else 0
    share = -(-len(tasks) // count) if count else 1
    return [_group(tasks[i : i + share]) for i in range(0, len(tasks), share)]


def _halves(group: _Group) -> list[_Group]:
    return [_group(tasks) for tasks in halves(group.tasks)]


def _group(tasks: Sequence[JudgeTask]) -> _Group:
    numbers: dict[str, int] = {}
    sentences: list[Evidence] = []
    offered: list[dict[int, int]] = []
    for task in tasks:
        mine: dict[int, int] = {}
        for index in _shown(task):
            evidence = task.evidence[index]
            if evidence.passage.id not in numbers:
                sentences.append(evidence)
                numbers[evidence.passage.id] = len(sentences)
            mine[numbers[evidence.passage.id]] = index
        offered.append(mine)
    return _Group(tuple(tasks), tuple(sentences), tuple(offered))


def _shown(task: JudgeTask) -> list[int]:
    """The evidence put before the model: the best, save what addresses a machine."""
    fit = [i for i, e in enumerate(task.evidence) if not read_evidence(e).addresses_machine]
    return fit[:EVIDENCE]


def _question(group: _Group) -> Question[JudgeReply]:
    return Question(
        prompt=prompts.load("judge"),
        values={
            "about": about(group.tasks[0].article),
            "claims": "\n".join(
                _line(n, task.claim, offered)
                for n, (task, offered) in enumerate(zip(group.tasks, group.offered, strict=True), 1)
            ),
            "evidence": "\n".join(numbered(group.sentences)),
        },
        shape=JudgeReply,
        check=lambda reply: _complaint(reply, len(group.tasks)),
    )


def _line(number: int, claim: Claim, offered: dict[int, int]) -> str:
    parts = [str(number), readable(claim.statement)]
    said = readable(claim.said)
    if said.casefold() != claim.statement.casefold():
        parts.append(f"original: {said[:_LONG]}")
    if claim.attribution:
        parts.append("said by: " + " < ".join(readable(a.who) for a in claim.attribution))
    parts.append("look at: " + " ".join(map(str, offered)))
    return " | ".join(parts)


def numbered(shown: Sequence[Evidence]) -> Iterator[str]:
    """Sentences of reports as a model is shown them: number, publisher, date, title once, words."""
    titled: set[str] = set()
    for number, evidence in enumerate(shown, 1):
        reference = evidence.reference
        when = reference.published.isoformat() if reference.published else "undated"
        publisher = readable(reference.publisher)[:_TITLE]
        source = f"{'unnamed' if addresses_machine(publisher) else publisher}, {when}"
        title = readable(reference.title)
        if reference.id not in titled and not addresses_machine(title):
            titled.add(reference.id)
            source += f", “{title[:_TITLE]}”"
        yield f"{number} | {source} | {readable(evidence.passage.text)[:_LONG]}"


def _complaint(reply: JudgeReply, count: int) -> str:
    given = {j.claim for j in reply.claims}
    missing = sorted(set(range(1, count + 1)) - given)
    unknown = sorted(given - set(range(1, count + 1)))
    out = [f"claims {missing} are missing"] if missing else []
    out += [f"there are no claims {unknown[:10]}"] if unknown else []
    return "; ".join(out)


def _proposal(
    group: _Group, at: int, task: JudgeTask, reply: JudgeReply | FactcheckError
) -> Proposal:
    if isinstance(reply, FactcheckError):
        return Proposal(claim=task.claim.id, error=reason_of(reply))
    judged = [j for j in reply.claims if j.claim == at + 1]
    if not judged:
        return Proposal(claim=task.claim.id, error=LEFT_OUT)
    offered = group.offered[at]
    pointers = tuple(
        _pointer(p, offered[p.e]) for j in judged for p in j.pointers if p.e in offered
    )
    return Proposal(claim=task.claim.id, pointers=pointers)


def _pointer(shape: PointerShape, index: int) -> Pointer:
    return Pointer(
        evidence=index,
        stance=Stance(shape.stance),
        reason=_DIFFERS.get(shape.differs, ""),
        aspect=shape.aspect,
    )
