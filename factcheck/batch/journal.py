"""What a batch has done, line by line: whatever happens to the program, this much is known.

    DIR/journal.jsonl    the name each article was given, and how it ended; the last line counts

A note is in place before its line is written, and a line is on disk before the next article is
begun. A line that a crash tore is passed over: its article is checked again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from factcheck.errors import InputError, UsageError

NAME = "journal.jsonl"
SCHEMA = "factcheck.batch/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one article ended.

    state: "done", "partial" (a note with claims or sentences that failed), "failed" (no note),
    "duplicate" (the same article as `same_as`), "kept" (a note that an editor has worked on was not
    replaced) or "waiting" (not begun). `code` is the exit code that it would have had alone.
    """

    source: str
    identity: str
    name: str
    state: str
    sha256: str = ""
    code: int = 0
    error: str = ""
    hint: str = ""
    same_as: str = ""


class Journal:
    """The journal of one folder. `held` while it is written to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.names: dict[str, str] = {}  # by identity
        self.outcomes: dict[str, Outcome] = {}
        self._read()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from writing into the folder. Raises UsageError when somebody does."""
        from filelock import FileLock, Timeout

        lock = FileLock(str(self.path.with_suffix(".lock")))
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise UsageError(
                f"another batch is writing into {self.path.parent}",
                hint="Wait until it is done, or choose another folder.",
            ) from error
        except OSError as error:
            raise _unwritable(self.path, error) from error
        try:
            self._end_torn_line()
            yield
        finally:
            lock.release()

    def plan(self, names: dict[str, str]) -> None:
        """Keep the names that were given, by identity."""
        new = {i: n for i, n in names.items() if self.names.get(i) != n}
        self.names.update(new)
        self._append([{"plan": i, "name": n} for i, n in new.items()])

    def add(self, outcome: Outcome) -> None:
        """Keep how an article ended; on disk when this returns."""
        self.outcomes[outcome.identity] = outcome
        self._append([asdict(outcome)])

    def _append(self, lines: list[dict[str, Any]]) -> None:
        try:
            new = not self.path.exists()
            with self.path.open("a", encoding="utf-8") as out:
                if new:
                    out.write(json.dumps({"schema": SCHEMA}) + "\n")
                out.writelines(json.dumps(line) + "\n" for line in lines)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _read(self) -> None:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unwritable(self.path, error) from error
        known = {f.name for f in fields(Outcome)}
        for line in data.decode("utf-8", "replace").splitlines():
            try:
                row = json.loads(line)
                if "plan" in row:
                    self.names[str(row["plan"])] = str(row["name"])
                elif "state" in row:
                    made = Outcome(**{k: v for k, v in row.items() if k in known})
                    self.outcomes[made.identity] = made
            except (ValueError, TypeError, KeyError, RecursionError):
                continue

    def _end_torn_line(self) -> None:
        try:
            with self.path.open("rb+") as file:
                file.seek(0, os.SEEK_END)
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    if file.read(1) != b"\n":
                        file.write(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot write {path}: {error.strerror or error}",
        hint="Choose a folder that you may write to.",
    )
