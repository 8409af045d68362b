"""Acts that are only wanted, planned, tried or possible: "urged the government to lift the siege".

A report of a wish is none of its fulfilment, though the words of the act are the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from factcheck.text import lexicon
from factcheck.text.words import words

_OTHERS, _OWN, _BEHIND = 9, 3, 4  # words between a wish and the act that it governs
_VERB_LAST = ("de", "nl")  # the act stands at the end of the clause
_LAST = 10  # words in which it does
_STRONG = re.compile(
    r"[.;:!?؟。؛]\s|[,،]\s+(?:and|but|while|dan|tetapi|et|mais|y|pero|und|aber|و|в|и|но)\s"
)


@lru_cache(maxsize=4_096)
def scopes(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The stretches of `text`, by offsets, in which an act is only wanted; none in a language without
    a list."""
    table = lexicon.wanted(language)
    if not table:
        return ()
    starts = [(w.start, w.end) for w in words(text, language)]
    found: list[tuple[int, int]] = []
    for kind, reach in (("others", _OTHERS), ("own", _OWN)):
        if language in _VERB_LAST:
            reach = _LAST
        for m in _pattern(language, kind).finditer(text):
            ahead = [end for start, end in starts if start >= m.end()][:reach]
            if ahead:
                found.append((m.end(), _cut(text, m.end(), ahead[-1])))
    for m in _pattern(language, "behind").finditer(text):
        before = [start for start, end in starts if end <= m.start()][-_BEHIND:]
        if before:
            found.append((before[0], m.start()))
    return tuple(found)


def _cut(text: str, start: int, end: int) -> int:
    """Where a scope ends at the latest: with its clause."""
    mark = _STRONG.search(text, start, end)
    return mark.start() if mark else end


@lru_cache(maxsize=64)
def _pattern(language: str, kind: str) -> re.Pattern[str]:
    listed = "|".join(lexicon.wanted(language).get(kind, ())) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
