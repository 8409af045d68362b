"""Who does the work of a batch: checkers in threads, or in processes of their own.

Rules are work for the processor, which threads of one Python share badly: each hand is a process,
spawned (a process that has embedded must not fork). A model is waited for: each hand is a thread,
and all spend from one budget.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from factcheck.errors import FactcheckError
from factcheck.models import Note
from factcheck.pipeline import Checker

_PATIENCE = 5.0  # seconds for a process to end by itself


@dataclass(frozen=True, slots=True)
class Made:
    """A note as JSON, or why there is none; `code` as of `factcheck check`."""

    note: dict[str, Any] | None = None
    code: int = 0
    error: str = ""
    hint: str = ""


class Hand(Protocol):
    """Checks one article after another."""

    def check(self, source: str) -> Made: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


def checked(checker: Checker, source: str) -> Made:
    """Check one article; whatever goes wrong is told, and is no end of the others."""
    try:
        note = checker.check(source)
    except FactcheckError as error:
        return Made(code=error.exit_code, error=str(error), hint=error.hint)
    except Exception as error:  # noqa: BLE001 - one article may not take the others with it
        return Made(code=5, error=f"{type(error).__name__}: {error}", hint="Please report this.")
    return Made(note.to_json(), *_fault(note))


def _fault(note: Note) -> tuple[int, str, str]:
    kinds = {f.kind for f in note.faults}
    if not kinds and note.complete:
        return 0, "", ""
    code = 130 if "interrupted" in kinds else 6 if "budget" in kinds else 5
    worst = next(iter(note.faults), None)
    if worst is None:
        return code, "parts of the article could not be processed", ""
    return code, f"{worst.step}: {worst.message}", worst.hint


class Thread:
    """A checker of one's own in the thread that uses it."""

    def __init__(self, make: Callable[[], Checker]) -> None:
        self._checker = make()

    def check(self, source: str) -> Made:
        return checked(self._checker, source)

    def stop(self) -> None:
        self._checker.stop()

    def close(self) -> None:
        self._checker.close()


class Process:
    """A checker in a process of its own; one that dies is told of and made anew."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        self._flags = dict(flags)
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._flags), daemon=True)
        self._process.start()
        theirs.close()

    def check(self, source: str) -> Made:
        try:
            self._pipe.send(source)
            made = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(_PATIENCE)
            code = self._process.exitcode
            if not self._closed:
                self._pipe.close()
                self._begin()
            return Made(
                code=5,
                error=f"the process that checked it ended ({code})",
                hint="Check this article alone. Is there enough memory?",
            )
        assert isinstance(made, Made)
        return made

    def stop(self) -> None:
        pass  # an article takes the rules a few seconds: it is finished

    def close(self) -> None:
        self._closed = True
        self._process.terminate()
        self._process.join(_PATIENCE)
        self._pipe.close()


def _serve(pipe: Any, flags: dict[str, Any]) -> None:
    """What a process does until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Checker(**flags) as checker:
        while True:
            try:
                source = pipe.recv()
            except (EOFError, OSError):
                return
            made = checked(checker, source)
            try:
                pipe.send(made)
            except OSError:
                return


@contextmanager
def undisturbed() -> Iterator[None]:
    """Processes begun in here never hear of Ctrl-C, not even while they load."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
