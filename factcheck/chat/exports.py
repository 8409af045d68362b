"""The note as it leaves the conversation: the formats, and what is published of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from factcheck.models import Note, Reference

FORMATS = ("text", "md", "json")
BINARY: frozenset[str] = frozenset()  # formats that no terminal shows
_FOR_READERS = ("text", "md")
_RULE = re.compile(
    r"^\u2500+|\u2500+$", re.MULTILINE
)  # drawn lines, that a screen reader spells out
Lookup = Callable[[str], Reference | None]


def exported(note: Note, format: str, lookup: Lookup) -> str | bytes:
    """The note in one of the FORMATS. What is for readers leaves out what the editor dropped, and has
    no drawn lines; the others are the whole note, or leave it out themselves."""
    made = render(published(note) if format in _FOR_READERS else note, format, lookup=lookup)
    if format == "text" and isinstance(made, str):
        return _RULE.sub(lambda m: "-" * len(m.group()), made)
    return made


def render(note: Note, format: str, *, lookup: Lookup) -> str | bytes:
    """The note in a format."""
    if format == "json":
        return json.dumps(note.to_json(), ensure_ascii=False, indent=2) + "\n"
    if format == "md":
        from factcheck.report import markdown

        return markdown.render(note)
    from factcheck.report.text import plain

    return plain(note)


def published(note: Note) -> Note:
    """The note without the claims that the editor dropped, and without what cites them alone."""
    dropped = {a.claim.id for a in note.assessments if note.decided(a.claim.id, "drop")}
    kept = tuple(a for a in note.assessments if a.claim.id not in dropped)
    gone = {c.id for a in note.assessments if a.claim.id in dropped for c in a.citations}
    used = {c.reference for a in kept for c in a.citations}
    return replace(
        note,
        assessments=kept,
        summary=tuple(s for s in note.summary if not s.citations or not set(s.citations) <= gone),
        references=tuple(r for r in note.references if r.id in used),
        decisions=tuple(d for d in note.decisions if d.claim not in dropped),
    )
