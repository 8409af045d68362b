"""ClaimReview (schema.org) as JSON-LD: one object for each claim of a signed note.

The editor's verdict wins over the machine's, and what the editor dropped is left out. The text is safe
inside a `<script type="application/ld+json">`: it holds no "<".
"""

from __future__ import annotations

from typing import Any

from factcheck.errors import ConfigError, UsageError
from factcheck.history import Signature
from factcheck.models import Assessment, Note
from factcheck.newsroom import Newsroom
from factcheck.report import ruling
from factcheck.report.as_json import dump
from factcheck.report.script import tag
from factcheck.text.scrub import one_line, safe_url
from factcheck.wording import verdicts

CONTEXT = "https://schema.org"


def render(note: Note, newsroom: Newsroom) -> str:
    """A JSON array of ClaimReview objects.

    Raises UsageError where the note is not signed, ConfigError where the newsroom has no name.
    """
    return dump(reviews(note, newsroom), in_html=True)


def reviews(note: Note, newsroom: Newsroom) -> list[dict[str, Any]]:
    """The objects, claim by claim. Raises like `render`."""
    signed = ruling.signature(note)
    if signed is None:
        raise UsageError(
            "the note is not signed, and a ClaimReview says who stands for it",
            hint="Sign it first: factcheck sign NOTE.json --editor NAME.",
        )
    if not newsroom.name:
        raise ConfigError(
            "no newsroom is set, and a ClaimReview names its author",
            hint='Write [newsroom] name = "..." and url = "..." in the configuration file'
            " (`factcheck doctor` says where it is).",
        )
    return [_review(note, a, v, newsroom, signed) for a, v in ruling.published(note)]


def _review(
    note: Note, a: Assessment, verdict: str, newsroom: Newsroom, signed: Signature
) -> dict[str, Any]:
    day = max([signed.at, *(d.at for d in ruling.decisions(note, a))])[:10]
    return _filled({
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": _url(note, a, newsroom),
        "datePublished": day,
        "inLanguage": tag(note.language),
        "author": _organisation(newsroom),
        "editor": {"@type": "Person", "name": one_line(signed.by)},
        "claimReviewed": one_line(a.claim.statement or a.claim.said),
        "reviewBody": _body(note, a),
        "reviewRating": _rating(note, verdict, newsroom),
        "itemReviewed": _claim(note, a),
        "citation": _citations(a),
    })  # fmt: skip


def _url(note: Note, a: Assessment, newsroom: Newsroom) -> str | None:
    """Where the review can be read, where the settings say so."""
    base = newsroom.note_url or newsroom.url
    return f"{base.replace('{article}', note.article.id)}#{a.claim.id}" if base else None


def _organisation(newsroom: Newsroom) -> dict[str, Any]:
    return _filled({
        "@type": "Organization", "name": newsroom.name, "url": newsroom.url, "logo": newsroom.logo,
    })  # fmt: skip


def _rating(note: Note, verdict: str, newsroom: Newsroom) -> dict[str, Any]:
    """The label, and a number where the verdict is on the newsroom's scale."""
    out: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": verdicts(note.language, newsroom.labels)[verdict],
    }
    if verdict in newsroom.ratings:
        out |= {
            "ratingValue": _number(newsroom.ratings[verdict]),
            "bestRating": _number(max(newsroom.ratings.values())),
            "worstRating": _number(min(newsroom.ratings.values())),
        }
    return out


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _body(note: Note, a: Assessment) -> str:
    """The editor's reason where there is one, else the explanation."""
    own = note.decided(a.claim.id, "verdict")
    return one_line((own.reason if own else "") or ruling.why(a))


def _claim(note: Note, a: Assessment) -> dict[str, Any]:
    article = note.article
    speaker = next((x.who for x in a.claim.attribution if x.role == "speaker"), "")
    appearance = _filled({
        "@type": "NewsArticle",
        "headline": one_line(article.title or ""),
        "url": safe_url(article.url),
        "datePublished": _day(note),
        "inLanguage": tag(article.language),
        "publisher": {"@type": "Organization", "name": one_line(article.outlet)}
        if article.outlet else None,
    })  # fmt: skip
    return _filled({
        "@type": "Claim",
        "text": one_line(a.claim.said or a.claim.statement),
        "author": {"@type": "Thing", "name": one_line(speaker)} if speaker else None,
        "datePublished": _day(note),
        "appearance": appearance,
    })  # fmt: skip


def _day(note: Note) -> str | None:
    article = note.article
    return (
        article.published.isoformat()
        if article.published and not article.published_inferred
        else None
    )


def _citations(a: Assessment) -> list[dict[str, Any]]:
    """The reports that are cited, each once."""
    out = {}
    for c in a.citations:
        out[c.reference] = _filled({
            "@type": "CreativeWork",
            "name": one_line(c.publisher),
            "url": safe_url(c.url),
            "datePublished": c.published.isoformat() if c.published else None,
        })  # fmt: skip
    return list(out.values())


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v not in (None, "", [])}
