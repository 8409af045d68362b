"""The stance of an evidence sentence towards a claim, by rules and a calibrated score.

The claim is taken apart into elements (figures, dates, places, names, sources, actions, things);
each is looked for in the sentence, or at half weight in the rest of its report. A sentence
contradicts when enough is there and one thing differs. Whether it supports is a logistic score
over what was found and how near the meanings are; its weights come from `bench/calibrate.py`.
The embedding's similarity alone decides nothing: it is blind to numbers and to negation.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Protocol

from factcheck import compare
from factcheck.compare import FigurePair, Match, Setting
from factcheck.models import Claim, ClaimKind, Stance
from factcheck.reading import Reading
from factcheck.text import figures, lexicon
from factcheck.text.figures import Figure
from factcheck.text.names import Name


class _Add(Protocol):
    def __call__(
        self, kind: str, here: bool, around: bool = False, weight: float | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A stance with its reason and the score of support (0 to 1)."""

    stance: Stance
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside one evidence sentence, all read.

    `own` is the claim, `theirs` the sentence, `report` its whole report; `similarity` a cosine and
    `margin` how far it stands above the claim's other evidence; `lands` what the article speaks of there.
    """

    claim: Claim
    own: Reading
    theirs: Reading
    report: Reading
    similarity: float
    margin: float
    lands: Setting = Setting()  # noqa: RUF009 - frozen


_TIME = ("year", "month", "week", "day", "hour", "minute")
_HARD = ("figure", "date", "city", "country", "name", "source")
_WEIGHT = {
    "figure": 3.0, "date": 1.5, "city": 2.0, "country": 0.7, "name": 1.5, "source": 1.2,
    "action": 2.0, "thing": 1.0, "duration": 1.2, "modifier": 2.0, "modifier_name": 0.4,
}  # fmt: skip
_IN_REPORT = 0.5  # what an element counts that stands only elsewhere in the report
_SUPERLATIVE = frozenset("largest smallest deadliest_worst first_ever only".split())
_TELLING = frozenset(  # modifiers that say something of their own
    "north south east west central north_east north_west south_east south_west strategic main "
    "foreign joint secret neighbouring empty_abandoned provisional independent".split()
)
_PART = frozenset("most_of part_of partially nearly_all".split())
_SIZE = 5  # how many times one figure of a count may be another
_NEGATOR = 3  # words before a shared word among which a negator is looked for
_CLOSE = 16  # characters between an action and the part of its object that it concerns
_GAP = 8  # characters between an actor and the name it goes with
_FIRST = 4  # words of a sentence among which its subject is looked for
_NEAR = 0.835  # cosine below which nothing is called a contradiction
_ABOVE = 0.025  # or margin
_APART = 0.04  # margin from which a sentence speaks of the claim's matter whatever it names
_OTHERS = 0.5  # share of the other elements that must be there for a figure to contradict
_LEAST = 0.45  # share of all elements below which nothing is called support
_NEARLY_ALL, _STANDS_OUT = 0.8, 0.02  # share and margin that make up for a name in common
_MOST = 0.62  # the same for a day, a place or a direction


def judge(pair: Pair) -> Judged:
    """The stance of one evidence sentence towards the claim."""
    if pair.claim.kind is ClaimKind.DATE:
        return _calendar(pair.own, pair.theirs)
    pairs = compare.figure_pairs(pair.own, pair.theirs, pair.report, pair.lands)
    elements = _elements(pair.own, pair.theirs, pair.report, pairs)
    difference = _difference(pair, pairs, elements)
    score = support(features(pair, elements))
    if difference:
        near = pair.similarity >= _NEAR or pair.margin >= _ABOVE
        stance = Stance.CONTRADICTS if near else Stance.CONTEXT
        return Judged(stance, difference, score)
    if score < weights()["threshold"] or _share(elements) < _LEAST:
        return Judged(Stance.CONTEXT, "near, but silent on the point", score)
    if not _definite(pair, elements):
        return Judged(Stance.CONTEXT, "near, but nothing definite in common", score)
    if _polarity_differs(pair.own, pair.theirs):
        return Judged(Stance.CONTEXT, "near, but one of the two denies", score)
    if compare.reversed_direction(pair.own, pair.report):
        return Judged(Stance.CONTEXT, "near, but the report tells it the other way round", score)
    if compare.place_match(pair.own, pair.theirs, pair.report) is Match.DIFFER:
        return Judged(Stance.CONTEXT, "near, but of another place", score)
    if any(e.kind == "figure" and not e.found for e in elements):
        return Judged(Stance.CONTEXT, "near, but without the figure", score)
    if compare.date_match(pair.own, pair.theirs) is Match.DIFFER:
        return Judged(Stance.CONTEXT, "near, but of another day", score)
    if any(e.kind == "modifier" and not e.found for e in elements):
        return Judged(Stance.QUALIFIES, "the report does not go as far", score)
    if compare.compass_match(pair.own, pair.theirs) is Match.SILENT:
        return Judged(Stance.QUALIFIES, "the report does not go as far", score)
    if _somebody_else(pair.own, pair.theirs):
        return Judged(Stance.QUALIFIES, "the report names somebody else", score)
    if _only_part(pair.own, pair.theirs):
        return Judged(Stance.QUALIFIES, "the report speaks of a part", score)
    return Judged(Stance.SUPPORTS, "says so", score)


# ---------------------------------------------------------------- the score

FEATURES = (
    "similarity", "margin", "same_language", "hard", "hard_count", "no_hard", "all", "count",
    "action", "missing_figure", "date_differs",
)  # fmt: skip


def features(pair: Pair, elements: list[Element]) -> list[float]:
    """The numbers the score is made of, in the order of FEATURES, each about -1 to 2."""
    hard = [e for e in elements if e.kind in _HARD]
    acts = [e.found for e in elements if e.kind == "action"]
    found = sum(e.found == 1.0 for e in hard if e.kind != "country")
    return [
        (pair.similarity - 0.84) / 0.03,
        pair.margin / 0.03,
        float(pair.own.language == pair.theirs.language),
        _share(hard),
        min(found, 4) / 4,
        float(not hard),
        _share(elements),
        min(sum(e.found == 1.0 for e in elements), 6) / 6,
        max(acts, default=0.5),
        float(any(e.kind == "figure" and not e.found for e in hard)),
        float(compare.date_match(pair.own, pair.theirs) is Match.DIFFER),
    ]


def support(values: list[float]) -> float:
    """The logistic score of support."""
    table = weights()
    z = table["bias"] + sum(table[n] * v for n, v in zip(FEATURES, values, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The calibrated weights, the bias and the threshold."""
    path = resources.files("factcheck").joinpath("lexicon", "stance.json")
    table: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return table


