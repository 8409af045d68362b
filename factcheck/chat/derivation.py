"""How a verdict came about: the row of the table, the figures over time, the origins."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from factcheck.chat.layout import INDENT, outside
from factcheck.chat.show import Labels, Lines
from factcheck.models import Assessment, Citation, FigureCheck, Note, Stance
from factcheck.report import told
from factcheck.wording import say, table, verdicts

_BAR = 24  # columns of the longest bar
_NEAREST = 6  # reports named


def why(a: Assessment, note: Note, labels: Labels = None) -> Lines:
    """How the verdict came about: the row of the table, stances, figures, dates, origins."""
    words, language = table(note.language), note.language
    undated = words["page"]["undated"]
    verdict = verdicts(language, labels)[str(a.verdict or "failed")]
    yield Text(say(language, "why", "by", claim=a.claim.id, verdict=verdict, rule=a.rule), "bold")
    if a.error:
        yield Text(INDENT + say(language, "why", "failed", error=outside(a.error)), "red")
    which = words["why"]["said" if a.answers == "said" else "so"]
    yield Text(INDENT + say(language, "why", "answers", which=which))
    nearest = say(language, "why", "nearest", ids=", ".join(map(outside, a.nearest[:_NEAREST])))
    yield Text(f"{INDENT}{say(language, 'why', 'searched', count=a.searched)}; {nearest}")
    for stance in (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES):
        cited = [c for c in a.citations if c.stance is stance]
        if cited:
            told = "; ".join(
                f"{c.id} ({outside(c.publisher)}, {c.published or undated}"
                f"{', ' + words['why']['later'] if c.hindsight else ''})"
                for c in cited
            )
            yield Text(f"{INDENT}{words['stance'][str(stance)]}: {told}")
    if a.difference:
        what = words["difference"].get(a.difference, a.difference)
        yield Text(INDENT + say(language, "why", "differs", what=what))
    for f in a.figures:
        mark = "=" if f.agree else "≠"
        current = f"; {words['why']['current']}" if f.newest else ""
        yield Text(f"{INDENT}{words['why']['figure']} {outside(f.claim)} {mark} {outside(f.evidence)}"
                   f" ({outside(f.publisher)}, {f.published or undated}{current})")  # fmt: skip
    if a.origins:
        names = ", ".join(map(outside, a.origins))
        yield Text(INDENT + say(language, "why", "origins", names=names))
    if a.flags:
        names = ", ".join(words["flag"].get(x, x) for x in a.flags)
        yield Text(INDENT + say(language, "why", "flags", names=names))


def timeline(a: Assessment, note: Note) -> Lines:
    """The figures of a claim's quantity over time as bars, oldest first; the article stands in its
    place among them, with the figure that it gives."""
    language = note.language
    if not a.figures:
        yield Text(say(language, "chat", "no_figures"))
        return
    words = table(language)
    said = outside(a.figures[0].claim)
    claimed = say(language, "why", "claimed", figure=said)
    counted = outside(told.quantity(a.figures[0].quantity, language))
    yield Text(f"{words['page']['timeline']}: {counted} ({claimed})", "bold")
    days = [_day(f.published, words) for f in a.figures]
    column = max(cell_len(d) for d in (*days, _day(note.article.published, words)))
    most = max(f.value for f in a.figures) or 1.0
    rows: list[tuple[date | None, FigureCheck | None]] = [(f.published, f) for f in a.figures]
    rows.append((note.article.published, None))
    rows.sort(key=lambda r: (r[0] or date.max, r[1] is None, r[1].citation if r[1] else ""))
    for when, f in rows:
        line = Text(set_cell_size(_day(when, words), column) + "  ")
        if f is None:
            yield line.append(f"{'-' * 6} {words['why']['article']}: {said} {'-' * 6}", "bold")
        else:
            yield line.append_text(_bar(f, most, words))


def _day(when: date | None, words: dict[str, dict[str, str]]) -> str:
    return when.isoformat() if when else words["page"]["undated"]


def _bar(f: FigureCheck, most: float, words: dict[str, dict[str, str]]) -> Text:
    size = max(1, round(_BAR * f.value / most))
    line = Text().append("#" * size, "green" if f.agree else "yellow")
    line.append(f" {'=' if f.agree else '≠'} {outside(f.evidence)}")
    line.append(f" {outside(f.publisher)} [{f.citation}]", "dim")
    if f.newest:
        line.append(f" <- {words['page']['newest']}", "bold")
    return line


def origins(a: Assessment, note: Note) -> Lines:
    """Which origins stand behind a claim's quotations, and through whom."""
    words = table(note.language)
    by: dict[str, list[Citation]] = {}
    for c in a.citations:
        if c.stance is not Stance.CONTEXT:
            for origin in c.origins:
                by.setdefault(origin, []).append(c)
    if not by:
        yield Text(words["chat"]["no_carrier"])
    for origin, cited in by.items():
        through = "; ".join(
            f"{outside(c.publisher)} ({c.id}, {words['stance'][str(c.stance)]})" for c in cited
        )
        yield Text(f"{INDENT}{outside(origin)}: ", "bold").append(through, "not bold")
