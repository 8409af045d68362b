"""Commands about the program: model, language, cost, saving, help, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import show
from factcheck.chat.layout import INDENT
from factcheck.chat.registry import REGISTRY, command, find, path
from factcheck.settings import ANALYSTS, NOTE_LANGUAGES

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat

_USAGE = 30  # columns of the usages in the help


@command("model [NAME]")
def _model(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.use(model=rest.strip(), analyst="llm")
    chat.say(Text(chat.words("analyst", name=chat.analyst_line())))


@command(f"analyst [{'|'.join(ANALYSTS)}]", "|".join(ANALYSTS))
def _analyst(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.use(analyst=rest.strip())
    chat.say(Text(chat.words("analyst", name=chat.analyst_line())))


@command(f"lang [{'|'.join(NOTE_LANGUAGES)}]", "|".join(NOTE_LANGUAGES))
def _lang(chat: Chat, rest: str) -> None:
    if rest.strip():
        chat.conversation.translate(rest.strip())
    chat.say(Text(chat.words("language", name=chat.language)))


@command("cost")
def _cost(chat: Chat, rest: str) -> None:
    chat.say(show.cost(chat.checker.analyst.usage(), chat.language))


@command("save [FILE]", "file")
def _save(chat: Chat, rest: str) -> None:
    chosen = path(chat, rest) if rest.strip() else chat.path
    chat.conversation.save(chosen)
    chat.say(Text(chat.words("saved", path=chosen)))


@command("edit")
def _edit(chat: Chat, rest: str) -> None:
    written = chat.lines.edited(rest)
    if written.strip():
        chat.handle(written)


@command("help [COMMAND]")
def _help(chat: Chat, rest: str) -> None:
    chosen = [find(rest, chat.language)] if rest.strip() else list(REGISTRY.values())
    column = min(max(len(c.usage) for c in chosen) + 1, _USAGE)
    lines = []
    for c in chosen:
        line = Text(f"/{c.usage}".ljust(column), "bold")
        lines.append(line.append(f" {c.help(chat.language)}", "not bold"))
    if len(chosen) == 1 and chosen[0].flags:
        lines.append(Text(f"{INDENT}{chosen[0].flags}"))
    if len(chosen) > 1:
        lines += [Text(chat.words("anything"), "dim"), Text(chat.words("keys"), "dim")]
    chat.page(lines)


@command("quit")
def _quit(chat: Chat, rest: str) -> None:
    raise EOFError
