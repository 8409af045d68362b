"""The slash commands: one registry, from which help, completion and unique prefixes come."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import show
from factcheck.errors import FactcheckError, InputError, UsageError
from factcheck.files import write_whole
from factcheck.models import Article, Assessment, Stance, Verdict
from factcheck.settings import ANALYSTS, NOTE_LANGUAGES

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat

EXPORTS = ("md", "json", "text")


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is written, what it does, what its first argument completes to."""

    name: str
    usage: str
    help: str
    run: Callable[[Chat, str], None]
    completes: str = ""  # "claim", "reference", "file", or choices separated by |


REGISTRY: dict[str, Command] = {}
Run = Callable[["Chat", str], None]


def _command(usage: str, help: str, completes: str = "") -> Callable[[Run], Run]:
    def register(run: Run) -> Run:
        name = usage.split()[0]
        REGISTRY[name] = Command(name, usage, help, run, completes)
        return run

    return register


def find(word: str) -> Command:
    """The command that a word or its unique beginning names. Raises UsageError."""
    name = word.removeprefix("/").lower()
    if name in REGISTRY:
        return REGISTRY[name]
    fits = sorted(n for n in REGISTRY if n.startswith(name)) if name else []
    if len(fits) == 1:
        return REGISTRY[fits[0]]
    raise UsageError(
        f"/{name} may be {', '.join('/' + n for n in fits)}" if fits else f"no command /{name}",
        hint="See /help.",
    )


# ---------------------------------------------------------------- the article


@_command("open PATH", "check an article and talk about it", "file")
def _open(chat: Chat, rest: str) -> None:
    chat.open(_path(rest))


@_command("paste", "type or paste an article; a line with a single dot ends it")
def _paste(chat: Chat, rest: str) -> None:
    chat.say(Text("Paste the article; end with a line that holds a single dot."))
    lines = []
    while (line := chat.read_line()) is not None and line.strip() != ".":
        lines.append(line)
    chat.open_text("\n".join(lines))


@_command("claims [WORD]", "list the claims: all, or those with a verdict, flag or word")
def _claims(chat: Chat, rest: str) -> None:
    note = chat.note()
    word = rest.strip().casefold().replace(" ", "_")
    if word in {*map(str, Verdict), "failed"}:
        chosen = [a for a in note.assessments if str(a.verdict or "failed") == word]
    else:
        chosen = [a for a in note.assessments if rest.strip().casefold() in _searchable(a)]
    if not chosen:
        chat.say(Text("No claim fits."))
        return
    chat.page([*show.claims(note, chosen, chat.width)])


def _searchable(a: Assessment) -> str:
    parts = (str(a.verdict or "failed"), *a.flags, *a.origins, a.claim.said, a.claim.statement)
    return " ".join(parts).casefold()


@_command("claim N", "one claim: verdict, explanation, the editor's decisions", "claim")
def _claim(chat: Chat, rest: str) -> None:
    chat.page([*show.card(_one(chat, rest), chat.note())])


@_command("evidence N", "the quotations that a claim's verdict rests on", "claim")
def _evidence(chat: Chat, rest: str) -> None:
    chat.page([*show.evidence(_one(chat, rest), chat.note())])


@_command("why N", "how the verdict came about", "claim")
def _why(chat: Chat, rest: str) -> None:
    chat.page([*show.why(_one(chat, rest), chat.note())])


@_command("timeline N", "the figures of a claim's quantity over time", "claim")
def _timeline(chat: Chat, rest: str) -> None:
    chat.page([*show.timeline(_one(chat, rest), chat.note())])


@_command("origins N", "who is behind a claim's quotations", "claim")
def _origins(chat: Chat, rest: str) -> None:
    chat.page([*show.origins(_one(chat, rest), chat.note())])


@_command("quote N.K", "a quotation in its context: /quote 3.1", "claim")
def _quote(chat: Chat, rest: str) -> None:
    number, _, which = rest.strip().lower().removeprefix("c").partition(".")
    a = chat.conversation.claim(number)
    shown = [c for c in a.citations if c.stance is not Stance.CONTEXT] or list(a.citations)
    id = f"{a.claim.id}.k{which.removeprefix('k') or '1'}"
    found = next((c for c in a.citations if c.id == id), None)
    if found is None:
        raise UsageError(
            f"claim {number} has no quotation {which or 1}",
            hint=f"It has {', '.join(c.id for c in shown)}." if shown else "It cites nothing.",
        )
    reference = chat.checker.store.reference(found.reference)
    if reference is None:
        raise InputError(f"the report {found.reference} is not in the store any more")
    chat.page([*show.in_context(found, reference)])


