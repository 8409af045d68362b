"""A note for the terminal: rich renderables, readable without colour and at 60 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from factcheck.models import Assessment, Citation, FigureCheck, LedgerKind, Note, Sentence
from factcheck.report import decided, ruling, told
from factcheck.terminal import Hanging
from factcheck.text.scrub import one_line
from factcheck.wording import day, leaf, table, verdicts

SIGN = {
    "supported": ("✓", "green"),
    "partly_supported": ("◐", "yellow"),
    "disputed": ("⇄", "magenta"),
    "contradicted": ("✗", "red"),
    "not_enough_evidence": ("?", "blue"),
    "not_checkable": ("–", "dim"),
    "failed": ("!", "red"),
}


Labels = Mapping[str, str] | None


def render(note: Note, labels: Labels = None) -> Any:
    """The whole note as one renderable; `labels` are a newsroom's own words for verdicts."""
    return Group(*_parts(note, labels))


def plain(note: Note, width: int = 100, labels: Labels = None) -> str:
    """The note as plain text, for a file."""
    console = Console(width=width, markup=False, highlight=False, emoji=False, color_system=None)
    options = console.options.update_width(width)
    lines = console.render_lines(render(note, labels), options, pad=False)
    return "\n".join("".join(s.text for s in line).rstrip() for line in lines) + "\n"


def _parts(note: Note, labels: Labels) -> Iterator[Any]:
    words = table(note.language)
    page = words["page"]
    yield Rule(Text(page["title"], "bold"))
    stands = ruling.signature(note) is not None
    yield Hanging(Text(decided.banner(note), "green" if stands else "yellow"))
    yield _head(note)
    yield Text()
    html = table(note.language, "page")["html"]
    if whole := decided.on_note(note):
        yield Text(html["decided_heading"], "bold")
        yield from (_in(2, Text(ruled.line(), "magenta")) for ruled in whole)
        yield Text()
    for sentence in note.summary:
        if sentence.status != "struck":
            yield Hanging(Text("• ").append_text(_sentence(sentence)))
    if beside := decided.beside_summary(note):
        yield Hanging(Text(beside, "magenta"))
    yield Text()
    for assessment in note.assessments:
        yield from _decided_card(note, assessment, labels)
    yield from _ledger(note)
    yield from _references(note)
    yield Rule(Text(page["provenance"], "bold"))
    yield _provenance(note)
    yield Text(page["verify_again"], "dim")


def _in(columns: int, text: Text) -> Padding:
    """A text that begins so many columns in."""
    return Padding(Hanging(text), (0, 0, 0, columns))


def _head(note: Note) -> Hanging:
    page = table(note.language)["page"]
    article = note.article
    date = day(article.published, note.language)
    if article.published_inferred:
        date = f"{page['inferred']} {date}"
    parts = [article.title, article.outlet, article.language, f"{page['published']} {date}"]
    shown = " · ".join(one_line(p) for p in parts if p)
    return Hanging(Text(f"{page['article']}: {shown}"))


def _decided_card(note: Note, a: Assessment, labels: Labels) -> Iterator[Any]:
    """A claim's card under the verdict that holds, and what was decided on it."""
    words, names = table(note.language), verdicts(note.language, labels)
    html = table(note.language, "page")["html"]
    machine, holds = str(a.verdict or "failed"), ruling.verdict(note, a)
    aside = [html["dropped"]] if ruling.dropped(note, a) else []
    if holds != machine:
        aside.append(html["machine_said"].format(verdict=names[machine]))
    yield from card(a, note.language, labels, holds=holds, aside=aside)
    for ruled in decided.on_claim(note, a, names):
        yield _in(2, Text(f"{words['page']['editor']}, {ruled.line()}", "magenta"))


