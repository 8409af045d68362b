"""Sources and flags after a command: /add report.pdf "more/*.md" --publisher Example --tag storm."""

from __future__ import annotations

import os.path
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat

_ADDRESS = ("http://", "https://")
_FLAG = re.compile(r"(?:^|\s)--\w")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands after a command: `sources` are paths, patterns and addresses, `values` those of each
    flag in order, `switches` the flags that take none."""

    sources: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    switches: frozenset[str]

    def last(self, flag: str) -> str | None:
        """The value of a flag; the last one where it is given twice."""
        found = self.values.get(flag)
        return found[-1] if found else None

    def all(self, flag: str) -> list[str]:
        """The values of a flag that may be repeated, and whose values may be lists with commas."""
        found = (name.strip() for v in self.values.get(flag, ()) for name in v.split(","))
        return [name for name in found if name]


def read(chat: Chat, rest: str, flags: Sequence[str], switches: Sequence[str] = ()) -> Words:
    """The words after a command. A path with spaces may stand without quotes where it exists.

    Raises UsageError where nothing is named, for a flag that is not known or lacks its value.
    """
    begin = _FLAG.search(rest)
    head = (rest[: begin.start()] if begin else rest).strip()
    values: dict[str, tuple[str, ...]] = {}
    found: set[str] = set()
    words = iter(_split(chat, rest[begin.start() :]) if begin else ())
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in (*flags, *switches):
            known = ", ".join(f"--{f}" for f in (*flags, *switches))
            raise UsageError(
                chat.words("unknown_flag", name=word), hint=chat.words("known_flags", names=known)
            )
        if name in switches:
            found.add(name)
            continue
        given = value if equals else next(words, None)
        if given is None:
            raise UsageError(chat.words("no_value", name=word), hint=f'{word} "..."')
        values[name] = (*values.get(name, ()), given)
    return Words(_sources(chat, head), values, frozenset(found))


def day(chat: Chat, words: Words, flag: str) -> date | None:
    """The date that a flag gives. Raises UsageError."""
    value = words.last(flag)
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError as error:
        raise UsageError(chat.words("no_date", value=value), hint=f"--{flag} YYYY-MM-DD") from error


def _split(chat: Chat, text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(chat.words("no_quotes"), hint='--publisher "Example Post"') from error


def _sources(chat: Chat, text: str) -> tuple[str, ...]:
    if not text:
        raise UsageError(chat.words("which_file"), hint=chat.words("which_file_hint"))
    if os.path.exists(_home(text)):  # noqa: PTH110 - takes any text
        return (_home(text),)
    try:
        return tuple(_home(word) for word in shlex.split(text)) or (text,)
    except ValueError:  # an apostrophe in a name
        return (_home(text),)


def _home(text: str) -> str:
    return text if text.lower().startswith(_ADDRESS) else os.path.expanduser(text)  # noqa: PTH111
