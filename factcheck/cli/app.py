"""The applications that the commands hang on, and what several commands do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck._version import __version__
from factcheck.errors import UsageError

app = typer.Typer(
    name="factcheck",
    help="Check a news article against a collection of reports: a cited verification note.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
refs_app = typer.Typer(
    help="The collection of reference reports.", rich_markup_mode=None, no_args_is_help=True
)
eval_app = typer.Typer(
    help="Measure against labelled data.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(refs_app, name="refs")
app.add_typer(eval_app, name="eval")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def known_format(value: str, *known: str) -> None:
    if value not in known:
        raise UsageError(f"unknown format `{value}`", hint=f"One of: {', '.join(known)}.")


def deliverable(format: str, output: Path | None, *, signed: bool) -> None:
    """Say before the work is done that a format cannot be had, or a file not be written."""
    import sys

    from factcheck.errors import InputError
    from factcheck.report import formats

    formats.possible(format, signed=signed, to_terminal=output is None and sys.stdout.isatty())
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise InputError(
            f"cannot write {output}: "
            + ("it is a folder" if output.is_dir() else "no such folder"),
            hint="Choose a file in a folder that exists.",
        )


def deliver(
    note: Any, format: str, output: Path | None, terminal: Any, lookup: Any, newsroom: Any
) -> None:
    """Write a note in a format to a file, or to stdout."""
    from factcheck.files import write_whole
    from factcheck.report import formats

    if format == "text" and output is None:
        from factcheck.report import text

        terminal.show(text.render(note, newsroom.labels))
        return
    data = formats.render(note, format, lookup=lookup, newsroom=newsroom)
    if output is not None:
        write_whole(output, data)
        terminal.say(f"Written: {output}")
    elif isinstance(data, bytes):
        terminal.binary(data)
    elif format == "md":
        terminal.write(data)
    else:
        terminal.data(data)


def day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"`{value}` is no date", hint="Write it as YYYY-MM-DD.") from error


def only(
    publisher: list[str] | None,
    kind: list[str] | None,
    language: list[str] | None,
    since: str | None,
    until: str | None,
    country: list[str] | None,
    tag: list[str] | None,
) -> Any:
    """The filter that the options name. Raises UsageError where a value does not fit."""
    from factcheck.filters import Filter

    return Filter(
        publishers=tuple(publisher or ()),
        kinds=tuple(kind or ()),
        languages=tuple(code.lower() for code in language or ()),
        since=day(since),
        until=day(until),
        countries=tuple(country or ()),
        tags=tuple(tag or ()),
    )


def verdicts(value: str | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    from factcheck.models import Verdict

    known = {str(v) for v in Verdict}
    wanted = {v.strip() for v in value.split(",") if v.strip()}
    if not wanted or wanted - known:
        raise UsageError(
            f"unknown verdict `{', '.join(sorted(wanted - known)) or value}`",
            hint=f"One or more of: {', '.join(sorted(known))}.",
        )
    return frozenset(wanted)


def one_line(text: str) -> str:
    from factcheck.text import scrub

    return scrub.one_line(text)


def counted(number: int, what: str) -> str:
    """ "1 report", "2 reports"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_STEPS = {
    "starter": "Loading the starter collection",
    "find": "Searching the collection",
    "verify": "Judging and verifying claims",
}


def progress(terminal: Any, bar: Any, event: Any) -> None:
    if event.message:
        terminal.say(event.message)
    if event.step in _STEPS:
        bar.update(_STEPS[event.step], event.done, event.total)


def reported(note: Any, terminal: Any) -> int:
    """Say on stderr what the note cost and what went wrong; the exit code for it (0: nothing)."""
    from factcheck.report.usage import line

    if spent := line(note.usage):
        terminal.say(spent)
    kinds = {f.kind for f in note.faults}
    for fault in note.faults:
        terminal.fault(fault)
    if not note.complete:
        terminal.warn("the note is partial: what is missing stands in it as failed")
    if "interrupted" in kinds:
        return 130
    if "budget" in kinds:
        return 6
    return 5 if kinds or not note.complete else 0