# ---------------------------------------------------------------- elements


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the claim. `found`: 1 in the sentence, less in the report alone, 0 nowhere."""

    kind: str
    weight: float
    found: float


def _share(elements: list[Element], without: str = "") -> float:
    kept = [e for e in elements if e.kind != without]
    total = sum(e.weight for e in kept)
    return sum(e.weight * e.found for e in kept) / total if total else 0.0


def elements_of(pair: Pair) -> list[Element]:
    """The claim's elements with how far each was found."""
    pairs = compare.figure_pairs(pair.own, pair.theirs, pair.report, pair.lands)
    return _elements(pair.own, pair.theirs, pair.report, pairs)


def _elements(
    own: Reading, theirs: Reading, report: Reading, pairs: list[FigurePair]
) -> list[Element]:
    out: list[Element] = []

    def add(kind: str, here: bool, around: bool = False, weight: float | None = None) -> None:
        found = 1.0 if here else _IN_REPORT if around else 0.0
        out.append(Element(kind, _WEIGHT[kind] if weight is None else weight, found))

    for figure in own.figures:
        agreed = any(p.claim is figure and p.agree for p in pairs) or _same_number(figure, theirs)
        if figure.unit in _TIME:
            add("duration", agreed)
            continue
        small = figure.unit == "count" and figure.value < 20 and not figure.counts & figures.FATES
        add("figure", agreed, weight=1.5 if small else None)
    days = [w for w in own.dates if w.first and w.grain != "year"]
    if days:
        here = any(d.overlaps(w) for d in days for w in theirs.dates)
        add("date", here, any(d.overlaps(w) for d in days for w in report.dates))
    for name in own.names:
        kind = "name" if name.place is None else "city" if name.place.city else "country"
        if name.keys or name.place:
            weight = _WEIGHT["modifier_name"] if _of_actor(own, name) else None
            add(kind, _has(name, theirs), _has(name, report), weight)
    for source in sorted(own.source_names):
        add("source", source in theirs.source_names, source in report.source_names)
    _add_concepts(add, own, theirs, report)
    return out


