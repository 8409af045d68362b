"""Acts that are only wanted, planned, tried or possible ("urged the government to lift the siege"),
and acts that were refused, prevented or failed.

A report of a wish is none of its fulfilment, though the words of the act are the same.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from factcheck.text import lexicon
from factcheck.text.words import Word, words

_OTHERS, _OWN, _BEHIND = 9, 3, 4  # words between a wish and the act that it governs
_VERB_LAST = ("de", "nl")  # the act stands at the end of the clause
_LAST = 12  # words in which it does
_STRONG = re.compile(
    r"[.;:!?؟。؛]\s|[,،]\s+(?:and|but|while|dan|tetapi|et|mais|y|pero|und|aber|en|maar|e|mas|ma|и|но|و)\s"
)
Stretches = tuple[tuple[int, int], ...]


@lru_cache(maxsize=4_096)
def wishes(text: str, language: str) -> Stretches:
    """The stretches of `text`, by offsets, in which an act is only wanted; none in a language without
    a list."""
    return (
        *_ahead(text, language, "others", _OTHERS),
        *_ahead(text, language, "own", _OWN),
        *_before(text, language, "behind"),
    )


# What joins a wish to the act that is wanted of somebody else.
_JOINS = {
    "en": "to", "fr": "de d' d’ à", "es": "que a de", "id": "agar supaya untuk", "ms": "agar supaya untuk",
    "it": "di a che", "pt": "que a para", "ar": "أن إلى", "nl": "te om", "de": "zu", "fa": "تا که",
}  # fmt: skip
_FIRST = 2  # words behind a wish of one's own of which one is the act


@lru_cache(maxsize=4_096)
def governed(text: str, language: str) -> Stretches:
    """The words of `text`, by offsets, that name an act which is only wanted."""
    found: list[tuple[int, int]] = []
    joins = _JOINS.get(language, "").split()
    listed = words(text, language)
    last = _LAST if language in _VERB_LAST else 0
    for start, end in _ahead(text, language, "own", _OWN):
        inside = [(w.start, w.end) for w in listed if start <= w.start < end and w.text.isalpha()]
        found += inside[-_FIRST:] if last else inside[:_FIRST]
    for start, end in _ahead(text, language, "others", _OTHERS):
        inside_ = [w for w in listed if start <= w.start < end]
        if last:
            found += [(w.start, w.end) for w in inside_[-_FIRST:]]
        for before, word in itertools.pairwise(inside_):
            if before.text.casefold() in joins:
                found.append((word.start, word.end))
    for _, end in _before(text, language, "behind"):
        found += [(w.start, w.end) for w in listed if w.end <= end][-1:]
    return tuple(found)


@lru_cache(maxsize=4_096)
def undone(text: str, language: str) -> Stretches:
    """The stretches of `text`, by offsets, in which an act was refused, prevented or failed."""
    return (*_ahead(text, language, "undone", _OWN), *_before(text, language, "undone_behind"))


def _ahead(text: str, language: str, kind: str, reach: int) -> Iterator[tuple[int, int]]:
    reach = _LAST if language in _VERB_LAST else reach
    listed = words(text, language)
    for m in _pattern(language, kind).finditer(text):
        ahead = [w.end for w in listed if w.start >= m.end()][:reach]
        if ahead and not (kind == "own" and _denied(listed, m.start(), language)):
            yield m.end(), _cut(text, m.end(), ahead[-1])


def _denied(listed: list[Word], at: int, language: str) -> bool:
    """Before a wish stands a negator: "no pudo verificar" tells what was, and no wish."""
    before = [w.text.casefold() for w in listed if w.end <= at][-1:]
    return bool(before) and before[0] in (lexicon.negators(language) or ())


def _before(text: str, language: str, kind: str) -> Iterator[tuple[int, int]]:
    for m in _pattern(language, kind).finditer(text):
        before = [w.start for w in words(text, language) if w.end <= m.start()][-_BEHIND:]
        if before:
            yield before[0], m.start()


def _cut(text: str, start: int, end: int) -> int:
    """Where a stretch ends at the latest: with its clause."""
    mark = _STRONG.search(text, start, end)
    return mark.start() if mark else end


@lru_cache(maxsize=128)
def _pattern(language: str, kind: str) -> re.Pattern[str]:
    listed = "|".join(lexicon.wanted(language).get(kind, ())) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
