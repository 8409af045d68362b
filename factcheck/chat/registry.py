"""The registry of slash commands, from which help, completion and unique beginnings come, and how
their arguments are read."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.errors import UsageError
from factcheck.models import Assessment
from factcheck.wording import say

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat

Run = Callable[["Chat", str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is written, what it does, what its first argument completes to, the flags that
    it takes. Its help stands in the wording of each language, under its name."""

    name: str
    usage: str
    run: Run
    completes: str = ""  # "claim", "quote", "reference", "file", or choices separated by |
    flags: str = ""

    def help(self, language: str) -> str:
        return say(language, "help", self.name)


REGISTRY: dict[str, Command] = {}


def command(usage: str, completes: str = "", flags: str = "") -> Callable[[Run], Run]:
    """Register a command under the first word of its usage."""

    def register(run: Run) -> Run:
        name = usage.split()[0]
        REGISTRY[name] = Command(name, usage, run, completes, flags)
        return run

    return register


def find(word: str, language: str = "en") -> Command:
    """The command that a word or its unique beginning names. Raises UsageError."""
    name = word.removeprefix("/").lower()
    if name in REGISTRY:
        return REGISTRY[name]
    fits = sorted(n for n in REGISTRY if n.startswith(name)) if name else []
    if len(fits) == 1:
        return REGISTRY[fits[0]]
    names = ", ".join("/" + n for n in fits)
    raise UsageError(
        say(language, "chat", "may_be", name=name, names=names)
        if fits
        else say(language, "chat", "no_command", name=name),
        hint=say(language, "chat", "see_help"),
    )


# ---------------------------------------------------------------- arguments


def one(chat: Chat, rest: str) -> Assessment:
    """The claim that an argument names. Raises UsageError."""
    if not rest.strip():
        raise UsageError(chat.words("which_claim"), hint=chat.words("which_claim_hint"))
    return chat.conversation.claim(rest.strip())


def parts(rest: str, count: int) -> list[str]:
    """The first words and the rest, `count` in all; missing ones are empty."""
    found = rest.strip().split(maxsplit=count - 1)
    return found + [""] * (count - len(found))


def path(chat: Chat, rest: str) -> Path:
    """The file that an argument names. Raises UsageError."""
    text = rest.strip()
    if not text:
        raise UsageError(chat.words("which_file"), hint=chat.words("which_file_hint"))
    try:
        words = shlex.split(text)
    except ValueError:
        words = [text]
    given = words[0] if len(words) == 1 else text
    return Path(given).expanduser()
