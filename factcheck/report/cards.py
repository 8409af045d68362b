"""One claim's card: verdict, flags, chain, quotations, figures, gaps and the editor's decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from factcheck.models import Assessment, Citation, FigureCheck, Note, Reference
from factcheck.report import chart, decided, excerpt, ruling, told
from factcheck.report.script import tag
from factcheck.report.told import Lookup
from factcheck.sources import Register
from factcheck.text.scrub import for_page, one_line, safe_url
from factcheck.wording import day, table, verdicts


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation in its place. `only_figure`: it stands for a point of the timeline and no more."""

    citation: Citation
    anchor: str
    excerpt: excerpt.Excerpt
    stance: str
    publisher: str
    kind: str
    published: str
    page: str
    title: str
    language: str
    url: str | None
    archive: str | None
    digest: bool
    chain: tuple[str, ...]
    only_figure: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that says what the picture shows."""

    published: str
    figure: str
    source: str
    compared: str
    remark: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The timeline of one figure of the claim; `wide` and `narrow` where a point has a date."""

    anchor: str
    claimed: str
    quantity: str
    wide: chart.Chart | None
    narrow: chart.Chart | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A report that was read for the claim and is not cited."""

    id: str
    told: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Card:
    assessment: Assessment
    number: int
    anchor: str
    mark: str | None  # the anchor of its place in the article
    verdict: str
    label: str
    machine: str  # the machine's verdict, where an editor's stands above it
    dropped: bool
    said: str
    statement: str  # empty where it is what was said
    language: str
    statement_language: str
    flags: tuple[tuple[str, str], ...]
    chain: tuple[tuple[str, str], ...]
    answers_said: bool
    rationale: tuple[tuple[str, tuple[Link, ...]], ...]
    quotes: tuple[Quote, ...]
    figures: tuple[Figures, ...]
    gaps: tuple[str, ...]
    unread: tuple[Unread, ...]
    ruled: tuple[decided.Ruled, ...]

    @property
    def link(self) -> Link:
        return Link(str(self.number), self.anchor)


def card(
    note: Note,
    a: Assessment,
    number: int,
    placed: bool,
    lookup: Lookup,
    reports: Mapping[str, Reference],
    labels: Mapping[str, str],
    register: Register,
) -> Card:
    """The card of one claim. `placed`: it is marked in the text; `reports` are the note's references
    by id, `labels` house labels."""
    names = verdicts(note.language, labels)
    claim = a.claim
    holds = ruling.verdict(note, a)
    machine = str(a.verdict or ruling.FAILED)
    quotes = tuple(_quotes(note, a, number, reports))
    links = {q.citation.id: Link(q.citation.id, q.anchor) for q in quotes}
    # What the rules say of a claim without evidence is said at more length under what is not known.
    set_phrases = {v for v in table(note.language)["rationale"].values() if "{" not in v}
    said, statement = for_page(claim.said), for_page(claim.statement)
    return Card(
        assessment=a,
        number=number,
        anchor=f"c{number}",
        mark=f"m{number}" if placed else None,
        verdict=holds,
        label=names[holds],
        machine=names[machine] if note.decided(claim.id, "verdict") else "",
        dropped=ruling.dropped(note, a),
        said=said or statement,
        statement=statement if said and statement.split() != said.split() else "",
        language=tag(note.article.language),
        statement_language=tag(claim.language or note.article.language),
        flags=tuple(told.flags(a, note.language)),
        chain=tuple(_chain(note, a)),
        answers_said=a.answers == "said" and machine in ("supported", "partly_supported"),
        rationale=tuple(
            (one_line(s.text), tuple(links[i] for i in s.citations if i in links))
            for s in a.rationale
            if s.status != "struck" and s.text not in set_phrases
        ),
        quotes=quotes,
        figures=tuple(_figures(note, a, number)),
        gaps=tuple(told.gaps(note, a, lookup)),
        unread=tuple(_unread(note, a, lookup)),
        ruled=decided.on_claim(note, a, names),
    )


def _chain(note: Note, a: Assessment) -> Iterator[tuple[str, str]]:
    """From who said it to the article: name and role."""
    if not a.claim.attribution:
        return
    words = table(note.language, "page")
    for role in ("speaker", "told", "outlet"):
        for x in a.claim.attribution:
            if x.role == role:
                yield one_line(x.who), words["role"][role]
    yield one_line(note.article.outlet or ""), words["html"]["this_article"]


def _quotes(
    note: Note, a: Assessment, number: int, reports: Mapping[str, Reference]
) -> Iterator[Quote]:
    words, page = table(note.language), table(note.language, "page")
    explained = {i for s in a.rationale if s.status != "struck" for i in s.citations}
    for n, c in enumerate(a.citations, 1):
        report = reports.get(c.reference)
        own = [f.evidence for f in a.figures if f.citation == c.id]
        yield Quote(
            citation=c,
            anchor=f"c{number}.k{n}",
            excerpt=excerpt.excerpt(c, report, own),
            stance=words["stance"][str(c.stance)],
            publisher=one_line(c.publisher),
            kind=page["kind"].get(report.kind, one_line(report.kind)) if report else "",
            published=day(c.published, note.language),
            page=page["html"]["page_n"].format(n=c.page) if c.page else "",
            title=one_line(report.title) if report else "",
            language=tag(report.language if report else "und"),
            url=safe_url(c.url) or (safe_url(report.url) if report else None),
            archive=safe_url(report.archive_url) if report else None,
            digest=bool(report and report.form == "digest"),
            chain=tuple(one_line(o) for o in c.origins),
            only_figure=str(c.stance) == "context" and bool(own) and c.id not in explained,
        )


def _figures(note: Note, a: Assessment, number: int) -> Iterator[Figures]:
    """A timeline for each figure of the claim."""
    words = table(note.language, "page")["html"]
    by_claim: dict[str, list[FigureCheck]] = {}
    for f in a.figures:
        by_claim.setdefault(f.claim, []).append(f)
    for n, (claimed, checks) in enumerate(by_claim.items(), 1):
        value = claimed_value(claimed, note.article.language)
        points = chart.points(checks, value, note.article.published, words["this_article"])
        dated = any(p.when for p in points if p.kind != "article")
        yield Figures(
            anchor=f"f{number}.{n}",
            claimed=one_line(claimed),
            quantity=told.quantity(checks[0].quantity, note.language),
            wide=chart.wide(points, note.language) if dated else None,
            narrow=chart.narrow(points, note.language) if dated else None,
            rows=tuple(_rows(checks, note.language)),
        )


def claimed_value(figure: str, language: str) -> float | None:
    """The number that the article's figure stands for."""
    from factcheck.text.figures import figures

    found = figures(figure, language)
    return found[0].value if found else None


def _rows(checks: Sequence[FigureCheck], language: str) -> Iterator[Row]:
    words = table(language, "page")["html"]
    for f in sorted(checks, key=lambda f: (f.published is not None, f.published or 0, f.value)):
        yield Row(
            published=day(f.published, language),
            figure=one_line(f.evidence),
            source=one_line(f.publisher),
            compared=words["agrees" if f.agree else "differs"],
            remark=words["current"] if f.newest else words["later"] if f.hindsight else "",
        )


def _unread(note: Note, a: Assessment, lookup: Lookup) -> Iterator[Unread]:
    cited = {c.reference for c in a.citations}
    for id in dict.fromkeys(a.nearest):
        if id in cited:
            continue
        r = lookup(id)
        if r:
            told_ = f"{r.publisher}, {day(r.published, note.language)}: {r.title}"
        else:
            told_ = table(note.language, "page")["html"]["unknown_report"]
        yield Unread(one_line(id), one_line(told_), safe_url(r.url) if r else None)
