"""`factcheck eval ...`: measures against labelled data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.app import eval_app, known_format, progress, reported
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

FormatOption = Annotated[str, typer.Option("--format", help="text or json.")]
CasesOption = Annotated[bool, typer.Option("--cases", help="Give every single case too.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Measure N rows, drawn by --seed.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="What chance depends on.")]


@contextmanager
def measuring(terminal: Any, budget: Sequence[Any], **settings: Any) -> Iterator[tuple[Any, Any]]:
    """A checker and a progress bar for one measure. `budget` are the most calls, tokens and dollars;
    `cache=False` asks a model again what it has answered before."""
    from factcheck.pipeline import Checker
    from factcheck.provider import Limits

    with Checker(limits=Limits(*budget), **settings) as checker, terminal.progress() as bar:
        yield checker, bar


def ran_with(checker: Any) -> dict[str, Any]:
    """What an output says of the program that was measured."""
    from factcheck._version import __version__

    return {
        "factcheck": __version__,
        "analyst": checker.analyst.name,
        "model": checker.analyst.model,
        "prompts": dict(checker.analyst.prompts()),
        "embedding": checker.store.embedder.name,
    }


def told(terminal: Any, format: str, record: dict[str, Any], table: str) -> None:
    """Print a measure: JSON with its settings and the data's hash, or the table with both below."""
    if format == "json":
        import json

        terminal.data(json.dumps(record, ensure_ascii=False, indent=2))
        return
    terminal.write(table)
    terminal.write("\n" + "\n".join([*_data(record.get("data", {})), _run(record["run"])]))


def _data(data: dict[str, Any]) -> Iterator[str]:
    """Which data were measured: each file with the beginning of its hash."""
    from factcheck.text.scrub import one_line

    for part in data.get("files", [data] if "sha256" in data else []):
        name = one_line(part.get("file") or part.get("folder"))
        rows = part["rows"] if "rows" in part else part["queries"]
        yield f"data {name} {part['sha256'][:12]}, {part['used']} of {rows} rows, seed {part['seed']}"
    hashes = data.get("sha256_of", {})
    if hashes:
        yield "data " + ", ".join(
            f"{one_line(name)} {sha256[:12]}" for name, sha256 in hashes.items()
        )
    if data.get("limit") and hashes:
        yield f"{data['limit']} of the rows, seed {data['seed']}"


def _run(run: dict[str, Any]) -> str:
    """What was measured: who analysed, by which embedding, over which store."""
    parts = [
        " ".join(filter(None, (run.get("analyst"), run.get("model")))),
        run["embedding"],
        f"store {run['store'][:12]}" if run.get("store") else "",
        f"factcheck {run['factcheck']}",
    ]
    return ", ".join(p for p in parts if p)


def spent(checker: Any, terminal: Any) -> int:
    """Say what a model cost and what went wrong; the exit code for it (0: nothing)."""
    from factcheck.report.usage import line

    if cost := line(checker.analyst.usage()):
        terminal.say(cost)
    kinds = {f.kind for f in checker.analyst.faults()}
    for fault in checker.analyst.faults():
        terminal.fault(fault)
    if "interrupted" in kinds:
        return 130
    return 6 if "budget" in kinds else 5 if kinds else 0


def hashed(*paths: Path) -> dict[str, str]:
    """Files by name with the hash of their bytes."""
    import hashlib

    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


