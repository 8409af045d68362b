"""kill -9 at any moment: the store opens, holds each report whole or not at all, and the same
command completes the work."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.store import Store
from tests.store import crashes
from tests.store.helpers import by_lines, by_pairs, hashed

KINDS = ("add", "remove", "reindex")
MOMENTS = 20


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    """Processes that start with Chroma imported: a kill then costs no second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "tests.store.crashes"])
    yield context


def start(context: Any, *args: Any) -> tuple[Any, Any]:
    begun = context.Event()
    process = context.Process(target=crashes.run, args=(*args, begun))
    process.start()
    assert begun.wait(60)
    return process, begun


def whole(store: Store, expected: set[str]) -> None:
    """Every report that is there has all of its sentences, vectors and keys; nothing else is."""
    edition = store._editions.current if store._open() else None
    assert edition
    index = by_lines if edition.layout % 2 else by_pairs
    seen: set[str] = set()
    references = store.references()
    assert {r.id for r in references} <= expected
    for reference in references:
        entries = index(reference)
        filed = store.passages_of(reference)
        assert [p.id for p in filed] == [e.passage.id for e in entries]
        seen.update(p.id for p in filed)
        wanted = hashed([e.embed for e in entries], 16)
        for held in (store.vectors, lambda i: store._chroma.get(edition, i)):
            vectors = held([p.id for p in filed])
            assert np.allclose([vectors[p.id] for p in filed], wanted, atol=1e-6)
        nearest = store.dense(wanted, 1)
        assert [hits[0][0] for hits in nearest] == [p.id for p in filed]
        last = reference.text.split("\n")[-1]
        found = store.lexical(last.lower().split(), 500)
        assert filed[-1].id in [i for i, _ in found]
    count = store._open().passage_count(edition.number)
    assert count == len(seen)
    for hits in store.dense(hashed(["anything"], 16), count):
        assert {i for i, _ in hits} == seen


def clean(store: Store) -> None:
    """Nothing is left over once a writer has been here: no vector, no edition, no half report."""
    with store.writing():
        catalogue = store._open()
        edition = store._editions.current
        ids = store._chroma.collection(edition).get()["ids"]
        assert len(ids) == catalogue.passage_count(edition.number)
        for state in ("pending", "removing"):
            assert catalogue.ids(state) == []
        used = [e.number for e in store._editions.all()]
        assert catalogue.numbers() == used
        assert len(store._chroma.names()) == len(used)


class Story:
    """A store through turns of adding, removing and reindexing, and what it must hold."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.layout = folder, 1
        self.before: set[str] = set()
        self.after: set[str] = set()

    def expect(self, what: str, turn: int) -> tuple[Any, ...]:
        self.before = set(self.after)
        if what == "add":
            self.after |= {r.id for r in crashes.reports(turn)}
        elif what == "remove":
            self.after -= set(crashes.gone(turn))
        else:
            self.layout += 1
        return self.folder, what, turn, self.layout

    def check(self, args: tuple[Any, ...]) -> None:
        """After a kill: read, then run the same command again, then read again."""
        _, what, turn, layout = args
        with crashes.opened(self.folder, layout) as store:
            whole(store, self.before | self.after)
            held = {r.id for r in store.references()}
            if what == "reindex":
                assert held == self.before, "the old edition serves"
            untouched = self.before & self.after - {f"C{i}" for i in range(4)}
            assert untouched <= held, "reports that the command had nothing to do with"
        crashes.work(*args)
        with crashes.opened(self.folder, layout) as store:
            whole(store, self.after)
            assert {r.id for r in store.references()} == self.after
            if what == "reindex":
                assert store.stats()["layout"] == layout
            else:
                texts = {r.id: r.text for r in store.references()}
                wanted = {r.id: r.text for r in crashes.reports(turn) if r.id in self.after}
                assert {i: texts[i] for i in wanted} == wanted
            clean(store)


def test_killed_at_twenty_random_moments(processes: Any, tmp_path: Path) -> None:
    story = Story(tmp_path / "store")
    dice = random.Random(20131109)
    took: dict[str, float] = {}
    for what in KINDS:  # how long each takes when it is left alone
        args = story.expect(what, 0)
        process, _ = start(processes, *args, 0)
        began = time.monotonic()
        process.join(60)
        assert process.exitcode == 0
        took[what] = time.monotonic() - began
    killed = 0
    for moment in range(MOMENTS):
        what, turn = KINDS[moment % len(KINDS)], 1 + moment // len(KINDS)
        args = story.expect(what, turn)
        process, _ = start(processes, *args, 0)
        time.sleep(dice.uniform(0, 0.9 * took[what]))
        process.kill()
        process.join(60)
        killed += process.exitcode == -signal.SIGKILL
        story.check(args)
    assert killed >= MOMENTS // 2, "most of them died at work"


@pytest.mark.parametrize("what", KINDS)
def test_killed_before_each_single_write(processes: Any, tmp_path: Path, what: str) -> None:
    story = Story(tmp_path / "store")
    crashes.work(*story.expect("add", 0))
    step = 0
    while True:
        step += 1
        assert step < 80
        if what == "remove":
            crashes.work(*story.expect("add", step))
        args = story.expect(what, step)
        process, _ = start(processes, *args, step)
        process.join(60)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        story.check(args)
    assert step > 4
