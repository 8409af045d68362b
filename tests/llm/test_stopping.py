"""Ctrl-C, once and twice, wherever it comes: what is done is kept, what is not is said, nothing hangs."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from factcheck.models import Article, Claim, ClaimKind, Note
from factcheck.pipeline import Checker, Event
from factcheck.provider import Provider
from factcheck.settings import Settings
from factcheck.steps import find
from tests.llm.conftest import ARTICLE, CLAIMS, Lab, goes_wrong, patience, server
from tests.llm.server import FAULTS


def _interrupted(call: Callable[[], None], at: int) -> bool:
    """Whether `call` was interrupted, at its instruction number `at`, as by a Ctrl-C there."""
    left = [at]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            left[0] -= 1
            if left[0] == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_a_second_ctrl_c_in_the_middle_of_the_first_leaves_nothing_locked() -> None:
    """The first is being answered, inside `stop`, at any of its instructions."""
    at = 0
    while True:
        at += 1
        provider = Provider("m", base_url="http://127.0.0.1:9/v1", api_key="k")
        broken = _interrupted(provider.stop, at)
        leaving = threading.Thread(target=provider.close, daemon=True)
        leaving.start()
        leaving.join(10)
        assert not leaving.is_alive(), f"locked at instruction {at}"
        if not broken:
            break
    assert at > 3, "it was interrupted somewhere"


@pytest.mark.parametrize("step", ["acquire", "extract", "find"])
def test_a_stop_after_any_step_is_no_verdict(
    step: str, loaded_store: Path, shared_cache: Path, tmp_path: Path
) -> None:
    """A claim that was not searched for is not one without evidence."""
    file = tmp_path / "article.md"
    file.write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "vectors.sqlite3").symlink_to(shared_cache / "vectors.sqlite3")
    with server() as made:
        settings = Settings.load(
            store=loaded_store, cache=tmp_path / "cache", base_url=made.url, model="scripted"
        )
        with Checker(settings) as checker:

            def stop(event: Event) -> None:
                if event.step == step:
                    checker.stop()

            note: Note = checker.check(file, on_event=stop)
    assert not note.complete and "interrupted" in {f.kind for f in note.faults}
    assert len(note.assessments) == (0 if step == "acquire" else CLAIMS)
    for a in note.assessments:
        assert a.verdict is None and a.error and "stopped" in a.error


class _Slow:
    """An embedding model that takes its time."""

    name, dim, batch = "slow", 384, 64

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def queries(self, texts: list[str]) -> Any:
        self.asked.append(len(texts))
        self.begun.set()
        self.go_on.wait(20)
        return np.ones((len(texts), self.dim), np.float32)


def test_a_stop_does_not_wait_for_what_is_still_to_be_embedded(
    checker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [f"In village {n} the flood took {n} houses." for n in range(300)]
    article = Article(text=" ".join(said), sha256="0" * 64, language="en")
    claims, at = [], 0
    for n, words in enumerate(said):
        claims.append(
            Claim(id=f"c{n + 1}", start=at, end=at + len(words), said=words, statement=words,
                  kind=ClaimKind.EVENT, sentence=n)
        )  # fmt: skip
        at += len(words) + 1
    slow = _Slow()
    monkeypatch.setattr(checker.store, "embedder", slow)
    found = find.find(claims, article, checker.store, stopped=slow.begun.is_set)
    assert len(found) == len(claims) and not any(f.evidence or f.timeline for f in found)
    slow.go_on.set()
    time.sleep(0.5)
    assert len(slow.asked) == 1, "and nothing more is begun"


def test_a_second_ctrl_c_leaves_at_once_while_sentences_are_embedded(
    process: Lab, left_alone: Any
) -> None:
    """No thread that computes is waited for, and none is cut off in a way that aborts the process."""
    said = " ".join(
        f"In village {n} the flood of {n % 28 + 1} May took {n} houses." for n in range(300)
    )
    process.article.write_text(said, encoding="utf-8")
    (process.folder / "cache" / "vectors.sqlite3").unlink()  # a link
    with server(script=goes_wrong(FAULTS["timeout"], "extract")) as made:
        child = left_alone(made.url)
        end = time.monotonic() + 40
        while not made.requests:
            assert time.monotonic() < end and child.poll() is None
            time.sleep(0.02)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        while "stopping" not in (told := child.stderr.readline()):
            assert told, "the first one was not answered"
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
        took = time.monotonic() - began
    assert child.returncode == 130 and took < patience(0.8), (took, err)
    assert err == "factcheck: interrupted\n"
