"""Notes built by code: one with everything in it, one with many claims, one hostile in every field."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

from factcheck import history
from factcheck.models import (
    Article,
    Assessment,
    Attribution,
    Citation,
    Claim,
    ClaimKind,
    Decision,
    Fault,
    FigureCheck,
    LedgerEntry,
    LedgerKind,
    Loaded,
    Note,
    Provenance,
    Reference,
    Sentence,
    Stance,
    Usage,
    Verdict,
)

DAY = date(2013, 11, 15)
REPORT = (
    "The office gave an update on Monday. It said 6.8 million people needed help. The figure had been"
    " lower in spring. Aid was cut."
)
QUOTE = "It said 6.8 million people needed help."
_PLOT = (1.5, 4.25, 5.1, 6.5, 6.8, 7.2)
_FLAGS = ("single_origin", "party_source", "outdated_figure", "figure_mismatch", "date_mismatch",
          "place_mismatch", "attribution_only", "attribution_mismatch", "hindsight", "loaded_wording",
          "translated_quote", "injection_suspected")  # fmt: skip
_RULES = {
    Verdict.SUPPORTED: "supported", Verdict.PARTLY: "partly", Verdict.DISPUTED: "disputed_figure",
    Verdict.CONTRADICTED: "outdated", Verdict.NOT_ENOUGH: "nothing",
    Verdict.NOT_CHECKABLE: "not_checkable",
}  # fmt: skip


def reports(count: int = 12) -> dict[str, Reference]:
    """A small collection: reports that share a text and go back to one or two origins."""
    made = [
        Reference(
            id=f"R{n}", publisher=f"Agency {n} via Paper {n}", kind="wire", title=f"Update {n}",
            text=REPORT, url=f"https://example.org/report/{n}", language="en",
            published=DAY - timedelta(days=30 * n),
            origins=("SOHR",) if n % 3 else ("OCHA", "UNHCR"), form="digest" if n % 2 else "report",
            archive_url=f"https://archive.example.org/{n}",
        )
        for n in range(count)
    ]  # fmt: skip
    return {r.id: r for r in made}


def note(claims: int = 14, language: str = "en", article_language: str = "en",
         word: str = "million") -> Note:  # fmt: skip
    """A note with every verdict, flag and kind of figure in turn; a paragraph holds four claims."""
    kept = reports()
    pieces, spans, at = [], [], 0
    for n in range(claims):
        said = f"claim number {n + 1} says 6.5 {word} people fled the city."
        pieces.append(said + ("\n\n" if n % 4 == 3 else " "))
        spans.append((at, at + len(said)))
        at += len(pieces[-1])
    tail = "A heading without a claim"
    text = "".join(pieces) + tail
    verdicts = itertools.cycle([*Verdict, None])
    found = [
        _assessment(n + 1, text[a:b], (a, b), v, kept)
        for n, ((a, b), v) in enumerate(zip(spans, verdicts, strict=False))
    ]
    ledger = [
        LedgerEntry(start=a, end=b, kind=LedgerKind.CLAIM, claims=(f"c{n}",))
        for n, (a, b) in enumerate(spans, 1)
    ]
    ledger.append(
        LedgerEntry(start=len(text) - len(tail), end=len(text), kind=LedgerKind.BACKGROUND,
                    reason="a heading")
    )  # fmt: skip
    return Note(
        article=Article(
            text=text, sha256="ab" * 32, title="A town and its figures", outlet="Daily Sample",
            url="https://example.org/article", published=DAY, language=article_language,
        ),
        ledger=tuple(ledger),
        assessments=tuple(found),
        summary=(
            Sentence(text=f'Contradicted: "{text[slice(*(spans or [(0, 9)])[-1])]}" (Agency 1).',
                     citations=("c4.k1",)),
            Sentence(text="This was struck.", status="struck"),
        ),
        references=tuple(kept.values()),
        provenance=Provenance(analyst="local", model=None, embedding="none", store="abc123",
                              version="0", created="2013-12-01T10:00:00+00:00",
                              newest="2013-11-14", prompts={"judge": "1 abcd"}),
        usage=Usage(seconds=1.5),
        language=language,
        complete=False,
        faults=(Fault(step="judge", kind="timeout", message="no answer in 120 s"),),
    )  # fmt: skip


def _assessment(
    n: int, said: str, span: tuple[int, int], verdict: Verdict | None, kept: dict[str, Reference]
) -> Assessment:
    id = f"c{n}"
    cited = verdict not in (None, Verdict.NOT_ENOUGH, Verdict.NOT_CHECKABLE)
    stances = (Stance.CONTRADICTS if verdict is Verdict.CONTRADICTED else Stance.SUPPORTS,
               Stance.CONTRADICTS, Stance.CONTEXT)  # fmt: skip
    citations = tuple(
        _citation(f"{id}.k{k}", kept[f"R{k}"], stance) for k, stance in enumerate(stances, 1)
    )
    figures = tuple(
        FigureCheck(
            claim="6.5 million", evidence=f"{v} million", quantity="displaced inside",
            agree=v == 6.5, citation=f"{id}.k3", published=kept[f"R{k}"].published,
            publisher=kept[f"R{k}"].publisher, origins=("SOHR",), value=v * 1e6,
            newest=k == 1, hindsight=k == 0,
        )
        for k, v in enumerate(_PLOT)
    )  # fmt: skip
    return Assessment(
        claim=Claim(
            id=id, start=span[0], end=span[1], said=said, statement=f"{said} In 2013.",
            kind=ClaimKind.QUANTITY, sentence=n - 1,
            attribution=(Attribution(who="The governor", role="speaker"),
                         Attribution(who="AFP", role="told", source="AFP")) if n % 2 else (),
            loaded=(Loaded(start=span[0], end=span[0] + 5, term="claim", neutral="statement"),)
            if n % 5 == 0 else (),
        ),
        verdict=verdict,
        answers="said" if n % 6 == 0 else "so",
        rule=_RULES.get(verdict, "failed") if verdict else "failed",
        flags=(_FLAGS[n % len(_FLAGS)], _FLAGS[(n + 5) % len(_FLAGS)]),
        difference="figure" if verdict is Verdict.CONTRADICTED else "",
        origins=("SOHR",) if cited and n % 2 else ("SOHR", "OCHA") if cited else (),
        citations=citations if cited else (),
        figures=figures if cited else (),
        searched=12,
        nearest=("R1", "R7", "R8", "gone"),
        rationale=(Sentence(text="Agency 1 reported this.", citations=(f"{id}.k1",)),)
        if cited else (Sentence(text="The collection is silent.", status="uncited"),),
        error=None if verdict else "timeout",
    )  # fmt: skip


def _citation(id: str, r: Reference, stance: Stance) -> Citation:
    start = REPORT.index(QUOTE)
    return Citation(
        id=id, reference=r.id, publisher=r.publisher, published=r.published, stance=stance,
        quote=QUOTE, start=start, end=start + len(QUOTE), url=r.url, origins=r.origins, page=3,
    )  # fmt: skip


def signed(made: Note, *more: Decision) -> Note:
    """The note with decisions, signed."""
    sign = Decision(at="2013-12-02T09:00:00+00:00", kind="sign", by="Night desk")
    for decision in (*more, sign):
        made = bound(made, decision)
    return made


def bound(made: Note, decision: Decision) -> Note:
    """The note with an entry at the end of its history, also where claims have failed: `history.append`
    refuses to sign those."""
    content = history.content(made) if decision.kind == "sign" else ""
    entry = replace(decision, content=content, previous=history.head(made))
    return replace(made, decisions=(*made.decisions, replace(entry, hash=history._hash(entry))))


def corrected(claims: int = 3) -> Note:
    """Signed; then a claim corrected, one left out, and the headline corrected, which nobody signed."""
    at, by = "2013-12-01T11:00:00+00:00", "A. Editor"
    made = signed(note(claims), Decision(at=at, kind="verdict", by=by, claim="c1", value="disputed",
                                         reason="two ministries differ"))  # fmt: skip
    for more in (
        Decision(at=at, kind="correction", by=by, claim="c1", value="contradicted",
                 reason="the ministry withdrew"),
        Decision(at=at, kind="drop", by=by, claim="c2", reason="off our beat"),
        Decision(at=at, kind="correction", by=by, reason="the headline was mistranslated"),
    ):  # fmt: skip
        made = bound(made, more)
    return made


def hostile(bad: str) -> Note:
    """A note that holds `bad` in every field that takes text."""
    made = note(7)
    text = f"{bad} first.\n\n{bad} second {bad}."
    kept = tuple(
        replace(
            r, publisher=bad, kind=bad, title=bad, url=bad, archive_url=bad, language=bad,
            origins=(bad,), form=bad, retrieved=bad,
        )
        for r in made.references
    )  # fmt: skip
    found = tuple(
        replace(
            a,
            claim=replace(
                a.claim, start=0, end=len(bad), said=text[: len(bad)], statement=bad + " x",
                attribution=(Attribution(who=bad, role="speaker"),), language=bad,
                loaded=(Loaded(start=0, end=1, term=bad, neutral=bad),),
            ),
            flags=(*a.flags, bad), origins=(bad,) if a.origins else (), difference=bad,
            citations=tuple(
                replace(c, publisher=bad, quote=c.quote, url=bad, origins=(bad,))
                for c in a.citations
            ),
            figures=tuple(replace(f, claim=bad, evidence=bad, quantity=bad, publisher=bad)
                          for f in a.figures),
            rationale=tuple(replace(s, text=bad) for s in a.rationale),
            error=bad if a.error else None,
            nearest=(bad, "R7"),
        )
        for a in made.assessments
    )  # fmt: skip
    first = found[0].claim.id
    return replace(
        made,
        article=replace(made.article, text=text, title=bad, outlet=bad, url=bad, language=bad,
                        sha256=bad),
        assessments=found,
        references=kept,
        ledger=(LedgerEntry(start=0, end=len(text), kind=LedgerKind.OPINION, reason=bad),),
        summary=(Sentence(text=bad, status="uncited"),),
        provenance=replace(made.provenance, analyst=bad, model=bad, embedding=bad, store=bad,
                           version=bad, created=bad, newest=bad, prompts={bad: bad}),
        faults=(Fault(step=bad, kind="x", message=bad),),
        decisions=(
            Decision(at=bad, kind="verdict", by=bad, claim=first, value="disputed", reason=bad),
            Decision(at=bad, kind="note", by=bad, claim=first, value=bad),
            Decision(at=bad, kind="sign", by=bad),
        ),
    )  # fmt: skip
