"""Claims and evidence read in their surroundings: an article's date and countries, a report's.

Shared by finding, judging and verifying, so that all three see the same figures and dates.
"""

from __future__ import annotations

from datetime import date

from factcheck import reading
from factcheck.models import Article, Claim, Evidence, Passage, Reference
from factcheck.reading import Reading
from factcheck.text.dates import day_order
from factcheck.text.language import identify
from factcheck.text.split import sentences


def near_countries(article: Article) -> frozenset[str]:
    """The countries an article speaks of: towns elsewhere are not taken for its places."""
    first = reading.read(article.text[:6000], article.language, article.published)
    return frozenset(p.country for p in first.places if not p.city) or first.countries


def read_claim(claim: Claim, article: Article, near: frozenset[str]) -> Reading:
    """The reading of a claim's statement in the light of its article."""
    order = day_order(article.text, article.language)
    return reading.read(claim.statement, article.language, article.published, near, order)


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
