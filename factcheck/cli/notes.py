"""Commands on notes that were made before: `factcheck verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.app import app, known_format
from factcheck.cli.options import (
    NoteFile,
    StoreOption,
)
from factcheck.errors import CitationBroken, NoteError


@app.command()
def verify(
    note: NoteFile,
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Check a note again, without model or network: every quotation, and the history of what was
    decided and signed (exit 7 if something does not hold)."""
    known_format(format, "text", "json")
    from factcheck import desk, history, notefile
    from factcheck.collection import ensure_starter, open_store
    from factcheck.report import desk as told
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    shape = notefile.load(note)
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        problems = notefile.recheck(shape, references.reference)
    try:
        made = desk.read(note).note
    except NoteError:
        if not problems:  # else the note was bent, and what does not hold says where
            raise
        made = None
    problems += history.problems(made) if made else []
    signature = history.signed(made) if made else None
    decisions = len(made.decisions) if made else 0
    total = sum(len(c.citations) for c in shape.claims)
    if format == "json":
        import json

        terminal.data(
            json.dumps(
                {
                    "note": str(note),
                    "citations": total,
                    "decisions": decisions,
                    "signed": signature
                    and {"by": signature.by, "at": signature.at, "stands": signature.stands},
                    "head": history.head(made) if made else None,
                    "problems": [{"where": p.where, "what": p.what} for p in problems],
                    "holds": not problems,
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for problem in problems:
            terminal.line(f"{problem.where}: {problem.what}")
    if problems:
        raise CitationBroken(
            f"{len(problems)} of the checks on {note} do not hold",
            hint="See what was decided: factcheck sign NOTE --show."
            if all(p.where.startswith("history") for p in problems)
            else "Check the article again: factcheck check ARTICLE.",
        )
    if format == "text":
        terminal.line(f"{note}: {total} citations in {len(shape.claims)} claims, all hold.")
        if made and decisions:
            terminal.line(f"{decisions} decisions, {told.signature(made)}.")
