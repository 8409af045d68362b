"""`factcheck show`: a saved note in any format."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.app import app, deliver, deliverable
from factcheck.cli.options import (
    NoteFile,
    OutputOption,
    QuietOption,
    StoreOption,
)


@app.command()
def show(
    note: NoteFile,
    format: Annotated[
        str,
        typer.Option(
            "--format", help="text, md, json, html, docx, csv, claimreview or annotations."
        ),
    ] = "text",
    output: OutputOption = None,
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show a saved note in any format; nothing is checked again, and nothing is loaded.

    The reports' own sentences come from the store; where it lacks a report, its quotations stand alone.
    """
    deliverable(format, output, signed=True)
    from factcheck import notefile
    from factcheck.collection import open_store
    from factcheck.report import formats, ruling
    from factcheck.restore import note_from_json
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    raw = notefile.read_json(note, what="a note", limit=notefile.LIMIT)
    settings = Settings.load(store=store)
    with open_store(settings) as references:
        lookup = _nothing if references.is_new() else references.reference
        read = note_from_json(raw, lookup)
        formats.possible(format, signed=ruling.signature(read) is not None, to_terminal=False)
        deliver(read, format, output, terminal, lookup, settings.newsroom)


def _nothing(_: str) -> None:
    return None
