"""The local analyst: rules and lexicons, no key, no network, the same answer every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from factcheck.analysts.base import JudgeTask, Passages, SentenceDraft, Words, Writing
from factcheck.analysts.local import extract as extract_
from factcheck.analysts.local import judge as judge_
from factcheck.analysts.local import write as write_
from factcheck.models import Article, Assessment, Fault, Proposal, Span, Usage

STOPPED = "stopped before it was done"


class LocalAnalyst:
    """Implements `analysts.base.Analyst` without a language model."""

    name = "local"
    model: str | None = None

    def __init__(self) -> None:
        self._stopped = False

    def extract(self, article: Article, sentences: Sequence[Span]) -> Sequence[SentenceDraft]:
        return extract_.extract(article, sentences)

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        proposals = []
        for task in tasks:
            if self._stopped:
                proposal = Proposal(claim=task.claim.id, error=STOPPED)
            else:
                proposal = judge_.judge(task)
            proposals.append(proposal)
            done(proposal)
        return proposals

    def write(self, article: Article, found: Sequence[Assessment], language: str) -> Writing:
        return write_.write(article, found, language)

    def answer(self, passages: Passages) -> Words:
        return Words()  # rules quote, they do not put into words

    def usage(self) -> Usage:
        return Usage()

    def faults(self) -> tuple[Fault, ...]:
        return (Fault(step="judge", kind="interrupted", message=STOPPED),) if self._stopped else ()

    def start(self) -> None:
        self._stopped = False

    def meanwhile(self, work: Iterator[None]) -> None:
        pass  # it never waits

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        pass

    def prompts(self) -> Mapping[str, str]:
        return {}
