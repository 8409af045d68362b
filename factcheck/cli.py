"""The command line. Only typer and the standard library are imported before a command runs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from factcheck._version import __version__
from factcheck.errors import CitationBroken, FactcheckError, UsageError

app = typer.Typer(
    name="factcheck",
    help="Check a news article against a collection of reports: a cited verification note.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
refs_app = typer.Typer(
    help="The collection of reference reports.", rich_markup_mode=None, no_args_is_help=True
)
eval_app = typer.Typer(
    help="Measure against labelled data.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(refs_app, name="refs")
app.add_typer(eval_app, name="eval")

StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="Folder of the reference store.")
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
QuietOption = Annotated[
    bool, typer.Option("-q", "--quiet", help="Say nothing on stderr but errors.")
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


# ---------------------------------------------------------------- check


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
    _known_format(format, "text", "md", "json")
    when = _date(published)
    unwanted = _verdicts(fail_on)
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
            on_event=lambda event: _progress(terminal, bar, event),
        )
    if format == "json":
        import json

        data = json.dumps(note.to_json(), ensure_ascii=False, indent=2) + "\n"
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
    if code := _reported(note, terminal):
        raise typer.Exit(code)
    if unwanted and any(str(a.verdict) in unwanted for a in note.assessments):
        raise typer.Exit(1)


def _reported(note: Any, terminal: Any) -> int:
    """Say on stderr what the note cost and what went wrong; the exit code for it (0: nothing)."""
    from factcheck.report.usage import line

    if spent := line(note.usage):
        terminal.say(spent)
    kinds = {f.kind for f in note.faults}
    for fault in note.faults:
        terminal.fault(fault)
    if not note.complete:
        terminal.warn("the note is partial: what is missing stands in it as failed")
    if "interrupted" in kinds:
        return 130
    if "budget" in kinds:
        return 6
    return 5 if kinds or not note.complete else 0


def _as_text(note: Any, terminal: Any, *, to_file: bool) -> str:
    from factcheck.report import text

    if to_file:
        return text.plain(note)
    terminal.show(text.render(note))
    return ""


_STEPS = {
    "starter": "Loading the starter collection",
    "find": "Searching the collection",
    "verify": "Judging and verifying claims",
}


def _progress(terminal: Any, bar: Any, event: Any) -> None:
    if event.message:
        terminal.say(event.message)
    if event.step in _STEPS:
        bar.update(_STEPS[event.step], event.done, event.total)


def _date(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"`{value}` is no date", hint="Write it as YYYY-MM-DD.") from error


def _verdicts(value: str | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    from factcheck.models import Verdict

    known = {str(v) for v in Verdict}
    wanted = {v.strip() for v in value.split(",") if v.strip()}
    if not wanted or wanted - known:
        raise UsageError(
            f"unknown verdict `{', '.join(sorted(wanted - known)) or value}`",
            hint=f"One or more of: {', '.join(sorted(known))}.",
        )
    return frozenset(wanted)


# ---------------------------------------------------------------- chat


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
    lang: Annotated[
        str | None, typer.Option("--lang", help="The note's language: en or id.")
    ] = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Talk about an article, its claims and the collection."""
    from factcheck.chat import sessions

    if list_:
        from factcheck.terminal import Terminal

        terminal = Terminal(plain=plain)
        for k in sessions.kept():
            terminal.write(f"{k.id}  {k.claims} claims, {k.turns} questions  {_line(k.title)}")
        return
    from factcheck.chat.repl import Chat

    path = sessions.path_of(resume) if resume else sessions.latest() if go_on else None
    flags: dict[str, Any] = {"store": store, "lang": lang, "analyst": analyst, "model": model}

    def make(**changed: str) -> Any:
        from factcheck.pipeline import Checker
        from factcheck.provider import Limits

        limits = Limits(budget_calls, budget_tokens, budget_usd)
        flags.update(changed)
        return Checker(limits=limits, cache=not no_cache, **flags)

    talk = Chat(make, plain=plain, resume=path)
    try:
        code = talk.run(article)
    finally:
        talk.close()
    raise typer.Exit(code)


# ---------------------------------------------------------------- verify


