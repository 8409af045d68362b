"""What a report tells only to say that it is not true, that somebody denies it, or that it goes round.

Such a sentence holds a claim's every word and figure and bears none of it out, whoever points at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from factcheck.models import Evidence
from factcheck.reading import Reading
from factcheck.text import lexicon
from factcheck.text.untrue import (
    called_untrue,
    carried,
    goes_round,
    none_of_the_kind,
    tales,
    words_for_untrue,
)

_NEXT = 120  # characters behind a story in which "nothing of the kind" is said of it
_BEHIND = 250  # characters behind a story in which somebody says that it is none
_FURTHER = 450  # the same behind one that names what it was passed around by
_OFTEN = 2  # times that a report says so which was written for that
_DENY = "deny"


@lru_cache(maxsize=4_096)
def speaks_of_hearsay(own: Reading) -> bool:
    """The claim itself denies something, or tells of a story as one: it may rest on such sentences."""
    known = lexicon.negators(own.language) or frozenset()
    denies = _DENY in own.concepts or any(w.text.casefold() in known for w in own.words)
    told = own.text, own.language
    of_a_story = called_untrue(*told) or words_for_untrue(*told) or tales(*told)
    return denies or bool(of_a_story) or goes_round(*told)


def told_as_untrue(one: Evidence) -> tuple[int, ...]:
    """Where the report calls what the sentence tells untrue, by offsets into the report: in the
    sentence itself, or shortly behind it."""
    at = one.passage
    return _told_as_untrue(one.reference.text, one.reference.language, at.start, at.end)


@lru_cache(maxsize=8_192)  # judging and verifying ask of the same sentences, claim by claim
def _told_as_untrue(text: str, language: str, start: int, end: int) -> tuple[int, ...]:
    own = text[start:end]
    strict = [a for a, _ in called_untrue(text, language)]
    found = [a for a in strict if start <= a < end]
    found += [end + a for a, _ in none_of_the_kind(text[end : end + _NEXT], language)]
    if strict and goes_round(own, language):
        found += [a for a in strict if end <= a < end + _BEHIND or len(strict) >= _OFTEN]
    behind = words_for_untrue(text[end : end + _FURTHER], language)
    if behind and carried(own, language):
        found += [end + a for a, _ in behind]
    return tuple(found)


def denied(theirs: Reading, places: Iterable[int]) -> bool:
    """Most of the places in a sentence, by offsets, stand behind a verb of denial; in Turkish and
    Persian, whose verbs come last, before it."""
    verbs = [(m.start, m.end) for m in theirs.mentions if m.concept.name == _DENY]
    return _governed(places, verbs, before=theirs.language in ("tr", "fa"))


def only_a_tale(theirs: Reading, places: Iterable[int]) -> bool:
    """Most of the places in a sentence are what somebody unnamed tells, or a rumour says."""
    spans = tales(theirs.text, theirs.language)
    return _governed(places, spans, before=theirs.language == "tr")


def _governed(places: Iterable[int], by: Iterable[tuple[int, int]], *, before: bool) -> bool:
    told = list(places)
    inside = [[p for p in told if (p < start if before else p >= end)] for start, end in by]
    return bool(told) and any(2 * len(some) > len(told) for some in inside)
