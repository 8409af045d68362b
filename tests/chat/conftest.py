"""The conversation as a process: in a pseudo-terminal (`Talk`) or with piped input (`Said`).

Nothing here sleeps: a step ends when the line editor says that it is ready for the next one. It
does so by switching bracketed paste on (and off again when a line is sent), so that what stands
between the two is exactly what a command said.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pexpect
import pytest
from filelock import FileLock
from rich.cells import cell_len

from tests.conftest import ROOT

PROMPT = "factcheck>"
READY, SENT = "\x1b[?2004h", "\x1b[?2004l"
PATIENCE = 120  # seconds for one step: a machine under load is slow, a fault lasts for ever
UP, CTRL_C, CTRL_D, CTRL_R, CTRL_U = "\x1b[A", "\x03", "\x04", "\x12", "\x15"
_DRAWN = "\x1b[?25h"  # the cursor is back: the prompt stands on the screen
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_=>])")

ARTICLE = """---
title: Haiyan, a week on
outlet: Example Post
published: 2013-11-21
---

More than 900,000 people were displaced by the typhoon. \
President Benigno Aquino told CNN that a toll of 10,000 was too high. \
The typhoon killed at least 4,460 people, the United Nations said on November 14. \
The relief effort was a shame.
"""
QUESTION = "How many people were displaced by Haiyan?"
TITLE = "Haiyan, a week on"
REPORT = """---
id: X900
publisher: Example Wire
kind: wire
title: Haiyan displaced more than 900,000
published: 2013-11-15
language: en
origins: [Example Wire]
---

Typhoon Haiyan displaced more than 900,000 people in the Philippines.
"""
ARABIC = """---
title: "سوريا بالأرقام"
outlet: "صحيفة المثال"
published: 2013-11-20
language: ar
---

