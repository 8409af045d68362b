"""Amounts in words: "dua ratus ribu", "un million et demi", "half a million", "une centaine"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from factcheck.text import lexicon, turkish
from factcheck.text.words import Word

_BOUNDS = ("more", "least", "less", "most", "nearly", "about")
_PHRASE = 4  # words of the longest phrase of a table
_AND = ("and", "y", "et", "und", "و")
_AND_IN = {"pt": ("e",)}  # joins number words: "trinta e dois"


@dataclass(frozen=True, slots=True)
class Amount:
    """Where an amount stands in words, how much it is, and whether it is only about so much."""

    start: int
    end: int
    value: float
    about: bool = False


def amounts(text: str, tokens: Sequence[Word], language: str) -> Iterator[Amount]:
    """The amounts in words, from left to right."""
    said = _plain(tokens, language)
    openings = _openings(language)
    at = 0
    while at < len(said):
        first = said[at].text.casefold()
        if openings.isdisjoint((first, first[1:])):
            at += 1
            continue
        found, behind = _round(text, said, at, language) or _spelt(text, said, at, language)
        if found:
            yield found
        at = max(behind, at + 1)


_TIED = re.compile(r"(?:d|l|qu)['’](?=\w)", re.IGNORECASE)


def _plain(tokens: Sequence[Word], language: str) -> Sequence[Word]:
    """The words without what is written onto them: a Turkish case, a French "d'"."""
    if language == "tr":
        behind = [*(w.text for w in tokens[1:]), ""][: len(tokens)]
        return [turkish.uninflected(w, b) for w, b in zip(tokens, behind, strict=True)]
    if language == "fr":
        ties = [(w, _TIED.match(w.text)) for w in tokens]
        return [
            w._replace(text=w.text[m.end() :], start=w.start + m.end()) if m else w for w, m in ties
        ]
    return tokens


def _spelt(text: str, tokens: Sequence[Word], at: int, language: str) -> tuple[Amount | None, int]:
    """The number that begins at a word, and the word behind it."""
    numbers, scales, told = numbers_of(language), scales_of(language), _told(language)
    total, current, j, last = 0.0, 0.0, at, 1.0
    while j < len(tokens):
        value, length = lookup(tokens, j, numbers)
        scale, scale_length = lookup(tokens, j, scales)
        half, half_length = lookup(tokens, j, told.and_half)
        begun = j > at
        if half and begun and (current or last >= 1000):
            current, total = (current + half, total) if current else (0.0, total + last * half)
            j += half_length
        elif length and value is not None:
            j += length
            if value >= 1000:  # "a million"
                total, current, last = total + current + value, 0.0, value
            elif value == 100 and 0 < current < 10:
                current *= 100
            else:
                current += value
        elif scale_length and scale is not None and begun:
            current, j, last = current * scale, j + scale_length, scale
            if scale >= 1000:
                total, current = total + current, 0.0
        elif not begun and (alone := _alone(tokens, j, told)):
            total, j, last = alone, j + 1, scale or 1.0
        elif part := _before_scale(tokens, j, told, scales):
            current, j = current + part[0], j + part[1]
        elif begun and _joins(tokens, j, language, numbers, current, total):
            j += 1
        else:
            break
    behind = tokens[j - 1].end
    share = text[:behind].casefold().endswith(_shares(language))  # "pour cent"
    value = total + current
    least = value >= 1 if language == "id" else value > 1
    if j == at or share or not least or not _adjacent(text, tokens[at:j]):
        return None, j
    return Amount(tokens[at].start, behind, value), j


def _alone(tokens: Sequence[Word], at: int, told: _Told) -> float:
    """What a scale word is worth that no number stands before: "mille morts", not "3 mille"."""
    before = tokens[at - 1].text.casefold() if at else ""
    word = tokens[at].text.casefold()
    if before[-1:].isdigit() or before in told.several:
        return 0.0
    value = told.bare.get(word, 0.0)
    return value or (told.bounded.get(word, 0.0) if before in told.bounds else 0.0)


def _before_scale(
    tokens: Sequence[Word], at: int, told: _Told, scales: dict[str, float]
) -> tuple[float, int] | None:
    """ "un" of "un million" and "half a" of "half a million", with the words that they take."""
    for table in (told.half, told.one):
        part, length = lookup(tokens, at, table)
        scale, _ = lookup(tokens, at + length, scales) if length else (None, 0)
        behind = lookup(tokens, at + length, told.half)[1] if table is told.one else 0
        further = lookup(tokens, at + length + behind, scales)[0] if behind else None
        if part is not None and behind and further and further >= 1000:
            return 0.5, length + behind  # "eine halbe Million"
        halved = lookup(tokens, at + length, told.and_half)[1] if table is told.one else 0
        if part is not None and length and (halved or (scale and scale >= 1000)):
            return part, length
    return None


def _joins(
    tokens: Sequence[Word],
    at: int,
    language: str,
    numbers: dict[str, float],
    current: float,
    total: float,
) -> bool:
    if tokens[at].text.casefold() not in (*_AND, *_AND_IN.get(language, ())):
        return False
    follows = bool(lookup(tokens, at + 1, numbers)[1])
    return follows and bool(current >= 20 or (total and language == "pt"))


def _round(text: str, tokens: Sequence[Word], at: int, language: str) -> tuple[Amount, int] | None:
    """A noun that tells a round amount, behind "one" or "half": "une centaine", "medio centenar"."""
    told = _told(language)
    if not told.round or at + 1 >= len(tokens):
        return None
    first, noun = (tokens[i].text.casefold() for i in (at, at + 1))
    share = told.one.get(first) or told.half.get(first)
    value = told.round.get(noun)
    if not share or not value:
        return None
    behind = text[tokens[at + 1].end :][:8].casefold()
    if told.of and not re.match(rf"\s+(?:{'|'.join(told.of)})\s*(?![\s\d])", behind):
        return None
    return Amount(tokens[at].start, tokens[at + 1].end, value * share, about=True), at + 2


def half_behind(text: str, end: int, scale: float, language: str) -> tuple[float, int]:
    """ "2 milioni e mezzo": half of the scale word before it, and where it ends."""
    half = _half_pattern(language).match(text[end : end + 24]) if scale >= 1000 else None
    return (scale / 2, end + half.end()) if half else (0.0, end)


@lru_cache(maxsize=64)
def _half_pattern(language: str) -> re.Pattern[str]:
    listed = sorted(_told(language).and_half, key=lambda p: -len(p))
    return re.compile(rf"\s+(?:{'|'.join(map(re.escape, listed)) or '(?!)'})(?!\w)", re.IGNORECASE)


def _adjacent(text: str, run: Sequence[Word]) -> bool:
    return all(
        re.fullmatch(r"[\s\-]*|['’]", text[a.end : b.start]) for a, b in itertools.pairwise(run)
    )


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class _Told:
    """A language's part of `lexicon/amounts.toml`, by words in small letters."""

    one: dict[str, float]
    bare: dict[str, float]
    half: dict[str, float]
    and_half: dict[str, float]
    round: dict[str, float]
    several: frozenset[str]
    bounded: dict[str, float]
    bounds: frozenset[str]
    of: tuple[str, ...]
    short: dict[str, float]


