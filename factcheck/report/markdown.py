"""A note as Markdown: every text from outside escaped, so that nothing but ours is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from factcheck.models import Assessment, Citation, LedgerKind, Note, Sentence
from factcheck.report import decided, ruling, told
from factcheck.text.scrub import for_markdown, safe_url
from factcheck.wording import day, leaf, table, verdicts


def render(note: Note, labels: Mapping[str, str] | None = None) -> str:
    """The whole note as Markdown; `labels` are a newsroom's own words for verdicts."""
    escaped = {v: for_markdown(word) for v, word in (labels or {}).items()}
    return "\n".join(_lines(note, verdicts(note.language, escaped))) + "\n"


def _lines(note: Note, names: Mapping[str, str]) -> Iterator[str]:
    words = table(note.language)
    page = words["page"]
    article = note.article
    date = day(article.published, note.language)
    if article.published_inferred:
        date = f"{page['inferred']} {date}"
    yield f"# {page['title']}"
    yield ""
    yield f"**{decided.banner(note, for_markdown)}**"
    yield ""
    parts = [article.title, article.outlet, article.language, f"{page['published']} {date}"]
    yield f"{page['article']}: " + " · ".join(for_markdown(p) for p in parts if p)
    yield ""
    html = table(note.language, "page")["html"]
    if ruled := decided.on_note(note):
        yield f"## {html['decided_heading']}"
        yield ""
        yield from (f"- {r.line(for_markdown)}" for r in ruled)
        yield ""
    yield f"## {page['summary']}"
    yield ""
    for sentence in note.summary:
        if sentence.status != "struck":
            yield f"- {_sentence(sentence)}"
    yield ""
    if beside := decided.beside_summary(note):
        yield f"**{for_markdown(beside)}**"
        yield ""
    for a in note.assessments:
        yield from _claim(note, a, names)
    rest = [e for e in note.ledger if e.kind is not LedgerKind.CLAIM and not e.claims]
    if rest:
        yield f"## {page['ledger']}"
        yield ""
        for e in rest:
            said = for_markdown(article.text[e.start : e.end])
            yield f"- {words['ledger'][str(e.kind)]} ({for_markdown(e.reason)}): {said}"
        yield ""
    yield f"## {page['references']}"
    yield ""
    for r in note.references:
        url = safe_url(r.url)
        link = f" <{url}>" if url else ""
        origins = (
            f" ({page['origins'].lower()}: {for_markdown(', '.join(r.origins))})"
            if r.origins
            else ""
        )
        yield (
            f"- **{for_markdown(r.id)}** {for_markdown(r.publisher)}, {day(r.published, note.language)}:"
            f" {for_markdown(r.title)}{origins}{link}"
        )
    yield ""
    yield f"## {page['provenance']}"
    yield ""
    p = note.provenance
    who = page["analyst_local"] if p.analyst == "local" else f"{p.analyst} {p.model or ''}"
    yield (
        f"{page['analyst']}: {for_markdown(who)}; embedding {for_markdown(p.embedding)};"
        f" collection {for_markdown(p.store)}; factcheck {for_markdown(p.version)};"
        f" {for_markdown(p.created)};"
        f" {note.usage.calls} calls; {note.usage.seconds:.1f} s."
    )
    if p.only:
        yield ""
        yield f"{page['only']}: {for_markdown(p.only)}."
    yield ""
    yield page["verify_again"]


def _claim(note: Note, a: Assessment, names: Mapping[str, str]) -> Iterator[str]:
    language = note.language
    words, html = table(language), table(language, "page")["html"]
    verdict, holds = str(a.verdict or "failed"), ruling.verdict(note, a)
    aside = [words["flag"].get(f, for_markdown(f)) for f in a.flags]
    if holds != verdict:
        aside.insert(0, html["machine_said"].format(verdict=names[verdict]))
    if ruling.dropped(note, a):
        aside.insert(0, html["dropped"])
    flags = " · ".join(aside)
    yield f"## {for_markdown(a.claim.id)}. {names[holds]}" + (f" ({flags})" if flags else "")
    yield ""
    for r in decided.on_claim(note, a, names):
        yield f"**{words['page']['editor']}, {r.line(for_markdown)}**"
        yield ""
    yield f"> {for_markdown(a.claim.said)}"
    yield ""
    if a.claim.attribution:
        chain = " ← ".join(for_markdown(x.who) for x in a.claim.attribution)
        yield f"{words['page']['said_by']}: {chain}"
        yield ""
    if a.answers == "said" and verdict in ("supported", "partly_supported"):
        yield f"*{words['page']['answers_said']}*"
        yield ""
    shown = [s for s in a.rationale if s.status != "struck"]
    if shown:
        yield " ".join(_sentence(s) for s in shown)
        yield ""
    for c in a.citations:
        yield _citation(c, language)
    if a.citations:
        yield ""
    if a.figures:
        page = words["page"]
        yield f"| {page['timeline']} | | {for_markdown(told.quantity(a.figures[0].quantity, language))} | |"
        yield "|---|---|---|---|"
        for f in a.figures:
            mark = "=" if f.agree else "≠"
            remark = page["newest"] if f.newest else page["later"] if f.hindsight else ""
            yield (
                f"| {f.published or page['undated']} | {mark} | {for_markdown(f.evidence)}"
                f" ({for_markdown(f.publisher)}, {for_markdown(f.citation)}) | {remark} |"
            )
        yield ""
    if a.claim.loaded:
        leave = words["page"]["leave_out"]
        terms = "; ".join(f"{for_markdown(x.term)} → {for_markdown(x.neutral) or leave}"
                          for x in a.claim.loaded)  # fmt: skip
        yield f"{words['page']['loaded']}: {terms}"
        yield ""


def _citation(c: Citation, language: str) -> str:
    words = table(language)
    late = f", {words['page']['later']}" if c.hindsight else ""
    when = f"{day(c.published, language)}{leaf(c.page, language)}{late}"
    return (
        f"- `{_code(c.id)}` {words['stance'][str(c.stance)]}: “{for_markdown(c.quote)}”"
        f" ({for_markdown(c.publisher)}, {when}; {for_markdown(c.reference)})"
    )


def _code(text: str) -> str:
    """An id between backticks, where nothing can be escaped."""
    return re.sub(r"[^\w.-]", "", text)


def _sentence(s: Sentence) -> str:
    cited = f" \\[{for_markdown(', '.join(s.citations))}\\]" if s.citations else ""
    return for_markdown(s.text) + cited
