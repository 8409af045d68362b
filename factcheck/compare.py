"""Hold a claim against an evidence sentence: figures, dates, places, names and who did it.

Like is compared with like. A figure that the evidence does not give, a date it does not name and a
place it does not mention are silence, not contradiction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from factcheck.reading import Reading
from factcheck.text import figures as figures_
from factcheck.text import lexicon
from factcheck.text.dates import When
from factcheck.text.figures import Figure
from factcheck.text.lexicon import Mention
from factcheck.text.names import Name, Place, names, place_of
from factcheck.text.russian import by_whom, of_whom, passive

_DIRECTED = frozenset(
    "capture retake attack advance withdraw lose_control besiege kill arrest release bombard "
    "kidnap execute expel defend storm_raid shoot_down drop_barrel_bombs control".split()
)


_TAKING = frozenset(("capture", "retake", "control"))


_CLOSE = 0.05  # share by which figures of a narrower and a broader count may differ


_ORIGIN = frozenset(
    ("", "asal", "of", "of the", "de", "du", "del", "der", "des", "van", "van de", "van het")
)
_ORIGIN |= {"do", "dos", "das"}
_ORIGIN |= {"di", "del", "dello", "della", "dell", "dei", "degli", "delle"}  # Italian


class Match(StrEnum):
    AGREE = "agree"
    DIFFER = "differ"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a claim's article is at that point: its countries and cities, the names around, and the
    sources that the claim's own sentence names.

    What a claim leaves out ("6.5 million are displaced") is understood from there.
    """

    countries: frozenset[str] = frozenset()
    cities: frozenset[Place] = frozenset()
    names: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FigurePair:
    """A figure of the claim beside a comparable one of the evidence."""

    claim: Figure
    evidence: Figure
    agree: bool


@lru_cache(maxsize=4_096)  # finding, judging and verifying ask for the same
def figure_pairs(
    claim: Reading,
    evidence: Reading,
    report: Reading | None = None,
    setting: Setting = Setting(),
) -> tuple[FigurePair, ...]:
    """All comparable pairs. `report` is the reading of the evidence's title and surroundings,
    `setting` that of the claim.

    Two figures of one quantity are comparable only in one place: a figure for a town is no figure
    for the country, and one for Lebanon none for Syria.
    """
    pairs = []
    for mine in claim.figures:
        for theirs in evidence.figures:
            same = (
                mine.value == theirs.value >= 20
                and mine.unit == theirs.unit
                and (not mine.counts or not theirs.counts)
            )  # the very number, though it is not told on one side what it counts
            agree = figures_.agree(mine, theirs)
            if not (same or figures_.comparable(mine, theirs)) or not _same_scope(
                claim, mine, evidence, theirs, report, setting, agree=agree
            ):
                continue
            # A broader count (all who fled) can bear a narrower one out if the number is the same,
            # but not contradict it.
            direct = mine.counts & theirs.counts or not (mine.counts or theirs.counts) or same
            close = abs(mine.value - theirs.value) <= _CLOSE * max(mine.value, theirs.value)
            if direct or (agree and close):
                pairs.append(FigurePair(mine, theirs, agree))
    return tuple(pairs)


def _same_scope(
    claim: Reading,
    mine: Figure,
    evidence: Reading,
    theirs: Figure,
    report: Reading | None,
    setting: Setting,
    *,
    agree: bool,
) -> bool:
    a, b = scope(claim, mine), scope(evidence, theirs)
    cities_a = {p for p in a.places if p.city}
    cities_b = {p for p in b.places if p.city} - _seats(b)
    if cities_a and cities_b:
        return bool(cities_a & cities_b)
    if cities_a or (cities_b and not agree and not cities_b & setting.cities):
        return False  # the town may only be where somebody said it, which a like figure tells
    whole = report or evidence
    own = a.countries or claim.countries
    lands_a = own or setting.countries
    lands_b = b.countries or evidence.countries or whole.countries
    if own and not lands_b:
        lands_b = homes(whole)
    if not lands_a or not lands_b:
        there = evidence.name_keys | whole.name_keys
        if (claim.name_keys | setting.names) & there:
            return True
        # a body speaks of many places: its count is of this one where none is named on either side
        nowhere = not own or not there or mine.value == theirs.value
        return nowhere and bool((claim.source_names | setting.sources) & whole.source_names)
    if not lands_a & lands_b:
        return False
    if not agree and len(a.countries) > 1 and not a.countries <= lands_b:
        return False  # Syrians in Turkey are not compared with Syrians anywhere
    if a.countries and b.countries and not agree:
        # Syrians in Lebanon are not all Syrians who fled; "Syrian" may be left unsaid
        named = (_lands(a) or a.countries) == (_lands(b) or b.countries)
        return named or a.countries == b.countries
    return True


