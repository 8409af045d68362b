"""Step 6: the analyst's sentences are checked once more, and the note is put together.

A sentence may only hold figures that stand in its citations, their dates and publishers, or its
claim; one that a model proposed also no date, name or link from elsewhere, and it must cite. What
does not hold is struck: kept in the note as such, never printed as a finding.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from factcheck import grounds
from factcheck.analysts.base import Analyst
from factcheck.analysts.local import write as rules
from factcheck.grounds import Ground, unproven
from factcheck.independence import carriers
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    LedgerEntry,
    LedgerKind,
    Note,
    Provenance,
    Reference,
    Sentence,
    Usage,
    Verdict,
)
from factcheck.sources import Register
from factcheck.text.dates import western_digits
from factcheck.text.machine import addresses_machine
from factcheck.text.scrub import one_line
from factcheck.wording import day, say, verdicts

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
    usage: Callable[[], Usage],
    labels: Mapping[str, str] | None = None,
) -> Note:
    """The note. `references` are the reports by id, `collection` how many the store holds; `usage`
    is asked at the very end, since writing costs too; `labels` are a newsroom's own verdicts."""
    writing = analyst.write(article, found, language)
    spare = rules.write(article, found, language)
    finished = tuple(
        dataclasses.replace(
            a,
            rationale=_rationale(a, writing.rationales.get(a.claim.id, ()),
                                 spare.rationales[a.claim.id], article, language),
        )
        for a in found
    )  # fmt: skip
    summary = (
        *_frame(article, finished, collection, language, labels or {}),
        *(_checked(s, finished, article, language) for s in writing.summary),
        *_tail(article, ledger, finished, language),
    )
    cited = {c.reference for a in finished for c in a.citations}
    return Note(
        article=article,
        ledger=tuple(ledger),
        assessments=finished,
        summary=summary,
        references=tuple(references[i] for i in sorted(cited)),
        provenance=provenance,
        usage=usage(),
        language=language,
        complete=all(a.verdict is not None for a in finished)
        and not any(e.kind is LedgerKind.FAILED for e in ledger),
        faults=analyst.faults(),
    )


def _rationale(a: Assessment, proposed: Sequence[Sentence], spare: Sequence[Sentence],
               article: Article, language: str) -> tuple[Sentence, ...]:  # fmt: skip
    """The checked explanation; where none of a model's holds, what is struck and the rules' own."""
    checked = tuple(_checked(s, [a], article, language) for s in proposed)
    if checked and all(s.status == "struck" for s in checked):
        checked += tuple(_checked(s, [a], article, language) for s in spare)
    return checked


def get_ready(article: Article, found: Sequence[Assessment], language: str) -> Iterator[None]:
    """Read beforehand, step by step, what explanations will be held against."""
    for a in found:
        for ground in _rests_on([(c, a) for c in a.citations], article):
            grounds.get_ready(ground, language)
        yield None


def _checked(
    sentence: Sentence, within: Sequence[Assessment], article: Article, language: str
) -> Sentence:
    """The sentence with its status: cited, uncited, or struck when it holds what it cannot prove."""
    known = {c.id: (c, a) for a in within for c in a.citations}
    text = one_line(sentence.text)
    proposed = sentence.status == "proposed"
    if any(i not in known for i in sentence.citations) or (proposed and not sentence.citations):
        return Sentence(text=text, citations=(), status="struck")
    if not sentence.citations:
        return Sentence(text=text, citations=(), status="uncited")
    cited = [known[i] for i in sentence.citations]
    if proposed:
        holds = not unproven(text, language, _rests_on(cited, article))
        holds = holds and not addresses_machine(text)
    else:
        holds = _numbers([text]) <= _numbers(_grounds(cited))
    return Sentence(text=text, citations=sentence.citations, status="cited" if holds else "struck")


def _rests_on(cited: Iterable[tuple[Citation, Assessment]], article: Article) -> list[Ground]:
    """What a model's sentence may take its figures, dates and names from."""
    out = [Ground(article.outlet or "", article.published)]
    for c, a in cited:
        out += [Ground(c.quote, c.published), Ground(c.publisher), Ground(" · ".join(c.origins)),
                Ground(a.claim.said, article.published),
                Ground(a.claim.statement, article.published)]  # fmt: skip
        out += [Ground(x.who) for x in a.claim.attribution]
    return out


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
    article: Article,
    found: Sequence[Assessment],
    collection: int,
    language: str,
    labels: Mapping[str, str],
) -> list[Sentence]:
    if not found:
        return [Sentence(text=say(language, "summary", "none"), status="uncited")]
    names = verdicts(language, labels)
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


def _tail(
    article: Article, ledger: Sequence[LedgerEntry], found: Sequence[Assessment], language: str
) -> list[Sentence]:
    out: list[Sentence] = []
    supported = sum(a.verdict is Verdict.SUPPORTED for a in found)
    behind = sorted(carriers(found, Register.load()), key=lambda c: -len(c.alone))
    for carrier in behind[:2]:
        if len(carrier.alone) > 1:
            text = say(language, "summary", "single", count=len(carrier.alone), total=supported,
                       origin=one_line(carrier.origin))  # fmt: skip
            out.append(Sentence(text=text, status="uncited"))
    terms = {x.term.lower(): x.neutral for a in found for x in a.claim.loaded}
    if terms:
        shown = "; ".join(f"{t} → {n}" if n else t for t, n in sorted(terms.items()))
        out.append(Sentence(text=say(language, "summary", "loaded", terms=one_line(shown)),
                            status="uncited"))  # fmt: skip
    injected = sum(e.reason.startswith("injection_suspected") for e in ledger)
    injected += sum(addresses_machine(t) for t in (article.title, article.outlet) if t)
    if injected:
        text = say(language, "summary", "injected", count=injected)
        out.append(Sentence(text=text, status="uncited"))
    failed = sum(a.verdict is None for a in found)
    unread = sum(e.kind is LedgerKind.FAILED for e in ledger)
    if failed or unread:
        text = say(language, "summary", "partial", failed=failed, unread=unread)
        out.append(Sentence(text=text, status="uncited"))
    return out