@lru_cache(maxsize=64)
def _told(language: str) -> _Told:
    table: dict[str, Any] = lexicon.amounts(language)
    return _Told(
        one=dict.fromkeys(table.get("one", ()), 1.0),
        bare=table.get("bare", {}),
        half=dict.fromkeys(table.get("half", ()), 0.5),
        and_half=dict.fromkeys(table.get("and_half", ()), 0.5),
        round=table.get("round", {}),
        several=frozenset(table.get("several", ())),
        bounded=table.get("bounded", {}),
        bounds=frozenset(p.split()[-1] for key in _BOUNDS for p in lexicon.phrases(language, key)),
        of=tuple(table.get("of", ())),
        short=table.get("short", {}),
    )


@lru_cache(maxsize=64)
def numbers_of(language: str) -> dict[str, float]:
    """The number words of a language, in small letters."""
    return {**_table(language, "numbers"), **lexicon.amounts(language).get("more", {})}


@lru_cache(maxsize=64)
def scales_of(language: str) -> dict[str, float]:
    """The scale words of a language ("thousand", "juta"), in small letters."""
    return _table(language, "scales")


def short_scales(language: str) -> dict[str, float]:
    """The scales that are written onto digits ("6.5bn")."""
    return _told(language).short


def _table(language: str, key: str) -> dict[str, float]:
    return {str(k).casefold(): float(v) for k, v in lexicon.frames(language)[key].items()}


@lru_cache(maxsize=64)
def _openings(language: str) -> frozenset[str]:
    """The first words of amounts; one may stand behind an Arabic "and"."""
    told = _told(language)
    listed = (numbers_of(language), told.one, told.half, told.bare, told.bounded)
    return frozenset(phrase.split(" ")[0] for table in listed for phrase in table)


@lru_cache(maxsize=64)
def _shares(language: str) -> tuple[str, ...]:
    return tuple(p for p in lexicon.phrases(language, "percent") if " " in p)


def lookup(tokens: Sequence[Word], at: int, table: dict[str, float]) -> tuple[float | None, int]:
    """What a table has for the words at a place, and how many words that takes."""
    if not table:
        return None, 0
    for length in range(min(_PHRASE, len(tokens) - at), 0, -1):
        phrase = " ".join(t.text.casefold() for t in tokens[at : at + length])
        if phrase in table:
            return table[phrase], length
        if length == 1 and phrase[:1] == "و" and phrase[1:] in table:
            return table[phrase[1:]], 1
    return None, 0
