"""The figure timeline: what the collection says of one quantity, in order of time.

For a figure in a claim, all comparable figures of the collection with date, publisher and origin.
The newest published before the article is the one to compare with; what came later is hindsight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from factcheck.compare import FigurePair, figure_pairs
from factcheck.evidence import read_evidence, read_report
from factcheck.models import Article, Evidence
from factcheck.reading import Reading
from factcheck.text.figures import Figure

INFERRED_GRACE = 7  # days: an inferred date is only the earliest one possible
_CURRENT = 2  # days within which two figures count as equally new


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of the collection beside the claim's."""

    evidence: Evidence
    pair: FigurePair
    hindsight: bool

    @property
    def published(self) -> date | None:
        return self.evidence.reference.published


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points of one claimed figure, oldest first (undated ones in front)."""

    figure: Figure
    points: tuple[Point, ...]

    def newest(self) -> tuple[Point, ...]:
        """The points that count as current at the article's date."""
        dated = [p for p in self.points if not p.hindsight and p.published]
        if not dated:
            return ()
        last = max(p.published for p in dated if p.published)
        return tuple(
            p for p in dated if p.published and p.published >= last - timedelta(days=_CURRENT)
        )

    def verdict(self) -> str:
        """"agree", "disagree", "outdated", "disputed" or "" when there is nothing to compare.

        outdated: an older figure agrees, every current one differs. disputed: current figures
        stand on both sides.
        """
        current = self.newest()
        if not current:
            return ""
        yes = [p for p in current if p.pair.agree]
        no = [p for p in current if not p.pair.agree]
        if yes and no:
            return "disputed"
        if yes:
            return "agree"
        older = [p for p in self.points if p.pair.agree and not p.hindsight and p.published]
        return "outdated" if older else "disagree"


def is_hindsight(published: date | None, article: Article) -> bool:
    """True when a report is newer than the article. With an inferred date there is some grace,
    since the article may be younger than the latest day it names."""
    if published is None or article.published is None:
        return False
    grace = timedelta(days=INFERRED_GRACE if article.published_inferred else 0)
    return published > article.published + grace


def timelines(own: Reading, evidence: Sequence[Evidence], article: Article) -> list[Timeline]:
    """A timeline for each figure of the claim for which the evidence has a comparable one."""
    points: dict[Figure, list[Point]] = {}
    seen: set[str] = set()
    for item in evidence:
        if item.passage.id in seen:
            continue
        seen.add(item.passage.id)
        pairs = figure_pairs(own, read_evidence(item), read_report(item.reference))
        for pair in _closest(pairs):
            late = is_hindsight(item.reference.published, article)
            points.setdefault(pair.claim, []).append(Point(item, pair, late))
    out = []
    for figure in own.figures:
        if figure in points:
            ordered = sorted(
                points[figure],
                key=lambda p: (p.published or date.min, p.evidence.reference.id,
                               p.evidence.passage.start),
            )  # fmt: skip
            out.append(Timeline(figure, tuple(ordered)))
    return out


def _closest(pairs: Sequence[FigurePair]) -> list[FigurePair]:
    """One pair for each figure of the claim: the agreeing one, else the nearest in value."""
    best: dict[Figure, FigurePair] = {}
    for pair in pairs:
        kept = best.get(pair.claim)
        if kept is None or (pair.agree, -_gap(pair)) > (kept.agree, -_gap(kept)):
            best[pair.claim] = pair
    return list(best.values())


def _gap(pair: FigurePair) -> float:
    return abs(pair.evidence.value - pair.claim.value)
