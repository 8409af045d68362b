"""Finished notes: do their citations hold, and does everything that is said cite something?

- `verbatim`: the quotation stands in the stored report at its place, letter for letter.
- `resolvable`: the report is in the store, and is the one the note was made from (its hash).
- `complete`: sentences of rationale and summary that bear a verdict and cite something that exists.
- `decided_with_citation`: claims with a verdict that needs evidence, and which have a citation.
- `figures_agree`: figures in such sentences that stand in the quotations cited, or in the claim.
- `citation_recall`, `citation_precision`: with a judge model, as in ALCE (T. Gao et al., "Enabling
  Large Language Models to Generate Text with Citations", EMNLP 2023): the share of sentences that
  their quotations together bear out, and the share of quotations that help: that bear the sentence
  out alone, or without which the others do not. Without a model they are not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from factcheck.analysts.base import Analyst
from factcheck.evaluate import measures
from factcheck.models import (
    Claim,
    ClaimKind,
    Evidence,
    Passage,
    Reference,
    Stance,
    content_id,
)
from factcheck.notefile import CitationShape, ClaimShape, NoteShape, SentenceShape
from factcheck.steps.acquire import article as make_article
from factcheck.steps.judge import judge as judged
from factcheck.text.figures import figures as figures_in
from factcheck.text.language import identify

_NEEDS = ("supported", "partly_supported", "contradicted", "disputed")
Lookup = Callable[[str], Reference | None]


@dataclass
class Count:
    """How many of what was looked at held."""

    held: int = 0
    seen: int = 0

    def add(self, holds: bool) -> None:
        self.held += holds
        self.seen += 1

    def share(self) -> float | None:
        return measures.share(self.held, self.seen) if self.seen else None


@dataclass
class Tally:
    """The counts of one or more notes."""

    notes: int = 0
    citations: int = 0
    sentences: int = 0
    verbatim: Count = field(default_factory=Count)
    resolvable: Count = field(default_factory=Count)
    complete: Count = field(default_factory=Count)
    decided_with_citation: Count = field(default_factory=Count)
    figures_agree: Count = field(default_factory=Count)
    citation_recall: Count = field(default_factory=Count)
    citation_precision: Count = field(default_factory=Count)

    def figures(self) -> dict[str, Any]:
        """The measures; None where there was nothing to measure, or no judge model."""
        shares = {k: v.share() for k, v in vars(self).items() if isinstance(v, Count)}
        return {
            "notes": self.notes,
            "citations": self.citations,
            "sentences": self.sentences,
            **shares,
        }


NAMES = {
    "notes": "notes",
    "citations": "citations",
    "sentences": "sentences looked at",
    "verbatim": "quotations verbatim",
    "resolvable": "reports resolvable and unchanged",
    "complete": "sentences that cite",
    "decided_with_citation": "decided claims with a citation",
    "figures_agree": "figures that stand in what is cited",
    "citation_recall": "citation recall (judge model)",
    "citation_precision": "citation precision (judge model)",
}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    return "\n".join(measures.lines(figures, NAMES))


def tally(note: NoteShape, lookup: Lookup, into: Tally, judge: Analyst | None = None) -> None:
    """Count one note. `judge` is a model that tells whether quotations bear a sentence out."""
    into.notes += 1
    stated = {r.id: r.sha256 for r in note.references}
    cited: dict[str, CitationShape] = {}
    for claim in note.claims:
        cited |= {c.id: c for c in claim.citations}
        for citation in claim.citations:
            into.citations += 1
            report = lookup(citation.reference)
            into.resolvable.add(
                report is not None and report.sha256 == stated.get(citation.reference)
            )
            into.verbatim.add(
                report is not None
                and bool(citation.quote)
                and report.text[citation.start : citation.end] == citation.quote
            )
        if claim.verdict in _NEEDS:
            into.decided_with_citation.add(bool(claim.citations))
            for sentence in claim.rationale:
                _sentence(sentence, claim, cited, into, judge)
    for sentence in note.summary:
        # A summary counts and dates things; only a sentence that cites is held against quotations.
        if sentence.citations:
            _sentence(sentence, None, cited, into, judge)


def _sentence(
    sentence: SentenceShape,
    claim: ClaimShape | None,
    cited: dict[str, CitationShape],
    into: Tally,
    judge: Analyst | None,
) -> None:
    if sentence.status == "struck":
        return
    into.sentences += 1
    known = [cited[i] for i in sentence.citations if i in cited]
    into.complete.add(bool(known) and len(known) == len(sentence.citations))
    quotes = [c.quote for c in known]
    if not quotes:
        return
    there = _values([*quotes, claim.said if claim else ""])
    for value in _values([sentence.text]):
        into.figures_agree.add(value in there)
    if judge is not None:
        _judged(sentence.text, quotes, into, judge)


def _values(texts: Sequence[str]) -> list[float]:
    return [f.value for t in texts if t for f in figures_in(t, identify(t))]


# ---------------------------------------------------------------- with a judge model


def _judged(text: str, quotes: Sequence[str], into: Tally, judge: Analyst) -> None:
    together = bears_out(text, quotes, judge)
    into.citation_recall.add(together)
    for i in range(len(quotes)):
        if not together:
            helps = False
        elif len(quotes) == 1 or bears_out(text, [quotes[i]], judge):
            helps = True
        else:
            helps = not bears_out(text, [*quotes[:i], *quotes[i + 1 :]], judge)
        into.citation_precision.add(helps)


def bears_out(text: str, quotes: Sequence[str], judge: Analyst) -> bool:
    """Whether the quotations, read as one text, support the sentence, by the model."""
    article = make_article(text)
    claim = Claim(
        id="c1", start=0, end=len(text), said=text, statement=text, kind=ClaimKind.EVENT, sentence=0
    )
    evidence = _as_evidence(" ".join(quotes))
    [proposal] = judged(article, [claim], [(evidence,)], judge)
    return any(p.stance is Stance.SUPPORTS for p in proposal.pointers)


def _as_evidence(text: str) -> Evidence:
    report = Reference(
        id="quoted", publisher="quoted", kind="other", title="", text=text, language=identify(text)
    )
    passage = Passage(
        id=content_id("quoted", text), reference="quoted", start=0, end=len(text), text=text
    )
    return Evidence(passage=passage, reference=report, similarity=1.0, score=1.0)


__all__ = ["Count", "Tally", "bears_out", "table", "tally"]
