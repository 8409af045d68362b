"""`factcheck refs ...`: the collection of reports."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from factcheck.cli.app import counted, day, known_format, one_line, only, refs_app
from factcheck.cli.options import (
    AllowLocalOption,
    OnlyCountry,
    OnlyKind,
    OnlyLanguage,
    OnlyPublisher,
    OnlySince,
    OnlyTag,
    OnlyUntil,
    QuietOption,
    StoreOption,
)


@refs_app.command("add")
def refs_add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, patterns in quotes, or web addresses of reports."),
    ],
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who published it.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Its title.")] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="YYYY-MM-DD", help="Publication date.")
    ] = None,
    event_date: Annotated[
        str | None, typer.Option("--event-date", metavar="YYYY-MM-DD", help="The day it tells of.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="un, monitor, wire, newspaper, ngo, ...")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="Its language: en.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Its address.")] = None,
    origins: Annotated[
        str | None, typer.Option("--origins", metavar="A,B", help="Who it goes back to.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be repeated.")] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", metavar="CC", help="SY; may be repeated.")
    ] = None,
    id: Annotated[str | None, typer.Option("--id", help="Its id in the collection.")] = None,
    form: Annotated[str | None, typer.Option("--form", help="report or digest.")] = None,
    map: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN,...", help="Columns of a CSV or JSONL file."),
    ] = None,
    allow_undated: Annotated[
        bool, typer.Option("--allow-undated", help="Take reports without a date.")
    ] = False,
    allow_local: AllowLocalOption = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Of text files, if not found.")
    ] = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Add the others where some cannot be read.")
    ] = False,
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add reports to the collection; what did not change costs nothing."""
    fields = {
        "publisher": publisher, "title": title, "published": day(published),
        "event_date": day(event_date), "kind": kind, "language": language, "url": url,
        "origins": _names(origins), "tags": _names(*(tag or ())), "country": _names(*(country or ())),
        "id": id, "form": form,
    }  # fmt: skip
    mapping = _mapping(map or [])
    from factcheck import collection
    from factcheck.gather import gather
    from factcheck.refs import Given
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    given = Given(
        fields={k: v for k, v in fields.items() if v is not None},
        allow_undated=allow_undated, encoding=encoding, mapping=mapping,
    )  # fmt: skip
    settings = Settings.load(store=store)
    with collection.open_store(settings) as references, terminal.progress() as bar:
        found = gather(paths, given, allow_local=allow_local,
                       progress=lambda a, b: bar.update("Reading", a, b))  # fmt: skip
        _told(terminal, found)
        if found.errors and not skip_broken:
            raise _all_of(found.errors, len(found.references), terminal)
        collection.ensure_starter(references, told=terminal.say,
                       progress=lambda a, b: bar.update("Loading the starter collection", a, b))  # fmt: skip
        added = collection.add(
            references, found.references, lambda a, b: bar.update("Embedding", a, b)
        )
    if added.passages:
        terminal.say(
            f"{counted(added.passages, 'passage')} in {added.seconds:.1f} s"
            f" ({added.passages / max(added.seconds, 1e-3):.1f} a second),"
            f" {added.embedded} of them embedded now."
        )
    terminal.write(f"{added.new} new, {added.changed} changed, {added.unchanged} unchanged.")
    if found.errors:
        for error in found.errors[:_SHOWN]:
            terminal.error(error)
        rest = len(found.errors) - _SHOWN
        were = "was" if len(found.errors) == 1 else "were"
        terminal.warn(
            f"{counted(len(found.errors), 'report')} could not be read and {were} not added"
            + (f" ({rest} more than are shown)" if rest > 0 else "")
        )
        raise typer.Exit(4)


_SHOWN = 20  # errors, files and remarks that are shown one by one


def _names(*values: str | None) -> list[str] | None:
    """Names in lists parted by commas; None where there are none."""
    found = [n.strip() for v in values if v for n in v.split(",") if n.strip()]
    return found or None


def _mapping(values: list[str]) -> dict[str, str]:
    from factcheck.errors import UsageError

    pairs = [pair.partition("=") for value in values for pair in value.split(",")]
    for field, sign, column in pairs:
        if not (field.strip() and sign and column.strip()):
            raise UsageError(
                f"--map {field}{sign}{column} is no pair",
                hint="Write --map title=headline,text=body.",
            )
    return {field.strip(): column.strip() for field, _, column in pairs}


