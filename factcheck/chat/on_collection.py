"""Commands about the collection of reports, and what changes when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import adding, show
from factcheck.chat.layout import outside
from factcheck.chat.registry import command
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat


@command("search TEXT")
def _search(chat: Chat, rest: str) -> None:
    if not rest.strip():
        raise UsageError(chat.words("nothing_to_search"), hint="/search displaced in Aleppo")
    from factcheck.questions import passages

    found = passages(rest.strip(), chat.conversation.note, chat.checker)
    chat.page([*show.answered(found, chat.language)])


@command("refs [WORD]", "reference")
def _refs(chat: Chat, rest: str) -> None:
    word = rest.strip().casefold()
    chosen = [
        r
        for r in chat.checker.store.headers()
        if not word or word in f"{r.id} {r.publisher} {r.title}".casefold()
    ]
    lines = [*show.reports(chosen, chat.language)]
    chat.page(lines or [Text(chat.words("no_report"))])


@command("add PATH|URL ...", "file", adding.USAGE)
def _add(chat: Chat, rest: str) -> None:
    made = adding.added(chat, rest)
    if made is None:
        return
    added = made.added
    chat.say(Text(chat.words("added", new=added.new, changed=added.changed,
                             unchanged=added.unchanged)))  # fmt: skip
    if not made.touched:
        return
    chat.say(Text(chat.words("touched", claims=", ".join(made.touched))))
    if chat.confirm(chat.words("again"), default=True):
        for id in made.touched:
            say_changes(chat, id)


@command("recheck [N]", "claim")
def _recheck(chat: Chat, rest: str) -> None:
    say_changes(chat, rest.strip() or None)


def say_changes(chat: Chat, which: str | None) -> None:
    """Check again, and say what came of it: what changed, what could not be judged, or nothing."""
    with chat.working():
        changes = chat.conversation.recheck(which)
    names = chat.verdicts()
    told = [c for c in changes if not c.same]
    if not told:
        chat.say(Text(chat.words("same", claim=which or chat.words("all"))))
    for c in told:
        line = Text(f"{c.claim}: ", "bold")
        if c.error:
            error = outside(c.error)
            told_so = chat.words("not_judged", verdict=names[c.before], error=error)
            chat.say(line.append(told_so, "not bold red"))
            continue
        before, now = names[c.before], names[c.now]
        parts = [f"{before} → {now}" if c.before != c.now else now]
        parts += [chat.words("gained", reports=", ".join(c.gained))] if c.gained else []
        parts += [chat.words("lost", reports=", ".join(c.lost))] if c.lost else []
        chat.say(line.append("; ".join(parts), "not bold"))
    if any(c.error for c in told):
        chat.say_faults()
