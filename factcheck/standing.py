"""Notes that stand while the collection grows: what would come out today.

`recheck` searches, judges and verifies a note's claims again and says what differs and why; nothing
is changed until `updated`. Where it is known what is new (`news.concerned`), it is held against the
claims beside what they cited, and nothing is searched for.

A change needs a reason: a report that came in since the claim was judged, or one that it cited and
that is gone or was edited. What comes out otherwise without one (a grown collection is searched
otherwise, other rules read otherwise) is told apart, and is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from factcheck import history
from factcheck._version import __version__
from factcheck.changes import Change, compare, reason_line
from factcheck.evidence import near_countries, read_claim, setting
from factcheck.models import (
    Assessment,
    Claim,
    Decision,
    Evidence,
    Note,
    Reference,
    Stance,
    claim_json,
)
from factcheck.news import News, added_on, elsewhere
from factcheck.noteindex import told_by
from factcheck.pipeline import Checker
from factcheck.steps import find
from factcheck.store import Store

SEARCHED = "searched for again"
UNFOUNDED = "read otherwise, with no new report behind it"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a recheck of one note found.

    `found` are the assessments behind `changes`. `unfounded` are changes with no new report behind
    them, `read_otherwise` the assessments behind those. `how` says of each claim of either what it was held
    against. `failed` are claims that could not be judged this time; `otherwise` says who analysed
    then, if it was somebody else.
    """

    note: Note
    changes: tuple[Change, ...]
    found: tuple[Assessment, ...]
    checked: int
    failed: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    unfounded: tuple[Change, ...] = ()
    read_otherwise: tuple[Assessment, ...] = ()
    how: Mapping[str, str] = field(default_factory=dict)


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
    again = _Again(checker, note, chosen, news or {})
    made = again.judged()
    changes: dict[str, Change] = {}
    failed = []
    for old in chosen:
        new = made[old.claim.id]
        if new.verdict is None:
            if old.verdict is not None or new.error != old.error:
                failed.append((new.claim.id, new.error or ""))
        elif change := compare(old, new, again.state, again.is_new_to(old.claim)):
            changes[old.claim.id] = change
    founded = again.founded([made[id] for id in changes])
    there = {a.claim.id: again.with_the_search(a, made[a.claim.id]) for a in chosen}
    return Rechecked(
        note,
        changes=tuple(c for id, c in changes.items() if id in founded),
        found=tuple(there[id] for id in changes if id in founded),
        checked=len(chosen),
        failed=tuple(failed),
        otherwise=_otherwise(checker, note),
        unfounded=tuple(c for id, c in changes.items() if id not in founded),
        read_otherwise=tuple(there[id] for id in changes if id not in founded),
        how={id: again.how(id) for id in changes},
    )


class _Again:
    """Claims of a note that are judged again, with what each is held against."""

    def __init__(
        self,
        checker: Checker,
        note: Note,
        chosen: Sequence[Assessment],
        news: Mapping[str, Sequence[News]],
    ) -> None:
        self.checker, self.note, self.chosen = checker, note, chosen
        self.state = {r.id: _state(r, checker.store) for r in note.references}
        self.weighty = {
            a.claim.id: [c for c in a.citations if c.stance is not Stance.CONTEXT] for a in chosen
        }
        self._new = {a.claim.id: {n.reference.id for n in news.get(a.claim.id, ())} for a in chosen}
        self._since = _judged_last(note)
        self._known: dict[str, find.Found] = {}  # of claims that are held against news
        self._searched: dict[str, find.Found] = {}
        for a in chosen:
            if news.get(a.claim.id) and not self._lost(a):
                self._known[a.claim.id] = _held_against(checker.store, a, news[a.claim.id])
        self._counting = {id for id, told in news.items() if any(n.counts for n in told)}

    def judged(self) -> dict[str, Assessment]:
        self._search([a.claim for a in self.chosen if a.claim.id not in self._known])
        made = self._assess([a.claim for a in self.chosen])
        by_figure = [
            a.claim
            for a in self.chosen
            if a.claim.id in self._known.keys() & self._counting
            and made[a.claim.id].verdict not in (None, a.verdict)
        ]
        if by_figure:
            self._search(by_figure)
            made |= self._assess(by_figure)
        return made

    def founded(self, made: Sequence[Assessment]) -> set[str]:
        """Of claims that come out otherwise, those where something new is the reason: it is cited
        now, and by the rules the claim would not come out so without it. (A model is taken at its
        word; it would have to be asked again.)"""
        old = {a.claim.id: a for a in self.chosen}
        out = {a.claim.id for a in made if self._lost(old[a.claim.id])}
        cites = {
            a.claim.id: a
            for a in made
            if a.claim.id not in out
            and any(self._is_new(a.claim.id, c.reference) for c in a.citations)
        }
        if self.checker.analyst.model is not None:
            return out | cites.keys()
        without = self._assess([a.claim for a in cites.values()], self._without_news)
        for id, other in without.items():
            if other.verdict is None or compare(other, cites[id], {}):
                out.add(id)
        return out

    def is_new_to(self, claim: Claim) -> Callable[[str], bool]:
        """Tells of a report whether it came in since the claim was judged."""
        return lambda reference: self._is_new(claim.id, reference)

    def how(self, claim: str) -> str:
        """What a claim was held against, in words."""
        if claim in self._searched:
            return SEARCHED
        found = self._known[claim]
        every = (*found.evidence, *found.timeline)
        count = len({e.passage.id for e in every if self._is_new(claim, e.reference.id)})
        return f"held against {count} new sentence{'s' * (count != 1)} and what it cited"

    def with_the_search(self, old: Assessment, new: Assessment) -> Assessment:
        """An assessment; one that rests on news, with what the search of before had looked at."""
        if new.claim.id in self._searched:
            return new
        nearest = tuple(dict.fromkeys((*new.nearest, *old.nearest)))
        return replace(new, searched=old.searched + new.searched, nearest=nearest)

    def _search(self, claims: Sequence[Claim]) -> None:
        found = self.checker.find(claims, self.note.article)
        for claim, f in zip(claims, found, strict=True):
            self._searched[claim.id] = self._of_its_countries(claim, f)

    def _found(self, claim: str) -> find.Found:
        return self._searched.get(claim) or self._known[claim]

    def _assess(
        self, claims: Sequence[Claim], found: Callable[[str], find.Found] | None = None
    ) -> dict[str, Assessment]:
        if not claims:
            return {}
        hits = {c.id: (found or self._found)(c.id) for c in claims}
        made = self.checker.assess(self.note.article, claims, cited=self.weighty, found=hits)
        return {a.claim.id: a for a in made}

    def _lost(self, a: Assessment) -> bool:
        """It cites a report which is gone or was edited since."""
        return any(self.state.get(c.reference) for c in a.citations)

    def _is_new(self, claim: str, reference: str) -> bool:
        if reference in self._new[claim]:
            return True
        stored = self.checker.store.reference(reference)
        came = stored and (stored.retrieved or added_on(stored))
        return bool(came) and str(came) >= self._since.get(claim, self.note.provenance.created)

    def _without_news(self, claim: str) -> find.Found:
        return _only(self._found(claim), lambda e: not self._is_new(claim, e.reference.id))

    def _of_its_countries(self, claim: Claim, found: find.Found) -> find.Found:
        """What was found, without new reports that tell of other countries than the article does."""
        near = near_countries(self.note.article)
        lands = near | read_claim(claim, self.note.article, near).countries
        lands |= setting(claim, self.note.article, near).countries
        return _only(
            found,
            lambda e: (
                not (self._is_new(claim.id, e.reference.id) and elsewhere(lands, e.reference))
            ),
        )


