"""The whole of a note's JSON as it must be to become a note again: every field's kind, and what the
fields say of each other. Fields of other tools are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from factcheck.models import ClaimKind, LedgerKind, Stance, Verdict
from factcheck.wording import LANGUAGES


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


def _one_of(*known: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"`{value}` is none of {', '.join(known)}")
        return value

    return AfterValidator(check)


def _day(value: str | None) -> str | None:
    if value is not None:
        date.fromisoformat(value)
    return value


Day = Annotated[str | None, AfterValidator(_day)]
Offset = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
VerdictName = Annotated[str, _one_of(*(str(v) for v in Verdict))]


class CitationShape(_Shape):
    id: str
    reference: str
    publisher: str
    published: Day
    stance: Annotated[str, _one_of(*(str(s) for s in Stance))]
    quote: str
    start: Offset
    end: Offset
    url: str | None
    origins: list[str]
    hindsight: bool
    page: int | None = None


class FigureShape(_Shape):
    claim: str
    evidence: str
    quantity: str
    value: float
    agree: bool
    citation: str
    published: Day
    publisher: str
    origins: list[str]
    newest: bool
    hindsight: bool


class SentenceShape(_Shape):
    text: str
    citations: list[str]
    status: str


class AttributionShape(_Shape):
    who: str
    role: str
    source: str | None = None


class LoadedShape(_Shape):
    start: Offset
    end: Offset
    term: str
    neutral: str


class ClaimShape(_Shape):
    id: str
    start: Offset
    end: Offset
    said: str
    statement: str
    language: str = ""
    about: list[str] = []
    kind: Annotated[str, _one_of(*(str(k) for k in ClaimKind))]
    attribution: list[AttributionShape]
    loaded: list[LoadedShape]
    verdict: VerdictName | None
    answers: str
    rule: str
    flags: list[str]
    difference: str
    origins: list[str]
    searched: Count
    nearest: list[str]
    error: str | None
    citations: list[CitationShape]
    figures: list[FigureShape]
    rationale: list[SentenceShape]


class LedgerShape(_Shape):
    start: Offset
    end: Offset
    kind: Annotated[str, _one_of(*(str(k) for k in LedgerKind))]
    claims: list[str]
    reason: str


class ArticleShape(_Shape):
    text: str
    sha256: str
    title: str | None
    outlet: str | None
    url: str | None
    published: Day
    published_inferred: bool = False
    language: str


class ReferenceShape(_Shape):
    id: str
    publisher: str
    kind: str
    title: str
    url: str | None
    published: Day
    event_date: Day
    language: str
    origins: list[str]
    form: str
    archive_url: str | None = None
    retrieved: str | None = None
    sha256: str


class ProvenanceShape(_Shape):
    analyst: str
    model: str | None
    prompts: dict[str, str]
    embedding: str
    store: str
    version: str
    created: str
    only: str = ""
    newest: str = ""


class UsageShape(_Shape):
    calls: Count = 0
    input_tokens: Count = 0
    cached_tokens: Count = 0
    output_tokens: Count = 0
    replayed: Count = 0
    seconds: float = 0.0
    usd: float | None = None
    estimated: bool = False


class FaultShape(_Shape):
    step: str
    kind: str
    message: str
    hint: str = ""


class DecisionShape(_Shape):
    at: str
    kind: str
    by: str = ""
    claim: str = ""
    value: str = ""
    reason: str = ""

    @model_validator(mode="after")
    def _holds(self) -> DecisionShape:
        if self.kind == "verdict" and self.value not in {str(v) for v in Verdict}:
            raise ValueError(f"a verdict cannot be `{self.value}`")
        return self


# Of decisions: on a claim; and on a claim or the whole note.
ON_A_CLAIM = ("verdict", "note", "drop")
KINDS = (*ON_A_CLAIM, "sign", "correction", "recheck", "change")


class WholeNote(_Shape):
    """A note's JSON, every field of it."""

    schema_: Literal["factcheck.note/1"] = Field(alias="schema")
    article: ArticleShape
    language: Annotated[str, _one_of(*LANGUAGES)]
    ledger: list[LedgerShape]
    claims: list[ClaimShape]
    summary: list[SentenceShape]
    references: list[ReferenceShape]
    provenance: ProvenanceShape
    usage: UsageShape
    complete: bool
    faults: list[FaultShape] = []
    decisions: list[DecisionShape] = []

    @model_validator(mode="after")
    def _agrees(self) -> WholeNote:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        """What does not agree within the note."""
        text = self.article.text
        known = {c.id for c in self.claims}
        reports = {r.id for r in self.references}
        if len(known) < len(self.claims):
            yield "two claims have one id"
        for c in self.claims:
            if text[c.start : c.end] != c.said:
                yield f"{c.id}: its words are not at its place in the article"
            cited = {k.id for k in c.citations}
            for k in c.citations:
                if k.reference not in reports:
                    yield f"{k.id}: its report {k.reference} is not listed"
            pointed = [i for s in c.rationale for i in s.citations]
            pointed += [f.citation for f in c.figures]
            for i in pointed:
                if i not in cited:
                    yield f"{c.id}: points at {i}, which is no citation of it"
        for e in self.ledger:
            if not e.start <= e.end <= len(text):
                yield f"a sentence of the ledger lies outside the article ({e.start} to {e.end})"
        for d in self.decisions:
            if d.kind not in KINDS:
                yield f"a decision of an unknown kind: {d.kind}"
            if (d.claim or d.kind in ON_A_CLAIM) and d.claim not in known:
                yield f"a decision on {d.claim}, which is no claim of it"
