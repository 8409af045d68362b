"""Fixtures of the command-line tests.

`process` runs `python -m factcheck` as a process of its own; `cli` calls the same `main()` in this
one, which spares most of a second a run. Both have an environment of their own.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


def _run(args: tuple[object, ...], environment: dict[str, str], folder: Path, stdin: bytes) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", *map(str, args)],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=80,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def _environment(home: Path, store: Path, cache: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "FACTCHECK_STORE": str(store),
        "FACTCHECK_CACHE": str(cache),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder in which the program runs."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def process(loaded_store: Path, shared_cache: Path, tmp_path: Path, work: Path) -> Cli:
    """Run the program as a process over the starter collection; it must not be written to."""

    def run(*args: object, stdin: bytes = b"", **more: str) -> Ran:
        environment = _environment(tmp_path / "home", loaded_store, shared_cache) | more
        return _run(args, environment, work, stdin)

    return run


def _here(
    store: Path,
    cache: Path,
    home: Path,
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    from factcheck.cli import main

    def run(*args: object, stdin: bytes = b"", **more: str) -> Ran:
        with monkeypatch.context() as patch:
            for name in list(os.environ):
                if name.startswith(("FACTCHECK_", "OPENAI_")) or name in ("NO_COLOR", "TERM"):
                    patch.delenv(name)
            for name, value in (_environment(home, store, cache) | more).items():
                patch.setenv(name, value)
            patch.chdir(work)
            patch.setattr(sys, "argv", ["factcheck", *map(str, args)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            capsys.readouterr()
            with pytest.raises(SystemExit) as left:
                main()
            said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def cli(
    loaded_store: Path,
    shared_cache: Path,
    tmp_path: Path,
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """Run the program over the starter collection; it must not be written to."""
    return _here(loaded_store, shared_cache, tmp_path / "home", work, monkeypatch, capsys)


@pytest.fixture
def own_cli(
    own_store: Path,
    shared_cache: Path,
    tmp_path: Path,
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """Run the program over a copy of the starter collection."""
    return _here(own_store, shared_cache, tmp_path / "home", work, monkeypatch, capsys)


@pytest.fixture
def refused(cli: Cli, work: Path) -> Callable[..., Ran]:
    """Run what must be refused: the code, a message, a hint, and nothing left behind."""

    def run(
        code: int, *args: object, says: str = "", via: Cli | None = None, **more: object
    ) -> Ran:
        before = {p: p.stat().st_mtime_ns for p in work.rglob("*")}
        ran = (via or cli)(*args, **more)
        assert ran.code == code, ran
        assert "Traceback" not in ran.err + ran.out
        assert ran.out == "", "nothing of a result"
        lines = ran.err.splitlines()
        at = next((i for i, line in enumerate(lines) if line.startswith("factcheck: ")), None)
        assert at is not None, ran.err
        assert says in lines[at], ran.err
        assert len(lines) > at + 1 and lines[at + 1].strip(), f"no hint: {ran.err}"
        assert {p: p.stat().st_mtime_ns for p in work.rglob("*")} == before
        return ran

    return run


ARTICLE = """---
title: Haiyan, a week on
outlet: Example Post
published: 2013-11-21
---

The typhoon killed at least 4,460 people, the United Nations said on November 14. \
President Benigno Aquino told CNN that a toll of 10,000 was too high.

The relief effort was a shame.
"""


@pytest.fixture
def article(work: Path) -> Path:
    path = work / "article.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def note_text(
    loaded_store: Path, shared_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The JSON note of the article, as the program wrote it."""
    folder = tmp_path_factory.mktemp("note")
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    environment = _environment(folder / "home", loaded_store, shared_cache)
    args = ("check", "article.md", "--format", "json", "-o", "note.json")
    ran = _run(args, environment, folder, b"")
    assert ran.code == 0, ran.err
    assert ran.out == ""
    return (folder / "note.json").read_text(encoding="utf-8")


@pytest.fixture
def note(note_text: str, work: Path) -> Path:
    path = work / "note.json"
    path.write_text(note_text, encoding="utf-8")
    return path
