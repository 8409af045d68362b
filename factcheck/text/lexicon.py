"""The word lists that the rules read, under `factcheck/lexicon/`.

Frames are per language: reporting verbs, connectors, bounds, months, number words, loaded terms.
Concepts are across languages: "merebut", "captured" and "سيطر" are one concept, so that a claim
and an evidence sentence can be compared without a model. Languages without an entry of their own
are read with English frames and CLDR month and weekday names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from factcheck.text import italian, persian
from factcheck.text.words import Word, stem, stems_of, turkish_verb, words

_FIRST = ("id", "en", "ar", "fr", "es", "de", "tr")


def _found() -> tuple[str, ...]:
    """Languages with frames of their own; the first seven have their terms in the concepts' files,
    the others each in a file under `words/`."""
    folder = resources.files("factcheck").joinpath("lexicon", "words")
    names = [f.name for f in folder.iterdir()]
    others = sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml"))
    return (*_FIRST, *others)


LANGUAGES = _found()


@lru_cache(maxsize=32)
def _load(name: str) -> dict[str, Any]:
    path = resources.files("factcheck").joinpath("lexicon", *name.split("/"))
    return tomllib.loads(path.read_text(encoding="utf-8"))


def frames(language: str) -> dict[str, Any]:
    """The frame table of a language (English for one that has none)."""
    language = "id" if language == "ms" else language
    return _load(f"frames/{language if language in LANGUAGES else 'en'}.toml")


@lru_cache(maxsize=512)
def phrases(language: str, key: str) -> frozenset[str]:
    """A frame list as a set of lower-case phrases."""
    return frozenset(str(p).casefold() for p in frames(language).get(key, ()))


@lru_cache(maxsize=64)
def negators(language: str) -> frozenset[str] | None:
    """Words that deny; None for a language of which nothing is known."""
    if language in LANGUAGES or language == "ms":
        return phrases(language, "negators")
    listed = _load("negators.toml").get(language)
    return None if listed is None else frozenset(str(w).casefold() for w in listed)


def amounts(language: str) -> dict[str, Any]:
    """How a language writes amounts beside plain number words; empty for one that is not listed."""
    table: dict[str, Any] = _load("amounts.toml").get("id" if language == "ms" else language, {})
    return table


def wanted(language: str) -> dict[str, list[str]]:
    """How a language tells that an act is only wanted; empty for one that is not listed."""
    table: dict[str, list[str]] = _load("wanted.toml").get(
        "id" if language == "ms" else language, {}
    )
    return table


def untrue(language: str) -> dict[str, list[str]]:
    """How a language tells that a story is not true; empty for one that is not listed."""
    table: dict[str, list[str]] = _load("untrue.toml").get(
        "id" if language == "ms" else language, {}
    )
    return table


@lru_cache(maxsize=64)
def function_words(language: str, key: str = "words") -> frozenset[str]:
    """Words of a language that tell nothing of what a sentence is about; `key` "whole" gives those
    that say "all", "only", "never". Empty for a language that is not listed."""
    if language in LANGUAGES[len(_FIRST) :]:
        table = _load(f"words/{language}.toml").get("function_words")
    else:
        table = _load("function_words.toml").get("id" if language == "ms" else language)
    return frozenset(str(w).casefold() for w in (table or {}).get(key, ()))


@lru_cache(maxsize=1)
def source_names() -> dict[str, list[str]]:
    """What the sources of the register are called in the further languages, by the source's id."""
    out: dict[str, list[str]] = {}
    for language in LANGUAGES[len(_FIRST) :]:
        for id, listed in _load(f"words/{language}.toml").get("sources", {}).items():
            out.setdefault(id, []).extend(listed)
    return out


@lru_cache(maxsize=64)
def apart(language: str, key: str) -> frozenset[str]:
    """Reporting verbs whose two halves may stand apart, of a language that has such a list."""
    further = language in LANGUAGES[len(_FIRST) :]
    own: dict[str, Any] = _load(f"words/{language}.toml") if further else {}
    return frozenset(str(p).casefold() for p in own.get("apart", {}).get(key, ()))


# ---------------------------------------------------------------- months and weekdays


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    from babel import Locale

    table: dict[str, int] = {}
    for code in dict.fromkeys((*LANGUAGES, "pt", "it", "nl", "ru", "fa")):
        for width in ("wide", "abbreviated"):
            for form in ("format", "stand-alone"):
                for number, name in Locale.parse(code).months[form][width].items():
                    _file(table, name, int(number))
    for code in LANGUAGES:
        for number, names in enumerate(frames(code)["months"], start=1):
            for name in [names] if isinstance(names, str) else names:
                _file(table, name, number)
    return table


