"""The stance of an evidence sentence towards a claim, by rules.

The claim is taken apart into elements (figures, dates, places, names, actions, things); each is
looked for in the sentence, or at half weight in the rest of its report. A sentence supports only
when nearly all is there and nothing differs; it contradicts only when nearly all is there and one
thing differs. Everything else is context. The embedding's similarity alone decides nothing: it is
blind to numbers and to negation.
"""

from __future__ import annotations

from dataclasses import dataclass

from factcheck import compare
from factcheck.compare import Match
from factcheck.models import Claim, ClaimKind, Stance
from factcheck.reading import Reading
from factcheck.text import lexicon
from factcheck.text.names import Name


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the lines are drawn; found by `bench/calibrate.py` on development data."""

    support: float = 0.62  # share of the claim's elements found, by weight
    support_similarity: float = 0.83
    qualify: float = 0.45
    qualify_similarity: float = 0.845
    contradict: float = 0.5  # share of the other elements found
    contradict_similarity: float = 0.835
    in_report: float = 0.5  # weight of an element found only elsewhere in the report


@dataclass(frozen=True, slots=True)
class Judged:
    """A stance with its reason and how much of the claim was found (0 to 1)."""

    stance: Stance
    reason: str
    coverage: float


_SUPERLATIVE = frozenset(
    "largest smallest deadliest_worst first_ever only first last all fully_complete nearly_all "
    "majority_half double no_none".split()
)
_PART = frozenset("most_of part_of partially nearly_all".split())
_WEIGHT = {
    "figure": 3.0,
    "date": 1.5,
    "city": 2.0,
    "country": 0.7,
    "name": 1.5,
    "source": 1.2,
    "action": 2.0,
    "thing": 1.0,
    "modifier": 2.0,
}


def judge(
    claim: Claim,
    own: Reading,
    theirs: Reading,
    report: Reading,
    similarity: float,
    at: Thresholds | None = None,
) -> Judged:
    """The stance of one evidence sentence (`theirs`, in its `report`) towards `claim` (`own`)."""
    at = at or Thresholds()
    if claim.kind is ClaimKind.DATE:
        return _calendar(own, theirs)
    elements = _elements(own, theirs, report, at)
    coverage = _share(elements)
    strong = sum(e.weight for e in elements if e.found == 1.0 and e.kind != "country")
    difference = _difference(own, theirs, report, elements, similarity, coverage, at)
    if difference:
        return Judged(Stance.CONTRADICTS, difference, coverage)
    missing_figure = any(e.kind == "figure" and not e.found for e in elements)
    missing_act = any(e.kind == "action" and not e.found for e in elements)
    missing_modifier = any(e.kind == "modifier" and not e.found for e in elements)
    enough = strong >= 3.0 and len(elements) >= 2
    if (
        coverage >= at.support
        and similarity >= at.support_similarity
        and enough
        and not missing_figure
        and not missing_act
        and compare.date_match(own, theirs) is not Match.DIFFER
    ):
        if missing_modifier:
            return Judged(Stance.QUALIFIES, "the report does not go as far", coverage)
        if _only_part(own, theirs):
            return Judged(Stance.QUALIFIES, "the report speaks of a part", coverage)
        return Judged(Stance.SUPPORTS, "says so", coverage)
    if (
        coverage >= at.qualify
        and similarity >= at.qualify_similarity
        and enough
        and not missing_figure
        and not missing_act
    ):
        return Judged(Stance.QUALIFIES, "confirms a part", coverage)
    return Judged(Stance.CONTEXT, "near, but silent on the point", coverage)


@dataclass(frozen=True, slots=True)
class _Element:
    kind: str
    weight: float
    found: float  # 1 in the sentence, less in the report alone, 0 nowhere


def _share(elements: list[_Element], without: str = "") -> float:
    kept = [e for e in elements if e.kind != without]
    total = sum(e.weight for e in kept)
    return sum(e.weight * e.found for e in kept) / total if total else 0.0


def _elements(own: Reading, theirs: Reading, report: Reading, at: Thresholds) -> list[_Element]:
    out: list[_Element] = []

    def add(kind: str, here: bool, around: bool = False, weight: float | None = None) -> None:
        found = 1.0 if here else at.in_report if around else 0.0
        out.append(_Element(kind, _WEIGHT[kind] if weight is None else weight, found))

    pairs = compare.figure_pairs(own, theirs, report)
    for figure in own.figures:
        if figure.counts or figure.of or figure.unit != "count" or figure.value >= 20:
            agreed = any(p.claim is figure and p.agree for p in pairs)
            same = any(t.value == figure.value and t.unit == figure.unit for t in theirs.figures)
            add("figure", agreed or (same and not figure.counts))
        else:
            same = any(t.value == figure.value for t in theirs.figures)
            add("figure", same, weight=1.5)
    for when in own.dates:
        if when.first is None or when.grain == "year":
            continue
        add("date", any(when.overlaps(w) for w in theirs.dates),
            any(when.overlaps(w) for w in report.dates))  # fmt: skip
    for name in own.names:
        _add_name(add, name, theirs, report)
    for source in sorted(own.source_names):
        add("source", source in theirs.source_names, source in report.source_names)
    acts = {m.concept.name for m in own.mentions if m.concept.kind in ("action", "state")}
    wide = compare.actions(theirs)
    for act in sorted(acts):
        near = lexicon.broadened([act]) & wide
        add("action", bool(near), weight=_WEIGHT["action"] / max(1, len(acts)) + 0.5)
    things = {
        m.concept.name for m in own.mentions if m.concept.kind in ("thing", "actor", "counted")
    }
    here = lexicon.broadened(theirs.concepts)
    there = lexicon.broadened(report.concepts)
    for thing in sorted(things):
        add("thing", thing in here or bool(lexicon.broadened([thing]) & here), thing in there,
            weight=_WEIGHT["thing"] * min(1.0, 3 / len(things)))  # fmt: skip
    for modifier in sorted(own.concepts & _SUPERLATIVE):
        add("modifier", modifier in theirs.concepts)
    return _acts_together(out)


def _acts_together(elements: list[_Element]) -> list[_Element]:
    """Several actions of one clause are alternatives in wording: one found stands for the others
    at half."""
    acts = [e for e in elements if e.kind == "action"]
    if not acts or not any(e.found for e in acts):
        return elements
    return [
        e if e.kind != "action" or e.found else _Element("action", e.weight, 0.5) for e in elements
    ]


def _add_name(add: object, name: Name, theirs: Reading, report: Reading) -> None:
    put = add
    if name.place and name.place.city:
        put("city", _has(name, theirs), _has(name, report))  # type: ignore[operator]
    elif name.place:
        here = name.place.country in theirs.countries
        put("country", here, name.place.country in report.countries)  # type: ignore[operator]
    elif name.keys:
        put("name", _has(name, theirs), _has(name, report))  # type: ignore[operator]


def _has(name: Name, reading: Reading) -> bool:
    if name.place and name.place in reading.places:
        return True
    return bool(name.keys) and name.keys <= reading.name_keys


def _only_part(own: Reading, theirs: Reading) -> bool:
    """The evidence speaks of most or a part of what the claim speaks of whole."""
    return bool(theirs.concepts & _PART and not own.concepts & _PART)


# ---------------------------------------------------------------- contradiction


def _difference(
    own: Reading,
    theirs: Reading,
    report: Reading,
    elements: list[_Element],
    similarity: float,
    coverage: float,
    at: Thresholds,
) -> str:
    """What differs, in a few words, when enough else agrees; "" when nothing does."""
    if similarity < at.contradict_similarity:
        return ""
    pairs = compare.figure_pairs(own, theirs, report)
    others = _share(elements, without="figure")
    differing = [p for p in pairs if not p.agree]
    agreeing = [p for p in pairs if p.agree]
    if differing and not agreeing and others >= at.contradict:
        return f"another figure: {differing[0].evidence.text}"
    same_act = bool(compare.actions(own) & compare.actions(theirs))
    anchored = any(e.kind in ("city", "name", "source") and e.found == 1.0 for e in elements)
    if same_act and anchored and (act := compare.reversed_direction(own, theirs)):
        return f"the other way round: {act}"
    if anchored and coverage >= at.qualify and (pair := compare.opposed(own, theirs)):
        return f"{pair[1]}, not {pair[0]}"
    if same_act and anchored and _share(elements, without="date") >= at.support:
        if compare.date_match(own, theirs) is Match.DIFFER and _one_day(own, theirs):
            return "another day"
        if own.negated != theirs.negated and not _denies(theirs):
            return "" if not _negates(own, theirs) else "the report says the opposite"
    if (agreeing or (same_act and _share(elements, without="city") >= at.support)) and (
        compare.place_match(own, theirs, report) is Match.DIFFER and similarity >= 0.85
    ):
        return "another place"
    return ""


def _one_day(own: Reading, theirs: Reading) -> bool:
    return len(compare.days(own)) == 1 and len(compare.days(theirs)) == 1


def _denies(theirs: Reading) -> bool:
    return "deny" in theirs.concepts


def _negates(own: Reading, theirs: Reading) -> bool:
    """A negator stands close before the shared action on one side only."""
    return _negated_act(own, theirs) != _negated_act(theirs, own)


def _negated_act(reading: Reading, other: Reading) -> bool:
    shared = compare.actions(other)
    negators = lexicon.phrases(reading.language, "negators")
    for m in reading.mentions:
        if m.concept.kind == "action" and lexicon.broadened([m.concept.name]) & shared:
            before = [w for w in reading.words if w.end <= m.start][-3:]
            if any(w.text.casefold() in negators for w in before):
                return True
    return False


def _calendar(own: Reading, theirs: Reading) -> Judged:
    """A weekday beside a date: supported by a sentence that pairs the same two."""
    mine = next((w for w in own.dates if w.weekday is not None and w.first), None)
    if mine is None:
        return Judged(Stance.CONTEXT, "no date", 0.0)
    for when in theirs.dates:
        if when.weekday is None or not when.first or when.first != mine.first:
            continue
        if when.weekday == mine.weekday:
            return Judged(Stance.SUPPORTS, "the same weekday", 1.0)
        return Judged(Stance.CONTRADICTS, "another weekday", 1.0)
    return Judged(Stance.CONTEXT, "another date", 0.0)
