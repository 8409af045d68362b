"""The note as it leaves the conversation: what is published of it, and what a terminal may show."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from factcheck.models import Note
from factcheck.newsroom import Newsroom
from factcheck.report import formats
from factcheck.report.told import Lookup

FORMATS = formats.FORMATS
FOR_FILES = formats.BINARY | {"html"}  # what nobody reads off a terminal
_FOR_READERS = ("text", "md")
_JSON = ("json", "claimreview", "annotations")
_RULE = re.compile(
    r"^\u2500+|\u2500+$", re.MULTILINE
)  # drawn lines, that a screen reader spells out


def exported(note: Note, format: str, lookup: Lookup, newsroom: Newsroom) -> str | bytes:
    """The note in one of the FORMATS. What is for readers leaves out what the editor dropped, and has
    no drawn lines; the others are the whole note, or leave it out themselves.

    Raises as `formats.render` does.
    """
    shown = published(note) if format in _FOR_READERS else note
    made = formats.render(shown, format, lookup=lookup, newsroom=newsroom)
    if format == "text" and isinstance(made, str):
        return _RULE.sub(lambda m: "-" * len(m.group()), made)
    return made


def for_terminal(made: str, format: str) -> str:
    """An export as standard output takes it: JSON in ASCII, so that nothing in it can be forged."""
    return json.dumps(json.loads(made), indent=2) + "\n" if format in _JSON else made


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
