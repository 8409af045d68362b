"""Step 5: proposals become assessments. Quotes are cut here, and code decides the verdict.

The verdict table, first row that fits (stances are those of sentences published up to the
article's date, after the figure, date and time checks below):

    row                   cited stances                                            verdict
    failed                judging failed                                           none, an error
    not_checkable         opinion, label, prediction                               not_checkable
    outdated              the claim's figure agrees with an older report only,     contradicted
                          every current one differs                                + outdated_figure
    disputed_figure       current figures of the quantity stand on both sides,     disputed
                          of different origins; or a report that gives the
                          claim's sets somebody else's beside it
    disputed              supports and contradicts of different origins            disputed
    garbled               reprints support it, the body that they go back to        contradicted
                          contradicts it itself
    contradicted          contradicts only, or both of one origin and the newer    contradicted
                          contradicts
    attribution           supports, but by nobody whom the article names as        partly_supported
                          speaker                                                  + attribution_mismatch
    forecast              supports, but of a forecast whose speaker is unnamed     partly_supported
    party                 supports of parties alone, of what the article tells     partly_supported
                          as a fact or lets an unnamed speaker assert              + party_source
    partly                supports with qualifies, or qualifies only               partly_supported
    supported             supports only                                            supported
    hindsight             only later reports bear on it                            not_enough_evidence
    nothing               none                                                     not_enough_evidence

Only this module makes an `Assessment`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from factcheck.analysts.local.odd_one import ALL_ELSE
from factcheck.compare import Match, date_match, days, elsewhere, said_another_day
from factcheck.evidence import (
    base_of,
    lands_of,
    near_countries,
    read_around,
    read_claim,
    read_evidence,
    read_report,
    read_words,
    setting,
)
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    Claim,
    ClaimKind,
    Evidence,
    FigureCheck,
    Proposal,
    Stance,
    Verdict,
)
from factcheck.origins import families, misattributed, origins_of, party_alone, speakers
from factcheck.reading import Reading
from factcheck.rivals import rival
from factcheck.sources import Register
from factcheck.text.dates import When
from factcheck.text.figures import FATES, Figure
from factcheck.text.wanted import wishes
from factcheck.timeline import Point, Timeline, is_hindsight, timelines, too_old

_POINTS = 12  # timeline points shown for one figure


@dataclass
class _Case:
    """What is known of one claim while it is being decided."""

    article: Article
    claim: Claim
    own: Reading
    said: Reading  # its own words, attribution included
    register: Register
    cited: list[tuple[Evidence, Stance, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    difference: str = ""

    def of(self, stance: Stance) -> list[Evidence]:
        """Cited evidence of a stance that the article could have known."""
        return [e for e, s, _ in self.cited if s is stance and not self.late(e)]

    def late(self, evidence: Evidence) -> bool:
        return is_hindsight(evidence.reference.published, self.article)

    def cite(self, evidence: Evidence, stance: Stance, reason: str) -> None:
        """Cite a sentence, or give one that was context or a part the new stance."""
        for i, (e, s, _) in enumerate(self.cited):
            if e.passage.id == evidence.passage.id:
                if s in (Stance.CONTEXT, Stance.QUALIFIES):
                    self.cited[i] = (e, stance, reason)
                return
        self.cited.append((evidence, stance, reason))

    def restate(self, old: Stance, new: Stance, wanted: Callable[[Evidence, str], bool]) -> None:
        """Give sentences of one stance another, where `wanted` says so."""
        self.cited = [(e, new if s is old and wanted(e, r) else s, r) for e, s, r in self.cited]

    def flag(self, name: str) -> None:
        if name not in self.flags:
            self.flags.append(name)


def verify(
    claim: Claim,
    evidence: Sequence[Evidence],
    timeline: Sequence[Evidence],
    proposal: Proposal,
    article: Article,
    register: Register,
) -> Assessment:
    """Decide one claim. `timeline` are sentences with figures of the claim's quantity."""
    nearest = tuple(dict.fromkeys(e.reference.id for e in evidence))
    if proposal.error:
        return Assessment(
            claim=claim, verdict=None, rule="failed", error=proposal.error,
            searched=len(evidence), nearest=nearest,
        )  # fmt: skip
    if not proposal.checkable:
        return _not_checkable(claim, len(evidence), nearest)
    near = lands_of(article, evidence)
    case = _Case(
        article, claim, read_claim(claim, article, near), read_words(claim, article, near), register
    )
    case.cited = [
        (evidence[p.evidence], p.stance, p.reason)
        for p in proposal.pointers
        if p.stance is not Stance.CONTEXT
    ]
    _leave_out_stale(case)
    _leave_out_silent(case)
    said = read_around(claim, article, near)
    lines = timelines(
        case.own,
        [*evidence, *timeline],
        article,
        setting(claim, article, near_countries(article)),
        said,
    )
    lines = [_of_speaker(line, case) for line in lines]
    _settle_figures(case, lines)
    verdict, rule = _decide(case, lines)
    if verdict is Verdict.NOT_CHECKABLE:
        return _not_checkable(claim, len(evidence), nearest)
    origins = _origins(case, verdict)
    _mark(case, verdict, origins)
    citations, checks = _cite(case, lines, verdict)
    return Assessment(
        claim=claim,
        verdict=verdict,
        answers=_answers(case, verdict, origins),
        rule=rule,
        flags=tuple(case.flags),
        difference=case.difference,
        origins=origins,
        citations=citations,
        figures=checks,
        searched=len(evidence),
        nearest=nearest,
    )


