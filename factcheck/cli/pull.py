"""`factcheck refs pull ...`: reports from services that publish them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from factcheck.cli.app import day, known_format, one_line, refs_app
from factcheck.cli.options import (
    QuietOption,
    StoreOption,
)
from factcheck.errors import ConfigError, UsageError

pull_app = typer.Typer(
    help="Pull reports from services that publish them.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
refs_app.add_typer(pull_app, name="pull")
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Take at most N items.")
]
RestartOption = Annotated[
    bool, typer.Option("--restart", help="Ask for everything again, not only for what is new.")
]
LocalOption = Annotated[
    bool, typer.Option("--allow-local", help="Addresses of this machine and of private networks.")
]
FormatOption = Annotated[str, typer.Option("--format", help="text or json.")]
_SHOWN = 20  # items left out that are named one by one


@pull_app.command("reliefweb")
def pull_reliefweb(
    query: Annotated[str, typer.Option("--query", metavar="WORDS", help="Words to look for.")] = "",
    country: Annotated[
        str, typer.Option("--country", metavar="C", help="A code (SY, SYR) or a name.")
    ] = "",
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Posted on or after.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Posted on or before.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Who published it, such as UNHCR; repeat."),
    ] = None,
    appname: Annotated[
        str,
        typer.Option(
            "--appname",
            metavar="NAME",
            envvar="FACTCHECK_RELIEFWEB_APPNAME",
            help="The name that ReliefWeb approved for you.",
        ),
    ] = "",
    limit: LimitOption = None,
    restart: RestartOption = False,
    store: StoreOption = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Another server of the API.")
    ] = None,
    allow_local: LocalOption = False,
    format: FormatOption = "text",
    quiet: QuietOption = False,
) -> None:
    """Humanitarian reports from ReliefWeb.

    They come in the order in which they were posted; the same command goes on where it stopped.
    """
    known_format(format, "text", "json")
    first, last = day(since), day(until)
    if first and last and first > last:
        raise UsageError("--since is after --until", hint="Give the earlier day first.")
    if not (query.strip() or country or source or first):
        raise UsageError(
            "this would ask for all of ReliefWeb",
            hint="Give --query, --country, --source or --since.",
        )
    from factcheck.connectors import reliefweb

    if not appname.strip():
        raise ConfigError(
            "ReliefWeb asks every program for an approved appname",
            hint=f"Ask for one at {reliefweb.APPNAMES} and give it by --appname or"
            " FACTCHECK_RELIEFWEB_APPNAME.",
        )

    def make(patient: Any, register: Any, references: Any, terminal: Any) -> Any:
        return reliefweb.ReliefWeb(
            patient=patient,
            register=register,
            appname=appname.strip(),
            query=query.strip(),
            country=country,
            sources=tuple(s.strip() for s in source or ()),
            since=first,
            until=last,
            limit=limit,
            api=base_url or reliefweb.API,
        )

    _run(make, store=store, restart=restart, allow_local=allow_local, format=format, quiet=quiet)


@pull_app.command("feed")
def pull_feed(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an RSS or Atom feed.")],
    publisher: Annotated[
        str,
        typer.Option(
            "--publisher", metavar="NAME", help="Who publishes it, if not as the feed says."
        ),
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="KIND", help="wire, newspaper, ngo, ...; else from the register."
        ),
    ] = "",
    summaries: Annotated[
        bool,
        typer.Option("--summaries", help="Take the feed's summary where a page cannot be read."),
    ] = False,
    limit: LimitOption = None,
    restart: RestartOption = False,
    store: StoreOption = None,
    allow_local: LocalOption = False,
    format: FormatOption = "text",
    quiet: QuietOption = False,
) -> None:
    """The items of an RSS or Atom feed.

    Their text is taken from the feed where it is whole, else from the page that they link to.
    """
    known_format(format, "text", "json")
    from factcheck.fetch import is_address
    from factcheck.refs import KINDS

    if not is_address(url):
        raise UsageError(f"`{one_line(url)}` is no web address", hint="Give https://...")
    if kind and kind not in KINDS:
        raise UsageError(f"unknown kind `{kind}`", hint=f"One of: {', '.join(KINDS)}.")

    def make(patient: Any, register: Any, references: Any, terminal: Any) -> Any:
        from factcheck.connectors.feed import FeedReports

        return FeedReports(
            patient=patient,
            register=register,
            url=url.strip(),
            known=(lambda id: None) if restart else references.reference,
            told=terminal.say,
            limit=limit,
            publisher=publisher,
            kind=kind,
            summaries=summaries,
        )

    _run(make, store=store, restart=restart, allow_local=allow_local, format=format, quiet=quiet)


@pull_app.command("unnews")
def pull_unnews(
    topic: Annotated[
        str, typer.Option("--topic", metavar="T", help="Such as humanitarian-aid.")
    ] = "",
    region: Annotated[str, typer.Option("--region", metavar="R", help="Such as middle-east.")] = "",
    language: Annotated[
        str, typer.Option("--language", metavar="L", help="en, fr, es, ar, zh, ru, pt, ...")
    ] = "en",
    limit: LimitOption = None,
    restart: RestartOption = False,
    store: StoreOption = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Another server of the feeds.")
    ] = None,
    allow_local: LocalOption = False,
    format: FormatOption = "text",
    quiet: QuietOption = False,
) -> None:
    """The latest stories of UN News.

    All of a language, or those of a topic or of a region.
    """
    known_format(format, "text", "json")
    from factcheck.connectors import unnews

    url = unnews.feed_url(language, topic=topic, region=region, site=base_url or unnews.SITE)

    def make(patient: Any, register: Any, references: Any, terminal: Any) -> Any:
        from factcheck.connectors.feed import FeedReports

        return FeedReports(
            patient=patient,
            register=register,
            url=url,
            known=(lambda id: None) if restart else references.reference,
            told=terminal.say,
            limit=limit,
            publisher=unnews.PUBLISHER,
            kind="un",
            prefix="unnews",
        )

    _run(make, store=store, restart=restart, allow_local=allow_local, format=format, quiet=quiet)


def _run(
    make: Callable[[Any, Any, Any, Any], Any],
    *,
    store: str | None,
    restart: bool,
    allow_local: bool,
    format: str,
    quiet: bool,
) -> None:
    """Pull, say what came and what was left out, and end with what ended it."""
    from factcheck.collection import ensure_starter, open_store
    from factcheck.connectors import base
    from factcheck.fetch import Fetcher
    from factcheck.settings import Settings
    from factcheck.sources import Register
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    with (
        open_store(Settings.load(store=store)) as references,
        Fetcher(allow_local=allow_local, min_interval=base.INTERVAL) as fetcher,
        terminal.progress() as bar,
    ):
        ensure_starter(references, told=terminal.say,
                       progress=lambda a, b: bar.update("Loading the starter collection", a, b))  # fmt: skip
        patient = base.Patient(fetcher, terminal.say)
        pulled = base.pull(
            make(patient, Register.load(), references, terminal),
            references,
            restart=restart,
            progress=lambda done, total: bar.update("Pulling", done, total),
        )
    if pulled.went_on:
        terminal.say("Went on where the last pull stopped; --restart asks for everything again.")
    for one in pulled.skipped[:_SHOWN]:
        detail = f" ({one.detail})" if one.detail else ""
        terminal.say(f"Skipped: {one.what}: {one.reason}{detail}")
    if len(pulled.skipped) > _SHOWN:
        terminal.say(f"... and {len(pulled.skipped) - _SHOWN} more.")
    if format == "json":
        import json

        terminal.data(json.dumps({
            "new": pulled.new, "changed": pulled.changed, "unchanged": pulled.unchanged,
            "skipped": [{"what": s.what, "reason": s.reason, "detail": s.detail}
                        for s in pulled.skipped],
            "complete": not pulled.interrupted and pulled.error is None,
        }, ensure_ascii=False, indent=2))  # fmt: skip
    elif pulled.error is None or pulled.new or pulled.changed or pulled.unchanged:
        terminal.write(pulled.line())
    if pulled.interrupted:
        terminal.warn("interrupted; what came is stored, and the same command goes on")
        raise typer.Exit(130)
    if pulled.error is not None:
        if pulled.new or pulled.changed:
            terminal.say("What came before is stored; the same command goes on from there.")
        raise pulled.error