def _lands(reading: Reading) -> frozenset[str]:
    """The countries that are named by their names, and not by an adjective."""
    return frozenset(
        n.place.country for n in reading.names if n.place and not n.place.city and place_of(n.text)
    )


_AT = 6  # characters between a source and the town that it speaks from


def _seats(reading: Reading) -> set[Place]:
    """The towns that stand right behind a source: "UNHCR in Beirut said" counts nobody in Beirut."""
    return {
        n.place
        for n in reading.names
        for s in reading.sources
        if n.place and n.place.city and 0 < n.start - s.end <= _AT
        and "," not in reading.text[s.end : n.start]
    }  # fmt: skip


def scope(reading: Reading, figure: Figure) -> Reading:
    """The clause around a figure: between the marks on either side of it."""
    text = reading.text
    start = 0
    for m in re.finditer(r"[;:—–]|[,،؛]\s", text[: figure.start]):
        start = m.end()
    m2 = re.search(r"[;:—–]|[,،؛]\s", text[figure.end :])
    end = figure.end + m2.start() if m2 else len(text)
    return reading.within(start, end)


def local_places(reading: Reading, figure: Figure) -> frozenset[Place]:
    """The places named right behind a figure, before the next one: "13,000 to Uganda and ..."."""
    after = [f.start for f in reading.figures if f.start >= figure.end]
    end = min(after, default=len(reading.text))
    return reading.within(figure.end, end).places


def places_before(reading: Reading, figure: Figure) -> frozenset[Place]:
    """The places named before the first figure of a clause: "Turkey 460,000". What stands between
    two figures of one clause belongs to the first of them."""
    clause = scope(reading, figure)
    if any(f.end <= figure.start for f in clause.figures):
        return frozenset()
    return clause.within(0, figure.start).places


def places_apart(mine: frozenset[Place], theirs: frozenset[Place]) -> bool:
    """The two sets name places that cannot be one: other countries, or other towns of one."""
    if not mine or not theirs or mine & theirs:
        return False
    lands, other = {p.country for p in mine}, {p.country for p in theirs}
    if not lands & other:
        return True
    return all(p.city for p in mine) and all(p.city for p in theirs)


_COMPASS = frozenset(
    "north south east west central north_east north_west south_east south_west".split()
)
_OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
_BY = 24  # characters between a compass point and the name it goes with


def compass_match(claim: Reading, evidence: Reading) -> Match:
    """Compass points beside a name that both share: DIFFER where one says north and the other
    south, SILENT where the evidence gives the name without the claim's compass point."""
    found = Match.AGREE
    for mine in claim.names:
        here = _compass_of(claim, mine)
        if not here:
            continue
        for theirs in evidence.names:
            if not (mine.keys & theirs.keys or (mine.place and mine.place == theirs.place)):
                continue
            there = _compass_of(evidence, theirs)
            if any(_OPPOSITE.get(c) in there for c in here):
                return Match.DIFFER
            if not here & there:
                found = Match.SILENT
    mine_, there_ = (_points(r) for r in (claim, evidence))
    if any(_OPPOSITE.get(c) in there_ and c not in there_ for c in mine_):
        return Match.DIFFER  # "moves north": "moves south"
    return found


def _points(reading: Reading) -> set[str]:
    """The compass points of a sentence that go with no name."""
    named = {c for name in reading.names for c in _compass_of(reading, name)}
    return {m.concept.name for m in reading.mentions if m.concept.name in _COMPASS} - named


