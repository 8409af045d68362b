"""`factcheck eval extraction`, `citations` and `sets`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.app import eval_app, known_format
from factcheck.cli.evals import (
    CasesOption,
    FormatOption,
    LimitOption,
    SeedOption,
    hashed,
    measuring,
    ran_with,
    spent,
    told,
)
from factcheck.cli.options import (
    AnalystOption,
    BudgetCalls,
    BudgetTokens,
    BudgetUsd,
    ModelOption,
    NoCacheOption,
    QuietOption,
    StoreOption,
)


@eval_app.command("extraction")
def eval_extraction(
    file: Annotated[Path, typer.Argument(help="Texts with what people took for a claim.")],
    format: FormatOption = "text",
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    limit: LimitOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Hold what is taken for a claim against labels; the file's fields say which measure."""
    known_format(format, "text", "json")
    from factcheck.evaluate import extraction, rows
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    data = rows.read(file, limit=limit, seed=seed)
    extraction.shape(data)
    budget = (budget_calls, budget_tokens, budget_usd)
    with measuring(terminal, budget, cache=not no_cache, analyst=analyst, model=model) as (
        checker,
        bar,
    ):
        checker.analyst.start()
        figures = extraction.measure(
            data, checker.analyst, lambda done, total: bar.update("Reading texts", done, total)
        )
        run, code = ran_with(checker), spent(checker, terminal)
    record = {"measure": "extraction", **figures, "data": data.record(), "run": run}
    told(terminal, format, record, extraction.table(figures))
    if code:
        raise typer.Exit(code)


@eval_app.command("citations")
def eval_citations(
    notes: Annotated[list[Path], typer.Argument(help="Notes made with --format json.")],
    store: StoreOption = None,
    format: FormatOption = "text",
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Do the citations of finished notes hold, and does everything that is said cite something?

    Recall and precision in the sense of ALCE need a judge model (--model); else they are not measured.
    """
    known_format(format, "text", "json")
    from factcheck import notefile
    from factcheck.evaluate import citations
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    loaded = [notefile.load(path) for path in notes]
    tally = citations.Tally()
    budget = (budget_calls, budget_tokens, budget_usd)
    with measuring(
        terminal, budget, cache=not no_cache, store=store, analyst=analyst, model=model
    ) as (checker, bar):
        judge = checker.analyst if checker.analyst.model else None
        checker.analyst.start()
        for done, note in enumerate(loaded, 1):
            citations.tally(note, checker.store.reference, tally, judge)
            bar.update("Looking quotations up", done, len(loaded))
        run = {**ran_with(checker), "store": checker.store.fingerprint(), "judged": bool(judge)}
        code = spent(checker, terminal)
    figures = tally.figures()
    record = {
        "measure": "citations", **figures, "data": {"sha256_of": hashed(*notes)}, "run": run
    }  # fmt: skip
    told(terminal, format, record, citations.table(figures))
    if code:
        raise typer.Exit(code)


@eval_app.command("sets")
def eval_sets(
    files: Annotated[list[Path], typer.Argument(help="Sets of tiny collections, JSON Lines.")],
    format: FormatOption = "text",
    cases: CasesOption = False,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    no_cache: NoCacheOption = False,
    limit: LimitOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Check claims against tiny collections made to test one thing: who said it, when, from whom.

    --limit counts scenes: a scene's cases share its reports.
    """
    known_format(format, "text", "json")
    from factcheck.evaluate import rows, sets
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    data = [rows.read(f, limit=limit, seed=seed) for f in files]
    settings = Settings.load(analyst=analyst, model=model)
    with sets.desk(settings, cache=not no_cache) as checker, terminal.progress() as bar:
        outcomes = {
            d.path.stem: sets.run(
                d, checker, lambda done, total: bar.update("Checking scenes", done, total)
            )
            for d in data
        }
        run, code = ran_with(checker), spent(checker, terminal)
    by_set = {name: sets.figures(found) for name, found in outcomes.items()}
    record: dict[str, Any] = {
        "measure": "sets", "sets": by_set, "data": {"files": [d.record() for d in data]}, "run": run
    }  # fmt: skip
    if cases:
        record["cases"] = [o.row() for found in outcomes.values() for o in found]
        if format == "text":
            for found in outcomes.values():
                for outcome in found:
                    terminal.line(outcome.line())
    told(terminal, format, record, sets.table(by_set))
    if code:
        raise typer.Exit(code)
