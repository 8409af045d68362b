"""Claims and evidence read in their surroundings: an article's date and countries, a report's.

Shared by finding, judging and verifying, so that all three see the same figures and dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from factcheck import reading
from factcheck.compare import Setting
from factcheck.models import Article, Claim, Evidence, Passage, Reference
from factcheck.reading import Reading
from factcheck.text import lexicon
from factcheck.text.dates import day_order
from factcheck.text.language import identify
from factcheck.text.names import Place
from factcheck.text.split import sentences

_NEAREST = 4  # reports whose countries an article without any takes over
_BACK = 900  # characters before a claim in which its country is looked for


_countries: dict[tuple[str, str, date | None], frozenset[str]] = {}  # by what they are read from
_MOST = 4_000


def remember_countries(article: Article, countries: frozenset[str]) -> None:
    """Say which countries an article speaks of, where that was read before."""
    if len(_countries) >= _MOST:
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
    """The countries an article speaks of; of one that names none, those of the reports found for it,
    so that a town of theirs is known for one."""
    named = near_countries(article)
    if named:
        return named
    nearest = list(evidence)[:_NEAREST]
    return frozenset(c for e in nearest for c in read_report(e.reference).countries)


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
    for span in sentences(article.text, article.language):
        if claim.said and span.start <= claim.start < span.end:
            order = day_order(article.text, article.language)
            text = article.text[span.start : span.end]
            return reading.read(text, article.language, article.published, near, order)
    return read_words(claim, article, near)


def setting(claim: Claim, article: Article, near: frozenset[str]) -> Setting:
    """What an article speaks of where a claim stands: the countries and cities of its sentence,
    else of the sentences before it, nearest first, else of the whole article; the names around."""
    before = article.text[max(0, claim.start - _BACK) : claim.end]
    names: set[str] = set()
    sources: frozenset[str] | None = None
    countries: frozenset[str] = frozenset()
    cities: frozenset[Place] = frozenset()
    for span in reversed(sentences(before, article.language)):
        part = before[span.start : span.end]
        found = reading.read(part, article.language, article.published, near)
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
    near = read_report(reference).countries
    return reading.read(passage.text, language_of(reference), base_of(reference), near)


def read_report(reference: Reference) -> Reading:
    """The reading of a report's title and whole text."""
    return reading.read(
        f"{reference.title}. {reference.text}", language_of(reference), base_of(reference)
    )


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
