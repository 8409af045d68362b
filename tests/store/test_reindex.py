"""Embedding again: the old edition serves until the new one is complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import StoreError, StoreMismatch
from factcheck.models import Reference
from factcheck.store import Store
from tests.store.helpers import HashEmbedder, by_pairs

Make = Callable[..., Store]
Report = Callable[..., Reference]
OTHER = ("hash-2", 24)


def nearest(store: Store, text: str) -> str:
    query = store.embedder.queries([text])
    (id, cosine), *_ = store.dense(query, 1)[0]
    assert cosine == pytest.approx(1.0, abs=1e-4)
    return store.passages([id])[id].text


def collections(store: Store) -> list[str]:
    return sorted(store._chroma.names())


def test_another_model_takes_over(small_any: Store, make_any: Make) -> None:
    before = small_any.fingerprint()
    small_any.close()
    other = make_any(HashEmbedder(*OTHER))
    with pytest.raises(StoreMismatch, match="hash-1"):
        other.references()
    done = other.reindex()
    assert (done.before, done.after, done.switched) == ("hash-1", "hash-2", True)
    assert (done.references, done.passages) == (3, 6)
    assert nearest(other, "Aid reached Homs.") == "Aid reached Homs."
    assert other.fingerprint() == before, "the reports are the same"
    assert other.stats()["embedding"] == "hash-2"
    assert len(collections(other)) == 1, "the old collection is gone"
    with pytest.raises(StoreMismatch, match=r"hash-2.*hash-1"):
        make_any().references()
    if not other.place.mirrored:
        assert [p.name for p in other.path.glob("vectors-*.f32")] == ["vectors-2.f32"]


def test_where_nothing_changed_nothing_is_done(small_any: Store) -> None:
    seen = len(small_any.embedder.inner.seen)  # type: ignore[attr-defined]
    done = small_any.reindex()
    assert not done.switched
    assert len(small_any.embedder.inner.seen) == seen  # type: ignore[attr-defined]
    assert small_any.reindex(force=True).switched
    assert nearest(small_any, "Aid reached Homs.") == "Aid reached Homs."


def test_another_construction_takes_over(small_any: Store, make_any: Make) -> None:
    old = {p.id for r in small_any.references() for p in small_any.passages_of(r)}
    small_any.close()
    newer = make_any(index=by_pairs, layout=2)
    assert newer.stats()["outdated"] is True
    assert len(newer.lexical(["rebels"], 9)) == 1, "the old construction serves meanwhile"
    assert newer.lexical(["pair"], 9) == []
    newer.reindex()
    assert newer.stats()["outdated"] is False
    assert len(newer.lexical(["pair"], 9)) == 6
    assert not {p.id for r in newer.references() for p in newer.passages_of(r)} & old
    query = newer.embedder.passages(["pair: Aid reached Homs."])
    (id, cosine), *_ = newer.dense(query, 1)[0]
    assert cosine == pytest.approx(1.0, abs=1e-4)
    assert newer.passages([id])[id].text == "Aid reached Homs."


def test_broken_off_it_goes_on(
    small_any: Store, make_any: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.store.reindex._REPORTS", 1)
    small_any.close()
    other = make_any(HashEmbedder(*OTHER))
    real, calls = other._chroma.upsert, []

    def breaking(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise StoreError("power cut")
        real(*args)

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="power cut"):
        patch.setattr(other._chroma, "upsert", breaking)
        other.reindex()
    old = make_any()
    assert nearest(old, "Aid reached Homs.") == "Aid reached Homs.", "the old one serves"
    assert old.stats()["reindexing"] == "hash-2"
    again = make_any(HashEmbedder(*OTHER))
    real_again, stored = again._chroma.upsert, []
    monkeypatch.setattr(again._chroma, "upsert", lambda *a: (stored.append(a[1]), real_again(*a)))
    assert again.reindex().passages == 6
    assert len(stored) == 1, "what was stored before is not stored again"
    assert nearest(again, "Aid reached Homs.") == "Aid reached Homs."


def test_what_others_write_meanwhile_is_caught_up_with(
    small_any: Store, make_any: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.store.reindex._REPORTS", 1)
    small_any.close()
    other = make_any(HashEmbedder(*OTHER))
    writer = make_any()
    turns: list[int] = []
    real = other.embedder.passages

    def meanwhile(texts: Any, progress: Any = None) -> Any:
        if not other._writing:
            turns.append(1)
            if len(turns) == 2:
                writer.add([report("R1", "Rebels lost the base."), report("R4", "Snow fell.")])
            if len(turns) == 3:
                writer.remove("R2")
        return real(texts, progress)

    monkeypatch.setattr(other.embedder, "passages", meanwhile)
    other.reindex()
    assert len(turns) >= 3
    assert [r.id for r in other.references()] == ["R1", "R3", "R4"]
    assert other.reference("R1").text == "Rebels lost the base."
    for text in ("Rebels lost the base.", "Snow fell.", "Mereka lari ke utara."):
        assert nearest(other, text) == text
    assert other.lexical(["homs."], 9) == []
    held = other._chroma.collection(other._editions.current).get()["ids"]
    assert len(held) == 4


def test_without_an_embedding_model(
    make_any: Make, report: Report, small_any: Store, tmp_path: Path
) -> None:
    from factcheck.embed import NoEmbedder

    small_any.close()
    plain = make_any(NoEmbedder())
    plain.reindex()
    assert collections(plain) == []
    queries = plain.embedder.queries(["a", "b"])
    assert plain.dense(queries, 5) == [[], []]
    hits = plain.lexical(["rebels"], 5)
    assert len(hits) == 1
    vectors = plain.vectors([hits[0][0]])
    assert vectors[hits[0][0]].shape == (0,)
    plain.add([report("R5", "Snow fell.")])
    plain.remove("R1")
    assert [r.id for r in plain.references()] == ["R2", "R3", "R5"]
