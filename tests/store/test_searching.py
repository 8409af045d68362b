"""What is found is what looking at every passage finds, whichever way it is found."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from factcheck.embed import CachedEmbedder
from factcheck.models import Passage, Reference
from factcheck.store import Store, searching
from factcheck.store.flat import Flat
from tests.store import helpers
from tests.store.helpers import HashEmbedder, by_lines

Make = Callable[..., Store]
WORDS = [f"word{n}" for n in range(40)]
EMBEDDER = HashEmbedder()
QUERIES = EMBEDDER.queries([f"query {n}" for n in range(5)])


def reports(count: int) -> list[Reference]:
    """Reports of three lines; word0 stands in nearly every one, the last ones in few."""
    dice = random.Random(3)
    lines = [
        " ".join({w for n, w in enumerate(WORDS) if dice.random() < 1 / (n + 1.2)} | {f"own{i}"})
        for i in range(3 * count)
    ]
    return [
        helpers.report(
            f"R{n:03d}", "\n".join(lines[3 * n : 3 * n + 3]), kind=("un", "wire", "ngo")[n % 3]
        )
        for n in range(count)
    ]


HELD = reports(300)
PASSAGES: list[Passage] = [e.passage for r in HELD for e in by_lines(r)]
VECTORS = EMBEDDER.passages([p.text for p in PASSAGES])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("searching")
    embedder = CachedEmbedder(HashEmbedder(), folder / "vectors.sqlite3")
    with Store(folder / "store", embedder, by_lines) as made:
        made.add(HELD)
        yield made


FILTERS: dict[str, Callable[[Reference], bool]] = {
    "all": lambda _: True,
    "a third": lambda r: r.kind == "un",
    "a tenth": lambda r: int(r.id[1:]) % 10 == 4,
    "one": lambda r: r.id == "R007",
    "none": lambda _: False,
}


def nearest(k: int, fits: Callable[[Reference], bool]) -> list[list[tuple[str, float]]]:
    """By looking at every passage."""
    allowed = {r.id for r in HELD if fits(r)}
    out = []
    for cosines in QUERIES @ VECTORS.T:
        line = [
            (p.id, float(c))
            for p, c in zip(PASSAGES, cosines, strict=True)
            if p.reference in allowed
        ]
        out.append(sorted(line, key=lambda x: -x[1])[:k])
    return out


def same(found: list[list[tuple[str, float]]], wanted: list[list[tuple[str, float]]]) -> None:
    assert [[i for i, _ in hits] for hits in found] == [[i for i, _ in hits] for hits in wanted]
    for hits, others in zip(found, wanted, strict=True):
        assert [c for _, c in hits] == pytest.approx([c for _, c in others], abs=1e-5)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("k", [1, 7, 100])
def test_a_narrowed_search_finds_the_nearest_allowed(store: Store, name: str, k: int) -> None:
    fits = FILTERS[name]
    same(store.dense(QUERIES, k, store.within(fits)), nearest(k, fits))


@pytest.mark.parametrize("name", FILTERS)
def test_passing_over_those_that_are_not_allowed_finds_them_too(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As in a collection in which too many are allowed for each to be looked at."""
    monkeypatch.setattr(searching, "_FEW", 0)
    wanted = nearest(10, FILTERS[name])
    found = store.dense(QUERIES, 10, store.within(FILTERS[name]))
    for hits, others in zip(found, wanted, strict=True):
        known = dict(others)
        assert 2 * len(hits) >= len(others)
        # Those of the nearest of all that are allowed: the beginning of the right answer.
        assert [i for i, _ in hits] == list(known)[: len(hits)]


