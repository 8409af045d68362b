"""A question put to a language model with numbered sentences; nothing else is known to it."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck import prompts
from factcheck.analysts.base import Passages, Words
from factcheck.analysts.llm.extract import about, reason_of
from factcheck.analysts.llm.judge import numbered
from factcheck.analysts.llm.parts import Asker, halves
from factcheck.analysts.llm.shapes import AnswerReply
from factcheck.errors import FactcheckError
from factcheck.models import Evidence
from factcheck.provider import Question
from factcheck.text.machine import readable

_SENTENCES = 5
_LONG = 500  # characters of a sentence


def answer(passages: Passages, asker: Asker) -> Words:
    """The model's sentences with the numbers they rest on, unchecked. Where the passages are too
    many for the model, the better half of them is shown, and of that again."""
    everything: list[Sequence[Evidence]] = [passages.evidence]
    [(_, reply)] = asker.ask(
        everything,
        lambda shown: _question(passages, shown),
        lambda shown: halves(shown)[:1],
        cut_too=False,
    )
    if isinstance(reply, FactcheckError):
        return Words(fault=reason_of(reply))
    return Words(
        sentences=tuple(
            (readable(s.text)[:_LONG], tuple(s.cites)) for s in reply.sentences[:_SENTENCES]
        )
    )


def _question(passages: Passages, evidence: Sequence[Evidence]) -> Question[AnswerReply]:
    count = len(evidence)
    told = about(passages.article) if passages.article else "No article is open."
    return Question(
        prompt=prompts.load("answer"),
        values={
            "about": f"{told} Answer in the language with the code {passages.language}.",
            "question": passages.question,
            "evidence": "\n".join(numbered(evidence)),
        },
        shape=AnswerReply,
        check=lambda reply: _complaint(reply, count),
    )


def _complaint(reply: AnswerReply, count: int) -> str:
    wrong = sorted({n for s in reply.sentences for n in s.cites if not 1 <= n <= count})
    if wrong:
        return f"there are no sentences {wrong[:10]}"
    if any(not s.cites for s in reply.sentences):
        return "a sentence cites nothing"
    return ""
