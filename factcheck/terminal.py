"""The only writer to the terminal: results on stdout, everything else on stderr, all of it scrubbed.

Colour only where a terminal shows it (NO_COLOR, TERM=dumb and pipes are respected, for stdout and
stderr apart). Text from outside is never read as markup, and no escape sequence gets through.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from factcheck.errors import FactcheckError
from factcheck.models import Fault
from factcheck.text.scrub import for_terminal, in_json, one_line

_HANGS = 4  # columns by which a second line is set in


def _console(stream: Any, *, plain: bool = False) -> Any:
    from rich.console import Console

    fancy = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    fancy = fancy and not plain
    width = None
    if not stream.isatty() and not os.environ.get("COLUMNS"):
        width = 100
    return Console(
        file=stream, markup=False, highlight=False, emoji=False, soft_wrap=False, width=width,
        no_color=not fancy, color_system="auto" if fancy else None,
    )  # fmt: skip


def _hung(renderable: Any) -> Any:
    from rich.text import Text

    broken = isinstance(renderable, Text) and bool(renderable.no_wrap)  # by who made it
    return Hanging(renderable) if isinstance(renderable, Text) and not broken else renderable


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """`factcheck ... | head -1`: the reader has what it wanted, and that is no error."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as error:  # rich turns the one into the other
        if isinstance(error, SystemExit) and error.code != 1:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


class Hanging:
    """A text whose further lines are set in: however it wraps, nothing from outside begins a line
    where a line of ours does."""

    def __init__(self, text: Any) -> None:
        self.text = text

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        from rich.text import Text

        width = options.max_width
        lines = self.text.wrap(console, width)
        if len(lines) > 1:
            lines = self.text.wrap(console, max(_HANGS, width - _HANGS))
        for number, line in enumerate(lines):
            yield Text(" " * _HANGS if number else "").append_text(line)


class Terminal:
    """Where a run's output goes. `quiet` silences stderr except for errors; `plain` does without
    colour and moving bars, for a screen reader."""

    def __init__(self, *, quiet: bool = False, plain: bool = False) -> None:
        self.quiet, self.plain = quiet, plain
        self.out = _console(sys.stdout, plain=plain)
        self.err = _console(sys.stderr, plain=plain)

    @property
    def width(self) -> int:
        """Columns of standard output."""
        return int(self.out.width)

    @property
    def height(self) -> int:
        """Lines of standard output."""
        return int(self.out.height)

    def page(self, lines: Sequence[Any]) -> None:
        """Many renderables, through the pager that the user has."""
        os.environ.setdefault("LESS", "-FRX")
        with self.out.pager(styles=not os.environ.get("NO_COLOR")):
            for line in lines:
                self.out.print(_hung(line))

    def show(self, renderable: Any) -> None:
        """Print a rich renderable whose texts were made by `text`."""
        with _reader_may_leave():
            self.out.print(_hung(renderable))

    def prompt(self, text: str) -> None:
        """Ask for a line, where no line editor does."""
        with _reader_may_leave():
            sys.stdout.write(text)
            sys.stdout.flush()

    def tell(self, renderable: Any) -> None:
        """A rich renderable for the person, on stderr, beside a progress bar if there is one."""
        if not self.quiet:
            self.err.print(renderable)

    def write(self, data: str) -> None:
        """Write text to stdout as it is, save for control characters: data for other programs."""
        with _reader_may_leave():
            sys.stdout.write(for_terminal(data))
            if not data.endswith("\n"):
                sys.stdout.write("\n")
            sys.stdout.flush()

    def line(self, text: str) -> None:
        """Write one line to stdout, whatever line breaks the text holds; its blanks stay."""
        self.write(re.sub(r"\s", " ", text))

    def data(self, data: str) -> None:
        """Write JSON to stdout; see `scrub.in_json`."""
        with _reader_may_leave():
            sys.stdout.write(in_json(data if data.endswith("\n") else data + "\n"))
            sys.stdout.flush()

    def binary(self, data: bytes) -> None:
        """Write bytes to stdout, for a pipe or a file."""
        with _reader_may_leave():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def say(self, message: str) -> None:
        """A word to the person, on stderr."""
        if not self.quiet:
            self.err.print(one_line(message), soft_wrap=True)

    def error(self, error: FactcheckError) -> None:
        """What was wrong, then what to do: the hint is the last line."""
        sys.stderr.write(f"factcheck: {one_line(str(error))}\n")
        if error.hint:
            sys.stderr.write(f"{one_line(error.hint)}\n")

    def fault(self, fault: Fault) -> None:
        """Something that went wrong while a note was made, and what to do."""
        sys.stderr.write(f"factcheck: {one_line(f'{fault.step}: {fault.message}')}\n")
        if fault.hint:
            sys.stderr.write(f"{one_line(fault.hint)}\n")

    def warn(self, message: str) -> None:
        """A word that is said even when quiet."""
        sys.stderr.write(f"factcheck: {one_line(message)}\n")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A progress bar on stderr while work lasts; nothing where stderr is no terminal."""
        bar = Progress(self)
        try:
            yield bar
        finally:
            bar.stop()


@contextmanager
def stops(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls `stop` the first time, and ends the program the second time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(OSError):  # not by way of sys.stderr: it may be in the middle of a line
            os.write(2, b"\nfactcheck: stopping; what is done is kept (again: leave at once)\n")
        stop()

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Progress:
    """A bar for one piece of work at a time; `update` starts it, a finished one vanishes."""

    def __init__(self, terminal: Terminal) -> None:
        self._live = not (terminal.quiet or terminal.plain) and terminal.err.file.isatty()
        self._console = terminal.err
        self._bar: Any = None
        self._task: Any = None
        self._name = ""

    def update(self, name: str, done: int, total: int) -> None:
        """Show `done` of `total` units of the work called `name`."""
        if not self._live or total <= 0:
            return
        from rich import progress as rich_progress

        if self._bar is None:
            self._bar = rich_progress.Progress(
                rich_progress.TextColumn("{task.description}", markup=False),
                rich_progress.BarColumn(),
                rich_progress.MofNCompleteColumn(),
                rich_progress.TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
        if name != self._name:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(one_line(name), total=total)
            self._name = name
        self._bar.update(self._task, completed=done, total=total)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