def _add_concepts(add: _Add, own: Reading, theirs: Reading, report: Reading) -> None:
    acts = sorted({m.concept.name for m in own.mentions if m.concept.kind in ("action", "state")})
    wide = compare.actions(theirs)
    hits = [bool(compare.alike(act) & wide) for act in acts]
    for hit in hits:
        # Several actions in one clause are often one act in several words.
        add("action", hit, any(hits), _WEIGHT["action"] / max(1, len(acts)) + 0.5)
    here, there = lexicon.broadened(theirs.concepts), lexicon.broadened(report.concepts)
    # One word may stand for several concepts: one of them found is enough.
    words: dict[int, set[str]] = {}
    for m in own.mentions:
        if m.concept.kind in ("thing", "actor", "counted") or m.concept.name in _TELLING:
            words.setdefault(m.start, set()).add(m.concept.name)
    for start in sorted(words):
        near = lexicon.broadened(words[start])
        add("thing", bool(near & here), bool(near & there), min(1.0, 3 / len(words)))
    for modifier in sorted(own.concepts & _SUPERLATIVE):
        add("modifier", modifier in theirs.concepts)


def _of_actor(reading: Reading, name: Name) -> bool:
    """The name only tells whose forces or whose government it is ("Assad's army")."""
    return name.place is None and any(
        0 <= name.start - m.end <= _GAP or 0 <= m.start - name.end <= 3
        for m in reading.mentions
        if m.concept.kind == "actor"
    )


def _has(name: Name, reading: Reading) -> bool:
    if name.place and not name.place.city:
        return name.place.country in reading.countries
    if name.place and name.place in reading.places:
        return True
    return bool(name.keys) and name.keys <= reading.name_keys


def _same_number(figure: Figure, theirs: Reading) -> bool:
    """The very number stands in the sentence, whatever it was found to count."""
    return any(t.value == figure.value and t.unit == figure.unit for t in theirs.figures)


def _somebody_else(own: Reading, theirs: Reading) -> bool:
    """The claim opens with who did or said it, and the evidence opens with another name and has
    the claim's nowhere."""
    mine, other = _opening(own, sources_only=True), _opening(theirs)
    if not mine or not other or mine & other:
        return False
    return not mine & (theirs.name_keys | theirs.source_names)


def _opening(reading: Reading, *, sources_only: bool = False) -> frozenset[str]:
    """Keys of the name or source among the first words of a sentence (places are none)."""
    first = [w.start for w in reading.words[:_FIRST]]
    if not first:
        return frozenset()
    named = [
        *((n.start, n.keys) for n in reading.names if n.place is None and not sources_only),
        *((s.start, frozenset({s.source.short})) for s in reading.sources),
    ]
    opening = [keys for start, keys in sorted(named, key=lambda x: x[0]) if start <= first[-1]]
    return opening[0] if opening else frozenset()


def _only_part(own: Reading, theirs: Reading) -> bool:
    """Close to the shared action, the evidence speaks of most or a part of what the claim speaks
    of whole."""
    if own.concepts & _PART:
        return False
    acts = compare.actions(own)
    shared = [m for m in theirs.mentions if compare.alike(m.concept.name) & acts
              and m.concept.kind in ("action", "state")]  # fmt: skip
    parts = [m for m in theirs.mentions if m.concept.name in _PART]
    return any(0 <= p.start - a.end <= _CLOSE for p in parts for a in shared)


# ---------------------------------------------------------------- contradiction


