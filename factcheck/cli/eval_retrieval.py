"""`factcheck eval retrieval`: how well the search finds, on labelled data."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.app import eval_app, known_format
from factcheck.cli.evals import FormatOption, LimitOption, SeedOption, told
from factcheck.cli.options import (
    QuietOption,
)


@eval_app.command("retrieval")
def eval_retrieval(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="Folders with queries.jsonl, corpus.jsonl and qrels.tsv."
        ),
    ],
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            help="hybrid, dense or lexical; bm25 or e5 (plain baselines); all for every one.",
        ),
    ] = "hybrid",
    format: FormatOption = "text",
    limit: LimitOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Search for labelled queries and count what is found."""
    known_format(format, "text", "json")
    from factcheck import collection
    from factcheck._version import __version__
    from factcheck.evaluate import retrieval
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    settings = Settings.load()
    embedder = collection.embedder(settings)
    modes = retrieval.ALL if mode == "all" else (mode,)
    results: dict[str, dict[str, dict[str, Any]]] = {}
    records: list[dict[str, Any]] = []
    with terminal.progress() as bar:
        for folder in folders:
            task = retrieval.read(folder, limit=limit, seed=seed)
            by_mode = {}
            shown = partial(bar.update, task.name)
            for one in modes:
                by_mode[one] = retrieval.measure(task, one, embedder, settings.cache, shown)
            results[task.name] = by_mode
            records.append({"data": task.data, "embedding": embedder.name, "modes": by_mode})
    run = {"factcheck": __version__, "embedding": embedder.name}
    if format == "json" and len(records) == 1 and mode != "all":
        figures = records[0]["modes"][mode]
        record = {
            **figures,
            "mode": mode,
            **{k: records[0][k] for k in ("data", "embedding")},
            "run": run,
        }
    else:
        record = {"results": records, "data": {"files": [r["data"] for r in records]}, "run": run}
    told(terminal, format, record, retrieval.table(results))
