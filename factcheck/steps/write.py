"""Step 6: the analyst's sentences are checked once more, and the note is put together.

A sentence may only hold figures that stand in its citations, their dates and publishers, or its
claim. One that holds others is struck: kept in the note as such, never printed as a finding.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from factcheck.analysts.base import Analyst
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    LedgerEntry,
    Note,
    Provenance,
    Reference,
    Sentence,
    Usage,
    Verdict,
)
from factcheck.text.dates import western_digits
from factcheck.text.scrub import one_line
from factcheck.wording import day, say, table

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f٫٬]\d+)*")


def write(
    article: Article,
    ledger: Sequence[LedgerEntry],
    found: Sequence[Assessment],
    references: Mapping[str, Reference],
    *,
    analyst: Analyst,
    language: str,
    collection: int,
    provenance: Provenance,
    usage: Usage,
) -> Note:
    """The note. `references` are the reports by id, `collection` how many the store holds."""
    writing = analyst.write(article, found, language)
    finished = tuple(
        dataclasses.replace(
            a, rationale=tuple(_checked(s, [a]) for s in writing.rationales.get(a.claim.id, ()))
        )
        for a in found
    )
    summary = (
        *_frame(article, finished, collection, language),
        *(_checked(s, finished) for s in writing.summary),
        *_tail(finished, language),
    )
    cited = {c.reference for a in finished for c in a.citations}
    return Note(
        article=article,
        ledger=tuple(ledger),
        assessments=finished,
        summary=summary,
        references=tuple(references[i] for i in sorted(cited)),
        provenance=provenance,
        usage=usage,
        language=language,
        complete=all(a.verdict is not None for a in finished),
    )


def _checked(sentence: Sentence, within: Sequence[Assessment]) -> Sentence:
    """The sentence with its status: cited, uncited, or struck when it holds what it cannot prove."""
    known = {c.id: (c, a) for a in within for c in a.citations}
    text = one_line(sentence.text)
    if any(i not in known for i in sentence.citations):
        return Sentence(text=text, citations=(), status="struck")
    if not sentence.citations:
        return Sentence(text=text, citations=(), status="uncited")
    allowed = _numbers(_grounds(known[i] for i in sentence.citations))
    status = "cited" if _numbers([text]) <= allowed else "struck"
    return Sentence(text=text, citations=sentence.citations, status=status)


def _grounds(cited: Iterable[tuple[Citation, Assessment]]) -> list[str]:
    out: list[str] = []
    for c, a in cited:
        out += [c.quote, c.publisher, a.claim.said, " ".join(c.origins)]
        out += [f.claim for f in a.figures]
        out += [x.who for x in a.claim.attribution]
        if c.published:
            out += [str(c.published.day), str(c.published.year), c.published.isoformat()]
    return out


def _numbers(texts: Iterable[str]) -> set[str]:
    return {m for t in texts for m in _NUMBER.findall(western_digits(one_line(t)))}


# ---------------------------------------------------------------- our own sentences


def _frame(
    article: Article, found: Sequence[Assessment], collection: int, language: str
) -> list[Sentence]:
    if not found:
        return [Sentence(text=say(language, "summary", "none"), status="uncited")]
    names = table(language)["verdict"]
    counted = Counter(str(a.verdict or "failed") for a in found)
    order = [*(v.value for v in Verdict), "failed"]
    counts = ", ".join(f"{counted[v]} {names[v].lower()}" for v in order if counted[v])
    out = [
        Sentence(
            text=say(language, "summary", "counts", claims=len(found), references=collection,
                     counts=counts),
            status="uncited",
        )
    ]  # fmt: skip
    if article.published_inferred:
        text = say(language, "summary", "inferred", date=day(article.published, language))
        out.append(Sentence(text=text, status="uncited"))
    return out


def _tail(found: Sequence[Assessment], language: str) -> list[Sentence]:
    out: list[Sentence] = []
    supported = [a for a in found if a.verdict is Verdict.SUPPORTED]
    alone = Counter(a.origins[0] for a in supported if "single_origin" in a.flags and a.origins)
    for origin, count in alone.most_common(2):
        if count > 1:
            text = say(language, "summary", "single", count=count, total=len(supported),
                       origin=origin)  # fmt: skip
            out.append(Sentence(text=text, status="uncited"))
    terms = {x.term.lower(): x.neutral for a in found for x in a.claim.loaded}
    if terms:
        shown = "; ".join(f"{t} → {n}" if n else t for t, n in sorted(terms.items()))
        out.append(Sentence(text=say(language, "summary", "loaded", terms=one_line(shown)),
                            status="uncited"))  # fmt: skip
    failed = sum(a.verdict is None for a in found)
    if failed:
        text = say(language, "summary", "partial", failed=failed)
        out.append(Sentence(text=text, status="uncited"))
    return out
