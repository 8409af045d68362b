"""What differs between a claim and an evidence sentence when enough else agrees.

A figure of the same quantity and place, the day, the place, who did it to whom, an act that
excludes the other: one of these makes a contradiction. Silence makes none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from factcheck import compare
from factcheck.analysts.local.aligned import MATTER, Aligned
from factcheck.analysts.local.elements import TIME, Element, Pair, same_number, share
from factcheck.analysts.local.odd_one import odd_one
from factcheck.compare import Match
from factcheck.models import ClaimKind
from factcheck.reading import Reading
from factcheck.text import eastasian, figures, lexicon, persian
from factcheck.text.figures import Figure
from factcheck.text.words import Word

_SIZE = 5  # how many times one figure of a count may be another
_ELSE = 0.27  # share met below which a sentence speaks of something else
_HEAD = 0.38  # likeness of what the one denies to what the other says
_BRIEF, _ALIKE = 18, 0.75  # words of a claim that says one thing; share of a longer one that is met
_NEGATOR = 3  # words before a shared word among which a negator is looked for
_ABOVE = 0.025  # margin from which an unmatched figure or year stands for the claim's
APART = 0.04  # margin from which a sentence speaks of the claim's matter whatever it names
_OTHERS = 0.5  # share of the other elements that must be there for a figure to contradict
NEARLY_ALL, STANDS_OUT = 0.8, 0.02  # share and margin that make up for a name in common
_MOST = 0.62  # the same for a day, a place or a direction


def polarity_differs(own: Reading, theirs: Reading) -> bool:
    """One of the two denies: the claim anything that it says, while the sentence denies nothing;
    the sentence what both speak of."""
    if own.language not in lexicon.LANGUAGES:  # what is denied in it cannot be told
        return bool(negators(own)) != denies(theirs)
    if denies(own) and not denies(theirs):
        return not denying(theirs)  # "have not been vaccinated": "missed their vaccination"
    denied = _negated(theirs, in_common(theirs, own))
    mine = _negated(own, [*in_common(own, theirs), *(m.start for m in own.mentions)])
    return mine != denied


_NO_LESS = 2  # words before a figure in which a negator belongs to its bound ("no fewer than")


def denies(reading: Reading) -> bool:
    """A negator stands in it, though not in a clause without an act beside one that has it ("he had
    been no kinder to them, and condemned the theft")."""
    acts = [m for m in reading.mentions if m.concept.kind in ("action", "state")]
    for word in negators(reading):
        start, end = _clause(reading.text, word.start)
        if not acts or any(start <= m.start < end for m in acts):
            return True
    return False


@lru_cache(maxsize=4_096)
def negators(reading: Reading) -> tuple[Word, ...]:
    """The words that deny something: not those of a figure's bound, nor "not only"."""
    known = lexicon.negators(reading.language) or frozenset()
    only = lexicon.phrases(reading.language, "not_only")
    low = reading.text.casefold()
    return tuple(
        w
        for i, w in enumerate(reading.words)
        if (w.text.casefold() in known or _denying_form(w, reading))
        and not _bounds(reading, i)
        and not any(n.start <= w.start < n.end for n in reading.sources)  # "sans frontières"
        and not any(low.startswith(p, w.start) for p in only)
    )


def denying(reading: Reading) -> bool:
    """It denies something, in one word or another: "failed to", "lacks", "refused"."""
    lacking = lexicon.phrases(reading.language, "lacking")
    return bool(negators(reading)) or any(w.text.casefold() in lacking for w in reading.words)


# A Turkish verb denies by a syllable of its own: "imzaladı", "imzalamadı"; "biliyor", "bilmiyor".
_TURKISH = re.compile(
    r"\w{2,}(?:m[ae](?:d[ıi]|m[ıi]ş|yaca[kğ]|yece[kğ]|z(?:lar|ler)?$)|m[ıiuü]yor|m[ae]dan$|m[ae]den$)"
)


def _denying_form(at: Word, reading: Reading) -> bool:
    word, language = at.text, reading.language
    if eastasian.SCRIPT.match(word):
        return eastasian.denies(reading.text, at.start, at.end)
    if language == "fr":
        return word[:2].casefold() in ("n'", "n’")  # "n’avait"
    if language == "fa":
        return persian.denied(word)
    if language in _RUN_ON:
        return any(n in word for n in lexicon.negators(language) or ())
    return language == "tr" and bool(_TURKISH.match(word.casefold()))


_RUN_ON = ("th", "lo", "km", "my")  # no blanks between words


def may_deny_unseen(reading: Reading) -> bool:
    """Nothing is known of how its language denies."""
    return lexicon.negators(reading.language) is None


def _bounds(reading: Reading, at: int) -> bool:
    """The negator at word `at` belongs to a figure ("no fewer than 900")."""
    ahead = reading.words[at : at + _NO_LESS + 1]
    return any(
        f.bound != "exact"
        and f.start <= ahead[-1].start
        and ahead[0].start < f.end
        and not re.search(r"[,;،؛]", reading.text[ahead[0].end : f.start])
        for f in reading.figures
    )


def _clause(text: str, at: int) -> tuple[int, int]:
    """The stretch between the commas on either side of a place."""
    marks = [m.end() for m in re.finditer(r"[,،;؛:]\s", text)]
    start = max((m for m in marks if m <= at), default=0)
    return start, min((m for m in marks if m > at), default=len(text))


def in_common(reading: Reading, other: Reading) -> list[int]:
    """Where the concepts, names and sources stand that the other side has too."""
    shared = lexicon.broadened(other.concepts) | compare.actions(other)
    places = [m.start for m in reading.mentions if lexicon.broadened([m.concept.name]) & shared]
    places += [n.start for n in reading.names if n.keys & other.name_keys]
    places += [n.start for n in reading.sources if n.source.short in other.source_names]
    return places


def _negated(reading: Reading, places: list[int]) -> bool:
    """Among the few words before one of the places stands a negator."""
    found = negators(reading)
    for start in places:
        before = [w for w in reading.words if w.end <= start][-_NEGATOR:]
        itself = [w for w in reading.words if w.start <= start < w.end]
        if any(w in found for w in (*before, *itself, *_verb_behind(reading, start))):
            return True
    return False


def _verb_behind(reading: Reading, start: int) -> list[Word]:
    """The words behind a place up to the end of its clause, among which a Persian or a Turkish verb
    denies."""
    if reading.language not in ("fa", "tr"):
        return []
    _, end = _clause(reading.text, start)
    return [w for w in reading.words if start < w.start < end][: _NEGATOR + 1]


def difference(pair: Pair, elements: list[Element]) -> str:
    """What differs, in a few words, when enough else agrees; "" when nothing does."""
    own, theirs = pair.own, pair.theirs
    if odd := odd_one(pair, elements):
        return odd
    if some := _not_all(own, theirs):
        return f"another figure: {some.text}"
    if pair.aligned and pair.aligned.met < _ELSE:
        return ""
    pairs = compare.figure_pairs(own, theirs, pair.report, pair.lands)
    agreeing = {id(p.claim) for p in pairs if p.agree}
    differing = [
        p
        for p in pairs
        if not p.agree
        and id(p.claim) not in agreeing
        and not same_number(p.claim, theirs)
        and _one_size(p.claim.value, p.evidence.value)
    ]
    same_act = bool(compare.actions(own) & compare.actions(theirs))
    matter = bool(pair.aligned and pair.aligned.met >= MATTER)
    if part := _other_part(own, theirs):
        return f"another figure for that part: {part.text}"
    if not same_act:
        differing = [p for p in differing if p.claim.unit not in TIME]
    near = matter and pair.margin >= STANDS_OUT
    if differing and (near or share(elements, without="figure") >= _OTHERS):
        return f"another figure: {differing[0].evidence.text}"
    if pair.margin >= _ABOVE and (other := _left_over(own, theirs)):
        return f"another figure: {other.text}"
    if pair.margin >= _ABOVE and other_year(own, theirs):
        return "another year"
    anchored = (
        matter
        or pair.margin >= APART
        or any(e.kind in ("city", "name", "source") and e.found == 1.0 for e in elements)
    )
    named = [e for e in elements if e.kind in ("city", "name")]
    same_matter = not named or (named[0].found == 1.0 and share(named) >= _MOST)
    if same_act and anchored and same_matter and (act := compare.reversed_direction(own, theirs)):
        return f"the other way round: {act}"
    alike = share(elements, without="action") >= NEARLY_ALL and len(elements) >= 4
    if (
        (anchored or alike)
        and share(elements, without="" if pair.claim.kind is ClaimKind.STATEMENT else "action")
        >= _OTHERS  # what is only demanded or denied is held against less
        and (acts := compare.opposed(own, theirs))
    ):
        return f"{acts[1]}, not {acts[0]}"
    if fate := _other_fate(own, theirs):
        return fate
    exact = [p for p in pairs if p.agree and p.claim.value >= 20]
    if _apart(own, theirs) or (anchored and compare.compass_match(own, theirs) is Match.DIFFER):
        return "another place"
    others = share(elements, without="date")
    sure = others >= NEARLY_ALL and pair.margin >= STANDS_OUT
    if same_act and same_matter and (sure or (anchored and others >= _MOST)):
        apart = compare.date_match(own, theirs) is Match.DIFFER and not _share_a_date(own, theirs)
        if apart and _one_day(own, theirs):
            return "another day"
        whole = share(elements) >= NEARLY_ALL
        denied, refuted = negated_act(own, theirs), negated_act(theirs, own)
        refuted = refuted and not all(_in_relative(theirs, w) for w in negators(theirs))
        known = not (may_deny_unseen(own) or may_deny_unseen(theirs))
        if known and whole and denied != refuted and not denying(theirs if denied else own):
            return "the report says the opposite"
    if (exact or (same_act and anchored and share(elements, without="city") >= _MOST)) and (
        compare.place_match(own, theirs, pair.report) is Match.DIFFER
    ):
        return "another place"
    if matter and pair.aligned and _denied_by_one(own, theirs, pair.aligned):
        return "the report says the opposite"
    return ""


_FATE = {"kill": "kill", "die": "kill", "injure": "injure"}
_VERB_LAST = ("fa", "tr")


def _other_fate(own: Reading, theirs: Reading) -> str:
    """Whom the claim has wounded the sentence has killed, beside somebody who was wounded, or the
    other way round."""
    mine = {_FATE[m.concept.name] for m in own.mentions if m.concept.name in _FATE}
    told = [(m.start, _FATE[m.concept.name]) for m in theirs.mentions if m.concept.name in _FATE]
    if len(mine) != 1 or len({fate for _, fate in told}) != 2:
        return ""
    for name in own.names:
        if name.place or len(name.keys) < 2:
            continue
        for other in theirs.names:
            if not name.keys <= other.keys:
                continue
            before = [fate for at, fate in told if at < other.start]
            after = [fate for at, fate in told if at > other.start]
            last = theirs.language in _VERB_LAST
            fate = after[0] if after and (last or not before) else before[-1]
            if fate not in mine:
                return f"{fate}, not {next(iter(mine))}"
    return ""


def _denied_by_one(own: Reading, theirs: Reading, aligned: Aligned) -> bool:
    """What one of the two denies the other says in words of the same meaning, and denies nothing."""
    mine, other = negators(own), negators(theirs)
    if may_deny_unseen(own) or may_deny_unseen(theirs):
        return False
    if bool(mine) == bool(other) or denying(own if other else theirs):
        return False
    if len(own.words) > _BRIEF and aligned.met < _ALIKE:
        return False  # much is said, and what is denied is one part of it
    if mine and _share_a_date(own, theirs):  # "no case since 1999": "the last one was in 1999"
        return False
    other = tuple(w for w in other if not _in_relative(theirs, w))
    met = [
        (a, b)
        for a, b, near in zip(aligned.spans, aligned.theirs, aligned.nearest, strict=True)
        if near >= _HEAD
    ]
    if mine:
        return _right_behind(own, mine, [a for a, _ in met])
    return _right_behind(theirs, other, [b for _, b in met])


def _in_relative(reading: Reading, negator: Word) -> bool:
    """The negator stands in a clause that only tells of whom ("counting those who did not register")."""
    that = lexicon.phrases(reading.language, "that")  # "said that they did not" denies
    relatives = lexicon.phrases(reading.language, "relatives") - that
    before = [w for w in reading.words if w.end <= negator.start][-_NEGATOR:]
    return any(w.text.casefold() in relatives for w in before)


def _right_behind(reading: Reading, found: Sequence[Word], spans: list[tuple[int, int]]) -> bool:
    """Beside one of the negators stands one of the spans."""
    for negator in found:
        ahead = [w for w in reading.words if w.start >= negator.start][: _NEGATOR + 1]
        if any(a < w.end and w.start < b for w in ahead for a, b in spans):
            return True
    return False


def _apart(own: Reading, theirs: Reading) -> bool:
    """The very figure of the claim stands in the sentence, with another place right behind it."""
    for mine in own.figures:
        here = compare.local_places(own, mine)
        for other in theirs.figures:
            if mine.value >= 20 and other.value == mine.value and other.unit == mine.unit:
                near = here | compare.places_before(own, mine)
                there = compare.places_before(theirs, other)
                if near & there:
                    return False
                if not here and there:  # "Lebanon 748,608; Jordan 531,768"
                    return compare.places_apart(near, there)
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


def _not_all(own: Reading, theirs: Reading) -> Figure | None:
    """The claim says all of a number, the sentence some of that number: "all 23", "21 of 23"."""
    alls = lexicon.function_words(own.language, "whole")
    for mine in own.figures:
        before = [w.text.casefold() for w in own.words if w.end <= mine.start][-_BEFORE:]
        if not alls.intersection(before):
            continue
        for part, whole in itertools.pairwise(theirs.figures):
            between = theirs.text[part.end : whole.start]
            same = whole.value == mine.value and part.value < whole.value
            if same and part.unit == whole.unit and len(between.split()) <= _OF:
                return part
    return None


_BEFORE, _OF = 2, 3  # words before a number among which "all" stands; words of "21 of Syria's 23"


def exchanged(own: Reading, theirs: Reading) -> Figure | None:
    """Two of the claim's numbers stand in the sentence, each with what the other one counts."""
    for one, two in itertools.permutations(own.figures, 2):
        if one.value == two.value or one.unit != two.unit:
            continue
        a, b = (
            next((t for t in theirs.figures if t.value == f.value and t.unit == f.unit), None)
            for f in (one, two)
        )
        mine, other = _kinds(one) - _kinds(two), _kinds(two) - _kinds(one)
        if not a or not b or mine & _kinds(a) or other & _kinds(b):
            continue
        # "on the government side" counts nobody that the lexicon knows: one side's word is enough
        if mine & _kinds(b) and (other & _kinds(a) or not other):
            return a
    return None


def _kinds(figure: Figure) -> frozenset[str]:
    """Who is counted, else what: a verb shared by two figures tells them not apart."""
    return figure.of or figure.counts


def _left_over(own: Reading, theirs: Reading) -> Figure | None:
    """The evidence's figure that stands where the claim's one unmatched figure should: of the same
    size and unit, and of nothing that is known to be something else."""
    mine = [f for f in own.figures if f.unit not in TIME and not same_number(f, theirs)]
    rest = [f for f in theirs.figures if f.unit not in TIME and not same_number(f, own)]
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


def other_year(own: Reading, theirs: Reading) -> bool:
    """Each side names one year and no day, and the years differ."""
    mine = {w.first.year for w in own.dates if w.grain == "year" and w.first}
    other = {w.first.year for w in theirs.dates if w.grain == "year" and w.first}
    return len(mine) == 1 and len(other) == 1 and mine != other and not compare.days(theirs)


def _one_day(own: Reading, theirs: Reading) -> bool:
    """Each side names one day, or one date of any kind."""
    dates = [sum(bool(w.first) for w in r.dates) for r in (own, theirs)]
    days = [len(compare.days(r)) for r in (own, theirs)]
    return days == [1, 1] or dates == [1, 1]


def _share_a_date(own: Reading, theirs: Reading) -> bool:
    """Some date of each, a month or a year among them, falls together: "since February"."""
    return any(a.overlaps(b) for a in own.dates for b in theirs.dates if a.first and b.first)


def negated_act(reading: Reading, other: Reading) -> bool:
    """A negator stands close before an action that the other side speaks of too."""
    shared = compare.actions(other)
    acts = [m for m in reading.mentions if m.concept.kind == "action"]
    return _negated(reading, [m.start for m in acts if compare.alike(m.concept.name) & shared])
