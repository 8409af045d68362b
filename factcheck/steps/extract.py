"""Step 2: an article's sentences become claims, and every sentence a line of the ledger.

The analyst names a sentence and an anchor inside it; here the anchor is found or the claim is
refused, in the open: the sentence is then `failed` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from factcheck.analysts.base import Analyst, ClaimDraft, SentenceDraft
from factcheck.grounds import Grounds
from factcheck.models import Article, Claim, LedgerEntry, LedgerKind, Loaded, Span
from factcheck.text import lexicon
from factcheck.text.machine import addresses_machine
from factcheck.text.quotes import anchor
from factcheck.text.scrub import one_line
from factcheck.text.split import sentences

_TERM = 60  # characters of a loaded term
_CLAIMS = 8  # claims of one sentence: more is a model that has lost its way
INJECTED = "injection_suspected: addresses a machine, not a reader"


def extract(
    article: Article, analyst: Analyst
) -> tuple[tuple[Claim, ...], tuple[LedgerEntry, ...]]:
    """The claims in the order of the text, and the ledger of all sentences.

    Sentences that address a machine are not put before the analyst.
    """
    spans = sentences(article.text, article.language)
    withheld = {n for n, s in enumerate(spans) if addresses_machine(article.text[s.start : s.end])}
    shown = [n for n in range(len(spans)) if n not in withheld]
    drafts = dict(zip(shown, analyst.extract(article, [spans[n] for n in shown]), strict=False))
    grounds = _grounds(article)
    claims: list[Claim] = []
    ledger: list[LedgerEntry] = []
    for number, span in enumerate(spans):
        if number in withheld:
            ledger.append(_entry(span, LedgerKind.BOILERPLATE, (), INJECTED))
            continue
        draft = drafts.get(number)
        if draft is None:
            ledger.append(_entry(span, LedgerKind.FAILED, (), "the analyst left it out"))
            continue
        made, refused = _claims(article, number, span, draft, len(claims), grounds)
        claims += made
        kind, reason = draft.kind, draft.reason
        if refused:  # a claim that is lost is said, also beside others that are not
            kind = kind if made else LedgerKind.FAILED
            reason = "; ".join(filter(None, (reason, *refused)))
        ledger.append(_entry(span, kind, tuple(c.id for c in made), reason))
    return tuple(claims), tuple(ledger)


@lru_cache(maxsize=4)
def _grounds(article: Article) -> Grounds:
    return Grounds(article)


def get_ready(article: Article) -> Iterator[None]:
    """Read the article beforehand, step by step, while an analyst is waited for."""
    return _grounds(article).get_ready()


def _claims(
    article: Article, number: int, span: Span, draft: SentenceDraft, before: int, grounds: Grounds
) -> tuple[list[Claim], list[str]]:
    """The claims of one sentence whose words are there, and what was refused."""
    made: list[Claim] = []
    refused: list[str] = []
    placed: set[tuple[int, int, str]] = set()
    for proposal in draft.claims:
        found = _place(article, span, proposal)
        if found is None:
            refused.append(f"words not found in the sentence: {one_line(proposal.anchor)[:60]!r}")
            continue
        same = (found.start, found.end, one_line(proposal.statement).casefold())
        if same in placed or len(made) >= _CLAIMS:
            continue
        placed.add(same)
        id = f"c{before + len(made) + 1}"
        made.append(_claim(article, id, number, found, grounds.checked(proposal, span)))
    return made, refused


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
        loaded=loaded(article, span, draft.loaded),
        about=draft.about,
        language=draft.language,
    )


def loaded(
    article: Article, span: Span, more: Sequence[tuple[str, str]] = ()
) -> tuple[Loaded, ...]:
    """Loaded wording inside `span`, with its place in the article and a neutral counterpart.

    The lexicon's terms, then the analyst's as far as they stand there.
    """
    said = article.text[span.start : span.end]
    found: list[Loaded] = []
    low = _caseless(said)
    theirs = ((term, neutral, _caseless(term)) for term, neutral in more)
    for term, neutral, caseless in (*_listed(article.language), *theirs):
        if not term.strip() or len(term) > _TERM or caseless not in low:
            continue
        for m in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", said, re.IGNORECASE):
            start, end = span.start + m.start(), span.start + m.end()
            if any(start < x.end and x.start < end for x in found):
                continue
            found.append(Loaded(start=start, end=end, term=m.group(), neutral=neutral))
    return tuple(sorted(found, key=lambda x: x.start))


@lru_cache(maxsize=32)
def _listed(language: str) -> tuple[tuple[str, str, str], ...]:
    """The lexicon's loaded terms, longest first: as listed, neutral, caseless."""
    known = [(t["term"], t["neutral"]) for t in lexicon.frames(language)["loaded"]]
    known.sort(key=lambda t: -len(t[0]))
    return tuple((term, neutral, _caseless(term)) for term, neutral in known)


def _caseless(text: str) -> str:
    return text.casefold().replace("\u0307", "")  # the dot of a Turkish capital I
