"""The page's content, put together before the template sees it: nothing here knows HTML.

All texts from outside are neutralised here (`scrub`), and escaped by the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from factcheck.independence import Carrier, carriers
from factcheck.models import LedgerKind, Note, Reference
from factcheck.newsroom import Newsroom
from factcheck.report import decided, marks, ruling, told
from factcheck.report.cards import Card, Link, card
from factcheck.report.script import direction, tag
from factcheck.report.told import Lookup
from factcheck.sources import Register
from factcheck.text.scrub import for_page, one_line, safe_url
from factcheck.wording import day, table, verdicts


@dataclass(frozen=True, slots=True)
class Source:
    reference: Reference
    title: str
    publisher: str
    published: str
    url: str | None
    archive: str | None
    cited: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The reports that go back to the same origins."""

    origins: str
    party: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    origin: str
    party: bool
    alone: int
    shared: int
    claims: tuple[Link, ...]
    solid: float  # widths out of 100
    hatched: float


@dataclass(frozen=True, slots=True)
class Unchecked:
    kind: str
    reason: str
    said: str


@dataclass(frozen=True, slots=True)
class Question:
    card: Card
    text: tuple[told.Run, ...]


@dataclass(frozen=True, slots=True)
class Page:
    note: Note
    newsroom: Newsroom
    title: str
    meta: tuple[str, ...]
    url: str | None
    signed: bool
    banner: str
    ruled: tuple[decided.Ruled, ...]  # on the note as a whole
    beside_summary: str
    analyst: str
    collection: str
    counts: tuple[tuple[str, str, int], ...]
    summary: tuple[tuple[tuple[told.Run, ...], tuple[Link, ...]], ...]
    cards: tuple[Card, ...]
    numbered: Mapping[int, Card]
    article: marks.Marked
    direction: str
    language: str
    bars: tuple[Bar, ...]
    supported: int
    groups: tuple[Group, ...]
    loaded: tuple[tuple[str, str, tuple[Link, ...]], ...]
    ledger: tuple[Unchecked, ...]
    questions: tuple[Question, ...]
    provenance: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def page(note: Note, lookup: Lookup, newsroom: Newsroom) -> Page:
    """The content of the page of a note. `lookup` gives a stored report by its id, or None."""
    words = table(note.language, "page")["html"]
    register = Register.load()
    reports = {r.id: r for r in note.references}
    numbers = numbering(note)
    claims = [a.claim for a in note.assessments]
    spans = [(n, c.start, c.end) for n, c in zip(numbers, claims, strict=True)]
    article = marks.mark(note.article.text, spans)
    placed = article.opened()
    cards = tuple(
        card(note, a, n, n in placed, lookup, reports, newsroom.labels, register)
        for a, n in zip(note.assessments, numbers, strict=True)
    )
    by_claim = {c.assessment.claim.id: c for c in cards}
    links = {k.citation.id: Link(k.citation.id, k.anchor) for c in cards for k in c.quotes}
    # What the editors left out or decided otherwise is on nobody's account.
    held = [
        a
        for a in note.assessments
        if not ruling.dropped(note, a) and ruling.verdict(note, a) == (a.verdict or ruling.FAILED)
    ]
    found = carriers(held, register)
    saids = [a.claim.said for a in note.assessments]
    return Page(
        note=note,
        newsroom=newsroom,
        title=one_line(note.article.title or "") or words["untitled"],
        meta=tuple(_meta(note)),
        url=safe_url(note.article.url),
        signed=ruling.signature(note) is not None,
        banner=decided.banner(note),
        ruled=decided.on_note(note),
        beside_summary=decided.beside_summary(note),
        analyst=_analyst(note),
        collection=_collection(note, lookup),
        counts=tuple(_counts(cards, note.language, newsroom.labels)),
        summary=tuple(
            (told.runs(s.text, saids), tuple(links[i] for i in s.citations if i in links))
            for s in note.summary if s.status != "struck"
        ),
        cards=cards,
        numbered={c.number: c for c in cards},
        article=article,
        direction=direction(note.article.language),
        language=tag(note.article.language),
        bars=tuple(_bars(found, by_claim)),
        supported=sum(a.verdict == "supported" for a in held),
        groups=tuple(_groups(note, cards, register)),
        loaded=tuple(_loaded(cards)),
        ledger=tuple(_ledger(note)),
        questions=tuple(
            Question(by_claim[a.claim.id], told.runs(text, [a.claim.said or a.claim.statement]))
            for a, text in told.questions(note)
        ),
        provenance=tuple(_provenance(note)),
        faults=tuple(one_line(f"{f.step}: {f.message}") for f in note.faults),
    )  # fmt: skip


def numbering(note: Note) -> list[int]:
    """The claims' numbers: those of their ids ("c12") where all have one of their own, else 1, 2, 3."""
    ids = [a.claim.id for a in note.assessments]
    if len(set(ids)) == len(ids) and all(
        i[:1] == "c" and i[1:].isdecimal() and i.isascii() for i in ids
    ):
        numbers = [int(i[1:]) for i in ids if len(i) < 9]
        if len(set(numbers)) == len(ids):
            return numbers
    return list(range(1, len(ids) + 1))


