"""What differs between two assessments of one claim, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from factcheck.models import Assessment, FigureCheck


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim comes out otherwise.

    kind: "report" (it is cited now), "new" (the same, and it came into the collection after the
    note was made), "withdrawn", "edited", "dropped" (it is cited no more), "stance" (it is read otherwise
    beside the others), "figure" (another figure
    is current) or "later" (a figure younger than the article).
    """

    kind: str
    reference: str = ""
    publisher: str = ""
    published: date | None = None
    told: str = ""  # the stance, or the figure


@dataclass(frozen=True, slots=True)
class Change:
    """What would change in one claim. Verdicts are "failed" where there is none."""

    claim: str
    said: str
    before: str
    now: str
    flags_gained: tuple[str, ...] = ()
    flags_lost: tuple[str, ...] = ()
    origins_before: tuple[str, ...] = ()
    origins_now: tuple[str, ...] = ()
    figures_before: tuple[str, ...] = ()  # those that are current
    figures_now: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()


def compare(
    old: Assessment,
    new: Assessment,
    state: Mapping[str, str],
    came_since: Callable[[str], bool] = lambda _: False,
) -> Change | None:
    """What differs between two assessments of a claim, or None where nothing of weight does.

    `state` tells of the reports that the old one cites: "", "withdrawn" or "edited"; `came_since`
    of a report whether it came into the collection after the note was made.
    """
    cited = {(c.reference, c.quote) for c in new.citations}
    gone = {r: s for r, s in state.items() if s and _lost(old, r, cited)}
    current, before = _current(new), _current(old)
    later = _later(new) - _later(old)
    same = (
        old.verdict == new.verdict
        and set(old.flags) == set(new.flags)
        and set(old.origins) == set(new.origins)
        and current.keys() == before.keys()
    )
    if same and not gone and not later:
        return None
    # A report whose sentence stands may have been edited in its publisher or its origins.
    own = {c.reference for c in old.citations}
    touched = gone if same else {r: s for r, s in state.items() if s and r in own}
    why = [Reason(s, r, *_publication(old, r)) for r, s in sorted(touched.items())]
    why += _sources(old, new, gone, came_since)
    if current.keys() != before.keys():
        why += [_figure("figure", f) for v, f in current.items() if v not in before]
    why += [_figure("later", f) for f in new.figures if f.hindsight and f.value in later]
    return Change(
        claim=old.claim.id,
        said=old.claim.said or old.claim.statement,
        before=str(old.verdict or "failed"),
        now=str(new.verdict or "failed"),
        flags_gained=tuple(f for f in new.flags if f not in old.flags),
        flags_lost=tuple(f for f in old.flags if f not in new.flags),
        origins_before=old.origins,
        origins_now=new.origins,
        figures_before=tuple(f.evidence for f in before.values()),
        figures_now=tuple(f.evidence for f in current.values()),
        why=tuple(dict.fromkeys(why)),
    )


def reason_line(reason: Reason) -> str:
    """A reason in words."""
    when = f", {reason.published}" if reason.published else ""
    source = f"{reason.reference} ({reason.publisher}{when})" if reason.reference else ""
    return {
        "new": f"new report {source} {reason.told} it",
        "report": f"{source} {reason.told} it",
        "withdrawn": f"{source} is not in the collection any more",
        "edited": f"{source} was edited since",
        "dropped": f"{source} is cited no more",
        "stance": f"{source}: {reason.told}",
        "figure": f"current figure: {reason.told} ({reason.publisher}{when})",
        "later": f"later figure: {reason.told} ({reason.publisher}{when})",
    }[reason.kind]


def _sources(
    old: Assessment,
    new: Assessment,
    gone: Collection[str],
    came_since: Callable[[str], bool],
) -> list[Reason]:
    """The reports that are cited now and were not, and the other way round. Those that only lend a
    figure to the timeline are told of by their figure."""
    before = {c.reference for c in old.citations}
    now = {c.reference for c in new.citations}
    out = [
        Reason(
            "new" if came_since(c.reference) else "report",
            c.reference,
            c.publisher,
            c.published,
            str(c.stance),
        )
        for c in new.citations
        if c.reference not in before and str(c.stance) != "context"
    ]
    out += [
        Reason("dropped", c.reference, c.publisher, c.published)
        for c in old.citations
        if c.reference not in now and c.reference not in gone and str(c.stance) != "context"
    ]
    stood = {(c.reference, c.start): str(c.stance) for c in old.citations}
    out += [
        Reason(
            "stance",
            c.reference,
            c.publisher,
            c.published,
            f"{_does(stood[c.reference, c.start])}; now it {_does(str(c.stance))}",
        )
        for c in new.citations
        if stood.get((c.reference, c.start), str(c.stance)) != str(c.stance)
    ]
    return out


def _does(stance: str) -> str:
    return "gives context" if stance == "context" else stance


def _lost(old: Assessment, reference: str, cited: Collection[tuple[str, str]]) -> bool:
    mine = {(c.reference, c.quote) for c in old.citations if c.reference == reference}
    return bool(mine - set(cited))


def _publication(old: Assessment, reference: str) -> tuple[str, date | None]:
    return next((c.publisher, c.published) for c in old.citations if c.reference == reference)


def _current(a: Assessment) -> dict[float, FigureCheck]:
    return {f.value: f for f in a.figures if f.newest}


def _later(a: Assessment) -> set[float]:
    return {f.value for f in a.figures if f.hindsight}


def _figure(kind: str, f: FigureCheck) -> Reason:
    return Reason(kind, "", f.publisher, f.published, f.evidence)