@app.command()
def verify(
    note: Annotated[Path, typer.Argument(help="A note made by `factcheck check --format json`.")],
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Check every quotation of a note again, without model or network (exit 7 if one fails)."""
    _known_format(format, "text", "json")
    from factcheck import notefile
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    shape = notefile.load(note)
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        problems = notefile.recheck(shape, references.reference)
    total = sum(len(c.citations) for c in shape.claims)
    if format == "json":
        import json

        terminal.data(
            json.dumps(
                {
                    "note": str(note),
                    "citations": total,
                    "problems": [{"where": p.where, "what": p.what} for p in problems],
                    "holds": not problems,
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for problem in problems:
            terminal.write(f"{problem.where}: {problem.what}")
    if problems:
        raise CitationBroken(
            f"{len(problems)} of the checks on {note} do not hold",
            hint="Check the article again: factcheck check ARTICLE.",
        )
    if format == "text":
        terminal.write(f"{note}: {total} citations in {len(shape.claims)} claims, all hold.")


# ---------------------------------------------------------------- refs


@refs_app.command("add")
def refs_add(
    paths: Annotated[list[Path], typer.Argument(help="Reference files or folders of them.")],
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add reports to the collection; files that did not change cost nothing."""
    from factcheck.collection import add_files, ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    with open_store(Settings.load(store=store)) as references, terminal.progress() as bar:
        ensure_starter(references, told=terminal.say,
                       progress=lambda a, b: bar.update("Loading the starter collection", a, b))  # fmt: skip
        added, _ = add_files(references, paths, lambda a, b: bar.update("Embedding", a, b))
    terminal.write(f"{added.new} new, {added.changed} changed, {added.unchanged} unchanged.")


@refs_app.command("list")
def refs_list(
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the reports in the collection."""
    _known_format(format, "text", "json")
    from factcheck.terminal import Terminal

    terminal = Terminal()
    references = _all(store, terminal)
    if format == "json":
        import json

        terminal.data(json.dumps([_reference(r, text=False) for r in references],
                                 ensure_ascii=False, indent=2))  # fmt: skip
        return
    for r in references:
        when = r.published.isoformat() if r.published else "undated   "
        terminal.write(f"{r.id:<12} {when}  {r.kind:<12} {_line(r.publisher)}: {_line(r.title)}")


@refs_app.command("show")
def refs_show(
    id: Annotated[str, typer.Argument(help="The report's id.")],
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Show one report with its stored text."""
    _known_format(format, "text", "json")
    from factcheck.collection import ensure_starter, open_store
    from factcheck.errors import InputError
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        reference = references.reference(id)
    if reference is None:
        raise InputError(f"the collection holds no report `{id}`", hint="See: factcheck refs list.")
    if format == "json":
        import json

        terminal.data(json.dumps(_reference(reference, text=True), ensure_ascii=False, indent=2))
        return
    for key, value in _reference(reference, text=False).items():
        if value not in (None, [], ""):
            shown = ", ".join(value) if isinstance(value, list) else value
            terminal.write(f"{key}: {_line(str(shown))}")
    terminal.write("")
    terminal.write(reference.text)


@refs_app.command("remove")
def refs_remove(
    id: Annotated[str, typer.Argument(help="The report's id.")], store: StoreOption = None
) -> None:
    """Take a report out of the collection."""
    from factcheck.collection import ensure_starter, open_store
    from factcheck.errors import InputError
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        if not references.remove(id):
            raise InputError(
                f"the collection holds no report `{id}`", hint="See: factcheck refs list."
            )
    terminal.write(f"Removed {_line(id)}.")


@refs_app.command("stats")
def refs_stats(
    store: StoreOption = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Count the collection: reports, passages, kinds, languages, dates."""
    _known_format(format, "text", "json")
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        stats = references.stats()
    if format == "json":
        import json

        terminal.data(json.dumps(stats, ensure_ascii=False, indent=2))
        return
    for key, value in stats.items():
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        terminal.write(f"{key}: {shown}")


def _all(store: Path | None, terminal: Any) -> list[Any]:
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings

    with open_store(Settings.load(store=store)) as references:
        ensure_starter(references, told=terminal.say)
        return references.references()


def _line(text: str) -> str:
    from factcheck.text.scrub import one_line

    return one_line(text)


def _reference(r: Any, *, text: bool) -> dict[str, Any]:
    out = {
        "id": r.id,
        "publisher": r.publisher,
        "kind": r.kind,
        "title": r.title,
        "url": r.url,
        "published": r.published.isoformat() if r.published else None,
        "event_date": r.event_date.isoformat() if r.event_date else None,
        "language": r.language,
        "origins": list(r.origins),
        "form": r.form,
        "licence": r.licence,
        "sha256": r.sha256,
    }
    if text:
        out["text"] = r.text
    return out


# ---------------------------------------------------------------- eval


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
    _known_format(format, "text", "json")
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
            note = checker.check(path, on_event=lambda event: _progress(terminal, bar, event))
            code = max(code, _reported(note, terminal))
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
                terminal.write(case.line())
        terminal.write(evaluate.total(results).table())
    if code:
        raise typer.Exit(code)


def _known_format(value: str, *known: str) -> None:
    if value not in known:
        raise UsageError(f"unknown format `{value}`", hint=f"One of: {', '.join(known)}.")


# ---------------------------------------------------------------- doctor


@app.command()
def doctor(
    store: StoreOption = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    probe: Annotated[
        bool,
        typer.Option("--probe", help="Send the model one short request and say what it can do."),
    ] = False,
) -> None:
    """Say what is configured, where each value came from, and whether it works."""
    from factcheck import doctor as doctor_
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    report = doctor_.examine(Settings.load(store=store, analyst=analyst, model=model), probe=probe)
    for line in report.lines:
        terminal.write(line)
    if report.error is not None:
        raise report.error


# ---------------------------------------------------------------- way out


def main() -> NoReturn:
    """Run the command line; every error of ours ends in one message, a hint and its exit code."""
    try:
        app(standalone_mode=True)
    except FactcheckError as error:
        from factcheck.terminal import Terminal

        Terminal().error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("factcheck: interrupted\n")
        sys.exit(130)
    sys.exit(0)
