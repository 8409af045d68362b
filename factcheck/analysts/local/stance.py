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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from factcheck import compare
from factcheck.analysts.local.aligned import Aligned
from factcheck.analysts.local.difference import (
    APART,
    STANDS_OUT,
    denying,
    difference,
    exchanged,
    other_year,
    polarity_differs,
)
from factcheck.analysts.local.elements import Element, Pair, elements_of, same_number, share
from factcheck.analysts.local.odd_one import ALL_ELSE
from factcheck.analysts.local.only_wanted import not_done, only_wanted
from factcheck.analysts.local.overlap import overlap
from factcheck.analysts.local.overlap import weights as overlaps
from factcheck.attribution import frame
from factcheck.compare import Match
from factcheck.models import ClaimKind, Stance
from factcheck.reading import Placed, Reading
from factcheck.sources import Naming, Register
from factcheck.text import lexicon


@dataclass(frozen=True, slots=True)
class Judged:
    """A stance with its reason and the score of support (0 to 1)."""

    stance: Stance
    reason: str
    score: float


_HARD = ("figure", "date", "city", "country", "name", "source")
_PART = frozenset("most_of part_of partially nearly_all".split())
_CLOSE = 16  # characters between an action and the part of its object that it concerns
_FIRST = 4  # words of a sentence among which its subject is looked for
_PINS = 2  # kinds of such things from which a sentence is of the claim's matter
_NEAR = 0.835  # cosine from which a difference is a contradiction, unless the sentence stands out
_AHEAD, _PLAIN = 0.005, 0.25  # margin and score that make up for a low cosine across languages
_IN_WORDS = 0.65  # share of a claim's words that a sentence of its language has, if it tells it
_PART_IN_WORDS = 0.2  # the same for a part of it
_VERBATIM = 0.9  # share of a claim's words that stand in one piece
_DENIED = 0.6  # share of a claim's words that a sentence affirms, from which it affirms the claim
_LEAST = 0.45  # share of all elements below which nothing is called support
_MANY = 5  # things of a claim of which a third is only a part
_MET, _UNMET = (
    0.6,
    0.35,
)  # shares of a claim's words that the sentence has and has not, if it tells it
_FORWARD = 0.006  # margin from which a sentence that tells all of a claim needs nothing definite
_ALL = 0.85  # share met from which a sentence has words for whomever the claim names too
_ENOUGH, _HARDLY = 0.45, 0.1  # share met of what a claim says beside its names, days and figures
_LONG, _UNTOLD = 14, 0.31  # words of a claim that says much, and the share that nothing answers
_PARTS, _WHOLE = 5, 0.85  # parts of a claim, and the share of them, from which it is spelt out