def _not_checkable(claim: Claim, searched: int, nearest: tuple[str, ...]) -> Assessment:
    """No verdict to be had, and nothing to cite for one."""
    return Assessment(
        claim=claim, verdict=Verdict.NOT_CHECKABLE, rule="not_checkable",
        flags=("loaded_wording",) if claim.loaded else (), searched=searched, nearest=nearest,
    )  # fmt: skip


# ---------------------------------------------------------------- figures and time


def _leave_out_stale(case: _Case) -> None:
    """A report long before the article contradicts nothing in it: it tells of another event."""
    limit = too_old(case.article.published)
    case.restate(
        Stance.CONTRADICTS,
        Stance.CONTEXT,
        lambda e, _: bool(limit and e.reference.published and e.reference.published < limit),
    )


def _leave_out_silent(case: _Case) -> None:
    """Where a report gives another day than the claim, one that names no day does not stand against it;
    nor one that knows no such place, where another gives the place."""
    reasons = [r for _, s, r in case.cited if s is Stance.CONTRADICTS]
    told = days(case.said)
    if told and any(r.startswith("another day") for r in reasons):
        case.restate(Stance.SUPPORTS, Stance.CONTEXT, lambda e, _: not _of_day(e, told))
    towns = {p for p in case.own.places if p.city}
    if towns and any(r.startswith("another place") for r in reasons):
        case.restate(
            Stance.SUPPORTS,
            Stance.CONTEXT,
            lambda e, _: not towns & (read_evidence(e).places | read_report(e.reference).places),
        )


def _of_day(evidence: Evidence, told: Sequence[When]) -> bool:
    """The sentence names one of the days, or its report is of one."""
    base = base_of(evidence.reference)
    here = days(read_evidence(evidence))
    return any(
        any(d.overlaps(w) for w in here)
        or (base and d.first and abs((base - d.first).days) <= _NEXT)
        for d in told
    )


_NEXT = 1  # days between what happened and its report


def _of_speaker(line: Timeline, case: _Case) -> Timeline:
    """The timeline of the body that the article names for the figure, if it has a series of its
    own: a count of SOHR does not make the UN's outdated."""
    heads = {case.register.family(s) for s in speakers(case.claim)}
    if not heads:
        return line
    own = tuple(p for p in line.points if heads & families([p.evidence], case.register))
    return replace(line, points=own, window=0) if any(not p.hindsight for p in own) else line


