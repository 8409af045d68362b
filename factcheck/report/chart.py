"""The figure timeline as a picture: dates on the x axis, figures on the y axis, everything placed here.

Two layouts of the same points: a wide one with its labels in a column beside the plot, and a narrow one
with the labels under it, keyed by letters. No two labels overlap in either. Lengths are SVG user units.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from factcheck.models import FigureCheck
from factcheck.text.scrub import one_line
from factcheck.wording import LANGUAGES

_DRAWN = 1e15  # a figure beyond it counts nothing
ROW = 18.0  # between two labels, at 12 units to the letter
_MORE = "…"
_CHAR = 6.4  # a letter's usual width at that size


@dataclass(frozen=True, slots=True)
class Point:
    """What is drawn once: the article's own figure, or one of a report.

    kind: "article", "agrees", "differs" or "later" (hindsight).
    """

    value: float
    when: date | None
    kind: str
    figure: str
    source: str
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    kind: str
    newest: bool
    key: str = ""  # the letter of a point in the narrow layout
    key_x: float = 0.0
    key_y: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float  # of its middle
    figure: str
    source: str
    kind: str
    key: str
    width: float
    line: str = ""  # the points of the line that leads to its dot


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Axes:
    """The plot's box, its ticks, and where the article's figure and day cross."""

    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    article_x: float | None
    article_y: float | None
    undated: float | None  # where the band of undated points ends


@dataclass(frozen=True, slots=True)
class Chart:
    width: float
    height: float
    axes: Axes
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]

    @property
    def cut(self) -> bool:
        """There was no room for the whole of a label: the table beside it says it."""
        return any(text.endswith(_MORE) for la in self.labels for text in (la.figure, la.source))


def points(
    checks: Sequence[FigureCheck], claimed: float | None, when: date | None, article: str
) -> list[Point]:
    """The points of one claimed figure, the article's first; the same figure of the same source and
    day is one point."""
    out: dict[tuple[object, ...], Point] = {}
    for f in checks:
        if not abs(f.value) < _DRAWN:  # nor is NaN
            continue
        kind = "later" if f.hindsight else "agrees" if f.agree else "differs"
        made = Point(
            f.value, f.published, kind, one_line(f.evidence), one_line(f.publisher), f.newest
        )
        key = (f.value, f.published, made.source)
        if key not in out or f.newest:
            out[key] = made
    if claimed is None or not out or not abs(claimed) < _DRAWN:
        return list(out.values())
    own = Point(claimed, when, "article", one_line(checks[0].claim), article)
    return [own, *out.values()]


def wide(found: Sequence[Point], language: str) -> Chart:
    """The plot on the left, labels in a column on the right."""
    right, top = 372.0, 26.0
    bottom = top + max(150.0, ROW * len(found))
    axes, dots = _plot(found, language, (66.0, right, top, bottom), ticks=3)
    order = sorted(range(len(found)), key=lambda n: (dots[n].y, -dots[n].x))
    rows = _spread([dots[n].y for n in order], top, bottom)
    labels = []
    for n, y in zip(order, rows, strict=True):
        p, d = found[n], dots[n]
        figure, source, wide_ = _fit(p, 300.0)
        line = f"{d.x + 6:.1f},{d.y:.1f} {right + 6:.1f},{y:.1f} {right + 14:.1f},{y:.1f}"
        labels.append(Label(right + 18, y, figure, source, p.kind, "", wide_, line))
    return Chart(700.0, bottom + 26, axes, tuple(dots), tuple(labels))


def narrow(found: Sequence[Point], language: str) -> Chart:
    """The plot above, labels in a list below it, each with the letter of its dot."""
    bottom = 190.0
    axes, dots = _plot(found, language, (58.0, 328.0, 26.0, bottom), ticks=2)
    order = sorted(range(len(found)), key=lambda n: (found[n].when or date.min, dots[n].y))
    keys = dict(zip(order, "abcdefghijklmnopqrstuvwxyz", strict=False))
    lettered = [
        replace(d, key=keys.get(n, ""), key_x=x, key_y=y)
        for n, (d, (x, y)) in enumerate(zip(dots, _beside(dots, axes), strict=True))
    ]
    labels = []
    for row, n in enumerate(order):
        figure, source, wide_ = _fit(found[n], 296.0)
        y = bottom + 44 + ROW * row
        labels.append(Label(40.0, y, figure, source, found[n].kind, keys.get(n, ""), wide_))
    height = bottom + 44 + ROW * len(found)
    return Chart(344.0, height, axes, tuple(lettered), tuple(labels))


# ---------------------------------------------------------------- placing


def _plot(
    found: Sequence[Point], language: str, box: tuple[float, float, float, float], *, ticks: int
) -> tuple[Axes, list[Dot]]:
    """Axes and dots. Undated points stand in a band of their own at the left."""
    left, right, top, bottom = box
    undated = any(p.when is None for p in found)
    from_x = left + (52.0 if undated else 0.0)
    dated = [p.when for p in found if p.when]
    low, high, step = _scale([p.value for p in found])

    def x(when: date | None) -> float:
        if when is None:
            return left + 22.0
        days = (max(dated) - min(dated)).days
        share = (when - min(dated)).days / days if days else 0.5
        return from_x + 16 + share * (right - from_x - 32)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    own = next((p for p in found if p.kind == "article"), None)
    steps = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    axes = Axes(
        *box,
        x_ticks=tuple(_days(dated, x, language, ticks)),
        y_ticks=tuple(Tick(y(n * step), number(n * step, language)) for n in steps),
        article_x=x(own.when) if own and own.when else None,
        article_y=y(own.value) if own else None,
        undated=from_x if undated else None,
    )
    return axes, [Dot(x(p.when), y(p.value), p.kind, p.newest) for p in found]


def _days(
    dated: Sequence[date], x: Callable[[date], float], language: str, ticks: int
) -> Iterator[Tick]:
    """The first and the last day and some between, the outer ones set inwards."""
    if not dated:
        return
    first, days = min(dated), (max(dated) - min(dated)).days
    count = min(ticks, days)
    for i in range(count + 1):
        when = first + timedelta(days=round(days * i / count)) if count else first
        if i == 0 and count:
            yield Tick(x(when) - 14, short_day(when, language), "start")
        elif i == count and count:
            yield Tick(x(when) + 14, short_day(when, language), "end")
        else:
            yield Tick(x(when), short_day(when, language))


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """Round bounds around the values and the step between two ticks (1, 2 or 5 times a power of ten)."""
    low, high = min(values), max(values)
    spread = high - low
    if spread <= abs(high) * 1e-6 + 1e-9:
        spread = abs(high) * 0.2 + 1e-3
    rough = spread / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    bottom = math.floor((low - spread * 0.04) / step) * step
    top = math.ceil((high + spread * 0.04) / step) * step
    if low >= 0:
        bottom = max(bottom, 0.0)
    return bottom, max(top, bottom + step), step


def _spread(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Rising places near the wanted ones, a row apart, between top and bottom."""
    out: list[float] = []
    for y in wanted:
        out.append(max(y, out[-1] + ROW if out else top))
    limit = bottom
    for n in range(len(out) - 1, -1, -1):
        out[n] = min(out[n], limit)
        limit = out[n] - ROW
    return out


