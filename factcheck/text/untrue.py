"""Where a text tells that a story is not true, and where it only tells that one goes round.

A report that clears a rumour up tells the rumour first, in the rumour's own words, and may say that
it is none in many ways. So one word is never enough. In general only predicates count ("the report
is false": "false reports" says of no story in particular that it is so); behind a sentence that
names what passes stories around, any word that calls something untrue.
"""

from __future__ import annotations

import re
from functools import lru_cache

from factcheck.text import lexicon

_REACH = 110  # characters beside the predicate in which its sentence names the story
_END = re.compile(r"[.!?؟。…]\s|\n")
Spans = tuple[tuple[int, int], ...]


@lru_cache(maxsize=512)
def called_untrue(text: str, language: str) -> Spans:
    """The places in `text`, by offsets, that call a story untrue; none in a language without a list."""
    if not _listed(language):
        return ()
    story, found = _pattern(language, "story"), []
    for m in _pattern(language, "untrue").finditer(text):
        before = _END.split(text[max(0, m.start() - _REACH) : m.start()])[-1]
        behind = _END.split(text[m.end() : m.end() + _REACH])[0]
        if story.search(before) or story.search(behind):
            found.append(m.span())
    return tuple(found)


def words_for_untrue(text: str, language: str) -> Spans:
    """The places in `text` of words that call something untrue, whatever it is."""
    if not _listed(language):
        return ()
    return tuple(m.span() for m in _pattern(language, "false").finditer(text))


def none_of_the_kind(text: str, language: str) -> Spans:
    """The places in `text` that say of what stood before that there is nothing of the kind."""
    if not _listed(language):
        return ()
    return tuple(m.span() for m in _pattern(language, "none").finditer(text))


def goes_round(text: str, language: str) -> bool:
    """The text tells of something that is passed around by nobody in particular."""
    return _listed(language) and bool(_pattern(language, "rumour").search(text))


def carried(text: str, language: str) -> bool:
    """The text names something by which stories are passed around; they may be true."""
    return _listed(language) and bool(_pattern(language, "carrier").search(text))


@lru_cache(maxsize=4_096)
def tales(text: str, language: str) -> Spans:
    """The places in `text` that name what somebody unnamed tells, or a rumour says."""
    if not _listed(language):
        return ()
    return tuple(m.span() for m in _pattern(language, "tale").finditer(text))


def _listed(language: str) -> bool:
    return bool(lexicon.untrue(language))


@lru_cache(maxsize=128)
def _pattern(language: str, key: str) -> re.Pattern[str]:
    listed = "|".join(lexicon.untrue(language)[key])
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