def _compass_of(reading: Reading, name: Name) -> frozenset[str]:
    """Compass points that go with a name: right before it, else right behind it unless they go
    with the next one ("Safira, south-east of Aleppo")."""
    points = [m for m in reading.mentions if m.concept.name in _COMPASS]
    before = {
        m.concept.name  # "West Africa" has its own
        for m in points
        if 0 <= name.start - m.end <= _BY or name.start <= m.start < name.end
    }
    if before:
        return frozenset(before)
    next_name = min(
        (n.start for n in reading.names if n.start >= name.end), default=len(reading.text)
    )
    after = [m for m in points if 0 <= m.start - name.end <= _BY and m.start < next_name]
    taken = [
        m for m in after if any(0 <= n.start - m.end <= _BY for n in reading.names if n != name)
    ]
    return frozenset(m.concept.name for m in after if m not in taken)


def days(reading: Reading) -> list[When]:
    """The days (not months or years) that a sentence names and that could be resolved."""
    return [w for w in reading.dates if w.grain == "day" and w.first]


def date_match(claim: Reading, evidence: Reading) -> Match:
    """Whether the days named on both sides share one, or the one month with its year that
    each names; SILENT where either names none."""
    mine, theirs = days(claim), days(evidence)
    if mine and theirs:
        if any(_may_be_one(a, b) for a in mine for b in theirs):
            return Match.AGREE
        return Match.DIFFER
    mine = [w for w in claim.dates if w.first]
    theirs = [w for w in evidence.dates if w.first]
    if mine and theirs and any(a.overlaps(b) for a in mine for b in theirs):
        return Match.AGREE
    dated = [w for w in (*mine, *theirs) if w.grain != "year" and _YEAR.search(w.text)]
    if len(mine) == 1 and len(theirs) == 1 and len(dated) == 2:
        return Match.DIFFER
    return Match.SILENT


def _may_be_one(a: When, b: When) -> bool:
    """The days fall together; of two stretches that begin or end on one day ("8 to 10 November", "8 to
    19 November") neither is the other."""
    one_end = (a.first == b.first) != (a.last == b.last)
    stretches = a.first != a.last and b.first != b.last
    return a.overlaps(b) and not (stretches and one_end)


def day_exchanged(claim: Reading, evidence: Reading) -> bool:
    """One of the days is the same on both sides, and each side has just one that the other has not:
    "said on 6 March ... since 1 January", "said on 15 March ... since 1 January"."""
    mine, theirs = days(claim), days(evidence)
    left = [a for a in mine if not any(_may_be_one(a, b) for b in theirs)]
    offered = [b for b in theirs if not any(_may_be_one(a, b) for a in mine)]
    return len(left) == 1 and len(offered) == 1 and len(mine) > 1


_YEAR = re.compile(r"(?:19|20)\d\d")


def place_match(claim: Reading, evidence: Reading, report: Reading | None = None) -> Match:
    """Whether the known towns, else countries, agree.

    DIFFER only where both sides name towns (or else countries) and share none, and the report as a
    whole does not speak of the claim's either.
    """
    mine = {p for p in claim.places if p.city}
    theirs = {p for p in _of_event(evidence) if p.city}
    around = {p for p in report.places if p.city} if report else set()
    if mine and theirs:
        if mine & theirs:
            return Match.AGREE
        if mine & around:
            return Match.SILENT
        towns = {k for n in claim.names if n.place and n.place.city for k in n.keys}
        return Match.SILENT if towns & evidence.name_keys else Match.DIFFER
    lands = frozenset(p.country for p in _of_event(evidence))
    if claim.countries and lands:
        if claim.countries & lands:
            return Match.AGREE
        known = report.countries if report else frozenset()
        return Match.SILENT if claim.countries & known else Match.DIFFER
    return Match.SILENT


