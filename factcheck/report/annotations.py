"""The claims as W3C Web Annotations: where each stands in the article, and what was found.

A claim is found again by its words with what stands before and after them, and by its position in
code points. Where the article has no address, its bytes are named by their hash (RFC 6920).
"""

from __future__ import annotations

import base64
import uuid
from typing import Any

from factcheck.history import Signature
from factcheck.models import Assessment, Note
from factcheck.newsroom import Newsroom
from factcheck.report import ruling
from factcheck.report.as_json import dump
from factcheck.report.script import direction, tag
from factcheck.text.scrub import one_line, safe_url
from factcheck.wording import verdicts

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters before and after a claim


def render(note: Note, newsroom: Newsroom) -> str:
    """An annotation collection with one page that holds all claims which stand in the text."""
    return dump(collection(note, newsroom))


def collection(note: Note, newsroom: Newsroom) -> dict[str, Any]:
    """The same as plain values."""
    signed = ruling.signature(note)
    creator = _creator(note, newsroom, signed)
    items = [
        _annotation(note, a, newsroom, creator, draft=signed is None)
        for a in note.assessments
        if 0 <= a.claim.start < a.claim.end <= len(note.article.text)
        and not ruling.dropped(note, a)
    ]
    id = _urn(note, "collection")
    return {
        "@context": CONTEXT,
        "id": id,
        "type": "AnnotationCollection",
        "label": one_line(note.article.title or note.article.id),
        "creator": creator,
        "created": note.provenance.created,
        "total": len(items),
        "first": {
            "id": _urn(note, "page"),
            "type": "AnnotationPage",
            "partOf": id,
            "startIndex": 0,
            "items": items,
        },
    }


def _annotation(
    note: Note, a: Assessment, newsroom: Newsroom, creator: dict[str, Any], *, draft: bool
) -> dict[str, Any]:
    verdict = ruling.verdict(note, a)
    bodies = [
        {
            "type": "TextualBody",
            "value": verdicts(note.language, newsroom.labels)[verdict],
            "format": "text/plain",
            "language": tag(note.language),
            "purpose": "classifying",
        }
    ]
    if why := one_line(ruling.why(a)):
        bodies.append(
            {
                "type": "TextualBody",
                "value": why,
                "format": "text/plain",
                "language": tag(note.language),
                "purpose": "describing",
            }
        )
    bodies += [
        {"type": "TextualBody", "value": name, "purpose": "tagging"}
        for name in (verdict, *a.flags, *(("draft",) if draft else ()))
    ]
    bodies += [
        {"type": "SpecificResource", "source": url, "purpose": "linking"}
        for url in dict.fromkeys(safe_url(c.url) for c in a.citations)
        if url
    ]
    return {
        "id": _urn(note, a.claim.id),
        "type": "Annotation",
        "motivation": "assessing",
        "creator": creator,
        "created": note.provenance.created,
        "body": bodies,
        "target": _target(note, a),
    }


def _target(note: Note, a: Assessment) -> dict[str, Any]:
    article, claim = note.article, a.claim
    return {
        "source": safe_url(article.url) or named_by_hash(article.sha256) or _urn(note, "article"),
        "language": tag(article.language),
        "textDirection": direction(article.language),
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": article.text[claim.start : claim.end],
                "prefix": article.text[max(0, claim.start - _AROUND) : claim.start],
                "suffix": article.text[claim.end : claim.end + _AROUND],
            },
            {"type": "TextPositionSelector", "start": claim.start, "end": claim.end},
        ],
    }


def _creator(note: Note, newsroom: Newsroom, signed: Signature | None) -> dict[str, Any]:
    """The newsroom once an editor signed, the program before."""
    if signed:
        out = {"type": "Organization", "name": newsroom.name} if newsroom.name else {
            "type": "Person", "name": one_line(signed.by)
        }  # fmt: skip
        return out | ({"homepage": newsroom.url} if newsroom.name and newsroom.url else {})
    return {"type": "Software", "name": f"factcheck {note.provenance.version}"}


def named_by_hash(sha256: str) -> str | None:
    """The ni: address of bytes with this SHA-256; None where it is no hash."""
    try:
        digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")
    except ValueError:
        return None
    return f"ni:///sha-256;{digest}"


def _urn(note: Note, part: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'factcheck/{note.article.id}/{part}')}"
