"""What the second reader is worth: two fake models over the labelled example articles.

The yes-sayer calls the first five sentences of every claim support: how much of that becomes a false
`supported`? The oracle calls only those sentences support whose report the labels name: how many of
the supported labels does it keep? Both over the score below which the rules let nothing be support.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from bench.ground import ROOT, Ground
from bench.tables import show
from factcheck import evaluate
from factcheck.analysts.base import JudgeTask
from factcheck.analysts.llm.judge import EVIDENCE
from factcheck.analysts.local import LocalAnalyst
from factcheck.evaluate import Label, Score
from factcheck.models import ClaimKind, Evidence, Pointer, Proposal, Stance, Verdict
from factcheck.pipeline import Checker
from factcheck.steps import judge

THRESHOLDS: tuple[float | None, ...] = (None, 0.0, 0.06, 0.12, 0.2, 0.3)  # None: no second reader


class Fake(LocalAnalyst):
    """Reads and writes by the rules, and calls support what `_supports` says."""

    name = "fake"
    model: str | None = "fake"  # what has a model is read a second time
    labels: Sequence[Label] = ()

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        out = [self._proposal(task) for task in tasks]
        for proposal in out:
            done(proposal)
        return out

    def _proposal(self, task: JudgeTask) -> Proposal:
        claim = task.claim
        forecast = claim.kind is ClaimKind.PREDICTION and not claim.attribution
        if claim.kind is ClaimKind.OPINION or forecast:
            return Proposal(claim=claim.id, checkable=False)
        shown = enumerate(task.evidence[:EVIDENCE])
        return Proposal(
            claim=claim.id,
            pointers=tuple(
                Pointer(evidence=i, stance=Stance.SUPPORTS)
                for i, e in shown
                if self._supports(task, e)
            ),
        )

    def _supports(self, task: JudgeTask, evidence: Evidence) -> bool:
        raise NotImplementedError


class YesSayer(Fake):
    def _supports(self, task: JudgeTask, evidence: Evidence) -> bool:
        return True


class Oracle(Fake):
    """Knows the reports of the label with which a claim shares most."""

    def _supports(self, task: JudgeTask, evidence: Evidence) -> bool:
        def shared(label: Label) -> int:
            return min(label.end, task.claim.end) - max(label.start, task.claim.start)

        label = max(self.labels, key=shared, default=None)
        if label is None or shared(label) <= 0:
            return False
        return bool({evidence.reference.id, *evidence.near_copies} & set(label.references))


def run(ground: Ground) -> None:
    rows: list[list[object]] = []
    for threshold in THRESHOLDS:
        with _second_reader(threshold):
            yes, oracle = _score(ground, YesSayer()), _score(ground, Oracle())
        rows.append([_name(threshold), *_false_support(yes), *_kept(oracle)])
    rules = _score(ground, LocalAnalyst())
    rows.append(["the local rules alone", *_false_support(rules), *_kept(rules)])
    show("The second reader: a model that always says yes, and one that is always right",
         ["score below which nothing is support", "yes-sayer: false support", "rate",
          "oracle: supported labels kept", "rate"], rows,
         "False support: labels that are not `supported` but came out so. The oracle points at no"
         f" more than the {EVIDENCE} sentences that a model is shown.")  # fmt: skip


@contextmanager
def _second_reader(threshold: float | None) -> Iterator[None]:
    if threshold is None:
        with mock.patch.object(judge, "_read_again", lambda _, pointers: list(pointers)):
            yield
    else:
        with mock.patch.object(judge, "_FAINT", threshold):
            yield


def _score(ground: Ground, analyst: LocalAnalyst) -> Score:
    found = []
    with Checker(ground.settings(), analyst=analyst) as checker:
        for article in sorted((ROOT / "seeds" / "articles").glob("*.md")):
            labels = _labels(article)
            if isinstance(analyst, Fake):
                analyst.labels = labels
            found.append(evaluate.score(checker.check(article), labels, checker.store.reference))
    return evaluate.total(found)


def _labels(article: Path) -> Sequence[Label]:
    gold = ROOT / "seeds" / "gold" / f"{article.stem}.jsonl"
    return evaluate.read_gold(gold, [article])[article]


def _false_support(score: Score) -> tuple[str, str]:
    others = [c for c in score.cases if c.label.verdict is not Verdict.SUPPORTED]
    return _of(sum(c.verdict == Verdict.SUPPORTED for c in others), len(others))


def _kept(score: Score) -> tuple[str, str]:
    gold = [c for c in score.cases if c.label.verdict is Verdict.SUPPORTED]
    return _of(sum(c.verdict == Verdict.SUPPORTED for c in gold), len(gold))


def _of(part: int, whole: int) -> tuple[str, str]:
    return f"{part} of {whole}", f"{part / whole:.1%}"


def _name(threshold: float | None) -> str:
    if threshold is None:
        return "no second reader"
    return f"{threshold}{' (chosen)' if threshold == judge._FAINT else ''}"
