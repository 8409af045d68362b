"""A note in every format there is."""

from __future__ import annotations

from factcheck.errors import UsageError
from factcheck.models import Note
from factcheck.newsroom import Newsroom
from factcheck.report.told import Lookup

FORMATS = ("text", "md", "json", "html", "docx", "csv", "claimreview", "annotations")
BINARY = frozenset({"docx"})  # no terminal shows these
AFTER_SIGNING = frozenset({"claimreview"})  # what is published carries an editor's name


def render(
    note: Note,
    format: str,
    *,
    lookup: Lookup | None = None,
    newsroom: Newsroom | None = None,
) -> str | bytes:
    """The note in one of FORMATS: text, or bytes for a binary one.

    `lookup` gives a stored report by its id; without it, the page knows only the note's own
    references. Raises UsageError for an unknown format and for what must be signed first, ConfigError
    where a format needs a setting of the newsroom that is missing.
    """
    house = newsroom or Newsroom()
    listed = {r.id: r for r in note.references}
    found = lookup or listed.get
    match format:
        case "text":
            from factcheck.report import text

            return text.plain(note, labels=house.labels)
        case "md":
            from factcheck.report import markdown

            return markdown.render(note, house.labels)
        case "json":
            from factcheck.report.as_json import dump

            return dump(note.to_json())
        case "html":
            from factcheck.report import html

            return html.render(note, found, house)
        case "docx":
            from factcheck.report import docx

            return docx.render(note, house, found)
        case "csv":
            from factcheck.report import csv_

            return csv_.render(note, house)
        case "claimreview":
            from factcheck.report import claimreview

            return claimreview.render(note, house)
        case "annotations":
            from factcheck.report import annotations

            return annotations.render(note, house)
    raise UsageError(f"unknown format `{format}`", hint=f"One of: {', '.join(FORMATS)}.")


def possible(format: str, *, signed: bool, to_terminal: bool) -> None:
    """Say before the work is done that a format cannot be had. Raises UsageError."""
    if format not in FORMATS:
        raise UsageError(f"unknown format `{format}`", hint=f"One of: {', '.join(FORMATS)}.")
    if format in AFTER_SIGNING and not signed:
        raise UsageError(
            f"{format} is for signed notes, and this one is not",
            hint="Sign it first: factcheck sign NOTE.json --editor NAME, then"
            f" factcheck show NOTE.json --format {format}.",
        )
    if format in BINARY and to_terminal:
        raise UsageError(f"{format} is no text for a terminal", hint="Name a file with -o FILE.")
