"""`factcheck chat`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from factcheck.cli.app import app, one_line, only
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
    StoreOption,
)


@app.command()
def chat(
    article: Annotated[str | None, typer.Argument(help="An article to begin with.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="No colours, bars or line editing: for screen readers.")
    ] = False,
    go_on: Annotated[
        bool, typer.Option("--continue", help="Go on with the last conversation.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="ID", help="Go on with a conversation.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the conversations kept.")] = False,
    store: StoreOption = None,
    lang: NoteLanguageOption = None,
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
) -> None:
    """Talk about an article, its claims and the collection."""
    reports = only(publisher, kind, language, since, until, country, tag)
    from factcheck.chat import sessions

    if list_:
        from factcheck.terminal import Terminal

        terminal = Terminal(plain=plain)
        for k in sessions.kept():
            terminal.write(f"{k.id}  {k.claims} claims, {k.turns} questions  {one_line(k.title)}")
        return
    from factcheck.chat.repl import Chat

    path = sessions.path_of(resume) if resume else sessions.latest() if go_on else None
    flags: dict[str, Any] = {"store": store, "lang": lang, "analyst": analyst, "model": model}

    def make(**changed: str) -> Any:
        from factcheck.pipeline import Checker
        from factcheck.provider import Limits

        limits = Limits(budget_calls, budget_tokens, budget_usd)
        flags.update(changed)
        return Checker(limits=limits, cache=not no_cache, only=reports, **flags)

    talk = Chat(make, plain=plain, resume=path, language=lang, allow_local=allow_local)
    try:
        code = talk.run(article)
    finally:
        talk.close()
    raise typer.Exit(code)
