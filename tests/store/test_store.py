"""The store: what goes in comes out, also after a crash, beside other processes and in ruins."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.errors import StoreBusy, StoreError, StoreMismatch
from factcheck.models import Reference
from factcheck.store import Store, searching

Make = Callable[..., Store]
Report = Callable[..., Reference]


def vector_ids(store: Store) -> set[str]:
    store._open()
    return set(store._chroma.collection(store._editions.current).get()["ids"])


def catalogue(store: Store, query: str) -> list[Any]:
    db = sqlite3.connect(store.place.folder / "catalog.sqlite3")
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def test_add_counts_new_changed_and_unchanged(make_any: Make, report: Report) -> None:
    store = make_any()
    first = store.add([report("R1"), report("R2", "Other words."), report("R3", "Third.")])
    assert (first.new, first.changed, first.unchanged) == (3, 0, 0)
    second = store.add([report("R1"), report("R2", "Other words now."), report("R4", "Fourth.")])
    assert (second.new, second.changed, second.unchanged) == (1, 1, 1)
    assert [r.id for r in store.references()] == ["R1", "R2", "R3", "R4"]
    assert store.reference("R2").text == "Other words now."


def test_adding_nothing_is_no_error(make_any: Make) -> None:
    added = make_any().add([])
    assert (added.new, added.changed, added.unchanged) == (0, 0, 0)


@pytest.mark.parametrize(
    "field",
    [
        {"publisher": "Another"},
        {"kind": "un"},
        {"title": "Another"},
        {"url": "https://example.org/"},
        {"published": date(2013, 11, 5)},
        {"event_date": date(2013, 11, 4)},
        {"language": "id"},
        {"origins": ("SOHR",)},
        {"form": "digest"},
        {"licence": "CC0"},
    ],
    ids=lambda f: next(iter(f)),
)
def test_every_field_counts_as_content(
    make_any: Make, report: Report, field: dict[str, Any]
) -> None:
    store = make_any()
    store.add([report("R1")])
    before = store.fingerprint()
    assert store.add([report("R1", **field)]).changed == 1
    assert store.reference("R1") == report("R1", **field)
    assert store.fingerprint() != before


def test_a_reference_comes_back_whole(make_any: Make, report: Report) -> None:
    full = report(
        "R9",
        "نص عربي.\nSatu kalimat 🕊️.",
        url="https://example.org/a?b=1",
        published=date(2013, 11, 5),
        event_date=date(2013, 11, 4),
        origins=("SOHR", "AFP"),
        form="digest",
        licence="CC BY 4.0",
    )
    make_any().add([full])
    assert make_any().reference("R9") == full


def test_passages_are_slices_of_their_report(small_any: Store) -> None:
    seen = 0
    for reference in small_any.references():
        for passage in small_any.passages_of(reference):
            assert passage.text == reference.text[passage.start : passage.end] != ""
            assert passage.reference == reference.id
            assert small_any.passages([passage.id]) == {passage.id: passage}
            seen += 1
    assert seen == 6
    assert vector_ids(small_any) == {i for (i,) in catalogue(small_any, "SELECT id FROM passage_1")}


def test_passages_leaves_unknown_ids_out(small_any: Store) -> None:
    known = small_any.passages_of(small_any.reference("R1"))[0]
    assert list(small_any.passages(["nothing", known.id])) == [known.id]
    assert small_any.passages([]) == {}


def test_a_second_add_embeds_nothing(
    make_any: Make, report: Report, hash_embedder: Callable[..., Any]
) -> None:
    files = [report("R1"), report("R2", "Other words.")]
    first = hash_embedder()
    make_any(first).add(files)
    assert len(first.seen) == 3
    again = hash_embedder()
    assert make_any(again).add(files).unchanged == 2
    assert again.seen == []


def test_a_changed_report_alone_is_embedded(
    make_any: Make, report: Report, hash_embedder: Callable[..., Any]
) -> None:
    make_any().add([report("R1"), report("R2", "Other words.")])
    again = hash_embedder()
    make_any(again).add([report("R1"), report("R2", "New words.")])
    assert again.seen == ["New words."]


def test_a_replaced_report_leaves_nothing_of_the_old(small_any: Store, report: Report) -> None:
    old = {p.id: p for p in small_any.passages_of(small_any.reference("R1"))}
    old_vectors = small_any.embedder.passages([p.text for p in old.values()])
    assert {i for i, _ in small_any.lexical(["rebels"], 9)} <= set(old)
    assert small_any.lexical(["rebels"], 9)
    small_any.add([report("R1", "Something else happened.")])
    assert small_any.lexical(["rebels"], 9) == []
    assert small_any.lexical(["something"], 9)
    found = {i for hits in small_any.dense(old_vectors, 50) for i, _ in hits}
    assert found and not found & set(old)
    assert not vector_ids(small_any) & set(old)
    assert small_any.passages(list(old)) == {}


def test_a_sentence_that_stays_is_still_found(small_any: Store, report: Report) -> None:
    small_any.add([report("R1", "Rebels seized the base.\nNobody denied it.")])
    assert len(small_any.lexical(["rebels"], 9)) == 1
    query = small_any.embedder.queries(["Rebels seized the base."])
    (identifier, cosine), *_ = small_any.dense(query, 1)[0]
    assert cosine == pytest.approx(1.0, abs=1e-4)
    assert small_any.passages([identifier])[identifier].text == "Rebels seized the base."


def test_remove(small_any: Store) -> None:
    gone = {p.id for p in small_any.passages_of(small_any.reference("R2"))}
    assert small_any.remove("R2") is True
    assert small_any.reference("R2") is None
    assert [r.id for r in small_any.references()] == ["R1", "R3"]
    assert not vector_ids(small_any) & gone
    assert small_any.lexical(["homs."], 9) == []
    assert small_any.passages(list(gone)) == {}
    assert small_any.remove("R2") is False
    assert small_any.stats()["passages"] == 4


def test_dense_orders_by_cosine(small_any: Store) -> None:
    queries = small_any.embedder.queries(["Mereka lari ke utara.", "Aid reached Homs."])
    hits = small_any.dense(queries, 3)
    assert [len(h) for h in hits] == [3, 3]
    for hit, text in zip(hits, ("Mereka lari ke utara.", "Aid reached Homs."), strict=True):
        cosines = [c for _, c in hit]
        assert cosines == sorted(cosines, reverse=True)
        assert small_any.passages([hit[0][0]])[hit[0][0]].text == text
    vectors = small_any.vectors([i for i, _ in hits[0]])
    for i, cosine in hits[0]:
        assert cosine == pytest.approx(float(vectors[i] @ queries[0]), abs=1e-4)


def test_dense_asks_for_no_more_than_there_is(small_any: Store) -> None:
    query = small_any.embedder.queries(["anything"])
    assert len(small_any.dense(query, 500)[0]) == 6
    assert small_any.dense(np.empty((0, 16), np.float32), 5) == []


def test_an_empty_store_answers_with_nothing(make_any: Make) -> None:
    store = make_any()
    assert store.is_new()
    assert store.references() == []
    assert store.reference("R1") is None
    assert store.lexical(["a"], 5) == []
    assert store.dense(store.embedder.queries(["a", "b"]), 5) == [[], []]
    assert store.vectors([]) == {}
    assert store.stats()["newest"] is None
    assert store.remove("R1") is False


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [""],
        ["  ", "\t"],
        ['"'],
        ['""'],
        ['a" OR "b'],
        ["'; DROP TABLE passage; --"],
        ["NEAR(a b)"],
        ["a*"],
        ["-"],
        ["(", ")"],
        ["id:R1"],
        ["^"],
        ["n:" + "x" * 5000],
        ["🕊️"],
        [f"k{i}" for i in range(400)],
    ],
    ids=range(16),
)
def test_lexical_takes_any_key(small_store: Store, keys: list[str]) -> None:
    assert isinstance(small_store.lexical(keys, 5), list)
    assert len(small_store.lexical([*keys, "rebels"], 5)) >= 1
    assert small_store.stats()["passages"] == 6


def test_lexical_matches_whole_keys_and_honours_k(small_any: Store) -> None:
    assert small_any.lexical(["rebel"], 5) == []
    hits = small_any.lexical(["rebels", "army", "denied"], 9)
    assert len(hits) == 2
    assert [s for _, s in hits] == sorted((s for _, s in hits), reverse=True)
    best = hits[0][0]
    assert small_any.passages([best])[best].text == "The army denied it."
    assert small_any.lexical(["rebels", "army", "denied"], 1) == hits[:1]
    assert len(small_any.lexical(["المرصد"], 5)) == 1


# ---------------------------------------------------------------- crashes


def crash(store: Store, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Let the vector store fail at its upsert number `after` (0: at once)."""
    monkeypatch.setattr(store._chroma, "_limit", 2)
    real = store._chroma.collection

    class Breaking:
        def __init__(self) -> None:
            self.calls = 0

        def upsert(self, **what: Any) -> None:
            if self.calls == after:
                raise RuntimeError("power cut")
            self.calls += 1
            real(store._editions.current).upsert(**what)

        def __getattr__(self, name: str) -> Any:
            return getattr(real(store._editions.current), name)

    breaking = Breaking()
    monkeypatch.setattr(store._chroma, "collection", lambda edition: breaking)


