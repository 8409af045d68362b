"""`factcheck eval ...`: measures against labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.app import (
    AnalystOption,
    BudgetCalls,
    BudgetTokens,
    BudgetUsd,
    ModelOption,
    NoCacheOption,
    QuietOption,
    StoreOption,
    eval_app,
    known_format,
    progress,
    reported,
)


@eval_app.command("notes")
def eval_notes(
    gold: Annotated[Path, typer.Argument(help="Labelled spans, one JSON object a line.")],
    articles: Annotated[list[Path], typer.Argument(help="The articles that the labels are of.")],
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    cases: Annotated[bool, typer.Option("--cases", help="Print every labelled span too.")] = False,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check articles and hold the notes against labelled spans."""
    known_format(format, "text", "json")
    from factcheck import evaluate
    from factcheck.pipeline import Checker
    from factcheck.provider import Limits
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    labels = evaluate.read_gold(gold, articles)
    limits = Limits(budget_calls, budget_tokens, budget_usd)
    code = 0
    with (
        Checker(
            limits=limits, cache=not no_cache, store=store, analyst=analyst, model=model
        ) as checker,
        terminal.progress() as bar,
    ):
        results = []
        for path in articles:
            note = checker.check(path, on_event=lambda event: progress(terminal, bar, event))
            code = max(code, reported(note, terminal))
            results.append(evaluate.score(note, labels[path], checker.store.reference))
    if format == "json":
        import json

        figures = evaluate.total(results).figures()
        if cases:
            figures["cases"] = [c.row() for r in results for c in r.cases]
        terminal.data(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        if cases:
            for case in (c for r in results for c in r.cases):
                terminal.line(case.line())
        terminal.write(evaluate.total(results).table())
    if code:
        raise typer.Exit(code)