def _meta(note: Note) -> Sequence[str]:
    page, article = table(note.language)["page"], note.article
    date = day(article.published, note.language)
    if article.published_inferred:
        date = f"{page['inferred']} {date}"
    parts = [article.outlet or "", f"{page['published']} {date}", _language_name(note)]
    return [one_line(p) for p in parts if p]


def _language_name(note: Note) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(
            Locale.parse(note.article.language, sep="-").get_display_name(note.language) or ""
        )
    except (UnknownLocaleError, ValueError, TypeError):
        return note.article.language


def _analyst(note: Note) -> str:
    p = note.provenance
    if p.analyst == "local":
        return table(note.language)["page"]["analyst_local"]
    return one_line(f"{p.analyst} {p.model or ''}")


def _collection(note: Note, lookup: Lookup) -> str:
    """Which collection was asked, of which day, and how new its newest report is."""
    words = table(note.language, "page")["html"]
    p = note.provenance
    created = told.written(p.created[:10], note.language)
    key = "collection" if p.newest else "collection_bare"
    return words[key].format(
        store=one_line(p.store), created=created, newest=told.written(p.newest, note.language)
    )


def _counts(
    cards: Sequence[Card], language: str, labels: Mapping[str, str]
) -> Sequence[tuple[str, str, int]]:
    names = verdicts(language, labels)
    counted = [
        (v, names[v], sum(c.verdict == v and not c.dropped for c in cards)) for v in ruling.ORDER
    ]
    return [c for c in counted if c[2]]


def _bars(found: Sequence[Carrier], by_claim: Mapping[str, Card]) -> Sequence[Bar]:
    most = max((c.total for c in found), default=1)
    return [
        Bar(
            origin=one_line(c.origin),
            party=c.party,
            alone=len(c.alone),
            shared=len(c.shared),
            claims=tuple(by_claim[i].link for i in (*c.alone, *c.shared)),
            solid=100 * len(c.alone) / most,
            hatched=100 * len(c.shared) / most,
        )
        for c in found
    ]


def _groups(note: Note, cards: Sequence[Card], register: Register) -> Sequence[Group]:
    cited: dict[str, dict[str, Link]] = {}
    for c in cards:
        for k in c.quotes:
            cited.setdefault(k.citation.reference, {})[c.anchor] = c.link
    grouped: dict[tuple[str, ...], list[Source]] = {}
    for r in note.references:
        origins = tuple(register.canonical(o) for o in r.origins) or (
            register.canonical(r.publisher),
        )
        grouped.setdefault(tuple(sorted(dict.fromkeys(origins))), []).append(
            Source(
                reference=r,
                title=for_page(one_line(r.title)),
                publisher=one_line(r.publisher),
                published=day(r.published, note.language),
                url=safe_url(r.url),
                archive=safe_url(r.archive_url),
                cited=tuple(cited.get(r.id, {}).values()),
            )
        )
    ordered = sorted(grouped.items(), key=lambda g: (-len(g[1]), g[0]))
    return [
        Group(one_line(" + ".join(o)), all(register.is_party(x) for x in o), tuple(sources))
        for o, sources in ordered
    ]


def _loaded(cards: Sequence[Card]) -> Sequence[tuple[str, str, tuple[Link, ...]]]:
    out: dict[tuple[str, str], dict[str, Link]] = {}
    for c in cards:
        for x in c.assessment.claim.loaded:
            out.setdefault((one_line(x.term), one_line(x.neutral)), {})[c.anchor] = c.link
    return [(term, neutral, tuple(links.values())) for (term, neutral), links in out.items()]


def _ledger(note: Note) -> Sequence[Unchecked]:
    kinds = table(note.language)["ledger"]
    reasons = table(note.language, "page")["ledger_reason"]
    return [
        Unchecked(
            kinds[str(e.kind)],
            one_line(reasons.get(e.reason, e.reason)),
            for_page(note.article.text[e.start : e.end]),
        )
        for e in note.ledger
        if e.kind is not LedgerKind.CLAIM and not e.claims
    ]


def _provenance(note: Note) -> Sequence[tuple[str, str]]:
    words = table(note.language, "page")["html"]
    p, usage = note.provenance, note.usage
    rows = [
        (words["analyst"], _analyst(note)),
        (words["embedding"], p.embedding),
        (words["prompts"], ", ".join(f"{k} {v}" for k, v in p.prompts.items())),
        (words["version"], f"factcheck {p.version}"),
        (words["made"], p.created),
        (words["took"], words["seconds"].format(n=f"{usage.seconds:.1f}")),
        (words["calls"], str(usage.calls or "")),
        (words["tokens"], f"{usage.input_tokens} + {usage.output_tokens}" if usage.calls else ""),
        (words["article_hash"], note.article.sha256),
    ]
    return [(name, one_line(value)) for name, value in rows if value]
