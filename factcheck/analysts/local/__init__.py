"""The local analyst: rules and lexicons, no key, no network, the same answer every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from factcheck.analysts.base import JudgeTask, SentenceDraft, Writing
from factcheck.analysts.local import extract as extract_
from factcheck.analysts.local import judge as judge_
from factcheck.analysts.local import write as write_
from factcheck.models import Article, Assessment, Proposal, Span, Usage


class LocalAnalyst:
    """Implements `analysts.base.Analyst` without a language model."""

    name = "local"
    model: str | None = None

    def extract(self, article: Article, sentences: Sequence[Span]) -> Sequence[SentenceDraft]:
        return extract_.extract(article, sentences)

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        proposals = []
        for task in tasks:
            proposal = judge_.judge(task)
            proposals.append(proposal)
            done(proposal)
        return proposals

    def write(self, article: Article, found: Sequence[Assessment], language: str) -> Writing:
        return write_.write(article, found, language)

    def usage(self) -> Usage:
        return Usage()

    def prompts(self) -> Mapping[str, str]:
        return {}
