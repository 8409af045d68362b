"""The desk's commands: `factcheck sign`, `recheck`, `similar`, `batch`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.app import app, day, known_format, one_line
from factcheck.cli.options import (
    AnalystOption,
    BudgetCalls,
    BudgetTokens,
    BudgetUsd,
    ModelOption,
    NoCacheOption,
    NoteFile,
    NoteLanguageOption,
    QuietOption,
    StoreOption,
)
from factcheck.errors import UsageError


@app.command()
def sign(
    note: NoteFile,
    editor: Annotated[
        str | None, typer.Option("--editor", metavar="NAME", help="Who decides and signs.")
    ] = None,
    decision: Annotated[
        list[str] | None,
        typer.Option(
            "--decision",
            metavar="CLAIM=VERDICT:REASON",
            help="A verdict of your own, beside the machine's; by its name or the house label.",
        ),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", metavar="CLAIM:REASON", help="Leave a claim out."),
    ] = None,
    remark: Annotated[
        list[str] | None,
        typer.Option("--remark", metavar="CLAIM:TEXT", help="A remark on a claim."),
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(
            "--correct",
            metavar="CLAIM=VERDICT:REASON",
            help="Correct what was signed (note:TEXT for the note as a whole).",
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Keep the decisions; do not sign yet.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the history; change nothing.")
    ] = False,
    format: Annotated[str, typer.Option("--format", help="text or json, with --show.")] = "text",
) -> None:
    """Decide on claims and sign a note. What the machine found stays as it is."""
    known_format(format, "text", "json")
    from factcheck import desk, history
    from factcheck.report import desk as told
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    labels = Settings.load().newsroom.labels
    orders = desk.Orders(decision or (), drop or (), remark or (), correct or ())
    file = desk.read(note)
    if show:
        if editor or orders:
            raise UsageError("--show changes nothing", hint="Leave the other options out.")
        if format == "json":
            import json

            found = history.signed(file.note)
            data = {
                "note": str(note),
                "signed": found and {"by": found.by, "at": found.at, "stands": found.stands},
                "head": history.head(file.note),
                "history": [d.to_json() for d in file.note.decisions],
            }
            terminal.data(json.dumps(data, indent=2))
            return
        terminal.write(f"{one_line(str(note))}: {told.signature(file.note)}")
        for line in told.past(file.note, terminal.width, labels):
            terminal.write(line)
        return
    if not (editor or "").strip():
        raise UsageError("nobody signs", hint="Say who: --editor NAME.")
    if draft and not orders:
        raise UsageError("there is nothing to keep", hint="Add --decision, --drop or --remark.")
    assert editor
    made = desk.decide(file.note, orders, editor, labels)
    if not draft:
        made = desk.sign(made, editor)
    desk.write(file, made)
    terminal.write(f"{one_line(str(note))}: {told.signature(made)}")
    for d in made.decisions[len(file.note.decisions) :]:
        if d.kind != "sign":
            for line in told.entry(d, terminal.width, labels=labels):
                terminal.write(line)
    terminal.say(f"Last hash: {history.head(made)}")


@app.command()
def recheck(
    notes: Annotated[
        list[Path] | None, typer.Argument(readable=False, help="Notes, as JSON.")
    ] = None,
    all_: Annotated[
        Path | None, typer.Option("--all", metavar="DIR", help="All notes in a folder.")
    ] = None,
    since_refs: Annotated[
        str | None,
        typer.Option(
            "--since-refs",
            metavar="YYYY-MM-DD",
            help="With --all: only what the reports added since then concern.",
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what was found; what stood is kept in the note.")
    ] = False,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="With --update: also what is read otherwise with no new report behind it.",
        ),
    ] = False,
    editor: Annotated[
        str, typer.Option("--editor", metavar="NAME", help="With --update: on whose behalf.")
    ] = "",
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit 1 when something would change.")
    ] = False,
    store: StoreOption = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say what would change in notes by what the collection holds now, and why."""
    known_format(format, "text", "json")
    since = day(since_refs)
    if since and all_ is None:
        raise UsageError("--since-refs needs a folder", hint="Name it with --all DIR.")
    if bool(notes) == bool(all_):
        raise UsageError("no note is named" if not notes else "notes and --all are both given",
                         hint="Name notes, or a folder with --all DIR.")  # fmt: skip
    if anew and not update:
        raise UsageError("--anew writes nothing by itself", hint="Add --update.")
    from factcheck.cli.rechecks import Rechecks, Work
    from factcheck.pipeline import Checker
    from factcheck.provider import Limits
    from factcheck.terminal import Terminal, stops

    terminal = Terminal(quiet=quiet)
    limits = Limits(budget_calls, budget_tokens, budget_usd)
    with (
        Checker(
            limits=limits, cache=not no_cache, store=store, analyst=analyst, model=model
        ) as checker,
        terminal.progress() as bar,
    ):
        checker.get_ready(terminal.say)
        work = Rechecks(
            checker, terminal, bar, update=update, anew=anew, by=editor, text=format == "text"
        )
        with stops(work.stop):
            if all_ is None:
                work.run([Work(path) for path in notes or ()])
            else:
                work.folder(all_, since)
    work.finish()
    code = work.code or (1 if fail_on_change and work.changed else 0)
    if code:
        raise typer.Exit(code)


