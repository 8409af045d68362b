"""The language-model analyst: three kinds of question through the provider door.

Nothing that fails becomes a verdict: a sentence of a failed call is `failed`, a claim of one has an
error, an explanation falls back on the rules, and the fault is reported. What is too long for the model
is asked in parts; see `parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from factcheck import prompts
from factcheck.analysts.base import JudgeTask, Passages, SentenceDraft, Words, Writing
from factcheck.analysts.llm import answer as answer_
from factcheck.analysts.llm import extract as extract_
from factcheck.analysts.llm import judge as judge_
from factcheck.analysts.llm import write as write_
from factcheck.analysts.llm.parts import Asker
from factcheck.errors import FactcheckError
from factcheck.models import Article, Assessment, Fault, Proposal, Span, Usage
from factcheck.provider import Provider


class LlmAnalyst:
    """Implements `analysts.base.Analyst` through a `Provider`."""

    name = "llm"

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        maker, _, file = provider.model.partition(":")
        # a note is read elsewhere: it names the file, not where it lies
        self.model: str | None = f"gguf:{Path(file).name}" if maker == "gguf" else provider.model
        self._faults: dict[tuple[str, str, str], Fault] = {}
        self._meanwhile: Iterator[None] = iter(())

    def extract(self, article: Article, sentences: Sequence[Span]) -> Sequence[SentenceDraft]:
        drafts = extract_.extract(article, sentences, self._asker("extract"))
        self._left_out("extract", sum(d.reason in extract_.LEFT_OUT for d in drafts), "sentences")
        return drafts

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        made = judge_.judge(tasks, self._asker("judge"), done)
        self._left_out("judge", sum(p.error == judge_.LEFT_OUT for p in made), "claims")
        return made

    def write(self, article: Article, found: Sequence[Assessment], language: str) -> Writing:
        return write_.write(article, found, language, self._asker("write"))

    def answer(self, passages: Passages) -> Words:
        return answer_.answer(passages, self._asker("answer"))

    def usage(self) -> Usage:
        return self.provider.usage()

    def prompts(self) -> Mapping[str, str]:
        return {n: prompts.load(n).fingerprint for n in ("extract", "judge", "write")}

    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults.values())

    def start(self) -> None:
        self._faults.clear()
        self.provider.resume()

    def meanwhile(self, work: Iterator[None]) -> None:
        self._meanwhile = work

    def stop(self) -> None:
        self.provider.stop()

    def close(self) -> None:
        self.provider.close()

    def _left_out(self, step: str, count: int, what: str) -> None:
        """Report what a model passed over, in an answer that was whole otherwise."""
        if count:
            message = f"the model passed over {count} {what}"
            self._faults.setdefault(
                (step, "incomplete", message),
                Fault(step=step, kind="incomplete", message=message,
                      hint="Check again, or use a more capable model."),
            )  # fmt: skip

    def _asker(self, step: str) -> Asker:
        """Who asks for one step, and reports what failed in the end."""

        def failed(error: FactcheckError) -> None:
            kind = getattr(error, "kind", "budget")
            self._faults.setdefault(
                (step, kind, str(error)),
                Fault(step=step, kind=kind, message=str(error), hint=error.hint),
            )

        return Asker(self.provider, self._meanwhile, failed)