@pytest.mark.parametrize("after", [0, 1])
def test_what_a_crash_left_pending_is_finished(
    make_any: Make, report: Report, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    new = report("R7", "One here.\nTwo here.\nThree here.\nFour here.")
    store = make_any()
    store.add([report("R1")])
    with monkeypatch.context() as patch:
        crash(store, patch, after=after)
        with pytest.raises(StoreError, match="power cut"):
            store.add([new])
    store.close()
    other = make_any()
    assert other.reference("R7") is None, "half a report is nobody's evidence"
    assert [r.id for r in other.references()] == ["R1"]
    assert other.lexical(["four"], 5) == []
    with other.writing():
        pass
    assert other.reference("R7") == new
    assert [p.text for p in other.passages_of(new)] == new.text.split("\n")
    assert len(other.lexical(["here."], 9)) == 4
    assert len(vector_ids(other)) == 6


def test_a_crash_while_replacing_shows_neither_half(
    make_any: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_any()
    store.add([report("R1"), report("R2", "Second report.")])
    with monkeypatch.context() as patch:
        crash(store, patch, after=0)
        with pytest.raises(StoreError):
            store.add([report("R1", "Rebels lost the base.")])
    other = make_any()
    assert other.lexical(["denied"], 5) == []
    other.add([report("R3", "Third report.")])
    assert other.reference("R1").text == "Rebels lost the base."
    texts = {p.text for p in other.passages([i for i, _ in other.lexical(["base."], 9)]).values()}
    assert texts == {"Rebels lost the base."}
    assert len(vector_ids(other)) == 3


def test_the_next_add_counts_a_pending_report_as_done(
    make_any: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_any()
    with monkeypatch.context() as patch:
        crash(store, patch, after=0)
        with pytest.raises(StoreError):
            store.add([report("R1")])
    assert make_any().add([report("R1")]).unchanged == 1
    assert make_any().reference("R1") == report("R1")


def test_an_interrupted_removal_is_finished(small_store: Store, make_store: Make) -> None:
    gone = {p.id for p in small_store.passages_of(small_store.reference("R1"))}
    with pytest.raises(ZeroDivisionError), small_store.writing():
        opened = small_store._open()
        with opened.change():
            opened.removing(["R1"], small_store._editions)
        raise ZeroDivisionError
    other = make_store()
    assert other.reference("R1") is None
    assert other.passages(list(gone)) == {}
    with other.writing():
        pass
    assert catalogue(other, "SELECT id FROM report ORDER BY id") == [("R2",), ("R3",)]
    assert not vector_ids(other) & gone
    assert other.lexical(["rebels"], 5) == []


# ---------------------------------------------------------------- others


def test_another_embedder_is_refused(
    small_any: Store, make_any: Make, hash_embedder: Callable[..., Any]
) -> None:
    small_any.close()
    other = make_any(hash_embedder("hash-2"))
    with pytest.raises(StoreMismatch, match=r"hash-1.*hash-2") as caught:
        other.references()
    assert caught.value.exit_code == 3
    assert "--store" in caught.value.hint
    with pytest.raises(StoreMismatch):
        other.add([])
    assert len(make_any().references()) == 3


def test_another_layout_is_refused(small_store: Store, make_store: Make) -> None:
    small_store.close()
    db = sqlite3.connect(small_store.path / "catalog.sqlite3")
    with db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    db.close()
    with pytest.raises(StoreMismatch, match="999"):
        make_store().references()


HOLDER = textwrap.dedent(
    """
    import sys
    from filelock import FileLock
    with FileLock(sys.argv[1]):
        print("held", flush=True)
        sys.stdin.readline()
    """
)


def test_a_busy_store_says_so(small_store: Store, make_store: Make, report: Report) -> None:
    small_store.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(small_store.path / "write.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin and holder.stdout
    try:
        assert holder.stdout.readline() == "held\n"
        store = make_store()
        started = time.monotonic()
        with pytest.raises(StoreBusy) as caught, store.writing(wait=0.2):
            pytest.fail("two writers at once")
        assert time.monotonic() - started < 10
        assert str(store.path) in str(caught.value)
        assert "--store" in caught.value.hint
        assert caught.value.exit_code == 5
        assert len(store.references()) == 3, "reading needs no lock"
    finally:
        holder.communicate("\n", timeout=20)
    with store.writing(wait=5):
        pass
    assert store.add([report("R8", "Free again.")]).new == 1


def test_the_lock_is_given_back_after_an_error(small_any: Store, make_any: Make) -> None:
    with pytest.raises(ZeroDivisionError), small_any.writing():
        raise ZeroDivisionError
    with make_any().writing(wait=0.2) as other:
        assert len(other.references()) == 3


def test_a_reader_sees_what_another_wrote(small_any: Store, make_any: Make, report: Report) -> None:
    reader = make_any()
    query = reader.embedder.queries(["Snow fell on Arsal."])
    assert [r.id for r in reader.references()] == ["R1", "R2", "R3"]
    assert reader.dense(query, 1)[0][0][1] < 0.99
    small_any.add([report("R4", "Snow fell on Arsal.")])
    assert reader.reference("R4") is not None
    assert len(reader.lexical(["arsal."], 5)) == 1
    assert reader.dense(query, 1)[0][0][1] == pytest.approx(1.0, abs=1e-4)
    small_any.remove("R4")
    assert reader.reference("R4") is None
    assert reader.dense(query, 1)[0][0][1] < 0.99


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from factcheck.embed import CachedEmbedder
    from factcheck.models import Reference
    from factcheck.store import Store
    from tests.store.helpers import HashEmbedder, by_lines
    folder = Path(sys.argv[2])
    embedder = CachedEmbedder(HashEmbedder(), folder.parent / "writer" / "vectors.sqlite3")
    with Store(folder, embedder, by_lines) as store:
        text = "Snow fell on Arsal."
        store.add([Reference(id="R4", publisher="P", kind="wire", title="T", text=text)])
    """
)


def test_a_reader_sees_what_another_process_wrote(small_store: Store, make_store: Make) -> None:
    reader = make_store()
    query = reader.embedder.queries(["Snow fell on Arsal."])
    assert reader.dense(query, 1)[0][0][1] < 0.99
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", WRITER, str(root), str(small_store.path)], check=True, timeout=60
    )
    (identifier, cosine), *_ = reader.dense(query, 1)[0]
    assert cosine == pytest.approx(1.0, abs=1e-4)
    assert reader.passages([identifier])[identifier].reference == "R4"


def test_a_store_can_be_used_after_close(small_any: Store) -> None:
    small_any.close()
    small_any.close()
    assert len(small_any.references()) == 3
    with small_any as same:
        assert len(same.lexical(["rebels"], 5)) == 1


def test_writing_may_be_nested(small_any: Store, report: Report) -> None:
    with small_any.writing(), small_any.writing(wait=0.1):
        small_any.add([report("R5", "Nested.")])
        small_any.set_meta("key", "value")
    assert small_any.meta("key") == "value"
    assert small_any.reference("R5") is not None


# ---------------------------------------------------------------- ruins


def test_a_corrupt_catalogue_is_a_store_error(small_store: Store, make_store: Make) -> None:
    small_store.close()
    for extra in small_store.path.glob("catalog.sqlite3-*"):
        extra.unlink()
    (small_store.path / "catalog.sqlite3").write_bytes(b"this is no database\n" * 500)
    with pytest.raises(StoreError) as caught:
        make_store().references()
    assert str(small_store.path) in str(caught.value)
    assert caught.value.hint
    with pytest.raises(StoreError):
        make_store().add([])


def test_a_store_under_a_file_is_a_store_error(make_store: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = make_store(where=tmp_path / "file" / "store")
    with pytest.raises(StoreError, match="cannot be created") as caught:
        store.references()
    assert "--store" in caught.value.hint
    with pytest.raises(StoreError), store.writing():
        pytest.fail("opened")


def test_vectors_that_cannot_be_opened_are_a_store_error(
    small_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_store.close()
    chroma = small_store.path / "chroma"
    for file in chroma.rglob("*"):
        if file.is_file():
            file.unlink()
    (chroma / "chroma.sqlite3").write_bytes(b"no database either\n" * 500)
    query = small_store.embedder.queries(["x"])
    assert len(small_store.dense(query, 3)[0]) == 3, "the flat file holds them too"
    monkeypatch.setattr(searching, "_FEW", 0)
    with pytest.raises(StoreError):
        small_store.dense(query, 3)


# ---------------------------------------------------------------- numbers


def test_the_fingerprint_is_of_the_content(
    make_store: Make, report: Report, tmp_path: Path
) -> None:
    one, two = make_store(where=tmp_path / "one"), make_store(where=tmp_path / "two")
    one.add([report("R1"), report("R2", "Second.")])
    two.add([report("R2", "Second.")])
    assert one.fingerprint() != two.fingerprint()
    two.add([report("R1")])
    assert one.fingerprint() == two.fingerprint(), "order of adding does not matter"
    before = one.fingerprint()
    one.add([report("R1", "Changed.")])
    assert one.fingerprint() != before
    one.add([report("R1")])
    assert one.fingerprint() == before


def test_stats(make_any: Make, report: Report) -> None:
    store = make_any()
    store.add([report("R1", published=date(2013, 11, 5))], starter=True)
    store.add(
        [
            report("R2", "B.", kind="un", language="ar", published=date(2012, 1, 2)),
            report("R3", "C.", kind="un"),
        ]
    )
    stats = store.stats()
    assert json.loads(json.dumps(stats)) == stats
    assert stats["references"] == 3
    assert stats["passages"] == 4
    assert stats["starter"] == 1
    assert stats["kinds"] == {"un": 2, "wire": 1}
    assert stats["languages"] == {"en": 2, "ar": 1}
    assert (stats["oldest"], stats["newest"], stats["undated"]) == ("2012-01-02", "2013-11-05", 1)
    assert stats["embedding"] == "hash-1"
    assert stats["fingerprint"] == store.fingerprint()


def test_progress_counts_to_the_end(make_any: Make, report: Report) -> None:
    told: list[tuple[int, int]] = []
    text = "\n".join(f"Sentence {i}." for i in range(40))
    make_any().add([report("R1", text)], progress=lambda a, b: told.append((a, b)))
    assert told[-1] == (40, 40)
    assert [a for a, _ in told] == sorted(a for a, _ in told)
    assert {b for _, b in told} == {40}


def test_more_passages_than_one_batch(
    make_any: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.store.filling.GROUP", 7)
    store = make_any()
    store.add([report("R1", "\n".join(f"Sentence number{i}" for i in range(30)))])
    assert len(vector_ids(store)) == 30
    store.add([report("R1", "One left.")])
    assert len(vector_ids(store)) == 1