@app.command()
def similar(
    claim: Annotated[str, typer.Argument(help="A claim in any language, or a note (NOTE.json).")],
    folder: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="The folder that holds the notes.")
    ] = Path(),
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="CODES", help="Only claims in these languages: id,ar."),
    ] = None,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Notes that nobody has signed, too.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="Most hits a claim.")] = 5,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    store: StoreOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find earlier claims that say the same, in any language, in notes that were signed."""
    known_format(format, "text", "json")
    from factcheck import desk, embed
    from factcheck import similar as similar_
    from factcheck.noteindex import NoteIndex
    from factcheck.report import desk as told
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    settings = Settings.load(store=store)
    path = Path(claim)
    of_note = claim.lower().endswith(".json")
    if not of_note and not any(c.isalpha() for c in claim):
        raise UsageError("there are no words in it", hint="Write the claim in quotation marks.")
    with (
        NoteIndex(folder, settings.cache, embed.default(settings.cache)) as notes,
        terminal.progress() as bar,
    ):
        broken = notes.refresh(lambda a, b: bar.update("Reading notes", a, b))
        asked = similar_.asked_of(desk.read(path).note) if of_note else [similar_.Asked(claim)]
        hits = similar_.similar(
            asked,
            notes,
            unsigned=unsigned,
            languages=[x.strip().lower() for x in (lang or "").split(",") if x.strip()],
            without=notes.name(path) if of_note else "",
            limit=limit,
            progress=lambda a, b: bar.update("Embedding claims", a, b),
        )
        among = len({c.path for c in notes.kept(signed=not unsigned)})
    if format == "json":
        import json

        data = {
            "folder": str(folder),
            "notes": among,
            "asked": [
                {"claim": a.id, "text": a.text, "hits": [told.hit_json(h) for h in found]}
                for a, found in zip(asked, hits, strict=True)
            ],
            "problems": [{"where": p, "what": w} for p, w in broken],
        }
        terminal.data(
            json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode()
        )
    else:
        for a, found in zip(asked, hits, strict=True):
            if of_note and found:
                for line in told.asked(a, terminal.width):
                    terminal.write(line)
            for hit in found:
                for line in told.hit(hit, terminal.width, settings.newsroom.labels):
                    terminal.write(line)
        count = sum(map(len, hits))
        kind = ("note" if unsigned else "signed note") + ("" if among == 1 else "s")
        unsure = count and all(h.perhaps for found in hits for h in found)
        terminal.say(
            f"Nothing surely like it in the claims of {among} {kind}; {count} perhaps." if unsure
            else f"{count} found in the claims of {among} {kind}." if count
            else f"Nothing like it in the claims of {among} {kind}."
        )  # fmt: skip
    for where, what in broken:
        terminal.warn(what if where in what else f"{where}: {what}")
    if broken:
        raise typer.Exit(4)


@app.command()
def batch(
    articles: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, patterns, addresses, or @FILE with one of them a line."
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the notes.")
    ],
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, max=64, metavar="N", help="Articles at once.")
    ] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on: what is done stays, what failed is retried.")
    ] = False,
    format: Annotated[
        str,
        typer.Option(
            "--format", help="json, and more of: html, md, text, docx, csv; comma-separated."
        ),
    ] = "json",
    store: StoreOption = None,
    lang: NoteLanguageOption = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    budget_calls: BudgetCalls = None,
    budget_tokens: BudgetTokens = None,
    budget_usd: BudgetUsd = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check many articles: a note each, and an index. Budgets hold for all of them together."""
    from factcheck.batch import Batch, worst
    from factcheck.batch.hands import Hand, Process, Thread, undisturbed
    from factcheck.batch.inputs import expand
    from factcheck.collection import ensure_starter, open_store
    from factcheck.provider import Limits
    from factcheck.report import batch as told
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal, stops

    terminal = Terminal(quiet=quiet)
    formats = list(dict.fromkeys(f.strip() for f in format.split(",") if f.strip()))
    for wanted in formats:
        known_format(wanted, *_formats())
    flags: dict[str, Any] = {"store": store, "lang": lang, "analyst": analyst, "model": model}
    settings = Settings.load(**flags)
    limits = Limits(budget_calls, budget_tokens, budget_usd)
    sources = expand(articles, without=output)

    def hands() -> list[Hand]:
        from factcheck.analysts.choose import analyst_for, meter_for
        from factcheck.pipeline import Checker

        count = min(jobs, len(sources))
        if settings.analyst == "local":
            analyst_for(settings, limits)  # refuses a budget
            if count == 1:
                return [Thread(lambda: Checker(settings))]
            with undisturbed():
                return [Process(flags) for _ in range(count)]
        meter = meter_for(settings, limits)
        return [
            Thread(
                lambda: Checker(
                    settings,
                    analyst=analyst_for(settings, cache=not no_cache, meter=meter.part()),
                )
            )
            for _ in range(count)
        ]

    with open_store(settings) as references, terminal.progress() as bar:
        work = Batch(
            output,
            sources,
            resume=resume,
            formats=formats,
            written=lambda note, wanted: _written(note, wanted, references, settings),
        )
        ensure_starter(references, told=terminal.say,
                       progress=lambda a, b: bar.update("Loading the starter collection", a, b))  # fmt: skip

        def ended(outcome: Any, done: int, total: int) -> None:
            if outcome.state in ("failed", "partial"):
                said = "" if outcome.source in outcome.error else f"{outcome.source}: "
                terminal.say(one_line(f"{said}{outcome.error}"))
            bar.update("Checking articles", done, total)

        bar.update("Checking articles", 0, len(sources))
        with stops(work.stop):
            outcomes = work.run(hands, ended)
    rows, labels = work.rows(outcomes), settings.newsroom.labels
    _write_index(output, rows, "html" if "html" in formats else formats[-1], labels)
    for line in told.summary(rows, terminal.width, labels):
        terminal.write(line)
    terminal.say(f"Written: {one_line(str(output / 'index.html'))}")
    if code := worst(outcomes):
        raise typer.Exit(code)


def _write_index(
    folder: Path, rows: list[dict[str, Any]], links: str, labels: Mapping[str, str]
) -> None:
    import json

    from factcheck.files import write_whole
    from factcheck.report import batch as told

    data = {"schema": "factcheck.index/1", "articles": rows}
    write_whole(folder / "index.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    write_whole(folder / "index.html", told.page(rows, links, labels=labels))


def _formats() -> tuple[str, ...]:
    """The formats that a draft can be written in, as files."""
    from factcheck.report.formats import AFTER_SIGNING, FORMATS

    return tuple(f for f in FORMATS if f not in AFTER_SIGNING and f != "annotations")


def _written(data: dict[str, Any], format: str, store: Any, settings: Any) -> str | bytes:
    """A note, given as JSON, in another format."""
    from factcheck.report.formats import render
    from factcheck.restore import note_from_json

    note = note_from_json(data, store.reference)
    return render(note, format, lookup=store.reference, newsroom=settings.newsroom)
