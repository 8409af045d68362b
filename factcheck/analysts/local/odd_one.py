"""The one thing in which a sentence differs from a claim that it otherwise tells whole.

A figure, a day or a place that was exchanged leaves all the rest as it stood. Where nearly everything
of weight in a claim is found in one sentence, and that sentence has just one thing of the missing
kind to offer instead, the sentence says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from factcheck import compare
from factcheck.analysts.local.elements import TIME, Element, Pair, same_number, share
from factcheck.reading import Reading
from factcheck.text import figures
from factcheck.text.dates import When
from factcheck.text.figures import Figure
from factcheck.text.names import Name

ALL_ELSE = "all else the same"
_REST, _OTHERS = 0.8, 3  # share of the rest, and how many things of it, that must be there
_NEARLY, _UNLIKE = 0.7, 0.55  # share met of the rest, and likeness below which a name is another's
_NAMES = 2  # of a claim of which one may be exchanged
_SIZE = 5  # how many times one figure may be the other
_WEIGHT = 0.7  # of a thing whose absence counts
_DAYS = 2  # days a sentence may name: when it happened, and when it was said


def odd_one(pair: Pair, elements: list[Element]) -> str:
    """What stands instead of the claim's own figure, day or place, in a few words; "" for nothing."""
    missing = [
        e
        for e in elements
        if e.kind in ("figure", "date", "city", "country") and e.found < 1.0 and e.weight >= _WEIGHT
    ]
    if not missing and _other_name(pair, elements):
        return f"somebody else, {ALL_ELSE}"
    if len(missing) != 1:
        return ""
    [one] = missing
    rest = [e for e in elements if e is not one]
    in_parts = sum(e.found == 1.0 for e in rest) >= _OTHERS and share(rest) >= _REST
    if not in_parts and not _rest_told(pair, one.kind):
        return ""
    if one.kind == "figure":
        verbatim = _verbatim(pair)
        other = _figure(pair, any_size=verbatim)
        occasion = verbatim or any(e.kind in ("date", "figure") and e.found == 1.0 for e in rest)
        return f"another figure, {ALL_ELSE}: {other.text}" if other and occasion else ""
    if one.found:  # the report names it elsewhere
        return ""
    if one.kind == "date":
        return f"another day, {ALL_ELSE}" if _day(pair.own, pair.theirs) else ""
    return f"another place, {ALL_ELSE}" if _place(pair.own, pair.theirs, one.kind) else ""


def _rest_told(pair: Pair, kind: str) -> bool:
    """The sentence has words for all of the claim but its figures, days or places."""
    own = pair.own
    parts: Sequence[Figure | When | Name] = own.names
    if kind in ("figure", "date"):
        parts = own.figures if kind == "figure" else own.dates
    rest = pair.aligned.without((p.start, p.end) for p in parts) if pair.aligned else None
    return bool(rest and rest.told)


def _other_name(pair: Pair, elements: list[Element]) -> bool:
    """The sentence has words for all of the claim but one name, and names somebody else."""
    own, theirs = pair.own, pair.theirs
    lacking = [e for e in elements if e.kind in ("name", "source") and not e.found]
    if len(lacking) != 1 or not pair.aligned or lacking[0].weight < _WEIGHT:
        return False
    if lacking[0].kind == "name":
        names = [n for n in own.names if n.place is None and not n.keys & theirs.name_keys]
        spans = [(n.start, n.end) for n in names]
    else:
        sources = [n for n in own.sources if n.source.short not in theirs.source_names]
        spans = [(n.start, n.end) for n in sources]
    rest = pair.aligned.without(spans)
    if not rest or rest.met < _NEARLY or any(pair.aligned.at(*s) >= _UNLIKE for s in spans):
        return False
    if not spans or len(own.source_names) + sum(n.place is None for n in own.names) > _NAMES:
        return False  # of many names one may be left out
    others = any(n.place is None and not n.keys & own.name_keys for n in theirs.names)
    sides = any(
        n.source.party_to and n.source.short not in own.source_names for n in theirs.sources
    )
    return sides if lacking[0].kind == "source" else others


def _verbatim(pair: Pair) -> bool:
    """But for its figures the claim stands in the sentence word for word."""
    if not pair.aligned or pair.own.language != pair.theirs.language:
        return False
    rest = pair.aligned.without((f.start, f.end) for f in pair.own.figures)
    return bool(rest and len(rest.spans) >= _WORDS and rest.met >= _SAME_WORDS)


_WORDS, _SAME_WORDS = 4, 0.97  # words of such a claim; the share of them that is met


def _figure(pair: Pair, *, any_size: bool = False) -> Figure | None:
    """The sentence's only figure that is none of the claim's, where the claim lacks just one; of
    several the one that counts the same, or stands where the claim's stands."""
    own, theirs = pair.own, pair.theirs
    lacking = [f for f in own.figures if f.unit not in TIME and not same_number(f, theirs)]
    offered = [f for f in theirs.figures if f.unit not in TIME and not same_number(f, own)]
    if len(lacking) != 1:
        return None
    [one] = lacking
    alike = [
        f
        for f in offered
        if f.unit == one.unit
        and (any_size or max(f.value, one.value) <= _SIZE * min(f.value, one.value))
    ]
    if any(figures.agree(one, f) for f in theirs.figures):
        return None
    if len(alike) > 1:  # of several the one that counts the same, or stands with the same place
        counted = [f for f in alike if (f.counts | f.of) & (one.counts | one.of)]
        alike = counted or alike
    if len(alike) > 1:
        mine = compare.scope(own, one).places
        placed = [f for f in alike if compare.scope(theirs, f).places & mine]
        alike = placed or alike
    if len(alike) > 1:
        alike = _in_its_place(pair, one, alike)
    return alike[0] if len(alike) == 1 else None


def _in_its_place(pair: Pair, one: Figure, others: Sequence[Figure]) -> list[Figure]:
    """Those of the figures whose words lie nearest to the words of the claim's."""
    if not pair.aligned:
        return []
    spans = zip(pair.aligned.spans, pair.aligned.theirs, strict=True)
    near = [b for (a, e), b in spans if a < one.end and one.start < e]
    hits = [sum(a < f.end and f.start < e for a, e in near) for f in others]
    return [f for f, n in zip(others, hits, strict=True) if n and n == max(hits)]


def _day(own: Reading, theirs: Reading) -> bool:
    mine, other = compare.days(own), compare.days(theirs)
    return (
        len(mine) == 1 and 0 < len(other) <= _DAYS and not any(mine[0].overlaps(d) for d in other)
    )


def _place(own: Reading, theirs: Reading, kind: str) -> bool:
    """The sentence names one place of the kind that the claim does not name, and no more."""
    city = kind == "city"
    mine = [n for n in own.names if n.place and bool(n.place.city) == city]
    other = {n.place for n in theirs.names if n.place and bool(n.place.city) == city}
    keys = theirs.name_keys
    lacking = [n for n in mine if n.place not in other and not _known(n, keys)]
    offered = other - {n.place for n in mine}
    return len(lacking) == 1 and len(offered) == 1


def _known(name: Name, keys: frozenset[str]) -> bool:
    return bool(name.keys) and name.keys <= keys