@pytest.mark.parametrize("few", [searching._FEW, 0])
def test_without_a_filter(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """In a small store each is looked at, in a large one Chroma is asked."""
    monkeypatch.setattr(searching, "_FEW", few)
    same(store.dense(QUERIES, 20), nearest(20, FILTERS["all"]))


def test_a_small_store_finds_what_the_index_has_no_path_to(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma's graph is built in parallel: about once in 600 openings of a hundred entries, one of
    them is in it and is never found."""
    monkeypatch.setattr(store._chroma, "nearest", lambda *_: [[] for _ in QUERIES])
    same(store.dense(QUERIES, 1), nearest(1, FILTERS["all"]))


def test_where_the_flat_file_is_lost_chroma_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = CachedEmbedder(HashEmbedder(), tmp_path / "vectors.sqlite3")
    with Store(tmp_path / "store", embedder, by_lines) as made:
        made.add(HELD)
    for file in (tmp_path / "store").glob("vectors-*.f32"):
        file.unlink()
    with Store(tmp_path / "store", embedder, by_lines) as made:
        same(made.dense(QUERIES, 20), nearest(20, FILTERS["all"]))


def scores(keys: list[str], allowed: set[str]) -> dict[str, float]:
    """BM25 by its formula, passage by passage."""
    bags = {p.id: set(p.text.split()) for p in PASSAGES}
    count, average = len(bags), sum(map(len, bags.values())) / len(bags)
    out = {}
    for p in PASSAGES:
        total = 0.0
        for key in set(keys) & bags[p.id]:
            df = sum(key in bag for bag in bags.values())
            idf = max(1e-6, math.log((count - df + 0.5) / (df + 0.5)))
            total += idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(bags[p.id]) / average))
        if total and p.reference in allowed:
            out[p.id] = total
    return out


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("keys", [WORDS[:4], WORDS[20:30], ["word0", "own17", "nowhere"]])
def test_keys_are_scored_by_the_formula(store: Store, name: str, keys: list[str]) -> None:
    wanted = scores(keys, {r.id for r in HELD if FILTERS[name](r)})
    for k in (5, 2000):
        found = store.lexical(keys, k, store.within(FILTERS[name]))
        assert len(found) == min(k, len(wanted))
        assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
        assert [s for _, s in found] == pytest.approx(sorted(wanted.values(), reverse=True)[:k])
        assert all(wanted[i] == pytest.approx(s) for i, s in found)


def test_what_is_remembered_is_what_is_there(store: Store) -> None:
    """The second time the places of passages come out of memory."""
    first = store.dense(QUERIES, 30, store.within(FILTERS["a third"]))
    again = store.dense(QUERIES, 30, store.within(FILTERS["a third"]))
    assert first == again
    ids = [i for hits in first for i, _ in hits][::-1]
    assert list(store.passages(ids)) == list(dict.fromkeys(ids))
    assert {p.id: p for p in PASSAGES}.items() >= store.passages(ids).items()
    rows = store.vectors(ids)
    of = {p.id: v for p, v in zip(PASSAGES, VECTORS, strict=True)}
    assert all(np.allclose(rows[i], of[i], atol=1e-6) for i in ids)


def test_more_passages_than_memory_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.store import memory

    monkeypatch.setattr(memory, "_PASSAGES", 10)
    monkeypatch.setattr(memory, "_REPORTS", 3)
    store._forget()
    ids = [p.id for p in PASSAGES[:90]]
    assert list(store.sentences(ids)) == ids
    assert list(store.sentences(ids[::-1])) == ids[::-1]
    same(
        store.dense(QUERIES, 50, store.within(FILTERS["a third"])), nearest(50, FILTERS["a third"])
    )


def test_a_row_that_was_given_to_another_report_is_not_taken_for_the_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody writes between a look at the vectors and one at the catalogue."""
    one = store.within(FILTERS["one"])
    hits = store.dense(QUERIES[:1], 3, one)[0]
    assert len(hits) == 3
    other = store._open().passages(1, [PASSAGES[0].id])[0].row
    monkeypatch.setattr(Flat, "nearest", lambda *_: [[(other, 0.9)]])
    assert store.dense(QUERIES[:1], 3, one) == [[]]


@pytest.mark.parametrize("name", FILTERS)
def test_a_server_is_narrowed_too(make_any: Make, name: str) -> None:
    made = make_any()
    made.add(HELD[:40])
    allowed = {r.id for r in HELD[:40] if FILTERS[name](r)}
    found = made.dense(QUERIES, 9, made.within(FILTERS[name]))
    wanted = nearest(9, lambda r: r.id in allowed)
    same(found, wanted)


def test_a_folder_that_cannot_be_written_is_looked_through(store: Store, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    assert isinstance(store.path, Path)
    shutil.copytree(store.path, copy)
    embedder = CachedEmbedder(HashEmbedder(), tmp_path / "vectors.sqlite3")
    with Store(copy, embedder, by_lines) as made:
        made.place.__class__ = type("ReadOnly", (type(made.place),), {"read_only": True})
        same(made.dense(QUERIES, 20), nearest(20, FILTERS["all"]))
        assert made._chroma._client is None