def _settle_figures(case: _Case, lines: Sequence[Timeline]) -> None:
    """Bring stances into line with the figures.

    Where the claim's figures are the current ones, sentences that give them support it, and other
    figures do not contradict it: they are older, or somebody else's. Where they are not, sentences
    that give them are no support.
    """
    states = [line.verdict() for line in lines]
    if states and all(state == "agree" for state in states):
        complete = len(lines) == len(_counting(case.own))  # each figure has its own
        case.restate(
            Stance.CONTRADICTS,
            Stance.CONTEXT,
            lambda e, reason: (
                "figure" in reason and "part" not in reason and (complete or ALL_ELSE not in reason)
            ),
        )
        if complete:
            for line in lines:
                for point in line.newest():
                    if point.pair.agree and _weighty(point.pair.claim) and _fits(point, case):
                        case.cite(point.evidence, Stance.SUPPORTS, "the same figure")
    current = {p.evidence.passage.id for line in lines for p in line.newest()}
    past = {p.evidence.passage.id for line in lines for p in line.points} - current
    # An older figure, or one of another time, is no contradiction, unless the occasion is the same.
    case.restate(
        Stance.CONTRADICTS,
        Stance.CONTEXT,
        lambda e, reason: "figure" in reason and ALL_ELSE not in reason and e.passage.id in past,
    )
    for line, state in zip(lines, states, strict=True):
        if state in ("outdated", "disagree"):
            case.restate(Stance.SUPPORTS, Stance.CONTEXT, _gives_figure_of(line))


def _fits(point: Point, case: _Case) -> bool:
    """Day and place do not stand against a sentence that gives the claim's figure."""
    theirs = read_evidence(point.evidence)
    return (
        date_match(case.own, theirs) is not Match.DIFFER
        and not said_another_day(case.said, theirs)
        and not elsewhere(case.own, read_report(point.evidence.reference))
        and not _only_wished(point.pair.evidence, theirs, case.said)
    )


def _only_wished(figure: Figure, theirs: Reading, said: Reading) -> bool:
    """The figure is one of a plan or a demand, and the claim tells of neither."""
    planned = wishes(theirs.text, theirs.language)
    inside = any(start <= figure.start < end for start, end in planned)
    return inside and not wishes(said.text, said.language)


def _gives_figure_of(line: Timeline) -> Callable[[Evidence, str], bool]:
    """Tells of a sentence whether it gives the claim's figure."""
    agreeing = {p.evidence.passage.id for p in line.points if p.pair.agree}
    return lambda evidence, _: evidence.passage.id in agreeing


def _weighty(figure: Figure) -> bool:
    """A figure that hardly agrees by chance: of people's fate, or a large one."""
    return bool(figure.counts & FATES) or figure.value >= 100


def _counting(own: Reading) -> list[Figure]:
    """The figures of a claim that count something, as opposed to bare numbers and durations."""
    return [f for f in own.figures if f.unit in ("count", "percent", "money")]


# ---------------------------------------------------------------- the table


def _decide(case: _Case, lines: Sequence[Timeline]) -> tuple[Verdict, str]:
    supports, contradicts = case.of(Stance.SUPPORTS), case.of(Stance.CONTRADICTS)
    qualifies = case.of(Stance.QUALIFIES)
    states = [line.verdict() for line in lines]
    if "outdated" in states:
        case.flag("outdated_figure")
        case.difference = "figure"
        return Verdict.CONTRADICTED, "outdated"
    if "disputed" in states and _two_origins(lines, case):
        return Verdict.DISPUTED, "disputed_figure"
    if "disputed" in states and _overtaken(lines):
        case.flag("outdated_figure")
        case.difference = "figure"
        return Verdict.CONTRADICTED, "outdated"
    if _rivalled(case):
        case.difference = "figure"
        return Verdict.DISPUTED, "disputed_figure"
    if contradicts and not supports:
        _name_difference(case)
        return Verdict.CONTRADICTED, "contradicted"
    if "disagree" in states and not supports and contradicts:
        case.flag("figure_mismatch")
        case.difference = "figure"
        return Verdict.CONTRADICTED, "contradicted"
    if supports and contradicts:
        _name_difference(case)
        if families(supports, case.register) != families(contradicts, case.register):
            return Verdict.DISPUTED, "disputed"
        if _garbled(supports, contradicts, case.register):
            return Verdict.CONTRADICTED, "garbled"
        newer = max(str(e.reference.published or "") for e in contradicts)
        older = max(str(e.reference.published or "") for e in supports)
        if newer > older:
            return Verdict.CONTRADICTED, "contradicted"
        return Verdict.PARTLY, "partly"
    if supports and misattributed(case.claim, supports, case.register):
        case.flag("attribution_mismatch")
        return Verdict.PARTLY, "attribution"
    if supports and case.claim.kind is ClaimKind.PREDICTION and not speakers(case.claim):
        return Verdict.PARTLY, "forecast"
    if supports and party_alone(case.claim, case.own, supports, case.register):
        return Verdict.PARTLY, "party"
    if qualifies:
        return Verdict.PARTLY, "partly"
    if supports:
        return Verdict.SUPPORTED, "supported"
    if case.claim.kind is ClaimKind.PREDICTION and not case.claim.attribution:
        return Verdict.NOT_CHECKABLE, "not_checkable"  # and what came of it later is hindsight
    if any(case.late(e) for e, s, _ in case.cited if s is not Stance.CONTEXT):
        case.flag("hindsight")
        return Verdict.NOT_ENOUGH, "hindsight"
    return Verdict.NOT_ENOUGH, "nothing"


