"""`factcheck refs ...`: the collection of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.app import QuietOption, StoreOption, known_format, one_line, refs_app


@refs_app.command("add")
def refs_add(
    paths: Annotated[list[Path], typer.Argument(help="Reference files or folders of them.")],
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add reports to the collection; files that did not change cost nothing."""
    from factcheck.collection import add_files, ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    with open_store(Settings.load(store=store)) as references, terminal.progress() as bar:
        ensure_starter(references, told=terminal.say,
                       progress=lambda a, b: bar.update("Loading the starter collection", a, b))  # fmt: skip
        added, _ = add_files(references, paths, lambda a, b: bar.update("Embedding", a, b))
    terminal.write(f"{added.new} new, {added.changed} changed, {added.unchanged} unchanged.")


@refs_app.command("list")
def refs_list(
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the reports in the collection."""
    known_format(format, "text", "json")
    from factcheck.terminal import Terminal

    terminal = Terminal()
    references = _all(store, terminal)
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
        if value not in (None, [], ""):
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
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        terminal.line(f"{key}: {shown}")


def _all(store: Path | None, terminal: Any) -> list[Any]:
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings

    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        return references.references()


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
        "form": r.form,
        "licence": r.licence,
        "sha256": r.sha256,
    }
    if text:
        out["text"] = r.text
    return out