def _told(terminal: Any, found: Any) -> None:
    """Say what was passed over, left out or is undated."""
    for remark in found.remarks[:_SHOWN]:
        terminal.say(one_line(remark))
    if len(found.remarks) > _SHOWN:
        terminal.say(f"... and {len(found.remarks) - _SHOWN} more remarks.")
    if found.passed_over:
        names = ", ".join(one_line(str(p)) for p in found.passed_over[:_SHOWN])
        more = ", ..." if len(found.passed_over) > _SHOWN else ""
        terminal.say(f"Passed over, of no known kind ({len(found.passed_over)}): {names}{more}")
    undated = [r.id for r in found.references if r.published is None]
    if undated:
        more = ", ..." if len(undated) > _SHOWN else ""
        names = ", ".join(one_line(i) for i in undated[:_SHOWN])
        terminal.say(f"Undated, and so never the current word ({len(undated)}): {names}{more}")


def _all_of(errors: Any, read: int, terminal: Any) -> Any:
    """One error for all: itself where there is one; else the first ones are told before it."""
    from factcheck.errors import InputError

    if len(errors) == 1:
        return errors[0]
    for error in errors[:_SHOWN]:
        terminal.error(error)
    rest = len(errors) - _SHOWN
    return InputError(
        f"{len(errors)} of {len(errors) + read} reports cannot be read; nothing was added"
        + (f" ({rest} more than are shown)" if rest > 0 else ""),
        hint="Mend them, or add the others with --skip-broken.",
    )


@refs_app.command("list")
def refs_list(
    publisher: OnlyPublisher = None,
    kind: OnlyKind = None,
    language: OnlyLanguage = None,
    since: OnlySince = None,
    until: OnlyUntil = None,
    country: OnlyCountry = None,
    tag: OnlyTag = None,
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the reports in the collection."""
    known_format(format, "text", "json")
    from factcheck.terminal import Terminal

    terminal = Terminal()
    reports = only(publisher, kind, language, since, until, country, tag)
    references = _all(store, terminal, reports)
    if format == "json":
        import json

        terminal.data(json.dumps([_reference(r, text=False) for r in references],
                                 ensure_ascii=False, indent=2))  # fmt: skip
        return
    for r in references:
        when = r.published.isoformat() if r.published else "undated   "
        terminal.write(
            f"{r.id:<12} {when}  {r.kind:<12} {one_line(r.publisher)}: {one_line(r.title)}"
        )


@refs_app.command("show")
def refs_show(
    id: Annotated[str, typer.Argument(help="The report's id.")],
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Show one report with its stored text."""
    known_format(format, "text", "json")
    from factcheck.collection import ensure_starter, open_store
    from factcheck.errors import InputError
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        reference = references.reference(id)
    if reference is None:
        raise InputError(f"the collection holds no report `{id}`", hint="See: factcheck refs list.")
    if format == "json":
        import json

        terminal.data(json.dumps(_reference(reference, text=True), ensure_ascii=False, indent=2))
        return
    for key, value in _reference(reference, text=False).items():
        if value not in (None, [], "", 0):
            shown = ", ".join(value) if isinstance(value, list) else value
            terminal.line(f"{key}: {one_line(str(shown))}")
    terminal.write("")
    for line in reference.text.splitlines():  # set in: a line of it is none of the above
        terminal.line(f"  {line}")


@refs_app.command("remove")
def refs_remove(
    id: Annotated[str, typer.Argument(help="The report's id.")], store: StoreOption = None
) -> None:
    """Take a report out of the collection."""
    from factcheck.collection import ensure_starter, open_store
    from factcheck.errors import InputError
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        if not references.remove(id):
            raise InputError(
                f"the collection holds no report `{id}`", hint="See: factcheck refs list."
            )
    terminal.write(f"Removed {one_line(id)}.")


@refs_app.command("stats")
def refs_stats(
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Count the collection: reports, passages, kinds, languages, dates."""
    known_format(format, "text", "json")
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        stats = references.stats()
    if format == "json":
        import json

        terminal.data(json.dumps(stats, ensure_ascii=False, indent=2))
        return
    for key, value in stats.items():
        terminal.line(f"{key}: {_told_of(value)}")


def _told_of(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _all(store: str | None, terminal: Any, reports: Any) -> list[Any]:
    from factcheck.collection import ensure_starter, fitting, open_store
    from factcheck.settings import Settings

    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        return fitting(references, reports)


def _reference(r: Any, *, text: bool) -> dict[str, Any]:
    out = {
        "id": r.id,
        "publisher": r.publisher,
        "kind": r.kind,
        "title": r.title,
        "url": r.url,
        "published": r.published.isoformat() if r.published else None,
        "event_date": r.event_date.isoformat() if r.event_date else None,
        "language": r.language,
        "origins": list(r.origins),
        "origins_from": r.origins_from if r.origins or r.origins_from == "edited" else None,
        "form": r.form,
        "licence": r.licence,
        "tags": list(r.tags),
        "countries": list(r.countries),
        "pages": len(r.pages),
        "archive_url": r.archive_url,
        "replaces": r.replaces,
        "retrieved": r.retrieved,
        "source_sha256": r.source_sha256,
        "sha256": r.sha256,
    }
    if text:
        out["text"] = r.text
    return out
