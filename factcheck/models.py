"""The records that move through the pipeline: frozen values, tuples, no I/O.

    Article -> Claim -> Evidence -> Proposal -> Assessment -> Note

Offsets are Unicode code points, end exclusive: `article.text[claim.start:claim.end] == claim.said`.
A `Proposal` is what an analyst said, unchecked; only `steps.verify` turns one into an
`Assessment`, and only an `Assessment` reaches a `Note`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from factcheck import snippets


def content_id(*parts: str) -> str:
    """A short id that depends on nothing but the content: 12 hexadecimal digits of SHA-256."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Verdict(StrEnum):
    """The six verdicts. A claim that could not be processed has none (`None` and an error)."""

    SUPPORTED = "supported"
    PARTLY = "partly_supported"
    DISPUTED = "disputed"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH = "not_enough_evidence"
    NOT_CHECKABLE = "not_checkable"


class Stance(StrEnum):
    """What one evidence sentence does to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    CONTEXT = "context"


class LedgerKind(StrEnum):
    """Where a sentence of the article ended."""

    CLAIM = "claim"
    OPINION = "opinion"
    BACKGROUND = "background"
    BOILERPLATE = "boilerplate"
    FAILED = "failed"


class ClaimKind(StrEnum):
    EVENT = "event"
    QUANTITY = "quantity"
    STATEMENT = "statement"  # that somebody said it
    DATE = "date"  # a weekday beside a date
    PREDICTION = "prediction"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def overlap(self, other: Span) -> int:
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as read. `published` may be inferred from the text; then it is a lower bound."""

    text: str
    sha256: str  # of the bytes that were read
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: date | None = None
    published_inferred: bool = False
    language: str = "und"

    @property
    def id(self) -> str:
        return content_id("article", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One link of the chain from the article back to where a statement began.

    role: "speaker" said it, "outlet" carried it, "told" was told it.
    """

    who: str
    role: str
    source: str | None = None  # canonical name in the register of sources, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Hostile or partisan wording in the article, with a neutral counterpart ("" = leave out)."""

    start: int
    end: int
    term: str
    neutral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something the article asserts. `said` is verbatim; `statement` stands on its own."""

    id: str
    start: int
    end: int
    said: str
    statement: str
    kind: ClaimKind
    sentence: int  # index into the ledger
    attribution: tuple[Attribution, ...] = ()
    loaded: tuple[Loaded, ...] = ()
    about: tuple[str, ...] = ()  # names that the context gives (a pronoun's antecedent, the place)
    language: str = ""  # of the statement, where it is not the article's
    injected: bool = False  # the sentence addresses the reader's machine

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One sentence of the article and where it ended. No sentence is missing from the ledger."""

    start: int
    end: int
    kind: LedgerKind
    claims: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A report in the collection.

    `published` is the day it came out, `event_date` the day it tells of. `origins` are those whom
    it goes back to, `origins_from` how they are known: "stated" (by whoever added it), "read" (out
    of its text) or "edited" (by hand). `pages` are the offsets at which the pages of a paged document
    begin. `retrieved` (ISO 8601, UTC) and `source_sha256` are of the bytes that were read.
    """

    id: str
    publisher: str
    kind: str
    title: str
    text: str
    url: str | None = None
    published: date | None = None
    event_date: date | None = None
    language: str = "und"
    origins: tuple[str, ...] = ()
    form: str = "report"
    licence: str | None = None
    tags: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, as stated
    pages: tuple[int, ...] = ()
    archive_url: str | None = None
    replaces: str | None = None  # the id of an earlier report that this one takes the place of
    retrieved: str | None = None
    source_sha256: str | None = None
    origins_from: str = "stated"
    digest: str = ""  # the hash that a note states, of a report whose text is not at hand

    def __hash__(self) -> int:
        return hash(self.id)  # thousands are looked up for one article

    @property
    def sha256(self) -> str:
        return self.digest or hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def page(self, at: int) -> int | None:
        """The page on which an offset lies, counted from 1; None where there are no pages."""
        return bisect_right(self.pages, at) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence of a report, as it stands in the store: `reference.text[start:end] == text`."""

    id: str
    reference: str
    start: int
    end: int
    text: str

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage found for a claim. `similarity` is a cosine (0 when only the lexical leg hit)."""

    passage: Passage
    reference: Reference
    similarity: float
    score: float
    near_copies: tuple[str, ...] = ()  # ids of references that carry the same text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """An analyst's finger on one evidence sentence: an index into the claim's evidence.

    `confidence` (0 to 1) is the analyst's own, where it has one; nothing is decided by it.
    """

    evidence: int
    stance: Stance
    reason: str = ""
    aspect: str = "so"  # "so": is it so; "said": was it said
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an analyst thinks of one claim. Nothing in it has been checked."""

    claim: str
    pointers: tuple[Pointer, ...] = ()
    checkable: bool = True
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation that was cut by code out of a stored report."""

    id: str
    reference: str
    publisher: str
    published: date | None
    stance: Stance
    quote: str
    start: int
    end: int
    url: str | None
    origins: tuple[str, ...]
    hindsight: bool = False
    page: int | None = None  # of a paged report, counted from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck:
    """A figure of the claim beside the same quantity in a report.

    `newest` marks the newest figure published before the article: the one to compare with.
    """

    claim: str
    evidence: str
    quantity: str
    agree: bool
    citation: str
    published: date | None
    publisher: str
    origins: tuple[str, ...]
    value: float
    newest: bool = False
    hindsight: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of ours in a note. status: cited, uncited (nothing to cite) or struck."""

    text: str
    citations: tuple[str, ...] = ()
    status: str = "cited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A claim after verification. Made by `steps.verify` and nowhere else."""

    claim: Claim
    verdict: Verdict | None
    answers: str = "so"  # which question the verdict answers: "so" or "said"
    rule: str = ""  # the row of the verdict table that decided
    flags: tuple[str, ...] = ()
    difference: str = ""  # what differs: figure, day, year, place, direction, opposite, action
    origins: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    figures: tuple[FigureCheck, ...] = ()
    searched: int = 0  # how many passages were looked at
    nearest: tuple[str, ...] = ()  # ids of the references found, best first, cited or not
    rationale: tuple[Sentence, ...] = ()
    error: str | None = None

    def _repr_html_(self) -> str:
        told = " ".join(s.text for s in self.rationale if s.status != "struck")
        cited = [(c.id, c.stance, c.quote, c.publisher, c.published or "") for c in self.citations]
        return (
            snippets.paragraph(self.claim.id, str(self.verdict or "failed"), ", ".join(self.flags))
            + snippets.paragraph(f"“{self.claim.said or self.claim.statement}”")
            + snippets.paragraph(told)
            + snippets.table(("", "stance", "quotation", "publisher", "published"), cited)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a note cost. `input_tokens` include the `cached_tokens` (read from the server's own
    cache, cheaper); `replayed` answers came from our cache for nothing; `usd` is None where the
    price is not known; `estimated`: some server did not count, and we did."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    replayed: int = 0
    seconds: float = 0.0
    usd: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that went wrong on the way to a note. kind: a ModelError's, or "budget"."""

    step: str
    kind: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that an editor decided; it stands beside what the machine found, never in its place.

    kind: "verdict" (value: one of the six), "note" (value: a remark), "drop" (the claim is left out
    of the published note), "sign" (by: who stands for the note), "correction" (a verdict or, without
    a claim, a word on the whole note, after it was signed), "recheck" (value: the machine's verdict
    by what the collection held then) or "change" (anything else that was done to a signed note).
    `claim` is empty where the whole note is meant. What follows `reason` is `factcheck.history`'s:
    decisions are a chain in which each entry is bound to those before it.
    """

    at: str  # ISO 8601, UTC
    kind: str
    by: str = ""
    claim: str = ""
    value: str = ""
    reason: str = ""
    before: dict[str, Any] = field(default_factory=dict)  # what stood before: a verdict, or a claim
    content: str = ""  # hash of the note's content, where the entry speaks for it
    previous: str = ""  # hash of the entry before
    hash: str = ""  # of all of the above

    def to_json(self) -> dict[str, Any]:
        """Plain values, the empty ones of the chain left out."""
        chain = {k: getattr(self, k) for k in ("before", "content", "previous", "hash")}
        return {
            "at": self.at,
            "kind": self.kind,
            "by": self.by,
            "claim": self.claim,
            "value": self.value,
            "reason": self.reason,
            **{k: v for k, v in chain.items() if v},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a note came about: enough to make it again. `newest` is the day of the newest report
    that the collection held."""

    analyst: str
    model: str | None
    prompts: dict[str, str] = field(default_factory=dict)
    embedding: str = ""
    store: str = ""
    version: str = ""
    created: str = ""
    only: str = ""  # what the evidence was narrowed to, in words
    newest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A verification note: what the editor reads, signs and can check again."""

    article: Article
    ledger: tuple[LedgerEntry, ...]
    assessments: tuple[Assessment, ...]
    summary: tuple[Sentence, ...]
    references: tuple[Reference, ...]
    provenance: Provenance
    usage: Usage
    language: str = "en"
    complete: bool = True
    faults: tuple[Fault, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def _repr_html_(self) -> str:
        rows = [
            (a.claim.id, a.verdict or "failed", a.claim.said, ", ".join(a.flags))
            for a in self.assessments
        ]
        return (
            snippets.paragraph(self.article.title or "Verification note", "(draft)")
            + "".join(snippets.paragraph(s.text) for s in self.summary if s.status != "struck")
            + snippets.table(("claim", "verdict", "said", "flags"), rows)
        )

    def decided(self, claim: str, kind: str) -> Decision | None:
        """The last decision of a kind on a claim. A correction is a verdict too, and takes back
        that the claim was dropped."""
        alike = ("verdict", "correction") if kind == "verdict" else (kind,)
        mine = [d for d in self.decisions if d.claim == claim]
        if kind == "drop" and claim:
            corrected = [n for n, d in enumerate(mine) if d.kind == "correction"]
            mine = mine[max(corrected, default=-1) + 1 :]
        found = [d for d in mine if d.kind in alike]
        return found[-1] if found else None

    def to_json(self) -> dict[str, Any]:
        """The note as the JSON contract `factcheck.note/1`: plain values, ready for `json.dumps`."""
        return {
            "schema": NOTE_SCHEMA,
            "article": {
                "id": self.article.id,
                "sha256": self.article.sha256,
                "title": self.article.title,
                "outlet": self.article.outlet,
                "url": self.article.url,
                "published": _iso(self.article.published),
                "published_inferred": self.article.published_inferred,
                "language": self.article.language,
                "text": self.article.text,
            },
            "language": self.language,
            "ledger": [
                {
                    "start": e.start,
                    "end": e.end,
                    "kind": str(e.kind),
                    "claims": list(e.claims),
                    "reason": e.reason,
                }
                for e in self.ledger
            ],
            "claims": [claim_json(a) for a in self.assessments],
            "summary": [_sentence_json(s) for s in self.summary],
            "references": [
                {
                    "id": r.id,
                    "publisher": r.publisher,
                    "kind": r.kind,
                    "title": r.title,
                    "url": r.url,
                    "published": _iso(r.published),
                    "event_date": _iso(r.event_date),
                    "language": r.language,
                    "origins": list(r.origins),
                    "form": r.form,
                    "archive_url": r.archive_url,
                    "retrieved": r.retrieved,
                    "sha256": r.sha256,
                }
                for r in self.references
            ],
            "provenance": {
                "analyst": self.provenance.analyst,
                "model": self.provenance.model,
                "prompts": dict(self.provenance.prompts),
                "embedding": self.provenance.embedding,
                "store": self.provenance.store,
                "version": self.provenance.version,
                "created": self.provenance.created,
                "only": self.provenance.only,
                "newest": self.provenance.newest,
            },
            "usage": {
                "calls": self.usage.calls,
                "input_tokens": self.usage.input_tokens,
                "cached_tokens": self.usage.cached_tokens,
                "output_tokens": self.usage.output_tokens,
                "replayed": self.usage.replayed,
                "seconds": round(self.usage.seconds, 3),
                "usd": None if self.usage.usd is None else round(self.usage.usd, 6),
                "estimated": self.usage.estimated,
            },
            "complete": self.complete,
            "faults": [{"step": f.step, "kind": f.kind, "message": f.message} for f in self.faults],
            "decisions": [d.to_json() for d in self.decisions],
        }


NOTE_SCHEMA = "factcheck.note/1"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sentence_json(s: Sentence) -> dict[str, Any]:
    return {"text": s.text, "citations": list(s.citations), "status": s.status}


def claim_json(a: Assessment) -> dict[str, Any]:
    """A claim as it stands in a note's JSON."""
    c = a.claim
    return {
        "id": c.id,
        "start": c.start,
        "end": c.end,
        "said": c.said,
        "statement": c.statement,
        "language": c.language,
        "about": list(c.about),
        "kind": str(c.kind),
        "attribution": [{"who": x.who, "role": x.role, "source": x.source} for x in c.attribution],
        "loaded": [
            {"start": x.start, "end": x.end, "term": x.term, "neutral": x.neutral} for x in c.loaded
        ],
        "verdict": str(a.verdict) if a.verdict else None,
        "answers": a.answers,
        "rule": a.rule,
        "flags": list(a.flags),
        "difference": a.difference,
        "origins": list(a.origins),
        "searched": a.searched,
        "nearest": list(a.nearest),
        "error": a.error,
        "citations": [
            {
                "id": k.id,
                "reference": k.reference,
                "publisher": k.publisher,
                "published": _iso(k.published),
                "stance": str(k.stance),
                "quote": k.quote,
                "start": k.start,
                "end": k.end,
                "url": k.url,
                "origins": list(k.origins),
                "hindsight": k.hindsight,
                "page": k.page,
            }
            for k in a.citations
        ],
        "figures": [
            {
                "claim": f.claim,
                "evidence": f.evidence,
                "quantity": f.quantity,
                "value": f.value,
                "agree": f.agree,
                "citation": f.citation,
                "published": _iso(f.published),
                "publisher": f.publisher,
                "origins": list(f.origins),
                "newest": f.newest,
                "hindsight": f.hindsight,
            }
            for f in a.figures
        ],
        "rationale": [_sentence_json(s) for s in a.rationale],
    }
