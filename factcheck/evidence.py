"""Claims and evidence read in their surroundings: an article's date and countries, a report's.

Shared by finding, judging and verifying, so that all three see the same figures and dates.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from functools import lru_cache, partial
from itertools import islice

from factcheck import reading
from factcheck.compare import Setting
from factcheck.kept import Shelf
from factcheck.models import Article, Claim, Evidence, Passage, Reference, Span
from factcheck.reading import NOTHING, PARTS, Kept, Reading, packed, unpacked
from factcheck.text import lexicon
from factcheck.text.dates import day_order
from factcheck.text.language import identify
from factcheck.text.names import Place
from factcheck.text.split import sentences

_NEAREST = 4  # reports whose countries an article without any takes over
_SHORT = 400  # characters of an article that may leave its country to the reader
_BACK = 900  # characters before a claim in which its country is looked for


_countries: dict[tuple[str, str, date | None], frozenset[str]] = {}  # by what they are read from
_ARTICLES = 4_000


def remember_countries(article: Article, countries: frozenset[str]) -> None:
    """Say which countries an article speaks of, where that was read before."""
    if len(_countries) >= _ARTICLES:
        _countries.clear()
    _countries[article.text, article.language, article.published] = countries


def near_countries(article: Article) -> frozenset[str]:
    """The countries an article speaks of: towns elsewhere are not taken for its places."""
    known = _countries.get((article.text, article.language, article.published))
    if known is not None:
        return known
    first = reading.read(article.text[:6000], article.language, article.published)
    return frozenset(p.country for p in first.places if not p.city) or first.countries


def lands_of(article: Article, evidence: Iterable[Evidence]) -> frozenset[str]:
    """The countries an article speaks of; of one that names none, or is a sentence or two, also those
    of the reports found for it, so that a town of theirs is known for one."""
    named = near_countries(article)
    if named and len(article.text) > _SHORT:
        return named
    nearest = list(evidence)[:_NEAREST]
    return named | frozenset(c for e in nearest for c in read_report(e.reference).countries)


def read_claim(claim: Claim, article: Article, near: frozenset[str]) -> Reading:
    """The reading of a claim's statement in the light of its article.

    A statement in another language than the article's is an analyst's translation: the article's
    own words are read instead, where the rules know their language.
    """
    order = day_order(article.text, article.language)
    text, language = claim.statement, claim.language or article.language
    if language != article.language and article.language in lexicon.LANGUAGES:
        text, language = claim.said, article.language
    return reading.read(text, language, article.published, near, order)


def read_words(claim: Claim, article: Article, near: frozenset[str]) -> Reading:
    """The reading of a claim's own words, attribution included."""
    order = day_order(article.text, article.language)
    return reading.read(claim.said, article.language, article.published, near, order)


def read_around(claim: Claim, article: Article, near: frozenset[str]) -> Reading:
    """The reading of the sentence that a claim is a part of: "On Friday troops went in; at least 15
    were killed" tells the day of both. Of a claim without a place in the article, its own words."""
    span = sentence_of(claim, article) if claim.said else None
    if span is None:
        return read_words(claim, article, near)
    order = day_order(article.text, article.language)
    text = article.text[span.start : span.end]
    return reading.read(text, article.language, article.published, near, order)


def sentence_of(claim: Claim, article: Article) -> Span | None:
    """The article's sentence in which a claim begins."""
    spans = sentences(article.text, article.language)
    at = bisect_right(spans, claim.start, key=lambda s: s.start) - 1
    return spans[at] if at >= 0 and claim.start < spans[at].end else None


def setting(claim: Claim, article: Article, near: frozenset[str]) -> Setting:
    """What an article speaks of where a claim stands: the countries and cities of its sentence,
    else of the sentences before it, nearest first, else of the whole article; the names around."""
    of = _before(claim, article), article.language, article.published, near
    return _settings.get(of) or _setting(*of)


def remember_setting(claim: Claim, article: Article, near: frozenset[str], known: Setting) -> None:
    """Say what an article speaks of where a claim stands, where that was read before."""
    if len(_settings) >= _ARTICLES:
        _settings.clear()
    _settings[_before(claim, article), article.language, article.published, near] = known


_settings: dict[tuple[str, str, date | None, frozenset[str]], Setting] = {}


def _before(claim: Claim, article: Article) -> str:
    return article.text[max(0, claim.start - _BACK) : claim.end]


@lru_cache(maxsize=4_000)
def _setting(before: str, language: str, day: date | None, near: frozenset[str]) -> Setting:
    names: set[str] = set()
    sources: frozenset[str] | None = None
    countries: frozenset[str] = frozenset()
    cities: frozenset[Place] = frozenset()
    for span in reversed(sentences(before, language)):
        part = before[span.start : span.end]
        found = reading.read(part, language, day, near)
        names |= {k for n in found.names for k in n.keys if len(k) > 1}
        if sources is None:
            sources = found.source_names
        if not countries:
            countries = found.countries
            cities = frozenset(p for p in found.places if p.city)
    return Setting(countries or near, cities, frozenset(names), sources or frozenset())


def read_evidence(evidence: Evidence) -> Reading:
    """The reading of an evidence sentence in the light of its report."""
    return read_passage(evidence.passage, evidence.reference)