def _rivalled(case: _Case) -> bool:
    """A report that gives the claim's figure sets another holder's beside it, and the article does
    not say whose figure it gives. Such a report is cited against the claim: it does not settle it."""
    if speakers(case.claim):
        return False
    both = [
        e.passage.id
        for e in case.of(Stance.SUPPORTS)
        for figure in _counting(case.own)
        if rival(figure, read_evidence(e), case.register)
    ]
    case.restate(Stance.SUPPORTS, Stance.CONTRADICTS, lambda e, _: e.passage.id in both)
    return bool(both)


def _two_origins(lines: Sequence[Timeline], case: _Case) -> bool:
    for line in lines:
        if line.verdict() != "disputed":
            continue
        yes = [p.evidence for p in line.newest() if p.pair.agree]
        no = [p.evidence for p in line.newest() if not p.pair.agree]
        if families(yes, case.register) != families(no, case.register):
            return True
    return False


def _garbled(
    supports: Sequence[Evidence], contradicts: Sequence[Evidence], register: Register
) -> bool:
    """Reprints bear it out, and the body that they go back to says otherwise itself."""
    return any(_first_hand(e, register) for e in contradicts) and not any(
        _first_hand(e, register) for e in supports
    )


def _first_hand(evidence: Evidence, register: Register) -> bool:
    """The report is published by the body that it goes back to."""
    publisher = evidence.reference.publisher
    named = [n.source.short for n in register.find(publisher)] or [register.canonical(publisher)]
    own = {register.family(n) for n in named}
    return any(register.family(o) in own for o in origins_of(evidence, register))


def _overtaken(lines: Sequence[Timeline]) -> bool:
    """One origin gave the claim's figure and, on a later day, another."""
    for line in lines:
        if line.verdict() != "disputed":
            continue
        yes = [p.as_of for p in line.newest() if p.pair.agree and p.as_of]
        no = [p.as_of for p in line.newest() if not p.pair.agree and p.as_of]
        if yes and no and max(yes) < max(no):
            return True
    return False


# What an analyst's reason for a contradiction speaks of: the words in it, the code, the flag.
_DIFFERENCES = (
    ("figure", "figure", "figure_mismatch"),
    ("day", "day", "date_mismatch"),
    ("year", "year", "date_mismatch"),
    ("place", "place", "place_mismatch"),
    ("other way round", "direction", ""),
    ("opposite", "opposite", ""),
    (", not ", "action", ""),
)


def _name_difference(case: _Case) -> None:
    """Say in what the first contradicting sentence differs, and flag it."""
    for _, stance, reason in case.cited:
        if stance is not Stance.CONTRADICTS:
            continue
        for words, code, flag in _DIFFERENCES:
            if words in reason:
                case.difference = case.difference or code
                if flag:
                    case.flag(flag)
                break


# ---------------------------------------------------------------- origins and flags


def _origins(case: _Case, verdict: Verdict) -> tuple[str, ...]:
    """The origins behind the sentences that carry the verdict."""
    stances = {
        Verdict.SUPPORTED: (Stance.SUPPORTS,),
        Verdict.PARTLY: (Stance.SUPPORTS, Stance.QUALIFIES),
        Verdict.CONTRADICTED: (Stance.CONTRADICTS,),
        Verdict.DISPUTED: (Stance.SUPPORTS, Stance.CONTRADICTS),
    }.get(verdict, ())
    found = [o for s in stances for e in case.of(s) for o in origins_of(e, case.register)]
    return tuple(dict.fromkeys(found))


