"""The note as it leaves the conversation: the formats, and what is published of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from factcheck.models import Note

FORMATS = ("md", "json", "text")
_RULE = re.compile(
    r"^\u2500+|\u2500+$", re.MULTILINE
)  # drawn lines, that a screen reader spells out


def render(note: Note, format: str) -> str:
    """The note in one of the FORMATS. JSON is the whole note; the others are for readers, and leave
    out what the editor dropped."""
    if format == "json":
        return json.dumps(note.to_json(), ensure_ascii=False, indent=2) + "\n"
    if format == "md":
        from factcheck.report import markdown

        return markdown.render(published(note))
    from factcheck.report.text import plain

    return _RULE.sub(lambda m: "-" * len(m.group()), plain(published(note)))


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