def card(
    a: Assessment, language: str, labels: Labels = None, holds: str = "", aside: Sequence[str] = ()
) -> Iterator[Any]:
    """One claim: its words, verdict, flags, rationale, quotations and figures over time. `holds` is
    the verdict to show in place of the machine's, `aside` what is said beside it."""
    words = table(language)
    verdict = str(a.verdict or "failed")
    sign, style = SIGN[holds or verdict]
    title = Text(f"{one_line(a.claim.id)} ", "bold").append(
        f"{sign} {verdicts(language, labels)[holds or verdict]}", style
    )
    if aside:
        title.append(f"  ({'; '.join(aside)})", "magenta")
    if a.flags:
        title.append(
            "  [" + " · ".join(words["flag"].get(f, one_line(f)) for f in a.flags) + "]", "dim"
        )
    yield Rule(style="dim")
    yield Hanging(title)
    yield _in(2, Text(f"“{one_line(a.claim.said)}”", "bold"))
    said_by = " ← ".join(one_line(x.who) for x in a.claim.attribution)
    if said_by:
        yield _in(2, Text(f"{words['page']['said_by']}: {said_by}", "dim"))
    if a.answers == "said" and verdict in ("supported", "partly_supported"):
        yield _in(2, Text(words["page"]["answers_said"], "italic"))
    for sentence in a.rationale:
        if sentence.status != "struck":
            yield _in(2, _sentence(sentence))
    for citation in a.citations:
        if not _only_timeline(citation, a):
            yield _in(4, _quote(citation, language))
    yield from _timeline(a, language)
    if a.claim.loaded:
        terms = "; ".join(
            f"{x.term} → {x.neutral or words['page']['leave_out']}" for x in a.claim.loaded
        )
        yield _in(2, Text(f"{words['page']['loaded']}: {one_line(terms)}", "dim"))


def _only_timeline(citation: Citation, a: Assessment) -> bool:
    """A citation that stands for a point of the timeline alone is shown there."""
    return str(citation.stance) == "context" and any(f.citation == citation.id for f in a.figures)


def _sentence(sentence: Sentence) -> Text:
    text = Text(one_line(sentence.text))
    if sentence.citations:
        text.append(f" [{one_line(', '.join(sentence.citations))}]", "cyan")
    return text


def _quote(c: Citation, language: str) -> Text:
    words = table(language)
    date = day(c.published, language)
    text = Text(f"{one_line(c.id)} ", "cyan").append(f"{words['stance'][str(c.stance)]}: ", "bold")
    text.append(f"“{one_line(c.quote)}” ")
    late = f", {words['page']['later']}" if c.hindsight else ""
    page = leaf(c.page, language)
    text.append(f"({one_line(c.publisher)}, {date}{page}{late}; {one_line(c.reference)})", "dim")
    return text


def _timeline(a: Assessment, language: str) -> Iterator[Any]:
    if not a.figures:
        return
    words = table(language)["page"]
    yield _in(
        2, Text(f"{words['timeline']}: {told.quantity(a.figures[0].quantity, language)}", "bold")
    )
    for figure in a.figures:
        yield _in(4, _point(figure, language))


def _point(f: FigureCheck, language: str) -> Text:
    words = table(language)["page"]
    mark = "=" if f.agree else "≠"
    when = f.published.isoformat() if f.published else words["undated"]
    text = Text(f"{when:<11} {mark} {one_line(f.evidence):<18} ")
    text.append(f"{one_line(f.publisher)} [{one_line(f.citation)}]", "dim")
    if f.newest:
        text.append(f"  ← {words['newest']}", "bold")
    elif f.hindsight:
        text.append(f"  ({words['later']})", "dim")
    return text


def _ledger(note: Note) -> Iterator[Any]:
    words = table(note.language)
    rest = [e for e in note.ledger if e.kind is not LedgerKind.CLAIM and not e.claims]
    if not rest:
        return
    yield Rule(Text(words["page"]["ledger"], "bold"))
    for entry in rest:
        said = one_line(note.article.text[entry.start : entry.end])
        short = said if len(said) <= 90 else said[:89] + "…"
        kind = words["ledger"][str(entry.kind)]
        yield Hanging(Text(f"{kind} ({one_line(entry.reason)}): {short}", "dim"))


def _references(note: Note) -> Iterator[Any]:
    if not note.references:
        return
    yield Rule(Text(table(note.language)["page"]["references"], "bold"))
    for r in note.references:
        origins = ", ".join(r.origins)
        line = f"{r.id}  {r.publisher}, {day(r.published, note.language)}: {r.title}"
        line += (
            f" ({table(note.language)['page']['origins'].lower()}: {origins})" if origins else ""
        )
        yield Hanging(Text(one_line(line)))
        if r.url:
            yield Padding(Text(one_line(r.url), "dim", overflow="fold"), (0, 0, 0, 6))


def _provenance(note: Note) -> Hanging:
    words = table(note.language)["page"]
    p = note.provenance
    who = words["analyst_local"] if p.analyst == "local" else f"{p.analyst} {p.model or ''}"
    line = (
        f"{words['analyst']}: {who} · embedding {p.embedding} · collection {p.store}"
        f" · factcheck {p.version} · {p.created} · {note.usage.seconds:.1f} s"
        + (f"\n{words['only']}: {one_line(p.only)}" if p.only else "")
    )
    return Hanging(Text(one_line(line)))
