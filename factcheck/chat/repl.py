"""The prompt: reads a line, runs it, says what came of it, saves, and reads the next.

What takes long to import is imported behind the first prompt. Ctrl-C stops what is running and keeps
what is done; twice within two seconds it leaves. Ctrl-D leaves, and asks only where something could
not be saved. With `plain`, or where input or output is no terminal, there are no colours, bars or
prompts, and lines are read as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from factcheck.chat import sessions
from factcheck.errors import FactcheckError, InputError, UsageError
from factcheck.terminal import Terminal, stops
from factcheck.text.scrub import one_line

if TYPE_CHECKING:
    from factcheck.conversation import Conversation
    from factcheck.models import Note
    from factcheck.pipeline import Checker, Event

_TWICE = 2.0  # seconds within which a second Ctrl-C leaves
_LINES = 4  # a paste of so many lines is an article, not a question
_PROMPT = "factcheck> "


class Chat:
    """One conversation on one terminal."""

    def __init__(
        self,
        make: Callable[..., Checker],
        *,
        plain: bool = False,
        resume: Path | None = None,
    ) -> None:
        self.fancy = not plain and sys.stdin.isatty() and sys.stdout.isatty()
        self.terminal = Terminal(plain=not self.fancy)
        self.path = resume or sessions.new_path()
        self._resume = resume
        self._make = make
        self._made: tuple[Checker, Conversation] | FactcheckError | None = None
        self._ready = threading.Thread(target=self._get_ready, daemon=True)
        self._session: Any = None
        self._left = 0.0
        self._code = 0

    # ------------------------------------------------------------ the loop

    def run(self, article: str | None = None) -> int:
        """Talk until the editor leaves; the exit code."""
        self._ready.start()
        if self._resume and not self._do(self._welcome_back):
            return self._code
        if article and not self._do(lambda: self.open(Path(article))):
            return self._code
        if not article and not self._resume:
            self.say(Text("Type /open PATH to check an article, /help for the commands.", "dim"))
        while True:
            try:
                line = self._read()
            except KeyboardInterrupt:
                if self._interrupted():
                    break
                continue
            except EOFError:
                if self._may_leave():
                    break
                continue
            if line.strip() and not self._do(lambda line=line: self._handle(line)):  # type: ignore[misc]
                break
        return self._code

    def _do(self, work: Callable[[], None]) -> bool:
        """Run one step and save; errors are said and end nothing. False when it leaves."""
        try:
            work()
        except FactcheckError as error:
            self.terminal.error(error)
            if (
                error is self._made
            ):  # it cannot begin: settings that do not fit, a store that is locked
                self._code = error.exit_code
                return False
        except KeyboardInterrupt:
            return not self._interrupted()
        except EOFError:
            return not self._may_leave()
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end an editor's day
            self.terminal.warn(f"a fault of this program: {type(error).__name__}: {error}")
        self._save()
        return True

    def _handle(self, line: str) -> None:
        from factcheck.chat import commands, show

        text = line.strip()
        if text.count("\n") >= _LINES:  # first of all: a pasted text must not give orders
            if self.confirm("This looks like an article. Check it?", default=True):
                self.open_text(line)
            return
        if text.startswith("/"):
            word, _, rest = text.partition(" ")
            commands.find(word).run(self, rest)
            return
        with self.working():
            found = self.conversation.ask(text)
        self.page([*show.answered(found, self.conversation.note)])

    def _interrupted(self) -> bool:
        """Ctrl-C: True when it is the second within two seconds."""
        now = time.monotonic()
        twice, self._left = now - self._left < _TWICE, now
        if not twice:
            self.say(Text("Ctrl-C again leaves.", "dim"))
        return twice

    def _may_leave(self) -> bool:
        if self._made is None or isinstance(self._made, FactcheckError):
            return True
        if not self.conversation.changed or not self.fancy:
            return True
        return self.confirm("The conversation is not saved. Leave all the same?", default=False)

    def _save(self) -> None:
        if isinstance(self._made, tuple) and self.conversation.changed:
            try:
                self.conversation.save(self.path)
            except InputError as error:
                self.terminal.warn(f"not saved: {error}")

    def close(self) -> None:
        """Let go of the store."""
        if isinstance(self._made, tuple):
            self._made[0].close()

    # ------------------------------------------------------------ what commands use

    @property
    def conversation(self) -> Conversation:
        return self._both()[1]

    @property
    def checker(self) -> Checker:
        return self._both()[0]

    @property
    def width(self) -> int:
        return self.terminal.width

    def note(self) -> Note:
        """The note talked about. Raises UsageError when no article is open."""
        if self.conversation.note is None:
            raise UsageError("no article is open", hint="Open one: /open PATH.")
        return self.conversation.note

    def open(self, source: Path) -> None:
        """Check an article; each claim is shown as soon as it is verified."""
        with self.working():
            self._opened(source)

    def open_text(self, text: str) -> None:
        """Check an article that was pasted."""
        from factcheck.steps.acquire import article

        if not text.strip():
            raise UsageError("nothing was pasted")
        with self.working():
            self._opened(article(text))

    def _opened(self, source: Any) -> None:
        from factcheck.chat import show

        with self.terminal.progress() as bar:
            note = self.conversation.open(source, on_event=lambda e: self._progress(bar, e))
        self.say(show.opened(note))
        self.say(Text())
        self.page([*show.claims(note, note.assessments, self.width)], short=False)
        for sentence in note.summary:
            if sentence.status != "struck":
                self.say(Text("• " + show.outside(sentence.text)))
        for fault in note.faults:
            self.terminal.fault(fault)

    def _progress(self, bar: Any, event: Event) -> None:
        from factcheck.chat import show

        if event.step in ("starter", "acquire") and event.message:
            self.terminal.say(f"{event.step}: {show.outside(event.message)}")
        if event.step == "starter" and event.total:
            bar.update("Loading the starter collection", event.done, event.total)
        if event.assessment is not None:
            bar.update("Judging and verifying", event.done, event.total)
            a = event.assessment
            self.terminal.say(
                f"{a.claim.id} {a.verdict or 'failed'}: {show.outside(a.claim.said)[:80]}"
            )

    def use(self, **flags: str) -> None:
        """Go on with another model or analyst; the note and what was said stay."""
        old = self.checker
        made = self._make(**flags)
        self._made = (made, self.conversation.handed_to(made))
        old.close()

    def speak(self, language: str) -> None:
        """Write the note in another language."""
        self.conversation.translate(language)

    def analyst_line(self) -> str:
        analyst = self.checker.analyst
        return f"{analyst.name}" + (f" ({analyst.model})" if analyst.model else "")

    def say(self, line: Text) -> None:
        """One line to standard output."""
        self.terminal.show(line)

    def page(self, lines: Sequence[Text], *, short: bool = True) -> None:
        """Lines; through a pager where they do not fit on the screen."""
        if self.fancy and short and len(lines) > self.terminal.height - 3:
            self.terminal.page(lines)
            return
        for line in lines:
            self.say(line)

    def progress(self, what: str) -> Callable[[int, int], None]:
        """A progress function that says nothing where there is no terminal."""
        return lambda done, total: None

    @contextmanager
    def working(self) -> Iterator[None]:
        """While work runs, Ctrl-C stops it and keeps what is done."""
        checker = self.checker

        def stop() -> None:
            self._left = time.monotonic()
            checker.stop()

        with stops(stop):
            yield

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask yes or no; without a terminal the default is taken, and said."""
        choices = "[Y/n]" if default else "[y/N]"
        if not self.fancy:
            self.say(Text(f"{question} {choices} {'yes' if default else 'no'}"))
            return default
        try:
            said = input(f"{question} {choices} ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            return False
        return default if not said else said[0] in "yjo"

    def read_line(self) -> str | None:
        """One raw line for `/paste`; None at the end of input."""
        try:
            return input() if self.fancy else _stdin_line()
        except EOFError:
            return None

    def edit(self, text: str) -> None:
        """Write the next input in the editor that $VISUAL or $EDITOR names."""
        if not self.fancy:
            raise UsageError("/edit needs a terminal")
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.NamedTemporaryFile("w+", suffix=".txt", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            try:
                subprocess.run([*editor.split(), file.name], check=True)  # noqa: S603
            except (OSError, subprocess.CalledProcessError) as error:
                raise UsageError(
                    f"the editor `{editor}` failed: {error}", hint="Set $EDITOR."
                ) from error
            written = Path(file.name).read_text(encoding="utf-8")
        if written.strip():
            self._handle(written)

    # ------------------------------------------------------------ reading

    def _read(self) -> str:
        if not self.fancy:
            line = _stdin_line()
            self.say(Text(f"> {one_line(line)}", "dim"))
            return line
        if self._session is None:
            self._session = self._prompt()
        return str(self._session.prompt(_PROMPT))

    def _prompt(self) -> Any:
        from factcheck.chat.prompt import session

        return session(sessions.folder().parent / "history", self._names)

    def _names(self, kind: str) -> list[str]:
        """What there is to complete; nothing before it is loaded."""
        if not isinstance(self._made, tuple):
            return []
        if kind == "claim" and self.conversation.note:
            return [a.claim.id.removeprefix("c") for a in self.conversation.note.assessments]
        if kind == "reference":
            return [r.id for r in self.checker.store.headers()]
        return []

    # ------------------------------------------------------------ behind the first prompt

    def _get_ready(self) -> None:
        try:
            from factcheck.conversation import Conversation

            checker = self._make()
            checker.get_ready(lambda message: self.terminal.say(message))
            if self._resume:
                self._made = (checker, Conversation.load(checker, self._resume))
            else:
                self._made = (checker, Conversation(checker))
        except FactcheckError as error:
            self._made = error

    def _both(self) -> tuple[Checker, Conversation]:
        self._ready.join()
        if isinstance(self._made, FactcheckError):
            raise self._made
        assert self._made is not None
        return self._made

    def _welcome_back(self) -> None:
        from factcheck.chat import show

        note = self.conversation.note
        if note is None:
            self.say(Text("Continued; no article is open."))
            return
        self.say(show.opened(note))
        self.page([*show.claims(note, note.assessments, self.width)], short=False)
        if self.conversation.turns:
            last = self.conversation.turns[-1]
            self.say(Text(f"Last asked: {show.outside(last.question)}", "dim"))


def _stdin_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")
