"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Folder of the reference store, or a Chroma server's address.",
    ),
]
AnalystOption = Annotated[
    str | None, typer.Option("--analyst", help="Who analyses: local (rules) or llm.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="A model's name, or gguf:/path/to/file."),
]
BudgetCalls = Annotated[
    int | None, typer.Option("--budget-calls", min=0, metavar="N", help="Most calls to a model.")
]
BudgetTokens = Annotated[
    int | None, typer.Option("--budget-tokens", min=0, metavar="N", help="Most tokens, in and out.")
]
BudgetUsd = Annotated[
    float | None, typer.Option("--budget-usd", min=0, metavar="X", help="Most US dollars.")
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Ask again what a model has answered before.")
]
NoteLanguageOption = Annotated[
    str | None, typer.Option("--lang", help="The note's language: en or id.")
]
AllowLocalOption = Annotated[
    bool, typer.Option("--allow-local", help="Fetch from this machine and its network too.")
]
# Which reports count. Values of one option are alternatives; different options must all hold.
OnlyPublisher = Annotated[
    list[str] | None,
    typer.Option("--publisher", metavar="NAME", help="Only reports of this publisher."),
]
OnlyKind = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Only reports of this kind: un, monitor, wire ..."),
]
OnlyLanguage = Annotated[
    list[str] | None, typer.Option("--language", metavar="CODE", help="Only reports in it.")
]
OnlySince = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Only reports since that day.")
]
OnlyUntil = Annotated[
    str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Only reports until that day.")
]
OnlyCountry = Annotated[
    list[str] | None, typer.Option("--country", metavar="CC", help="Only reports on this country.")
]
OnlyTag = Annotated[list[str] | None, typer.Option("--tag", help="Only reports with this tag.")]

# A file that may not be read is the program's to tell of (exit 4), not a wrong call (exit 2).
NoteFile = Annotated[
    Path,
    typer.Argument(readable=False, help="A note made by `factcheck check --format json`."),
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")
]
QuietOption = Annotated[
    bool, typer.Option("-q", "--quiet", help="Say nothing on stderr but errors.")
]