# ---------------------------------------------------------------- the collection


@_command("search TEXT", "search the collection: quotations, nothing judged")
def _search(chat: Chat, rest: str) -> None:
    if not rest.strip():
        raise UsageError("nothing to search for", hint="/search displaced in Aleppo")
    from factcheck.questions import passages

    found = passages(rest.strip(), chat.conversation.note, chat.checker)
    chat.page([*show.answered(found, chat.conversation.note)])


@_command("refs [WORD]", "list the reports: all, or those with a word in id, publisher or title")
def _refs(chat: Chat, rest: str) -> None:
    word = rest.strip().casefold()
    lines = [
        Text(f"{r.id:<8} {r.published or 'undated'!s:<10} ", "bold").append(
            f"{show.outside(r.publisher)}: {show.outside(r.title)}", "not bold"
        )
        for r in chat.checker.store.headers()
        if not word or word in f"{r.id} {r.publisher} {r.title}".casefold()
    ]
    chat.page(lines or [Text("No report fits.")])


@_command(
    "add PATH", "add a report or a folder of them, and offer to check what it touches", "file"
)
def _add(chat: Chat, rest: str) -> None:
    from factcheck.collection import add_files

    before = {r.id: r.sha256 for r in chat.checker.store.headers()}
    added, _ = add_files(chat.checker.store, [_path(rest)], chat.progress("Embedding"))
    chat.say(Text(f"{added.new} new, {added.changed} changed, {added.unchanged} unchanged."))
    fresh = {r.id for r in chat.checker.store.headers() if before.get(r.id) != r.sha256}
    touched = chat.conversation.touched_by(fresh) if fresh else []
    if not touched:
        return
    chat.say(Text(f"Claims that it may touch: {', '.join(touched)}."))
    if chat.confirm("Check them again?", default=True):
        for id in touched:
            _say_changes(chat, id)


@_command("recheck [N]", "search and judge again, one claim or all", "claim")
def _recheck(chat: Chat, rest: str) -> None:
    _say_changes(chat, rest.strip() or None)


def _say_changes(chat: Chat, which: str | None) -> None:
    with chat.working():
        changes = chat.conversation.recheck(which)
    told = [c for c in changes if not c.same]
    if not told:
        chat.say(Text(f"{which or 'All claims'}: nothing changed."))
    for c in told:
        parts = [f"{c.before} → {c.now}" if c.before != c.now else c.now]
        parts += [f"new: {', '.join(c.gained)}"] if c.gained else []
        parts += [f"gone: {', '.join(c.lost)}"] if c.lost else []
        chat.say(Text(f"{c.claim}: ", "bold").append("; ".join(parts), "not bold"))


# ---------------------------------------------------------------- the editor's part


@_command(
    "verdict N LABEL REASON",
    "your own verdict, beside the machine's: /verdict 3 disputed why",
    "claim",
)
def _verdict(chat: Chat, rest: str) -> None:
    number, label, reason = _parts(rest, 3)
    fits = [str(v) for v in Verdict if str(v).startswith(label.lower().replace(" ", "_"))]
    made = chat.conversation.override(number, fits[0] if len(fits) == 1 else label, reason)
    chat.say(Text(f"{made.claim}: your verdict is {made.value}: {show.outside(made.reason)}"))


@_command("note N TEXT", "a remark of yours on a claim", "claim")
def _note(chat: Chat, rest: str) -> None:
    number, text = _parts(rest, 2)
    made = chat.conversation.remark(number, text)
    chat.say(Text(f"{made.claim}: noted."))


@_command("drop N", "leave a claim out of what is published; it stays in the note", "claim")
def _drop(chat: Chat, rest: str) -> None:
    number, reason = _parts(rest, 2)
    made = chat.conversation.drop(number, reason)
    chat.say(Text(f"{made.claim}: dropped."))


@_command('claim-add "TEXT"', "check a claim of your own: words of the article, or free")
def _claim_add(chat: Chat, rest: str) -> None:
    text = rest.strip()
    if len(text) > 1 and text[0] in "\"“'" and text[-1] in "\"”'":
        text = text[1:-1]
    with chat.working():
        made = chat.conversation.add_claim(text)
    chat.page([*show.card(made, chat.note())])