def lost(store: Store, note: Note) -> set[str]:
    """The claims that cite a report which is gone or was edited since."""
    state = {r.id: _state(r, store) for r in note.references}
    return {
        a.claim.id for a in note.assessments if any(state.get(c.reference) for c in a.citations)
    }


def updated(checker: Checker, result: Rechecked, by: str = "", *, unfounded: bool = False) -> Note:
    """The note with what was found in place of what stood, which its history keeps; with `unfounded`
    also what is read otherwise with no new report behind it."""
    note = result.note
    changes = [(c, "") for c in result.changes]
    new = {a.claim.id: a for a in result.found}
    if unfounded:
        changes += [(c, UNFOUNDED) for c in result.unfounded]
        new |= {a.claim.id: a for a in result.read_otherwise}
    old = {a.claim.id: a for a in note.assessments}
    made = checker.noted(
        replace(note, assessments=tuple(new.get(a.claim.id, a) for a in note.assessments))
    )
    for change, told in changes:
        how = result.how[change.claim]
        entry = Decision(
            at=history.now(),
            kind="recheck",
            by=by,
            claim=change.claim,
            value=change.now,
            reason="; ".join(x for x in (told, *map(reason_line, change.why), how) if x),
            before=claim_json(old[change.claim]),
        )
        made = history.append(made, entry)
    return made


def _held_against(store: Store, old: Assessment, news: Sequence[News]) -> find.Found:
    """What is there for a claim without a search: news, and the sentences that it cited."""
    context = [c for c in old.citations if c.stance is Stance.CONTEXT]
    timeline = (*find.cited_again(context, store), *(_evidence(n) for n in news if n.counts))
    return find.Found(
        evidence=tuple(_evidence(n) for n in news if n.told),
        figures=lambda: timeline,
        usual=news[0].cosine - news[0].margin,
    )


def _evidence(news: News) -> Evidence:
    cosine = round(max(news.cosine, 0.0), 4)
    return Evidence(passage=news.passage, reference=news.reference, similarity=cosine, score=cosine)


def _only(found: find.Found, wanted: Callable[[Evidence], bool]) -> find.Found:
    return replace(
        found,
        evidence=tuple(e for e in found.evidence if wanted(e)),
        figures=lambda: tuple(e for e in found.timeline if wanted(e)),
    )


def _judged_last(note: Note) -> dict[str, str]:
    """When claims were judged again since the note was made."""
    return {d.claim: d.at for d in note.decisions if d.kind == "recheck"}


def _state(reference: Reference, store: Store) -> str:
    stored = store.reference(reference.id)
    if stored is None:
        return "withdrawn"
    return "" if told_by(stored) == told_by(reference) else "edited"


def _otherwise(checker: Checker, note: Note) -> str:
    then = note.provenance
    now = (checker.analyst.name, checker.analyst.model, __version__)
    if (then.analyst, then.model, then.version) == now:
        return ""
    return " ".join(x for x in (then.analyst, then.model, then.version) if x)
