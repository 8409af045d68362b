"""Hostile labels: what a known body is called, as opposed to what it did.

"The mercenary militia Hezbollah attacked" tells of an attack, which can be checked, and calls
names, which cannot. The label gets a claim of its own, so that no verdict on the act covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factcheck.models import Span
from factcheck.reading import Reading
from factcheck.text import lexicon

_BETWEEN = 18  # characters between a label and the name of the body
_BESIDE = 2  # characters between a label and the noun it goes with


def labelled(reading: Reading) -> Iterator[Span]:
    """The noun phrases in which a hostile label is fastened to a known body."""
    if not reading.sources:
        return
    for label in _labels(reading):
        for source in reading.sources:
            first, second = sorted((label, Span(source.start, source.end)), key=lambda s: s.start)
            if first.end > second.start or second.start - first.end > _BETWEEN:
                continue
            if _loose(reading, first.end, second.start):
                continue
            yield Span(_noun_before(reading, first.start), second.end)
            break


def _labels(reading: Reading) -> Iterator[Span]:
    for term in sorted(lexicon.phrases(reading.language, "labels"), key=len, reverse=True):
        for m in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", reading.text, re.IGNORECASE):
            yield Span(m.start(), m.end())


def _loose(reading: Reading, start: int, end: int) -> bool:
    """Between label and name stands a mark, an act or a word that joins two things."""
    part = reading.within(start, end)
    joins = lexicon.phrases(reading.language, "coordinators") | lexicon.phrases(
        reading.language, "auxiliaries"
    )
    return (
        bool(re.search(r"[,،;؛:.()]", reading.text[start:end]))
        or any(m.concept.kind in ("action", "state") for m in part.mentions)
        or any(w.text.casefold() in joins for w in part.words)
    )


def _noun_before(reading: Reading, start: int) -> int:
    """Where the noun begins that the label follows ("milisi bayaran"), else where the label does."""
    nouns = [m for m in reading.mentions if m.concept.kind == "actor" and m.end <= start]
    if nouns and start - nouns[-1].end <= _BESIDE:
        return nouns[-1].start
    return start
