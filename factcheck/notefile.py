"""Notes on disk: read a note's JSON strictly, and check it again without model or network.

`recheck` is law 4: every quotation is looked up again in the stored report, every report's hash
compared, every claim's words found again in the article.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from factcheck.errors import NoteError
from factcheck.files import decode, read_bytes
from factcheck.models import NOTE_SCHEMA, Reference

LIMIT = 50_000_000


class _Shape(BaseModel):
    # Other tools may add fields of their own; what we know must be as we wrote it.
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class CitationShape(_Shape):
    id: str
    reference: str
    quote: str
    start: int
    end: int


class SentenceShape(_Shape):
    text: str
    citations: list[str]
    status: str


class FigureShape(_Shape):
    citation: str
    evidence: str


class ClaimShape(_Shape):
    id: str
    start: int
    end: int
    said: str
    verdict: str | None
    error: str | None
    citations: list[CitationShape]
    figures: list[FigureShape]
    rationale: list[SentenceShape]


class ReferenceShape(_Shape):
    id: str
    sha256: str


class ArticleShape(_Shape):
    id: str
    text: str


class NoteShape(_Shape):
    """The parts of a note that can be checked again."""

    article: ArticleShape
    claims: list[ClaimShape]
    references: list[ReferenceShape]
    summary: list[SentenceShape]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a note that does not hold: where, and what."""

    where: str
    what: str


def load(path: Path) -> NoteShape:
    """Read a note. Raises NoteError where the file is not one."""
    raw = read_json(path, what="a note", limit=LIMIT)
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != NOTE_SCHEMA:
        raise NoteError(
            f"{path} is not a note of this program (schema: {schema!r})",
            hint=f"Expected {NOTE_SCHEMA}: a file made by `factcheck check --format json`.",
        )
    try:
        return NoteShape.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(x) for x in first["loc"])
        raise NoteError(
            f"{path}: field {where}: {first['msg']}", hint="The note was changed by hand?"
        ) from error


def read_json(path: Path, *, what: str, limit: int) -> Any:
    """A JSON file's value. Raises NoteError naming the line where it is none."""
    return json_of(read_bytes(path, what=what, limit=limit), path)


def json_of(data: bytes, path: Path) -> Any:
    """The value of a JSON file's bytes. Raises NoteError naming the line where it is none."""
    text = decode(data, name=str(path))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NoteError(
            f"{path}, line {error.lineno}: not JSON: {error.msg}",
            hint="Give a file made by `factcheck check --format json`.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise NoteError(
            f"{path}: not JSON that can be read: {error}",
            hint="Give a file made by `factcheck check --format json`.",
        ) from error


def recheck(note: NoteShape, lookup: Callable[[str], Reference | None]) -> list[Problem]:
    """All that does not hold. `lookup` gives the stored reference of an id, or None."""
    problems: list[Problem] = []
    listed = {r.id: r.sha256 for r in note.references}
    stored: dict[str, Reference | None] = {}
    for id, sha256 in listed.items():
        stored[id] = lookup(id)
        reference = stored[id]
        if reference is None:
            problems.append(Problem(id, "the report is not in this store"))
        elif reference.sha256 != sha256:
            problems.append(Problem(id, "the stored report has changed since the note was made"))
    for claim in note.claims:
        if note.article.text[claim.start : claim.end] != claim.said:
            problems.append(
                Problem(claim.id, "the claim's words are not at its place in the article")
            )
        known = {c.id for c in claim.citations}
        for citation in claim.citations:
            problems.extend(_citation(citation, listed, stored))
        pointed = [f.citation for f in claim.figures]
        pointed += [i for s in claim.rationale for i in s.citations]
        problems += [
            Problem(claim.id, f"points at {where}, which is no citation of it")
            for where in pointed
            if where not in known
        ]
        if (
            claim.verdict in ("supported", "partly_supported", "contradicted", "disputed")
            and not known
        ):
            problems.append(Problem(claim.id, f"the verdict {claim.verdict} has no citation"))
    every = {c.id for claim in note.claims for c in claim.citations}
    for sentence in note.summary:
        problems += [
            Problem("summary", f"points at {i}, which is no citation")
            for i in sentence.citations
            if i not in every
        ]
    return problems


def _citation(
    citation: CitationShape, listed: dict[str, str], stored: dict[str, Reference | None]
) -> list[Problem]:
    if citation.reference not in listed:
        return [Problem(citation.id, f"its report {citation.reference} is not listed")]
    reference = stored[citation.reference]
    if reference is None:
        return [Problem(citation.id, f"its report {citation.reference} cannot be looked up")]
    if not citation.quote or not 0 <= citation.start < citation.end <= len(reference.text):
        return [Problem(citation.id, "its place lies outside the report")]
    if reference.text[citation.start : citation.end] != citation.quote:
        return [Problem(citation.id, f"the quotation is not in {citation.reference} at its place")]
    return []
