"""Step 2: an article's sentences become claims, and every sentence a line of the ledger.

The analyst names a sentence and an anchor inside it; here the anchor is found or the claim is
refused, in the open: the sentence is then `failed` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from factcheck.analysts.base import Analyst, ClaimDraft
from factcheck.models import Article, Claim, LedgerEntry, LedgerKind, Loaded, Span
from factcheck.text import lexicon
from factcheck.text.quotes import anchor
from factcheck.text.split import sentences


def extract(
    article: Article, analyst: Analyst
) -> tuple[tuple[Claim, ...], tuple[LedgerEntry, ...]]:
    """The claims in the order of the text, and the ledger of all sentences."""
    spans = sentences(article.text, article.language)
    drafts = analyst.extract(article, spans)
    claims: list[Claim] = []
    ledger: list[LedgerEntry] = []
    for number, span in enumerate(spans):
        if number >= len(drafts):
            ledger.append(_entry(span, LedgerKind.FAILED, (), "the analyst left it out"))
            continue
        draft = drafts[number]
        ids: list[str] = []
        refused: list[str] = []
        placed: set[tuple[int, int]] = set()
        for proposal in draft.claims:
            found = _place(article, span, proposal)
            if found is None:
                refused.append(f"words not found in the sentence: {proposal.anchor[:60]!r}")
                continue
            if (found.start, found.end) in placed:
                continue
            placed.add((found.start, found.end))
            claim = _claim(article, f"c{len(claims) + 1}", number, found, proposal)
            claims.append(claim)
            ids.append(claim.id)
        kind, reason = draft.kind, draft.reason
        if refused and not ids:
            kind, reason = LedgerKind.FAILED, "; ".join(refused)
        ledger.append(_entry(span, kind, tuple(ids), reason))
    return tuple(claims), tuple(ledger)


def _entry(span: Span, kind: LedgerKind, ids: tuple[str, ...], reason: str) -> LedgerEntry:
    return LedgerEntry(start=span.start, end=span.end, kind=kind, claims=ids, reason=reason)


def _place(article: Article, sentence: Span, draft: ClaimDraft) -> Span | None:
    """Where the draft's anchor stands in its sentence, nearest to where it was thought to be."""
    hits = anchor(draft.anchor, article.text[sentence.start : sentence.end])
    if not hits:
        return None
    best = min(hits, key=lambda h: abs(h.span.start - draft.near)).span
    return Span(sentence.start + best.start, sentence.start + best.end)


def _claim(article: Article, id: str, number: int, span: Span, draft: ClaimDraft) -> Claim:
    return Claim(
        id=id,
        start=span.start,
        end=span.end,
        said=article.text[span.start : span.end],
        statement=draft.statement,
        kind=draft.kind,
        sentence=number,
        attribution=draft.attribution,
        loaded=loaded(article, span),
        about=draft.about,
    )


def loaded(article: Article, span: Span) -> tuple[Loaded, ...]:
    """Loaded wording inside `span`, with its place in the article and a neutral counterpart."""
    said = article.text[span.start : span.end]
    found: list[Loaded] = []
    terms: Sequence[dict[str, str]] = lexicon.frames(article.language)["loaded"]
    for entry in sorted(terms, key=lambda t: -len(t["term"])):
        for m in re.finditer(rf"(?<!\w){re.escape(entry['term'])}(?!\w)", said, re.IGNORECASE):
            start, end = span.start + m.start(), span.start + m.end()
            if any(start < x.end and x.start < end for x in found):
                continue
            found.append(Loaded(start=start, end=end, term=m.group(), neutral=entry["neutral"]))
    return tuple(sorted(found, key=lambda x: x.start))
