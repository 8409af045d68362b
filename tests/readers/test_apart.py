"""The process apart: it comes back with what the reader said, and goes down alone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from factcheck import readers
from factcheck.errors import InputError, UsageError
from factcheck.readers import apart, limits
from tests.readers import build


@pytest.fixture(autouse=True)
def _own_child(monkeypatch: pytest.MonkeyPatch):
    child = apart._Child()
    monkeypatch.setattr(apart, "_child", child)
    yield
    child.stop()


def pid() -> int:
    process = apart._child._process
    assert process is not None
    return process.pid


FILES = {"html": build.page(), "pdf": build.pdf([build.LINES]), "docx": build.docx(*build.LINES)}


@pytest.mark.parametrize("format", FILES)
def test_it_says_what_the_reader_says(format: str) -> None:
    here = apart.read_here(FILES[format], format=format, name="a")
    assert apart.read(FILES[format], format=format, name="a") == here


def test_one_process_reads_one_file_after_the_other() -> None:
    apart.read(FILES["pdf"], format="pdf", name="a")
    first = pid()
    with pytest.raises(InputError, match="cannot be read as a PDF"):
        apart.read(b"%PDF-1.4 broken", format="pdf", name="a")
    apart.read(FILES["html"], format="html", name="a")
    assert pid() == first


def test_errors_keep_their_kind_and_hint() -> None:
    with pytest.raises(UsageError, match="no encoding") as caught:
        apart.read(FILES["html"], format="html", name="a", encoding="klingon")
    assert caught.value.hint and caught.value.exit_code == 2


def test_the_next_file_gets_a_new_process() -> None:
    apart.read(FILES["pdf"], format="pdf", name="a")
    first = pid()
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)
    assert apart.read(FILES["pdf"], format="pdf", name="a").text
    assert pid() != first


def test_a_file_that_takes_the_reader_down() -> None:
    apart.read(FILES["pdf"], format="pdf", name="a")
    os.kill(pid(), signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (pid(), signal.SIGKILL))
    killer.start()
    with pytest.raises(InputError, match=r"a\.pdf cannot be read: its reader broke down") as caught:
        apart.read(FILES["pdf"], format="pdf", name="a.pdf")
    assert caught.value.hint
    assert apart.read(FILES["pdf"], format="pdf", name="a").text


def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.read(FILES["pdf"], format="pdf", name="a")
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    os.kill(pid(), signal.SIGSTOP)  # it will never answer
    started = time.monotonic()
    with pytest.raises(InputError, match=r"took more than 0 seconds"):
        apart.read(FILES["pdf"], format="pdf", name="a")
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit address space")
def test_it_is_held_to_its_memory() -> None:
    apart.read(FILES["pdf"], format="pdf", name="a")
    told = Path(f"/proc/{pid()}/limits").read_text()
    line = next(x for x in told.splitlines() if x.startswith("Max address space"))
    assert str(limits.MEMORY) in line


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_it_has_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-readers")
    monkeypatch.setenv("FACTCHECK_STORE", "/somewhere")
    apart.read(FILES["pdf"], format="pdf", name="a")
    told = Path(f"/proc/{pid()}/environ").read_bytes()
    assert b"PATH=" in told
    assert b"sk-not" not in told and b"FACTCHECK" not in told


def test_many_threads_share_it() -> None:
    found: list[str] = []

    def work(n: int) -> None:
        words = f"{build.LINES[0]} Number {n}."
        data = build.pdf([[words]])
        found.append(f"{n} {readers.read(data, name=f'{n}.pdf').text.strip() == words}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"{n} True" for n in range(8)]


def test_a_file_of_the_folder_does_not_stand_in_for_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pypdf.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    assert apart.read(FILES["pdf"], format="pdf", name="a").text
