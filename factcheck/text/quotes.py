"""Find a quotation in its source: exact, else typographically folded, else not there.

Locating something similar and proving a quotation are different jobs. Fuzzy matchers score
"killed 16" against "killed 76" at 98 of 100, so nothing looser than folding is used, and a hit
never starts or ends inside a word or a figure: "76" is not in "1,076".
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from factcheck.models import Span
from factcheck.text.fold import fold, invisible

_JOINT = frozenset(".,:/-'\u066b\u066c\u2019\u00a0\u202f")  # bind digits into one figure or date


class Match(StrEnum):
    EXACT = "exact"
    FOLDED = "folded"


class Hit(NamedTuple):
    match: Match
    span: Span


def cuts(text: str, at: int) -> bool:
    """True when position `at` falls inside a word or inside a figure of `text`."""
    if not 0 < at < len(text):
        return False
    before, after = at - 1, at
    while before > 0 and invisible(text[before]):
        before -= 1
    while after < len(text) - 1 and invisible(text[after]):
        after += 1
    left, right = text[before], text[after]
    if left.isalnum() and right.isalnum():
        return True
    if unicodedata.combining(right):
        return True
    if right.isdigit() and left in _JOINT:
        return before == 0 or not text[before - 1].isalpha()
    return left.isdigit() and right in _JOINT and text[after + 1 : after + 2].isdigit()


def whole(text: str, span: Span) -> bool:
    """True when `span` starts and ends between words and between figures."""
    return not cuts(text, span.start) and not cuts(text, span.end)


def anchor(quote: str, text: str) -> tuple[Hit, ...]:
    """All places where `quote` stands in `text`; exact ones if there are any, else folded ones."""
    wanted = quote.strip()
    if not fold(wanted)[0].strip():
        return ()
    hits = tuple(
        Hit(Match.EXACT, span)
        for m in re.finditer(f"(?={re.escape(wanted)})", text)  # places may overlap
        if whole(text, span := Span(m.start(), m.start() + len(wanted)))
    )
    return hits or _folded_hits(wanted, text)


def _folded_hits(wanted: str, text: str) -> tuple[Hit, ...]:
    needle = fold(wanted)[0].strip()
    if not needle:
        return ()
    hay, at = fold(text)
    hits, k = [], hay.find(needle)
    while k >= 0:
        span = Span(at[k], _cluster_end(text, at[k + len(needle) - 1]))
        if whole(text, span):
            hits.append(Hit(Match.FOLDED, span))
        k = hay.find(needle, k + 1)
    return tuple(hits)


def _cluster_end(text: str, at: int) -> int:
    at += 1
    while at < len(text) and (unicodedata.combining(text[at]) or invisible(text[at])):
        at += 1
    return at
