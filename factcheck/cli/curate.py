"""`factcheck refs edit` and `refs lint`: the collection kept in order."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.app import counted, day, known_format, one_line, refs_app
from factcheck.cli.options import (
    StoreOption,
)

_SHOWN = 8  # reports of one finding that are named


@refs_app.command("edit")
def refs_edit(
    id: Annotated[str, typer.Argument(help="The report's id.")],
    origins: Annotated[
        str | None,
        typer.Option("--origins", metavar="A,B", help="Whom it goes back to ('' for nobody)."),
    ] = None,
    publisher: Annotated[str | None, typer.Option("--publisher")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="un, monitor, wire, ...")] = None,
    title: Annotated[str | None, typer.Option("--title")] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="YYYY-MM-DD", help="Day of publication.")
    ] = None,
    event_date: Annotated[
        str | None, typer.Option("--event-date", metavar="YYYY-MM-DD", help="Day of the event.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="A code such as en.")] = None,
    url: Annotated[str | None, typer.Option("--url")] = None,
    archive_url: Annotated[str | None, typer.Option("--archive-url")] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Tags; may be given several times.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="Countries; may be given several times.")
    ] = None,
    replaces: Annotated[
        str | None,
        typer.Option("--replaces", metavar="ID", help="The report it takes the place of."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Correct what is recorded of a report. Its text stays as it is."""
    from factcheck import curation
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        before = references.reference(id)
        after = curation.edit(
            references, id,
            origins=None if origins is None else _names(origins),
            publisher=publisher, kind=kind, title=title,
            published=day(published), event_date=day(event_date),
            language=language, url=url, archive_url=archive_url,
            tags=_names(",".join(tag)) if tag else None,
            countries=_names(",".join(country)) if country else None,
            replaces=replaces,
        )  # fmt: skip
    changed = [
        name
        for name in after.__dataclass_fields__
        if before is not None and getattr(before, name) != getattr(after, name)
    ]
    if not changed:
        terminal.write(f"{one_line(id)}: nothing changed.")
    for name in changed:
        terminal.write(f"{name}: {_shown(getattr(before, name))} -> {_shown(getattr(after, name))}")


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _shown(value: object) -> str:
    told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
    return one_line(told) or "(nothing)"


@refs_app.command("lint")
def refs_lint(
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List what looks suspicious in the collection. Nothing is changed."""
    known_format(format, "text", "json")
    from factcheck import curation
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        held = references.references()
    found = curation.lint(held)
    if format == "json":
        import json

        rows = [{"kind": f.kind, "references": list(f.references), "what": f.what, "hint": f.hint}
                for f in found]  # fmt: skip
        terminal.data(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for f in found:
        ids = ", ".join(map(one_line, f.references[:_SHOWN]))
        rest = len(f.references) - _SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        terminal.write(f"{f.kind}: {ids}{more} {one_line(f.what)}")
        terminal.write(f"    {one_line(f.hint)}")
    terminal.write(f"{counted(len(held), 'report')}, {counted(len(found), 'finding')}.")