def judge(pair: Pair) -> Judged:
    """The stance of one evidence sentence towards the claim."""
    if pair.claim.kind is ClaimKind.DATE:
        return _calendar(pair.own, pair.theirs)
    elements = elements_of(pair)
    differs = difference(pair, elements)
    score = support(features(pair, elements))
    if other := exchanged(pair.own, pair.theirs):
        return Judged(Stance.CONTRADICTS, f"another figure: {other.text}", score)
    if differs:
        told = pair.margin >= _AHEAD and score >= _PLAIN
        alike = pair.own.language == pair.theirs.language and ALL_ELSE in differs
        near = pair.similarity >= _NEAR or pair.margin >= STANDS_OUT or told or alike
        near = near or (ALL_ELSE in differs and _pinned(pair, elements))
        stance = Stance.CONTRADICTS if near else Stance.CONTEXT
        return Judged(stance, differs, score)
    matter = _matter(pair)
    met = bool(pair.aligned and pair.aligned.told and (not matter or matter.met >= _ENOUGH))
    told = score >= weights(by_word=bool(pair.aligned))["threshold"] or _spelt_out(elements) or met
    somebody_else = _somebody_else(pair.own, pair.theirs)
    # who said it counts among what is missing: the rest tells whether somebody else said the same
    by_other = somebody_else and told and bool(matter and matter.met >= _ENOUGH)
    literal = in_part = False  # told in the claim's own words, or a part of it
    if same := overlap(pair.own, pair.theirs, pair.similarity, pair.aligned):
        lines = overlaps(by_word=same.by_word)
        if same.denies and same.covered >= _DENIED and not denying(pair.theirs):
            return Judged(Stance.CONTRADICTS, "the report says the opposite", score)
        verbatim = same.longest >= _VERBATIM and not same.parted
        literal = verbatim or same.score >= lines["enough"]
        if pair.among_many:
            in_part = told and not (literal or met) and _PART_IN_WORDS <= same.covered < _IN_WORDS
            told = told and (met or same.covered >= _PART_IN_WORDS)
        else:
            told = told and same.score >= lines["least"]
    literal = literal or by_other
    if not literal and (not told or (share(elements) < _LEAST and not met)):
        return Judged(Stance.CONTEXT, "near, but silent on the point", score)
    if not literal and matter and matter.met < _HARDLY:
        return Judged(Stance.CONTEXT, "near, but silent on the point", score)
    if not literal and not (met and pair.margin >= _FORWARD) and not _definite(pair, elements):
        return Judged(Stance.CONTEXT, "near, but nothing definite in common", score)
    if polarity_differs(pair.own, pair.theirs):
        return Judged(Stance.CONTEXT, "near, but one of the two denies", score)
    if compare.opposed(pair.own, pair.theirs):
        return Judged(Stance.CONTEXT, "near, but an act stands against it", score)
    if not_done(pair):
        return Judged(Stance.CONTRADICTS, "the report says the opposite", score)
    if only_wanted(pair):
        return Judged(Stance.CONTEXT, "near, but only wanted or planned", score)
    if compare.reversed_direction(pair.own, pair.report):
        return Judged(Stance.CONTEXT, "near, but the report tells it the other way round", score)
    if compare.place_match(pair.own, pair.theirs, pair.report) is Match.DIFFER:
        if _pins(elements) > _PINS:
            return Judged(Stance.CONTRADICTS, f"another place, {ALL_ELSE}", score)
        return Judged(Stance.CONTEXT, "near, but of another place", score)
    if compare.elsewhere(pair.own, pair.report) or any(
        e.kind == "city" and not e.found for e in elements
    ):
        said = pair.said or pair.own
        if _telling_figure(pair) and said.source_names & pair.theirs.source_names:
            return Judged(Stance.CONTRADICTS, f"another place, {ALL_ELSE}", score)
        return Judged(Stance.CONTEXT, "near, but of a place that the report does not know", score)
    if any(e.kind == "figure" and not e.found for e in elements):
        return Judged(Stance.CONTEXT, "near, but without the figure", score)
    if compare.date_match(pair.own, pair.theirs) is Match.DIFFER:
        return Judged(Stance.CONTEXT, "near, but of another day", score)
    if other_year(pair.own, pair.theirs):
        return Judged(Stance.CONTEXT, "near, but of another year", score)
    if compare.day_exchanged(pair.own, pair.theirs) or _said_another_day(pair):
        return Judged(Stance.CONTRADICTS, "another day", score)
    if any(e.kind == "modifier" and not e.found for e in elements):
        return Judged(Stance.QUALIFIES, "the report does not go as far", score)
    compass = compare.compass_match(pair.own, pair.theirs)
    if compass is Match.DIFFER:
        return Judged(Stance.CONTEXT, "near, but the other way by the compass", score)
    if compass is Match.SILENT:
        return Judged(Stance.QUALIFIES, "the report does not go as far", score)
    if not (pair.aligned and pair.aligned.met >= _ALL) and somebody_else:
        return Judged(Stance.QUALIFIES, "the report names somebody else", score)
    partly = _few_of_many(elements) or _only_part(pair.own, pair.theirs) or _much_untold(pair)
    if in_part or partly:
        return Judged(Stance.QUALIFIES, "the report speaks of a part", score)
    return Judged(Stance.SUPPORTS, "says so", score)


