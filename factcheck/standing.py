"""Notes that stand while the collection grows: what would come out today.

`recheck` searches, judges and verifies a note's claims again and says what differs and why; nothing
is changed until `updated`. Where it is known what is new (`news.concerned`), it is held against the
claims beside what they cited, and nothing is searched for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from factcheck import history
from factcheck._version import __version__
from factcheck.models import (
    Assessment,
    Decision,
    Evidence,
    FigureCheck,
    Note,
    Reference,
    Stance,
    claim_json,
)
from factcheck.news import News
from factcheck.pipeline import Checker
from factcheck.steps import find
from factcheck.store import Store


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


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a recheck of one note found. `failed` are claims that could not be judged this time;
    `otherwise` says who analysed then, if it was somebody else."""

    note: Note
    changes: tuple[Change, ...]
    found: tuple[Assessment, ...]
    checked: int
    failed: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""


def recheck(
    checker: Checker,
    note: Note,
    claims: Collection[str] | None = None,
    news: Mapping[str, Sequence[News]] | None = None,
) -> Rechecked:
    """Check claims of a note (all of them, unless some are named) by what the collection holds now.

    `news`, by claim, is what is new: such a claim is held against that and against what it cited
    before, and is not searched for, unless it has lost something it cited, or a figure among the news
    changes its verdict: then sentences count again that the note had no reason to cite.

    A claim that cannot be judged this time counts as unchanged and is told of in `failed`.
    """
    chosen = [a for a in note.assessments if claims is None or a.claim.id in claims]
    state = {r.id: _state(r, checker.store) for r in note.references}
    known = {
        a.claim.id: _known(checker.store, note, a, news[a.claim.id])
        for a in chosen
        if news and a.claim.id in news and not any(state.get(c.reference) for c in a.citations)
    }
    weighty = {
        a.claim.id: [c for c in a.citations if c.stance is not Stance.CONTEXT] for a in chosen
    }
    found = checker.assess(note.article, [a.claim for a in chosen], cited=weighty, found=known)
    by_figure = [
        new.claim
        for old, new in zip(chosen, found, strict=True)
        if new.claim.id in known and new.verdict not in (None, old.verdict)
        and any(n.counts for n in (news or {})[new.claim.id])
    ]  # fmt: skip
    if by_figure:
        searched = checker.assess(note.article, by_figure, cited=weighty)
        again = dict(zip((c.id for c in by_figure), searched, strict=True))
        found = [again.get(new.claim.id, new) for new in found]
        known = {id: f for id, f in known.items() if id not in again}

    def came_since(id: str) -> bool:
        stored = checker.store.reference(id)
        return bool(stored and stored.retrieved and stored.retrieved > note.provenance.created)

    changes, failed, moved = [], [], []
    for old, new in zip(chosen, found, strict=True):
        if new.verdict is None:
            if old.verdict is not None or new.error != old.error:
                failed.append((new.claim.id, new.error or ""))
        elif change := compare(old, new, state, came_since):
            changes.append(change)
            moved.append(_with_the_search(old, new) if new.claim.id in known else new)
    return Rechecked(
        note, tuple(changes), tuple(moved), len(chosen), tuple(failed), _otherwise(checker, note)
    )


def lost(store: Store, note: Note) -> set[str]:
    """The claims that cite a report which is gone or was edited since."""
    state = {r.id: _state(r, store) for r in note.references}
    return {
        a.claim.id for a in note.assessments if any(state.get(c.reference) for c in a.citations)
    }


def _known(store: Store, note: Note, old: Assessment, news: Sequence[News]) -> find.Found:
    """What is there for a claim without a search: news, and the sentences that it cited."""
    context = [c for c in old.citations if c.stance is Stance.CONTEXT]
    return find.Found(
        evidence=tuple(_evidence(n) for n in news if n.told),
        timeline=(*find.cited_again(context, store), *(_evidence(n) for n in news if n.counts)),
        usual=news[0].cosine - news[0].margin,
    )


def _evidence(news: News) -> Evidence:
    cosine = round(max(news.cosine, 0.0), 4)
    return Evidence(passage=news.passage, reference=news.reference, similarity=cosine, score=cosine)


def _with_the_search(old: Assessment, new: Assessment) -> Assessment:
    """An assessment that rests on news, with what the search of before had looked at."""
    nearest = tuple(dict.fromkeys((*new.nearest, *old.nearest)))
    return replace(new, searched=old.searched + new.searched, nearest=nearest)


def updated(checker: Checker, result: Rechecked, by: str = "") -> Note:
    """The note with what was found in place of what stood, which its history keeps."""
    note = result.note
    new = {a.claim.id: a for a in result.found}
    old = {a.claim.id: a for a in note.assessments}
    made = checker.noted(
        replace(note, assessments=tuple(new.get(a.claim.id, a) for a in note.assessments))
    )
    for change in result.changes:
        entry = Decision(
            at=history.now(),
            kind="recheck",
            by=by,
            claim=change.claim,
            value=change.now,
            reason="; ".join(reason_line(r) for r in change.why),
            before=claim_json(old[change.claim]),
        )
        made = history.append(made, entry)
    return made


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
    why = [Reason(s, r, *_publication(old, r)) for r, s in sorted(gone.items())]
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
    stood = {c.reference: str(c.stance) for c in old.citations}
    out += [
        Reason(
            "stance",
            c.reference,
            c.publisher,
            c.published,
            f"{stood[c.reference]}; now it {c.stance}",
        )
        for c in new.citations
        if stood.get(c.reference, str(c.stance)) != str(c.stance)
    ]
    return out


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


def _state(reference: Reference, store: Store) -> str:
    stored = store.reference(reference.id)
    if stored is None:
        return "withdrawn"
    return "" if stored.sha256 == reference.sha256 else "edited"


def _otherwise(checker: Checker, note: Note) -> str:
    then = note.provenance
    now = (checker.analyst.name, checker.analyst.model, __version__)
    if (then.analyst, then.model, then.version) == now:
        return ""
    return " ".join(x for x in (then.analyst, then.model, then.version) if x)