@lru_cache(maxsize=1)
def _weekdays() -> dict[str, int]:
    from babel import Locale

    table: dict[str, int] = {}
    for code in dict.fromkeys((*LANGUAGES, "pt", "it", "nl", "ru", "fa")):
        for form in ("format", "stand-alone"):
            for number, name in Locale.parse(code).days[form]["wide"].items():
                _file(table, name, int(number))
    for code in LANGUAGES:
        for number, names in enumerate(frames(code)["weekdays"]):
            for name in [names] if isinstance(names, str) else names:
                _file(table, name, number)
    return table


def _file(table: dict[str, int], name: str, number: int) -> None:
    key = name.casefold().strip().rstrip(".")
    if (len(key) > 2 or key in ("آب", "مه")) and not key.isdigit():  # August, May; others are codes
        table.setdefault(key, number)


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name in any language served, else None."""
    return _months().get(word.casefold().rstrip("."))


def weekday_number(word: str) -> int | None:
    """0 (Monday) to 6 for a weekday's name in any language served, else None."""
    return _weekdays().get(word.casefold().rstrip("."))


def month_names(language: str) -> list[str]:
    """The month names that may stand in a text: those of all languages, but short forms of its own
    language and of English only. "22 des" is a day in Indonesian and an article in French."""
    return [n for n in _months() if len(n) > _SHORT_FORM or n in _short_forms(language)]


_SHORT_FORM = 4


@lru_cache(maxsize=32)
def _short_forms(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    table: dict[str, int] = {}
    for code in (language, "en"):
        for names in frames(code)["months"] if code in LANGUAGES else ():
            for name in [names] if isinstance(names, str) else names:
                _file(table, name, 1)
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError):
            continue
        for width in ("wide", "abbreviated"):
            for form in ("format", "stand-alone"):
                for name in months[form][width].values():
                    _file(table, name, 1)
    return frozenset(table)


def weekday_names() -> Iterable[str]:
    return _weekdays()


# ---------------------------------------------------------------- concepts


@dataclass(frozen=True, slots=True)
class Concept:
    """A news concept: kind is action, state, thing, actor, counted or modifier."""

    name: str
    kind: str
    opposes: frozenset[str]
    implies: frozenset[str]
    side: str


class Mention(NamedTuple):
    """A concept where it stands in a text (offsets into that text)."""

    concept: Concept
    start: int
    end: int
    text: str


def _concept_tables() -> dict[str, Any]:
    names = ("actions", "contrasts", "people", "things")
    return {name: entry for n in names for name, entry in _load(f"{n}.toml").items()}


@lru_cache(maxsize=1)
def concepts() -> dict[str, Concept]:
    """All concepts by name; `opposes` is made symmetric."""
    raw = _concept_tables()
    opposes: dict[str, set[str]] = {name: set() for name in raw}
    for name, entry in raw.items():
        for other in entry.get("opposes", ()):
            opposes[name].add(other)
            opposes[other].add(name)
    return {
        name: Concept(
            name,
            entry["kind"],
            frozenset(opposes[name]),
            frozenset(entry.get("implies", ())),
            entry.get("side", ""),
        )
        for name, entry in raw.items()
    }


def _own_terms(language: str) -> dict[str, list[str]]:
    """Terms by concept of a language that has a file of its own."""
    if language in _FIRST or language not in LANGUAGES:
        return {}
    terms: dict[str, list[str]] = _load(f"words/{language}.toml")["concepts"]
    return terms


@lru_cache(maxsize=16)
def _index(language: str) -> dict[str, list[tuple[tuple[str, ...], Concept, tuple[str, ...]]]]:
    """First stem of a term -> the terms that begin with it, longest first."""
    raw, known = _concept_tables(), concepts()
    index: dict[str, list[tuple[tuple[str, ...], Concept, tuple[str, ...]]]] = {}
    own = _own_terms(language)
    for name, entry in raw.items():
        for term in own.get(name) or entry.get("id" if language == "ms" else language, ()):
            key = stems_of(term, language)
            if key:
                forms = tuple(w.text.casefold() for w in words(term, language))
                index.setdefault(key[0], []).append((key, known[name], forms))
    for terms in index.values():
        terms.sort(key=lambda t: -len(t[0]))
    return index


@lru_cache(maxsize=512)
def mentions(text: str, language: str) -> tuple[Mention, ...]:
    """The concepts in `text`, in order. Where terms overlap the longest wins; ties all stand."""
    index = _index(language)
    tokens = words(text, language)
    found: list[Mention] = []
    covered = -1
    for i, word in enumerate(tokens):
        length, apart = 0, False
        for key, concept, forms in index.get(word.stem, ()):
            if len(key) < length:
                break
            last = i + len(key)
            run = tokens[i:last]
            if len(key) == 2 and forms[1] in _PARTICLES.get(language, ()):
                parted = _separable(tokens, i, forms[1], _APART[language])
                if parted is None and forms[1] in _PREPOSITIONS:
                    continue  # "nam in de stad": no verb of two parts
                run = parted or run
            if tuple(w.stem for w in run) != key:
                continue
            if not all(_akin(w.text, f, language) for w, f in zip(run, forms, strict=True)):
                continue
            if last - 1 <= covered:
                continue
            length = len(key)
            if last > len(tokens) or run[-1] is not tokens[last - 1]:  # parted from its particle
                apart = True
                if any(m.concept is concept and m.start == word.start for m in found[-6:]):
                    continue
                found.append(Mention(concept, word.start, word.end, word.text))
                continue
            end = tokens[last - 1].end
            if any(m.concept is concept and m.start == word.start for m in found[-6:]):
                continue
            found.append(Mention(concept, word.start, end, text[word.start : end]))
        if length > 1 and not apart:
            covered = max(covered, i + length - 1)
    return tuple(found)