def read_passage(passage: Passage, reference: Reference) -> Reading:
    """The reading of a report's sentence; one that was `recalled` is not read again."""
    key = _key(reference, passage.text)
    return _asked_for(key) or _remember(key, _sentence(passage, reference), PARTS, asked=True)


def read_report(reference: Reference) -> Reading:
    """The reading of a report's title and whole text; one that was `recalled` is not read again."""
    key = _key(reference)
    return _asked_for(key) or _remember(key, _report(reference), _OF_REPORT, asked=True)


def _sentence(passage: Passage, reference: Reference, kept: Kept = NOTHING) -> Reading:
    def near() -> frozenset[str]:
        return read_report(reference).countries

    return Reading(passage.text, language_of(reference), base_of(reference), near, kept=kept)


def _report(reference: Reference, kept: Kept = NOTHING) -> Reading:
    text = f"{reference.title}. {reference.text}"
    return Reading(text, language_of(reference), base_of(reference), kept=kept)


# ---------------------------------------------------------------- kept on a shelf

_OF_REPORT = ("sources", "dates", "names", "mentions")  # what is asked of a whole report
_MOST = 20_000
# Readings of reports and their sentences by what they were read from, and the parts of each that a
# shelf does not hold yet.
_read: dict[bytes, Reading] = {}
_missing: dict[bytes, tuple[str, ...]] = {}
# Those that were asked for since the last keeping: none of the others can have got a part since.
_asked: set[bytes] = set()


def recall(
    passages: Iterable[tuple[Passage, Reference]],
    shelf: Shelf,
    *,
    reports: Iterable[Reference] = (),
) -> None:
    """Take what was read of sentences and their reports, and of other reports, off the shelf, all at
    once."""
    wanted: dict[bytes, tuple[Callable[[Kept], Reading], tuple[str, ...]]] = {}
    around = list(reports)
    for passage, reference in passages:
        key = _key(reference, passage.text)
        if key not in _read:
            wanted[key] = partial(_sentence, passage, reference), PARTS
        around.append(reference)
    for reference in around:
        key = _key(reference)
        if key not in _read:
            wanted[key] = partial(_report, reference), _OF_REPORT
    for key, told in shelf.get(list(wanted)).items():
        with suppress(ValueError):
            kept = unpacked(told)
            make, parts = wanted[key]
            _remember(key, make(kept), tuple(p for p in parts if p not in kept))


@contextmanager
def kept_at_the_end(shelf: Shelf) -> Iterator[None]:
    """What is read meanwhile comes onto the shelf at the end, all at once."""
    before = _later.set(True)
    try:
        yield
    finally:
        _later.reset(before)
        keep(shelf)


_later: ContextVar[bool] = ContextVar("later", default=False)


def keep(shelf: Shelf, *, whole: bool = False) -> None:
    """Put on the shelf what was read and is not there yet; `whole` reads the rest of what was asked
    for in parts."""
    if not shelf.keeps or _later.get():
        return
    texts: dict[bytes, str] = {}
    asked = list(_asked)
    _asked.difference_update(asked)
    for key in asked:
        left, reading = _missing.get(key, ()), _read.get(key)
        fresh = reading and [p for p in left if whole or p in reading.read_parts]
        if reading is None or not fresh:
            continue
        still = tuple(p for p in left if p not in fresh)
        on_shelf = [p for p in PARTS if p in reading.read_parts or p in fresh]
        texts[key] = packed(reading, on_shelf)
        if still:
            _missing[key] = still
        else:
            _missing.pop(key, None)
    shelf.put(texts)


def _asked_for(key: bytes) -> Reading | None:
    """The reading that is known by a key."""
    if key in _missing:
        _asked.add(key)
    return _read.get(key)


def _remember(key: bytes, made: Reading, left: tuple[str, ...], *, asked: bool = False) -> Reading:
    if (
        len(_read) >= _MOST
    ):  # the older half goes: what was recalled just now is about to be asked for
        for old in list(islice(_read, _MOST // 2)):
            _read.pop(old, None)
            _missing.pop(old, None)
            _asked.discard(old)
    _read[key] = made
    if left:
        _missing[key] = left
        if asked:
            _asked.add(key)
    return made


def _key(reference: Reference, sentence: str = "") -> bytes:
    """What a reading is made from: the words, and what of the report decides how they are read."""
    r = reference
    return _digest(r.title, r.text, r.language, base_of(r), sentence)


@lru_cache(maxsize=8_000)
def _digest(title: str, text: str, language: str, base: date | None, sentence: str) -> bytes:
    told = "\0".join((title, text, language, str(base), sentence))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def base_of(reference: Reference) -> date | None:
    """The day against which a report's "Monday" and "last month" are understood."""
    return reference.published or reference.event_date


def language_of(reference: Reference) -> str:
    """The language of a reference's text: as stated, else as identified."""
    if reference.language != "und":
        return reference.language
    return identify(reference.text)


def neighbours(reference: Reference, start: int) -> tuple[str, str]:
    """The sentences before and after the one that begins at `start` ("" at the ends)."""
    spans = sentences(reference.text, language_of(reference))
    at = next((i for i, s in enumerate(spans) if s.start == start), None)
    if at is None:
        return "", ""
    before = spans[at - 1] if at else None
    after = spans[at + 1] if at + 1 < len(spans) else None
    return (
        reference.text[before.start : before.end] if before else "",
        reference.text[after.start : after.end] if after else "",
    )