@eval_app.command("notes")
def eval_notes(
    gold: Annotated[Path, typer.Argument(help="Labelled spans, one JSON object a line.")],
    articles: Annotated[list[Path], typer.Argument(help="The articles that the labels are of.")],
    store: StoreOption = None,
    format: FormatOption = "text",
    cases: CasesOption = False,
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
    """Check articles and hold the notes against labelled spans.

    GOLD may be a folder of label files: each article then has the one of its own name.
    """
    known_format(format, "text", "json")
    from factcheck import evaluate
    from factcheck.evaluate.rows import sample
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    if gold.is_dir():
        files = {a: gold / f"{a.stem}.jsonl" for a in articles}
        labels = {a: evaluate.read_gold(f, [a])[a] for a, f in files.items()}
    else:
        files = dict.fromkeys(articles, gold)
        labels = evaluate.read_gold(gold, articles)
    chosen = {id(x) for x in sample([x for xs in labels.values() for x in xs], limit, seed)}
    code = 0
    budget = (budget_calls, budget_tokens, budget_usd)
    with measuring(
        terminal, budget, cache=not no_cache, store=store, analyst=analyst, model=model
    ) as (checker, bar):
        results = []
        for path in articles:
            kept = [x for x in labels[path] if id(x) in chosen]
            if not kept:
                continue
            note = checker.check(path, on_event=lambda event: progress(terminal, bar, event))
            code = max(code, reported(note, terminal))
            results.append(evaluate.score(note, kept, checker.store.reference))
        run = {**ran_with(checker), "store": checker.store.fingerprint()}
    whole = evaluate.total(results)
    record = {
        "measure": "notes",
        **whole.figures(),
        "data": {"sha256_of": hashed(*dict.fromkeys(files.values()), *articles), "limit": limit,
                 "seed": seed},
        "run": run,
    }  # fmt: skip
    if cases:
        record["cases"] = [c.row() for c in whole.cases]
        if format == "text":
            for case in whole.cases:
                terminal.line(case.line())
    told(terminal, format, record, whole.table())
    if code:
        raise typer.Exit(code)


@eval_app.command("verdict")
def eval_verdict(
    file: Annotated[Path, typer.Argument(help="Claims with evidence and label, JSON Lines.")],
    format: FormatOption = "text",
    cases: CasesOption = False,
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
    """Judge claims whose evidence is given; nothing is searched for."""
    known_format(format, "text", "json")
    from factcheck.evaluate import rows, verdict
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    data = rows.read(file, limit=limit, seed=seed)
    budget = (budget_calls, budget_tokens, budget_usd)
    with measuring(terminal, budget, cache=not no_cache, analyst=analyst, model=model) as (
        checker,
        bar,
    ):
        checker.analyst.start()
        figures, decided = verdict.measure(
            data,
            checker.analyst,
            checker.store.embedder,
            lambda done, total: bar.update("Judging claims", done, total),
        )
        run, code = ran_with(checker), spent(checker, terminal)
    record = {"measure": "verdict", **figures, "data": data.record(), "run": run}
    if cases:
        record["cases"] = [d.row() for d in decided]
        if format == "text":
            for d in decided:
                mark = "ok" if d.said == d.given.label else "--"
                terminal.line(f"{mark} {d.given.id}  {d.given.label} -> {d.said} ({d.rule})")
    told(terminal, format, record, verdict.table(figures))
    if code:
        raise typer.Exit(code)


@eval_app.command("stability")
def eval_stability(
    article: Annotated[Path, typer.Argument(help="The article to check again and again.")],
    runs: Annotated[int, typer.Option("--runs", min=2, metavar="N", help="How often.")] = 3,
    store: StoreOption = None,
    format: FormatOption = "text",
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    quiet: QuietOption = False,
) -> None:
    """Check an article several times, asking anew each time: how many claims keep one verdict?"""
    known_format(format, "text", "json")
    from factcheck.evaluate import stability
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    code = 0
    budget = (budget_calls, budget_tokens, budget_usd)
    with measuring(terminal, budget, cache=False, store=store, analyst=analyst, model=model) as (
        checker,
        bar,
    ):
        notes = []
        for _ in range(runs):
            notes.append(
                checker.check(article, on_event=lambda event: progress(terminal, bar, event))
            )
            code = max(code, reported(notes[-1], terminal))
        run = {**ran_with(checker), "store": checker.store.fingerprint(), "answers_kept": False}
    figures = stability.compared(notes)
    record = {"measure": "stability", **figures, "data": {"sha256_of": hashed(article)}, "run": run}
    told(terminal, format, record, stability.table(figures))
    if code:
        raise typer.Exit(code)