_PARTICLES = {
    "de": frozenset("ein aus auf ab an zu vor zurück statt mit nach frei fest weg bei".split()),
    "en": frozenset("out back off away".split()),
    "nl": frozenset("in op aan uit af om door toe terug vrij mee weg vast neer stop voort".split()),
}
_APART = {"de": 12, "en": 5, "nl": 12}  # words that a verb may stand from its particle
# Dutch particles that are prepositions as well: they are a verb's where the clause ends with them.
_PREPOSITIONS = frozenset("in op aan uit om door".split())
_NEXT_CLAUSE = frozenset(
    "en of maar dat die nadat toen terwijl omdat om van in op uit bij naar met tegen door tot voor na "
    "sinds volgens tijdens wegens aldus zei meldde".split()
)


def _separable(tokens: list[Word], at: int, particle: str, apart: int) -> list[Word] | None:
    """The verb at `at` and its particle further on: "nahm die Stadt ein", "pull the troops out"."""
    for i, word in enumerate(tokens[at + 1 : at + apart], at + 1):
        if word.text == particle and (particle not in _PREPOSITIONS or _ends_clause(tokens, i)):
            return [tokens[at], word]
    return None


_STEM = 3  # letters of a Russian word that stay whatever its ending


def _ends_clause(tokens: list[Word], at: int) -> bool:
    """Behind the word at `at` stands nothing, a mark, or a word that opens another phrase."""
    if at + 1 == len(tokens):
        return True
    after = tokens[at + 1]
    return after.start - tokens[at].end > 1 or after.text in _NEXT_CLAUSE


_VERBAL = re.compile(r"(?:me|di|ber)[a-z]{3,}")
_ELISION = re.compile(r"^(?:l|d|qu|n|s|j|c)['’]")
_ENCLITIC = re.compile(r"(?:nya|lah|kah|pun)$")


@lru_cache(maxsize=100_000)
def _akin(word: str, term: str, language: str) -> bool:
    """Two words of one stem are forms of one word, not accidents of stemming.

    "parlait" and "parlement" share a stem in French, "penduduk" and "menduduki" in Indonesian.
    """
    low = word.casefold()
    if low == term or language == "ar":
        return True
    if language == "fa":  # "not confirmed" is not "confirmed"
        return not persian.denied(term) or persian.denied(low)
    if language in ("id", "ms"):
        bare = _ENCLITIC.sub("", low)
        return bare == term or all(
            _VERBAL.fullmatch(w) or w == stem(w, language) for w in (bare, term)
        )
    if language == "tr" and turkish_verb(low) and turkish_verb(term):
        return True  # of one stem, whatever is written onto it
    if language not in _FIRST and low in function_words(language):
        return False  # "para" is no form of "parar", nor "cerca" of "cercar"
    if low in _apart(language) or term in _apart(language):
        return False
    if language == "it" and italian.of_verb(low, term):
        return True
    if language == "it" and italian.two_words(low, term, stem(low, language)):
        return False
    a, b = (_plain(_ELISION.sub("", w)) for w in (low, term))
    if language == "pt" and min(len(w.rstrip("s")) for w in (a, b)) <= _SHORT_FORM:
        return a.rstrip("s") == b.rstrip("s")  # "caso" is no "casa"
    shared = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    if language == "ru" and shared >= _STEM:
        return True  # long endings on short stems: "новый", "нового"; "лишиться", "лишились"
    return shared >= 0.75 * min(len(a), len(b))


@lru_cache(maxsize=16)
def _apart(language: str) -> frozenset[str]:
    """Words of a further language that share a stem with another one: only the very form is meant."""
    further = language in LANGUAGES[len(_FIRST) :]
    table = _load(f"words/{language}.toml").get("stems", {}) if further else {}
    return frozenset(table.get("apart", ()))


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def broadened(names: Iterable[str]) -> frozenset[str]:
    """The concepts and all that they imply."""
    return frozenset().union(*map(_implied, names))


@lru_cache(maxsize=4_096)
def _implied(name: str) -> frozenset[str]:
    known, todo, seen = concepts(), [name], set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(known[name].implies)
    return frozenset(seen)