def _beside(dots: Sequence[Dot], axes: Axes) -> list[tuple[float, float]]:
    """A place for each dot's letter: near it, over no other letter and over no dot."""
    taken: list[tuple[float, float]] = []
    for dot in dots:
        spots = [
            (dot.x + r * math.cos(a), dot.y + r * math.sin(a))
            for r in (12, 18, 25, 33, 42, 52, 64)
            for a in (math.pi * k / 6 for k in (10, 8, 11, 0, 2, 4, 6, 9, 1, 3, 5, 7))
        ]
        free = [
            (px, py) for px, py in spots
            if axes.left < px - 4 and px + 4 < axes.right and axes.top - 4 < py < axes.bottom - 4
            and all(abs(px - ox) > 10 or abs(py - oy) > 12 for ox, oy in taken)
            and all(math.hypot(px - o.x, py - o.y) > 10.5 for o in dots)
        ]  # fmt: skip
        taken.append(free[0] if free else (dot.x, axes.top - 8))
    return taken


# ---------------------------------------------------------------- words


def _fit(p: Point, room: float) -> tuple[str, str, float]:
    """Figure and source cut to the room there is, and the width they take, as estimated."""
    figure = _cut(p.figure, room * 0.6)
    source = _cut(p.source, room - width(figure) - 10)
    return figure, source, width(figure) + 10 + width(source)


def _cut(text: str, room: float) -> str:
    if width(text) <= room:
        return text
    while text and width(text + _MORE) > room:
        text = text[:-1]
    return text.rstrip(" ,(") + _MORE


def width(text: str) -> float:
    """About how wide a text is drawn."""
    return sum(
        0 if unicodedata.combining(c) else 12.5 if unicodedata.east_asian_width(c) in "WF"
        else 8.2 if c.isupper() else _CHAR for c in text
    )  # fmt: skip


def number(value: float, language: str) -> str:
    """A figure as the note's language writes it, millions in short ("6.5M", "6,5 jt")."""
    from babel.numbers import format_compact_decimal, format_decimal

    locale = language if language in LANGUAGES else "en"
    if abs(value) >= 1_000_000:
        return str(format_compact_decimal(value, locale=locale, fraction_digits=2))
    return str(format_decimal(value, locale=locale))


def short_day(when: date, language: str) -> str:
    from babel.dates import format_date

    locale = language if language in LANGUAGES else "en"
    return str(format_date(when, format="d MMM y", locale=locale))
