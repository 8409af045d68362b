"""Two figures of one quantity side by side in one sentence, each with its own holder.

"The Observatory counted 500 dead, against Washington's 1,400" bears out neither number: whoever
gives one of them without saying whose it is tells half of a dispute.
"""

from __future__ import annotations

import re

from factcheck.compare import local_places, places_apart, scope
from factcheck.reading import Reading
from factcheck.sources import Register
from factcheck.text import figures as figures_
from factcheck.text import lexicon
from factcheck.text.figures import Figure
from factcheck.text.names import Place

_APART = 0.2  # share by which two figures of one quantity must differ at least
_SIZE = 5  # how many times one figure of a quantity may be another


def rival(mine: Figure, theirs: Reading, register: Register) -> Figure | None:
    """The figure that another holder gives in `theirs` beside the claim's, if there is one."""
    ours = [f for f in theirs.figures if _same_number(mine, f)]
    for one in ours:
        for other in theirs.figures:
            if other is one or not _rivals(one, other, theirs):
                continue
            first, second = sorted((one, other), key=lambda f: f.start)
            if _set_against(first, second, theirs) or _two_holders(first, second, theirs, register):
                return other
    return None


def _same_number(mine: Figure, figure: Figure) -> bool:
    return figure.unit == mine.unit and figure.value == mine.value


def _rivals(one: Figure, other: Figure, theirs: Reading) -> bool:
    """Of one quantity, place and day, and materially different; not a part of the other."""
    low, high = sorted((one.value, other.value))
    if one.unit != other.unit or low <= 0 or not 1 + _APART <= high / low <= _SIZE:
        return False
    if figures_.agree(one, other) or (one.of and other.of and one.of != other.of):
        return False
    if one.counts and other.counts and not one.counts & other.counts:
        return False
    if not one.counts and not other.counts:
        return False
    if places_apart(_behind(theirs, one), _behind(theirs, other)):
        return False
    first, second = (
        {w.first for w in scope(theirs, f).dates if w.first and w.start >= f.start}
        for f in sorted((one, other), key=lambda f: f.start)
    )
    return not (first and second and first != second)


def _behind(theirs: Reading, figure: Figure) -> frozenset[Place]:
    """The places named behind a figure in its own clause."""
    return local_places(theirs, figure) & scope(theirs, figure).places


def _set_against(first: Figure, second: Figure, theirs: Reading) -> bool:
    """Between the two stands a word of contrast, and behind it who gives the second."""
    between = theirs.text[first.end : second.start].casefold()
    marks = lexicon.phrases(theirs.language, "contrast") | lexicon.phrases(
        theirs.language, "against"
    )
    ends = [m.end() for mark in marks if (m := _mark(mark).search(between))]
    if not ends:
        return False
    clause = next((w.start for w in scope(theirs, second).words), second.start)
    begin = min(first.end + min(ends), max(first.end, clause))  # "hükümet ise": behind the holder
    return _holder(theirs, begin, second.start) or _told_by(theirs, second)


def _told_by(theirs: Reading, figure: Figure) -> bool:
    """Right behind the figure stands "according to" somebody."""
    clause = scope(theirs, figure)
    last = max((w.end for w in clause.words), default=figure.end)
    behind = theirs.text[figure.end : last].casefold()
    cues = lexicon.phrases(theirs.language, "according")
    starts = [m.end() for cue in cues if (m := _mark(cue).search(behind))]
    return bool(starts) and _holder(theirs, figure.end + min(starts), last)


def _mark(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[وف]?{re.escape(phrase)}(?!\w)")


def _holder(theirs: Reading, start: int, end: int) -> bool:
    """Somebody who counts or says stands between the two places."""
    part = theirs.within(start, end)
    if part.sources or part.names:
        return True
    if any(m.concept.kind == "actor" for m in part.mentions):
        return True
    said = lexicon.phrases(theirs.language, "speakers")
    low = theirs.text[start:end].casefold()
    return any(_mark(p).search(low) for p in said)


def _two_holders(first: Figure, second: Figure, theirs: Reading, register: Register) -> bool:
    """Before each of the two, and after what stands before it, another known source is named."""
    a = [s.source.short for s in theirs.sources if s.end <= first.start]
    b = [s.source.short for s in theirs.sources if first.end <= s.start and s.end <= second.start]
    return bool(a and b) and register.family(a[-1]) != register.family(b[-1])
