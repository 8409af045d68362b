"""What the conversation says: lines of styled text, no boxes, readable without colour, at 60 columns,
and by a screen reader. Words from outside are neutralised here and are never markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from factcheck.models import (
    Assessment,
    Citation,
    FigureCheck,
    Note,
    Reference,
    Stance,
    Usage,
)
from factcheck.questions import Answer
from factcheck.report.text import SIGN
from factcheck.report.usage import line as usage_line
from factcheck.text.scrub import one_line
from factcheck.text.split import sentences
from factcheck.wording import day, table

Lines = Iterator[Text]
_PLOT = 40  # columns of the timeline


def outside(text: str) -> str:
    """Words from outside on one line; right-to-left words keep to themselves."""
    flat = one_line(text)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in flat):
        return f"\u2068{flat}\u2069"
    return flat


def opened(note: Note) -> Text:
    """What was opened, in a line."""
    a = note.article
    when = day(a.published, note.language)
    if a.published_inferred:
        when = f"{table(note.language)['page']['inferred']} {when}"
    parts = [
        f"“{outside(a.title)}”" if a.title else "untitled",
        a.language,
        when,
        f"{len(note.ledger)} sentences",
    ]
    return Text(" · ".join(parts), "bold")


def claims(note: Note, chosen: Sequence[Assessment], width: int) -> Lines:
    """One line a claim: number, verdict, words; its flags below where there are any."""
    words = table(note.language)
    names = {a.claim.id: _verdict(a, note) for a in chosen}
    column = min(max((cell_len(n) for n in names.values()), default=0), 24)
    for a in chosen:
        sign, style = SIGN[str(a.verdict or "failed")]
        number = a.claim.id.removeprefix("c").rjust(3)
        head = f"{number} {sign} {set_cell_size(names[a.claim.id], column)} "
        room = max(20, width - cell_len(head))
        said = one_line(a.claim.said or a.claim.statement)
        line = Text(f"{number} ", "bold").append(f"{sign} ", style)
        line.append(set_cell_size(names[a.claim.id], column) + " ", style)
        short = said if cell_len(said) <= room else set_cell_size(said, room - 1) + "…"
        line.append(outside(short))
        yield line
        if a.flags:
            flags = ", ".join(words["flag"].get(f, f) for f in a.flags)
            yield Text(" " * 6 + flags, "dim")


def _verdict(a: Assessment, note: Note) -> str:
    names = table(note.language)["verdict"]
    name = names[str(a.verdict or "failed")]
    own = note.decided(a.claim.id, "verdict")
    if own:
        return f"{names[own.value]} (editor)"
    return f"{name} (dropped)" if note.decided(a.claim.id, "drop") else name


def card(a: Assessment, note: Note) -> Lines:
    """One claim: words, verdict, flags, who says it, explanation, and the editor's decisions."""
    words = table(note.language)
    page = words["page"]
    sign, style = SIGN[str(a.verdict or "failed")]
    title = Text(f"{a.claim.id} ", "bold")
    title.append(f"{sign} {words['verdict'][str(a.verdict or 'failed')]}", style)
    yield title
    yield Text("  “").append(outside(a.claim.said or a.claim.statement), "bold").append("”")
    if a.claim.statement != a.claim.said and a.claim.said:
        yield Text(f"  = {outside(a.claim.statement)}", "dim")
    if a.flags:
        yield Text("  " + " · ".join(words["flag"].get(f, f) for f in a.flags), "dim")
    chain = " ← ".join(outside(x.who) for x in a.claim.attribution)
    if chain:
        yield Text(f"  {page['said_by']}: {chain}", "dim")
    for sentence in a.rationale:
        if sentence.status != "struck":
            line = Text("  " + outside(sentence.text))
            if sentence.citations:
                line.append(" [" + ", ".join(sentence.citations) + "]", "cyan")
            yield line
    for decision in (d for d in note.decisions if d.claim == a.claim.id):
        by = f" ({outside(decision.by)})" if decision.by else ""
        value = words["verdict"].get(decision.value, outside(decision.value))
        told = " ".join(filter(None, (decision.kind, value, outside(decision.reason))))
        yield Text(f"  editor{by}: {told}", "magenta")


def evidence(a: Assessment, note: Note) -> Lines:
    """The quotations of a claim, numbered as `/quote` takes them."""
    shown = [c for c in a.citations if c.stance is not Stance.CONTEXT] or list(a.citations)
    if not shown:
        yield Text("Nothing is cited for this claim.")
    for c in shown:
        yield from quotation(c, note.language)


def quotation(c: Citation, language: str) -> Lines:
    """One quotation with its source."""
    words = table(language)
    yield (
        Text(f"{c.id} ", "cyan")
        .append(f"{words['stance'][str(c.stance)]} ", "bold")
        .append(f"“{outside(c.quote)}”")
    )
    late = f", {words['page']['later']}" if c.hindsight else ""
    source = f"    {outside(c.publisher)}, {day(c.published, language)}{late}; {c.reference}"
    yield Text(source, "dim")