# Where somebody has its seat, before and behind the place.
_SEAT_BEFORE = re.compile(
    r"(?:based|headquartered|seated)\s+(?:in|at)\s+(?:the\s+)?$|(?<!\w)basée?s?\s+(?:à|en|au)\s+$|"
    r"(?:berbasis|berkantor|bermarkas)\s+(?:pusat\s+)?di\s+$|mit\s+Sitz\s+in\s+$|con\s+sede\s+(?:en|a|in)\s+$|"
    r"com\s+sede\s+em\s+$|gevestigd\s+in\s+$|(?:و?مقر(?:ه|ها)|مقره)\s+(?:في\s+)?$|базирующ\w+\s+в\s+$",
    re.IGNORECASE,
)
_SEAT_BEHIND = re.compile(r"[’'\w]*(?:-based|\s+merkezli)\b", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def _of_event(reading: Reading) -> frozenset[Place]:
    """The places that a sentence names, without those where somebody has its seat: "SOHR, a UK-based
    monitor"."""
    text = reading.text
    return frozenset(
        n.place
        for n in reading.names
        if n.place
        and not _SEAT_BEFORE.search(text[max(0, n.start - _LOOK) : n.start])
        and not _SEAT_BEHIND.match(text[n.end :])
    )


_LOOK = 30  # characters before a place in which its seat is told


def describes_source(reading: Reading, name: Name) -> bool:
    """A land or a people right beside a known source only describes it ("Lebanon's Hezbollah")."""
    if name.place is not None and name.place.city:
        return False
    for source in reading.sources:
        first, second = sorted(((name.start, name.end), (source.start, source.end)))
        between = reading.text[first[1] : second[0]].casefold()
        if (
            between.strip(" \u00a0\"'’‘“”«»„s") in _ORIGIN
        ):  # nothing, too, where one holds the other
            return True
    return False


def homes(report: Reading) -> frozenset[str]:
    """The countries that the sources of a report are named after: the Syrian Observatory for Human
    Rights need not say that it counts the dead of Syria."""
    found = (_named_after(n.source.name) for n in report.sources)
    return frozenset().union(*found)


@lru_cache(maxsize=1_024)
def _named_after(source: str) -> frozenset[str]:
    return frozenset(n.place.country for n in names(source, "en") if n.place)


def elsewhere(own: Reading, report: Reading) -> bool:
    """The claim names a town or a country of which the whole report says nothing, while the report
    names others of the kind. An adjective ("American") is no such name."""
    for name in own.names:
        if name.place is None or name.keys & report.name_keys or describes_source(own, name):
            continue
        if name.place.city:
            known = name.place in report.places
            others = any(p.city and p.country == name.place.country for p in report.places)
        else:
            lands = report.countries or homes(report)
            known = name.place.country in lands or place_of(name.text) is None
            others = bool(lands)
        if others and not known:
            return True
    return False


def said_another_day(said: Reading, theirs: Reading) -> bool:
    """Both sides let the same source say it on a day, and the days differ. `said` are the claim's own
    words, attribution included."""
    if not said.source_names & theirs.source_names:
        return False
    mine, other = days(said), days(theirs)
    if day_exchanged(said, theirs):
        return True
    return len(mine) == 1 and bool(other) and not any(mine[0].overlaps(d) for d in other)


# ---------------------------------------------------------------- actions


_COUNTED_ACTS = {
    counted: frozenset(a for a, c in figures_.ACTION_COUNTS.items() if c == counted)
    for counted in figures_.ACTION_COUNTS.values()
}


def actions(reading: Reading) -> frozenset[str]:
    """The actions and states a sentence speaks of, with the broader ones they imply.

    "53 dead" speaks of dying as "53 died" does.
    """
    named = {m.concept.name for m in reading.mentions}
    acts = {m.concept.name for m in reading.mentions if m.concept.kind in ("action", "state")}
    for counted, happenings in _COUNTED_ACTS.items():
        if counted in named:
            acts |= happenings
    known = lexicon.concepts()
    # "a call to arms" tells of calling, though the word is a noun
    acts |= {n for n in lexicon.broadened(named) if known[n].kind in ("action", "state")}
    return lexicon.broadened(acts)


def alike(act: str) -> frozenset[str]:
    """An action, what it implies, and the actions that come to the same count."""
    counted = figures_.ACTION_COUNTS.get(act)
    return lexicon.broadened([act]) | (_COUNTED_ACTS[counted] if counted else frozenset())


def opposed(claim: Reading, evidence: Reading) -> tuple[str, str] | None:
    """An action of the claim and one of the evidence that exclude each other, if the evidence does
    not hold the claim's action too."""
    known = lexicon.concepts()
    mine, theirs = actions(claim), actions(evidence)
    for action in sorted(mine - theirs):
        for other in sorted(known[action].opposes & (theirs - mine)):
            if not _two_sides_of_it(claim, evidence, action, other):
                return action, other
    return None


_LOSING = frozenset({"lose_control", "withdraw", "surrender"})


def _two_sides_of_it(claim: Reading, evidence: Reading, action: str, other: str) -> bool:
    """What the one lost the other took: "the town slipped from the rebels", "the army took it"."""
    lost_and_taken = {action, other} & _LOSING and {action, other} & _TAKING
    sides = _only_side(claim), _only_side(evidence)
    return bool(lost_and_taken) and all(sides) and _enemies(sides[0], {sides[1]})


def agent_side(reading: Reading, action: Mention) -> str:
    """The side ("government", "opposition", ...) that performs `action`, "" where unclear.

    The actor before an active verb performs it; with a passive mark ("by", "oleh", "par") the one
    after it does.
    """
    actors = [m for m in reading.mentions if m.concept.kind == "actor" and m.concept.side]
    before = [m for m in actors if m.end <= action.start]
    after = [m for m in actors if m.start >= action.end]
    for actor in after:
        between = reading.text[action.end : actor.start]
        if reading.language == "it" and re.search(r"^\W*da(?:l|i|gli|ll[aeo]?)?(?!\w)", between):
            return actor.concept.side  # "ucciso dall'esercito"
        by = r"\b(?:by|oleh|par|pelo|pela|pelos|pelas|por|von|durch|tarafından)\b|من قبل|على يد"
        if reading.language == "nl":
            by += r"|\bdoor\b"
        if len(between) < 60 and re.search(by, between):
            return actor.concept.side
    if re.match(r"di[a-z]", action.text) and reading.language == "id":
        return after[0].concept.side if after else ""  # passive di-: the agent follows
    if reading.language == "fa" and before:  # the subject first, the verb last
        agent = re.search(
            r"(?:توسط|به دست|از سوی)\s+(?:\w+\s+){0,2}?$", reading.text[: before[-1].start]
        )
        return (before[-1] if agent else before[0]).concept.side
    if reading.language == "ar" and not before:
        return after[0].concept.side if after else ""  # verb first
    if reading.language == "ru":
        return _russian_agent(reading, action, before, after)
    if not before:
        return ""
    gap = reading.text[before[-1].end : action.start]
    return "" if re.search(r"[;.]", gap) else before[-1].concept.side


def _russian_agent(
    reading: Reading, action: Mention, before: list[Mention], after: list[Mention]
) -> str:
    """Russian tells by the cases who acts: "армией захвачена", "базу отбили повстанцы"."""
    near = [m for m in after if m.start - action.end < 60]
    behind = [m for m in before if not re.search(r"[;.]", reading.text[m.end : action.start])]
    for m in (*near, *reversed(behind)) if passive(action.text) else ():
        if by_whom(m.text):
            return m.concept.side
    for m in (*reversed(behind), *near):
        if not of_whom(m.text) and not by_whom(m.text):
            return m.concept.side
    return ""


def reversed_direction(claim: Reading, evidence: Reading) -> str | None:
    """The shared action that the two sides of a conflict perform the other way round, if any.

    Where the agent of either cannot be told, one side alone on each stands for it.
    """
    for mine in claim.mentions:
        if mine.concept.name not in _DIRECTED:
            continue
        same = _TAKING if mine.concept.name in _TAKING else {mine.concept.name}
        acts = [m for m in evidence.mentions if m.concept.name in same]
        if not acts:
            continue
        takings = [m for m in claim.mentions if m.concept.name in _TAKING]
        side = agent_side(claim, mine) or (_only_side(claim) if len(takings) == 1 else "")
        sides = {agent_side(evidence, m) for m in acts} - {""}
        sides = sides or ({_only_side(evidence)} - {""})
        if side and sides and side not in sides and _enemies(side, sides):
            return mine.concept.name
    return None


def _only_side(reading: Reading) -> str:
    sides = {m.concept.side for m in reading.mentions if m.concept.side}
    return sides.pop() if len(sides) == 1 else ""


def _enemies(side: str, others: set[str]) -> bool:
    rebels = {"opposition", "jihadist"}
    return (side == "government" and others <= rebels) or (
        side in rebels and others == {"government"}
    )
