"""The analyst's contract: three thinking steps, and the shapes in which their answers come.

An analyst reads, points and classifies. It never returns a verdict, an offset that is believed or
a quotation that is printed: the steps anchor what it says, and `steps.verify` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from factcheck.embed import Units
from factcheck.models import (
    Article,
    Assessment,
    Attribution,
    Claim,
    ClaimKind,
    Evidence,
    Fault,
    LedgerKind,
    Proposal,
    Sentence,
    Span,
    Usage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """A claim as an analyst proposes it: the sentence's number and the words it stands on.

    `anchor` must be found inside that sentence, else the draft is refused. `near` is where in the
    sentence it is thought to begin (to choose among several places).
    """

    sentence: int
    anchor: str
    statement: str
    kind: ClaimKind
    near: int = 0
    attribution: tuple[Attribution, ...] = ()
    about: tuple[str, ...] = ()
    language: str = ""  # of the statement, where it is not the article's
    loaded: tuple[tuple[str, str], ...] = ()  # loaded term, neutral counterpart


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceDraft:
    """What an analyst makes of one sentence."""

    kind: LedgerKind
    claims: tuple[ClaimDraft, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeTask:
    """A claim with its numbered evidence.

    `units` shows the words of texts as an embedding model sees them; without it words of different
    languages are told to mean the same by the lexicon alone.
    """

    article: Article
    claim: Claim
    evidence: tuple[Evidence, ...]
    usual: float | None = None  # the cosine of what is near the claim, where that is known
    units: Callable[[Sequence[str]], Sequence[Units] | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Sentences an analyst wrote: a rationale for each claim id, and a summary.

    A sentence of status "proposed" must prove itself: without citations it is struck.
    """

    rationales: Mapping[str, tuple[Sentence, ...]]
    summary: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """An editor's question with the sentences that may answer it, best first."""

    article: Article | None
    question: str
    evidence: tuple[Evidence, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An answer in an analyst's words, unchecked: sentences with the numbers (from 1) of the
    passages they rest on; `fault` where it failed."""

    sentences: tuple[tuple[str, tuple[int, ...]], ...] = ()
    fault: str = ""


class Analyst(Protocol):
    """Who does the thinking. `local` needs nothing; others may call a model (`model` is its name).

    What fails is never raised from the three steps: it is a draft of kind `failed`, a proposal with
    an error, or a rationale written by rules, and one of the `faults`.
    """

    name: str
    model: str | None

    def extract(self, article: Article, sentences: Sequence[Span]) -> Sequence[SentenceDraft]:
        """One draft for each sentence, in order."""
        ...

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        """One proposal for each task, in order; `done` is told of each as it is ready."""
        ...

    def write(self, article: Article, found: Sequence[Assessment], language: str) -> Writing:
        """Rationales and summary, every sentence with the ids of its citations."""
        ...

    def answer(self, passages: Passages) -> Words:
        """An answer to a question from numbered passages; empty where they do not answer it."""
        ...

    def usage(self) -> Usage:
        """What was spent since the analyst was made."""
        ...

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong since `start`, each once."""
        ...

    def start(self) -> None:
        """A new article: forget faults and a former `stop`."""
        ...

    def meanwhile(self, work: Iterator[None]) -> None:
        """Work that may be done while the analyst waits for an answer, one short step at a time."""
        ...

    def stop(self) -> None:
        """Leave off; what is not done becomes failed, with the error "stopped"."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...

    def prompts(self) -> Mapping[str, str]:
        """Fingerprints of the prompts used, by name."""
        ...