@_command("sign NAME", "stand for the note by name")
def _sign(chat: Chat, rest: str) -> None:
    made = chat.conversation.sign(rest)
    chat.say(Text(f"Signed by {show.outside(made.by)} at {made.at}."))


@_command("undo", "take the last step back")
def _undo(chat: Chat, rest: str) -> None:
    chat.say(Text(f"Taken back: {chat.conversation.undo()}."))


# ---------------------------------------------------------------- out, and settings


@_command("export md|json|text [FILE]", "write the note to a file, or show it", "md|json|text")
def _export(chat: Chat, rest: str) -> None:
    kind, name = _parts(rest, 2)
    note = chat.note()
    if kind == "json":
        data = json.dumps(note.to_json(), ensure_ascii=False, indent=2) + "\n"
    elif kind == "md":
        from factcheck.report import markdown

        data = markdown.render(note)
    elif kind == "text":
        from factcheck.report.text import plain

        data = plain(note)
    else:
        raise UsageError(f"unknown format `{kind}`", hint=f"One of: {', '.join(EXPORTS)}.")
    if name:
        write_whole(_path(name), data)
        chat.say(Text(f"Written: {show.outside(name)}"))
    elif kind == "json":
        chat.terminal.data(json.dumps(note.to_json(), indent=2))  # ASCII: nothing can be forged
    else:
        chat.terminal.write(data)


@_command("model [NAME]", "the model that analyses; name another one")
def _model(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.use(model=rest.strip(), analyst="llm")
    chat.say(Text(f"Analyst: {chat.analyst_line()}"))


@_command("analyst [local|llm]", "who analyses: rules or a model", "|".join(ANALYSTS))
def _analyst(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.use(analyst=rest.strip())
    chat.say(Text(f"Analyst: {chat.analyst_line()}"))


@_command("lang [en|id]", "the note's language", "|".join(NOTE_LANGUAGES))
def _lang(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.speak(rest.strip())
    note = chat.conversation.note
    chat.say(Text(f"Language: {note.language if note else chat.checker.settings.lang or 'auto'}"))


@_command("cost", "what models have cost so far")
def _cost(chat: Chat, rest: str) -> None:
    chat.say(show.cost(chat.checker.analyst.usage()))


@_command("save [FILE]", "save the conversation (it is also saved as it goes)", "file")
def _save(chat: Chat, rest: str) -> None:
    path = _path(rest) if rest.strip() else chat.path
    chat.conversation.save(path)
    chat.say(Text(f"Saved: {path}"))


@_command("edit", "write the next input in $EDITOR")
def _edit(chat: Chat, rest: str) -> None:
    chat.edit(rest)


@_command("help [COMMAND]", "this list, or one command")
def _help(chat: Chat, rest: str) -> None:
    chosen = [find(rest)] if rest.strip() else list(REGISTRY.values())
    column = min(max(len(c.usage) for c in chosen) + 1, 30)
    lines = []
    for c in chosen:
        line = Text(f"/{c.usage}".ljust(column), "bold")
        lines.append(line.append(f" {c.help}", "not bold"))
    if len(chosen) > 1:
        lines.append(
            Text("Anything else is a question about the article or the collection.", "dim")
        )
        lines.append(Text("Ctrl-C stops what is running, twice leaves; Ctrl-D leaves.", "dim"))
    chat.page(lines)


@_command("quit", "leave")
def _quit(chat: Chat, rest: str) -> None:
    raise EOFError


# ---------------------------------------------------------------- arguments


def _one(chat: Chat, rest: str) -> Assessment:
    if not rest.strip():
        raise UsageError("which claim?", hint="Give its number.")
    return chat.conversation.claim(rest.strip())


def _parts(rest: str, count: int) -> list[str]:
    """The first words and the rest, `count` in all; missing ones are empty."""
    found = rest.strip().split(maxsplit=count - 1)
    return found + [""] * (count - len(found))


def _path(rest: str) -> Path:
    text = rest.strip()
    if not text:
        raise UsageError("which file?", hint="Give its path.")
    try:
        words = shlex.split(text)
    except ValueError:
        words = [text]
    given = words[0] if len(words) == 1 else text
    return Path(given).expanduser()


__all__ = ["REGISTRY", "Article", "Command", "FactcheckError", "find"]
