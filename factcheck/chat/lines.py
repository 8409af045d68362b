"""Where lines come from: the line editor, a terminal without one, or a pipe; and the user's editor."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from factcheck.errors import UsageError
from factcheck.terminal import Terminal
from factcheck.text.scrub import one_line

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat

PROMPT = "factcheck> "
_CANON = 4095  # bytes of a line that a terminal's own line editor keeps


class Lines:
    """The editor's input. `fancy` is with the line editor; without it a terminal is asked for lines
    by a bare prompt, and what comes through a pipe is repeated, so that a record reads whole."""

    def __init__(self, chat: Chat, terminal: Terminal, history: Callable[[], Path]) -> None:
        self._chat, self._terminal, self._history = chat, terminal, history
        self.typed = sys.stdin.isatty()
        self._session: Any = None

    @property
    def fancy(self) -> bool:
        return self._chat.fancy

    def read(self) -> str:
        """The next line, or several where Alt-Enter or a paste made them. Raises EOFError at the end."""
        if self.fancy:
            if self._session is None:
                from factcheck.chat.prompt import session

                self._session = session(
                    self._history(), self._chat.names, lambda: self._chat.language
                )
            return str(self._session.prompt(PROMPT))
        if self.typed:
            self._terminal.prompt(PROMPT)
            return self._line()
        line = self._line()
        self._chat.say(Text(f"> {one_line(line)}", "dim"))
        return line

    def until_dot(self) -> str:
        """Lines up to one that holds a single dot, or to the end of the input."""
        if self.fancy:
            from factcheck.chat.prompt import pasting

            lines = str(pasting().prompt("")).split("\n")
        else:
            lines = []
            try:
                while (line := self._line()).strip() != ".":
                    lines.append(line)
            except EOFError:
                pass
        while lines and lines[-1].strip() in ("", "."):
            lines.pop()
        return "\n".join(lines)

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask yes or no; where nobody sits at a terminal the default is taken, and said."""
        yes, no = self._chat.words("yes"), self._chat.words("no")
        choices = f"[{yes[0].upper()}/{no[0]}]" if default else f"[{yes[0]}/{no[0].upper()}]"
        if not self.typed or not sys.stdout.isatty():
            self._chat.say(Text(f"{question} {choices} {yes if default else no}"))
            return default
        try:
            self._terminal.prompt(f"{question} {choices} ")
            said = self._line().strip().casefold()
        except (EOFError, KeyboardInterrupt):
            return False
        return default if not said else said[0] in {yes[0].casefold(), "y"}

    def edited(self, text: str) -> str:
        """What is written in the editor that $VISUAL or $EDITOR names. Raises UsageError."""
        if not self.fancy:
            raise UsageError(self._chat.words("no_terminal"))
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.NamedTemporaryFile("w+", suffix=".txt", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            try:
                subprocess.run([*editor.split(), file.name], check=True)  # noqa: S603
            except (OSError, subprocess.CalledProcessError) as error:
                told = self._chat.words("editor_failed", editor=editor, error=error)
                raise UsageError(told, hint=self._chat.words("editor_hint")) from error
            return Path(file.name).read_text(encoding="utf-8", errors="replace")

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if self.typed and len(line.rstrip("\r\n").encode("utf-8", "replace")) >= _CANON:
            self._terminal.warn(self._chat.words("cut", bytes=_CANON))
        return line.rstrip("\r\n")
