"""`factcheck check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
    app,
    day,
    known_format,
    progress,
    reported,
    verdicts,
)


@app.command()
def check(
    article: Annotated[str, typer.Argument(help="A .txt, .md or .html file, or - for stdin.")],
    format: Annotated[str, typer.Option("--format", help="text, md or json.")] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")
    ] = None,
    store: StoreOption = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="The note's language: en or id.")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="YYYY-MM-DD", help="Publication date.")
    ] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="Who published it.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Its headline.")] = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Verdicts, comma-separated, that make the exit code 1."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Check an article and print its verification note."""
    known_format(format, "text", "md", "json")
    when = day(published)
    unwanted = verdicts(fail_on)
    from factcheck.files import write_whole
    from factcheck.pipeline import Checker
    from factcheck.provider import Limits
    from factcheck.terminal import Terminal, stops

    terminal = Terminal(quiet=quiet)
    limits = Limits(budget_calls, budget_tokens, budget_usd)
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        from factcheck.errors import InputError

        raise InputError(
            f"cannot write {output}: "
            + ("it is a folder" if output.is_dir() else "no such folder"),
            hint="Choose a file in a folder that exists.",
        )
    with (
        Checker(
            limits=limits, cache=not no_cache, store=store, lang=lang, analyst=analyst, model=model
        ) as checker,
        terminal.progress() as bar,
        stops(checker.stop),
    ):
        note = checker.check(
            article,
            title=title,
            outlet=outlet,
            published=when,
            on_event=lambda event: progress(terminal, bar, event),
        )
    if format == "json":
        import json

        from factcheck.text.scrub import in_json

        data = in_json(json.dumps(note.to_json(), ensure_ascii=False, indent=2) + "\n")
    elif format == "md":
        from factcheck.report import markdown

        data = markdown.render(note)
    else:
        data = _as_text(note, terminal, to_file=output is not None)
    if output is not None:
        write_whole(output, data)
        terminal.say(f"Written: {output}")
    elif format == "json":
        terminal.data(data)
    elif format == "md":
        terminal.write(data)
    if code := reported(note, terminal):
        raise typer.Exit(code)
    if unwanted and any(str(a.verdict) in unwanted for a in note.assessments):
        raise typer.Exit(1)


def _as_text(note: Any, terminal: Any, *, to_file: bool) -> str:
    from factcheck.report import text

    if to_file:
        return text.plain(note)
    terminal.show(text.render(note))
    return ""