وفي الخامس والعشرين من تموز قال بان كي مون إن الحصيلة تجاوزت ١٠٠ ألف قتيل. \
وبحسب منظمة الصحة العالمية، نزح ٦٫٥ ملايين شخص داخل البلاد. \
ويعيش نحو 120 ألف لاجئ في مخيم الزعتري بالأردن وحده.
"""


def bare(text: str) -> str:
    """Output as a person reads it: no escape sequences, no carriage returns."""
    return _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def widest(text: str) -> int:
    """Cells of the longest line."""
    return max(cell_len(line.rstrip()) for line in text.splitlines())


def sessions(home: Path) -> list[dict[str, Any]]:
    """The conversations kept on disk, the one that was saved last at the end. Names do not tell:
    two that begin in one second are `-1` and `-1-2`."""
    files = sorted((home / "sessions").glob("*.json"), key=lambda f: f.stat().st_mtime_ns)
    return [json.loads(f.read_text(encoding="utf-8")) for f in files]


class Talk:
    """One `factcheck chat` in a pseudo-terminal. `at_prompt` is False while a step is under way."""

    def __init__(
        self, arguments: Sequence[str], variables: dict[str, str], folder: Path,
        size: tuple[int, int],
    ) -> None:  # fmt: skip
        self.folder, self.home = folder, folder / "home"
        self.at_prompt = False
        self.log = io.StringIO()
        self.child = pexpect.spawn(
            sys.executable, ["-m", "factcheck", "chat", *arguments], env=variables, cwd=str(folder),
            dimensions=size, encoding="utf-8", codec_errors="replace", timeout=PATIENCE,
        )  # fmt: skip
        self.child.logfile_read = self.log
        self.child.delaybeforesend = None
        self.child.delayafterclose = self.child.delayafterterminate = 0.02

    @property
    def raw(self) -> str:
        """All that the terminal was sent, escapes and all."""
        return self.log.getvalue()

    def ready(self) -> str:
        """Wait for the next prompt; what was said before it."""
        self.child.expect_exact(READY)
        said = bare(self.child.before)
        self.child.expect_exact(PROMPT)
        self.child.expect_exact(_DRAWN)
        self.at_prompt = True
        assert "Traceback" not in said, said
        return said

    def paste_begins(self) -> None:
        """Send `/paste` and wait until it reads."""
        self.send("/paste")
        self.child.expect_exact("a single dot")
        self.child.expect_exact(READY)

    def type(self, text: str | bytes) -> None:
        """Keys as a terminal sends them; bytes where they are no text."""
        self.at_prompt = False
        if isinstance(text, bytes):
            os.write(self.child.child_fd, text)
        else:
            self.child.send(text)

    def sees(self, text: str) -> None:
        """Wait until the terminal shows a text that is written in one piece."""
        self.child.expect_exact(text)

    def send(self, line: str | bytes = "") -> None:
        """Type a line and send it; its answer is not waited for."""
        self.type(line + b"\r" if isinstance(line, bytes) else line + "\r")
        self.child.expect_exact(SENT)

    def do(self, line: str | bytes = "") -> str:
        """Type a line, send it and wait for the next prompt; what was said."""
        self.send(line)
        return self.ready()

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        if not self.child.flag_eof:
            self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.signalstatus is None, f"ended by signal {self.child.signalstatus}"
        assert "Traceback" not in self.raw, bare(self.raw)
        return int(self.child.exitstatus)

    def at_a_prompt_again(self, text: str) -> bool:
        """Wait for `text` or for the end: whether it was the text."""
        return self.child.expect([re.escape(text), pexpect.EOF]) == 0

    def kill(self) -> None:
        """End it as a power cut would."""
        self.child.kill(signal.SIGKILL)
        self.child.expect(pexpect.EOF)
        self.child.close(force=True)


@dataclass(frozen=True)
class Said:
    """What came of piped input. In `both` errors stand where they were said."""

    code: int
    out: str
    err: str
    lines: Sequence[str]
    folder: Path  # where it was said, with the files that were written there

    @property
    def both(self) -> str:
        return self.out + self.err

    def after(self, line: str, nth: int = 1) -> str:
        """What was said to the nth input that reads so, until the next input."""
        wanted, at = self.lines.index(line), 0
        for _ in range(nth - 1):
            wanted = self.lines.index(line, wanted + 1)
        for sent in self.lines[: wanted + 1]:
            at = self.out.index(f"> {sent}\n", at) + len(sent) + 3
        rest = self.lines[wanted + 1 :]
        end = self.out.find(f"\n> {rest[0]}\n", at - 1) if rest else -1
        return self.out[at:] if end < 0 else self.out[at : end + 1]


class Desk:
    """A folder with articles, a store and a home, in which conversations are started."""

    def __init__(self, folder: Path, store: Path, cache: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.home.mkdir(parents=True)
        for name, text in (("article.md", ARTICLE), ("report.md", REPORT), ("arab.md", ARABIC)):
            self.write(name, text)
        self.variables = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),  # the code that is tested, wherever another one is installed
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "FACTCHECK_SESSIONS": str(self.home / "sessions"),
            "FACTCHECK_STORE": str(store),
            "FACTCHECK_CACHE": str(cache),
            "FACTCHECK_RETRIES": "0",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PAGER": "cat",
            "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody here answers where the cursor is
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.talks: list[Talk] = []

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def script(self, name: str, body: str) -> str:
        """A small shell script that stands for an editor or a pager."""
        path = self.write(name, f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    def talk(self, *arguments: str, size: tuple[int, int] = (24, 60), **more: str) -> Talk:
        """A conversation in a pseudo-terminal."""
        made = Talk(arguments, self.variables | more, self.folder, size)
        self.talks.append(made)
        return made

    def pipe(
        self, *lines: str, arguments: Sequence[str] = ("--plain",), given: bytes | None = None,
        together: bool = False, timeout: float = 600, **more: str,
    ) -> Said:  # fmt: skip
        """A conversation with piped input; `together` puts what is said on stderr in its place."""
        data = given if given is not None else "".join(f"{x}\n" for x in lines).encode()
        done = subprocess.run(
            [sys.executable, "-m", "factcheck", "chat", *arguments], cwd=self.folder, input=data,
            env=self.variables | more, stdout=subprocess.PIPE, timeout=timeout, check=False,
            stderr=subprocess.STDOUT if together else subprocess.PIPE,
        )  # fmt: skip
        out, err = (x.decode(errors="replace") for x in (done.stdout, done.stderr or b""))
        assert "Traceback" not in out + err, out + err
        return Said(done.returncode, out, err, lines, self.folder)

    def close(self) -> None:
        for talk in self.talks:
            talk.child.close(force=True)


MakeDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def new_desk(
    loaded_store: Path, shared_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeDesk]:
    """Makes desks; `own=True` gives one a store that it may write to, `fresh=True` an empty one."""
    made: list[Desk] = []

    def make(*, own: bool = False, fresh: bool = False) -> Desk:
        folder = tmp_path_factory.mktemp("desk")
        store = folder / "store" if own or fresh else loaded_store
        if own:
            shutil.copytree(loaded_store, store)
        made.append(Desk(folder, store, shared_cache))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


Once = Callable[[str, Callable[[], Said]], Said]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Runs a conversation that many tests read once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def run(name: str, make: Callable[[], Said]) -> Said:
        file = shared / f"chat-{name}.json"
        with FileLock(f"{file}.lock"):
            if not file.exists():
                data = asdict(make())
                file.write_text(json.dumps(data, default=str), encoding="utf-8")
        data = json.loads(file.read_text(encoding="utf-8"))
        return Said(**data | {"folder": Path(data["folder"])})

    return run


@pytest.fixture
def desk(new_desk: MakeDesk) -> Iterator[Desk]:
    """A desk of the test's own over the shared store, which must not be written to."""
    made = new_desk()
    yield made
    made.close()
