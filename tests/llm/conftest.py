"""Helpers of the fault tests: the program over a model server that misbehaves, and what must hold.

`lab` calls the program's own `main()` in this process, which spares a second a run; `process` runs
it as a process of its own. Both ask the server that they are given and nobody else.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from factcheck import notefile
from tests.conftest import ROOT
from tests.llm import brains
from tests.llm.server import GOOD, Body, Brain, Fault, ModelServer, Request

KEY = "sk-test-7f3a9c51d2e84b60KEY"  # must never be seen anywhere
ARTICLE = """---
title: Haiyan, a week on
outlet: Example Post
published: 2013-11-21
---

The typhoon killed at least 4,460 people, the United Nations said on November 14. \
President Benigno Aquino told CNN that a toll of 10,000 was too high. \
The typhoon made landfall in Eastern Samar on November 8. \
More than 900,000 people were displaced. \
The typhoon struck the Philippines on November 8. \
The mayor of Tacloban resigned in anger.
"""
SENTENCES = CLAIMS = 6
IN_A_GROUP = 3  # claims judged together here, so that a small article has two groups
FIRST_GROUP = ("c1", "c2", "c3")
BY_MODEL = "and by nobody else before the article"  # words that stand in no rule-written sentence
Script = Callable[[int, Body], Fault | str | None]
QUICK = replace(GOOD, piece=4000)  # a good answer in few pieces: most tests are not about pieces


@dataclass(frozen=True)
class Checked:
    """One run of `factcheck check`: what the editor has, and what the server was asked."""

    code: int
    out: str
    err: str
    note: dict[str, Any]  # empty where none was written
    path: Path
    requests: list[Request]
    seconds: float

    @property
    def asked(self) -> Counter[str]:
        """Requests by step."""
        return Counter(brains.step(r.body) for r in self.requests)

    @property
    def kinds(self) -> set[tuple[str, str]]:
        """Step and kind of every fault in the note."""
        return {(f["step"], f["kind"]) for f in self.note["faults"]}

    @property
    def verdicts(self) -> dict[str, str | None]:
        return {c["id"]: c["verdict"] for c in self.note["claims"]}

    @property
    def failed(self) -> list[str]:
        """Claims with an error."""
        return [c["id"] for c in self.note["claims"] if c["error"]]

    @property
    def unread(self) -> list[int]:
        """Sentences that are `failed` in the ledger."""
        return [n for n, e in enumerate(self.note["ledger"]) if e["kind"] == "failed"]

    @property
    def explanations(self) -> str:
        return " ".join(
            s["text"]
            for c in self.note["claims"]
            for s in c["rationale"]
            if s["status"] != "struck"
        )


class Lab:
    """Runs checks in a folder of its own, with settings that make waiting short."""

    def __init__(self, folder: Path, store: Path, lookup: Callable[[str], Any],
                 run: Callable[..., tuple[int, str, str]]) -> None:  # fmt: skip
        self.folder, self.store, self.lookup, self._run = folder, store, lookup, run
        self.environment = environment(folder, store)
        self.article = folder / "article.md"
        self.article.write_text(ARTICLE, encoding="utf-8")

    def cli(self, *args: object, **more: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of one call of the program."""
        return self._run([str(a) for a in args], self.environment | more)

    def check(self, server: ModelServer | str, *args: object, holds: bool = True, **more: str
              ) -> Checked:  # fmt: skip
        """Check the article with the model at `server`; the invariants are held on the way."""
        url = server if isinstance(server, str) else server.url
        before = 0 if isinstance(server, str) else len(server.requests)
        path = self.folder / "note.json"
        path.unlink(missing_ok=True)
        began = time.monotonic()
        code, out, err = self.cli(
            "check", self.article, "--format", "json", "-o", path, "--model", "scripted", *args,
            OPENAI_BASE_URL=url, **more,
        )  # fmt: skip
        seconds = time.monotonic() - began
        note = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        requests = [] if isinstance(server, str) else server.requests[before:]
        checked = Checked(code, out, err, note, path, requests, seconds)
        if holds:
            self.hold(checked)
        return checked

    def hold(self, checked: Checked) -> None:
        """What is true of every note, whatever the model did."""
        assert "Traceback" not in checked.out + checked.err
        assert KEY not in checked.out + checked.err + json.dumps(checked.note)
        assert checked.note, checked.err
        note = checked.note
        text, at = note["article"]["text"], 0
        for entry in note["ledger"]:  # every sentence, once, in order
            assert not text[at : entry["start"]].strip()
            assert text[entry["start"] : entry["end"]].strip()
            at = entry["end"]
        assert not text[at:].strip()
        assert [i for e in note["ledger"] for i in e["claims"]] == [c["id"] for c in note["claims"]]
        for claim in note["claims"]:
            assert (claim["verdict"] is None) == bool(claim["error"]), claim
            assert claim["verdict"] is None or claim["rationale"], "a verdict has an explanation"
            assert text[claim["start"] : claim["end"]] == claim["said"]
        assert notefile.recheck(notefile.load(checked.path), self.lookup) == []
        whole = not checked.failed and not checked.unread
        assert note["complete"] is whole
        kinds = {f["kind"] for f in note["faults"]}
        assert checked.code == (130 if "interrupted" in kinds else 6 if "budget" in kinds
                                else 5 if kinds or not whole else 0), checked.err  # fmt: skip
        lines = checked.err.splitlines()
        for fault in note["faults"]:  # said to the editor, with what to do about it
            start = f"factcheck: {fault['step']}: {fault['message'][:60]}"
            said = next(n for n, line in enumerate(lines) if line.startswith(start))
            if fault["kind"] != "interrupted":
                assert lines[said + 1].strip() and not lines[said + 1].startswith("factcheck:")
        if not whole:
            assert "the note is partial" in checked.err