def _pinned(pair: Pair, elements: list[Element]) -> bool:
    """Several things that are not said of many matters are the same: the day, the town, who said it;
    or one figure of many digits, or a name with a number ("Base 46")."""
    numbered = any(k.startswith("#") for k in pair.own.name_keys & pair.theirs.name_keys)
    return _pins(elements) >= _PINS or _telling_figure(pair) or numbered


def _pins(elements: list[Element]) -> int:
    """How many kinds of such things are the same."""
    kinds = ("date", "city", "name", "source", "figure")
    return len({e.kind for e in elements if e.kind in kinds and e.found == 1.0})


def _telling_figure(pair: Pair) -> bool:
    """The two share a figure that hardly two matters have: "120,296", not "100,000"."""
    return any(
        f.value >= _LARGE and len(f"{f.value:.0f}".rstrip("0")) >= _DIGITS
        for f in pair.own.figures
        if same_number(f, pair.theirs)
    )


_LARGE, _DIGITS = 1_000, 3  # such a figure, and how many of its digits count


# ---------------------------------------------------------------- the score

FEATURES = (
    "similarity", "margin", "same_language", "hard", "hard_count", "no_hard", "all", "count",
    "action", "missing_figure", "date_differs",
)  # fmt: skip
BY_WORD = (*FEATURES, "met", "unmet")  # of a pair whose words were laid side by side


def features(pair: Pair, elements: list[Element]) -> list[float]:
    """The numbers the score is made of, in the order of FEATURES or BY_WORD, each about -1 to 2."""
    hard = [e for e in elements if e.kind in _HARD]
    acts = [e.found for e in elements if e.kind == "action"]
    found = sum(e.found == 1.0 for e in hard if e.kind != "country")
    return [
        (pair.similarity - 0.84) / 0.03,
        pair.margin / 0.03,
        float(pair.own.language == pair.theirs.language),
        share(hard),
        min(found, 4) / 4,
        float(not hard),
        share(elements),
        min(sum(e.found == 1.0 for e in elements), 6) / 6,
        max(acts, default=0.5),
        float(any(e.kind == "figure" and not e.found for e in hard)),
        float(compare.date_match(pair.own, pair.theirs) is Match.DIFFER),
        *((pair.aligned.met, pair.aligned.unmet) if pair.aligned else ()),
    ]