def _definite(pair: Pair, elements: list[Element]) -> bool:
    """Something that is not said of many things is shared: a name, a town, a day, a figure of
    weight. A claim that holds no such thing needs several words in common and to stand out."""
    own = pair.own
    specific = [
        e for e in elements if e.kind in ("figure", "duration", "date", "city", "name", "source")
    ]
    if any(e.found == 1.0 and e.weight > 1.0 for e in specific):
        return True
    acts = any(e.kind == "action" and e.found == 1.0 for e in elements)
    soft = sum(e.found == 1.0 for e in elements if e.kind in ("action", "thing"))
    if any(e.found for e in specific):
        return acts and soft >= 2
    stands_out = pair.margin >= _APART and soft >= 2
    return not specific and len(own.words) >= 4 and (stands_out or (soft >= 2 and acts))


def _polarity_differs(own: Reading, theirs: Reading) -> bool:
    """One of the two denies: the claim anything it speaks of, the sentence what both name."""
    mine = _negated(own, [*_in_common(own, theirs), *(m.start for m in own.mentions)])
    return mine != _negated(theirs, _in_common(theirs, own))


def _in_common(reading: Reading, other: Reading) -> list[int]:
    """Where the concepts, names and sources stand that the other side has too."""
    shared = lexicon.broadened(other.concepts) | compare.actions(other)
    places = [m.start for m in reading.mentions if lexicon.broadened([m.concept.name]) & shared]
    places += [n.start for n in reading.names if n.keys & other.name_keys]
    places += [n.start for n in reading.sources if n.source.short in other.source_names]
    return places


def _negated(reading: Reading, places: list[int]) -> bool:
    """Among the few words before one of the places stands a negator."""
    negators = lexicon.phrases(reading.language, "negators")
    for start in places:
        before = [w for w in reading.words if w.end <= start][-_NEGATOR:]
        if any(w.text.casefold() in negators for w in before):
            return True
    return False


def _difference(pair: Pair, pairs: list[FigurePair], elements: list[Element]) -> str:
    """What differs, in a few words, when enough else agrees; "" when nothing does."""
    own, theirs = pair.own, pair.theirs
    agreeing = {id(p.claim) for p in pairs if p.agree}
    differing = [
        p
        for p in pairs
        if not p.agree
        and id(p.claim) not in agreeing
        and not _same_number(p.claim, theirs)
        and _one_size(p.claim.value, p.evidence.value)
    ]
    same_act = bool(compare.actions(own) & compare.actions(theirs))
    if part := _other_part(own, theirs):
        return f"another figure: {part.text}"
    if not same_act:
        differing = [p for p in differing if p.claim.unit not in _TIME]
    if differing and _share(elements, without="figure") >= _OTHERS:
        return f"another figure: {differing[0].evidence.text}"
    if pair.margin >= _ABOVE and (other := _left_over(own, theirs)):
        return f"another figure: {other.text}"
    if pair.margin >= _ABOVE and _other_year(own, theirs):
        return "another year"
    anchored = pair.margin >= _APART or any(
        e.kind in ("city", "name", "source") and e.found == 1.0 for e in elements
    )
    named = [e for e in elements if e.kind in ("city", "name")]
    same_matter = not named or (named[0].found == 1.0 and _share(named) >= _MOST)
    if same_act and anchored and same_matter and (act := compare.reversed_direction(own, theirs)):
        return f"the other way round: {act}"
    alike = _share(elements, without="action") >= _NEARLY_ALL and len(elements) >= 4
    if (
        (anchored or alike)
        and _share(elements) >= _OTHERS
        and (acts := compare.opposed(own, theirs))
    ):
        return f"{acts[1]}, not {acts[0]}"
    exact = [p for p in pairs if p.agree and p.claim.value >= 20]
    if _apart(own, theirs) or (anchored and compare.compass_match(own, theirs) is Match.DIFFER):
        return "another place"
    others = _share(elements, without="date")
    sure = others >= _NEARLY_ALL and pair.margin >= _STANDS_OUT
    if same_act and same_matter and (sure or (anchored and others >= _MOST)):
        if compare.date_match(own, theirs) is Match.DIFFER and _one_day(own, theirs):
            return "another day"
        whole = _share(elements) >= _NEARLY_ALL
        if whole and _negated_act(own, theirs) != _negated_act(theirs, own):
            return "the report says the opposite"
    if (exact or (same_act and anchored and _share(elements, without="city") >= _MOST)) and (
        compare.place_match(own, theirs, pair.report) is Match.DIFFER
    ):
        return "another place"
    return ""