def in_context(c: Citation, reference: Reference) -> Lines:
    """A quotation between its neighbours, and where it stands."""
    spans = sentences(reference.text, reference.language)
    at = next((i for i, s in enumerate(spans) if s.start <= c.start < s.end), 0)
    before = reference.text[spans[at - 1].start : c.start] if at else ""
    end = spans[at + 1].end if at + 1 < len(spans) else c.end
    yield Text(f"  {outside(reference.publisher)}: {outside(reference.title)}", "bold")
    text = Text(f"… {outside(before)} " if before.strip() else "", "dim")
    text.append(outside(reference.text[c.start : c.end]), "reverse")
    yield text.append(" " + outside(reference.text[c.end : end]), "dim")
    yield Text(
        f"  {reference.id}, characters {c.start} to {c.end}"
        + (f", {outside(reference.url)}" if reference.url else ""),
        "dim",
    )


def why(a: Assessment, note: Note) -> Lines:
    """How the verdict came about: the row of the table, stances, figures, dates, origins."""
    words = table(note.language)
    verdict = words["verdict"][str(a.verdict or "failed")]
    yield Text(f"{a.claim.id}: {verdict}, by the row `{a.rule}` of the verdict table", "bold")
    if a.error:
        yield Text(f"  failed: {outside(a.error)}", "red")
    yield Text(f"  answers: {'was it said' if a.answers == 'said' else 'is it so'}")
    yield Text(f"  passages looked at: {a.searched}; reports nearest: {', '.join(a.nearest[:6])}")
    for stance in (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES):
        cited = [c for c in a.citations if c.stance is stance]
        if cited:
            told = ", ".join(f"{c.id} ({outside(c.publisher)}, {c.published or 'undated'}"
                             f"{', later' if c.hindsight else ''})" for c in cited)  # fmt: skip
            yield Text(f"  {words['stance'][str(stance)]}: {told}")
    if a.difference:
        yield Text(f"  what differs: {words['difference'][a.difference]}")
    for f in a.figures:
        mark = "=" if f.agree else "≠"
        current = "; current at the article's date" if f.newest else ""
        yield Text(f"  figure {outside(f.claim)} {mark} {outside(f.evidence)}"
                   f" ({outside(f.publisher)}, {f.published or 'undated'}{current})")  # fmt: skip
    if a.origins:
        yield Text(f"  origins: {', '.join(map(outside, a.origins))}")
    if a.flags:
        yield Text("  flags: " + ", ".join(words["flag"].get(x, x) for x in a.flags))


def timeline(a: Assessment, note: Note) -> Lines:
    """The figures of a claim's quantity over time, as bars."""
    points = [f for f in a.figures if f.published] + [f for f in a.figures if not f.published]
    if not points:
        yield Text("No figure of this claim's quantity is in the collection.")
        return
    page = table(note.language)["page"]
    yield Text(f"{page['timeline']}: {outside(points[0].quantity)} (claimed: {outside(points[0].claim)})",
               "bold")  # fmt: skip
    most = max(f.value for f in points) or 1.0
    shown_article = False
    when = note.article.published
    for f in sorted(points, key=lambda f: f.published or date.min):
        if when and f.published and f.published > when and not shown_article:
            yield Text(f"{when}  ---- the article ----", "dim")
            shown_article = True
        yield _bar(f, most, page)


def _bar(f: FigureCheck, most: float, page: dict[str, str]) -> Text:
    size = max(1, round(_PLOT * f.value / most / 2))
    when = f.published.isoformat() if f.published else page["undated"]
    line = Text(f"{when:<10}  ").append("#" * size, "green" if f.agree else "yellow")
    line.append(f" {'=' if f.agree else '≠'} {outside(f.evidence)}")
    line.append(f" {outside(f.publisher)} [{f.citation}]", "dim")
    if f.newest:
        line.append(f" <- {page['newest']}", "bold")
    return line


def origins(a: Assessment, note: Note) -> Lines:
    """Which origins stand behind a claim's quotations, and through whom."""
    by: dict[str, list[Citation]] = {}
    for c in a.citations:
        if c.stance is not Stance.CONTEXT:
            for origin in c.origins:
                by.setdefault(origin, []).append(c)
    if not by:
        yield Text("No quotation carries this verdict.")
    for origin, cited in by.items():
        yield Text(f"  {outside(origin)}: ", "bold").append(
            ", ".join(f"{outside(c.publisher)} ({c.id}, {c.stance})" for c in cited), "not bold"
        )


def answered(found: Answer, note: Note | None) -> Lines:
    """An answer, its sources, and what was searched where there is none."""
    for sentence in found.sentences:
        line = Text(outside(sentence.text))
        if sentence.citations:
            line.append(" [" + ", ".join(sentence.citations) + "]", "cyan")
        yield line
    if found.missing:
        yield Text(outside(found.missing))
    language = note.language if note else "en"
    for c in found.citations:
        late = f", {table(language)['page']['later']}" if c.hindsight else ""
        yield Text(f"  {c.id}  {outside(c.publisher)}, {day(c.published, language)}{late};"
                   f" {c.reference}", "dim")  # fmt: skip
    if found.narrowed:
        yield Text(f"  narrowed to: {', '.join(map(outside, found.narrowed))}", "dim")
    if found.fault:
        yield Text(f"  the model did not answer: {outside(found.fault)}", "red")


def cost(usage: Usage) -> Text:
    """What was spent."""
    return Text(usage_line(usage) or "Nothing was spent: no model was asked.")