def support(values: list[float]) -> float:
    """The logistic score of support."""
    by_word = len(values) > len(FEATURES)
    table = weights(by_word=by_word)
    names = BY_WORD if by_word else FEATURES
    z = table["bias"] + sum(table[n] * v for n, v in zip(names, values, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@lru_cache(maxsize=2)
def weights(*, by_word: bool = False) -> dict[str, float]:
    """The calibrated weights, the bias and the threshold; `by_word` for pairs whose words were laid
    side by side."""
    path = resources.files("factcheck").joinpath("lexicon", "stance.json")
    tables = json.loads(path.read_text(encoding="utf-8"))
    table: dict[str, float] = tables["by_word" if by_word else "weights"]
    return table


# ---------------------------------------------------------------- what makes a support


def _matter(pair: Pair) -> Aligned | None:
    """What the claim says of the names, days and figures in it, beside the sentence."""
    own = pair.own
    parts: list[Placed] = [*own.names, *own.sources, *own.figures, *own.dates]
    return pair.aligned.without((p.start, p.end) for p in parts) if pair.aligned else None


def _spelt_out(elements: list[Element]) -> bool:
    """The sentence holds a claim of many parts nearly whole, an act among them: it tells the same,
    though other sentences may come as near in meaning."""
    acts = any(e.kind == "action" and e.found == 1.0 for e in elements)
    return acts and len(elements) >= _PARTS and share(elements) >= _WHOLE


def _much_untold(pair: Pair) -> bool:
    """The claim says much, and for a good part of it a sentence of its language has no words."""
    side = pair.aligned
    if side is None or pair.own.language != pair.theirs.language:
        return False
    return len(side.spans) >= _LONG and side.unmet > _UNTOLD


def _said_another_day(pair: Pair) -> bool:
    """The same source, or a speaker of the same kind without a name, says it on another day."""
    said, theirs = pair.said, pair.theirs
    if said is None:
        return False
    if compare.said_another_day(said, theirs):
        return True
    if said.source_names or len(compare.days(said)) == len(compare.days(pair.own)):
        return False
    mine, other = _speaking(said), _speaking(theirs)
    speakers = {
        m.concept.name
        for m in mine.mentions
        if m.concept.kind == "actor" or m.concept.name in _SPEAKERS
    }
    if not speakers & other.concepts:
        return False
    told, offered = compare.days(mine), compare.days(other)
    return bool(told and offered) and not any(a.overlaps(b) for a in told for b in offered)


_SPEAKERS = frozenset({"state_television"})  # things that speak


def _speaking(reading: Reading) -> Reading:
    """The part of a sentence that tells who says the rest, where it comes first."""
    return reading.within(0, frame(reading).content.start)


def _somebody_else(own: Reading, theirs: Reading) -> bool:
    """The claim opens with who did or said it, and the evidence opens with another name and has
    none of those that the claim opens with."""
    if not any(s.start <= _last_of_opening(own) for s in own.sources):
        return False
    mine, other = _opening(own), _opening(theirs)
    if not mine or not other or mine & other:
        return False
    return not mine & (theirs.name_keys | _families(theirs.sources))


def _last_of_opening(reading: Reading) -> int:
    """Where the last of the first words begins; -1 where there are none."""
    return max((w.start for w in reading.words[:_FIRST]), default=-1)


def _opening(reading: Reading) -> frozenset[str]:
    """Keys of the names and sources among the first words of a sentence (places are none)."""
    last = _last_of_opening(reading)
    named = [
        *((n.start, n.keys) for n in reading.names if n.place is None),
        *((s.start, _families([s])) for s in reading.sources),
    ]
    return frozenset(k for start, keys in named if start <= last for k in keys)


def _share_a_year(own: Reading, theirs: Reading) -> bool:
    """Both name one year ("since 1999")."""
    mine, other = ({w.first for w in r.dates if w.grain == "year"} for r in (own, theirs))
    return bool(mine & other)


def _families(sources: Sequence[Naming]) -> frozenset[str]:
    """Sources and the bodies that they belong to: UNHCR speaks for the UN."""
    register, short = Register.load(), {s.source.short for s in sources}
    return frozenset({*short, *map(register.family, short)})


def _few_of_many(elements: list[Element]) -> bool:
    """Of the many things that the claim speaks of the sentence holds a third at most."""
    things = [e for e in elements if e.kind == "thing"]
    return len(things) >= _MANY and sum(e.found == 1.0 for e in things) * 3 <= len(things)


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


def _definite(pair: Pair, elements: list[Element]) -> bool:
    """Something that is not said of many things is shared: a name, a town, a day, a figure of
    weight. A claim that holds no such thing needs several words in common and to stand out. A name
    that only tells whose forces they are is no such thing."""
    own = pair.own
    specific = [
        e
        for e in elements
        if e.kind in ("figure", "duration", "date", "city", "name", "source") and e.weight >= 1.0
    ]
    if any(e.found == 1.0 and e.weight > 1.0 for e in specific) or _share_a_year(own, pair.theirs):
        return True
    acts = any(e.kind == "action" and e.found == 1.0 for e in elements)
    soft = sum(e.found == 1.0 for e in elements if e.kind in ("action", "thing"))
    if any(e.found for e in specific):
        return acts and soft >= 2
    stands_out = pair.margin >= APART and soft >= 2
    if own.words and own.words[0].text.casefold() in lexicon.function_words(
        own.language, "pronouns"
    ):
        acts = acts and pair.margin >= STANDS_OUT  # whom it speaks of is not said
    return not specific and len(own.words) >= 4 and (stands_out or (soft >= 2 and acts))


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