def _mark(case: _Case, verdict: Verdict, origins: tuple[str, ...]) -> None:
    """Flags that go with any verdict."""
    heads = {case.register.family(o) for o in origins}
    if verdict is Verdict.SUPPORTED and len(heads) == 1:
        case.flag("single_origin")
    borne_out = verdict in (Verdict.SUPPORTED, Verdict.PARTLY) and bool(origins)
    if borne_out and all(case.register.is_party(o) for o in origins):
        case.flag("party_source")
    if any(case.late(e) for e, s, _ in case.cited if s is not Stance.CONTEXT):
        case.flag("hindsight")
    if case.claim.loaded:
        case.flag("loaded_wording")
    if case.claim.injected:
        case.flag("injection_suspected")
    if any(q in case.claim.said for q in '“«„"') and verdict is not Verdict.NOT_ENOUGH:
        cited = [e for e, s, _ in case.cited if s is Stance.SUPPORTS]
        if cited and all(e.reference.language != case.article.language for e in cited):
            case.flag("translated_quote")
    if any(w.weekday_wrong for w in case.own.dates):
        case.flag("date_mismatch")


def _answers(case: _Case, verdict: Verdict, origins: tuple[str, ...]) -> str:
    """Which question the verdict answers: whether it was said, or whether it is so.

    A statement confirmed only by the one who made it, or by a party, was said; no more is known.
    """
    told = (ClaimKind.STATEMENT, ClaimKind.PREDICTION)
    if case.claim.kind in told and case.claim.attribution:
        case.flag("attribution_only")
        return "said"
    said_by = {case.register.family(s) for s in speakers(case.claim)}
    behind = {case.register.family(o) for o in origins}
    if verdict is Verdict.SUPPORTED and said_by and behind and behind <= said_by:
        case.flag("attribution_only")
        return "said"
    return "so"


# ---------------------------------------------------------------- citations


def _cite(
    case: _Case, lines: Sequence[Timeline], verdict: Verdict
) -> tuple[tuple[Citation, ...], tuple[FigureCheck, ...]]:
    """Cut the quotations, each once, and put the timelines' points beside the claim's figures."""
    ids: dict[str, str] = {}
    citations: list[Citation] = []

    def cite(evidence: Evidence, stance: Stance) -> str:
        passage = evidence.passage
        if passage.id not in ids:
            ids[passage.id] = f"{case.claim.id}.k{len(citations) + 1}"
            reference = evidence.reference
            citations.append(
                Citation(
                    id=ids[passage.id],
                    reference=reference.id,
                    publisher=reference.publisher,
                    published=reference.published,
                    stance=stance,
                    quote=reference.text[passage.start : passage.end],
                    start=passage.start,
                    end=passage.end,
                    url=reference.url,
                    origins=origins_of(evidence, case.register),
                    hindsight=case.late(evidence),
                    page=reference.page(passage.start),
                )
            )
        return ids[passage.id]

    order = (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.QUALIFIES)
    for wanted in order:
        for evidence, stance, _ in case.cited:
            if stance is wanted:
                cite(evidence, stance)
    checks: list[FigureCheck] = []
    decided = verdict in (Verdict.CONTRADICTED, Verdict.DISPUTED)
    newest = [p for line in lines for p in line.newest()]
    against = {p.evidence.passage.id for p in newest if decided and not p.pair.agree}
    for line in lines:
        for point in _shown(line):
            id = point.evidence.passage.id
            known = next((s for e, s, _ in case.cited if e.passage.id == id), Stance.CONTEXT)
            if known is Stance.CONTEXT and id in against:
                known = Stance.CONTRADICTS
            citation = cite(point.evidence, known)
            checks.append(_check(line, point, citation, point in line.newest(), case))
    return tuple(citations), tuple(checks)


def _shown(line: Timeline) -> list[Point]:
    """The newest points and, of the rest, the latest ones."""
    return list(line.points[-_POINTS:])


def _check(line: Timeline, point: Point, citation: str, newest: bool, case: _Case) -> FigureCheck:
    reference = point.evidence.reference
    counted = sorted(line.figure.counts | line.figure.of)
    return FigureCheck(
        claim=line.figure.text,
        evidence=point.pair.evidence.text,
        quantity=" ".join(counted).replace("_", " "),
        agree=point.pair.agree,
        citation=citation,
        published=reference.published,
        publisher=reference.publisher,
        origins=origins_of(point.evidence, case.register),
        value=point.pair.evidence.value,
        newest=newest,
        hindsight=point.hindsight,
    )
