"""A quotation in its place: whole sentences of the report, the cited part marked, one sentence around.

The report's text comes from the store. Where it is not at hand, or is not the one that was quoted,
the quotation stands alone and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from factcheck.models import Citation, Reference
from factcheck.report.script import tag
from factcheck.text.scrub import for_page
from factcheck.text.split import sentences


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    cited: bool = False
    figure: bool = False  # a figure that was compared


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`before` and `after` are the sentences around. state: "whole", "alone" (no text of the report
    at hand) or "changed" (its text does not hold the quotation at its place)."""

    before: str
    parts: tuple[Part, ...]
    after: str
    state: str


def excerpt(c: Citation, report: Reference | None, figures: Iterable[str] = ()) -> Excerpt:
    """The quotation as its report has it; `figures` are pieces of it to point out."""
    cited = tuple(_with_figures(c.quote, sorted(set(figures), key=len, reverse=True)))
    text = report.text if report else ""
    if not report or not text:
        return Excerpt("", cited, "", "alone")
    if not 0 <= c.start < c.end or text[c.start : c.end] != c.quote:
        return Excerpt("", cited, "", "changed")
    spans = sentences(text, tag(report.language))
    touched = [n for n, s in enumerate(spans) if s.start < c.end and c.start < s.end]
    if not touched:
        return Excerpt("", cited, "", "whole")
    first, last = touched[0], touched[-1]
    lead = text[min(spans[first].start, c.start) : c.start]
    rest = text[c.end : max(spans[last].end, c.end)]
    parts = (Part(for_page(lead)), *cited, Part(for_page(rest)))
    return Excerpt(
        before=for_page(text[spans[first - 1].start : spans[first - 1].end]) if first else "",
        parts=tuple(p for p in parts if p.text),
        after=for_page(text[spans[last + 1].start : spans[last + 1].end])
        if last + 1 < len(spans)
        else "",
        state="whole",
    )


def _with_figures(quote: str, figures: list[str]) -> Iterable[Part]:
    """The quotation cut at its compared figures, the longest wording of each."""
    taken: list[tuple[int, int]] = []
    for figure in figures:
        at = quote.find(figure) if figure else -1
        if at >= 0 and not any(at < b and a < at + len(figure) for a, b in taken):
            taken.append((at, at + len(figure)))
    done = 0
    for a, b in sorted(taken):
        if a > done:
            yield Part(for_page(quote[done:a]), cited=True)
        yield Part(for_page(quote[a:b]), cited=True, figure=True)
        done = b
    if done < len(quote):
        yield Part(for_page(quote[done:]), cited=True)