def environment(folder: Path, store: Path) -> dict[str, str]:
    """One retry, little patience, nothing of the user's."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "xdg-cache"),
        "FACTCHECK_STORE": str(store),
        "FACTCHECK_CACHE": str(folder / "cache"),
        "FACTCHECK_RETRIES": "1",
        "FACTCHECK_TIMEOUT": "20",
        "FACTCHECK_MAX_TOKENS": "1000",
        "OPENAI_API_KEY": KEY,
        "PYTHONPATH": str(ROOT),  # the program beside these tests
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def says(change: Callable[[str, Body, dict[str, Any]], dict[str, Any] | str | None]) -> Brain:
    """A mind that answers well, save where `change` (step, request, good answer) has another."""

    def brain(body: Body) -> str:
        good = brains.plain(body)
        other = change(brains.step(body), body, json.loads(good))
        if other is None:
            return good
        return other if isinstance(other, str) else json.dumps(other, ensure_ascii=False)

    return brain


def again(body: Body) -> bool:
    """Is this the second turn, the one with the complaint?"""
    return len(body["messages"]) > 2


def in_first_group(body: Body) -> bool:
    """Does a `judge` request hold the first claims?"""
    return any("4,460" in statement for _, statement, _ in brains.claims(body))


def goes_wrong(fault: Fault, where: str, times: int = 10**6) -> Script:
    """A server whose answers go wrong `times` times: at "every call", in "judge" or "write", or in
    "one group" of the judging, and then only after the other group's request has arrived, so that
    a fault that ends a run cannot overtake it."""
    left = [times]
    other = Event()

    def script(n: int, body: Body) -> Fault | str | None:
        step = brains.step(body)
        if where == "one group":
            hit = step == "judge" and in_first_group(body)
            if step == "judge" and not hit:
                other.set()
            if hit:
                assert other.wait(10), "the other group was never asked about"
        else:
            hit = where in ("every call", step)
        if not hit or left[0] == 0:
            return QUICK
        left[0] -= 1
        return fault

    return script


@contextmanager
def server(brain: Brain = brains.plain, **more: Any) -> Iterator[ModelServer]:
    """A model server that answers in few pieces where no script says otherwise."""
    with ModelServer(brain, **({"script": lambda n, body: QUICK} | more)) as made:
        yield made


def free_address() -> str:
    """An address on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}/v1"


@contextmanager
def listening(answer: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """A bare server for what is no HTTP library's idea of an answer."""
    listener = socket.create_server(("127.0.0.1", 0))
    closing = Event()

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65_536)
                answer(connection, closing)
            except OSError:  # the client has gone, as it should
                return

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=one, args=(connection,), daemon=True).start()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


@contextmanager
def dripping(pause: float) -> Iterator[str]:
    """A server whose one streamed answer comes a few bytes at a time and never ends."""
    chunk = {"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]}
    data = b"data: " + json.dumps(chunk).encode() + b"\n\n"

    def drip(connection: socket.socket, closing: Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while not closing.wait(pause):
            connection.sendall(data)

    with listening(drip) as address:
        yield address


@contextmanager
def canned(answer: bytes) -> Iterator[str]:
    """A server that says the same to everything, byte for byte."""
    with listening(lambda connection, closing: connection.sendall(answer)) as address:
        yield address


def patience(seconds: float) -> float:
    """So many seconds of a machine that has nothing else to do."""
    return seconds * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


# ---------------------------------------------------------------- fixtures


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries wait as long as the server asks, and not a moment of their own."""
    still = SimpleNamespace(uniform=lambda low, high: 0.0)
    monkeypatch.setattr("factcheck.provider.door.random", still)


@pytest.fixture
def lab(
    loaded_store: Path,
    shared_cache: Path,
    checker: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    no_pause: None,
) -> Lab:
    """The program in this process, over the starter collection, with groups of three claims."""
    from factcheck.cli import main

    monkeypatch.setattr("factcheck.analysts.llm.judge.GROUP", IN_A_GROUP)

    def run(args: list[str], variables: dict[str, str]) -> tuple[int, str, str]:
        with monkeypatch.context() as patch:
            for name in [n for n in os.environ if n.startswith(("FACTCHECK_", "OPENAI_"))]:
                patch.delenv(name)
            for name, value in variables.items():
                patch.setenv(name, value)
            for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
                patch.setenv(name, "")  # the program sets them; they are put back afterwards
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["factcheck", *args])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8"))
            capsys.readouterr()
            with pytest.raises(SystemExit) as left:
                main()
            said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    _with_vectors(tmp_path, shared_cache)
    return Lab(tmp_path, loaded_store, checker.store.reference, run)


@pytest.fixture
def process(loaded_store: Path, shared_cache: Path, checker: Any, tmp_path: Path) -> Lab:
    """The program as a process of its own; its groups of claims are of the real size."""

    def run(args: list[str], variables: dict[str, str]) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "factcheck", *args], cwd=tmp_path, env=variables,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    _with_vectors(tmp_path, shared_cache)
    return Lab(tmp_path, loaded_store, checker.store.reference, run)


@pytest.fixture
def left_alone(process: Lab) -> Iterator[Any]:
    """Start a check that the test can send signals to."""
    started: list[subprocess.Popen[str]] = []

    def start(url: str, *args: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "factcheck", "check", str(process.article), "--model", "m",
             "--format", "json", *map(str, args)],
            cwd=process.folder, env=process.environment | {"OPENAI_BASE_URL": url},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def _with_vectors(folder: Path, shared: Path) -> None:
    """A cache of one's own for answers and servers, with everybody's vectors."""
    (folder / "cache").mkdir()
    (folder / "cache" / "vectors.sqlite3").symlink_to(shared / "vectors.sqlite3")