def _apart(own: Reading, theirs: Reading) -> bool:
    """The very figure of the claim stands in the sentence, with another place right behind it."""
    for mine in own.figures:
        here = compare.local_places(own, mine)
        for other in theirs.figures:
            if mine.value >= 20 and other.value == mine.value and other.unit == mine.unit:
                near = here | compare.places_before(own, mine)
                if near & compare.places_before(theirs, other):
                    return False
                return compare.places_apart(here, compare.local_places(theirs, other))
    return False


def _one_size(a: float, b: float) -> bool:
    """Two figures may be of one count: the toll of an incident is none of a war's."""
    return max(a, b) <= _SIZE * min(a, b)


def _other_part(own: Reading, theirs: Reading) -> Figure | None:
    """The claim gives a whole's number to a part: "517 civilians" where 517 is all the dead and
    471 are civilians."""
    for mine in own.figures:
        same = [f for f in theirs.figures if f.value == mine.value and f.unit == mine.unit]
        if not mine.of or not same or any(f.of & mine.of for f in same):
            continue
        for other in theirs.figures:
            if other.of == mine.of and other.unit == mine.unit and other.value != mine.value:
                return other
    return None


def _left_over(own: Reading, theirs: Reading) -> Figure | None:
    """The evidence's figure that stands where the claim's one unmatched figure should: of the same
    size and unit, and of nothing that is known to be something else."""
    mine = [f for f in own.figures if f.unit not in _TIME and not _same_number(f, theirs)]
    rest = [f for f in theirs.figures if f.unit not in _TIME and not _same_number(f, own)]
    if len(mine) != 1 or any(figures.agree(mine[0], f) for f in theirs.figures):
        return None
    one = mine[0]
    alike = [
        f
        for f in rest
        if f.unit == one.unit
        and max(f.value, one.value) <= 5 * min(f.value, one.value)
        and (f.counts & one.counts or (not f.counts and not one.counts))
        and (f.of == one.of or not (f.of and one.of))
    ]
    others = len(own.figures) > 1 or bool(own.name_keys & theirs.name_keys)
    return alike[0] if len(alike) == 1 and others else None


def _other_year(own: Reading, theirs: Reading) -> bool:
    """Each side names one year and no day, and the years differ."""
    mine = {w.first.year for w in own.dates if w.grain == "year" and w.first}
    other = {w.first.year for w in theirs.dates if w.grain == "year" and w.first}
    return len(mine) == 1 and len(other) == 1 and mine != other and not compare.days(theirs)


def _one_day(own: Reading, theirs: Reading) -> bool:
    return len(compare.days(own)) == 1 and len(compare.days(theirs)) == 1


def _negated_act(reading: Reading, other: Reading) -> bool:
    """A negator stands close before an action that the other side speaks of too."""
    shared = compare.actions(other)
    acts = [m for m in reading.mentions if m.concept.kind == "action"]
    return _negated(reading, [m.start for m in acts if compare.alike(m.concept.name) & shared])


def _calendar(own: Reading, theirs: Reading) -> Judged:
    """A weekday beside a date: supported by a sentence that pairs the same two."""
    mine = next((w for w in own.dates if w.weekday is not None and w.first), None)
    if mine is None:
        return Judged(Stance.CONTEXT, "no date", 0.0)
    for when in theirs.dates:
        if when.weekday is None or not when.explicit or when.first != mine.first:
            continue
        if when.weekday == mine.weekday:
            return Judged(Stance.SUPPORTS, "the same weekday", 1.0)
        return Judged(Stance.CONTRADICTS, "another weekday", 1.0)
    return Judged(Stance.CONTEXT, "another date", 0.0)
