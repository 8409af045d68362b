"""The figure timeline: what the collection says of one quantity, in order of time.

For a figure in a claim, all comparable figures of the collection with date, publisher and origin.
The newest published before the article is the one to compare with; what came later is hindsight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from factcheck.compare import FigurePair, Setting, figure_pairs, scope
from factcheck.evidence import read_evidence, read_report
from factcheck.hearsay import denied, only_a_tale, speaks_of_hearsay, told_as_untrue
from factcheck.models import Article, Evidence
from factcheck.reading import Reading
from factcheck.text.figures import Figure

INFERRED_GRACE = 7  # days: an inferred date is only the earliest one possible
_STALE = 400  # days after which a figure or an event is another one
_SERIES = 4.0  # how many times one figure of a count may be another
_FAR = 2  # days from which a count is not of a day any longer
_CURRENT = 2  # the same for figures of several bodies; a body's own newest figure replaces its last


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of the collection beside the claim's."""

    evidence: Evidence
    pair: FigurePair
    hindsight: bool
    as_of: date | None  # the day the figure is of: as its clause says, else when it was published


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points of one claimed figure, oldest first (undated ones in front)."""

    figure: Figure
    points: tuple[Point, ...]
    until: date | None = None  # the day that the claim gives for its figure, if it gives one
    since: date | None = None  # figures older than this are too old to be held against the claim
    window: int = _CURRENT  # days within which two figures count as equally new

    def newest(self) -> tuple[Point, ...]:
        """The points that count as current at the article's date, or on the day the claim names."""
        dated = [
            p
            for p in self.points
            if not p.hindsight
            and p.as_of
            and (self.until is None or p.as_of <= self.until)
            and (self.since is None or p.as_of >= self.since)
        ]
        if not dated:
            return ()
        last = max(p.as_of for p in dated if p.as_of)
        return tuple(p for p in dated if p.as_of and p.as_of >= last - timedelta(days=self.window))

    def _from_named_day(self, points: Sequence[Point]) -> int:
        """How many days lie between the day that the claim gives and the nearest of the figures; more
        than one counts as far."""
        day = self.until - timedelta(days=_CURRENT) if self.until else None
        away = [abs((p.as_of - day).days) for p in points if day and p.as_of]
        return min([_FAR, *(n for n in away if n < _FAR)])

    def verdict(self) -> str:
        """ "agree", "disagree", "outdated", "disputed" or "" when there is nothing to compare.

        outdated: an older figure agrees, every current one differs. disputed: current figures
        stand on both sides.
        """
        current = self.newest()
        if not current:
            return ""
        yes = [p for p in current if p.pair.agree]
        no = [p for p in current if not p.pair.agree]
        if self._from_named_day(yes) < self._from_named_day(no):
            return "agree"  # what is told of a day is borne out by the count of that day
        if yes and no:
            return "disputed"
        if yes:
            return "agree"
        older = [p for p in self.points if p.pair.agree and not p.hindsight and p.as_of]
        return "outdated" if older else "disagree"


def is_hindsight(published: date | None, article: Article) -> bool:
    """True when a report is newer than the article. With an inferred date there is some grace,
    since the article may be younger than the latest day it names."""
    if published is None or article.published is None:
        return False
    grace = timedelta(days=INFERRED_GRACE if article.published_inferred else 0)
    return published > article.published + grace


def too_old(day: date | None) -> date | None:
    """The day before which a report has nothing to say against what is told of `day`."""
    return day - timedelta(days=_STALE) if day else None


def timelines(
    own: Reading,
    evidence: Sequence[Evidence],
    article: Article,
    lands: Setting,
    said: Reading | None = None,
) -> list[Timeline]:
    """A timeline for each figure of the claim for which the evidence has a comparable one.

    `said` is the reading of the claim's own words, attribution included: "OCHA said on 4 January"
    dates a figure too.
    """
    points: dict[Figure, list[Point]] = {}
    seen: set[str] = set()
    hearsay = not speaks_of_hearsay(own)  # else it is what the claim is about
    for item in evidence:
        if item.passage.id in seen:
            continue
        seen.add(item.passage.id)
        theirs = read_evidence(item)
        pairs = figure_pairs(own, theirs, read_report(item.reference), lands)
        if pairs and hearsay and told_as_untrue(item):
            continue
        for pair in pairs:
            at = [pair.evidence.start]
            if hearsay and (denied(theirs, at) or only_a_tale(theirs, at)):
                continue
            if is_one_count(pair):
                late = is_hindsight(item.reference.published, article)
                as_of = _as_of(theirs, pair.evidence, item.reference.published)
                points.setdefault(pair.claim, []).append(Point(item, pair, late, as_of))
    out = []
    for figure in own.figures:
        if figure in points:
            ordered = sorted(
                points[figure],
                key=lambda p: (p.as_of or date.min, p.evidence.reference.id,
                               p.evidence.passage.start),
            )  # fmt: skip
            until = _named_day(own) or (_named_day(said) if said else None)
            out.append(
                Timeline(
                    figure, tuple(ordered), until + timedelta(days=_CURRENT) if until else None
                )
            )
    return out


def is_one_count(pair: FigurePair) -> bool:
    """The two figures may stand in one timeline."""
    return _countable(pair.claim) and (pair.agree or _one_series(pair))


def _countable(figure: Figure) -> bool:
    """A figure that counts something or is large: durations and bare small numbers have no series."""
    return figure.unit in ("count", "percent", "money") and (
        bool(figure.counts or figure.of) or figure.value >= 100
    )


def _one_series(pair: FigurePair) -> bool:
    """The two figures may be of one count: the dead of a battle are no count of a war's."""
    low, high = sorted((pair.claim.value, pair.evidence.value))
    return low > 0 and high / low <= _SERIES


# A date behind one of these is where a count begins, not the day it is of.
_SINCE = re.compile(
    r"\b(?:since|sejak|depuis|desde|seit|sinds|from)\b|منذ|-den beri|"
    r"(?<!\w)از\s+(?:(?:ماه|روز|تاریخ|سال)\s+)?$",
    re.IGNORECASE,
)
_LOOK = 36  # characters before a date in which such a word is looked for


def _as_of(theirs: Reading, figure: Figure, published: date | None) -> date | None:
    """The latest day that the figure's own clause names, else its sentence, if it lies before
    publication."""
    named = _named_day(scope(theirs, figure)) or _named_day(theirs)
    if published is None or named is None:
        return published or named
    return min(named, published)


def _named_day(reading: Reading) -> date | None:
    """The latest day a text names, leaving aside years and where a count begins ("since")."""
    named = [
        w.last
        for w in reading.dates
        if w.last
        and w.grain != "year"
        and not _SINCE.search(reading.text[max(0, w.start - _LOOK) : w.start])
    ]
    return max(named, default=None)
