"""`factcheck check`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.app import app, day, deliver, deliverable, only, progress, reported, verdicts
from factcheck.cli.options import (
    AllowLocalOption,
    AnalystOption,
    BudgetCalls,
    BudgetTokens,
    BudgetUsd,
    ModelOption,
    NoCacheOption,
    NoteLanguageOption,
    OnlyCountry,
    OnlyKind,
    OnlyLanguage,
    OnlyPublisher,
    OnlySince,
    OnlyTag,
    OnlyUntil,
    OutputOption,
    QuietOption,
    StoreOption,
)


@app.command()
def check(
    article: Annotated[
        str,
        typer.Argument(
            help="A file (text, Markdown, HTML, PDF, Word, e-mail), an address, or - for stdin."
        ),
    ],
    format: Annotated[
        str, typer.Option("--format", help="text, md, json, html, docx, csv or annotations.")
    ] = "text",
    output: OutputOption = None,
    store: StoreOption = None,
    lang: NoteLanguageOption = None,
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
    publisher: OnlyPublisher = None,
    kind: OnlyKind = None,
    language: OnlyLanguage = None,
    since: OnlySince = None,
    until: OnlyUntil = None,
    country: OnlyCountry = None,
    tag: OnlyTag = None,
    allow_local: AllowLocalOption = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Verdicts, comma-separated, that make the exit code 1."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Check an article and print its verification note."""
    when = day(published)
    unwanted = verdicts(fail_on)
    reports = only(publisher, kind, language, since, until, country, tag)
    deliverable(format, output, signed=False)
    from factcheck.pipeline import Checker
    from factcheck.provider import Limits
    from factcheck.terminal import Terminal, stops

    terminal = Terminal(quiet=quiet)
    limits = Limits(budget_calls, budget_tokens, budget_usd)
    with (
        Checker(
            limits=limits,
            cache=not no_cache,
            only=reports,
            store=store,
            lang=lang,
            analyst=analyst,
            model=model,
        ) as checker,
        terminal.progress() as bar,
        stops(checker.stop),
    ):
        note = checker.check(
            article,
            title=title,
            outlet=outlet,
            published=when,
            allow_local=allow_local,
            on_event=lambda event: progress(terminal, bar, event),
        )
        bar.stop()
        deliver(note, format, output, terminal, checker.store.reference, checker.settings.newsroom)
    if code := reported(note, terminal):
        raise typer.Exit(code)
    if unwanted and any(str(a.verdict) in unwanted for a in note.assessments):
        raise typer.Exit(1)
